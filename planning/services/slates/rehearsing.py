"""Judging a slate as a whole: every move by the planner of decisions, each seeing what those before it have changed.

A seat that the first move frees is free for the second; nothing is written. What is signed stands in the record already
and is not judged again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import timezone

import personnel.services.decisions.acts  # noqa: F401  the kinds register themselves
from hrdb.kernel.findings import Finding
from hrdb.kernel.models import User
from personnel.choices import PRESENT_STATES, AssignmentKind, ManagingLevel
from personnel.models import Assignment, Custody, Decision, DecisionItem, Employment, Title, Unit
from personnel.rules.appointment import ESTABLISHMENT, FREE_SEAT
from personnel.services.decisions.cases import Planned, plan_in_turn
from personnel.services.decisions.fields import resolve
from personnel.services.decisions.kinds import ActGroup, Case, DecisionAct, acts_in_order
from personnel.services.decisions.places import Places
from personnel.services.held import held_records
from personnel.statistics.headcounts import ESTABLISHED
from personnel.statistics.tree import UnitTree
from planning.models import Slate, SlateMove
from planning.rules.slates import Post, Shift, Stand, Step, into_decisions, shift
from planning.statistics.judging import readable
from planning.statistics.slates import Effects, Moved, effects_of, path_ids

#: Groups of kinds that a slate may hold: those by which posts are taken, left or exchanged.
GROUPS: Final = (ActGroup.POST, ActGroup.MOVEMENT, ActGroup.LEAVING_POST, ActGroup.LEAVING)


#: Managing levels, the highest first.
LEVELS: Final = tuple(ManagingLevel)


def slate_acts() -> list[DecisionAct]:
    """The kinds of decision of which a slate is made, as the page of kinds lists them."""
    return [act for act in acts_in_order() if act.group in GROUPS and not act.is_of_newcomers]


def slate_act(key: str) -> DecisionAct | None:
    """A kind of a slate by its key."""
    return next((act for act in slate_acts() if act.key == key), None)


@dataclass
class SlatePlaces(Places):
    """Room as the moves before leave it: seats freed and taken, people who came and left."""

    taken: Counter[Post] = field(default_factory=Counter)
    joined: Counter[int] = field(default_factory=Counter)

    def holders(self, unit: Unit, title: Title) -> int:
        """How many hold the title after the moves so far."""
        return super().holders(unit, title) + self.taken[unit.pk, title.pk]

    def establishment(self, unit: Unit) -> Any:
        """The unit's number, and the people on it after the moves so far."""
        found = super().establishment(unit)
        return None if found is None else (found[0], found[1] + self.joined[unit.pk], found[2])

    def take(self, change: Shift) -> None:
        """Remember what a move changed."""
        self.taken.subtract(Counter(change.frees))
        self.taken.update(Counter(change.takes))
        for unit_id, sign in ((change.leaves, -1), (change.joins, 1)):
            for above in path_ids(self.counts[0], unit_id):
                self.joined[above] += sign


class HeldPost(NamedTuple):
    """A post that somebody holds: its unit and its title as written."""

    unit_id: int | None
    title: str


@dataclass(frozen=True)
class Standing:
    """Where somebody stands: as the slate counts it, his posts in words, the highest managing level of his titles."""

    stand: Stand = field(default_factory=Stand)
    posts: tuple[HeldPost, ...] = ()
    level: str = ManagingLevel.UNIT


@dataclass
class RehearsedMove:
    """One move, judged: what the planner found, where the person stands before and after, and what would help.

    `planned` is None for a move whose decision is signed: `kept` are then its findings as they were kept at signing.
    """

    move: SlateMove
    act: DecisionAct
    place: int
    planned: Planned | None = None
    before: Standing = field(default_factory=Standing)
    after: Standing = field(default_factory=Standing)
    kept: Sequence[Mapping[str, Any]] = ()
    hints: list[str] = field(default_factory=list)

    @property
    def shift(self) -> Shift:
        """What the move changes."""
        return shift(self.before.stand, self.after.stand)

    @property
    def faults(self) -> list[str]:
        """What makes the move impossible as it is said."""
        return list(dict.fromkeys(self.planned.faults)) if self.planned is not None else []

    @property
    def blocking(self) -> list[Finding]:
        """Conditions that are not met."""
        return self.planned.blocking if self.planned is not None else []

    @property
    def unknown(self) -> list[Finding]:
        """Conditions that cannot be judged."""
        return self.planned.unknown if self.planned is not None else []

    @property
    def authority(self) -> ManagingLevel:
        """The managing level that decides: of the title that is given, else of the highest title held."""
        given = self.move.title if self.act.group in (ActGroup.POST, ActGroup.MOVEMENT) else None
        return ManagingLevel(given.managing_level if given is not None else self.before.level)


@dataclass
class RehearsedSlate:
    """A slate with every move judged in turn, and what they change together."""

    slate: Slate
    moves: list[RehearsedMove]
    effects: Effects
    tree: UnitTree = field(repr=False)

    @property
    def faulty(self) -> list[RehearsedMove]:
        """Moves that are impossible as they are said."""
        return [one for one in self.moves if one.faults]

    @property
    def blocked(self) -> list[RehearsedMove]:
        """Moves with conditions that are not met."""
        return [one for one in self.moves if one.blocking and not one.faults]

    @property
    def unclear(self) -> list[RehearsedMove]:
        """Moves of which only something is unknown."""
        return [one for one in self.moves if one.unknown and not one.blocking and not one.faults]

    @property
    def undrawn(self) -> list[RehearsedMove]:
        """Moves without a decision."""
        return [one for one in self.moves if one.move.decision_id is None]

    def decisions(self) -> list[list[RehearsedMove]]:
        """The moves that have no decision yet, as the decisions that they would become, in order."""
        by_place = {one.place: one for one in self.undrawn}
        groups = into_decisions([self._step(one) for one in self.undrawn])
        return [[by_place[step.place] for step in group] for group in groups]

    def _step(self, one: RehearsedMove) -> Step:
        change = one.shift
        left, joined = set(path_ids(self.tree, change.leaves)), set(path_ids(self.tree, change.joins))
        common = [(item.key, one.move.stored.get(item.key)) for item in one.act.common_fields]
        return Step(
            place=one.place,
            authority=one.authority,
            kind=f"{one.act.key} {common}",
            frees=change.frees,
            takes=change.takes,
            leaves=frozenset(left - joined),
            joins=frozenset(joined - left),
        )


def moves_of(slate: Slate) -> list[SlateMove]:
    """The moves of a slate in order, with what they name; whom the register took off a draft has none any more."""
    rows = slate.moves.select_related("cadre", "unit", "title", "decision__kind", "decision__unit")
    named = DecisionItem.objects.filter(decision=OuterRef("decision"), cadre=OuterRef("cadre"))
    moves = list(rows.annotate(is_named=Exists(named)).order_by("position", "pk"))
    for move in moves:
        if not move.is_named:
            move.decision = None
    return moves


def rehearse_slate(slate: Slate, *, user: User | None, moves: Sequence[SlateMove] | None = None) -> RehearsedSlate:
    """Judge a slate as a whole; `moves` instead of the stored ones show what another would do.

    A constant number of queries. Who may not read tier 2 of a person gets the findings without their facts.
    """
    listed = list(moves) if moves is not None else moves_of(slate)
    known = [(place, move, act) for place, move in enumerate(listed, 1) if (act := slate_act(move.act)) is not None]
    opened = readable({move.cadre_id for move in listed}, user)
    places = SlatePlaces(slate.day)
    judged = _judged(slate, [one for one in known if not _is_signed(one[1])], places, opened, user)
    judged |= _settled([one for one in known if _is_signed(one[1])], opened)
    ordered = [judged[place] for place, _, _ in known]
    tree, counts = places.counts
    _hint(ordered, tree)
    moved = [Moved(one.place, one.move.cadre_id, one.before.stand, one.after.stand) for one in ordered]
    effects = effects_of(moved, day=slate.day, user=user, tree=tree, counts=counts)
    return RehearsedSlate(slate, ordered, effects, tree)


#: A move with its place and kind.
Known = tuple[int, SlateMove, DecisionAct]


def _judged(
    slate: Slate, moves: Sequence[Known], places: SlatePlaces, opened: Collection[int], user: User | None
) -> dict[int, RehearsedMove]:
    """Moves by place, each judged after those before it."""
    cases = _cases(slate, moves, places)
    befores = [_standing(case) for case in cases]
    found = {}
    turns = zip(plan_in_turn(cases, asked_by=user), moves, befores, strict=True)
    for planned, (place, move, act), before in turns:
        after = before if planned.faults else _standing(planned.case)
        places.take(shift(before.stand, after.stand))
        if move.cadre_id not in opened:
            planned.findings = [replace(one, facts={}, value=None) for one in planned.findings]
        found[place] = RehearsedMove(move, act, place, planned, before, after)
    return found


def _is_signed(move: SlateMove) -> bool:
    return move.decision is not None and move.decision.is_issued


def _cases(slate: Slate, moves: Sequence[Known], places: Places) -> list[Case]:
    """The moves as cases of decisions of the slate's day, that nobody has written and that could be signed today."""
    acts = list({act.key: act for _, _, act in moves}.values())
    held = held_records([move.cadre_id for _, move, _ in moves], _parts(acts))
    cases = []
    for at, ((_, move, act), values) in enumerate(zip(moves, _values(acts, moves), strict=True)):
        # A key, though not that of a row: what rests on no decision in the record is not this one's doing.
        decision = Decision(pk=0, effective_on=slate.day, signed_on=min(timezone.localdate(), slate.day))
        item = DecisionItem(decision=decision, cadre=move.cadre, values=move.stored)
        cases.append(Case(act, decision, item, at, values, held[move.cadre_id], places))
    return cases


def _parts(acts: Sequence[DecisionAct]) -> list[Any]:
    parts: list[Any] = [Custody, Employment, Assignment]
    return list(dict.fromkeys([*parts, *(part for act in acts for part in act.read_parts())]))


def _values(acts: Sequence[DecisionAct], moves: Sequence[Known]) -> list[dict[str, Any]]:
    """What each move says, as Python knows it: one query for each model, whatever kinds there are."""
    fields = [replace(item, key=f"{act.key}.{item.key}") for act in acts for item in act.fields]
    stored = [{f"{act.key}.{key}": value for key, value in move.stored.items()} for _, move, act in moves]
    return [
        {item.key: values[f"{act.key}.{item.key}"] for item in act.fields}
        for (_, _, act), values in zip(moves, resolve(fields, stored), strict=True)
    ]


def _standing(case: Case) -> Standing:
    """Where somebody stands on the case's day, as the record in memory has it."""
    day, held = case.day, case.held
    rows = [row for row in held.rows[Assignment] if row.holds_on(day)]
    rows.sort(key=lambda row: row.kind != AssignmentKind.MAIN)
    custody, employment = held.in_force(Custody, day), held.in_force(Employment, day)
    counted = employment is not None and employment.state in PRESENT_STATES and employment.category in ESTABLISHED
    stand = Stand(
        posts=frozenset(
            (row.unit_id, row.title_id)
            for row in rows
            if row.kind != AssignmentKind.ACTING and row.unit_id and row.title_id
        ),
        home=custody.unit_id if custody is not None else None,
        is_counted=counted,
    )
    posts = tuple(HeldPost(row.unit_id, row.title_name or row.organisation) for row in rows)
    levels = [row.title.managing_level for row in rows if row.title is not None]
    return Standing(stand, posts, min(levels, key=LEVELS.index, default=ManagingLevel.UNIT))


def _settled(moves: Sequence[Known], opened: Collection[int]) -> dict[int, RehearsedMove]:
    """Moves whose decision is signed, with the findings that were kept then: one query."""
    if not moves:
        return {}
    rows = DecisionItem.objects.filter(decision__in={move.decision_id for _, move, _ in moves})
    kept: dict[Any, Any] = {(row.decision_id, row.cadre_id): row.findings for row in rows}
    return {
        place: RehearsedMove(
            move, act, place, kept=kept.get((move.decision_id, move.cadre_id), []) if move.cadre_id in opened else []
        )
        for place, move, act in moves
    }


def _hint(moves: Sequence[RehearsedMove], tree: UnitTree) -> None:
    """Say where a later move frees what an earlier one lacks."""
    for at, one in enumerate(moves):
        rules = {found.rule for found in one.blocking}
        for later in moves[at + 1 :]:
            freed = later.shift
            if FREE_SEAT.key in rules and one.shift.takes & freed.frees:
                one.hints.append(f"Ghế này được giải phóng ở bước {later.place}: chuyển bước {later.place} lên trước.")
            elif ESTABLISHMENT.key in rules and one.shift.joins in path_ids(tree, freed.leaves):
                one.hints.append(f"Biên chế có chỗ sau bước {later.place}: chuyển bước {later.place} lên trước.")
