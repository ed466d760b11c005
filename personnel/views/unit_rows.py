"""Adding, changing, correcting, ending and removing what a unit has: seats, job positions, mandates, establishment."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.history import version_of
from hrdb.kernel.screens import ActionScreen, Crumb, ReasonForm
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import link, with_query
from personnel.choices import EmploymentCategory
from personnel.forms.rows import Purpose
from personnel.models import Establishment, Unit, UnitVersion
from personnel.policies import Action
from personnel.services.unit_rows import (
    add_unit_row,
    correct_unit_row,
    end_unit_row,
    remove_unit_row,
    rows_of,
    succeed_unit_row,
)
from personnel.statistics.headcounts import Headcounts
from personnel.views.record_forms import ServiceFormScreen
from personnel.views.records import EndForm
from personnel.views.unit_parts import UNIT_PARTS, UnitPart, may_edit_unit
from personnel.views.unit_tree import tree_in_scope


class UnitRowScreen(ServiceFormScreen):
    """A form about a row of a unit: 404 out of scope, 403 for who only reads."""

    purpose: ClassVar[Purpose] = "add"

    @cached_property
    def unit(self) -> Unit:
        """The unit of the address, or 404."""
        units = Unit.objects.visible_to(reader(self.request), Action.VIEW)
        found: Unit = get_object_or_404(units, code=self.kwargs["slug"])
        return found

    def may_open(self) -> bool:
        """Whoever edits records of the unit."""
        return may_edit_unit(self.request, self.unit)

    @cached_property
    def part(self) -> UnitPart:
        """The part of the address, or 404."""
        part = UNIT_PARTS.get(self.kwargs["part"])
        if part is None:
            raise Http404
        return part

    @cached_property
    def row(self) -> Any:
        """The row of the address, None for a new one; 404 when it is not this unit's."""
        if "row" not in self.kwargs:
            return None
        rows = rows_of(self.part.model, self.unit).select_related(*self.part.related)
        return get_object_or_404(rows, pk=self.kwargs["row"])

    @cached_property
    def record(self) -> Any:
        """The row, for the shape of the form."""
        return self.row

    @cached_property
    def unit_name(self) -> str:
        """What the unit is called on the day."""
        named = UnitVersion.objects.standing_on(self.day).filter(unit=self.unit).first()
        return named.name if named else self.unit.code

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The form of the part."""
        return self.part.form_class(
            data,
            files,
            initial=self.get_initial(),
            user=reader(self.request),
            cadre=None,
            day=self.day,
            purpose=self.purpose,
            row=self.row,
            unit_id=self.unit.pk,
        )

    def get_version(self) -> str | None:
        """The newest history of the row."""
        return None if self.row is None else str(version_of(self.row))

    def get_lead(self) -> str:
        """Which unit."""
        return self.unit_name

    def get_crumbs(self) -> Sequence[Crumb]:
        """The tree, the unit, this form."""
        return [
            Crumb("Đơn vị", link(self.request, "personnel:unit-tree")),
            Crumb(self.unit_name, self.part_url()),
            Crumb(self.get_title()),
        ]

    def part_url(self) -> str:
        """The tab of the unit's page, at the card of the part."""
        page = with_query(reverse("personnel:unit-detail", args=[self.unit.code]), tab=self.part.tab)
        return f"{page}#{self.part.key}"

    def get_success_url(self, result: Any) -> str:
        """Back to the card."""
        return self.part_url()

    def get_cancel_url(self) -> str:
        """Back to the card."""
        return self.part_url()

    def save(self, form: Any) -> Any:
        """Write; of an establishment say how it will be added up with those of the units below."""
        result = super().save(form)
        if isinstance(result, Establishment):
            self._say_reading(result)
        return result

    def _say_reading(self, row: Establishment) -> None:
        """A number smaller than what the units below have is the unit's own, which its writer should know."""
        tree = tree_in_scope(self.request, self.day)
        placed = tree.by_code(self.unit.code)
        quota = Headcounts(tree, self.day).of(placed).quotas.get(row.category) if placed else None
        if quota is None or quota.own != row.number or quota.below is None or quota.covers_below:
            return
        category = EmploymentCategory(row.category).label
        messages.warning(
            self.request,
            f"Các đơn vị trực thuộc đã được giao {number_text(quota.below)} ({category}), nhiều hơn số vừa ghi: số này "
            f"được hiểu là của riêng cơ quan và cộng thêm, tổng tính là {number_text(quota.total)}.",
        )


class AddUnitRow(UnitRowScreen):
    """Add a row to a unit."""

    success_text = "Đã thêm."

    def get_title(self) -> str:
        """What is added."""
        return f"Thêm {self.part.noun}"

    def get_initial(self) -> dict[str, Any]:
        """An establishment is mostly of the year that is looked at."""
        return {"year": self.day.year} if self.part.model is Establishment else {}

    def write(self, form: Any) -> Any:
        """Through the service."""
        return add_unit_row(
            unit=self.unit,
            model=self.part.model,
            values=form.values(),
            decision=form.cited(),
            acting_user=reader(self.request),
        )


class SucceedUnitRow(UnitRowScreen):
    """End what holds and open the next period."""

    purpose = "succeed"
    submit_label = "Ghi thay đổi"
    success_text = "Đã ghi thay đổi."

    @cached_property
    def row(self) -> Any:
        """The row that holds; what has no periods has no such page."""
        if not self.part.may_succeed:
            raise Http404
        return super().row

    def get_version(self) -> str | None:
        """A new period overwrites nothing."""
        return None

    def get_title(self) -> str:
        """What changes."""
        return f"Thay đổi {self.part.noun}"

    def get_lead(self) -> str:
        """Which row of which unit."""
        return f"{self.unit_name} · {self.part.text(self.row)}"

    def write(self, form: Any) -> Any:
        """Through the service."""
        values = form.values()
        return succeed_unit_row(
            row=self.row,
            effective_from=values.pop("effective_from"),
            values=values,
            decision=form.cited(),
            acting_user=reader(self.request),
        )


class CorrectUnitRow(UnitRowScreen):
    """Say that a row was wrong, and why."""

    purpose = "correct"
    submit_label = "Lưu đính chính"
    success_text = "Đã đính chính."

    def get_title(self) -> str:
        """What is corrected."""
        return f"Đính chính {self.part.noun}"

    def write(self, form: Any) -> Any:
        """Through the service, which compares the version again under the lock."""
        return correct_unit_row(
            row=self.row,
            values=form.values(),
            version=self.version_shown,
            decision=form.cited(),
            acting_user=reader(self.request),
            reason=form.reason,
        )


class EndUnitRow(UnitRowScreen, ActionScreen):
    """End a seat, a job position or a mandate."""

    submit_label = "Kết thúc"
    success_text = "Đã ghi ngày kết thúc."

    @cached_property
    def row(self) -> Any:
        """The open row; what cannot be ended has no such page."""
        row = super().row
        if not self.part.may_end(row):
            raise Http404
        return row

    def get_title(self) -> str:
        """What ends."""
        return f"Kết thúc {self.part.noun}"

    def get_question(self) -> str:
        """Which row."""
        return f"Kết thúc «{self.part.text(self.row)}»?"

    def get_consequences(self) -> Sequence[str]:
        """What will happen, and who still holds it."""
        lines = ["Dòng này thôi hiệu lực sau ngày cuối đã ghi; phần đã có hiệu lực vẫn giữ."]
        held = self.part.counted(self.unit, self.day).get(self.row.pk, 0) if self.part.counted else 0
        if held:
            lines.append(f"Đang có {held} người giữ; vị trí công tác của họ không tự kết thúc.")
        return lines

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The last day and the reason."""
        assert self.part.first_day is not None
        return EndForm(data, first_day=self.part.first_day(self.row))

    def write(self, form: Any) -> Any:
        """Through the service."""
        return end_unit_row(
            row=self.row,
            ended_from=form.cleaned_data["last_day"],
            version=self.version_shown,
            acting_user=reader(self.request),
            reason=form.cleaned_data["reason"],
        )


class RemoveUnitRow(UnitRowScreen, ActionScreen):
    """Take away a row that should never have been there."""

    is_destructive = True
    submit_label = "Xóa dòng này"
    success_text = "Đã xóa; nội dung cũ còn trong lịch sử."

    def get_title(self) -> str:
        """What is removed."""
        return f"Xóa {self.part.noun}"

    def get_question(self) -> str:
        """Which row."""
        return f"Xóa «{self.part.text(self.row)}»?"

    def get_consequences(self) -> Sequence[str]:
        """What will happen."""
        lines = ["Dòng này không còn ở trang đơn vị và trong thống kê của mọi ngày.", "Lịch sử của dòng vẫn giữ."]
        if self.part.first_day is not None:
            lines.append("Nếu chỉ là đã thôi hiệu lực, hãy dùng «Kết thúc» thay vì xóa.")
        return lines

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The reason."""
        return ReasonForm(data)

    def write(self, form: Any) -> Any:
        """Through the service."""
        remove_unit_row(
            row=self.row,
            version=self.version_shown,
            acting_user=reader(self.request),
            reason=form.cleaned_data["reason"],
        )
