"""The page of due matters (việc đến hạn): by month, by unit, by list; filters, workbook, paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.accounts import reader
from hrdb.kernel.jobs import start_job
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Empty, HomeCard, ListScreen, home_cards
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import masked_text, number_text
from hrdb.kernel.screens.links import asked_day, link, with_query
from hrdb.kernel.templatetags.hr_screens import label
from personnel.filters.due import DueFilters
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.reports.due import KIND, LONG_LIST, MOST_ROWS, due_list_pdf, job_parameters
from personnel.services.decisions import acts  # noqa: F401  registers the kinds of decisions
from personnel.services.decisions.kinds import decision_acts
from personnel.services.due_reading import log_due_export, log_due_print, log_due_shown
from personnel.statistics import tree_for
from personnel.statistics.due import (
    DUE_LISTS,
    OVERDUE,
    Asked,
    DueCount,
    DueRow,
    Matter,
    asked,
    due_counts,
    due_page,
    due_rows,
    matters,
)
from personnel.statistics.tree import UnitTree
from personnel.views.cadre_rows import read_shown
from personnel.views.due_summary import by_list, by_time, by_unit

#: Where the register of decisions begins a decision.
DECISION_VIEW = "personnel:decision-create"
#: Units of the card on the home page.
FEW_UNITS = 6


def decisions_url() -> str:
    """Where the register of decisions begins one; empty while there is no such page."""
    try:
        return reverse(DECISION_VIEW)
    except NoReverseMatch:
        return ""


def decision_url(kind: str, *cadre_ids: int) -> str:
    """Where the decision that settles matters of some people is begun; empty where the register has no such kind."""
    base = decisions_url()
    if not base or not cadre_ids or kind not in decision_acts:
        return ""
    return with_query(base, kind=kind, cadre=",".join(map(str, cadre_ids)))


def _remaining(shown: ShownMatter) -> SafeString | str:
    """How long is left to act, or how long ago one should have."""
    at = shown.matter.row.act_by or shown.matter.row.due_on
    if at is None:
        return ""
    days = (at - shown.day).days
    if days < 0:
        return label(f"quá {number_text(-days)} ngày", "bad", "clock-alert")
    return label(f"còn {number_text(days)} ngày", "warn") if days <= SOON else f"còn {number_text(days)} ngày"


#: Days before the last day to act from which a matter is marked.
SOON = 30


class ShownMatter:
    """A matter as a row of the page: with the titles of the person and where its decision is begun."""

    def __init__(self, matter: Matter, day: Any, titles: str, start_url: str) -> None:
        self.matter, self.day, self.titles, self.start_url = matter, day, titles, start_url
        self.pk = matter.row.cadre_id

    @property
    def page_url(self) -> str:
        """The record, at the part where the matter is settled; the unit's page where it is a unit's."""
        row = self.matter.row
        if row.cadre_id is None:
            return reverse("personnel:unit-detail", args=[self.matter.unit_code])
        return with_query(reverse("personnel:cadre-detail", args=[row.cadre_id]), tab=self.matter.list.record_tab)

    @property
    def place(self) -> str:
        """Titles and the unit that keeps the record."""
        is_unit = self.matter.row.cadre_id is None
        return " · ".join(filter(None, [self.titles, "" if is_unit else self.matter.unit_name]))

    @property
    def number(self) -> str:
        """The personal number as a list shows it: masked."""
        return masked_text(self.matter.personal_number) if self.matter.personal_number else ""

    @property
    def whole_number(self) -> str:
        """The personal number in the workbook of those who may see it."""
        return (self.matter.personal_number or "") if self.matter.is_tier_1_open else self.number


def _start(shown: ShownMatter) -> SafeString | str:
    if not shown.start_url:
        return ""
    return format_html('<a class="btn btn-sm" href="{}">Lập quyết định</a>', shown.start_url)


class DueMatters(ListScreen):
    """What the law wants done in the reader's scope, the most urgent first."""

    title = "Việc đến hạn"
    noun = "việc"
    template_name = "personnel/due/list.html"
    fragments = {"list": "personnel/due/list_fragment.html"}
    export_name = "viec-den-han"
    export_most = 100_000
    filter_class = DueFilters
    filters: DueFilters  # type: ignore[assignment]
    empty = Empty(title="Không có việc nào đến hạn trong 12 tháng tới", icon="calendar-check-2")
    columns = (
        Column(
            key="act_by",
            label="Hạn xử lý",
            value="matter.row.act_by",
            second=_remaining,
        ),
        Column(
            key="name",
            label="Họ và tên, đơn vị",
            value="matter.name",
            second="place",
            second_label="Chức vụ, đơn vị",
            link=lambda row: row.page_url,
            fixed=True,
        ),
        Column(
            key="kind",
            label="Việc",
            value="matter.list.label",
            second="matter.told.detail",
            second_label="Nội dung",
            wide=True,
        ),
        Column(key="due_on", label="Ngày đến hạn", value="matter.row.due_on", align="right"),
        Column(key="citation", label="Căn cứ", value="matter.told.citation", wide=True),
        Column(key="unit", label="Đơn vị quản lý hồ sơ", value="matter.unit_name", hidden=True),
        Column(key="titles", label="Chức vụ", value="titles", hidden=True),
        Column(key="number", label="Số định danh", value="number", export=lambda row: row.whole_number, hidden=True),
    )
    start_column = Column(key="start", label="Bước tiếp theo", render=_start, export=False)

    def may_open(self) -> bool:
        """Whoever may view people."""
        return not scope_of(reader(self.request), Action.VIEW).is_empty

    def get_columns(self) -> Sequence[Column]:
        """With the way to the decision for those who draw decisions up."""
        return (*self.columns, self.start_column) if self.may_decide else self.columns

    @cached_property
    def may_decide(self) -> bool:
        """Whether the reader draws up decisions, in a register that is there."""
        return bool(decisions_url()) and not scope_of(reader(self.request), Action.DECIDE).is_empty

    # The matters ------------------------------------------------------------------------------------------------------

    @cached_property
    def found(self) -> tuple[list[DueCount], list[DueRow]]:
        """All counts, and the rows of the page that is asked: one statement."""
        return self._read(self._page_number())

    @cached_property
    def question(self) -> Asked | None:
        """What is asked; None when a filter cannot be read."""
        return self.filters.asked()

    def _read(self, number: int) -> tuple[list[DueCount], list[DueRow]]:
        question = self.question
        if question is None:
            return [], []
        offset = (number - 1) * self.page_size
        return due_page(question, when=self.filters.times, offset=offset, limit=self.page_size)

    def _page_number(self) -> int:
        asked_page = self.request.GET.get("page", "")
        return max(1, int(asked_page)) if asked_page.isdecimal() and len(asked_page) < 8 else 1

    @cached_property
    def counted_now(self) -> list[DueCount]:
        """The counts of the times that are asked."""
        times = self.filters.times
        return [one for one in self.found[0] if not times or one.when in times]

    @cached_property
    def paginator(self) -> Paginator[Any]:
        """Pages of as many rows as were counted."""
        return Paginator(range(sum(one.number for one in self.counted_now)), self.page_size)

    @cached_property
    def page(self) -> Page[Any]:
        """The page that is asked; a page past the end is the last one."""
        page = self.paginator.get_page(self._page_number())
        rows = self.found[1] if page.number == self._page_number() else self._read(page.number)[1]
        page.object_list = self._shown(rows)
        log_due_shown(user=reader(self.request), told=[one.matter for one in page.object_list], day=self.day)
        return page

    @cached_property
    def rows(self) -> Any:
        """All matters that pass the filters, for the workbook and the paper."""
        return [] if self.question is None else self._shown(due_rows(self.question, when=self.filters.times))

    def _shown(self, rows: Sequence[DueRow]) -> list[ShownMatter]:
        user = reader(self.request)
        told = matters(rows, user=user, day=self.day)
        people = sorted({row.cadre_id for row in rows if row.cadre_id is not None})
        shown = read_shown(people, self.day, set()) if people else {}
        return [
            ShownMatter(
                one,
                self.day,
                shown[one.row.cadre_id].titles if one.row.cadre_id is not None else "",
                self._start_url(one),
            )
            for one in told
        ]

    def _start_url(self, matter: Matter) -> str:
        """Where a reader who draws up decisions begins the one that settles a matter."""
        if not self.may_decide or matter.row.cadre_id is None:
            return ""
        return decision_url(matter.told.decision_kind, matter.row.cadre_id)

    # The page ---------------------------------------------------------------------------------------------------------

    def lead_for(self, count: str) -> str:
        """How many matters, how many of them overdue."""
        overdue = sum(one.number for one in self.counted_now if one.when == OVERDUE)
        return f"{count} việc, trong đó {number_text(overdue)} việc quá hạn" if overdue else f"{count} việc"

    def get_actions(self) -> Sequence[Button]:
        """Calendar, paper and workbook of what is seen; one decision for the people of a page of one list."""
        people = self.people_of_one_decision()
        kind = self.question.lists[0].decision_kind if self.question and people else ""
        joint = decision_url(kind, *people)
        label_text = f"Lập quyết định cho {len(people)} người"
        return (
            Button(label="Lịch nhắc việc", url=reverse("personnel:due-calendar"), icon="calendar-plus"),
            Button(label="In PDF", url=self.here(export="pdf", page=None), icon="printer"),
            Button(label="Xuất Excel", url=self.here(export="xlsx", page=None), icon="download"),
            *([Button(label=label_text, url=joint, icon="file-pen-line", main=True)] if joint else []),
        )

    def people_of_one_decision(self) -> list[int]:
        """The people of this page whom one decision of the one list asked would settle; nobody where there is one."""
        if not self.may_decide or self.question is None or len(self.filters.values.get("kind", ())) != 1:
            return []
        kinds = {due.decision_kind for due in self.question.lists}
        told = [one.matter for one in self.page.object_list]
        people = {one.row.cadre_id for one in told if one.told.decision_kind in kinds and one.row.cadre_id is not None}
        return sorted(people) if len(people) > 1 else []

    @cached_property
    def tree(self) -> UnitTree:
        """The units of the scope."""
        return tree_for(reader(self.request), self.day)

    def context(self, **extra: Any) -> dict[str, Any]:
        """The list, and over it the counts by time, unit and list, each a way to its rows."""
        counts = self.found[0]
        return super().context(
            times=by_time(counts, self.filters.times, lambda when: self.here(when=when, page=None)),
            units=by_unit(
                self.counted_now,
                self.tree,
                self.filters.values.get("unit"),
                lambda code, own: self.here(unit=code, own=own, page=None),
            ),
            lists=by_list(
                counts,
                self.question.lists if self.question else (),
                self.day,
                self.filters.values.get("kind", ()),
                lambda key: self.here(kind=key, page=None),
                reader(self.request),
            ),
            **extra,
        )

    # What leaves ------------------------------------------------------------------------------------------------------

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page, or send it as a workbook or on paper."""
        if request.GET.get("export") == "pdf" and not getattr(request, "day_fault", ""):
            return self.paper()
        return super().get(request, *args, **kwargs)

    def export(self, columns: Sequence[Column], rows: Any) -> ExportFile:
        """The workbook of what is seen; who left the server is logged."""
        log_due_export(
            user=reader(self.request),
            told=[one.matter for one in rows],
            day=self.day,
            filters=self.filters.values,
            columns=[column.label for column in columns],
        )
        return super().export(columns, rows)

    def paper(self) -> HttpResponseBase:
        """A short list at once, a long one as a job that its owner follows."""
        question = self.filters.question()
        if question is None:
            raise Http404
        count = self.paginator.count
        user = reader(self.request)
        if count > MOST_ROWS:
            return self.ask_about_export(status=200)
        if count > LONG_LIST:
            parameters = job_parameters(question, self.filters.times, self.day)
            job = start_job(
                kind=KIND, owner=user, parameters=parameters, scope=f"{self.title}, {number_text(count)} việc"
            )
            return redirect("kernel:job-detail", key=job.key)
        told = [one.matter for one in self.rows]
        content = due_list_pdf(told, self.day)
        log_due_print(user=user, told=told, day=self.day)
        name = f"{self.export_name}-{self.day:%Y%m%d}.pdf"
        return HttpResponse(
            content, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )


@home_cards.register
class DueCard(HomeCard):
    """Việc đến hạn by month and by unit, the overdue first."""

    key, title, place, order = "due", "Việc đến hạn", "wide", 10
    template_name = "personnel/due/home_card.html"

    def is_shown(self) -> bool:
        """To whoever views people of some unit."""
        return not scope_of(reader(self.request), Action.VIEW).is_empty

    def context(self) -> dict[str, Any]:
        """Counts of the lists that the law gives a day."""
        user, day = reader(self.request), asked_day(self.request)
        dated = [made.key for made in DUE_LISTS if not made.is_standing]
        counts = due_counts(asked(user=user, day=day, kinds=dated))

        def open_list(**query: str) -> str:
            return link(self.request, "personnel:due-list", **query)

        return {
            "times": by_time(counts, (), lambda when: open_list(when=when)),
            "units": by_unit(
                counts,
                tree_for(user, day),
                None,
                lambda code, own: open_list(unit=code, own=own),
                most=FEW_UNITS,
            ),
            "page_url": open_list(),
        }
