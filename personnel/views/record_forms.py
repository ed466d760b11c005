"""What forms of records and units share: who may open them, where they lead back, what a service's refusal becomes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpResponse
from django.urls import reverse

from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import Crumb, FormScreen, StaleRecord
from hrdb.kernel.screens.forms import Difference
from hrdb.kernel.screens.links import with_query
from personnel.forms.rows import STANDS_AT
from personnel.models import Cadre
from personnel.services.errors import NeedsProvince, ServiceRefusal, StaleVersion
from personnel.views.opening import OpenedRecord, open_to_edit

#: Fields whose differences another's change cannot concern.
OWN_FIELDS = frozenset({"Lý do đính chính", "Lý do"})


class ServiceFormScreen(FormScreen):
    """A form whose service may refuse; subclasses give `write`.

    What another person changed meanwhile is shown beside what was typed; a refusal becomes the form's error.
    `read_once`: the cached properties that are read again then.
    """

    read_once: ClassVar[Sequence[str]] = ("row", "record")

    def write(self, form: Any) -> Any:
        """Call the service."""
        raise NotImplementedError

    def save(self, form: Any) -> Any:
        """Write; what the service refuses becomes an error of the form, what is odd a warning."""
        try:
            result = self.write(form)
        except StaleVersion as error:
            raise StaleRecord from error
        except NeedsProvince as error:
            raise ValidationError({"personal_number": error.message}, code=error.code) from error
        except ServiceRefusal as error:
            raise ValidationError(error.message, code=error.code) from error
        except PermissionDenied as error:
            raise ValidationError(str(error) or "Không có quyền làm việc này.", code="denied") from error
        except ValidationError as error:
            raise as_typed(error) from error
        for text in getattr(form, "warnings", ()):
            messages.warning(self.request, text)
        return result

    @property
    def version_shown(self) -> int | None:
        """The version that the form was opened with, for the service to check again under the lock."""
        return typed_key(self.sent_version)

    def refuse_stale(self, form: forms.BaseForm) -> HttpResponse:
        """Read the record again, so that what stands in it now is compared with what was typed."""
        for name in self.read_once:
            self.__dict__.pop(name, None)
        fresh = self.make_form(self.request.POST, self.request.FILES)
        fresh.is_valid()
        return super().refuse_stale(fresh)

    def differences(self, form: forms.BaseForm) -> list[Difference]:
        """Fields that differ, without the reason, which is this writer's own."""
        return [one for one in super().differences(form) if one.label not in OWN_FIELDS]


class RecordFormScreen(ServiceFormScreen):
    """A form about one person's record: 404 out of scope, 403 for who only reads."""

    tab: str = "identity"
    read_once = ("opened", "row", "record")

    @cached_property
    def opened(self) -> OpenedRecord:
        """The record in this reader's hands."""
        return open_to_edit(self.request, self.kwargs["pk"])

    @property
    def cadre(self) -> Cadre:
        """The person."""
        return self.opened.cadre

    def may_open(self) -> bool:
        """Whoever edits the record."""
        return self.opened.may_edit

    def tab_url(self) -> str:
        """The tab of the profile where this form belongs."""
        return with_query(reverse("personnel:cadre-detail", args=[self.kwargs["pk"]]), tab=self.tab)

    def get_success_url(self, result: Any) -> str:
        """Back to the tab."""
        return self.tab_url()

    def get_cancel_url(self) -> str:
        """Back to the tab."""
        return self.tab_url()

    def get_lead(self) -> str:
        """Whose record it is."""
        return self.cadre.full_name

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list, the person, this form."""
        return [
            Crumb("Cán bộ", reverse("personnel:cadre-list")),
            Crumb(self.cadre.full_name, self.tab_url()),
            Crumb(self.get_title()),
        ]


def as_typed(error: ValidationError) -> ValidationError:
    """A service's error with its fields as forms name them; a conflict of periods says what to do instead."""
    if not hasattr(error, "error_dict"):
        return ValidationError({NON_FIELD_ERRORS: _with_advice(error.error_list)})
    named: dict[str, list[ValidationError]] = {}
    for name, faults in error.error_dict.items():
        named.setdefault(STANDS_AT.get(name, name), []).extend(_with_advice(faults))
    return ValidationError(named)


def _with_advice(faults: list[ValidationError]) -> list[ValidationError]:
    advice = " Nếu là thay đổi tiếp theo, dùng «Thay đổi từ ngày…» ở dòng đang có hiệu lực."
    return [
        ValidationError(f"{fault.messages[0]}{advice}", code=fault.code) if fault.code == "period-conflict" else fault
        for fault in faults
    ]
