"""The matrix of needs, and the people behind each of its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import XLSX, ExportFile
from hrdb.kernel.screens.formats import date_text, number_text, percent_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import Tone
from hrdb.kernel.templatetags.hr_screens import label
from personnel.policies import Action
from personnel.services.reading import log_export, log_print
from planning.views.lines import ShownPerson, shown_people
from training.choices import NeedState
from training.exports.needs import gap_workbook
from training.filters.needs import SHOWN, MatrixFilters, NeedPeopleFilters
from training.models.scope import trained_by
from training.reports.needs import gap_paper
from training.rules.needs import Need
from training.services.reading import log_seen
from training.statistics.gaps import NO_TITLE, ROWS, Gap, GapRow, GapTable, gap_table
from training.statistics.person_needs import needs_of, strongest_needs
from training.views.opening import TrainingScreen

TONES: dict[NeedState, Tone] = {
    NeedState.HELD: "good",
    NeedState.MISSING: "bad",
    NeedState.EXPIRING: "warn",
    NeedState.UNKNOWN: "",
}
#: States behind what a cell shows.
SHOWN_STATES: dict[str, tuple[str, ...]] = {
    "": ("missing", "expiring"),
    "missing": ("missing",),
    "held": ("held",),
    "unknown": ("unknown",),
}
#: From which share on a cell is drawn how deep; of what is held, shallow is bad.
DEPTHS = (0.0, 0.1, 0.25, 0.5, 0.75)
#: More than so many rows leave out those without anybody who needs something.
MANY_ROWS = 60


@dataclass(frozen=True)
class DrawnGap:
    """A cell as drawn."""

    label: str
    count: int
    share: str
    depth: int
    url: str
    title: str


@dataclass(frozen=True)
class DrawnGapRow:
    """A row as drawn."""

    label: str
    url: str
    is_own: bool
    cells: list[DrawnGap]


class NeedScreen(TrainingScreen):
    """A page of needs."""

    page_key: ClassVar[str] = "needs"


class NeedMatrix(NeedScreen):
    """The heat table: who needs what, by unit, group of titles or planning round."""

    title = "Nhu cầu đào tạo, bồi dưỡng"
    template_name = "training/needs.html"

    def get_crumbs(self) -> Sequence[Crumb]:
        """The page itself is the top."""
        return ()

    @cached_property
    def filters(self) -> MatrixFilters:
        """What is asked; anything unreadable, or a unit out of scope, is not there."""
        filters = MatrixFilters(self.request.GET, self.request)
        if not filters.is_valid():
            raise Http404
        return filters

    @cached_property
    def table(self) -> GapTable:
        """The one computation behind page, workbook and paper."""
        values = self.filters.values
        return gap_table(
            user=self.reader,
            day=self.day,
            tree=self.filters.tree,
            rows_by=values.get("rows", "unit"),
            unit=self.filters.placed,
            sources=values.get("source", ()),
            kind=values.get("kind", ""),
        )

    @property
    def shown(self) -> str:
        """Which number the cells show."""
        return str(self.filters.values.get("show", ""))

    def get_lead(self) -> str:
        """What the page holds."""
        return f"{self.table.place} · tính theo hồ sơ và tiêu chuẩn ngày {date_text(self.day)}"

    def get_actions(self) -> Sequence[Button]:
        """The people, Excel and paper of exactly this table."""
        here = self.request.get_full_path()
        return (
            Button(label="Danh sách người", url=self._people_url(None, ""), icon="users"),
            Button(label="Xuất Excel", url=with_query(here, export="xlsx"), icon="download", download=True),
            Button(label="In PDF", url=with_query(here, export="pdf"), icon="printer"),
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page, or send it as a workbook or on paper."""
        kind = request.GET.get("export")
        if kind is None or getattr(request, "day_fault", False):
            return self.respond()
        name = f"nhu-cau-dao-tao-{self.day:%Y%m%d}"
        needs = Action.PLAN if self.table.has_plans else None
        if kind == "xlsx":
            content = gap_workbook(self.table)
            log_export(user=self.reader, people=(), what=self.title, day=self.day, needs=needs)
            return _file(content, XLSX, f"{name}.xlsx")
        if kind == "pdf":
            content = gap_paper(self.table, self.shown)
            log_print(user=self.reader, people=(), what=self.title, day=self.day, needs=needs)
            return _file(content, "application/pdf", f"{name}.pdf")
        raise Http404

    def context(self, **extra: Any) -> dict[str, Any]:
        """Filters, figures, the table."""
        table = self.table
        listed = [row for row in table.rows if len(table.rows) <= MANY_ROWS or self._counts(row)]
        return (
            super().context(
                filters=self.filters,
                chips=self.filters.chips(),
                kept=[(key, one) for key, one in (("day", self.request.GET.get("day")),) if one],
                column_choices=[],
                rows_label=ROWS[table.rows_by],
                heads=list(self._heads()),
                columns=[table.words[key][1] for key in table.requirements],
                rows=[self._row(row) for row in listed],
                left_out=len(table.rows) - len(listed),
                total=self._row(table.total),
                shown_label=dict(SHOWN)[self.shown],
                is_held=self.shown == "held",
                has_plans=table.has_plans,
            )
            | extra
        )

    def _counts(self, row: GapRow) -> int:
        return sum(_number(gap, self.shown) for gap in row.gaps.values())

    def _heads(self) -> Iterator[tuple[str, int]]:
        """Kinds with how many requirements stand under each."""
        kinds = [self.table.words[key][0] for key in self.table.requirements]
        for kind in dict.fromkeys(kinds):
            yield kind, kinds.count(kind)

    def _row(self, row: GapRow) -> DrawnGapRow:
        here = self.request.get_full_path()
        url = with_query(here, unit=row.opens) if row.opens else ""
        cells = []
        for key in self.table.requirements:
            gap = row.gap(key)
            count = _number(gap, self.shown)
            share = count / gap.asked if gap.asked else 0.0
            cells.append(
                DrawnGap(
                    label=self.table.label(key),
                    count=count,
                    share=percent_text(share, 0) if count else "",
                    depth=_depth(1 - share if self.shown == "held" else share) if gap.asked else -1,
                    url=self._people_url(row, key) if count else "",
                    title=_told(gap),
                )
            )
        return DrawnGapRow(row.label, url, row.is_own, cells)

    def _people_url(self, row: GapRow | None, requirement: str) -> str:
        """The list of people that a number stands for."""
        values, rows_by = self.filters.values, self.table.rows_by
        asked: dict[str, Any] = {
            "unit": values.get("unit"),
            "source": values.get("source") or None,
            "requirement": requirement or None,
            "state": SHOWN_STATES[self.shown],
        }
        if row is not None and row.key:
            if rows_by == "unit":
                asked |= {"unit": row.key, "own": "on" if row.is_own else None}
            elif rows_by == "post" and row.key == NO_TITLE:
                asked["group"] = row.key
            else:
                asked[{"title": "group", "post": "title", "round": "round"}[rows_by]] = row.key
        return self.link(with_query(reverse("training:need-people"), **asked))


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _number(gap: Gap, shown: str) -> int:
    """What a cell shows."""
    return gap.open if not shown else int(getattr(gap, shown))


def _depth(share: float) -> int:
    """How deep a cell is drawn, 0 to 5."""
    return sum(share > least for least in DEPTHS)


def _told(gap: Gap) -> str:
    """A cell in words."""
    if not gap.asked:
        return "không yêu cầu"
    parts = [f"yêu cầu {number_text(gap.asked)}"]
    words = (("đã có", gap.held), ("thiếu", gap.missing), ("sắp hết hạn", gap.expiring), ("chưa rõ", gap.unknown))
    return "; ".join([*parts, *(f"{word} {number_text(count)}" for word, count in words if count)])


@dataclass
class NeedingPerson:
    """Somebody with what he needs, as a row; without an address when he has since moved out of the reader's scope."""

    person: ShownPerson
    needs: list[Need]
    url: str

    @property
    def pk(self) -> int:
        """The id of the record."""
        return int(self.person.cadre.pk)

    @property
    def text(self) -> str:
        """The needs in words."""
        return "; ".join(
            f"{need.asked.label} ({NeedState(need.state).label.lower()}"
            f"{', trước ' + date_text(need.asked.needed_by) if need.asked.needed_by else ''})"
            for need in self.needs
        )

    @property
    def grounds(self) -> str:
        """What asks, in words."""
        return "; ".join(dict.fromkeys(ground_text(need) for need in self.needs))

    @property
    def earliest(self) -> Any:
        """The first day by which something is needed."""
        return min((need.asked.needed_by for need in self.needs if need.asked.needed_by), default=None)


def ground_text(need: Need) -> str:
    """What asks: the kind of source for posts and ranks by name, plans with the seat."""
    if need.asked.is_of_office:
        return f"đơn vị đề nghị: {need.asked.ground}"
    return need.asked.ground


def _box(row: NeedingPerson) -> SafeString:
    """The box that marks a person, and the way to what he needs."""
    name = row.person.cadre.full_name
    if not row.url:
        return format_html('<span class="first">{}</span><span class="sub">{}</span>', name, row.person.post)
    box = format_html('<input type="checkbox" name="people" value="{}" aria-label="Chọn {}">', row.pk, name)
    link = format_html('<a href="{}">{}</a>', row.url, name)
    return format_html(
        '<span class="pick">{}<span>{}<span class="sub">{}</span></span></span>', box, link, row.person.post
    )


def need_tags(row: NeedingPerson) -> SafeString:
    """The needs as labels."""
    return format_html(
        '<span class="tags">{}</span>',
        format_html_join("", "{}", ((label(need.asked.label, TONES[NeedState(need.state)]),) for need in row.needs)),
    )


class NeedPeople(NeedScreen, ListScreen):
    """The people behind a number of the matrix."""

    title = "Người có nhu cầu đào tạo, bồi dưỡng"
    noun = "người"
    template_name = "training/need_people.html"
    fragments = {"list": "training/need_people_results.html"}
    default_sort = "name"
    export_name = "nguoi-co-nhu-cau-dao-tao"
    export_at_once = 1_000
    filter_class = NeedPeopleFilters
    filters: NeedPeopleFilters  # type: ignore[assignment]
    columns = (
        Column(
            key="name",
            label="Họ và tên",
            value="person.cadre.full_name",
            second="person.post",
            second_label="Chức vụ, đơn vị",
            render=_box,
            sort=("sort_key",),
            fixed=True,
            wide=True,
        ),
        Column(key="born", label="Ngày sinh", value="person.born", sort=("born",)),
        Column(key="needs", label="Nhu cầu", value="text", render=need_tags, wide=True),
        Column(key="by", label="Cần trước", value="earliest", align="right"),
        Column(key="ground", label="Theo", value="grounds", wide=True),
        Column(
            key="citation",
            label="Căn cứ",
            value=lambda row: "; ".join(
                dict.fromkeys(need.asked.citation.text for need in row.needs if not need.asked.is_of_office)
            ),
            hidden=True,
            wide=True,
        ),
    )
    empty = Empty(title="Không ai có nhu cầu này", icon="graduation-cap")

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Those whom the filters name."""
        return self.filters.people()  # type: ignore[no-any-return]

    def with_details(self, rows: QuerySet[Any]) -> Iterable[Any]:
        """With what each needs, of what is asked; who is shown with a plan is logged."""
        ids = list(rows.values_list("pk", flat=True))
        values = self.filters.values
        states, sources = set(values.get("state", ())), set(values.get("source", ()))
        wanted = set(self.filters.requirements)
        people, found = shown_people(ids, self.day), needs_of(ids, self.day, self.reader, asking=self.filters.asking)
        opened = set(trained_by(self.reader).filter(pk__any=ids).values_list("pk", flat=True))
        listed = []
        for pk in ids:
            needs = [
                need
                for need in found.get(pk, ())
                if (not states or need.state in states)
                and (not sources or need.asked.source in sources)
                and (not wanted or need.asked.requirement in wanted)
            ]
            url = self.link(reverse("training:person-needs", args=[pk])) if pk in opened else ""
            listed.append(NeedingPerson(people[pk], strongest_needs(needs), url))
        self._log(listed)
        return listed

    def _log(self, listed: Sequence[NeedingPerson]) -> None:
        planned = {row.pk for row in listed if any(need.asked.is_planned for need in row.needs)}
        if self.is_export_asked():
            needs = Action.PLAN if planned else None
            log_export(user=self.reader, people=[row.pk for row in listed], what=self.title, day=self.day, needs=needs)
        else:
            log_seen(user=self.reader, people=planned, what=self.title, day=self.day, needs=Action.PLAN)

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """What is seen as a workbook; `with_details` logs it."""
        return super().export(columns, rows)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Below the matrix."""
        return [Crumb("Nhu cầu", reverse("training:need-matrix"))]
