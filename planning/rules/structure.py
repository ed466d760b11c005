"""Structure of a planning list (cơ cấu danh sách quy hoạch): young, women, ethnic minority, science, three age layers.

    youth_below(level, day) -> tuple[int, Citation, Confidence]
        under which age one is young for a seat of a level of units
    age_layers(day) -> AgeLayers
        the two ages that part a list into three layers
    is_of_science(fields, day) -> bool
        whether a field of study is one of science and technology, as far as its name tells
    measured(...) -> Measure
        one share against its target, with the gap in people

Source: Quy định 377-QĐ/TW, Điều 26 (numbers not found); Hướng dẫn 45-HD/BTCTW, Mục II.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from hrdb.kernel.findings import Citation, Confidence
from hrdb.kernel.text import fold
from personnel.rules.targets import people_short, target
from personnel.rules.youth import youth_definition
from planning.rules.law import LAW

Metric = Literal["young", "female", "ethnic_minority", "science", "first_layer", "second_layer", "third_layer"]

METRIC_LABELS: Final[dict[Metric, str]] = {
    "young": "Cán bộ trẻ",
    "female": "Nữ",
    "ethnic_minority": "Dân tộc thiểu số",
    "science": "Khoa học, công nghệ",
    "first_layer": "Độ tuổi thứ nhất",
    "second_layer": "Độ tuổi thứ hai",
    "third_layer": "Độ tuổi thứ ba",
}

#: The national targets of planning lists by metric; layers have none of their own.
NATIONAL: Final[dict[str, str]] = {
    "young": "planning_young",
    "female": "planning_female",
    "ethnic_minority": "planning_ethnic",
    "science": "planning_science",
}


@dataclass(frozen=True, slots=True)
class Aim:
    """A share that is asked: the province's own by decision, or the national one, whose number may be unknown."""

    percent: Decimal | None
    source: str
    confidence: Confidence
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """One share of a list: how many of how many, what is asked, and how many people are short (None: not known)."""

    metric: Metric
    label: str
    count: int
    total: int
    aim: Aim | None
    note: str = ""

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent; None of an empty list."""
        return Decimal(self.count * 100) / Decimal(self.total) if self.total else None

    @property
    def short(self) -> int | None:
        """How many more people are needed in place of others; None where no number is known."""
        if self.aim is None or self.aim.percent is None:
            return None
        return people_short(self.aim.percent, self.count, self.total)

    @property
    def is_met(self) -> bool | None:
        """Whether the share is reached; None where it cannot be said."""
        return None if self.short is None or not self.total else self.short == 0


@dataclass(frozen=True, slots=True)
class AgeLayers:
    """The ages up to which the first and the second layer reach."""

    first: int
    second: int
    citation: Citation
    confidence: Confidence

    def layer(self, age: int) -> Metric:
        """The layer of an age."""
        return "first_layer" if age <= self.first else "second_layer" if age <= self.second else "third_layer"

    def label(self, metric: Metric) -> str:
        """A layer in words."""
        return {
            "first_layer": f"Đến {self.first} tuổi",
            "second_layer": f"Trên {self.first} đến {self.second} tuổi",
            "third_layer": f"Trên {self.second} tuổi",
        }[metric]


def youth_below(level: str, day: date) -> tuple[int, Citation, Confidence]:
    """Under which age one is young for a seat of a level of units."""
    parameter = LAW["structure/youth_by_level"]
    held = parameter.at(day) or parameter.values[0]
    key = held.value.get(level, held.value["province"])
    return youth_definition(key, day).below, held.citation, held.confidence


def age_layers(day: date) -> AgeLayers | None:
    """The layers of the day; None before any document named three."""
    held = LAW["structure/age_layers"].at(day)
    if held is None or held.value is None:
        return None
    return AgeLayers(int(held.value["until_first"]), int(held.value["until_second"]), held.citation, held.confidence)


def is_of_science(fields: Iterable[str], day: date) -> bool:
    """Whether the name of a field of study tells of science, technology or digital work."""
    held = LAW["structure/science_fields"].at(day) or LAW["structure/science_fields"].values[0]
    words = [fold(word) for word in held.value]
    return any(word in f" {fold(name)} " for name in fields for word in words)


def national_aim(metric: str, day: date) -> Aim | None:
    """The national target of a metric on a day; None where there is no document."""
    key = NATIONAL.get(metric)
    found = target(key, day) if key else None
    if found is None:
        return None
    percent = None if found.low is None else Decimal(found.low)
    return Aim(percent, found.citation.text, found.confidence)
