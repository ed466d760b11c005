"""What the pages of every import share: who opens them, one batch with its long work, its state and counts in words."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.accounts import reader
from hrdb.kernel.models import Job, User
from hrdb.kernel.screens import Screen
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models import ImportBatch
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.batches import OPEN_STATES, job_of, start_work
from personnel.services.errors import ServiceRefusal

OUTCOMES = {"created": "Mới", "changed": "Thay đổi", "same": "Không đổi", "rejected": "Lỗi"}
TONES = {"created": "good", "changed": "act", "same": "", "rejected": "bad"}


class EditorsOnly(Screen):
    """Pages of those who keep records."""

    def may_open(self) -> bool:
        """Whoever may edit records of some unit."""
        user = reader(self.request)
        return not scope_of(user, Action.EDIT).is_empty


class BatchScreen(EditorsOnly):
    """What the pages of one batch share; `kind` is what is imported, `page` the name of the batch's own page."""

    kind: ClassVar[str] = "roster"
    page: ClassVar[str] = "personnel:roster-detail"

    @cached_property
    def batch(self) -> ImportBatch:
        """The batch of the address, 404 when it is not the reader's."""
        batches = ImportBatch.objects.visible_to(reader(self.request)).filter(kind=self.kind)
        return get_object_or_404(batches.select_related("user", "unit"), pk=self.kwargs["pk"])

    @cached_property
    def job(self) -> Job | None:
        """The long work of the batch."""
        return job_of(self.batch)

    @property
    def is_busy(self) -> bool:
        """Whether the file is being checked or written."""
        return self.job is not None and not self.job.is_finished

    @property
    def is_open(self) -> bool:
        """Whether something may still be decided."""
        return self.batch.state in OPEN_STATES and not self.is_busy

    def back(self) -> HttpResponseRedirect:
        """To the batch's page."""
        return HttpResponseRedirect(reverse(self.page, args=[self.batch.pk]))

    def start(self, work: str, user: User, **decided: Any) -> HttpResponseRedirect:
        """Begin the long work of what was decided and go to the page; who comes second of two is told so."""
        try:
            start_work(batch=self.batch, kind=work, acting_user=user, **decided)
        except ServiceRefusal as refusal:
            messages.error(self.request, str(refusal))
        return self.back()


def state_label(batch: ImportBatch) -> SafeString:
    """The state of a batch as a small label."""
    tone = {"committed": "good", "undone": "warn", "failed": "bad", "checked": "act"}.get(batch.state, "")
    return label(batch.get_state_display(), tone)


def counts_text(batch: ImportBatch) -> str:
    """How many lines a batch has of each outcome, or why it could not be read."""
    report = batch.report
    if "rows" not in report:
        return str(report.get("sentence", ""))
    errors = report.get("rejected", 0)
    return (
        f"{number_text(report['rows'])} dòng: {number_text(report['created'])} mới, "
        f"{number_text(report['changed'])} thay đổi, {number_text(report['same'])} không đổi, {number_text(errors)} lỗi"
    )
