"""The rows of a record on the web: add, succeed, correct, end, remove, and the history of each."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from hrdb.kernel.forms import PartialDateField
from hrdb.kernel.history import history_model, version_of
from hrdb.kernel.screens import ActionScreen, Crumb, ReasonForm, Screen
from hrdb.kernel.screens.links import with_query
from personnel.forms.fields import day_after
from personnel.forms.rows import Purpose, RecordForm
from personnel.models import Assignment, Custody
from personnel.models.cadres import OfCadre
from personnel.record_parts import RecordPart
from personnel.record_rows import RecordRow
from personnel.record_tables import record_parts
from personnel.reports.changes import changes_of_row
from personnel.reports.unit_names import UnitNames
from personnel.services.citing import add_cited, correct_cited, succeed_cited
from personnel.services.reading import log_reading
from personnel.services.records import correct_row, remove_row
from personnel.views.opening import OpenedRecord, open_to_edit
from personnel.views.record_forms import RecordFormScreen


def part_of(opened: OpenedRecord, key: str) -> RecordPart:
    """The part of an address, if this reader sees it; Http404."""
    part = record_parts.get(key)
    if part is None or not opened.shows(part):
        raise Http404
    return part


class RowScreen(RecordFormScreen):
    """A form about a row of a part."""

    purpose: ClassVar[Purpose] = "add"

    @cached_property
    def part(self) -> RecordPart:
        """The part of the address."""
        return part_of(self.opened, self.kwargs["part"])

    @cached_property
    def row(self) -> OfCadre | None:
        """The row of the address, None for a new one; 404 when it is not this person's."""
        if "row" not in self.kwargs:
            return None
        rows = self.part.model.objects.filter(cadre=self.cadre)
        if self.part.related:
            rows = rows.select_related(*self.part.related)
        row: OfCadre = get_object_or_404(rows, pk=self.kwargs["row"])
        self._log(row)
        return row

    @cached_property
    def record(self) -> OfCadre | None:
        """The row, for the shape of the form."""
        return self.row

    def _log(self, row: OfCadre) -> None:
        """Opening a sensitive row is logged."""
        if self.part.sensitive is not None:
            log_reading(user=self.opened.user, cadre=self.cadre, parts=[self.part.sensitive], request=self.request)

    @property
    def tab(self) -> str:  # type: ignore[override]
        """The tab of the part."""
        return self.part.tab

    def tab_url(self) -> str:
        """The tab, at the card of the part."""
        return f"{super().tab_url()}#{self.part.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose record, for which day, about which row."""
        return {
            "user": self.opened.user,
            "cadre": self.cadre,
            "day": self.day,
            "purpose": self.purpose,
            "row": self.row,
            "unit_id": self._unit_id(),
        }

    def _unit_id(self) -> int | None:
        """The unit that seats, positions and mandates are offered of: the row's, else the one that keeps the record."""
        if self.part.model is not Assignment:
            return None
        held: int | None = getattr(self.row, "unit_id", None)
        kept = Custody.objects.filter(cadre=self.cadre).in_force(self.opened.today)
        return held or kept.values_list("unit_id", flat=True).first()

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The form of the part."""
        form: type[RecordForm] = self.part.form_class
        return form(data, files, initial=self.get_initial(), **self.get_form_kwargs())

    def get_version(self) -> str | None:
        """The newest history of the row."""
        return None if self.row is None else str(version_of(self.row))


class AddRow(RowScreen):
    """Add a row to a part of the record."""

    success_text = "Đã thêm."

    def get_title(self) -> str:
        """What is added."""
        return f"Thêm {self.part.noun}"

    def get_initial(self) -> dict[str, Any]:
        """Choices that a link brings along, such as the kind of a qualification."""
        return {name: self.request.GET[name] for name in ("kind", "side", "scheme") if name in self.request.GET}

    def write(self, form: Any) -> Any:
        """Through the service."""
        return add_cited(
            cadre=self.cadre,
            model=self.part.model,
            values=form.values(),
            cited=form.cited(),
            acting_user=self.opened.user,
        )


class SucceedRow(RowScreen):
    """End what holds and open the next period: what changed from a day on."""

    purpose = "succeed"
    submit_label = "Ghi thay đổi"
    success_text = "Đã ghi thay đổi."

    @cached_property
    def row(self) -> OfCadre | None:
        """The row that holds; what cannot be succeeded has no such page, but what was typed meanwhile is not lost."""
        row = super().row
        if row is None or (self.request.method != "POST" and not self.part.may_succeed(_on_day(row, self.opened))):
            raise Http404
        return row

    def get_version(self) -> str | None:
        """The version of the row that the page showed: who comes second sees what the first one wrote."""
        return super().get_version() if self.request.method != "POST" or self.sent_version else None

    def get_title(self) -> str:
        """What changes."""
        return f"Thay đổi {self.part.label.lower()}"

    def get_lead(self) -> str:
        """What holds now."""
        row = _on_day(self.row, self.opened, read_units=True)
        what = " · ".join(filter(None, [row.text, row.place]))
        return f"{self.cadre.full_name} · đang có: {what}, {row.days}"

    def write(self, form: Any) -> Any:
        """Through the service: the next period begins in the one that is followed, never before it."""
        since: datetime.date = self.row.effective_from  # type: ignore[union-attr]
        if form.values()["effective_from"] < since:
            told = f"Phải từ ngày bắt đầu giai đoạn đang thay đổi ({since:%d/%m/%Y}); trước đó thì dùng «Thêm»."
            raise ValidationError({"effective_from": ValidationError(told, code="period-order")})
        return succeed_cited(
            cadre=self.cadre,
            model=self.part.model,
            values=form.values(),
            cited=form.cited(),
            acting_user=self.opened.user,
        )


class CorrectRow(RowScreen):
    """Say that a row was wrong, and why."""

    purpose = "correct"
    submit_label = "Lưu đính chính"
    success_text = "Đã đính chính."

    def get_title(self) -> str:
        """What is corrected."""
        return f"Đính chính {self.part.noun}"

    def write(self, form: Any) -> Any:
        """Through the service, which compares the version again under the lock."""
        assert self.row is not None
        return correct_cited(
            row=self.row,
            values=form.values(),
            cited=form.cited(),
            version=self.version_shown,
            acting_user=self.opened.user,
            reason=form.reason,
        )


class EndForm(ReasonForm):
    """The last day of a row and why it ends."""

    last_day = PartialDateField(label="Ngày cuối còn hiệu lực", help_text="Chỉ biết tháng thì ghi tháng.")
    field_order = ("last_day", "reason")

    def __init__(self, *args: Any, first_day: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_day = first_day

    def clean_last_day(self) -> datetime.date:
        """The first day on which it no longer holds, after it began."""
        until = day_after(self.cleaned_data["last_day"])
        if until <= self.first_day:
            raise ValidationError("Ngày cuối phải sau ngày bắt đầu.", code="period-order")
        return until


class EndRow(RowScreen, ActionScreen):
    """End a row that nothing follows: a concurrent post, an allowance, membership."""

    submit_label = "Kết thúc"
    success_text = "Đã ghi ngày kết thúc."

    @cached_property
    def row(self) -> OfCadre | None:
        """The open row; what cannot be ended has no such page."""
        row = super().row
        if row is None or not self.part.may_end(_on_day(row, self.opened)):
            raise Http404
        return row

    def get_title(self) -> str:
        """What ends."""
        return f"Kết thúc {self.part.noun}"

    def get_question(self) -> str:
        """Which row."""
        return f"Kết thúc «{_on_day(self.row, self.opened).text}»?"

    def get_consequences(self) -> Sequence[str]:
        """What will happen."""
        return ["Dòng này thôi hiệu lực sau ngày cuối đã ghi.", "Phần đã có hiệu lực vẫn giữ trong hồ sơ."]

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The last day and the reason."""
        assert self.row is not None
        return EndForm(data, first_day=self.row.effective_from)  # type: ignore[attr-defined]

    def write(self, form: Any) -> Any:
        """Through the service."""
        assert self.row is not None
        return correct_row(
            row=self.row,
            values={"effective_until": form.cleaned_data["last_day"]},
            version=self.version_shown,
            acting_user=self.opened.user,
            reason=form.cleaned_data["reason"],
        )


class RemoveRow(RowScreen, ActionScreen):
    """Take away a row that should never have been there."""

    is_destructive = True
    submit_label = "Xóa dòng này"
    success_text = "Đã xóa; nội dung cũ còn trong lịch sử."

    @cached_property
    def row(self) -> OfCadre | None:
        """The row; what must always be there cannot be removed."""
        if not self.part.may_remove:
            raise Http404
        return super().row

    def get_title(self) -> str:
        """What is removed."""
        return f"Xóa {self.part.noun}"

    def get_question(self) -> str:
        """Which row, by its period."""
        row = _on_day(self.row, self.opened, read_units=True)
        what = " · ".join(filter(None, [row.text, row.place, row.days if self.part.is_dated else ""]))
        return f"Xóa «{what}»?"

    def get_consequences(self) -> Sequence[str]:
        """What will happen."""
        lines = ["Dòng này không còn trong hồ sơ, danh sách và thống kê của mọi ngày.", "Lịch sử của dòng vẫn giữ."]
        if self.part.is_dated:
            lines.append("Nếu chỉ là đã thôi hiệu lực, hãy dùng «Kết thúc» hoặc «Thay đổi từ ngày…» thay vì xóa.")
        return lines

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The reason."""
        return ReasonForm(data)

    def write(self, form: Any) -> Any:
        """Through the service."""
        assert self.row is not None
        remove_row(
            row=self.row,
            version=self.version_shown,
            acting_user=self.opened.user,
            reason=form.cleaned_data["reason"],
        )


class RowHistory(Screen):
    """Everything that was ever written to a row: when, by whom, why, from what to what; removed rows too."""

    template_name = "personnel/cadre/row_history.html"

    @cached_property
    def opened(self) -> OpenedRecord:
        """The record in this reader's hands; of a past day alone there is no history."""
        return open_to_edit(self.request, self.kwargs["pk"])

    @cached_property
    def part(self) -> RecordPart:
        """The part of the address."""
        return part_of(self.opened, self.kwargs["part"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The history; a row of another person has none here."""
        part, row_id = self.part, kwargs["row"]
        if not history_model(part.model)._default_manager.filter(id=row_id, cadre_id=self.opened.cadre.pk).exists():
            raise Http404
        if part.sensitive is not None:
            log_reading(user=self.opened.user, cadre=self.opened.cadre, parts=[part.sensitive], request=request)
        return self.respond(acts=changes_of_row(self.opened.cadre.pk, part.model, row_id))

    def get_title(self) -> str:
        """What it is the history of."""
        return f"Lịch sử: {self.part.label.lower()}"

    def get_lead(self) -> str:
        """Whose record it is."""
        return self.opened.cadre.full_name

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the part."""
        back = with_query(reverse("personnel:cadre-detail", args=[self.opened.cadre.pk]), tab=self.part.tab)
        return [
            Crumb(self.opened.cadre.full_name, f"{back}#{self.part.key}"),
            Crumb(self.get_title()),
        ]


def _on_day(row: Any, opened: OpenedRecord, *, read_units: bool = False) -> RecordRow:
    """A row as pages show it; the names of units only where they are shown."""
    units = UnitNames.read([getattr(row, "unit_id", None)] if read_units else [])
    return RecordRow(row, opened.day, opened.is_past_day, units)
