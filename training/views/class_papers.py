"""Papers of a class as files: roster, summons, draft of the decision, report; each leaving is logged."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from appraisal.reports.tables import paper, workbook
from hrdb.kernel.screens.exports import XLSX
from personnel.services.reading import log_export, log_print
from training.choices import ClassState, MemberState
from training.exports.letters import CONTENT_TYPE, letter_docx
from training.reports.class_papers import (
    ClassPeople,
    class_report,
    roster_table,
    sending_decision,
    summary_table,
    summons,
)
from training.reports.letters import Letter, letter_pdf
from training.views.class_opening import ClassScreen

#: What each paper is called, by its word in the address, and in which forms it comes.
PAPERS: Final = {
    "danh-sach": ("Danh sách học viên", ("pdf", "xlsx")),
    "trieu-tap": ("Giấy triệu tập", ("docx", "pdf")),
    "quyet-dinh": ("Dự thảo quyết định cử đi học", ("docx", "pdf")),
    "bao-cao": ("Báo cáo kết quả lớp", ("docx", "pdf", "xlsx")),
}
#: Papers of the class as a whole, for who arranges it.
OF_THE_WHOLE: Final = ("trieu-tap", "quyet-dinh", "bao-cao")
TYPES: Final = {"pdf": "application/pdf", "docx": CONTENT_TYPE, "xlsx": XLSX}


class ClassPaper(ClassScreen):
    """One paper of a class in one form; there once the list of people stands."""

    @property
    def kind(self) -> str:
        """Which paper."""
        return str(self.kwargs["kind"])

    @property
    def form(self) -> str:
        """In which form."""
        return str(self.kwargs["form"])

    def may_open(self) -> bool:
        """Whoever reads the class; papers of the whole only who arranges it; 404 for what there is not."""
        if not super().may_open():
            return False
        if self.form not in PAPERS.get(self.kind, ("", ()))[1] or not self.is_settled:
            raise Http404
        if self.kind in OF_THE_WHOLE and not self.manages:
            raise Http404
        if self.kind == "bao-cao" and self.training_class.state == ClassState.CHOSEN:
            raise Http404
        return True

    @cached_property
    def people(self) -> ClassPeople:
        """Those who attend and whom the reader sees."""
        rows = self.members().attending().order_by("cadre__sort_key", "pk")
        return ClassPeople.read(self.training_class, rows, min(self.day, timezone.localdate()))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it."""
        content = self._content()
        what = f"{PAPERS[self.kind][0]}, lớp {self.training_class.name}"
        if self.form == "pdf":
            log_print(user=self.reader, people=self.people.ids, what=what, day=self.day)
        else:
            log_export(user=self.reader, people=self.people.ids, what=what, day=self.day, file_format=self.form)
        response = HttpResponse(content, content_type=TYPES[self.form])
        name = f"{self.kind}-lop-{self.training_class.pk}.{self.form}"
        place = "inline" if self.form == "pdf" else "attachment"
        response["Content-Disposition"] = f'{place}; filename="{name}"'
        return response

    def _content(self) -> bytes:
        has_results = self.training_class.state != ClassState.CHOSEN
        if self.form == "xlsx" or self.kind == "danh-sach":
            tables = [roster_table(self.people, with_results=has_results or self._has_results)]
            if self.kind == "bao-cao":
                tables.insert(0, summary_table(self.people, sessions=self.training_class.sessions.count()))
            return workbook(tables) if self.form == "xlsx" else paper(tables)
        letter = self._letter()
        return letter_pdf(letter) if self.form == "pdf" else letter_docx(letter)

    @property
    def _has_results(self) -> bool:
        return any(row.state != MemberState.CHOSEN for row in self.people.rows)

    def _letter(self) -> Letter:
        if self.kind == "trieu-tap":
            return summons(self.people)
        if self.kind == "quyet-dinh":
            return sending_decision(self.people)
        return class_report(self.people, sessions=self.training_class.sessions.count())
