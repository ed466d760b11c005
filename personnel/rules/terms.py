"""The term of an appointment (thời hạn giữ chức vụ), its end and what follows: reappointment, extension, retirement.

    term_of_appointment(effective_on, retires_from, special_months, special_citation, proposed_ends_on, day) -> Term
        the end of the term; met when the proposed end is that one
    after_the_term(term_ends_on, retires_from, proposed, day) -> Continuation
        reappointment, reappointment until retirement, extension or retirement; met when the proposed form is due
    reappointment_days(term_ends_on, day, holidays) -> ReappointmentDays
        the last days for notice and decision; raises ParameterUnknown
    reappointment_noticed(term_ends_on, noticed_on, day) -> Finding
        whether the notice came in time
    reappointment_decided(term_ends_on, decided_on, day, holidays) -> Finding
        whether the decision came in time
    reappointment_may_proceed(is_under_discipline, abroad_months, inpatient_months, is_on_maternity, day) -> Finding
        whether nothing makes the procedure wait
    term_runs(term_ends_on, day) -> Finding
        whether the office may be exercised on the day

Days: `term_ends_on` is the first day after the term (as every end in the record), `retires_from` the first day of the
pension (`Retirement.retired_from`). Source: Luật 80/2025/QH15, Điều 31; Nghị định 170/2025/NĐ-CP, Điều 28 and 36 to 40.
The term applies to appointments only: elected and designated titles end with their mandate.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from hrdb.kernel.dates import add_months, whole_months
from hrdb.kernel.findings import Citation, Finding
from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules.judging import Answer, declare, judge, judge_grounds, known, until
from personnel.rules.law import LAW
from personnel.rules.working_days import working_days_before

#: What follows a term: a further term, one that ends with retirement, an extension, or retirement itself.
ContinuationKind = Literal["reappointment", "until_retirement", "extension", "retirement"]

CONTINUATION_LABELS: Final[dict[ContinuationKind, str]] = {
    "reappointment": "Bổ nhiệm lại",
    "until_retirement": "Bổ nhiệm lại đến khi nghỉ hưu",
    "extension": "Kéo dài thời gian giữ chức vụ đến khi nghỉ hưu",
    "retirement": "Nghỉ hưu trong hoặc khi hết thời hạn",
}

TERM_LENGTH: Final = declare("term-length", "Thời hạn giữ chức vụ đúng quy định", waiver="entered")
CONTINUATION: Final = declare("term-continuation", "Hình thức khi hết thời hạn giữ chức vụ")
NOTICE: Final = declare("reappointment-notice", "Thông báo bổ nhiệm lại, kéo dài đúng hạn")
DECISION: Final = declare("reappointment-decision", "Quyết định bổ nhiệm lại, kéo dài trước khi hết thời hạn")
MAY_PROCEED: Final = declare("reappointment-may-proceed", "Không thuộc trường hợp chưa thực hiện bổ nhiệm lại")
TERM_RUNS: Final = declare("term-runs", "Còn trong thời hạn giữ chức vụ")

EFFECTIVE_LABEL: Final = "Ngày quyết định có hiệu lực"
END_LABEL: Final = "Ngày hết thời hạn giữ chức vụ"
RETIREMENT_LABEL: Final = "Ngày hưởng lương hưu"
MONTHS_LEFT_LABEL: Final = "Thời gian công tác còn lại (tháng)"


@dataclass(frozen=True, slots=True)
class Term:
    """The term of one appointment: `ends_on` is the first day after it, None when it is not known."""

    ends_on: date | None
    is_full: bool
    finding: Finding


@dataclass(frozen=True, slots=True)
class Continuation:
    """What follows a term, None when it is not known; `ends_on` is the first day after the new term or extension."""

    kind: ContinuationKind | None
    ends_on: date | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class ReappointmentDays:
    """The last day for the notice of the procedure and the last day for the decision."""

    notice_by: date
    decide_by: date
    notice_citation: Citation
    decision_citation: Citation


def term_of_appointment(
    *,
    effective_on: date | None,
    retires_from: date | None,
    day: date,
    special_months: int | None = None,
    special_citation: Citation | None = None,
    proposed_ends_on: date | None = None,
) -> Term:
    """The term of an appointment that takes effect on a day: full, to retirement, or shorter by a special law.

    Met when the proposed end is the one computed, or none is proposed. Raises ValueError for `special_months` without
    its citation: only a law shortens a term.
    """
    if special_months is not None and special_citation is None:
        raise ValueError("a shorter term needs the law that sets it")
    facts: dict[str, Any] = {EFFECTIVE_LABEL: effective_on, RETIREMENT_LABEL: retires_from}
    ends: list[date] = []

    def test(months: int) -> Answer:
        full = add_months(known(effective_on), min(months, special_months or months))
        ends.append(min(full, known(retires_from)))
        shown: dict[str, Any] = {END_LABEL: ends[0]}
        if special_citation is not None:
            shown["Thời hạn theo luật chuyên ngành (tháng)"] = special_months
            shown["Luật chuyên ngành"] = special_citation.text
        if proposed_ends_on is not None:
            shown["Ngày hết thời hạn ghi trong quyết định"] = proposed_ends_on
        is_right = proposed_ends_on in (None, ends[0]) and ends[0] > known(effective_on)
        return Answer(is_right, facts=shown)

    finding = judge(TERM_LENGTH, "term/full_months", day, facts, test)
    end = ends[0] if ends else None
    return Term(end, end is not None and end != retires_from, finding)


def after_the_term(
    *,
    term_ends_on: date | None,
    retires_from: date | None,
    day: date,
    proposed: Literal["reappointment", "extension"] | None = None,
) -> Continuation:
    """What follows the term by the months left from its end to retirement.

    Met when the proposed form is the one due, or none is proposed; a reappointment may end with retirement.
    """
    facts: dict[str, Any] = {END_LABEL: term_ends_on, RETIREMENT_LABEL: retires_from}
    found: list[tuple[ContinuationKind, date]] = []

    def test(extension_below: int, full_from: int, full: int) -> Answer:
        end, last = known(term_ends_on), known(retires_from)
        left = max(whole_months(end, last), 0)
        kind = _kind(left, end < last, extension_below, full_from)
        found.append((kind, min(add_months(end, full), last) if kind == "reappointment" else last))
        is_due = proposed in (None, "reappointment" if kind == "until_retirement" else kind)
        return Answer(is_due, facts={MONTHS_LEFT_LABEL: left, "Hình thức": CONTINUATION_LABELS[kind]})

    others = ("term/until_retirement_months", "term/full_months")
    finding = judge(CONTINUATION, "term/extension_months", day, facts, test, also=others)
    kind, ends_on = found[0] if found else (None, None)
    return Continuation(kind, ends_on, finding)


def _kind(left: int, works_on: bool, extension_below: int, full_from: int) -> ContinuationKind:
    if not works_on:
        return "retirement"
    if left < extension_below:
        return "extension"
    return "until_retirement" if left < full_from else "reappointment"


def reappointment_days(*, term_ends_on: date, day: date, holidays: Collection[date] = ()) -> ReappointmentDays:
    """The last days for notice and decision by the law of `day`; raises ParameterUnknown."""
    notice, decision = LAW["term/notice_days"].require(day), LAW["term/decision_working_days"].require(day)
    return ReappointmentDays(
        notice_by=term_ends_on - timedelta(days=int(notice.value)),
        decide_by=working_days_before(term_ends_on, int(decision.value), holidays),
        notice_citation=notice.citation,
        decision_citation=decision.citation,
    )


def reappointment_noticed(*, term_ends_on: date | None, noticed_on: date | None, day: date) -> Finding:
    """Whether the notice that the procedure starts came early enough (thông báo bổ nhiệm lại)."""

    def test(days: int) -> Answer:
        return _by(known(term_ends_on) - timedelta(days=days), noticed_on)

    return judge(NOTICE, "term/notice_days", day, {END_LABEL: term_ends_on, "Ngày thông báo": noticed_on}, test)


def reappointment_decided(
    *, term_ends_on: date | None, decided_on: date | None, day: date, holidays: Collection[date] = ()
) -> Finding:
    """Whether the decision on reappointment or extension came before the term ended."""

    def test(days: int) -> Answer:
        return _by(working_days_before(known(term_ends_on), days, holidays), decided_on)

    facts = {END_LABEL: term_ends_on, "Ngày quyết định": decided_on}
    return judge(DECISION, "term/decision_working_days", day, facts, test)


def _by(last: date, done_on: date | None) -> Answer:
    """Met when something was done on the last day for it or before."""
    return until(last + timedelta(days=1), known(done_on), facts={"Hạn cuối": last})


def reappointment_may_proceed(
    *,
    is_under_discipline: bool | None,
    abroad_months: int | None,
    inpatient_months: int | None,
    is_on_maternity: bool | None,
    day: date,
) -> Finding:
    """Whether nothing makes the procedure wait: a discipline procedure, long absence abroad or in hospital, maternity.

    Months are 0 for who is not abroad or in hospital, None when it is not known.
    """
    facts = {"Số tháng ở nước ngoài": abroad_months, "Số tháng điều trị nội trú": inpatient_months}
    try:
        long = int(LAW["term/waiting_months"].require(day).value)
    except ParameterUnknown as error:
        return error.finding(MAY_PROCEED.key, facts)
    grounds = {
        "discipline": is_under_discipline,
        "abroad": None if abroad_months is None else abroad_months >= long,
        "inpatient": None if inpatient_months is None else inpatient_months >= long,
        "maternity": is_on_maternity,
    }
    return judge_grounds(MAY_PROCEED, "term/waiting_grounds", day, grounds, facts=facts)


def term_runs(*, term_ends_on: date | None, day: date) -> Finding:
    """Whether the term still runs on `day`: after it, without a decision, the office may not be exercised."""
    facts = {END_LABEL: term_ends_on}
    return judge(TERM_RUNS, "term/full_months", day, facts, lambda _: until(known(term_ends_on), day))
