"""Acts on a slate: drawn up, changed, copied, chosen, a draft thrown away, dropped, taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from hrdb.kernel.screens import ActionScreen, Crumb
from hrdb.kernel.screens.formats import date_text, number_text
from personnel.models import Decision, UnitVersion
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.views.record_forms import ServiceFormScreen
from planning.choices import SlateState
from planning.forms.rounds import PlainForm
from planning.forms.slates import ChooseForm, CopyForm, DropForm, SlateForm
from planning.models import Slate
from planning.services.slates.drawing import choose_slate, decisions_of, drop_slate, undraw
from planning.services.slates.writing import change_slate, copy_slate, draw_slate, restore_slate
from planning.views.opening import PlannerScreen
from planning.views.slates.opening import OpenSlateScreen, SlateScreen


class SlateCreate(PlannerScreen, ServiceFormScreen):
    """Draw up an empty slate."""

    title = "Lập phương án nhân sự"
    lead = "Sau khi lập, thêm từng bước; bước sau được xét có tính đến các bước trước."
    form_class = SlateForm
    submit_label = "Lập phương án"
    success_text = "Đã lập phương án. Hãy thêm các bước."

    def get_crumbs(self) -> Sequence[Crumb]:
        """Below the list."""
        return [*super().get_crumbs(), Crumb("Phương án nhân sự", reverse("planning:slate-list"))]

    def get_initial(self) -> dict[str, Any]:
        """From the day that is asked."""
        return {"day": self.day}

    def write(self, form: Any) -> Slate:
        """Draw it up."""
        return draw_slate(values=form.cleaned_data, acting_user=self.reader)


class SlateForms(SlateScreen, ServiceFormScreen):
    """A form about a slate; what another changed meanwhile is shown."""

    read_once = ("slate",)


class SlateChange(OpenSlateScreen, SlateForms):
    """Change name, day and note."""

    title, success_text = "Sửa phương án", "Đã lưu."
    form_class = SlateForm

    def get_initial(self) -> dict[str, Any]:
        """What stands there."""
        return {name: getattr(self.slate, name) for name in ("name", "day", "note")}

    def write(self, form: Any) -> Slate:
        """Save it."""
        return change_slate(
            slate=self.slate, values=form.cleaned_data, version=self.version_shown, acting_user=self.reader
        )


class SlateCopy(SlateForms):
    """Copy a slate to vary it."""

    title, submit_label = "Sao phương án", "Sao phương án"
    lead = "Bản sao có đủ các bước, không có dự thảo; quyết định đã ký giữ nguyên ở cả hai."
    success_text = "Đã sao phương án. Hãy sửa các bước khác đi rồi so sánh."
    form_class: ClassVar[type[forms.BaseForm]] = CopyForm

    def get_initial(self) -> dict[str, Any]:
        """A name beside the first."""
        return {"name": f"{self.slate.name} (bản sao)"[:250]}

    def write(self, form: Any) -> Slate:
        """Copy it."""
        return copy_slate(slate=self.slate, name=form.cleaned_data["name"], acting_user=self.reader)

    def get_success_url(self, result: Slate) -> str:
        """To the copy."""
        return result.get_absolute_url()


class SlateChoose(OpenSlateScreen, SlateForms, ActionScreen):
    """Choose a slate: which drafts will be drawn up, in which order, by whom."""

    title, submit_label = "Chọn phương án", "Chọn và lập dự thảo"
    template_name = "planning/slate_choose.html"
    form_class: ClassVar[type[forms.BaseForm]] = ChooseForm

    def may_open(self) -> bool:
        """Who decides, while something is left to draw up."""
        if not super().may_open():
            return False
        if scope_of(self.reader, Action.DECIDE).is_empty:
            return False
        if not self.report.rehearsed.undrawn:
            raise Http404
        return True

    def get_question(self) -> str:
        """Which."""
        return f"Chọn «{self.slate.name}» và lập {number_text(len(self.groups))} dự thảo quyết định?"

    @cached_property
    def groups(self) -> list[Any]:
        """The decisions that the moves become."""
        return self.report.rehearsed.decisions()

    def get_consequences(self) -> Sequence[str]:
        """What happens."""
        return [
            f"Dự thảo vào sổ quyết định, hiệu lực từ ngày {date_text(self.slate.day)}; hồ sơ chưa đổi cho đến khi ký.",
            "Ký theo thứ tự dưới đây: quyết định sau cần chỗ mà quyết định trước giải phóng.",
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The managing levels that decide."""
        levels = {one.authority.value: str(one.authority.label) for group in self.groups for one in group}
        return {"user": self.reader, "day": self.day, "levels": levels}

    def get_initial(self) -> dict[str, Any]:
        """The only unit of the scope, or the top of the province."""
        scope = scope_of(self.reader, Action.DECIDE)
        tops = UnitVersion.objects.in_force(self.day).filter(parent=None).order_by("position", "unit_id")
        first = tops.values_list("unit_id", flat=True).first() if scope.is_whole_province else None
        return {"unit": scope.roots[0] if len(scope.roots) == 1 else first}

    def context(self, **extra: Any) -> dict[str, Any]:
        """The drafts in order; who is shown is logged."""
        self.log_seen()
        by_place = {line.place: line for line in self.report.moves}
        drafts = [
            (number, group[0].act.label, str(group[0].authority.label), [by_place[one.place] for one in group])
            for number, group in enumerate(self.groups, 1)
        ]
        return super().context(slate=self.slate, report=self.report, drafts=drafts, **extra)

    def write(self, form: Any) -> list[Decision]:
        """Draw the drafts up."""
        return choose_slate(
            slate=self.slate,
            unit=form.cleaned_data["unit"],
            issuers=form.issuers(),
            version=self.version_shown,
            acting_user=self.reader,
        )

    def get_success_text(self, result: list[Decision]) -> str:
        """How many."""
        return f"Đã lập {number_text(len(result))} dự thảo quyết định trong sổ."


class SlateUndraw(OpenSlateScreen, SlateForms, ActionScreen):
    """Throw away one draft of a slate."""

    title, submit_label, success_text = "Bỏ dự thảo", "Bỏ dự thảo", "Đã bỏ dự thảo; các bước trở lại như trước."
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm
    is_destructive = True

    def may_open(self) -> bool:
        """Of an open draft of this slate."""
        return super().may_open() and bool(self.decision)

    @cached_property
    def decision(self) -> Decision:
        """The draft of the address, or 404."""
        mine = Decision.objects.visible_to(self.reader, Action.DECIDE)
        drawn = self.slate.moves.filter(decision=self.kwargs["decision_pk"]).values("decision")
        found: Decision = get_object_or_404(mine, pk__in=drawn)
        if not found.is_open:
            raise Http404
        return found

    def get_question(self) -> str:
        """Which."""
        people = ", ".join(item.cadre.full_name for item in self.decision.items.select_related("cadre") if item.cadre)
        kind = self.decision.kind.name.lower() if self.decision.kind else "quyết định"
        return f"Bỏ dự thảo {kind} ({people})?"

    def get_consequences(self) -> Sequence[str]:
        """What stays."""
        return ["Dự thảo bị bỏ khỏi sổ, lịch sử vẫn giữ; bước của phương án lại sửa được."]

    def write(self, form: Any) -> Slate:
        """Throw it away."""
        return undraw(slate=self.slate, decision=self.decision, version=self.version_shown, acting_user=self.reader)


class SlateDrop(OpenSlateScreen, SlateForms, ActionScreen):
    """Drop a slate; what is signed stays."""

    title, submit_label, success_text = "Bỏ phương án", "Bỏ phương án", "Đã bỏ phương án."
    form_class: ClassVar[type[forms.BaseForm]] = DropForm
    is_destructive = True

    def get_question(self) -> str:
        """Which."""
        return f"Bỏ phương án «{self.slate.name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What stays."""
        drawn = decisions_of(self.slate)
        signed, open_ = sum(one.is_issued for one in drawn), sum(one.is_open for one in drawn)
        told = ["Phương án không sửa được nữa, có thể lấy lại."]
        if signed:
            told.append(f"{number_text(signed)} quyết định đã ký giữ nguyên hiệu lực.")
        if open_:
            told.append(f"{number_text(open_)} dự thảo chưa trình ở lại trong sổ, trừ khi chọn bỏ cả dự thảo.")
        return told

    def write(self, form: Any) -> Slate:
        """Drop it."""
        return drop_slate(
            slate=self.slate,
            reason=form.cleaned_data["reason"],
            with_drafts=form.cleaned_data["with_drafts"],
            version=self.version_shown,
            acting_user=self.reader,
        )


class SlateRestore(SlateForms, ActionScreen):
    """Take a dropped slate up again."""

    title, submit_label, success_text = "Lấy lại phương án", "Lấy lại", "Đã lấy lại phương án."
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def may_open(self) -> bool:
        """Of a dropped one."""
        if not super().may_open():
            return False
        if self.slate.state != SlateState.DROPPED:
            raise Http404
        return True

    def get_question(self) -> str:
        """Which."""
        return f"Lấy lại phương án «{self.slate.name}»?"

    def write(self, form: Any) -> Slate:
        """Take it up."""
        return restore_slate(slate=self.slate, version=self.version_shown, acting_user=self.reader)
