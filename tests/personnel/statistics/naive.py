"""The same counts the slow way: every person read as an object and asked one question after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from hrdb.kernel.dates import add_months, age_on
from personnel.choices import PRESENT_STATES, AssignmentKind, QualificationKind
from personnel.models import Cadre, Unit, UnitVersion
from personnel.rules.retirement import retirement

UNKNOWN = "unknown"


def one_held(rows: Iterable[Any], day: date) -> Any:
    """The one row in force on the day."""
    held = [row for row in rows if row.holds_on(day)]
    assert len(held) <= 1
    return held[0] if held else None


def unit_of(cadre: Cadre, day: date) -> Unit | None:
    """The unit that keeps the record."""
    custody = one_held(cadre.custody_set.all(), day)
    return custody.unit if custody else None


def place_of(unit: Unit, day: date) -> UnitVersion | None:
    """How the unit stood on the day, or stood last."""
    begun = [version for version in unit.versions.all() if version.effective_from <= day]
    return max(begun, key=lambda version: version.effective_from) if begun else None


def units_above(unit: Unit, day: date) -> list[str]:
    """Codes of the unit and of all above it."""
    codes = []
    one: Unit | None = unit
    while one is not None:
        codes.append(one.code)
        place = place_of(one, day)
        one = place.parent if place else None
    return codes


def is_present(cadre: Cadre, day: date) -> bool:
    """Whether the person belongs to the workforce."""
    employment = one_held(cadre.employment_set.all(), day)
    return employment is not None and employment.state in PRESENT_STATES


def title_of(cadre: Cadre, day: date) -> Any:
    """The title of the main post."""
    post = one_held([one for one in cadre.assignment_set.all() if one.kind == AssignmentKind.MAIN], day)
    return (post.title or (post.seat.title if post.seat else None)) if post else None


def rank_of(cadre: Cadre, day: date) -> Any:
    """The rank of the pay step by rank."""
    step = one_held([one for one in cadre.paystep_set.all() if one.scheme == "rank"], day)
    return step.rank if step else None


def highest(cadre: Cadre, kind: str, day: date) -> str:
    """The group of the highest level held."""
    levels = [
        one.level for one in cadre.qualification_set.all() if one.kind == kind and one.holds_on(day) and one.level
    ]
    if not levels:
        return UNKNOWN
    best = min(levels, key=lambda level: (level.rank if level.rank is not None else 32767, level.pk))
    return best.group or ("other" if kind == QualificationKind.PROFESSIONAL and best.rank else UNKNOWN)


def age_band(cadre: Cadre, day: date) -> str:
    """The band of full years."""
    if cadre.born is None:
        return UNKNOWN
    age = age_on(cadre.born, day)
    bands = ((30, "up_to_30"), (40, "31_40"), (50, "41_50"), (60, "51_60"))
    return next((key for highest_age, key in bands if age <= highest_age), "over_60")


def young(below: int) -> Callable[[Cadre, date], str]:
    """Whether the person is under an age."""

    def answer(cadre: Cadre, day: date) -> str:
        return UNKNOWN if cadre.born is None else "yes" if age_on(cadre.born, day) < below else "no"

    return answer


def retiring(cadre: Cadre, day: date) -> str:
    """When the person retires."""
    if cadre.born is None or not cadre.sex:
        return UNKNOWN
    leaves = retirement(sex=cadre.sex, born=cadre.born).retired_from
    return "reached" if leaves <= day else "soon" if leaves <= add_months(day, 12) else "later"


def ethnic_minority(cadre: Cadre, day: date) -> str:
    """Whether the person is of an ethnic minority."""
    return UNKNOWN if cadre.ethnicity is None else "yes" if cadre.ethnicity.is_minority else "no"


ANSWERS: dict[str, Callable[[Cadre, date], str]] = {
    "own_unit": lambda cadre, day: (unit_of(cadre, day) or Unit(code=UNKNOWN)).code,
    "level": lambda cadre, day: getattr(place_of(unit_of(cadre, day), day), "level", UNKNOWN),  # type: ignore[arg-type]
    "bloc": lambda cadre, day: getattr(place_of(unit_of(cadre, day), day), "bloc", UNKNOWN),  # type: ignore[arg-type]
    "title_group": lambda cadre, day: getattr(title_of(cadre, day), "group", UNKNOWN),
    "title": lambda cadre, day: getattr(title_of(cadre, day), "code", UNKNOWN),
    "managing_level": lambda cadre, day: getattr(title_of(cadre, day), "managing_level", UNKNOWN),
    "rank": lambda cadre, day: getattr(rank_of(cadre, day), "code", UNKNOWN),
    "rank_group": lambda cadre, day: getattr(rank_of(cadre, day), "group", "") or UNKNOWN,
    "category": lambda cadre, day: getattr(one_held(cadre.employment_set.all(), day), "category", UNKNOWN),
    "state": lambda cadre, day: getattr(one_held(cadre.employment_set.all(), day), "state", UNKNOWN),
    "sex": lambda cadre, day: cadre.sex or UNKNOWN,
    "ethnic_minority": ethnic_minority,
    "ethnic_group": lambda cadre, day: cadre.ethnicity.code if cadre.ethnicity else UNKNOWN,
    "age_band": age_band,
    "young-under-35": young(35),
    "young-under-40": young(40),
    "young-under-42": young(42),
    "young-under-45": young(45),
    "party": lambda cadre, day: "yes" if one_held(cadre.partymembership_set.all(), day) else "no",
    "degree": lambda cadre, day: highest(cadre, QualificationKind.PROFESSIONAL, day),
    "political_theory": lambda cadre, day: highest(cadre, QualificationKind.POLITICAL_THEORY, day),
    "state_management": lambda cadre, day: highest(cadre, QualificationKind.STATE_MANAGEMENT, day),
    "retirement": retiring,
    "rating": lambda cadre, day: UNKNOWN,  # nobody is rated here
}


def answers_of(people: Iterable[Cadre], day: date) -> dict[int, dict[str, str]]:
    """The key of every dimension, by person."""
    return {cadre.pk: {name: answer(cadre, day) for name, answer in ANSWERS.items()} for cadre in people}


def everybody() -> list[Cadre]:
    """All people with all rows that are asked."""
    return list(
        Cadre.objects.select_related("ethnicity").prefetch_related(
            "custody_set__unit__versions__parent__versions__parent",
            "employment_set",
            "assignment_set__title",
            "assignment_set__seat__title",
            "paystep_set__rank",
            "partymembership_set",
            "qualification_set__level",
        )
    )
