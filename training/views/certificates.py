"""Certificates: issuing those of a class, correcting one, the register, the papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.history import version_of
from hrdb.kernel.screens import Column, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import number_text
from personnel.models import Cadre
from personnel.policies import Action
from personnel.services.reading import log_export, log_print
from personnel.views.record_forms import ServiceFormScreen
from planning.statistics.names import unit_names
from training.choices import ClassState, MemberState
from training.filters.classes import CertificateFilters
from training.forms.classes import CertificateForm, CertificatesForm
from training.models import ClassMember
from training.models.scope import may_arrange
from training.reports.certificates import certificates_pdf
from training.services.certificates import change_certificate, issue_certificates, suggested_pattern
from training.services.reading import log_seen
from training.views.class_opening import ClassEditor, ClassScreen, MemberScreen
from training.views.reading import ClassReader


class CertificatesIssue(ClassEditor, ServiceFormScreen):
    """Number the certificates of a finished class."""

    title, submit_label = "Cấp chứng chỉ", "Cấp chứng chỉ"
    states, needs_whole = (ClassState.FINISHED,), True
    form_class: ClassVar[type[forms.BaseForm]] = CertificatesForm

    def get_lead(self) -> str:
        """Of whom."""
        rows = self.members().filter(state=MemberState.PASSED)
        lacking = rows.filter(certificate_number="").count()
        name = self.training_class.name
        return f"{name} · {number_text(rows.count())} người đạt, {number_text(lacking)} người chưa có chứng chỉ"

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """A pattern of the class's own, after those that were issued."""
        issued = self.members().exclude(certificate_number="").count()
        return {
            "pattern": suggested_pattern(self.training_class),
            "first": issued + 1,
            "day": self.training_class.ends_on or timezone.localdate(),
        }

    def write(self, form: Any) -> list[ClassMember]:
        """Issue them."""
        return issue_certificates(
            training_class=self.training_class,
            pattern=form.cleaned_data["pattern"],
            first=form.cleaned_data["first"],
            day=form.cleaned_data["day"],
            acting_user=self.reader,
        )

    def get_success_text(self, result: Any) -> str:
        """How many."""
        return f"Đã cấp {number_text(len(result))} chứng chỉ, số đã ghi vào hồ sơ."

    def get_success_url(self, result: Any) -> str:
        """The results."""
        return reverse("training:class-results", args=[self.training_class.pk])


class CertificateChange(MemberScreen, ServiceFormScreen):
    """Correct a certificate, or take it back."""

    title, submit_label, success_text = "Sửa chứng chỉ", "Lưu", "Đã lưu; hồ sơ được sửa theo."
    form_class: ClassVar[type[forms.BaseForm]] = CertificateForm
    read_once: ClassVar[Sequence[str]] = ("member", "training_class")

    def may_open(self) -> bool:
        """Who arranges; of somebody who passed a finished class."""
        if not may_arrange(self.reader):
            return False
        if self.training_class.state != ClassState.FINISHED or self.member.state != MemberState.PASSED:
            raise Http404
        return True

    def get_lead(self) -> str:
        """Whose."""
        return f"{self.member.cadre.full_name} · {self.training_class.name}"

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What stands there."""
        return {"number": self.member.certificate_number, "day": self.member.certified_on}

    def get_version(self) -> str:
        """The member's version."""
        return str(version_of(self.member))

    def write(self, form: Any) -> ClassMember:
        """Correct it."""
        return change_certificate(
            member=self.member,
            number=form.cleaned_data["number"],
            day=form.cleaned_data["day"],
            reason=form.cleaned_data["reason"],
            version=self.version_shown,
            acting_user=self.reader,
        )

    def get_success_url(self, result: Any) -> str:
        """The results."""
        return reverse("training:class-results", args=[self.training_class.pk])

    def get_cancel_url(self) -> str:
        """The results."""
        return self.get_success_url(None)


def _paper(row: ClassMember) -> SafeString:
    return format_html('<a href="{}">In</a>', reverse("training:certificate-print", args=[row.pk]))


class CertificateList(ClassReader, ListScreen):
    """The register of certificates (sổ cấp chứng chỉ)."""

    title = "Sổ cấp chứng chỉ"
    noun = "chứng chỉ"
    template_name = "training/list.html"
    default_sort = "-day"
    export_name = "so-chung-chi"
    filter_class = CertificateFilters
    columns = (
        Column(key="number", label="Số chứng chỉ", value="certificate_number", sort="certificate_number", fixed=True),
        Column(key="name", label="Họ và tên", value="cadre.full_name", sort=("cadre__sort_key",), wide=True),
        Column(key="born", label="Ngày sinh", value="cadre.birth", align="right"),
        Column(key="unit", label="Đơn vị cử", value="unit_label", wide=True),
        Column(
            key="class",
            label="Lớp",
            value="training_class.name",
            second="training_class.programme.name",
            second_label="Chương trình",
            wide=True,
        ),
        Column(key="grade", label="Xếp loại", value="grade"),
        Column(key="day", label="Ngày cấp", value="certified_on", sort="certified_on", align="right"),
        Column(key="paper", label="Bản in", value=lambda row: "", render=_paper, export=False),
    )
    empty = Empty(
        title="Chưa cấp chứng chỉ nào trong phạm vi của bạn",
        text="Chứng chỉ được cấp ở trang của lớp đã kết thúc.",
        icon="badge-check",
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Certificates of people in scope."""
        rows = ClassMember.objects.all().visible_to(self.reader).exclude(certificate_number="")
        return rows.select_related("cadre", "training_class__programme")

    def with_details(self, rows: QuerySet[Any]) -> Iterable[Any]:
        """With the names of units; who is shown is logged."""
        listed = list(rows)
        names = unit_names([row.unit_id for row in listed], self.day)
        ids = [row.cadre_id for row in listed]
        if self.is_export_asked():
            log_export(user=self.reader, people=ids, what=self.title, day=self.day)
        else:
            log_seen(user=self.reader, people=ids, what=self.title, day=self.day)
        for row in listed:
            row.unit_label = names.get(row.unit_id, "")
        return listed

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The register as a workbook; `with_details` logs it."""
        return super().export(columns, rows)


class CertificatePrint(ClassReader):
    """One certificate as PDF, to who reads the class and to the person himself; logged as a print."""

    def may_open(self) -> bool:
        """Whoever is signed in; the certificate is looked for in what he reads."""
        return True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The paper."""
        rows = ClassMember.objects.exclude(certificate_number="")
        mine = ClassMember.objects.all().visible_to(self.reader)
        own = Cadre.objects.filter(pk=OuterRef("cadre_id"), account=self.reader, account__is_active=True)
        rows = rows.filter(pk__in=mine.values("pk")) | rows.filter(Exists(own))
        related = ("cadre", "training_class__programme__level", "training_class__decision")
        member = get_object_or_404(rows.select_related(*related), pk=self.kwargs["pk"])
        is_own = member.cadre.account_id == self.reader.pk
        log_print(
            user=self.reader,
            people=[member.cadre_id],
            what=f"Chứng chỉ {member.certificate_number}",
            day=self.day,
            needs=Action.VIEW if is_own else Action.TRAIN,
        )
        return _pdf([member], f"chung-chi-{member.pk}")


class CertificatesPrint(ClassScreen):
    """All certificates of a class in one file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The papers of those whom the reader sees."""
        rows = list(self.members().exclude(certificate_number="").order_by("certificate_number"))
        if not rows:
            raise Http404
        for row in rows:
            row.training_class = self.training_class
        what = f"Chứng chỉ lớp {self.training_class.name}"
        log_print(user=self.reader, people=[row.cadre_id for row in rows], what=what, day=self.day)
        return _pdf(rows, f"chung-chi-lop-{self.training_class.pk}")


def _pdf(rows: Sequence[ClassMember], name: str) -> HttpResponse:
    response = HttpResponse(certificates_pdf(rows), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
