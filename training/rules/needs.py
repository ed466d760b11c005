"""What somebody needs (nhu cầu đào tạo): what is asked of him against what he holds on a day; pure values.

    judge_need(asked, held, day) -> Need
        the state, with a finding that names the law, the level that is asked and what decided
    needed_by(kind, object, round_day, reference_day, day) -> date | None
        by when a planned title asks a level
    strongest(needs) -> list[Need]
        of several needs of one requirement the one that presses most

`training/statistics/asking.py` answers the same of many people by one query; a test holds that they agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from hrdb.kernel.dates import add_months
from hrdb.kernel.findings import Citation, Confidence, Finding
from personnel.rules.judging import declare, unknown
from personnel.rules.standards import Level
from planning.rules.law import LAW as PLANNING_LAW

#: What asks, and how it stands; `training.choices` has their words.
Source = Literal["planned", "post", "rank", "office"]
State = Literal["held", "missing", "expiring", "unknown"]

NEED: Final = declare("training-need", "Đáp ứng yêu cầu đào tạo, bồi dưỡng")

#: A certificate that ends within so many months is renewed by the plan of the year that comes.
EXPIRING_MONTHS: Final = 12

#: What asks, the most pressing first.
SOURCE_ORDER: Final[tuple[Source, ...]] = ("planned", "post", "rank", "office")


@dataclass(frozen=True, slots=True)
class Asked:
    """One level that something asks of somebody; `required` is None where the level was not set.

    `kind` is the kind of qualification, or empty where a programme itself is asked, which only its passing gives.
    """

    requirement: str
    label: str
    kind: str
    required: Level | None
    source: Source
    ground: str
    citation: Citation
    confidence: Confidence = "unconfirmed"
    needed_by: date | None = None
    object: int | None = None

    @property
    def is_planned(self) -> bool:
        """Whether a plan asks, which is a secret."""
        return self.source == "planned"

    @property
    def is_of_office(self) -> bool:
        """Whether an office proposed it."""
        return self.source == "office"


@dataclass(frozen=True, slots=True)
class Held:
    """A qualification that holds on the day; `level` is None where the record does not tell it.

    `is_none` is a level that says there is nothing («chưa qua đào tạo»); `until` the day on which it has expired.
    """

    kind: str
    level: Level | None
    until: date | None = None
    is_none: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What was asked, how it stands, what is held of the kind, until when a certificate holds."""

    asked: Asked
    state: State
    held: str
    valid_until: date | None
    finding: Finding

    @property
    def is_open(self) -> bool:
        """Whether there is something to learn, for certain."""
        return self.state in ("missing", "expiring")

    @property
    def is_held(self) -> bool:
        """Whether it is there and lasts."""
        return self.state == "held"


def reaches(required: Level, held: Level) -> bool:
    """Whether a level is the one that is asked or a higher one; a level without an order is only itself."""
    if held.name == required.name:
        return True
    return required.rank is not None and held.rank is not None and held.rank <= required.rank


def judge_need(asked: Asked, held: Sequence[Held], day: date) -> Need:
    """How a requirement stands on a day, of what is held then."""
    own = [one for one in held if one.kind == asked.kind]
    best = _best(own)
    facts: dict[str, Any] = {"Yêu cầu": asked.label, "Theo": asked.ground, "Hiện có": best or "chưa có trong hồ sơ"}
    if asked.required is None:
        return _need(asked, "unknown", best, None, facts, f"mức yêu cầu: {asked.label}")
    enough = [one for one in own if one.level is not None and reaches(asked.required, one.level)]
    horizon = add_months(day, EXPIRING_MONTHS)
    if any(one.until is None or one.until > horizon for one in enough):
        return _need(asked, "held", best, None, facts)
    if enough:
        until = max(one.until for one in enough if one.until is not None)
        return _need(asked, "expiring", best, until, {**facts, "Hết hiệu lực từ": until})
    if any(one.level is None or (one.level.rank is None and not one.is_none) for one in own):
        return _need(asked, "unknown", best, None, facts, f"thứ bậc để so sánh: {best}")
    return _need(asked, "missing", best, None, facts)


def _best(own: Sequence[Held]) -> str:
    """The highest of what is held, in words."""
    named = [one.level for one in own if one.level is not None]
    if not named:
        return "chưa ghi trình độ" if own else ""
    return min(named, key=lambda level: level.rank if level.rank is not None else 1_000_000).name


def _need(asked: Asked, state: State, held: str, until: date | None, facts: dict[str, Any], *missing: str) -> Need:
    if missing:
        found = unknown(NEED, facts, *missing, citation=asked.citation, confidence=asked.confidence)
    else:
        found = Finding(
            rule=NEED.key,
            outcome="not_met" if state == "missing" else "met",
            value=asked.required.name if asked.required else None,
            facts=facts,
            citation=asked.citation,
            met_until=until,
            confidence=asked.confidence,
        )
    return Need(asked, state, held, until, found)


def needed_by(*, kind: str, object_: int, round_day: date, reference_day: date | None, day: date) -> date | None:
    """By when a planned title asks a level: on the list already, or before the term for what may be learned meanwhile.

    Political theory of object 2 may follow by a plan of training; everything else was asked when the list was made.
    Source: Hướng dẫn 45-HD/BTCTW ngày 21/11/2025, Mục II.5.1.
    """
    if kind != "political_theory" or object_ != 2:
        return round_day
    held = PLANNING_LAW["standards/theory_by_object"].at(day)
    may_follow = held is not None and held.value is not None and held.value.get("object_2") == "planned"
    return reference_day if may_follow else round_day


def strongest(needs: Iterable[Need]) -> list[Need]:
    """One need a requirement: of several the one whose source presses most, then the earliest."""
    found: dict[str, Need] = {}
    for need in sorted(needs, key=lambda one: (SOURCE_ORDER.index(one.asked.source), one.asked.needed_by or date.max)):
        found.setdefault(need.asked.requirement, need)
    return list(found.values())
