"""What may not be entered of a person at all, the same for a cell of the grid, a form, a sheet and a correction."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError

from appraisal.models import Rating
from appraisal.rules.law import LAW
from appraisal.rules.levels import frames_of_parts
from appraisal.statistics.checking import OFF_DUTY, OFF_DUTY_REASON
from hrdb.kernel.screens.formats import number_text

BAD_SCORE: Final = "bad-score"
SUM_MISMATCH: Final = "score-sum-mismatch"
SCORE_OF_EXCLUDED: Final = "score-of-excluded"
NO_MEMBER: Final = "not-party-member"
NO_REASON: Final = "missing-reason"

#: The parts of a score: field, name in the frame, label.
PARTS: Final = (
    ("general_score", "general", "Điểm tiêu chí chung"),
    ("results_score", "results", "Điểm kết quả thực hiện nhiệm vụ"),
)
#: A part has no more than the whole where the law gives no frame.
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class EntryFault:
    """What is wrong with a field, and the fields from which it follows."""

    field: str
    code: str
    message: str
    of: frozenset[str]


def entry_faults(
    row: Rating, *, day: date, is_member: bool, touched: Collection[str] | None = None
) -> list[EntryFault]:
    """What is wrong with a row as it would be written; of the touched fields alone where given.

    `day` is the last of the cycle, `is_member` whether the person belongs to the Party on it.
    """
    found = [*_of_sum(row), *_of_parts(row, day), *_of_exclusion(row), *_of_party(row, is_member), *_of_grounds(row)]
    return [one for one in found if touched is None or one.of & set(touched)]


def require_sound(row: Rating, *, day: date, is_member: bool, touched: Collection[str] | None = None) -> None:
    """Raise a ValidationError by field when something is wrong."""
    faults = entry_faults(row, day=day, is_member=is_member, touched=touched)
    if faults:
        raise ValidationError(
            {one.field: ValidationError(one.message, code=one.code) for one in faults[::-1]}
        )  # the first of a field stands


def _of_parts(row: Rating, day: date) -> Iterator[EntryFault]:
    frames = frames_of_parts(day)
    held = LAW["levels/parts"].at(day)
    cited = f" ({held.citation.text})" if held is not None and frames is not None else ""
    for field, name, label in PARTS:
        score: Decimal | None = getattr(row, field)
        most = _WHOLE if frames is None else frames[name]
        if score is not None and not 0 <= score <= most:
            yield EntryFault(field, BAD_SCORE, f"{label} phải từ 0 đến {most}{cited}.", frozenset({field}))


def _of_sum(row: Rating) -> Iterator[EntryFault]:
    general, results = row.general_score, row.results_score
    if row.score is None or general is None or results is None or row.score == general + results:
        return
    yield EntryFault(
        "score",
        SUM_MISMATCH,
        f"Điểm {number_text(row.score)} không bằng tổng điểm tiêu chí chung và điểm kết quả "
        f"({number_text(general)} + {number_text(results)} = {number_text(general + results)}). "
        "Hãy sửa điểm từng phần, hoặc để điểm tự tính.",
        frozenset({"score", "general_score", "results_score"}),
    )


def _of_exclusion(row: Rating) -> Iterator[EntryFault]:
    if row.exclusion and row.score is not None:
        yield EntryFault(
            "score",
            SCORE_OF_EXCLUDED,
            f"Người không xếp loại ({row.get_exclusion_display().lower()}) thì không có điểm: "
            "hãy xóa điểm, hoặc bỏ lý do không xếp loại.",
            frozenset({"score", "general_score", "results_score", "exclusion"}),
        )


def _of_party(row: Rating, is_member: bool) -> Iterator[EntryFault]:
    if row.party_level and not is_member:
        yield EntryFault(
            "party_level",
            NO_MEMBER,
            "Người này không phải là đảng viên vào ngày cuối kỳ nên không có mức xếp loại đảng viên; "
            "nếu hồ sơ thiếu ngày vào Đảng thì hãy bổ sung hồ sơ trước.",
            frozenset({"party_level"}),
        )


def _of_grounds(row: Rating) -> Iterator[EntryFault]:
    if row.grounds.get(OFF_DUTY) and not str(row.grounds.get(OFF_DUTY_REASON, "")).strip():
        message = "Hãy ghi vì sao kỷ luật không liên quan đến công vụ (số, ngày quyết định kỷ luật, hành vi)."
        yield EntryFault(OFF_DUTY_REASON, NO_REASON, message, frozenset({"grounds"}))
