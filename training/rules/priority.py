"""Who comes first for a class (thứ tự ưu tiên cử đi học): points by dated weights, each with its words; pure Python.

points_of(case, day, opens_on, ends_on) -> Priority
    the points of one person, by part, with the sum; weights of the day of choosing
Priority.folded()
    the same with everything about need in one part: for readers who may not know what was planned for whom

What was planned raises need. Need as a whole is capped, and the weights are such that every folded figure also occurs
without any plan: `tests/training/test_choosing_rules.py` walks all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from hrdb.kernel.dates import format_date, whole_months
from hrdb.kernel.parameters import DatedValue
from training.rules.law import LAW

#: What a need rests on, the heaviest source first.
Source = Literal["post", "rank", "planned", "office"]
#: The parts of a priority.
Part = Literal["need", "planned", "urgency", "waiting", "serving"]

SOURCE_LABELS: Final[Mapping[str, str]] = {
    "post": "tiêu chuẩn chức vụ đang giữ",
    "rank": "tiêu chuẩn ngạch, chức danh nghề nghiệp",
    "planned": "tiêu chuẩn chức danh quy hoạch",
    "office": "đơn vị đề nghị",
}
PART_LABELS: Final[Mapping[Part, str]] = {
    "need": "Nhu cầu",
    "planned": "Quy hoạch",
    "urgency": "Thời hạn",
    "waiting": "Số năm chờ",
    "serving": "Số năm còn công tác",
}
#: Parts that are one for readers who may not know what was planned.
NEED_PARTS: Final[tuple[Part, ...]] = ("need", "planned", "urgency")

#: The parameters that say how many points.
WEIGHTS: Final = (
    "choosing/need_points",
    "choosing/urgency_points",
    "choosing/need_most",
    "choosing/waiting_points",
    "choosing/serving_points",
)


@dataclass(frozen=True, slots=True)
class Case:
    """What decides the priority of one person: the sources of his need, since when, by when, when he retires."""

    sources: frozenset[Source]
    since: date | None = None
    due_on: date | None = None
    retires_from: date | None = None


@dataclass(frozen=True, slots=True)
class PointsOf:
    """The points of one part with what gave them."""

    part: Part
    points: int
    fact: str

    @property
    def label(self) -> str:
        """The part in words."""
        return PART_LABELS[self.part]


@dataclass(frozen=True, slots=True)
class Priority:
    """The points of one person: parts that gave some, in order."""

    parts: tuple[PointsOf, ...]

    @property
    def total(self) -> int:
        """The sum."""
        return sum(part.points for part in self.parts)

    @property
    def text(self) -> str:
        """The sum in words: «Nhu cầu 40 (tiêu chuẩn chức vụ đang giữ) + Số năm chờ 8 (2 năm)»."""
        told = [f"{part.label} {part.points}{f' ({part.fact})' if part.fact else ''}" for part in self.parts]
        return " + ".join(told) or "0"

    def folded(self) -> Priority:
        """Everything about need as one part without its causes."""
        need = sum(part.points for part in self.parts if part.part in NEED_PARTS)
        others = tuple(part for part in self.parts if part.part not in NEED_PARTS)
        return Priority((PointsOf("need", need, ""), *others) if need else others)


def points_of(case: Case, *, day: date, opens_on: date, ends_on: date) -> Priority:
    """The points of one person for a class that opens and ends on these days, by the weights in force on `day`."""
    most = int(LAW["choosing/need_most"].require(day).value)
    need = _capped(list(_need(case, day, opens_on)), most)
    found = [*need, _waiting(case, day, opens_on), _serving(case, day, ends_on)]
    return Priority(tuple(part for part in found if part is not None and part.points))


def weights_on(day: date) -> list[tuple[str, DatedValue]]:
    """The weights in force with their labels, for the page that explains them."""
    return [(LAW[key].label, LAW[key].require(day)) for key in WEIGHTS]


def _need(case: Case, day: date, opens_on: date) -> Iterator[PointsOf]:
    weights = LAW["choosing/need_points"].require(day).value
    open_causes = [source for source in case.sources if source != "planned"]
    if open_causes:
        source = max(open_causes, key=lambda one: weights[one])
        yield PointsOf("need", weights[source], SOURCE_LABELS[source])
    if "planned" in case.sources:
        yield PointsOf("planned", weights["planned"], SOURCE_LABELS["planned"])
    if case.due_on is not None and case.sources:
        months = whole_months(opens_on, case.due_on) if case.due_on > opens_on else 0
        told = LAW["choosing/urgency_points"].require(day).value
        steps = sorted((int(limit), points) for limit, points in told.items())
        points = next((points for limit, points in steps if months < limit), 0)
        yield PointsOf("urgency", points, f"phải có trước {format_date(case.due_on)}")


def _capped(parts: list[PointsOf], most: int) -> list[PointsOf]:
    """The parts of need, the last ones cut where the sum passes the most."""
    left, found = most, []
    for part in parts:
        kept = min(part.points, left)
        is_cut = kept < part.points
        found.append(replace(part, points=kept, fact=f"{part.fact}, nhu cầu tối đa {most}") if is_cut else part)
        left -= kept
    return found


def _waiting(case: Case, day: date, opens_on: date) -> PointsOf | None:
    if case.since is None or case.since >= opens_on:
        return None
    weights: Mapping[str, Any] = LAW["choosing/waiting_points"].require(day).value
    years = whole_months(case.since, opens_on) // 12
    points = min(years * weights["each_year"], weights["most"])
    return PointsOf("waiting", points, f"{years} năm, từ {format_date(case.since)}")


def _serving(case: Case, day: date, ends_on: date) -> PointsOf | None:
    if case.retires_from is None:
        return None
    years = whole_months(ends_on, case.retires_from) // 12 if case.retires_from > ends_on else 0
    weights = LAW["choosing/serving_points"].require(day).value
    steps = sorted(((int(least), points) for least, points in weights.items()), reverse=True)
    points = next((points for least, points in steps if years >= least), 0)
    return PointsOf("serving", points, f"còn {years} năm")
