"""Ages on a day: bands of statistics (nhóm tuổi) and the ages below which no one works or serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from hrdb.kernel.dates import PartialDate, add_months, age_on, counted_day, latest_birth
from hrdb.kernel.findings import Finding
from hrdb.kernel.parameters import DatedValue, ParameterUnknown
from personnel.rules.law import LAW, Sex

#: What a minimum age is asked for: work of any kind, service as công chức, viên chức, or membership of the Party.
MinimumAge = Literal["work", "service", "party"]

#: A set of bands: those of the structure report, and the parts into which it divides one of them.
BandScheme = Literal["structure", "structure_parts"]

AGE_LABEL: Final = "Tuổi"


@dataclass(frozen=True, slots=True)
class AgeBand:
    """A band of full years of age (nhóm tuổi): `lowest` to `highest`, both included, None is open.

    A part counts people of one `sex` inside the band `within` and adds to no total.
    """

    code: str
    label: str
    lowest: int | None
    highest: int | None
    sex: Sex | None = None
    within: str | None = None

    def holds(self, age: int) -> bool:
        """Whether someone of this age belongs to the band."""
        return (self.lowest is None or self.lowest <= age) and (self.highest is None or age <= self.highest)

    def born_between(self, day: date) -> tuple[date | None, date | None]:
        """The births of the band on `day`, for SQL: after the first date, up to the second with it; None is open."""
        after = None if self.highest is None else latest_birth(self.highest + 1, day)
        until = None if self.lowest is None else latest_birth(self.lowest, day)
        return after, until


@lru_cache(maxsize=128)
def age_bands(day: date, scheme: BandScheme = "structure") -> tuple[AgeBand, ...]:
    """The bands in use on `day`, from the youngest; for earlier days the first ones known."""
    parameter = LAW[f"age_bands/{scheme}"]
    held = parameter.at(day) or parameter.values[0]
    return tuple(
        AgeBand(
            code=band["code"],
            label=band["label"],
            lowest=band["from"],
            highest=band["to"],
            sex=band.get("sex"),
            within=band.get("within"),
        )
        for band in held.value
    )


def band_of(born: PartialDate | date, day: date) -> AgeBand:
    """The band of the structure report to which someone belongs on `day`; raises ValueError before the birth."""
    age = age_on(born, day)
    return next(band for band in age_bands(day) if band.holds(age))


def minimum_age(kind: MinimumAge, day: date) -> DatedValue:
    """The age in years that the law of `day` asks for; raises ParameterUnknown before the first law known."""
    return LAW[f"ages/minimum_{kind}"].require(day)


def old_enough(kind: MinimumAge, *, born: PartialDate | date, day: date, law_of: date | None = None) -> Finding:
    """Whether someone has the minimum age on `day`, by the law of that day or of `law_of`.

    To check an old day for plausibility (recruited before the age of 15) pass the present day as `law_of`: the outcome
    is then not unknown for want of an old law. Before the birth the outcome is not met.
    """
    birth = counted_day(born)
    facts = {"Ngày sinh": born, "Ngày xét": day, AGE_LABEL: age_on(birth, day) if day >= birth else None}
    try:
        asked = minimum_age(kind, law_of or day)
    except ParameterUnknown as error:
        return error.finding(f"minimum-age-{kind}", facts)
    is_met = day >= birth and age_on(birth, day) >= asked.value
    return Finding(
        rule=f"minimum-age-{kind}",
        outcome="met" if is_met else "not_met",
        value=asked.value,
        facts=facts,
        citation=asked.citation,
        met_from=_birthday(birth, int(asked.value)),
        confidence=asked.confidence,
    )


def _birthday(birth: date, age: int) -> date:
    """The first day on which someone has this age."""
    day = add_months(birth, age * 12)
    return day if age_on(birth, day) == age else day.replace(month=3, day=1)
