"""The list shape: rows in scope, filtered, sorted, paged, with columns to choose and an export of what is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString

from hrdb.kernel.screens.base import Crumb, Empty, Screen
from hrdb.kernel.screens.columns import Column
from hrdb.kernel.screens.exports import ExportFile, ExportNeed, list_workbook
from hrdb.kernel.screens.filters import FilterForm
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import with_query

if TYPE_CHECKING:
    from hrdb.kernel.jobs import Progress

#: Rows of a workbook are read by so many.
CHUNK = 2_000


@dataclass(frozen=True)
class Head:
    """The head of a column as drawn: its sort link and the order in force."""

    column: Column
    url: str
    sorted: str  # "ascending", "descending" or ""


@dataclass(frozen=True)
class Cell:
    """A drawn cell."""

    column: Column
    content: SafeString


@dataclass(frozen=True)
class Row:
    """A drawn row: the record, its cells, its class."""

    record: Any
    cells: list[Cell]
    css: str = ""


class ListScreen(Screen):
    """A list (danh sách). A subclass gives `queryset_for` and `columns`; the rest follows.

    Address: `?q=..&FILTER=..&sort=-KEY&columns=a,b&page=2`; `?export=xlsx` sends what is seen as a workbook: a short
    one at once, a long one as a job (`long_exports`) after the reader was asked.
    Fragment: `#list` (chips, table, pages), drawn by shapes/list_results.html.
    """

    template_name = "shapes/list.html"
    fragments = {"list": "shapes/list_results.html"}
    columns: ClassVar[Sequence[Column]] = ()
    filter_class: ClassVar[type[FilterForm]] = FilterForm
    default_sort: ClassVar[str] = ""
    page_size: ClassVar[int] = 50
    noun: ClassVar[str] = "dòng"
    export_name: ClassVar[str] = ""
    empty: ClassVar[Empty] = Empty(title="Chưa có gì ở đây")
    #: The weight of a workbook that is made while the reader waits, a second or two; a heavier one is a job.
    export_at_once: ClassVar[int] = 5_000
    #: The rows of the largest workbook.
    export_most: ClassVar[int] = 100_000
    #: What the workbook holds, in a sentence.
    export_holds: ClassVar[str] = "Tệp gồm đúng những dòng, cột đang xem"
    #: How far a job is that makes the workbook; None while a reader waits for it.
    progress: Progress | None = None

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that the user may see on the asked day, with what the columns read already joined."""
        raise NotImplementedError

    def get_columns(self) -> Sequence[Column]:
        """The columns that this user may see."""
        return self.columns

    def row_css(self, record: Any) -> str:
        """A class for a row, such as "past"."""
        return ""

    def get_empty(self) -> Empty:
        """What stands in place of an empty list when no filter is in force."""
        return self.empty

    def with_details(self, rows: QuerySet[Any]) -> Iterable[Any]:
        """Rows with what their columns read beside them: asked for the rows of one page, or for all of a workbook."""
        return rows

    def weigh_export(self) -> ExportNeed:
        """How much the workbook holds and whether that is too much; a list whose rows bring others along says so."""
        count = self.paginator.count
        if count <= self.export_most:
            return ExportNeed(count, count)
        most = number_text(self.export_most)
        return ExportNeed(
            count, count, f"Mỗi tệp nhiều nhất {most} {self.noun}. Hãy thu hẹp bộ lọc rồi xuất từng phần."
        )

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The workbook of what is seen; the app logs the export here before it calls super()."""
        counted = self.counted(self.with_details(rows))
        return list_workbook(self.export_name, self.get_title(), self.day, columns, counted)

    # What follows is machinery; a subclass seldom touches it ---------------------------------------------------------

    @cached_property
    def filters(self) -> FilterForm:
        """The filters as asked."""
        return self.filter_class(self.request.GET, self.request)

    @cached_property
    def all_columns(self) -> list[Column]:
        """Every column of the list, hidden ones too."""
        return list(self.get_columns())

    @cached_property
    def shown_columns(self) -> list[Column]:
        """The columns chosen in the address, or those shown by default."""
        asked = {key for part in self.request.GET.getlist("columns") for key in part.split(",") if key}
        known = {column.key for column in self.all_columns}
        if asked & known:
            return [column for column in self.all_columns if column.fixed or column.key in asked]
        return [column for column in self.all_columns if not column.hidden]

    @cached_property
    def sort(self) -> tuple[Column | None, bool]:
        """The column in whose order the list stands, and whether downwards."""
        asked = self.request.GET.get("sort") or self.default_sort
        column = next((one for one in self.all_columns if one.key == asked.lstrip("-") and one.sort), None)
        return column, asked.startswith("-")

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """All rows in scope that pass the filters, in the asked order."""
        queryset = self.filters.narrow(self.queryset_for(self.request))
        column, descending = self.sort
        if column is None:
            return queryset if queryset.ordered else queryset.order_by("pk")
        return queryset.order_by(*column.order(descending, queryset.model), "pk")

    @cached_property
    def paginator(self) -> Paginator[Any]:
        """The rows by pages."""
        return Paginator(self.rows, self.page_size)

    @cached_property
    def page(self) -> Page[Any]:
        """The page of rows that is asked; a page past the end is the last one."""
        page = self.paginator.get_page(self.request.GET.get("page"))
        rows: Any = page.object_list
        page.object_list = list(self.with_details(rows))
        return page

    def here(self, **changes: object) -> str:
        """This list's address with parameters changed."""
        return with_query(self.request.get_full_path(), **changes)

    def heads(self) -> list[Head]:
        """Heads of the shown columns with their sort links."""
        sorted_by, descending = self.sort
        heads = []
        for column in self.shown_columns:
            is_it = column is sorted_by
            url = self.here(sort=f"-{column.key}" if is_it and not descending else column.key, page=None)
            order = ("descending" if descending else "ascending") if is_it else ""
            heads.append(Head(column, url if column.sort else "", order))
        return heads

    def drawn_rows(self) -> list[Row]:
        """The rows of this page as cells."""
        columns = self.shown_columns
        return [
            Row(record, [Cell(column, column.cell(record, self.link)) for column in columns], self.row_css(record))
            for record in self.page.object_list
        ]

    def get_lead(self) -> str:
        """How many rows there are: "64 người"; a list says more by overriding `lead_for`."""
        return self.lead_for(number_text(self.page.paginator.count))

    def lead_for(self, count: str) -> str:
        """The sentence under the heading, given the written count."""
        return f"{count} {self.noun}"

    def page_links(self) -> list[tuple[str, str, str]]:
        """Page numbers around this one as (text, address, kind): kind is "here", "gap", "" or "mid"."""
        number, last = self.page.number, self.page.paginator.num_pages
        links = []
        for one in self.page.paginator.get_elided_page_range(number, on_each_side=1, on_ends=1):
            if not isinstance(one, int):  # the ellipsis is a lazy translation, no str
                links.append(("…", "", "gap"))
            else:
                kind = "here" if one == number else "" if one in (1, last) else "mid"
                links.append((number_text(one), self.here(page=one if one > 1 else None), kind))
        return links

    @cached_property
    def export_need(self) -> ExportNeed:
        """How much the workbook holds, weighed once."""
        return self.weigh_export()

    def counted(self, rows: Iterable[Any]) -> Iterator[Any]:
        """Rows of a workbook, read by and by; the job that makes it tells how many are done."""
        found = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows
        for done, row in enumerate(found, 1):
            yield row
            if self.progress is not None:
                self.progress.report(done, self.export_need.rows)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the list, or send it as a workbook; a long one is asked about first."""
        if not self.is_export_asked():
            return self.respond()
        if self.export_need.refusal or self.export_need.weight > self.export_at_once:
            return self.ask_about_export()
        return self.export(self.shown_columns, self.rows).response()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Begin the job that makes a long workbook."""
        if not self.is_export_asked():
            return self.http_method_not_allowed(request)
        if self.export_need.refusal:
            return self.ask_about_export(status=422)
        from hrdb.kernel.screens.long_exports import start_export

        return redirect("kernel:job-detail", key=start_export(self).key)

    def is_export_asked(self) -> bool:
        """Whether the address asks for a workbook, of a day that can be read; of any other kind there is none."""
        asked = self.request.GET.get("export")
        if asked and (asked != "xlsx" or not self.export_name):
            raise Http404
        return bool(asked) and not getattr(self.request, "day_fault", "")

    def ask_about_export(self, status: int = 200) -> HttpResponseBase:
        """The page that says what a long export does, or why it cannot be and what smaller ones can."""
        context = Screen.context(self, need=self.export_need, noun=self.noun, back_url=self.here(export=None))
        context |= {"actions": (), "lead": "", "crumbs": [Crumb(self.get_title(), self.here(export=None))]}
        return TemplateResponse(self.request, "shapes/export.html", context, status=status)

    def context(self, **extra: Any) -> dict[str, Any]:
        """The page's context: filters, chips, heads, rows, pages."""
        page = self.page
        chips = self.filters.chips()
        return (
            super().context(
                filters=self.filters,
                chips=chips,
                heads=self.heads(),
                rows=self.drawn_rows(),
                page=page,
                page_links=self.page_links() if page.has_other_pages() else [],
                previous_url=self.here(page=page.previous_page_number()) if page.has_previous() else "",
                next_url=self.here(page=page.next_page_number()) if page.has_next() else "",
                column_choices=[(column, column in self.shown_columns) for column in self.all_columns],
                kept=self.kept_parameters(),
                export_url=self.export_url(),
                empty=self.get_empty(),
                noun=self.noun,
            )
            | extra
        )

    def export_url(self) -> str:
        """The address of the workbook; empty without one, and where the screen's own actions lead there already."""
        url = self.here(export="xlsx", page=None) if self.export_name else ""
        return "" if any(action.url == url for action in self.get_actions()) else url

    def kept_parameters(self) -> list[tuple[str, str]]:
        """Parameters that the filter form must carry along as hidden fields."""
        own = set(self.filters.fields) | {"page", "columns", "export", "filters"}
        others = [
            (key, value) for key, values in self.request.GET.lists() if key not in own for value in values if value
        ]
        return others + self.filters.kept_hidden()
