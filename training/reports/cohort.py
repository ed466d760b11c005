"""The chosen list of a class with its reasons (danh sách học viên được chọn), for workbook and paper.

What leaves the server goes to readers of all kinds: points stand there as a sum, need in one part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from appraisal.reports.tables import Head, ReportTable
from hrdb.kernel.dates import format_date
from personnel.choices import Sex
from training.choices import MemberState
from training.models import ClassMember, TrainingClass
from training.statistics.choosing.proposal import Line, Proposal

HEADS: Final = (
    Head("STT", "integer", 10),
    Head("Họ và tên", "text", 44),
    Head("Ngày sinh", "text", 22),
    Head("Giới tính", "text", 16),
    Head("Chức vụ", "text", 44),
    Head("Đơn vị", "text", 44),
    Head("Điểm ưu tiên", "integer", 18),
    Head("Vì sao", "text"),
)

Rows = list[tuple[Any, ...]]


def proposed_tables(proposal: Proposal, day: date) -> list[ReportTable]:
    """The list as it was proposed and not confirmed."""
    caption = (*_caption(proposal.training_class), f"Gợi ý ngày {format_date(day)}, chưa chốt")
    notes = tuple(f"{line.label}: {line.asked}, danh sách có {line.actual}." for line in proposal.quota_lines)
    return _tables("Dự kiến danh sách học viên", caption, _lines(proposal.chosen), _lines(proposal.reserves), notes)


def settled_tables(
    training_class: TrainingClass,
    members: Iterable[ClassMember],
    posts: Mapping[int, str],
    units: Mapping[int, str],
) -> list[ReportTable]:
    """The list as it was confirmed, of members in their order; `posts` by person, `units` by unit."""
    listed = list(members)
    reserves = [row for row in listed if row.state == MemberState.RESERVE]
    chosen = [row for row in listed if row.state not in (MemberState.RESERVE, MemberState.DECLINED)]
    rows = [
        [_member(number, row, posts, units) for number, row in enumerate(some, start=1)] for some in (chosen, reserves)
    ]
    return _tables("Danh sách học viên được chọn", _caption(training_class), rows[0], rows[1])


def _tables(
    title: str, caption: Sequence[str], chosen: Rows, reserves: Rows, notes: tuple[str, ...] = ()
) -> list[ReportTable]:
    found = [ReportTable(title, "Được chọn", HEADS, tuple(chosen), caption=tuple(caption), notes=notes)]
    if reserves:
        found.append(ReportTable("Danh sách dự bị", "Dự bị", HEADS, tuple(reserves), caption=tuple(caption)))
    return found


def _caption(training_class: TrainingClass) -> tuple[str, ...]:
    if training_class.begins_on is None:
        return (training_class.name,)
    until = f" đến {format_date(training_class.ends_on)}" if training_class.ends_on else ""
    return (training_class.name, f"Học từ {format_date(training_class.begins_on)}{until}")


def _lines(lines: Iterable[Line]) -> Rows:
    return [
        (
            number,
            line.person.name,
            born_text(line.person.born, line.person.born_precision),
            Sex.FEMALE.label if line.person.is_woman else Sex.MALE.label,
            line.person.post,
            line.person.unit,
            line.person.priority.total,
            f"{line.sentence} {line.person.priority.folded().text}.",
        )
        for number, line in enumerate(lines, start=1)
    ]


def _member(number: int, row: ClassMember, posts: Mapping[int, str], units: Mapping[int, str]) -> tuple[Any, ...]:
    cadre = row.cadre
    return (
        number,
        cadre.full_name,
        born_text(cadre.born, cadre.born_precision),
        cadre.get_sex_display(),
        posts.get(cadre.pk, ""),
        units.get(row.unit_id, ""),
        "" if row.priority is None else int(row.priority),
        row.reason,
    )


def born_text(born: date | None, precision: Any) -> str:
    """A day of birth as far as it is known."""
    return "" if born is None else format_date(born, precision)
