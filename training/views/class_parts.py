"""Sessions and documents of a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote

from django import forms
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from hrdb.kernel.history import version_of
from hrdb.kernel.screens import ActionScreen
from personnel.services.decisions.scans import keep_scan
from personnel.services.reading import log_export
from personnel.views.record_forms import ServiceFormScreen
from planning.forms.rounds import PlainForm
from training.choices import OPEN_CLASSES
from training.forms.classes import DocumentForm, SessionForm
from training.models import ClassDocument, ClassSession, TrainingClass
from training.services.classes import add_document, add_session, change_session, drop_document, drop_session
from training.views.class_opening import ClassEditor
from training.views.reading import ClassReader


class SessionAdd(ClassEditor, ServiceFormScreen):
    """Add a session."""

    title, submit_label, success_text = "Thêm buổi học", "Thêm", "Đã thêm buổi học."
    states = OPEN_CLASSES
    form_class: ClassVar[type[forms.BaseForm]] = SessionForm

    def get_lead(self) -> str:
        """Of which class."""
        return self.training_class.name

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """The day on which the class begins."""
        return {"day": self.training_class.begins_on}

    def write(self, form: Any) -> ClassSession:
        """Add it."""
        return add_session(training_class=self.training_class, values=form.cleaned_data, acting_user=self.reader)


class SessionScreen(ClassEditor):
    """A page about one session of a class that may be changed."""

    states = OPEN_CLASSES

    @cached_property
    def session(self) -> ClassSession:
        """The session of the address, or 404."""
        classes = TrainingClass.objects.visible_to(self.reader).values("pk")
        rows = ClassSession.objects.filter(training_class__in=classes)
        related = ("training_class__programme", "training_class__planned__plan")
        found: ClassSession = get_object_or_404(rows.select_related(*related), pk=self.kwargs["pk"])
        return found

    @cached_property
    def training_class(self) -> TrainingClass:  # type: ignore[override]
        """The session's class."""
        return self.session.training_class


class SessionChange(SessionScreen, ServiceFormScreen):
    """Change a session."""

    title, success_text = "Sửa buổi học", "Đã lưu."
    form_class: ClassVar[type[forms.BaseForm]] = SessionForm
    read_once: ClassVar[Sequence[str]] = ("session", "training_class")

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What stands there."""
        return {name: getattr(self.session, name) for name in ("day", "subject", "trainer")}

    def get_version(self) -> str:
        """The session's version."""
        return str(version_of(self.session))

    def write(self, form: Any) -> ClassSession:
        """Change it."""
        return change_session(
            session=self.session, values=form.cleaned_data, version=self.version_shown, acting_user=self.reader
        )


class SessionDrop(SessionScreen, ServiceFormScreen, ActionScreen):
    """Take a session out."""

    title, submit_label, success_text = "Bỏ buổi học", "Bỏ buổi học", "Đã bỏ buổi học."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def get_question(self) -> str:
        """Which."""
        return f"Bỏ buổi học «{self.session}»?"

    def write(self, form: Any) -> None:
        """Drop it."""
        drop_session(session=self.session, acting_user=self.reader)


class DocumentAdd(ClassEditor, ServiceFormScreen):
    """Attach a document: a PDF that opens and runs nothing."""

    title, submit_label, success_text = "Gắn tài liệu", "Gắn tài liệu", "Đã gắn tài liệu."
    form_class: ClassVar[type[forms.BaseForm]] = DocumentForm

    def get_lead(self) -> str:
        """Of which class."""
        return self.training_class.name

    def write(self, form: Any) -> ClassDocument:
        """Check and keep it."""
        scan = keep_scan(upload=form.cleaned_data["scan"], acting_user=self.reader)
        return add_document(
            training_class=self.training_class, title=form.cleaned_data["title"], scan=scan, acting_user=self.reader
        )


class DocumentFile(ClassReader):
    """A document, to who reads the class; each taking is logged."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The PDF."""
        document = get_object_or_404(ClassDocument.objects.visible_to(self.reader), pk=self.kwargs["pk"])
        if not default_storage.exists(document.file):
            raise Http404
        log_export(user=self.reader, people=(), what=f"tài liệu {document.title}", day=self.day, file_format="pdf")
        response = FileResponse(default_storage.open(document.file), content_type="application/pdf")
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.title[:100] + '.pdf')}"
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response


class DocumentDrop(ClassEditor, ServiceFormScreen, ActionScreen):
    """Take a document off."""

    title, submit_label, success_text = "Bỏ tài liệu", "Bỏ tài liệu", "Đã bỏ tài liệu."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    @cached_property
    def document(self) -> ClassDocument:
        """The document of the address, or 404."""
        rows = ClassDocument.objects.visible_to(self.reader)
        related = ("training_class__programme", "training_class__planned__plan")
        found: ClassDocument = get_object_or_404(rows.select_related(*related), pk=self.kwargs["pk"])
        return found

    @cached_property
    def training_class(self) -> TrainingClass:  # type: ignore[override]
        """The document's class."""
        return self.document.training_class

    def get_question(self) -> str:
        """Which."""
        return f"Bỏ tài liệu «{self.document.title}»?"

    def write(self, form: Any) -> None:
        """Drop it."""
        drop_document(document=self.document, acting_user=self.reader)
