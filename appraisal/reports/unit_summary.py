"""The summary of one unit (bảng tổng hợp của đơn vị): each person, the levels in figures, the caps; approved or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from appraisal.choices import FROZEN_SUBMISSIONS, Exclusion, LevelChoice
from appraisal.models import Rating, RatingCycle, UnitRating, UnitSubmission
from appraisal.reports.tables import Head, ReportTable
from appraisal.statistics.checking import UnitCheck
from appraisal.statistics.groups import GroupCheck
from appraisal.statistics.sheet import people_in_order
from hrdb.kernel.dates import format_date
from personnel.choices import TitleGroup


@dataclass(frozen=True)
class UnitLine:
    """One person of the summary."""

    cadre_id: int
    name: str
    title: str
    group: str
    self_score: Any
    score: Any
    level: str
    party_level: str
    note: str


class UnitSummaryReport:
    """The summary of a unit as it stands; of an approved one as it was approved, with its hash."""

    title = "Bảng tổng hợp đánh giá, xếp loại"

    def __init__(
        self,
        cycle: RatingCycle,
        unit_name: str,
        check: UnitCheck,
        submission: UnitSubmission,
        groups: Sequence[GroupCheck],
        hidden: int | None = None,
    ) -> None:
        self.cycle, self.unit_name, self.check, self.submission = cycle, unit_name, check, submission
        self.groups, self._hidden = groups, hidden

    @property
    def is_approved(self) -> bool:
        """Whether it is what was approved."""
        return self.submission.state in FROZEN_SUBMISSIONS

    @property
    def lead(self) -> str:
        """Unit, cycle, where it stands."""
        state = self.submission.get_state_display().lower()
        day = f" ngày {format_date(self.submission.approved_on)}" if self.submission.approved_on else ""
        return f"{self.unit_name} · {self.cycle.name} · {state}{day}"

    def lines(self) -> list[UnitLine]:
        """Everybody; of an approved unit with the values that were approved."""
        frozen = {one["cadre"]: one for one in (self.submission.content or {}).get("people", ())}
        people = people_in_order(self.check)
        return [self._line(cadre.pk, cadre.full_name, frozen) for cadre in people if not frozen or cadre.pk in frozen]

    def _line(self, pk: int, name: str, frozen: dict[int, dict[str, Any]]) -> UnitLine:
        rated, row = self.check.rated[pk], self.check.ratings.get(pk)
        group = TitleGroup(rated.title_group).label
        if pk == self._hidden or row is None:
            return UnitLine(pk, name, rated.title, group, None, None, "", "", "")
        held: Any = frozen[pk] if self.is_approved and pk in frozen else _plain(row)
        return UnitLine(
            pk,
            name,
            rated.title,
            group,
            row.self_score,
            None if held["score"] in ("", None) else float(held["score"]),
            _level(held["level"], held["exclusion"]),
            LevelChoice(held["party_level"]).label if held["party_level"] else "",
            held["note"],
        )

    def tables(self) -> list[ReportTable]:
        """People, then the comparable groups."""
        return [self._people(), self._groups()]

    def _people(self) -> ReportTable:
        lines = self.lines()
        own = UnitRating.objects.filter(cycle=self.cycle, unit_id=self.check.unit_id).first()
        counts = [f"{label}: {sum(line.level == label for line in lines)}" for label in LevelChoice.labels]
        notes = [f"Tổng số {len(lines)} người. " + "; ".join(counts) + "."]
        if own is not None and own.level:
            notes.append(f"Đơn vị được xếp loại: {own.get_level_display()}.")
        if self.is_approved:
            notes.append(f"Mã băm nội dung đã duyệt (SHA-256): {self.submission.sha256}")
        return ReportTable(
            title=self.title,
            name="Xếp loại",
            heads=(
                Head("TT", "integer", 10),
                Head("Họ và tên", width=48),
                Head("Chức vụ, chức danh", width=48),
                Head("Điểm tự chấm", "decimal", 18),
                Head("Điểm", "decimal", 16),
                Head("Mức xếp loại", width=46),
                Head("Đảng viên", width=40),
                Head("Ghi chú"),
            ),
            rows=tuple(
                (
                    place,
                    line.name,
                    line.title or line.group,
                    line.self_score,
                    line.score,
                    line.level,
                    line.party_level,
                    line.note,
                )
                for place, line in enumerate(lines, 1)
            ),
            caption=(self.lead,),
            notes=tuple(notes),
        )

    def _groups(self) -> ReportTable:
        return ReportTable(
            title="Tỷ lệ hoàn thành xuất sắc theo nhóm tương đồng",
            name="Tỷ lệ xuất sắc",
            heads=(
                Head("Nhóm", width=80),
                Head("Số người", "integer", 20),
                Head("Xuất sắc", "integer", 20),
                Head("Hoàn thành tốt", "integer", 22),
                Head("Xuất sắc tối đa", "integer", 22),
                Head("Vượt", "integer", 16),
                Head("Căn cứ"),
            ),
            rows=tuple(
                (
                    group.label,
                    group.people,
                    group.excellent,
                    group.good,
                    group.allowed,
                    group.too_many or None,
                    group.finding.citation.text if group.finding.citation else "",
                )
                for group in self.groups
            ),
            caption=(self.lead,),
        )


def _plain(row: Rating) -> dict[str, Any]:
    names = ("score", "level", "party_level", "exclusion", "note")
    return {name: getattr(row, name) for name in names}


def _level(level: str, exclusion: str) -> str:
    if exclusion:
        return f"Không xếp loại: {Exclusion(exclusion).label.lower()}"
    return str(LevelChoice(level).label) if level else ""
