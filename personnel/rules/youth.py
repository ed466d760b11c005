"""Young cadres (cán bộ trẻ): there is no single age; each document sets its own, for its own level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from hrdb.kernel.dates import PartialDate, age_on, counted_day, latest_birth
from hrdb.kernel.findings import Citation, Confidence, Finding
from personnel.rules.law import LAW

#: The definition used where none is chosen.
DEFAULT_YOUTH = "under-40"


@dataclass(frozen=True, slots=True)
class YouthDefinition:
    """A definition of young: strictly under `below` full years on the day that is looked at."""

    key: str
    label: str
    below: int
    levels: tuple[str, ...]
    citation: Citation
    confidence: Confidence
    note: str

    def born_after(self, day: date) -> date:
        """Who is born after this date is young on `day`; for conditions in SQL."""
        return latest_birth(self.below, day)


@lru_cache(maxsize=128)
def youth_definitions(day: date) -> Mapping[str, YouthDefinition]:
    """All definitions by key (`under-35`, `under-40`, ...), from the youngest age.

    A definition is a way of counting: before its document it counts with its first number.
    """
    found = []
    for parameter in LAW.under("youth"):
        held = parameter.at(day) or parameter.values[0]
        found.append(
            YouthDefinition(
                key=parameter.attributes["key"],
                label=parameter.label,
                below=int(held.value),
                levels=tuple(parameter.attributes["levels"]),
                citation=held.citation,
                confidence=held.confidence,
                note=parameter.note,
            )
        )
    return MappingProxyType({one.key: one for one in sorted(found, key=lambda one: one.below)})


def youth_definition(key: str, day: date) -> YouthDefinition:
    """The definition of a key on `day`; raises KeyError."""
    return youth_definitions(day)[key]


def is_young(key: str, *, born: PartialDate | date, day: date) -> Finding:
    """Whether someone is young on `day` by the definition of a key; raises KeyError."""
    definition = youth_definition(key, day)
    birth = counted_day(born)
    return Finding(
        rule=f"young-{key}",
        outcome="met" if birth > definition.born_after(day) else "not_met",
        value=definition.below,
        facts={"Ngày sinh": born, "Ngày xét": day, "Tuổi": age_on(birth, day)},
        citation=definition.citation,
        confidence=definition.confidence,
    )
