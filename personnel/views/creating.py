"""A new record (thêm hồ sơ): possible duplicates come first; who may be kept elsewhere is asked of the province."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from hrdb.kernel.screens import Crumb, FormScreen
from personnel.forms.creating import NewRecordForm, possible_duplicates
from personnel.models import Cadre, Custody, Unit
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.reports.unit_names import UnitNames
from personnel.services.citing import create_cited
from personnel.services.errors import NeedsProvince
from personnel.services.receiving import ask
from personnel.views.record_forms import as_typed

#: What the second button of the form sends: «it is somebody else», or «ask the province».
IS_ANOTHER, ASK = "is_another", "ask"


class CreateCadre(FormScreen):
    """Open a record kept by a unit of the own scope."""

    title = "Thêm hồ sơ"
    lead = "Ghi những gì đã biết; phần còn lại bổ sung ở trang hồ sơ."
    template_name = "personnel/cadre/create.html"
    form_class = NewRecordForm
    submit_label = "Tạo hồ sơ"
    success_text = "Đã tạo hồ sơ. Hãy bổ sung các phần còn thiếu."

    def may_open(self) -> bool:
        """Whoever edits records somewhere."""
        return not scope_of(self._user, Action.EDIT).is_empty

    @property
    def _user(self) -> Any:
        return self.request.user

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the list."""
        return [Crumb("Cán bộ", reverse("personnel:cadre-list")), Crumb(self.title)]

    def get_initial(self) -> dict[str, Any]:
        """Today; the unit that the address names, or the only one of the scope."""
        scope = scope_of(self._user, Action.EDIT)
        code = self.request.GET.get("unit")
        if code:
            unit = Unit.objects.visible_to(self._user, Action.EDIT).filter(code=code).values_list("pk", flat=True)
            return {"day": self.day, "unit": unit.first()}
        return {"day": self.day, "unit": scope.roots[0] if len(scope.roots) == 1 else None}

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The form, with units of the scope."""
        return NewRecordForm(data, files, user=self._user, day=self.day, initial=self.get_initial())

    def save(self, form: Any) -> Any:
        """Ask the province, show who may be the same, or create."""
        if ASK in self.request.POST:
            return self._ask(form)
        people = Cadre.objects.visible_to(self._user)
        found = [] if IS_ANOTHER in self.request.POST else possible_duplicates(form.cleaned_data, people)
        if found:
            return self.refuse(form, duplicates=self._described(found))
        try:
            cadre = create_cited(
                values=form.person(),
                unit=form.cleaned_data["unit"],
                day=form.cleaned_data["day"],
                employment=form.employment(),
                assignment=form.assignment(),
                cited=form.cited(),
                acting_user=self._user,
                reason="Lập hồ sơ",
            )
        except NeedsProvince as error:
            return self.refuse(form, needs_province=error.message)
        except Unit.DoesNotExist as error:
            raise ValidationError({"unit": "Đơn vị không thuộc phạm vi của tài khoản."}) from error
        except PermissionDenied as error:
            raise ValidationError(str(error), code="denied") from error
        except ValidationError as error:
            raise as_typed(error) from error
        for text in form.warnings:
            messages.warning(self.request, text)
        return cadre

    def _ask(self, form: Any) -> HttpResponseBase:
        """Send a receiving request with what was typed; the answer tells nothing about the person."""
        if not form.cleaned_data["personal_number"]:
            raise ValidationError({"personal_number": "Đề nghị tiếp nhận cần số định danh cá nhân."}, code="required")
        ask(
            unit=form.cleaned_data["unit"],
            personal_number=form.cleaned_data["personal_number"],
            full_name=form.cleaned_data["full_name"],
            details=form.written_down(),
            acting_user=self._user,
        )
        messages.success(self.request, "Đã gửi đề nghị tiếp nhận đến cấp tỉnh.")
        return HttpResponseRedirect(self.link(reverse("personnel:receiving-list")))

    def _described(self, found: list[Cadre]) -> list[tuple[Cadre, str]]:
        """Possible duplicates with the unit that keeps them."""
        custodies = Custody.objects.in_force(self.request.today).filter(cadre__in=found)  # type: ignore[attr-defined]
        where = dict(custodies.values_list("cadre_id", "unit_id"))
        units = UnitNames.read(where.values())
        return [(one, units.short(where.get(one.pk), self.day)) for one in found]

    def get_success_url(self, result: Any) -> str:
        """The new profile."""
        return reverse("personnel:cadre-detail", args=[result.pk])

    def get_cancel_url(self) -> str:
        """Back to the list."""
        return reverse("personnel:cadre-list")

    def context(self, **extra: Any) -> dict[str, Any]:
        """The form's context, with what the service answered."""
        return super().context(**{"duplicates": (), "needs_province": ""} | extra)
