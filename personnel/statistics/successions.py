"""Which unit follows which through mergers, divisions and renamings, so that a figure can be followed over time."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

from personnel.choices import UnitSuccessionKind
from personnel.models import Unit, UnitSuccession, UnitVersion


@dataclass(frozen=True, slots=True)
class Link:
    """One succession: from a day on, a unit follows another."""

    predecessor_id: int
    successor_id: int
    kind: str
    day: datetime.date


@dataclass(frozen=True, slots=True)
class Chain:
    """How one unit is tied to another: the links in the order of the walk, none when both are one and the same."""

    unit_id: int
    links: tuple[Link, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether everything went over: through a division only a part did, and figures do not compare one to one."""
        return all(link.kind != UnitSuccessionKind.SPLIT for link in self.links)


class Lineage:
    """All successions and the days on which units existed: two queries, then any number of questions."""

    def __init__(
        self, links: Iterable[Link], periods: Iterable[tuple[int, datetime.date, datetime.date | None]]
    ) -> None:
        self._after: dict[int, list[Link]] = defaultdict(list)
        self._before: dict[int, list[Link]] = defaultdict(list)
        self._periods: dict[int, list[tuple[datetime.date, datetime.date | None]]] = defaultdict(list)
        for link in sorted(links, key=lambda one: one.day):
            self._after[link.predecessor_id].append(link)
            self._before[link.successor_id].append(link)
        for unit_id, since, until in periods:
            self._periods[unit_id].append((since, until))

    @classmethod
    def read(cls) -> Self:
        """The lineage of all units."""
        columns = ("predecessor_id", "successor_id", "kind", "day")
        links = [Link(*row) for row in UnitSuccession.objects.order_by("day", "pk").values_list(*columns)]
        return cls(links, UnitVersion.objects.values_list("unit_id", "effective_from", "effective_until"))

    def exists(self, unit_id: int, day: datetime.date) -> bool:
        """Whether a unit existed on a day."""
        return any(since <= day and (until is None or day < until) for since, until in self._periods[unit_id])

    def successors(self, unit_id: int, day: datetime.date) -> list[Chain]:
        """Units that on `day` follow a unit, itself when it still exists; one chain, the shortest, for each."""

        def onward(last: Chain) -> list[Chain]:
            since = last.links[-1].day if last.links else datetime.date.min
            links = (one for one in self._after[last.unit_id] if since <= one.day <= day)
            return [Chain(one.successor_id, (*last.links, one)) for one in links]

        return self._walk(unit_id, day, onward)

    def predecessors(self, unit_id: int, day: datetime.date) -> list[Chain]:
        """Units that on `day` were what a unit is made of, itself when it already existed."""

        def backward(last: Chain) -> list[Chain]:
            until = last.links[-1].day if last.links else datetime.date.max
            links = (one for one in self._before[last.unit_id] if day < one.day <= until)
            return [Chain(one.predecessor_id, (*last.links, one)) for one in links]

        return self._walk(unit_id, day, backward)

    def _walk(self, unit_id: int, day: datetime.date, following: Callable[[Chain], list[Chain]]) -> list[Chain]:
        found: dict[int, Chain] = {}
        seen = {unit_id}
        waiting = [Chain(unit_id)]
        while waiting:
            last = waiting.pop(0)
            if self.exists(last.unit_id, day):
                found[last.unit_id] = last
            for chain in following(last):
                if chain.unit_id not in seen:
                    seen.add(chain.unit_id)
                    waiting.append(chain)
        return list(found.values())


def successors_of(unit: Unit, day: datetime.date) -> list[Chain]:
    """Units that on `day` follow a unit, with the chain that leads to each; empty where nobody follows."""
    return Lineage.read().successors(unit.pk, day)


def predecessors_of(unit: Unit, day: datetime.date) -> list[Chain]:
    """Units that on `day` were what the unit is made of, with the chain that leads back to each."""
    return Lineage.read().predecessors(unit.pk, day)
