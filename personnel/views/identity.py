"""Correcting the person: one form for each group of the person's fields, and the photograph."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404

from hrdb.kernel.history import version_of
from personnel.forms.identity import SECTIONS_BY_KEY, IdentityForm, PhotoForm, Section
from personnel.models import Cadre
from personnel.services.cadres import correct_cadre
from personnel.services.photos import change_photo
from personnel.views.record_forms import RecordFormScreen


class PersonScreen(RecordFormScreen):
    """A form about the person's own row."""

    @cached_property
    def record(self) -> Cadre:
        """The person."""
        return self.cadre

    def get_version(self) -> str | None:
        """The newest history of the person's row."""
        return str(version_of(self.cadre))


class CorrectIdentity(PersonScreen):
    """Correct one group of the person's fields, with a reason."""

    submit_label = "Lưu đính chính"
    success_text = "Đã lưu."

    @cached_property
    def section(self) -> Section:
        """The group of the address, or 404."""
        section = SECTIONS_BY_KEY.get(self.kwargs["section"])
        if section is None:
            raise Http404
        return section

    def get_title(self) -> str:
        """Which group."""
        return f"Sửa {self.section.label[:1].lower()}{self.section.label[1:]}"

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The group's form."""
        return IdentityForm(data, files, section=self.section, cadre=self.cadre, user=self.opened.user, day=self.day)

    def write(self, form: Any) -> Any:
        """Through the service, which compares the version again under the lock."""
        return correct_cadre(
            cadre=self.cadre,
            values=form.values(),
            version=self.version_shown,
            acting_user=self.opened.user,
            reason=form.reason,
        )


class ChangePhoto(PersonScreen):
    """Put a photograph on the record."""

    title = "Ảnh trong hồ sơ"
    submit_label = "Lưu ảnh"
    success_text = "Đã lưu ảnh."
    form_class = PhotoForm
    template_name = "personnel/cadre/photo_form.html"

    def write(self, form: Any) -> Any:
        """Through the service."""
        return change_photo(
            cadre=self.cadre,
            picture=form.cleaned_data["picture"],
            version=self.version_shown,
            acting_user=self.opened.user,
        )
