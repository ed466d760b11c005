"""Coverage (độ phủ quy hoạch): the bench of every seat, by quarter for five years, and people planned everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.charts import curve
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import date_text, number_text
from hrdb.kernel.templatetags.hr_screens import label
from planning.filters.coverage import CoverageFilters
from planning.rules.bench import WHY_LABELS, YEARS, Bench
from planning.services.reading import log_seen, log_taken_out
from planning.statistics.coverage import Coverage, coverage_for, names_of
from planning.statistics.names import unit_names
from planning.views.lines import ShownPerson, shown_people
from planning.views.opening import PlanningScreen

CHART_WIDTH, CHART_HEIGHT = 1_060, 190
#: From how many posts on somebody is planned everywhere.
EVERYWHERE = 2
#: Names that a row shows.
MOST_NAMED = 5


@dataclass
class ShownBench:
    """A seat's bench as a row."""

    bench: Bench
    day: date
    unit: str
    names: dict[int, str]

    @property
    def pk(self) -> str:
        """A key of the row."""
        return f"{self.bench.title_id}-{self.bench.unit_id}"

    @property
    def leaves(self) -> str:
        """Who leaves the seat first, and why."""
        found = self.bench.next_leaving
        return f"{self.names.get(found.cadre_id, '')} {WHY_LABELS[found.why]}".strip() if found else ""

    @property
    def people(self) -> str:
        """Who could succeed, with what is not certain of each."""
        told = [_named(self.names.get(one.cadre_id, ""), one.standing, one.starts) for one in self.bench.successors]
        more = f" và {number_text(len(told) - MOST_NAMED)} người khác" if len(told) > MOST_NAMED else ""
        return ", ".join(told[:MOST_NAMED]) + more


def _named(name: str, standing: str, starts: date | None) -> str:
    if standing == "unknown":
        return f"{name} (chưa rõ)"
    if standing == "later" and starts is not None:
        return f"{name} (từ {date_text(starts)})"
    return f"{name} (không còn đủ)" if standing == "not_met" else name


def _now(row: ShownBench) -> SafeString | str:
    """How many could take the seat now."""
    count = row.bench.count(row.day)
    return label("không có", "bad") if not count else label("1", "warn") if count == 1 else str(count)


def _lost(row: ShownBench) -> SafeString | str:
    found = row.bench.lost_on(row.day)
    return label(date_text(found), "warn", "clock-3") if found else ""


_LATE = date.max
#: In which order the rows may stand, by the key of the column.
ORDERS: dict[str, Callable[[Bench, date], Any]] = {
    "seat": lambda bench, day: (bench.title, bench.unit_id),
    "leaves": lambda bench, day: bench.next_leaving.day if bench.next_leaving else _LATE,
    "now": lambda bench, day: bench.count(day),
    "one": lambda bench, day: bench.within(day, 1),
    "three": lambda bench, day: bench.within(day, 3),
    "five": lambda bench, day: bench.after(day, YEARS),
    "lost": lambda bench, day: bench.lost_on(day) or _LATE,
}


class CoverageScreen(PlanningScreen):
    """What the pages of coverage share."""

    @cached_property
    def coverage(self) -> Coverage:
        """Every seat that the reader plans or approves, on the day that is asked."""
        return coverage_for(self.reader, self.day)


class CoverageList(CoverageScreen, ListScreen):
    """Every seat with its bench; over them the benches by quarter."""

    title = "Độ phủ quy hoạch"
    noun = "chức danh"
    template_name = "planning/coverage.html"
    default_sort = "lost"
    export_name = "do-phu-quy-hoach"
    filter_class = CoverageFilters
    filters: CoverageFilters  # type: ignore[assignment]
    columns = (
        Column(
            key="seat",
            label="Chức danh",
            value="bench.title",
            second="unit",
            second_label="Đơn vị",
            link=lambda row: reverse("planning:seat-detail", args=[row.bench.seat_id]) if row.bench.seat_id else "",
            sort="seat",
            fixed=True,
            wide=True,
        ),
        Column(
            key="leaves",
            label="Người giữ rời chức",
            value=lambda row: row.bench.next_leaving.day if row.bench.next_leaving else None,
            second="leaves",
            second_label="Ai, vì sao",
            sort="leaves",
        ),
        Column(
            key="now",
            label="Ngay",
            value=lambda row: row.bench.count(row.day),
            render=_now,
            align="right",
            sort="now",
        ),
        Column(key="unknown", label="Chưa rõ", value=lambda row: row.bench.unknown(), align="right", hidden=True),
        Column(
            key="one", label="Trong 1 năm", value=lambda row: row.bench.within(row.day, 1), align="right", sort="one"
        ),
        Column(
            key="three",
            label="Trong 3 năm",
            value=lambda row: row.bench.within(row.day, 3),
            align="right",
            sort="three",
        ),
        Column(
            key="five",
            label="Còn sau 5 năm",
            value=lambda row: row.bench.after(row.day, YEARS),
            align="right",
            sort="five",
        ),
        Column(
            key="lost",
            label="Hết nguồn từ",
            value=lambda row: row.bench.lost_on(row.day),
            render=_lost,
            sort="lost",
        ),
        Column(key="people", label="Trong quy hoạch", value="people", wide=True),
    )
    empty = Empty(title="Không có chức danh nào trong phạm vi được giao", icon="armchair")

    @cached_property
    def placed(self) -> Coverage:
        """The coverage of the units and titles that are asked."""
        return self.filters.placed(self.coverage)

    @cached_property
    def rows(self) -> Any:
        """The benches that pass the filters, in order."""
        benches = self.filters.narrowed(self.placed)
        column, descending = self.sort
        key = ORDERS[column.key if column is not None else "lost"]
        return sorted(benches, key=lambda bench: key(bench, self.day), reverse=descending)

    def with_details(self, rows: Iterable[Any]) -> list[Any]:
        """Names of units and people; who is shown is logged."""
        listed = list(rows)
        names, units = names_of(listed), unit_names({bench.unit_id for bench in listed}, self.day)
        people = {one.cadre_id for bench in listed for one in bench.successors}
        if self.is_export_asked():
            log_taken_out(user=self.reader, people=people, what=self.title, day=self.day)
        else:
            log_seen(user=self.reader, people=people, what=self.title, day=self.day)
        return [ShownBench(bench, self.day, units.get(bench.unit_id, ""), names) for bench in listed]

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """What is seen as a workbook; `with_details` logs it."""
        return super().export(columns, rows)

    def get_actions(self) -> Sequence[Button]:
        """People planned everywhere."""
        url = reverse("planning:coverage-people")
        return (Button(label="Người quy hoạch nhiều nơi", url=url, icon="users"),)

    def context(self, **extra: Any) -> dict[str, Any]:
        """The list under figures and curves."""
        placed = self.placed
        quarters = placed.quarters
        figures = [
            ("", "Chức danh", len(placed.benches), ""),
            ("bare", "Chưa có ai nhận được ngay", len(placed.bare), "bad"),
            ("losing", "Hết nguồn trong 5 năm", len(placed.losing), "warn"),
            ("unplanned", "Chưa quy hoạch ai", len(placed.unplanned), "bad"),
        ]
        return super().context(
            figures=[
                (words, count, tone if count else "", self.here(state=key or None, page=None))
                for key, words, count, tone in figures
            ],
            quarters=quarters,
            ready_chart=_chart(
                "Lượt người nhận được chức danh, cuối mỗi quý", [(q.quarter.label, q.ready) for q in quarters]
            ),
            bare_chart=_chart("Chức danh không còn nguồn, cuối mỗi quý", [(q.quarter.label, q.bare) for q in quarters]),
            **extra,
        )


def _chart(title: str, points: Sequence[tuple[str, float]]) -> SafeString:
    return curve(points, title=title, width=CHART_WIDTH, height=CHART_HEIGHT)


@dataclass
class PlannedPerson:
    """Somebody with the posts for which he is planned."""

    person: ShownPerson
    count: int
    posts: str

    @property
    def pk(self) -> int:
        """The record."""
        return self.person.cadre.pk


class CoveragePeople(CoverageScreen, ListScreen):
    """People planned for several posts, the most first."""

    title = "Người quy hoạch nhiều nơi"
    lead = "Từ hai chức danh trở lên, trên các danh sách đang có hiệu lực; cấp ủy không tính"
    noun = "người"
    export_name = "nguoi-quy-hoach-nhieu-noi"
    columns = (
        Column(
            key="name",
            label="Họ và tên",
            value="person.cadre.full_name",
            second="person.post",
            second_label="Chức vụ, đơn vị",
            link=lambda row: row.person.url,
            fixed=True,
            wide=True,
        ),
        Column(key="born", label="Ngày sinh", value="person.born"),
        Column(key="count", label="Chức danh", value="count", align="right"),
        Column(key="posts", label="Được quy hoạch", value="posts", wide=True),
    )
    empty = Empty(title="Không có ai được quy hoạch từ hai chức danh", icon="users")

    @cached_property
    def rows(self) -> Any:
        """Their ids with how many posts each has."""
        counted = self.coverage.seats_by_person.most_common()
        return [pair for pair in counted if pair[1] >= EVERYWHERE]

    def with_details(self, rows: Iterable[Any]) -> list[Any]:
        """The people and their posts; who is shown is logged."""
        listed = list(rows)
        ids = [pk for pk, _ in listed]
        wanted, people = set(ids), shown_people(ids, self.day)
        benches = [one for one in self.coverage.benches if not one.is_body]
        units = unit_names({bench.unit_id for bench in benches}, self.day)
        posts: dict[int, list[str]] = {pk: [] for pk in ids}
        for bench in benches:
            for one in bench.successors:
                if one.cadre_id in wanted:
                    posts[one.cadre_id].append(f"{bench.title}, {units.get(bench.unit_id, '')}")
        if self.is_export_asked():
            log_taken_out(user=self.reader, people=ids, what=self.title, day=self.day)
        else:
            log_seen(user=self.reader, people=ids, what=self.title, day=self.day)
        return [PlannedPerson(people[pk], count, "; ".join(posts[pk])) for pk, count in listed]

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """What is seen as a workbook; `with_details` logs it."""
        return super().export(columns, rows)

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the coverage."""
        return [*super().get_crumbs(), Crumb("Độ phủ quy hoạch", reverse("planning:coverage"))]
