"""The templates of an office's papers (mẫu văn bản quyết định): which are in place, what they say, changing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Crumb, FormScreen, Screen
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.text import text_order_key
from personnel.choices import DIVISION_KIND, Bloc
from personnel.exports.decision_templates import default_template
from personnel.exports.decision_texts import sample_contexts
from personnel.forms.decision_texts import DropTemplateForm, OfficeForm, TemplateForm
from personnel.models import DecisionTemplate, Unit, UnitVersion
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.reports.decision_texts.wording import TextKind, text_kinds
from personnel.services.decision_templates import drop_template, put_template, template_content
from personnel.services.decisions.text_fields import GROUNDS, PEOPLE, TextField, text_fields
from personnel.services.reading import log_export
from personnel.views.decision_texts import DOCX_TYPE

#: What is chosen for the templates that all offices of the province share.
COMMON, COMMON_LABEL = "", "Mẫu chung toàn tỉnh"


@dataclass(frozen=True)
class TemplateLine:
    """One kind of paper with the template that the office has."""

    kind: TextKind
    own: DecisionTemplate | None
    is_common: bool


class TemplateScreen(Screen):
    """Pages of those who draw up decisions, for one of their offices (`?unit=CODE`)."""

    def may_open(self) -> bool:
        """Whoever decides somewhere."""
        return not scope_of(reader(self.request), Action.DECIDE).is_empty

    @cached_property
    def offices(self) -> list[tuple[str, str]]:
        """Codes and names of the offices whose templates the reader sets; the common ones first, for the province."""
        scope = scope_of(reader(self.request), Action.DECIDE)
        versions = UnitVersion.objects.in_force(self.request.today).exclude(kind__code=DIVISION_KIND)  # type: ignore[attr-defined]
        rows = versions.filter(scope.covers("unit_id")).values_list("unit__code", "name")
        named = sorted(rows, key=lambda row: text_order_key(row[1]))
        return [(COMMON, COMMON_LABEL), *named] if scope.is_whole_province else named

    @cached_property
    def unit(self) -> Unit | None:
        """The office asked for, else the first of the reader's; 404 out of scope. None is all offices together."""
        user = reader(self.request)
        code = self.request.GET.get("unit", self.offices[0][0] if self.offices else COMMON)
        if code == COMMON and scope_of(user, Action.DECIDE).is_whole_province:
            return None
        unit: Unit = get_object_or_404(Unit.objects.visible_to(user, Action.DECIDE), code=code)
        return unit

    @cached_property
    def version(self) -> UnitVersion | None:
        """The office as it stands."""
        return UnitVersion.objects.standing_on(self.day).filter(unit=self.unit).first() if self.unit else None

    @property
    def office_name(self) -> str:
        """What the office is called."""
        return self.version.name if self.version else COMMON_LABEL

    @property
    def is_party(self) -> bool:
        """Whether its papers have the Party's head."""
        return self.version is not None and self.version.bloc == Bloc.PARTY

    @cached_property
    def kind(self) -> TextKind:
        """The kind of paper that the address names."""
        kind = text_kinds.get(self.kwargs["kind"])
        if kind is None:
            raise Http404
        return kind

    @cached_property
    def own(self) -> DecisionTemplate | None:
        """The office's own template of the kind."""
        return DecisionTemplate.objects.filter(unit=self.unit, kind=self.kind.key).first()

    def here(self, view: str, *args: str) -> str:
        """An address for the same office."""
        return with_query(reverse(f"personnel:{view}", args=args), unit=self.unit.code if self.unit else COMMON)

    def get_crumbs(self) -> Sequence[Crumb]:
        """The register, the templates, this page."""
        crumbs = [Crumb("Sổ quyết định", reverse("personnel:decision-list"))]
        if type(self) is not TemplateList:
            crumbs.append(Crumb(TemplateList.title, self.here("decision-template-list")))
        return [*crumbs, Crumb(self.get_title())]


class TemplateList(TemplateScreen):
    """Every kind of paper with its template."""

    title = "Mẫu văn bản quyết định"
    lead = "Mỗi loại có sẵn mẫu theo thể thức Nghị định 30/2020/NĐ-CP; đơn vị có thể thay bằng mẫu Word của mình."
    template_name = "personnel/decision_texts/templates.html"

    def get_actions(self) -> Sequence[Button]:
        """The fields that a template may say."""
        return [
            Button(label="Các trường dùng trong mẫu", url=reverse("personnel:decision-template-fields"), icon="table")
        ]

    def context(self, **extra: Any) -> dict[str, Any]:
        """The kinds, and which office it is about."""
        own = {one.kind: one for one in DecisionTemplate.objects.filter(unit=self.unit)}
        common = set(DecisionTemplate.objects.filter(unit__isnull=True).values_list("kind", flat=True))
        lines = [
            TemplateLine(kind, own.get(kind.key), self.unit is not None and kind.key in common) for kind in text_kinds
        ]
        form = OfficeForm(initial={"unit": self.unit.code if self.unit else COMMON}, offices=self.offices)
        code = self.unit.code if self.unit else COMMON
        return super().context(lines=lines, form=form, office_name=self.office_name, unit_code=code, **extra)


class TemplateFields(TemplateScreen):
    """What a template may say, with samples."""

    title = "Các trường dùng trong mẫu"
    lead = "Ghi tên trường giữa hai dấu ngoặc nhọn kép trong tệp Word; phần mềm thay bằng nội dung của quyết định."
    template_name = "personnel/decision_texts/fields.html"

    def context(self, **extra: Any) -> dict[str, Any]:
        """The fields in groups."""
        groups: dict[str, list[TextField]] = {"Thể thức": [], "Người và nội dung quyết định": []}
        for field in text_fields:
            groups["Người và nội dung quyết định" if field.of_person else "Thể thức"].append(field)
        return super().context(groups=list(groups.items()), people=PEOPLE, grounds=GROUNDS, **extra)


class TemplateFile(TemplateScreen):
    """A template as a file: the office's own, or with `?built_in=1` the one that the software brings."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A download, logged as an export."""
        log_export(user=reader(request), what=f"Mẫu văn bản: {self.kind.label}", file_format="docx")
        own = None if request.GET.get("built_in") else self.own
        if own is not None:
            content, name = template_content(own), own.file_name
        else:
            content, name = default_template(self.kind.key, is_party=self.is_party), f"mau-{self.kind.key}.docx"
        response = HttpResponse(content, content_type=DOCX_TYPE)
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return response


class TemplatePut(TemplateScreen, FormScreen):
    """Send an own template; it is tried before it takes the place of the one before."""

    template_name = "personnel/decision_texts/put.html"
    form_class = TemplateForm
    submit_label = "Kiểm tra và dùng mẫu này"
    success_text = "Đã đặt mẫu riêng; văn bản lập từ nay theo mẫu này."

    def get_title(self) -> str:
        """Which kind."""
        return f"Mẫu riêng: {self.kind.label}"

    def get_lead(self) -> str:
        """Of which office."""
        return self.office_name

    def get_form_kwargs(self) -> dict[str, Any]:
        """Look at office and kind before anything else."""
        _ = self.unit, self.kind
        return {}

    def context(self, **extra: Any) -> dict[str, Any]:
        """Where the present template is found."""
        return super().context(file_url=self.here("decision-template-file", self.kind.key), own=self.own, **extra)

    def save(self, form: Any) -> DecisionTemplate:
        """Check it and put it in place."""
        return put_template(
            unit=self.unit,
            kind=self.kind.key,
            kind_label=self.kind.label,
            upload=form.cleaned_data["file"],
            samples=sample_contexts(self.kind),
            acting_user=reader(self.request),
        )

    def get_success_url(self, result: DecisionTemplate) -> str:
        """Back to the list."""
        return self.here("decision-template-list")


class TemplateDrop(TemplateScreen, ActionScreen):
    """Go back to the built-in template."""

    title = "Trở lại mẫu mặc định"
    submit_label = "Trở lại mẫu mặc định"
    success_text = "Đã trở lại mẫu mặc định."
    is_destructive = True
    form_class: ClassVar[type[django_forms.BaseForm]] = DropTemplateForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """There must be an own one."""
        if self.own is None:
            raise Http404
        return {}

    def get_question(self) -> str:
        """Which one."""
        return f"Bỏ mẫu riêng «{self.own}» của loại {self.kind.label}?"

    def get_consequences(self) -> Sequence[str]:
        """What will happen."""
        return [
            f"{self.office_name}: văn bản lập từ nay theo mẫu mặc định.",
            "Tệp mẫu cũ vẫn được giữ cùng lịch sử.",
        ]

    def save(self, form: Any) -> None:
        """Take it away."""
        assert self.own is not None
        drop_template(template=self.own, reason=form.cleaned_data["reason"], acting_user=reader(self.request))

    def get_success_url(self, result: None) -> str:
        """Back to the list."""
        return self.here("decision-template-list")
