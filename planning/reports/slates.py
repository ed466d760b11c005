"""A slate in words (phương án nhân sự): one computation that page, workbook and paper show, and slates side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from hrdb.kernel.findings import Finding
from hrdb.kernel.models import User
from hrdb.kernel.screens.formats import date_text, number_text
from personnel.models import Cadre
from personnel.rules.judging import RULES
from personnel.services.decisions.kinds import ActGroup
from planning.models import Slate
from planning.reports.papers import paper_pdf
from planning.services.slates.rehearsing import HeldPost, RehearsedMove, RehearsedSlate, rehearse_slate
from planning.statistics.names import unit_names
from planning.statistics.slates import BenchChange, PostChange, QuotaChange, TeamChange
from planning.statistics.teams import TeamStructure

#: Slates side by side at once.
MOST_COMPARED = 3
#: Holders and successors that a line names.
MOST_NAMED = 6
HIDDEN = "người thuộc đơn vị khác"
NO_POST, WAITING, LEFT = "chưa ghi chức danh", "Chờ bố trí công tác", "Rời cơ quan"
TEAM_HEADS = ("Số người", "Cấp phó", "Nữ", "Trẻ", "Dân tộc thiểu số", "Đảng viên", "Tuổi trung bình", "Trình độ")


@dataclass(frozen=True)
class MoveLine:
    """One move in words; `verdict` is what stands in its way in short, `notes` that at length."""

    one: RehearsedMove
    name: str
    born: str
    kind: str
    before: str
    after: str
    authority: str
    verdict: str
    notes: tuple[str, ...]
    further: tuple[tuple[str, str], ...]
    decision: str

    @property
    def place(self) -> int:
        """Which move it is."""
        return self.one.place

    @property
    def state(self) -> str:
        """What decides: signed, fault, blocked, unknown or met."""
        if self.one.planned is None:
            return "signed"
        if self.one.faults:
            return "fault"
        return "blocked" if self.one.blocking else "unknown" if self.one.unknown else "met"


@dataclass(frozen=True)
class QuotaLine:
    """The establishment of a unit in words."""

    row: QuotaChange
    unit: str
    assigned: str
    remark: str


@dataclass(frozen=True)
class PostLine:
    """A leadership title of a unit in words."""

    row: PostChange
    unit: str
    seats: str
    before: str
    after: str
    remark: str


@dataclass(frozen=True)
class TeamLine:
    """A leadership team in words; `cells` are pairs before and after, by TEAM_HEADS."""

    row: TeamChange
    unit: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BenchLine:
    """Who is planned for a post, in words: each with what becomes of him."""

    row: BenchChange
    unit: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SlateReport:
    """Everything that is shown of a slate."""

    slate: Slate
    rehearsed: RehearsedSlate
    moves: tuple[MoveLine, ...]
    quotas: tuple[QuotaLine, ...]
    posts: tuple[PostLine, ...]
    teams: tuple[TeamLine, ...]
    benches: tuple[BenchLine, ...]
    people: frozenset[int]

    @property
    def sums(self) -> dict[str, int]:
        """How many moves stand how."""
        states = [line.state for line in self.moves]
        return {key: states.count(key) for key in ("fault", "blocked", "unknown", "met", "signed")}

    @property
    def over_filled(self) -> int:
        """How many posts would have more holders than seats."""
        return sum(bool(line.row.over) for line in self.posts)

    @property
    def emptied(self) -> int:
        """How many posts nobody would hold."""
        return sum(line.row.is_empty for line in self.posts)

    @property
    def is_clear(self) -> bool:
        """Whether nothing is known to stand in the way."""
        return bool(self.moves) and not (self.sums["fault"] or self.sums["blocked"])


def slate_report(slate: Slate, user: User | None, *, moves: Sequence[Any] | None = None) -> SlateReport:
    """The slate judged now, in words; a constant number of queries."""
    rehearsed = rehearse_slate(slate, user=user, moves=moves)
    effects = rehearsed.effects
    standings = [standing for one in rehearsed.moves for standing in (one.before, one.after)]
    units = effects.units | {post.unit_id for one in standings for post in one.posts if post.unit_id}
    said = _said_rows(rehearsed.moves)
    units |= {value.pk for values in said for value in values.values() if _is_unit(value)}
    units |= {one.move.unit_id for one in rehearsed.moves if one.move.unit_id}
    names = unit_names(units, slate.day) if units else {}
    seen = Cadre.objects.visible_to(user).filter(pk__any=sorted(effects.people))
    people = dict(seen.values_list("pk", "full_name")) if effects.people else {}
    return SlateReport(
        slate=slate,
        rehearsed=rehearsed,
        moves=tuple(_move(one, values, names, slate) for one, values in zip(rehearsed.moves, said, strict=True)),
        quotas=tuple(_quota(row, names) for row in effects.quotas),
        posts=tuple(_post(row, names, people) for row in effects.posts),
        teams=tuple(TeamLine(row, names.get(row.unit_id, ""), tuple(_team(row))) for row in effects.teams),
        benches=tuple(_bench(row, names, people) for row in effects.benches),
        people=frozenset({one.move.cadre_id for one in rehearsed.moves} | people.keys()),
    )


def slate_pdf(report: SlateReport) -> bytes:
    """The slate on paper."""
    return paper_pdf("slate.html", {"report": report, "slate": report.slate, "heads": TEAM_HEADS})


def rule_name(found: Finding) -> str:
    """What a condition is called."""
    rule = RULES.get(found.rule)
    return rule.label if rule is not None else found.rule


def _said_rows(moves: Iterable[RehearsedMove]) -> list[Mapping[str, Any]]:
    return [one.planned.case.values if one.planned is not None else {} for one in moves]


def _is_unit(value: Any) -> bool:
    return isinstance(value, Model) and value._meta.label_lower == "personnel.unit"


def _move(one: RehearsedMove, values: Mapping[str, Any], names: Mapping[int, str], slate: Slate) -> MoveLine:
    cadre, decision = one.move.cadre, one.move.decision
    shown = {
        item.key: names.get(values[item.key].pk, "") if _is_unit(values[item.key]) else item.shown(values[item.key])
        for item in one.act.fields
        if values.get(item.key) not in (None, "", False)
    }
    further = [(item.label, shown[item.key]) for item in one.act.fields if item.key in shown]
    after = _after(one, names) or ", ".join(filter(None, (shown.get("title", ""), shown.get("unit", ""))))
    if one.planned is None:
        given = (one.move.title.name if one.move.title else "", names.get(one.move.unit_id or 0, ""))
        after = ", ".join(filter(None, given))
    return MoveLine(
        one=one,
        name=cadre.full_name,
        born=cadre.birth.text if cadre.birth is not None else "",
        kind=one.act.label,
        before=_posts(one.before.posts, names),
        after=after,
        authority=str(one.authority.label),
        verdict=_verdict(one),
        notes=tuple(_notes(one)),
        further=tuple(further),
        decision=_decision_words(decision, slate) if decision is not None else "",
    )


def _decision_words(decision: Any, slate: Slate) -> str:
    """The decision and where it stands on the slate's day."""
    state = decision.state_on(slate.day)
    return f"{decision} · {state}" if decision.is_issued else str(state)


def _posts(posts: Sequence[HeldPost], names: Mapping[int, str], untitled: str = NO_POST) -> str:
    told = (", ".join(filter(None, (post.title or untitled, names.get(post.unit_id or 0, "")))) for post in posts)
    return "; ".join(told)


def _after(one: RehearsedMove, names: Mapping[int, str]) -> str:
    """What the move makes of him; empty where it is impossible or says nothing of posts."""
    if one.planned is None or one.faults:
        return ""
    if one.before.stand.is_counted and not one.after.stand.is_counted:
        return LEFT
    told = _posts(one.after.posts, names, WAITING if one.act.group == ActGroup.LEAVING_POST else NO_POST)
    return told if one.before.posts != one.after.posts else f"Giữ nguyên: {told}" if told else ""


def _verdict(one: RehearsedMove) -> str:
    if one.planned is None:
        return "đã ký"
    if one.faults:
        return "chưa lập được"
    if one.blocking:
        return f"{len(one.blocking)} điều chưa đạt"
    return f"{len(one.unknown)} điều chưa rõ" if one.unknown else "đủ điều kiện"


def _notes(one: RehearsedMove) -> Iterable[str]:
    yield from one.faults
    yield from one.hints
    if one.blocking:
        yield f"Chưa đạt: {_named(one.blocking)}"
    if one.unknown:
        yield f"Chưa rõ: {_named(one.unknown)}"


def _named(findings: Iterable[Finding]) -> str:
    """What some conditions are called, each name once."""
    return "; ".join(dict.fromkeys(rule_name(found) for found in findings))


def _quota(row: QuotaChange, names: Mapping[int, str]) -> QuotaLine:
    remark = f"vượt {number_text(row.over)}" if row.over else ""
    if row.assigned is not None and not row.over:
        free = row.assigned - row.after
        remark = f"còn {number_text(free)} chỗ" if free else "vừa đủ"
    assigned = number_text(row.assigned) if row.assigned is not None else "chưa giao"
    return QuotaLine(row, names.get(row.unit_id, ""), assigned, remark)


def _post(row: PostChange, names: Mapping[int, str], people: Mapping[int, str]) -> PostLine:
    remark = f"thừa {number_text(row.over)} người" if row.over else "khuyết" if row.is_empty else ""
    return PostLine(
        row=row,
        unit=names.get(row.unit_id, ""),
        seats=number_text(row.seats) if row.seats is not None else "chưa khai",
        before=_holders(row.before, row.after, people, "rời"),
        after=_holders(row.after, row.before, people, "đến"),
        remark=remark,
    )


def _holders(holders: Sequence[int], others: Sequence[int], people: Mapping[int, str], verb: str) -> str:
    """Who holds a post; of many only how many, and who is not there on the other side."""
    if len(holders) <= MOST_NAMED:
        return ", ".join(people.get(pk, HIDDEN) for pk in holders)
    changed = ", ".join(people.get(pk, HIDDEN) for pk in holders if pk not in others)
    return f"{number_text(len(holders))} người" + (f", {verb}: {changed}" if changed else "")


def _team(row: TeamChange) -> Iterable[tuple[str, str]]:
    """The pairs of a team, before and after, by TEAM_HEADS."""
    before, after = _figures(row.before, row.deputies_before), _figures(row.after, row.deputies_after)
    return zip(before, after, strict=True)


def _figures(team: TeamStructure, deputies: int) -> tuple[str, ...]:
    counts = (team.people, deputies, team.female, team.young, team.minority, team.party)
    age = number_text(float(team.mean_age), 1) if team.mean_age is not None else "—"
    return (*map(number_text, counts), age, team.degrees_text or "—")


def _bench(row: BenchChange, names: Mapping[int, str], people: Mapping[int, str]) -> BenchLine:
    told = []
    for one in sorted(row.successors, key=lambda one: (one.cadre_id not in row.placed, not one.is_ready(row.day))):
        place = row.placed.get(one.cadre_id)
        if place is not None:
            words = f"đã bố trí ở bước {place}"
        elif one.is_ready(row.day):
            words = "chưa rõ" if one.standing == "unknown" else "sẵn sàng"
        else:
            words = f"từ {date_text(one.starts)}" if one.starts is not None and one.starts > row.day else "không còn đủ"
        told.append((people.get(one.cadre_id, HIDDEN), words))
    if len(told) > MOST_NAMED:
        told = [*told[:MOST_NAMED], (f"và {number_text(len(told) - MOST_NAMED)} người khác", "")]
    return BenchLine(row, names.get(row.unit_id, ""), tuple(told))


@dataclass(frozen=True)
class ComparedLine:
    """One line of the comparison: what it is about, and what each slate says of it."""

    head: str
    sub: str
    cells: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the slates say different things."""
        return len(set(self.cells)) > 1


@dataclass(frozen=True)
class ComparedPart:
    """Lines of one subject."""

    title: str
    lines: tuple[ComparedLine, ...]


def compare(reports: Sequence[SlateReport]) -> list[ComparedPart]:
    """Slates side by side: how many moves stand how, each person, establishment, posts, teams, benches."""
    parts = [
        ComparedPart("Tổng hợp", tuple(_sums(reports))),
        ComparedPart("Từng người", tuple(_people(reports))),
        ComparedPart(
            "Biên chế sau phương án",
            _lines(reports, "quotas", lambda line: (line.unit, ""), _quota_cell),
        ),
        ComparedPart(
            "Người giữ chức vụ sau phương án",
            _lines(reports, "posts", lambda line: (line.row.title, line.unit), _post_cell),
        ),
        ComparedPart(
            "Tập thể lãnh đạo sau phương án", _lines(reports, "teams", lambda line: (line.unit, ""), _team_cell)
        ),
        ComparedPart(
            "Nguồn kế cận còn lại",
            _lines(reports, "benches", lambda line: (line.row.title, line.unit), _bench_cell),
        ),
    ]
    return [part for part in parts if part.lines]


def _sums(reports: Sequence[SlateReport]) -> Iterable[ComparedLine]:
    asked: tuple[tuple[str, Any], ...] = (
        ("Ngày dự kiến", lambda one: date_text(one.slate.day)),
        ("Số bước", lambda one: number_text(len(one.moves))),
        ("Bước chưa lập được", lambda one: number_text(one.sums["fault"])),
        ("Bước có điều chưa đạt", lambda one: number_text(one.sums["blocked"])),
        ("Bước chỉ còn điều chưa rõ", lambda one: number_text(one.sums["unknown"])),
        ("Chức vụ thừa người", lambda one: number_text(one.over_filled)),
        ("Chức vụ khuyết", lambda one: number_text(one.emptied)),
    )
    for head, read in asked:
        yield ComparedLine(head, "", tuple(read(one) for one in reports))


def _people(reports: Sequence[SlateReport]) -> Iterable[ComparedLine]:
    """Everybody whom one of the slates moves, in the order of the first that does."""
    found: dict[int, MoveLine] = {}
    for report in reports:
        for line in report.moves:
            found.setdefault(line.one.move.cadre_id, line)
    for pk, first in found.items():
        cells = []
        for report in reports:
            own = next((line for line in report.moves if line.one.move.cadre_id == pk), None)
            after = f": {own.after}" if own is not None and own.after else ""
            cells.append(f"{own.kind}{after} ({own.verdict})" if own is not None else "Không thay đổi")
        yield ComparedLine(first.name, first.before, tuple(cells))


def _lines(reports: Sequence[SlateReport], name: str, key: Any, cell: Any) -> tuple[ComparedLine, ...]:
    """Lines of what one of the slates touches; the others leave it as it is."""
    by_key: list[dict[Any, Any]] = [{key(line): line for line in getattr(report, name)} for report in reports]
    heads = dict.fromkeys(head for known in by_key for head in known)
    found = []
    for head in heads:
        first = next(known[head] for known in by_key if head in known)
        cells = tuple(cell(known[head], True) if head in known else cell(first, False) for known in by_key)
        found.append(ComparedLine(head[0], head[1], cells))
    return tuple(found)


def _quota_cell(line: QuotaLine, is_touched: bool) -> str:
    count = line.row.after if is_touched else line.row.before
    remark = f" ({line.remark})" if is_touched and line.row.over else ""
    return f"{number_text(count)}/{line.assigned}{remark}"


def _post_cell(line: PostLine, is_touched: bool) -> str:
    names = line.after if is_touched else line.before
    remark = f" ({line.remark})" if is_touched and line.row.over else ""
    return f"{names or 'Khuyết'}{remark}"


def _team_cell(line: TeamLine, is_touched: bool) -> str:
    figures = [pair[1] if is_touched else pair[0] for pair in line.cells]
    told = [f"{head}: {figure}" for head, figure in zip(TEAM_HEADS[:-1], figures, strict=False)]
    return "; ".join(told)


def _bench_cell(line: BenchLine, is_touched: bool) -> str:
    return f"{number_text(line.row.after if is_touched else line.row.before)} người sẵn sàng"
