"""The form shape: typed values are kept, the first fault has the focus, another's change is never lost unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from hrdb.kernel.screens.base import Screen
from hrdb.kernel.screens.filters import flat_choices
from hrdb.kernel.screens.formats import NOTHING, value_text

VERSION_KEY = "record_version"


class StaleRecord(Exception):
    """Raised by a service when the record's version is no longer the one that the form was opened with."""


@dataclass(frozen=True)
class Difference:
    """A field that another person changed meanwhile: what stands in the record, what was typed here."""

    label: str
    current: str
    typed: str


class FormScreen(Screen):
    """A form (biểu mẫu). A subclass gives `form_class` and `save`, which calls a service and returns what it made.

    With `queryset_for` and `pk` in the path the form edits a record (`self.record`); without, `self.record` is None.
    A ValidationError raised by the service becomes the form's errors; StaleRecord shows the difference.
    """

    template_name = "shapes/form.html"
    form_class: ClassVar[type[forms.BaseForm]]
    submit_label: ClassVar[str] = "Lưu"
    success_text: ClassVar[str] = "Đã lưu."
    is_destructive: ClassVar[bool] = False

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any] | None:
        """The records that the user may change; None when the form makes a new one."""
        return None

    @cached_property
    def record(self) -> Any:
        """The record of the address, or 404; None for a new one."""
        queryset = self.queryset_for(self.request)
        return None if queryset is None else get_object_or_404(queryset, pk=self.kwargs["pk"])

    def save(self, form: Any) -> Any:
        """Call the service with the cleaned values; what it returns goes to `get_success_url`."""
        raise NotImplementedError

    def get_initial(self) -> dict[str, Any]:
        """First values of the fields."""
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Further arguments of the form; a ModelForm's `instance` is given here by the subclass."""
        return {}

    def get_version(self) -> str | None:
        """The version of the record that the form is about, kept in a hidden field; None does without."""
        return None

    def get_success_url(self, result: Any) -> str:
        """Where to go when it is saved: the result's own page, else this address."""
        return str(result.get_absolute_url()) if hasattr(result, "get_absolute_url") else self.request.path

    def get_success_text(self, result: Any) -> str:
        """The sentence that says it is saved; empty says nothing."""
        return self.success_text

    def get_cancel_url(self) -> str:
        """Where "Hủy" leads: the record's page, else the last step of the way here."""
        if self.record is not None and hasattr(self.record, "get_absolute_url"):
            return str(self.record.get_absolute_url())
        return next((crumb.url for crumb in reversed(self.get_crumbs()) if crumb.url), "/")

    # What follows is machinery ---------------------------------------------------------------------------------------

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The form, filled with what was sent."""
        return self.form_class(data=data, files=files, initial=self.get_initial(), **self.get_form_kwargs())

    @property
    def sent_version(self) -> str | None:
        """The version that the form was opened with; a service that checks it again under the lock is given this."""
        return self.request.POST.get(VERSION_KEY)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form."""
        _ = self.record
        return self.respond(form=self.make_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check, save by the service, say so and go on; or show the form again with its faults."""
        _ = self.record
        form = self.make_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.refuse(form)
        version = self.get_version()
        if version is not None and self.sent_version != version:
            return self.refuse_stale(form)
        try:
            result = self.save(form)
        except ValidationError as error:
            add_errors(form, error)
            return self.refuse(form)
        except StaleRecord:
            self.__dict__.pop("record", None)
            form = self.make_form(request.POST, request.FILES)
            form.full_clean()
            return self.refuse_stale(form)
        return self.finish(result)

    def finish(self, result: Any) -> HttpResponseBase:
        """Answer a saved form: a response that the service's caller made, or a redirect that keeps the asked day."""
        if isinstance(result, HttpResponseBase):
            return result
        text = self.get_success_text(result)
        if text:
            messages.success(self.request, text)
        url = self.link(self.get_success_url(result))
        if getattr(self.request, "htmx", None):
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)

    def refuse(self, form: forms.BaseForm, **extra: Any) -> HttpResponse:
        """Show the form with its faults; the first one has the focus."""
        focus_first_fault(form)
        return self.respond(status=422, form=form, **extra)

    def refuse_stale(self, form: forms.BaseForm) -> HttpResponse:
        """Tell that another person changed the record, show both values; sending again overwrites knowingly."""
        return self.respond(status=409, form=form, is_stale=True, differences=self.differences(form))

    def differences(self, form: forms.BaseForm) -> list[Difference]:
        """Fields where what was typed is not what now stands in the record."""
        found = []
        for name, field in form.fields.items():
            current, typed = form.get_initial_for_field(field, name), getattr(form, "cleaned_data", {}).get(name)
            if isinstance(typed, Model) and not isinstance(current, Model):
                current = typed if typed.pk == current else _chosen(field, current)
            if field.has_changed(
                field.prepare_value(current) if hasattr(field, "prepare_value") else current, form[name].data
            ):
                found.append(Difference(str(form[name].label), _shown(field, current), _shown(field, typed)))
        return found

    def context(self, **extra: Any) -> dict[str, Any]:
        """The page's context: the form, its version, its buttons."""
        return (
            super().context(
                record=self.record,
                version=self.get_version(),
                version_key=VERSION_KEY,
                submit_label=self.submit_label,
                cancel_url=self.link(self.get_cancel_url()),
                is_stale=False,
                differences=[],
                is_destructive=self.is_destructive,
            )
            | extra
        )


def _chosen(field: forms.Field, key: Any) -> Any:
    """The record that a choice field's key stands for."""
    queryset = getattr(field, "queryset", None)
    return None if queryset is None or key is None else queryset.filter(pk=key).first()


def _shown(field: forms.Field, value: Any) -> str:
    """A value as its field shows it."""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        labels = {str(key): str(label) for key, label in flat_choices(field)}
        return labels.get(str(value), NOTHING if value in (None, "") else str(value))
    return value_text(value)


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put a service's errors on the form; those of fields that the form lacks stand above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    named: Mapping[str, list[ValidationError]] = error.error_dict
    for name, faults in named.items():
        form.add_error(name if name != NON_FIELD_ERRORS and name in form.fields else None, faults)


def focus_first_fault(form: forms.BaseForm) -> None:
    """Give the first faulty field the focus when the page opens."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("autofocus", None)
        if name in form.errors:
            field.widget.attrs["autofocus"] = True
            return
