"""How the moves of a slate hang together (phương án nhân sự): what each frees and takes, which decisions they become.

shift(before, after) -> Shift
    which posts a move gives up and takes, which unit it leaves and which it joins
depends_on(step, earlier) -> bool
    whether a move needs what an earlier one frees
into_decisions(steps) -> list[list[Step]]
    moves put together by competent authority and kind, in an order in which each decision finds what it needs
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

#: A post: the unit and the title.
Post = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where somebody stands on a day: his posts, the unit that keeps him, whether he counts on its establishment."""

    posts: frozenset[Post] = frozenset()
    home: int | None = None
    is_counted: bool = False

    @property
    def counted_at(self) -> int | None:
        """The unit on whose establishment he is counted."""
        return self.home if self.is_counted else None


@dataclass(frozen=True, slots=True)
class Shift:
    """What a move changes: posts given up and taken, the unit whose establishment it leaves and the one it joins."""

    frees: frozenset[Post] = frozenset()
    takes: frozenset[Post] = frozenset()
    leaves: int | None = None
    joins: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A move as it is put into decisions: its place, the authority and kind of its decision, what it changes.

    `leaves` are the unit left and all above it that then have one less, `joins` the one joined with those above.
    """

    place: int
    authority: str
    kind: str
    frees: frozenset[Post] = frozenset()
    takes: frozenset[Post] = frozenset()
    leaves: frozenset[int] = frozenset()
    joins: frozenset[int] = field(default=frozenset())


def shift(before: Stand, after: Stand) -> Shift:
    """What lies between two stands of one person."""
    moved = before.counted_at != after.counted_at
    return Shift(
        frees=before.posts - after.posts,
        takes=after.posts - before.posts,
        leaves=before.counted_at if moved else None,
        joins=after.counted_at if moved else None,
    )


def depends_on(step: Step, earlier: Step) -> bool:
    """Whether a move takes a post that an earlier one frees, or joins a unit that an earlier one leaves."""
    return bool(step.takes & earlier.frees or step.joins & earlier.leaves)


def into_decisions(steps: Sequence[Step]) -> list[list[Step]]:
    """The moves by decision: one authority and one kind each, and none together with one that it depends on."""
    groups: list[list[Step]] = []
    placed: list[tuple[Step, int]] = []
    for step in steps:
        first = max((at + 1 for other, at in placed if depends_on(step, other)), default=0)
        fitting = (
            at
            for at in range(first, len(groups))
            if (groups[at][0].authority, groups[at][0].kind) == (step.authority, step.kind)
        )
        at = next(fitting, len(groups))
        if at == len(groups):
            groups.append([])
        groups[at].append(step)
        placed.append((step, at))
    return groups
