"""Form 10: results of training in a period on page, in Excel and on paper; every number opens its people."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from appraisal.reports.tables import ReportTable, paper, workbook
from hrdb.kernel.dates import format_date
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import XLSX, ExportFile
from hrdb.kernel.screens.links import with_query
from personnel.models.access import unit_name
from personnel.services.reading import log_export, log_print
from personnel.statistics import tree_for
from personnel.statistics.tree import PlacedUnit, UnitTree
from training.forms.form10 import PeriodForm, year_of
from training.reports.form10 import TITLE, form10_table
from training.services.reading import log_seen
from training.statistics.form10 import COLUMN_LABELS, ROW_LABELS, Form10, FormRow, Period, form10, people_behind
from training.views.reading import ClassReader

PDF = "application/pdf"


class Form10Screen(ClassReader):
    """What page and list share: the period and the unit of the address; a unit out of scope is not there."""

    page_key = "form10"

    @cached_property
    def tree(self) -> UnitTree:
        """The units of the reader's scope today."""
        return tree_for(self.reader, self.day)

    @cached_property
    def unit(self) -> PlacedUnit | None:
        """The unit that is asked."""
        code = self.request.GET.get("unit", "")
        found = self.tree.by_code(code) if code else None
        if code and found is None:
            raise Http404
        return found

    @property
    def unit_ids(self) -> list[int] | None:
        """The unit and what lies below it; None asks the whole scope."""
        return None if self.unit is None else [one.id for one in self.tree.at_and_below(self.unit)]

    @cached_property
    def form(self) -> PeriodForm:
        """The period and the units to choose from."""
        year = year_of(self.day)
        tops = self.tree.tops()
        units = [(one.code, one.name) for top in tops for one in (top, *self.tree.children(top))]
        if self.unit is not None and self.unit.code not in dict(units):
            units.append((self.unit.code, self.unit.name))
        given = self.request.GET if {"first", "last"} & set(self.request.GET) else None
        return PeriodForm(data=given, initial={"first": year.first, "last": year.last}, units=units)

    @property
    def is_wrong(self) -> bool:
        """Whether what was asked is no period."""
        return self.form.is_bound and not self.form.is_valid()

    @cached_property
    def period(self) -> Period:
        """The period that is asked; the year of the asked day where it is none."""
        return self.form.period if self.form.is_bound and self.form.is_valid() else year_of(self.day)

    def people_url(self, row: str, column: str) -> str:
        """The people behind a number."""
        return self.link(
            with_query(
                reverse("training:form10-people"),
                row=row,
                column=column,
                first=self.period.first.isoformat(),
                last=self.period.last.isoformat(),
                unit=self.unit.code if self.unit else None,
            )
        )


class Form10Page(Form10Screen):
    """The form."""

    template_name = "training/form10.html"
    title = TITLE

    @cached_property
    def found(self) -> Form10:
        """The one computation."""
        return form10(user=self.reader, period=self.period, unit_ids=self.unit_ids)

    def get_lead(self) -> str:
        """Of which period and units."""
        place = self.unit.name if self.unit else "Toàn bộ phạm vi được giao"
        return f"{place} · từ {format_date(self.period.first)} đến {format_date(self.period.last)}"

    def get_actions(self) -> Sequence[Button]:
        """Excel and paper of exactly this."""
        here = self.request.get_full_path()
        return (
            Button(label="Xuất Excel", url=with_query(here, export="xlsx"), icon="download", download=True),
            Button(label="In PDF", url=with_query(here, export="pdf"), icon="printer"),
        )

    def table(self) -> ReportTable:
        """The same for every outlet."""
        return form10_table(self.found, self.unit.name if self.unit else "")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it, or send it as a file, which is logged."""
        kind = request.GET.get("export")
        if kind is None:
            return self.respond(status=422 if self.is_wrong else 200)
        if kind not in ("xlsx", "pdf") or self.is_wrong:
            raise Http404
        if kind == "xlsx":
            content, content_type = workbook([self.table()]), XLSX
            log_export(user=self.reader, people=(), what=TITLE, day=self.day)
        else:
            content, content_type = paper([self.table()]), PDF
            log_print(user=self.reader, people=(), what=TITLE, day=self.day)
        place = "attachment" if kind == "xlsx" else "inline"
        return HttpResponse(
            content, content_type=content_type, headers={"Content-Disposition": f'{place}; filename="bieu-10.{kind}"'}
        )

    def context(self, **extra: Any) -> dict[str, Any]:
        """Rows with their numbers and the ways to the people."""
        found = self.found
        return (
            super().context(
                form=self.form,
                heads=[COLUMN_LABELS[column] for column in found.columns],
                rows=[self.row(row) for row in (*found.rows, found.total)],
                notes=self.table().notes,
                is_empty=not found.total.classes,
                page_url=reverse("training:form10"),
            )
            | extra
        )

    def row(self, row: FormRow) -> dict[str, Any]:
        """A row as it is drawn."""
        cells = [
            (
                COLUMN_LABELS[column],
                row.counts[column],
                self.people_url(row.kind.key, column) if row.counts[column] else "",
            )
            for column in self.found.columns
        ]
        return {"label": row.kind.label, "is_part": row.kind.is_part, "classes": row.classes, "cells": cells}


class Form10People(Form10Screen, ListScreen):
    """The people behind a number of the form."""

    title = "Người học đã đạt"
    noun = "lượt người"
    template_name = "training/list.html"
    default_sort = "name"
    export_name = "nguoi-hoc-da-dat"
    columns = (
        Column(
            key="name",
            label="Họ và tên",
            value="cadre.full_name",
            link=lambda row: reverse("personnel:cadre-detail", args=[row.cadre_id]),
            sort="cadre__sort_key",
            fixed=True,
        ),
        Column(key="unit", label="Đơn vị cử", value="unit_label", wide=True),
        Column(
            key="class",
            label="Lớp",
            value="training_class.name",
            second="training_class.programme.name",
            second_label="Chương trình",
            sort="training_class__name",
            wide=True,
        ),
        Column(key="ended", label="Kết thúc", value="training_class.ends_on", sort="training_class__ends_on"),
        Column(key="grade", label="Xếp loại", value="grade"),
        Column(key="certificate", label="Số chứng chỉ", value="certificate_number", hidden=True),
    )
    empty = Empty(title="Không có ai", text="Trong phạm vi được giao không có ai ở số liệu này.", icon="users")

    def get_crumbs(self) -> Sequence[Crumb]:
        """The form."""
        keys = {key: value for key in ("first", "last", "unit") if (value := self.request.GET.get(key))}
        return [*super().get_crumbs(), Crumb("Biểu số 10", with_query(reverse("training:form10"), **keys))]

    def lead_for(self, count: str) -> str:
        """Which number, of which period."""
        row, column = (ROW_LABELS[self.asked[0]], COLUMN_LABELS[self.asked[1]])
        period = f"từ {format_date(self.period.first)} đến {format_date(self.period.last)}"
        return f"{count} lượt người · {row} · {column} · {period}"

    @cached_property
    def asked(self) -> tuple[str, str]:
        """The row and the column of the number, or 404."""
        row, column = self.request.GET.get("row", "total"), self.request.GET.get("column", "people")
        if row not in ROW_LABELS or column not in COLUMN_LABELS or self.is_wrong:
            raise Http404
        return row, column

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The people of the number."""
        row, column = self.asked
        found = people_behind(user=self.reader, period=self.period, row=row, column=column, unit_ids=self.unit_ids)
        return found.select_related("cadre", "training_class__programme").annotate(unit_label=unit_name("unit_id"))

    def with_details(self, rows: Any) -> list[Any]:
        """The rows of a page; who is shown is logged."""
        listed = list(rows)
        people = [row.cadre_id for row in listed]
        if self.is_export_asked():
            log_export(user=self.reader, people=people, what=f"{TITLE}: {self.lead_for('')}", day=self.day)
        else:
            log_seen(user=self.reader, people=people, what=TITLE, day=self.day)
        return listed

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The list as a workbook; `with_details` logs it."""
        return super().export(columns, rows)
