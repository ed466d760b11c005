"""The texts of decisions from the page: Word and PDF of one at once, of many as a background job."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote

from django import forms as django_forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.keys import typed_keys
from hrdb.kernel.models import Job
from hrdb.kernel.screens import ActionScreen, Crumb, Screen
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import with_query
from personnel.exports.decision_texts import text_docx, text_name
from personnel.forms.decision_texts import BOTH, PDF, WORD, TextOrderForm
from personnel.models import Decision
from personnel.models.scope import scope_of
from personnel.reports.decision_texts.batch import WHAT, start_texts
from personnel.reports.decision_texts.paper import LONGEST_AT_ONCE, text_pdf
from personnel.reports.decision_texts.reading import DecisionText, read_text, readable_texts
from personnel.reports.decision_texts.wording import text_kinds
from personnel.services.errors import ServiceRefusal
from personnel.services.reading import log_export, log_print
from personnel.views.decisions.papers import DecisionPaper, decision_papers

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JOINED = ("kind", "unit", "rests_on", "target__kind")


class TextScreen(Screen):
    """The text of one decision; who does not see everybody in it has no text of it."""

    def may_open(self) -> bool:
        """Whoever views people of some unit."""
        return not scope_of(reader(self.request)).is_empty

    @cached_property
    def decision(self) -> Decision:
        """The decision, or 404."""
        found: Decision = get_object_or_404(
            readable_texts(reader(self.request)).select_related(*JOINED), pk=self.kwargs["pk"]
        )
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file; what stands against it is said on the decision's page."""
        try:
            return self.answer(read_text(self.decision))
        except ServiceRefusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(self.link(reverse("personnel:decision", args=[self.decision.pk])))

    def answer(self, text: DecisionText) -> HttpResponseBase:
        """The file as the browser gets it."""
        raise NotImplementedError


class TextInWord(TextScreen):
    """The text in Word, by the office's own template."""

    def answer(self, text: DecisionText) -> HttpResponseBase:
        """A download, logged as an export."""
        content = text_docx(text)
        log_export(user=reader(self.request), what=WHAT, people=text.people, day=self.day, file_format="docx")
        response = HttpResponse(content, content_type=DOCX_TYPE)
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(text_name(text, '.docx'))}"
        return response


class TextInPdf(TextScreen):
    """The text as PDF, shown by the browser; one with a long list is written in the background."""

    def answer(self, text: DecisionText) -> HttpResponseBase:
        """A PDF, logged as a print."""
        if len(text.rows) > LONGEST_AT_ONCE:
            address = reverse("personnel:decision-texts")
            return HttpResponseRedirect(self.link(with_query(address, decision=str(self.decision.pk), format=PDF)))
        content = text_pdf(text)
        log_print(user=reader(self.request), what=WHAT, people=text.people, day=self.day)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(text_name(text, '.pdf'))}"
        return response


class TextsOfMany(ActionScreen):
    """Texts of the decisions that the address names (`?decision=1&decision=2`), as one zip."""

    title = "Lập văn bản"
    submit_label: ClassVar[str] = "Lập văn bản"
    success_text: ClassVar[str] = ""
    form_class: ClassVar[type[django_forms.BaseForm]] = TextOrderForm

    def may_open(self) -> bool:
        """Whoever views people of some unit."""
        return not scope_of(reader(self.request)).is_empty

    @cached_property
    def decisions(self) -> QuerySet[Decision]:
        """The decisions asked for of which the reader may have the text; 404 where there is none."""
        asked = typed_keys(self.request.GET.getlist("decision"))
        found = readable_texts(reader(self.request)).filter(pk__in=asked)
        if asked and not found.exists():
            raise Http404
        return found

    def get_question(self) -> str:
        """Of how many."""
        return f"Lập văn bản của {number_text(self.decisions.count())} quyết định?"

    def get_consequences(self) -> Sequence[str]:
        """What will happen."""
        return [
            "Văn bản được lập chạy nền và gói vào một tệp nén; có thể theo dõi tiến độ và tải khi xong.",
            "Chỗ chưa có số, ngày ký, người ký được để trống; phần mềm không tự đặt.",
            "Những người có tên trong văn bản được ghi vào nhật ký xuất dữ liệu.",
        ]

    def get_initial(self) -> dict[str, Any]:
        """The format that the address asks for."""
        asked = self.request.GET.get("format")
        return {"format": asked} if asked in (WORD, PDF, BOTH) else {}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the register."""
        return [Crumb("Sổ quyết định", reverse("personnel:decision-list")), Crumb(self.title)]

    def save(self, form: Any) -> Job:
        """Start the job."""
        chosen = form.cleaned_data["format"]
        return start_texts(
            decisions=self.decisions,
            by_person=form.cleaned_data["by_person"],
            formats=(WORD, PDF) if chosen == BOTH else (chosen,),
            acting_user=reader(self.request),
        )

    def get_success_url(self, result: Job) -> str:
        """The page that follows the job."""
        return reverse("kernel:job-detail", args=[result.key])


class OfText(DecisionPaper):
    """Base of what is offered for a decision that has a text."""

    def is_offered(self) -> bool:
        """Where its kind has a wording."""
        act = self.opened.act
        return act is not None and act.template in text_kinds and not self.opened.is_stub


@decision_papers.register
class InWord(OfText):
    """The text in Word."""

    key, label, icon, order = "text-docx", "Word", "file-text", 10

    def url(self) -> str:
        """Its address."""
        return reverse("personnel:decision-text", args=[self.opened.decision.pk])


@decision_papers.register
class InPdf(OfText):
    """The text as PDF."""

    key, label, icon, order, is_download = "text-pdf", "PDF", "printer", 20, False

    def url(self) -> str:
        """Its address."""
        return reverse("personnel:decision-text-pdf", args=[self.opened.decision.pk])


@decision_papers.register
class ByPerson(OfText):
    """A text for each person, as a job."""

    key, label, icon, order, is_download = "texts-by-person", "Văn bản từng người", "file-stack", 30, False

    def url(self) -> str:
        """The page that asks for format and split."""
        return with_query(reverse("personnel:decision-texts"), decision=str(self.opened.decision.pk))

    def is_offered(self) -> bool:
        """Where there are several people."""
        return super().is_offered() and self.opened.decision.items.count() > 1
