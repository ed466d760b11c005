"""The rotations of a plan: finding people, putting them on, changing, passing over a condition, taking off."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from hrdb.kernel.dates import first_of_month, month_index
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, ListScreen, ReasonForm
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models import Cadre
from personnel.views.record_forms import ServiceFormScreen
from planning.choices import RotationPurpose, RotationState
from planning.filters.rotation import ItemFilters, RotatableFilters
from planning.forms.candidates import OverrideForm
from planning.forms.rotation import ItemForm
from planning.models import Candidate, RotationItem
from planning.services.reading import log_seen, log_taken_out
from planning.services.rotation.items import (
    add_item,
    change_item,
    drop_item,
    override_rule,
    rotatable,
)
from planning.statistics.names import unit_names
from planning.statistics.rotation import held_posts
from planning.views.lines import shown_people
from planning.views.opening import overridable_rule
from planning.views.rotation.opening import (
    ItemActScreen,
    PlannerOfPlanScreen,
    RotationScreen,
    item_state,
)


class ItemFind(PlannerOfPlanScreen, ListScreen):
    """People who may be put on the plan: those planned first, or whom the filters find."""

    title = "Thêm người vào kế hoạch luân chuyển"
    noun = "người"
    default_sort = "name"
    export_name = ""
    filter_class = RotatableFilters
    empty = Empty(title="Không có ai trong phạm vi được giao", icon="users")

    def get_columns(self) -> Sequence[Column]:
        """Who, planned for what, on the plan already."""
        return (
            Column(
                key="name",
                label="Họ và tên",
                value="full_name",
                second=lambda row: row.shown.post,
                second_label="Chức vụ, đơn vị",
                link=lambda row: (
                    reverse("planning:rotation-item", args=[row.item_pk])
                    if row.item_pk
                    else reverse("planning:rotation-add", args=[self.plan.pk, row.pk])
                ),
                sort="sort_key",
                fixed=True,
                wide=True,
            ),
            Column(key="born", label="Ngày sinh", value=lambda row: row.shown.born, sort="born"),
            Column(key="planned", label="Được quy hoạch", value="planned_for", wide=True),
            Column(key="since", label="Giữ chức vụ từ", value="held_since", align="right"),
            Column(
                key="there",
                label="",
                render=lambda row: label("đã có trong kế hoạch", "act") if row.item_pk else "",
                export=False,
            ),
        )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Whom the reader may put on the plan."""
        return rotatable(self.reader, self.day)

    def with_details(self, rows: Any) -> list[Any]:
        """Posts and planning of the page's people; who is shown is logged."""
        listed = list(rows)
        ids = [row.pk for row in listed]
        people, held = shown_people(ids, self.day), held_posts(ids, self.day)
        planned: dict[int, list[str]] = {}
        seen = Candidate.objects.all().visible_to(self.reader).in_plan(self.day).filter(cadre_id__any=ids)
        for cadre_id, name in seen.order_by("seat__title__rank").values_list("cadre_id", "seat__title__name"):
            planned.setdefault(cadre_id, []).append(name)
        there = dict(self.items.standing().filter(cadre_id__in=ids).values_list("cadre_id", "pk"))  # type: ignore[attr-defined]
        for row in listed:
            row.shown, row.item_pk = people[row.pk], there.get(row.pk)
            row.planned_for = "; ".join(dict.fromkeys(planned.get(row.pk, ())))
            row.held_since = held[row.pk].since if row.pk in held else None
        log_seen(user=self.reader, people=ids, what=f"Tìm người cho {self.plan.name}", day=self.day)
        return listed

    def lead_for(self, count: str) -> str:
        """How to go on."""
        return f"{count} người · chọn một người để ghi nơi đến, chức vụ và xét điều kiện"


class ItemFormScreen(ServiceFormScreen):
    """What adding and changing share: the form of a rotation."""

    form_class: ClassVar[type[forms.BaseForm]] = ItemForm
    day: datetime.date
    reader: Any

    def get_form_kwargs(self) -> dict[str, Any]:
        """Units of the reader's scope."""
        return {"user": self.reader, "day": self.day}


class ItemAdd(PlannerOfPlanScreen, ItemFormScreen):
    """Put somebody on the plan."""

    title = "Đưa vào kế hoạch luân chuyển"
    submit_label = "Đưa vào kế hoạch"
    success_text = "Đã đưa vào kế hoạch; xem kết quả xét điều kiện."

    @cached_property
    def cadre(self) -> Cadre:
        """The person of the address, or 404."""
        found: Cadre = get_object_or_404(rotatable(self.reader, self.day), pk=self.kwargs["cadre_pk"])
        return found

    def may_open(self) -> bool:
        """Of somebody whom the reader may rotate."""
        return super().may_open() and bool(self.cadre)

    def get_lead(self) -> str:
        """Who."""
        person = shown_people([self.cadre.pk], self.day)[self.cadre.pk]
        return " · ".join(filter(None, (self.cadre.full_name, person.born, person.post)))

    def get_initial(self) -> dict[str, Any]:
        """From the next month on."""
        return {
            "purpose": RotationPurpose.PLANNED,
            "begins_on": first_of_month(month_index(self.day) + 1),
        }

    def write(self, form: Any) -> RotationItem:
        """Put him on."""
        try:
            return add_item(
                plan=self.plan, cadre=self.cadre, values=form.cleaned_data, day=self.day, acting_user=self.reader
            )
        except Cadre.DoesNotExist as error:
            raise Http404 from error

    def get_success_url(self, result: Any) -> str:
        """The page of the rotation."""
        return reverse("planning:rotation-item", args=[result.pk])


class ItemChange(ItemActScreen, ItemFormScreen):
    """Change a rotation while its plan is open."""

    title = "Sửa trường hợp luân chuyển"

    def is_possible(self) -> bool:
        """Of a plan that is not submitted, and who was not taken off."""
        return self.item.plan.is_open and self.item.state == RotationState.PROPOSED

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the unit that stands there."""
        return {**super().get_form_kwargs(), "kept": self.item.to_unit_id}

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What stands there."""
        names = (
            "purpose",
            "direction",
            "begins_on",
            "ends_on",
            "reason",
            "benefits",
            "is_clear",
            "is_movable",
            "has_written_wish",
            "is_extra",
        )
        local = {True: "yes", False: "no"}.get(self.item.is_local, "")  # type: ignore[arg-type]
        own = {"to_unit": self.item.to_unit_id, "title": self.item.title_id, "is_local": local}
        return {name: getattr(self.item, name) for name in names} | own

    def write(self, form: Any) -> RotationItem:
        """Change it."""
        return change_item(
            item=self.item,
            values=form.cleaned_data,
            version=self.version_shown,
            day=self.day,
            acting_user=self.reader,
        )


class ItemOverride(ItemActScreen):
    """Pass over a condition with a reason."""

    form_class = OverrideForm
    success_text = "Đã ghi."

    @cached_property
    def rule(self) -> Any:
        """The rule of the address."""
        return overridable_rule(self.kwargs["rule"])

    def is_possible(self) -> bool:
        """Of a plan that is not submitted."""
        return self.item.plan.is_open and self.item.state == RotationState.PROPOSED and bool(self.rule)

    def get_title(self) -> str:
        """Which condition."""
        return f"Cho qua «{self.rule.label}»"

    def get_initial(self) -> dict[str, Any]:
        """The reason that stands there."""
        return {"reason": self.item.overrides.get(self.rule.key, "")}

    def write(self, form: Any) -> RotationItem:
        """Keep the reason."""
        return override_rule(
            item=self.item, rule=self.rule.key, reason=form.cleaned_data["reason"], acting_user=self.reader
        )


class ItemDrop(ItemActScreen, ActionScreen):
    """Take somebody off, or say that an approved rotation is not carried out."""

    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = ReasonForm

    def is_possible(self) -> bool:
        """Of an open plan, or an approved rotation without a decision."""
        plan = self.item.plan
        return (plan.is_open or plan.is_approved) and self.item.state in (
            RotationState.PROPOSED,
            RotationState.APPROVED,
        )

    def get_title(self) -> str:
        """By the state of the plan."""
        return "Không thực hiện luân chuyển" if self.item.plan.is_approved else "Đưa ra khỏi kế hoạch"

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        """By the state of the plan."""
        return "Không thực hiện" if self.item.plan.is_approved else "Đưa ra"

    def get_question(self) -> str:
        """Whom."""
        name = self.item.cadre.full_name
        if self.item.plan.is_approved:
            return f"Không thực hiện luân chuyển {name}?"
        return f"Đưa {name} ra khỏi kế hoạch?"

    def get_consequences(self) -> Sequence[str]:
        """What stays."""
        if self.item.plan.is_approved:
            return ["Kế hoạch đã phê duyệt và mã băm được giữ nguyên; lý do được ghi vào lịch sử."]
        return ["Lý do được ghi vào lịch sử; có thể đưa lại vào kế hoạch này."]

    def write(self, form: Any) -> RotationItem:
        """Take him off."""
        return drop_item(item=self.item, reason=form.cleaned_data["reason"], acting_user=self.reader)

    def get_success_url(self, result: Any) -> str:
        """Back to the plan."""
        return reverse("planning:rotation-detail", args=[self.item.plan_id])


class ItemList(RotationScreen, ListScreen):
    """Every rotation that the reader sees, of all plans; the people behind the numbers of the table."""

    title = "Người luân chuyển"
    noun = "trường hợp luân chuyển"
    default_sort = "-year"
    export_name = "nguoi-luan-chuyen"
    export_at_once = 1_500
    filter_class = ItemFilters
    columns = (
        Column(
            key="name",
            label="Họ và tên",
            value="cadre.full_name",
            second="from_post",
            second_label="Chức vụ nơi đi",
            link=lambda row: reverse("planning:rotation-item", args=[row.pk]),
            sort="cadre__sort_key",
            fixed=True,
            wide=True,
        ),
        Column(key="born", label="Năm sinh", value=lambda row: row.cadre.birth.text if row.cadre.birth else ""),
        Column(key="from", label="Nơi đi", value="from_place", wide=True),
        Column(key="to", label="Nơi đến", value="title.name", second="to_place", second_label="Đơn vị đến", wide=True),
        Column(key="direction", label="Hướng", value="get_direction_display", sort="direction"),
        Column(key="purpose", label="Mục đích", value="get_purpose_display", sort="purpose", hidden=True),
        Column(key="begins", label="Từ ngày", value="begins_on", sort="begins_on", align="right"),
        Column(key="ends", label="Đến ngày", value="ends_on", sort="ends_on", align="right"),
        Column(key="year", label="Kế hoạch", value=lambda row: str(row.plan.year), sort="plan__year", align="right"),
        Column(key="decision", label="Quyết định", value=lambda row: str(row.decision or ""), hidden=True),
        Column(key="state", label="Trạng thái", value="get_state_display", render=item_state, sort="state"),
    )
    empty = Empty(title="Chưa có trường hợp luân chuyển nào trong phạm vi được giao", icon="arrow-left-right")

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Rotations that the reader sees."""
        rows = RotationItem.objects.all().visible_to(self.reader)
        return rows.select_related("cadre", "title", "plan", "decision").defer("findings", "plan__content")

    def with_details(self, rows: Any) -> list[Any]:
        """Places by name; who is shown is logged."""
        listed = list(rows)
        names = unit_names({pk for row in listed for pk in (row.from_unit_id, row.to_unit_id)}, self.day)
        for row in listed:
            row.from_place, row.to_place = names.get(row.from_unit_id, ""), names.get(row.to_unit_id, "")
        people, what = [row.cadre_id for row in listed], "Danh sách luân chuyển"
        if self.is_export_asked():
            log_taken_out(user=self.reader, people=people, what=what, day=self.day)
        else:
            log_seen(user=self.reader, people=people, what=what, day=self.day)
        return listed

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """What is seen as a workbook; `with_details` logs it."""
        return super().export(columns, rows)

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the plans."""
        return [*super().get_crumbs(), Crumb(self.get_title())]

    def row_css(self, record: RotationItem) -> str:
        """What is over is quiet."""
        return "past" if record.state in (RotationState.ENDED, RotationState.DROPPED) else ""
