"""The report of a yearly review to the level above (báo cáo kết quả rà soát): figures, people, structure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from hrdb.kernel.screens.formats import number_text, percent_text
from personnel.models import Cadre
from personnel.reports.roster_list import ListRow, list_rows
from personnel.rules.judging import RULES
from planning.choices import STANDING, CandidateState
from planning.models import Candidate, PlanningRound
from planning.reports.papers import paper_pdf
from planning.rules.review import AGES_OUT, REMOVALS, told
from planning.statistics.names import unit_names
from planning.statistics.review import review_counts
from planning.statistics.structure import ListStructure, list_structure

if TYPE_CHECKING:
    from hrdb.kernel.models import User

COUNT_LABELS = {
    "carried": "Số lượt người trong danh sách trước",
    "removed": "Đưa ra khỏi quy hoạch",
    "added": "Bổ sung vào quy hoạch",
    "standing": "Số lượt người sau rà soát",
    "overruled": "Giữ lại dù thuộc diện đề xuất đưa ra",
    "undecided": "Đề xuất đưa ra chưa có ý kiến",
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """Somebody named in the report."""

    number: int
    name: str
    born: str
    post: str
    seat: str
    object: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReportPart:
    """The people of one kind."""

    title: str
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class StructureRow:
    """A share before and after."""

    label: str
    before: str
    after: str
    asked: str


@dataclass(frozen=True)
class ReviewReport:
    """Everything that page, workbook and paper show."""

    round: PlanningRound
    figures: tuple[tuple[str, int], ...]
    parts: tuple[ReportPart, ...]
    structure: tuple[StructureRow, ...]
    people: frozenset[int]


def review_report(planning_round: PlanningRound, user: User | None) -> ReviewReport:
    """The report of a review, of what the reader sees of it."""
    listed = Candidate.objects.filter(seat__round=planning_round).visible_to(user)
    rows = list(listed.select_related("cadre", "seat__title").order_by("seat__position", "seat_id", "position", "pk"))
    parts = {
        "Đưa ra khỏi quy hoạch": [row for row in rows if row.carried_from_id and not row.is_standing],
        "Bổ sung vào quy hoạch": [row for row in rows if not row.carried_from_id and row.is_standing],
        "Giữ lại dù thuộc diện đề xuất đưa ra": [row for row in rows if _is_overruled(row)],
        "Tiếp tục quy hoạch, cần theo dõi": [row for row in rows if _is_warned(row)],
    }
    named = [row for found in parts.values() for row in found]
    posts, names = (
        _posts(named, planning_round, user),
        unit_names({row.seat.unit_id for row in named}, planning_round.day),
    )
    counts = review_counts(listed)
    return ReviewReport(
        round=planning_round,
        figures=tuple((words, counts[key]) for key, words in COUNT_LABELS.items()),
        parts=tuple(ReportPart(title, tuple(_lines(found, posts, names))) for title, found in parts.items()),
        structure=tuple(_structure(planning_round, listed, user)),
        people=frozenset(row.cadre_id for row in named),
    )


def review_pdf(report: ReviewReport) -> bytes:
    """The report on paper."""
    return paper_pdf("review.html", {"report": report, "round": report.round})


def _is_overruled(row: Candidate) -> bool:
    return row.is_standing and row.review.get("decided") == "keep"


def _is_warned(row: Candidate) -> bool:
    return row.state == CandidateState.KEPT and row.review.get("proposal") == "warn"


def _posts(rows: Iterable[Candidate], planning_round: PlanningRound, user: User | None) -> dict[int, ListRow]:
    people = list(Cadre.objects.filter(pk__in={row.cadre_id for row in rows}))
    return {cadre.pk: row for cadre, row in zip(people, list_rows(people, planning_round.day, user), strict=True)}


def _lines(rows: Iterable[Candidate], posts: dict[int, ListRow], names: dict[int, str]) -> Iterable[ReportRow]:
    for number, row in enumerate(rows, 1):
        held = posts[row.cadre_id]
        yield ReportRow(
            number=number,
            name=row.cadre.full_name,
            born=held.born_male or held.born_female,
            post=", ".join(filter(None, (held.title, held.unit))),
            seat=", ".join(filter(None, (row.seat.title.name, names.get(row.seat.unit_id, "")))),
            object=row.object,
            reason=_reason(row),
        )


def _reason(row: Candidate) -> str:
    """The officer's reason, else what the rules say."""
    if row.reason or row.review.get("reason"):
        return str(row.reason or row.review["reason"])
    words = {**REMOVALS, AGES_OUT: "Đến kỳ rà soát sau không còn đủ tuổi"}
    return "; ".join(words.get(rule) or rule_words(rule) for rule in told(row.review))


def rule_words(rule: str) -> str:
    """What a rule of eligibility asks, as not met."""
    known = RULES.get(rule)
    return f"Chưa đạt: {known.label[0].lower()}{known.label[1:]}" if known is not None else rule


def _structure(planning_round: PlanningRound, listed: QuerySet[Any], user: User | None) -> Iterable[StructureRow]:
    after = list_structure(listed.filter(state__in=STANDING), planning_round)
    before = None
    if planning_round.follows is not None:
        held = Candidate.objects.filter(seat__round=planning_round.follows).visible_to(user)
        approved = held.filter(state__in=(CandidateState.APPROVED, CandidateState.REMOVED))
        before = list_structure(approved, planning_round.follows)
    for measure in after.measures:
        aim = measure.aim
        asked = percent_text(float(aim.percent) / 100) if aim is not None and aim.percent is not None else ""
        yield StructureRow(measure.label, _share(before, measure.metric), _share(after, measure.metric), asked)


def _share(structure: ListStructure | None, metric: str) -> str:
    found = structure.measure(metric) if structure is not None else None
    if found is None or found.percent is None:
        return "—"
    return f"{number_text(found.count)} người ({percent_text(float(found.percent) / 100)})"
