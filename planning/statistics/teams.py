"""The structure of leadership teams (cơ cấu tập thể lãnh đạo): of some people in some units, however many, at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hrdb.kernel.dates import PartialDate, age_on, counted_day
from personnel.choices import Sex, UnitLevel
from personnel.models import Cadre, PartyMembership, Qualification, UnitVersion
from personnel.rules.standards import NO_LEVEL
from planning.rules.structure import youth_below


@dataclass(frozen=True, slots=True)
class Member:
    """What of a leader counts in the structure of the team; None where the record does not tell."""

    age: int | None = None
    is_female: bool = False
    is_minority: bool | None = None
    is_party_member: bool = False
    degree: str = ""
    degree_rank: int | None = None


@dataclass(frozen=True, slots=True)
class TeamStructure:
    """The structure of one team; `degrees` are pairs of level and number, the highest first."""

    people: int
    female: int
    young: int
    minority: int
    party: int
    mean_age: Decimal | None
    degrees: tuple[tuple[str, int], ...]
    ages_unknown: int = 0

    @property
    def degrees_text(self) -> str:
        """The degrees in words."""
        return "; ".join(f"{name}: {count}" for name, count in self.degrees)


class Teams:
    """Leaders as members, and the age under which one is young in each unit: five queries for all teams."""

    def __init__(self, cadre_ids: Iterable[int], unit_ids: Iterable[int], day: date) -> None:
        self.members = members(cadre_ids, day)
        self._young = {level: youth_below(level, day)[0] for level in UnitLevel.values}
        versions = UnitVersion.objects.standing_on(day).filter(unit_id__any=sorted(set(unit_ids)))
        self._levels: dict[int, str] = dict(versions.values_list("unit_id", "level"))

    def young_below(self, unit_id: int) -> int:
        """Under which age one is young in a unit."""
        return self._young[self._levels.get(unit_id, UnitLevel.PROVINCE)]

    def structure(self, unit_id: int, people: Set[int]) -> TeamStructure:
        """The structure of a team of a unit."""
        found = [self.members.get(pk, Member()) for pk in people]
        ages = [one.age for one in found if one.age is not None]
        below = self.young_below(unit_id)
        ranks: dict[str, int] = {}
        degrees: Counter[str] = Counter()
        for one in found:
            if one.degree:
                degrees[one.degree] += 1
                ranks[one.degree] = one.degree_rank if one.degree_rank is not None else NO_LEVEL.rank or 0
        return TeamStructure(
            people=len(found),
            female=sum(one.is_female for one in found),
            young=sum(age < below for age in ages),
            minority=sum(bool(one.is_minority) for one in found),
            party=sum(one.is_party_member for one in found),
            mean_age=Decimal(sum(ages)) / len(ages) if ages else None,
            degrees=tuple((name, degrees[name]) for name in sorted(degrees, key=lambda name: (ranks[name], name))),
            ages_unknown=len(found) - len(ages),
        )


def members(cadre_ids: Iterable[int], day: date) -> dict[int, Member]:
    """Some people as members of a team on a day: three queries."""
    ids = sorted(set(cadre_ids))
    if not ids:
        return {}
    party = set(PartyMembership.objects.in_force(day).filter(cadre_id__any=ids).values_list("cadre_id", flat=True))
    degrees = _degrees(ids, day)
    rows = Cadre.objects.filter(pk__any=ids).values_list(
        "pk", "born", "born_precision", "sex", "ethnicity_id", "ethnicity__is_minority"
    )
    return {
        pk: Member(
            age=age_on(counted_day(PartialDate(born, precision)), day) if born else None,  # type: ignore[arg-type]
            is_female=sex == Sex.FEMALE,
            is_minority=is_minority if ethnicity_id else None,
            is_party_member=pk in party,
            degree=degrees.get(pk, ("", None))[0],
            degree_rank=degrees.get(pk, ("", None))[1],
        )
        for pk, born, precision, sex, ethnicity_id, is_minority in rows
    }


def _degrees(ids: list[int], day: date) -> Mapping[int, tuple[str, int | None]]:
    """The highest professional level that each holds."""
    held: dict[int, list[Any]] = defaultdict(list)
    rows = Qualification.objects.in_force(day).filter(cadre_id__any=ids, kind="professional", level__isnull=False)
    for cadre_id, name, rank in rows.values_list("cadre_id", "level__name", "level__rank"):
        held[cadre_id].append((rank if rank is not None else NO_LEVEL.rank or 0, name, rank))
    return {pk: (min(found)[1], min(found)[2]) for pk, found in held.items()}
