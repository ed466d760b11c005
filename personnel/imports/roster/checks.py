"""Facts of one row that cannot all be true: dates in an impossible order, ages below what the law allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from hrdb.kernel.dates import PartialDate, last_of_month, month_index
from hrdb.kernel.parameters import ParameterUnknown
from personnel.imports.roster.issues import IMPOSSIBLE_ORDER, UNDER_AGE, Flaw
from personnel.imports.roster.results import ParsedValue
from personnel.rules.ages import minimum_age


@dataclass(frozen=True, slots=True)
class AgeLimits:
    """The ages in years below which a roster's dates are impossible; None where the law is not known."""

    service: int | None = None
    work: int | None = None
    party: int | None = None


#: Dates of a career: the day on which something held, with its label in sentences.
_CAREER: Final = (
    ("recruited_on", "Ngày tuyển dụng"),
    ("joined_agency_on", "Ngày về cơ quan"),
    ("party_joined_on", "Ngày vào Đảng"),
    ("party_official_on", "Ngày chính thức vào Đảng"),
    ("appointed_on", "Ngày bổ nhiệm"),
    ("pay_from", "Ngày hưởng lương"),
    ("graduated_on", "Năm tốt nghiệp"),
    ("id_issued_on", "Ngày cấp CCCD"),
)
_WORKING: Final = frozenset({"recruited_on", "joined_agency_on"})
_PARTY: Final = frozenset({"party_joined_on", "party_official_on"})
_PAST: Final = _WORKING | _PARTY


def limits_of(day: date) -> AgeLimits:
    """The ages that the law of a day asks for."""
    ages: dict[str, int | None] = {}
    for kind in ("service", "work"):
        try:
            ages[kind] = int(minimum_age(kind, day).value)  # type: ignore[arg-type]
        except ParameterUnknown:
            ages[kind] = None
    return AgeLimits(ages["service"], ages["work"])


def check_dates(fields: Mapping[str, ParsedValue], day: date, limits: AgeLimits) -> Iterator[tuple[str, Flaw]]:
    """The faults of a row's dates, each with its field; what only may be wrong is not told.

    A person too young on the roster's day has one fault, the birth date: what follows from it is not told again.
    """
    parsed = fields.get("birth_date")
    birth: PartialDate | None = parsed.value if parsed is not None else None
    if birth is not None:
        if birth.value > day:
            yield "birth_date", Flaw(IMPOSSIBLE_ORDER, f"Ngày sinh {birth.text} sau ngày của danh sách ({_text(day)}).")
            return
        years = day.year - birth.value.year
        if limits.service is not None and years <= limits.service and _years_after(birth, limits.service) > day:
            message = f"Sinh {birth.text}: chưa đủ {limits.service} tuổi vào ngày {_text(day)}."
            yield "birth_date", Flaw(UNDER_AGE, message)
            return
    for field, label in _CAREER:
        parsed = fields.get(field)
        if parsed is not None and (fault := _fault(field, label, parsed.value, birth, day, limits)):
            yield field, Flaw(IMPOSSIBLE_ORDER, fault)
    joined, official = fields.get("party_joined_on"), fields.get("party_official_on")
    if joined is not None and official is not None and _latest(official.value) < joined.value.value:
        message = f"Ngày chính thức vào Đảng {official.value.text} trước ngày vào Đảng {joined.value.text}."
        yield "party_official_on", Flaw(IMPOSSIBLE_ORDER, message)


def _fault(
    field: str, label: str, told: PartialDate, birth: PartialDate | None, day: date, limits: AgeLimits
) -> str | None:
    if birth is not None:
        if _latest(told) < birth.value:
            return f"{label} {told.text} trước ngày sinh {birth.text}."
        age = limits.work if field in _WORKING else limits.party if field in _PARTY else None
        # Years first: most dates are far from any limit.
        if age is not None and told.value.year - birth.value.year <= age and _latest(told) < _years_after(birth, age):
            return f"{label} {told.text} khi chưa đủ {age} tuổi (sinh {birth.text})."
    if field in _PAST and told.value > day:
        return f"{label} {told.text} sau ngày của danh sách ({_text(day)})."
    return None


def _years_after(birth: PartialDate, years: int) -> date:
    """The first day on which a person born then has this age."""
    try:
        return birth.value.replace(year=birth.value.year + years)
    except ValueError:  # born on 29 February
        return date(birth.value.year + years, 3, 1)


def _latest(told: PartialDate) -> date:
    """The last day that a date known in part may be."""
    if told.precision == "day":
        return told.value
    if told.precision == "month":
        return last_of_month(month_index(told.value))
    return date(told.value.year, 12, 31)


def _text(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
