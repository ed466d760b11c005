"""Programmes: the catalogue, one programme with its seats by year, making, changing, closing and opening again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from hrdb.kernel.history import version_of
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import Fact
from hrdb.kernel.templatetags.hr_screens import label
from personnel.choices import Confidence
from personnel.services.reading import log_export
from personnel.views.record_forms import ServiceFormScreen
from training.choices import ProgrammeKind
from training.filters.programmes import ProgrammeFilters
from training.forms.programmes import AllotmentForm, ProgrammeForm, initial_of
from training.models import Programme, SeatAllotment
from training.rules.admission import in_words
from training.services.programmes import allot_seats, change_programme, create_programme, switch_programme
from training.statistics.applying import conditions_of
from training.statistics.person_needs import KIND_LABELS
from training.views.opening import ArrangerScreen, TrainingScreen


def given_text(programme: Programme) -> str:
    """What a programme gives, in words: «Lý luận chính trị: Cao cấp»."""
    if not programme.gives:
        return ""
    parts = [KIND_LABELS.get(programme.gives, programme.gives)]
    if programme.language is not None:
        parts.append(programme.language.name)
    if programme.level is not None:
        parts.append(programme.level.name)
    return ": ".join(parts[:2]) if len(parts) < 3 else f"{parts[0]}: {parts[1]}, {parts[2]}"


def confidence_label(programme: Programme) -> SafeString:
    """How well a programme is confirmed."""
    tone = {Confidence.CONFIRMED: "good", Confidence.ONE_SOURCE: ""}.get(Confidence(programme.confidence), "warn")
    return label(programme.get_confidence_display().lower(), tone)


class ProgrammeScreen(TrainingScreen):
    """A page of the catalogue."""

    page_key = "programmes"


class ProgrammeList(ProgrammeScreen, ListScreen):
    """The catalogue."""

    title = "Chương trình đào tạo, bồi dưỡng"
    noun = "chương trình"
    template_name = "training/list.html"
    default_sort = "kind"
    export_name = "chuong-trinh-dao-tao"
    filter_class = ProgrammeFilters
    columns = (
        Column(
            key="name",
            label="Chương trình",
            value="name",
            second="code",
            second_label="Mã",
            link=lambda row: reverse("training:programme-detail", args=[row.pk]),
            sort="name",
            fixed=True,
            wide=True,
        ),
        Column(key="kind", label="Loại", value="get_kind_display", sort=("kind", "name")),
        Column(key="gives", label="Ghi vào hồ sơ", value=given_text, wide=True),
        Column(key="host", label="Cơ sở đào tạo", value="host", sort="host", wide=True),
        Column(key="mode", label="Hình thức", value="get_mode_display", hidden=True),
        Column(key="days", label="Số ngày", value="days", sort="days", align="right"),
        Column(key="cost", label="Kinh phí một người (đồng)", value="cost", sort="cost", align="right", hidden=True),
        Column(key="seats", label="Chỉ tiêu năm", value="seats_now", align="right"),
        Column(key="citation", label="Căn cứ", value="citation", hidden=True, wide=True),
        Column(key="confidence", label="Mức kiểm chứng", value="get_confidence_display", render=confidence_label),
    )
    empty = Empty(
        title="Chưa có chương trình nào",
        text="Danh mục chương trình ban đầu được nạp khi chuẩn bị hệ thống; có thể thêm chương trình của tỉnh.",
        icon="graduation-cap",
    )

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list itself is the top."""
        return ()

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Every programme with the seats of the year of the asked day."""
        seats = SeatAllotment.objects.filter(programme=OuterRef("pk"), year=self.day.year).values("seats")
        return Programme.objects.select_related("level", "language").annotate(
            seats_now=Subquery(seats, output_field=IntegerField())
        )

    def row_css(self, record: Any) -> str:
        """What is no longer in use is quiet."""
        return "" if record.is_open else "past"

    def get_actions(self) -> Sequence[Button]:
        """Standards of ranks; a new programme for who arranges them."""
        if not self.may_arrange:
            return ()
        return (
            Button(label="Tiêu chuẩn theo ngạch", url=reverse("training:rank-standard-list"), icon="list-checks"),
            Button(label="Thêm chương trình", url=reverse("training:programme-create"), icon="plus", main=True),
        )

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The catalogue as a workbook, logged."""
        log_export(user=self.reader, people=(), what=self.title, day=self.day)
        return super().export(columns, rows)


class OneProgramme(ProgrammeScreen):
    """A page about one programme."""

    @cached_property
    def programme(self) -> Programme:
        """The programme of the address, or 404."""
        found: Programme = get_object_or_404(
            Programme.objects.select_related("level", "language"), pk=self.kwargs["pk"]
        )
        return found

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list and the programme."""
        url = reverse("training:programme-detail", args=[self.programme.pk])
        return [*super().get_crumbs(), Crumb(self.programme.name, url)]


class ProgrammePage(OneProgramme):
    """One programme: what it is, whom it admits, seats by year."""

    template_name = "training/programme.html"

    def get_title(self) -> str:
        """Its name."""
        return self.programme.name

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list."""
        return super().get_crumbs()[:-1]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show it."""
        return self.respond()

    def get_actions(self) -> Sequence[Button]:
        """Who needs it; changing and closing for who arranges."""
        pk = self.programme.pk
        needed = with_query(reverse("training:need-people"), programme=pk)
        buttons = [Button(label="Người có nhu cầu", url=needed, icon="users")]
        if self.may_arrange:
            words, icon = ("Ngừng dùng", "archive") if self.programme.is_open else ("Dùng lại", "rotate-ccw")
            buttons.append(Button(label=words, url=reverse("training:programme-switch", args=[pk]), icon=icon))
            buttons.append(
                Button(label="Sửa", url=reverse("training:programme-change", args=[pk]), icon="pencil", main=True)
            )
        return buttons

    def context(self, **extra: Any) -> dict[str, Any]:
        """Facts, conditions, seats."""
        one = self.programme
        conditions = conditions_of([one], self.day)[one.pk]
        cost = f"{number_text(one.cost)} đồng" if one.cost is not None else "chưa có"
        validity = f"{one.valid_months} tháng" if one.valid_months else "không thời hạn"
        return (
            super().context(
                programme=one,
                facts=[
                    Fact("Mã", one.code),
                    Fact("Loại", one.get_kind_display()),
                    Fact("Hình thức", one.get_mode_display()),
                    Fact("Thời lượng", f"{number_text(one.days)} ngày" if one.days else "chưa có"),
                    Fact("Cơ sở đào tạo", one.host or "chưa có"),
                    Fact("Kinh phí một người", cost),
                    Fact("Ghi vào hồ sơ", given_text(one) or "không ghi trình độ"),
                    Fact("Chứng chỉ", one.certificate or "chưa có", note=f"hiệu lực: {validity}"),
                    Fact("Căn cứ", one.citation or "chưa dẫn văn bản"),
                ],
                conditions=in_words(conditions),
                confidence=confidence_label(one),
                allotments=list(one.allotments.all()),
                may_arrange=self.may_arrange,
            )
            | extra
        )


class ProgrammeForms(ArrangerScreen, ServiceFormScreen):
    """What the forms of programmes share."""

    page_key = "programmes"
    form_class: ClassVar[type[forms.BaseForm]] = ProgrammeForm

    def get_success_url(self, result: Any) -> str:
        """The programme."""
        return reverse("training:programme-detail", args=[result.pk])


class ProgrammeCreate(ProgrammeForms):
    """Add one."""

    title, submit_label, success_text = "Thêm chương trình", "Thêm", "Đã thêm chương trình."

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """Nothing is confirmed before somebody says so."""
        return {"confidence": Confidence.UNCONFIRMED, "kind": ProgrammeKind.POSITION}

    def write(self, form: Any) -> Programme:
        """Add it."""
        return create_programme(values=form.programme_values(), acting_user=self.reader)

    def get_cancel_url(self) -> str:
        """The list."""
        return reverse("training:programme-list")


class ProgrammeChange(OneProgramme, ProgrammeForms):
    """Change one."""

    submit_label, success_text = "Lưu", "Đã lưu chương trình."
    read_once = ("programme",)

    def get_title(self) -> str:
        """Which."""
        return f"Sửa chương trình: {self.programme.name}"

    def get_version(self) -> str:
        """What the form was opened with."""
        return str(version_of(self.programme) or "")

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """As it stands."""
        return initial_of(self.programme)

    def write(self, form: Any) -> Programme:
        """Change it."""
        return change_programme(
            programme=self.programme,
            values=form.programme_values(),
            version=self.version_shown,
            acting_user=self.reader,
        )

    def get_cancel_url(self) -> str:
        """The programme."""
        return reverse("training:programme-detail", args=[self.programme.pk])


class ProgrammeSwitch(OneProgramme, ArrangerScreen, ServiceFormScreen, ActionScreen):
    """Close one, or open it again."""

    def get_title(self) -> str:
        """What is done."""
        return "Ngừng dùng chương trình" if self.programme.is_open else "Dùng lại chương trình"

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        """What is done."""
        return "Ngừng dùng" if self.programme.is_open else "Dùng lại"

    success_text = "Đã ghi."

    def get_question(self) -> str:
        """Which."""
        return f"{self.get_title()} «{self.programme.name}»?"

    def get_consequences(self) -> list[str]:
        """What follows."""
        if not self.programme.is_open:
            return ["Chương trình lại được chọn khi lập kế hoạch, mở lớp và đề nghị đào tạo."]
        return [
            "Chương trình không còn được chọn khi lập kế hoạch, mở lớp và đề nghị đào tạo.",
            "Lớp đã mở, kết quả và nhu cầu đã có vẫn giữ nguyên.",
        ]

    def write(self, form: Any) -> Programme:
        """Close or open it."""
        return switch_programme(
            programme=self.programme,
            is_open=not self.programme.is_open,
            reason=form.cleaned_data["reason"],
            acting_user=self.reader,
        )

    def get_success_url(self, result: Any) -> str:
        """The programme."""
        return reverse("training:programme-detail", args=[self.programme.pk])

    def get_cancel_url(self) -> str:
        """The programme."""
        return self.get_success_url(None)


class ProgrammeAllot(OneProgramme, ArrangerScreen, ServiceFormScreen):
    """Seats that the school gave for a year."""

    form_class: ClassVar[type[forms.BaseForm]] = AllotmentForm
    title, submit_label, success_text = "Chỉ tiêu được giao", "Lưu", "Đã lưu chỉ tiêu."
    lead = "Năm đã có chỉ tiêu thì số mới thay số cũ."

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """This year."""
        return {"year": timezone.localdate().year}

    def write(self, form: Any) -> SeatAllotment:
        """Set them."""
        return allot_seats(programme=self.programme, values=form.cleaned_data, acting_user=self.reader)

    def get_success_url(self, result: Any) -> str:
        """The programme."""
        return reverse("training:programme-detail", args=[self.programme.pk])

    def get_cancel_url(self) -> str:
        """The programme."""
        return self.get_success_url(None)
