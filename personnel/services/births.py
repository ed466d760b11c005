"""A corrected birth date (ngày sinh) against what the record already tells of the person."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from hrdb.kernel.dates import PartialDate
from personnel.choices import ENDED_STATES, AssignmentKind
from personnel.models import (
    PARTIAL_DATES,
    Allowance,
    Assignment,
    Cadre,
    Commendation,
    Custody,
    Employment,
    PartyMembership,
    PayStep,
    Qualification,
)
from personnel.rules.ages import MinimumAge
from personnel.rules.births import DatedFact, birth_fault

#: Dates that the person's own row tells.
OWN_DATES: Final[Mapping[str, tuple[str, tuple[MinimumAge, ...]]]] = {
    "first_recruited_on": ("được tuyển dụng lần đầu", ("work",)),
    "joined_agency_on": ("vào cơ quan hiện nay", ("work",)),
    "enlisted_on": ("nhập ngũ", ()),
    "discharged_on": ("xuất ngũ", ()),
    "organisation_joined_on": ("tham gia tổ chức chính trị - xã hội", ()),
    "id_issued_on": ("được cấp CCCD", ()),
}


@dataclass(frozen=True, slots=True)
class _Told:
    """A column of days in a part of the record; `precision` is the column that says how much of the day is known."""

    model: type[models.Model]
    label: str
    column: str = "effective_from"
    precision: str = ""
    asks: tuple[MinimumAge, ...] = ()
    only: Q = field(default_factory=Q)


#: What the parts of a record tell. Those of tier 2 are left out: a sentence here would say what only a logged opening
#: may say, and none of them stands in a record whose posts and states are all of an older age.
_ROWS: Final = (
    _Told(Employment, "bắt đầu làm việc", precision="start_precision", asks=("work",)),
    _Told(
        Assignment,
        "giữ vị trí công tác ở đơn vị",
        precision="start_precision",
        asks=("work", "service"),
        only=Q(kind=AssignmentKind.MAIN, unit__isnull=False),
    ),
    _Told(Custody, "đơn vị bắt đầu quản lý hồ sơ", asks=("work",)),
    _Told(Assignment, "giữ vị trí công tác", precision="start_precision"),
    _Told(PartyMembership, "vào Đảng", precision="joined_precision"),
    _Told(PartyMembership, "chính thức vào Đảng", "official_on"),
    _Told(Qualification, "có văn bằng, chứng chỉ", precision="start_precision"),
    _Told(Qualification, "được cấp văn bằng, chứng chỉ", "issued_on"),
    _Told(Qualification, "bắt đầu khóa học", "studied_from"),
    _Told(PayStep, "hưởng lương", precision="start_precision"),
    _Told(Allowance, "hưởng phụ cấp"),
)


def refuse_birth_or_dates(before: Cadre, after: Cadre, *, today: datetime.date) -> None:
    """Refuse a corrected birth, or a corrected date of the person's own row, that contradicts the other facts.

    Raises ValidationError for the field that was changed, in one sentence that names the fact.
    """
    for refusal in refused_births([(before, after)], today=today).values():
        raise refusal


def refused_births(corrected: Sequence[tuple[Cadre, Cadre]], *, today: datetime.date) -> dict[int, ValidationError]:
    """The same for many people, each as before and after a correction: refusals by their place, in constant queries.

    An earlier birth makes nothing worse, so it is only asked of the rows when it comes later.
    """
    later = {after.pk for before, after in corrected if _is_later(before, after)}
    told = _facts_of(later, today) if later else {}
    found: dict[int, ValidationError] = {}
    for place, (before, after) in enumerate(corrected):
        if (refusal := _refused(before, after, told.get(after.pk, []), today)) is not None:
            found[place] = refusal
    return found


def _is_later(before: Cadre, after: Cadre) -> bool:
    birth = after.birth
    return birth is not None and (before.birth is None or before.birth.value < birth.value)


def _refused(before: Cadre, after: Cadre, told: list[DatedFact], today: datetime.date) -> ValidationError | None:
    birth = after.birth
    if birth is None:
        return None
    is_later = _is_later(before, after)
    for name in [name for name in OWN_DATES if is_later or getattr(before, name) != getattr(after, name)]:
        if fault := birth_fault(birth, _own_facts(after, [name]), today=today):
            return _refusal("born" if is_later else name, fault)
    if is_later and (fault := birth_fault(birth, told, today=today)):
        return _refusal("born", fault)
    return None


def _refusal(name: str, fault: str) -> ValidationError:
    return ValidationError({name: ValidationError(fault, code="impossible-order")})


def _own_facts(cadre: Cadre, names: list[str]) -> Iterator[DatedFact]:
    """What the person's own row tells."""
    for name in names:
        day: datetime.date | None = getattr(cadre, name)
        if day is not None:
            label, asks = OWN_DATES[name]
            told = cadre.partial_date(name) if name in PARTIAL_DATES else PartialDate(day)
            yield DatedFact(label, told or PartialDate(day), asks)


def _facts_of(cadre_ids: Iterable[int], today: datetime.date) -> dict[int, list[DatedFact]]:
    """What the rows of some records tell, the earliest first in each part, and who works today."""
    ids = list(cadre_ids)
    found: dict[int, list[DatedFact]] = defaultdict(list)
    for told in _ROWS:
        columns = [told.column, told.precision] if told.precision else [told.column]
        rows = told.model._default_manager.filter(told.only, cadre__any=ids, **{f"{told.column}__isnull": False})
        for cadre_id, day, *known in rows.order_by(told.column).values_list("cadre_id", *columns):
            found[cadre_id].append(DatedFact(told.label, _partial(day, known[0] if known else "day"), told.asks))
    praises = Commendation.objects.filter(cadre__any=ids).order_by("year").values_list("cadre_id", "year")
    for cadre_id, year in praises:
        found[cadre_id].append(DatedFact("được khen thưởng", PartialDate(datetime.date(year, 1, 1), "year")))
    working = Employment.objects.filter(cadre__any=ids).in_force(today).exclude(state__in=ENDED_STATES)
    for cadre_id in working.order_by("cadre_id").values_list("cadre_id", flat=True):
        found[cadre_id].append(DatedFact("đang làm việc", PartialDate(today), ("service",)))
    return found


def _partial(day: datetime.date, precision: Any) -> PartialDate:
    """A day with what is known of it; «known from this day» is a day."""
    return PartialDate(day, precision if precision in ("month", "year") else "day")
