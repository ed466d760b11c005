"""Standards of titles as planning asks them, by form and by sheet; targets of structure of the approving levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, FilterForm, ListScreen
from hrdb.kernel.screens.exports import XLSX
from hrdb.kernel.screens.formats import number_text, percent_text
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models import Title
from personnel.rules.standards import REQUIREMENTS as KINDS
from personnel.services.reading import log_export
from personnel.views.record_forms import ServiceFormScreen
from planning.exports.standards import FILE_NAME, level_names, standards_in_force, standards_workbook
from planning.forms.rounds import PlainForm
from planning.forms.standards import StandardForm, StandardSheetForm, TargetForm
from planning.imports.standards import read_standards
from planning.models import StructureTarget
from planning.models.scope import levels_prepared_by
from planning.rules.structure import METRIC_LABELS
from planning.services.standards import REQUIREMENTS, NewStandard, set_standards
from planning.services.targets import end_target, set_target
from planning.views.opening import PlannerScreen

LARGEST = 50_000_001
MOST_FAULTS = 200


class StandardFilters(FilterForm):
    """Titles by name or code; those without standards."""

    search = "q"
    primary = ("lacking",)
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Chức danh, mã"}))
    lacking = forms.BooleanField(label="Chưa khai đủ")
    title = forms.CharField(label="Mã chức danh", max_length=40, widget=forms.HiddenInput)

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of the name or the code."""
        return queryset.filter(Q(name__icontains=value) | Q(code__icontains=value))

    def apply_lacking(self, queryset: QuerySet[Any], value: bool) -> QuerySet[Any]:
        """Titles that lack one of the requirements on the day."""
        held = standards_in_force(timezone.localdate())
        full = [pk for pk in {pk for pk, _ in held} if all((pk, key) in held for key in REQUIREMENTS)]
        return queryset.exclude(pk__in=full)

    def apply_title(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """One title."""
        return queryset.filter(code=value)


def _asked(key: str) -> Column:
    return Column(key=key, label=KINDS[key].label, value=lambda row: row.asked.get(key))


class StandardList(PlannerScreen, ListScreen):
    """What the titles ask on the day."""

    title = "Tiêu chuẩn chức danh"
    noun = "chức danh lãnh đạo, quản lý"
    filter_class = StandardFilters
    default_sort = "rank"
    columns = (
        Column(
            key="name",
            label="Chức danh",
            value="name",
            second="code",
            link=lambda row: reverse("planning:standard-edit", args=[row.pk]),
            sort="name",
            fixed=True,
            wide=True,
        ),
        Column(key="rank", label="Bậc", value="rank", sort=("rank", "position"), align="right"),
        *(_asked(key) for key in REQUIREMENTS),
        Column(key="citation", label="Căn cứ", value="citation", wide=True, hidden=True),
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Leadership titles."""
        return Title.objects.filter(is_leadership=True)

    def with_details(self, rows: Any) -> list[Any]:
        """What each asks."""
        listed, names, held = list(rows), level_names(), standards_in_force(self.day)
        for title in listed:
            own = {key: held[title.pk, key] for key in REQUIREMENTS if (title.pk, key) in held}
            title.asked = {key: names[key].get(str(row.value), str(row.value)) for key, row in own.items()}
            title.citation = next((row.citation for row in own.values()), "")
        return listed

    def lead_for(self, count: str) -> str:
        """What it is for."""
        return f"{count} chức danh; mức chưa khai thì điều kiện tương ứng chưa kết luận được"

    def get_actions(self) -> Sequence[Button]:
        """The sheet, out and in."""
        url = reverse("planning:standard-sheet")
        buttons = [Button(label="Tải bảng", url=url, icon="download", download=True)]
        if levels_prepared_by(self.reader):
            buttons.append(
                Button(label="Nhập bảng", url=reverse("planning:standard-import"), icon="file-up", main=True)
            )
        return buttons


class StandardSheet(PlannerScreen):
    """The sheet of standards as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Every leadership title with what it asks on the day."""
        titles = Title.objects.filter(is_leadership=True, rank__isnull=False).order_by("rank", "position", "code")
        content = standards_workbook(titles, self.day)
        log_export(user=self.reader, what="Bảng tiêu chuẩn chức danh", day=self.day)
        headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
        return HttpResponse(content, content_type=XLSX, headers=headers)


class StandardForms(PlannerScreen, ServiceFormScreen):
    """What the forms of standards share."""

    def may_open(self) -> bool:
        """Whoever prepares rounds."""
        return bool(levels_prepared_by(self.reader))

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the list."""
        return [*super().get_crumbs(), Crumb("Tiêu chuẩn chức danh", reverse("planning:standard-list"))]

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("planning:standard-list")

    def get_success_text(self, result: Any) -> str:
        """How many."""
        return f"Đã ghi {number_text(result)} tiêu chuẩn." if result else "Không có gì thay đổi."


class StandardEdit(StandardForms):
    """What one title asks."""

    form_class = StandardForm

    @cached_property
    def record(self) -> Title:
        """The title."""
        found: Title = get_object_or_404(Title, pk=self.kwargs["pk"], is_leadership=True)
        return found

    def get_title(self) -> str:
        """Which."""
        return f"Tiêu chuẩn: {self.record.name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The levels of each kind."""
        return {"levels": level_names()}

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What holds."""
        held = standards_in_force(self.day)
        rows = {key: held[self.record.pk, key] for key in REQUIREMENTS if (self.record.pk, key) in held}
        first = next(iter(rows.values()), None)
        return {
            **{key: row.value for key, row in rows.items()},
            "effective_from": first.effective_from if first else self.day,
            "citation": first.citation if first else "",
            "confidence": first.confidence if first else "unconfirmed",
        }

    def write(self, form: Any) -> int:
        """Set what is said."""
        cleaned = form.cleaned_data
        common = (cleaned["effective_from"], cleaned["citation"], cleaned["confidence"])
        new = [NewStandard(self.record.pk, key, cleaned[key], *common) for key in REQUIREMENTS if cleaned[key]]
        return set_standards(standards=new, acting_user=self.reader)

    def get_cancel_url(self) -> str:
        """The list."""
        return reverse("planning:standard-list")


class StandardImport(StandardForms):
    """The sheet, filled in: all or nothing, every fault by its cell."""

    title = "Nhập bảng tiêu chuẩn chức danh"
    lead = "Tải bảng, điền mức yêu cầu và căn cứ, rồi gửi lại; ô để trống thì tiêu chuẩn đang có không đổi."
    template_name = "shapes/sheet.html"
    form_class: ClassVar[type[forms.BaseForm]] = StandardSheetForm
    submit_label = "Kiểm tra và ghi"

    def save(self, form: Any) -> Any:
        """Read, and write when nothing is wrong."""
        try:
            read = read_standards(form.cleaned_data["file"].read(LARGEST), day=self.day)
        except UnreadableFile as error:
            raise forms.ValidationError({"file": str(error)}) from error
        if read.faults:
            return self.refuse(form, faults=read.faults[:MOST_FAULTS], fault_total=len(read.faults))
        if not read.standards:
            raise forms.ValidationError({"file": "Bảng không nói mức yêu cầu nào."})
        self.read_standards = read.standards
        return super().save(form)

    def write(self, form: Any) -> int:
        """Set everything."""
        return set_standards(standards=self.read_standards, acting_user=self.reader)

    def context(self, **extra: Any) -> dict[str, Any]:
        """Nothing is wrong yet."""
        return super().context(faults=(), fault_total=0, sheet_url=reverse("planning:standard-sheet")) | extra


class TargetList(PlannerScreen, ListScreen):
    """The shares that the approving levels ask of their lists."""

    title = "Chỉ tiêu cơ cấu quy hoạch"
    noun = "chỉ tiêu"
    default_sort = "level"
    columns = (
        Column(
            key="metric",
            label="Tiêu chí",
            value=lambda row: METRIC_LABELS.get(row.metric, row.metric),
            sort="metric",
            fixed=True,
        ),
        Column(key="percent", label="Tỷ lệ", value=lambda row: percent_text(float(row.percent) / 100), align="right"),
        Column(key="level", label="Cấp phê duyệt", value="get_level_display", sort=("level", "metric"), wide=True),
        Column(key="from", label="Từ ngày", value="effective_from", sort="effective_from", align="right"),
        Column(key="until", label="Đến trước ngày", value="effective_until", align="right"),
        Column(key="basis", label="Căn cứ", value="basis", wide=True),
        Column(
            key="confidence",
            label="Mức kiểm chứng",
            value="get_confidence_display",
            render=lambda row: label(row.get_confidence_display(), "" if row.confidence == "confirmed" else "warn"),
        ),
    )
    empty = Empty(
        title="Chưa có chỉ tiêu riêng",
        text="Khi cấp phê duyệt chưa đặt chỉ tiêu, cơ cấu được so với chỉ tiêu chung và nói rõ con số chưa kiểm chứng.",
        icon="target",
    )

    def may_open(self) -> bool:
        """Whoever prepares rounds."""
        return bool(levels_prepared_by(self.reader))

    def get_columns(self) -> Sequence[Column]:
        """With the way to end one."""
        return (*self.columns, Column(key="end", label="", render=self._end, export=False))

    def _end(self, row: StructureTarget) -> SafeString | str:
        if row.effective_until is not None:
            return ""
        return format_html(
            '<a class="btn btn-sm" href="{}">Thôi áp dụng</a>', reverse("planning:target-end", args=[row.pk])
        )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Those of the levels that the reader prepares."""
        return StructureTarget.objects.filter(level__in=levels_prepared_by(self.reader))

    def get_actions(self) -> Sequence[Button]:
        """A new one."""
        return (Button(label="Đặt chỉ tiêu", url=reverse("planning:target-create"), icon="plus", main=True),)


class TargetForms(PlannerScreen, ServiceFormScreen):
    """What the forms of targets share."""

    def may_open(self) -> bool:
        """Whoever prepares rounds."""
        return bool(levels_prepared_by(self.reader))

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the list."""
        return [*super().get_crumbs(), Crumb("Chỉ tiêu cơ cấu", reverse("planning:target-list"))]

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("planning:target-list")

    def get_cancel_url(self) -> str:
        """The list."""
        return reverse("planning:target-list")


class TargetCreate(TargetForms):
    """Ask a share from a day."""

    title, success_text = "Đặt chỉ tiêu cơ cấu", "Đã đặt chỉ tiêu."
    form_class: ClassVar[type[forms.BaseForm]] = TargetForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The levels that the reader prepares."""
        return {"levels": levels_prepared_by(self.reader)}

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return {"effective_from": self.day}

    def write(self, form: Any) -> StructureTarget:
        """Set it."""
        return set_target(values=form.cleaned_data, acting_user=self.reader)


class TargetEnd(TargetForms, ActionScreen):
    """Ask it no more."""

    title, submit_label, success_text = "Thôi áp dụng chỉ tiêu", "Thôi áp dụng", "Đã thôi áp dụng."
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    @cached_property
    def target(self) -> StructureTarget:
        """The target of the address, or 404."""
        found: StructureTarget = get_object_or_404(
            StructureTarget, pk=self.kwargs["pk"], level__in=levels_prepared_by(self.reader)
        )
        return found

    def may_open(self) -> bool:
        """Of one that still holds."""
        if not super().may_open():
            return False
        if self.target.effective_until is not None:
            raise Http404
        return True

    def get_question(self) -> str:
        """Which."""
        return f"Thôi áp dụng «{METRIC_LABELS.get(self.target.metric, self.target.metric)}» từ hôm nay?"  # type: ignore[call-overload]

    def write(self, form: Any) -> StructureTarget:
        """End it."""
        return end_target(target=self.target, day=timezone.localdate(), acting_user=self.reader)
