"""What a paper says of each person (thông tin từng người): from terms, the record before, and what signing writes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models

from hrdb.kernel.dates import format_date
from hrdb.kernel.screens.formats import number_text
from personnel.choices import AssignmentKind, PayScheme, Sex
from personnel.models import Assignment, PayStep, Rank, Unit
from personnel.reports.decision_texts.heads import BLANK, day_words
from personnel.reports.unit_names import UnitNames
from personnel.services.decisions.case_facts import main_post, retires_from
from personnel.services.decisions.fields import ActField
from personnel.services.decisions.kinds import Case
from personnel.services.decisions.text_fields import text_fields

#: Facts that the paper never prints as «details»: they are confirmations of the drawing up, or said otherwise.
_NOT_DETAILS = {"flag"}


@dataclass(frozen=True, slots=True)
class Told:
    """A case with the rows that its signing writes, or wrote."""

    case: Case
    rows: Sequence[models.Model]

    def row(self, model: type[models.Model]) -> Any:
        """The first row of a model, None without one."""
        return next((row for row in self.rows if isinstance(row, model)), None)


def units_named(told: Iterable[Told]) -> set[int]:
    """The units that the paper names."""
    named: set[int | None] = set()
    for one in told:
        rows = [*one.rows, *one.case.held.rows[Assignment]]
        named |= {getattr(row, "unit_id", None) for row in rows}
        named |= {value.pk for value in one.case.values.values() if isinstance(value, Unit)}
    return {pk for pk in named if pk is not None}


def facts_of_person(told: Told, units: UnitNames, *, is_party: bool) -> dict[str, Any]:
    """Everything that the paper can say of one person, by the keys of the text fields; days stay days."""
    case = told.case
    facts: dict[str, Any] = {item.key: _value(item, case, units) for item in case.act.fields if item.input != "flag"}
    facts |= {key: value for key, value in _written(told, units).items() if not facts.get(key)}
    post, day = _post_before(case), case.day
    facts |= {
        "address": "đồng chí" if is_party else {Sex.MALE: "ông", Sex.FEMALE: "bà"}.get(case.cadre.sex, "ông (bà)"),  # type: ignore[call-overload]
        "full_name": case.cadre.full_name,
        "born": case.cadre.birth.text if case.cadre.birth else "",
        "present_title": (str(post.title) if post.title else post.title_text) if post else "",
        "present_unit": (units.full(post.unit_id, day) or post.organisation) if post else "",
        "pay": _pay_words(told.row(PayStep)) or _pay_of(case),
        "pay_before": _pay_words(_pay_before(case)),
        "details": _details(case, units),
    }
    facts["destination"] = facts.get("destination") or facts.get("unit") or facts.get("organisation") or ""
    if "retires_from" in facts:
        facts["retires_from"] = facts["retires_from"] or retires_from(case) or ""
    return facts


def in_words(value: Any) -> str:
    """A fact as a sentence says it."""
    return day_words(value) if isinstance(value, datetime.date) else _plain(value)


def in_cell(value: Any) -> str:
    """A fact as a table says it."""
    return format_date(value) if isinstance(value, datetime.date) else _plain(value)


def phrase_of(facts: Mapping[str, Any]) -> str:
    """«ông Nguyễn Văn A, sinh ngày 02/3/1980, Phó Trưởng phòng, Sở Nội vụ»."""
    born = str(facts["born"])
    lead = {2: "sinh ngày ", 1: "sinh tháng ", 0: "sinh năm "}[born.count("/")] if born else ""
    said = [f"{facts['address']} {facts['full_name'] or BLANK}", lead + born]
    return ", ".join(filter(None, [*said, facts["present_title"], facts["present_unit"]]))


def common(people: Sequence[Mapping[str, Any]], needs: Sequence[str]) -> dict[str, str]:
    """Facts as the sentences say them: of one person his own, of many what all share; dots for what is needed."""
    told: dict[str, str] = {}
    for field in text_fields:
        if not field.of_person:
            continue
        values = {in_words(facts.get(field.key)) for facts in people}
        told[field.key] = values.pop() if len(values) == 1 else ""
        if field.key in needs and not any(facts.get(field.key) for facts in people):
            told[field.key] = BLANK
    return told


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return number_text(value.normalize() if value == value.to_integral_value() else value)
    return "" if value is None else str(value)


def _value(item: ActField, case: Case, units: UnitNames) -> Any:
    value = case[item.key]
    if value in (None, ""):
        return ""
    if isinstance(value, Unit):
        return units.full(value.pk, case.day)
    if isinstance(value, Rank):
        return f"{value.name} (mã số {value.code})" if value.is_official_code else value.name
    return value if isinstance(value, datetime.date | Decimal) else item.shown(value)


def _written(told: Told, units: UnitNames) -> dict[str, Any]:
    """Facts that the decision leaves to the record or the law: what its rows say."""
    case, post = told.case, told.row(Assignment)
    facts: dict[str, Any] = {}
    if post is not None:
        facts = {
            "title": str(post.title) if post.title else post.title_text,
            "unit": units.full(post.unit_id, case.day),
            "term_ends_on": post.term_ends_on,
        }
    if case.act.field("new_title") is not None:
        left = next((row for row in case.held.rows[Assignment] if row.effective_until == case.day), None) or post
        facts = (
            {"title": str(left.title or left.title_text), "unit": units.full(left.unit_id, case.day)} if left else {}
        )
        facts["new_unit"] = units.full(post.unit_id, case.day) if post is not None and case["new_title"] else ""
    return facts


def _post_before(case: Case) -> Assignment | None:
    """The main post on the eve of the effect; of somebody whose post begins that day, the one that he holds then."""
    eve = case.day - datetime.timedelta(days=1)
    posts: list[Assignment] = case.held.track(Assignment, kind=AssignmentKind.MAIN)
    before = next((post for post in posts if post.holds_on(eve)), None)
    held = before or main_post(case)
    return None if held is not None and held.decision_id == case.decision.pk and before is None else held


def _pay_before(case: Case) -> PayStep | None:
    eve = case.day - datetime.timedelta(days=1)
    steps: list[PayStep] = case.held.rows.get(PayStep, [])
    return next((row for row in steps if row.scheme == PayScheme.RANK and row.holds_on(eve)), None)


def _pay_words(row: PayStep | None) -> str:
    """«ngạch Chuyên viên (mã số 01.003), bậc 4, hệ số 3,33»."""
    if row is None:
        return ""
    rank = row.rank
    code = f" (mã số {rank.code})" if rank is not None and rank.is_official_code else ""
    parts = [
        f"ngạch {rank.name}{code}" if rank is not None else "",
        f"bậc {row.step}" if row.step else "",
        f"hệ số {number_text(row.coefficient, 2)}" if row.coefficient is not None else "",
        f"phụ cấp thâm niên vượt khung {_plain(row.over_frame_percent)}%" if row.over_frame_percent else "",
    ]
    return ", ".join(filter(None, parts))


def _pay_of(case: Case) -> str:
    """The pay that the terms themselves name."""
    if case["rank"] is None:
        return ""
    return _pay_words(PayStep(rank=case["rank"], step=case["step"], coefficient=case["coefficient"]))


def _details(case: Case, units: UnitNames) -> str:
    """Every term in words, for kinds without a wording of their own."""
    told = []
    for item in case.act.fields:
        value = "" if item.input in _NOT_DETAILS else _value(item, case, units)
        if value:
            told.append(f"{item.label}: {in_cell(value)}")
    return "; ".join(told)
