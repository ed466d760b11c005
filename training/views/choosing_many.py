"""Choosing for several classes of a programme in one solve: proposed at once or by a job, confirmed together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.keys import typed_keys
from hrdb.kernel.models import Job
from hrdb.kernel.screens import Crumb
from personnel.services.errors import ServiceRefusal
from training.models import TrainingClass
from training.services.choosing import confirm_choices, unseal
from training.services.choosing_many import (
    AT_ONCE,
    KIND,
    checked_classes,
    choosable_classes,
    proposed,
    start_proposing,
)
from training.services.reading import log_seen
from training.views.opening import ArrangerScreen


class CohortMany(ArrangerScreen):
    """Several classes of one programme: nobody goes to two, and the places are filled for the best of all together."""

    page_key = "classes"
    template_name = "training/cohort_many.html"
    title = "Chọn học viên cho nhiều lớp"
    lead = "Các lớp của một chương trình được chọn cùng lúc: không ai học hai lớp, tổng điểm ưu tiên cao nhất."
    refusal = ""

    @property
    def url(self) -> str:
        """This page."""
        return reverse("training:cohort-many")

    def get_crumbs(self) -> Sequence[Crumb]:
        """The classes."""
        return super().get_crumbs()

    @cached_property
    def marked(self) -> list[int]:
        """The classes that are marked."""
        return typed_keys(self.request.GET.getlist("lop"))

    @cached_property
    def job(self) -> Job | None:
        """The reader's own job that the address names, or 404."""
        key = self.request.GET.get("job")
        if not key:
            return None
        try:
            found = UUID(key)
        except ValueError:
            raise Http404 from None
        return get_object_or_404(Job, key=found, owner_id=self.reader.pk, kind=KIND)

    @cached_property
    def found(self) -> dict[str, Any] | None:
        """What was proposed: by the job, or just now for few classes; classes that left the reader's scope hide all."""
        job = self.job
        if job is not None:
            if job.state != Job.State.DONE or not self.still_arranged([one["id"] for one in job.result["classes"]]):
                return None
            return dict(job.result)
        if not self.marked or self.refusal:
            return None
        try:
            classes = checked_classes(self.reader, self.marked)
        except ServiceRefusal as refusal:
            self.refusal = str(refusal)
            return None
        if len(classes) > AT_ONCE:
            self.refusal = f"Hơn {AT_ONCE} lớp được chọn bằng việc chạy nền: hãy bấm «Gợi ý cho các lớp đã đánh dấu»."
            return None
        return proposed(classes, user=self.reader, day=timezone.localdate())

    def still_arranged(self, ids: Sequence[int]) -> bool:
        """Whether the reader may still choose for all of some classes."""
        return len(choosable_classes(self.reader, ids)) == len(ids)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Propose for the marked classes, or confirm what was proposed."""
        try:
            if request.POST.get("do") == "confirm":
                return self.confirm()
            return self.propose(typed_keys(request.POST.getlist("lop")))
        except ServiceRefusal as refusal:
            self.refusal = str(refusal)
        except PermissionDenied as error:
            self.refusal = str(error)
        return self.respond(status=409)

    def propose(self, ids: Sequence[int]) -> HttpResponseBase:
        """Few classes at once; many by a job that its owner follows."""
        classes = checked_classes(self.reader, ids)
        if len(classes) > AT_ONCE:
            job = start_proposing(classes=classes, acting_user=self.reader)
            return HttpResponseRedirect(self.link(f"{self.url}?job={job.key}"))
        query = "&".join(f"lop={one.pk}" for one in classes)
        return HttpResponseRedirect(self.link(f"{self.url}?{query}"))

    def confirm(self) -> HttpResponseBase:
        """Write all lists in one act."""
        choices = unseal(self.request.POST.get("choice", ""), self.reader)
        written = confirm_choices(choices=choices, acting_user=self.reader, day=timezone.localdate())
        people = sum(len(choice.picked) for choice in choices)
        messages.success(self.request, f"Đã chốt danh sách {people} học viên cho {len(written)} lớp.")
        return HttpResponseRedirect(self.link(self.url))

    def context(self, **extra: Any) -> dict[str, Any]:
        """The classes that may be chosen for, and what was proposed."""
        found, job = self.found, self.job
        if found is not None:
            people = [person["id"] for one in found["classes"] for person in one["chosen"]]
            log_seen(user=self.reader, people=people, what="Gợi ý danh sách học viên cho nhiều lớp")
        marked = set(self.marked) | {one["id"] for one in (found or {}).get("classes", ())}
        return (
            super().context(
                rows=[self.row(one, marked) for one in choosable_classes(self.reader)],
                found=found,
                job=job if job is not None and not job.is_finished else None,
                job_error=job.error if job is not None else "",
                refusal=self.refusal,
                page_url=self.url,
                follow_url=self.link(self.request.get_full_path()),
            )
            | extra
        )

    def row(self, one: TrainingClass, marked: set[int]) -> dict[str, Any]:
        """A class with what it asks."""
        return {
            "one": one,
            "is_marked": one.pk in marked,
            "quotas": quotas_text(one),
            "url": reverse("training:cohort", args=[one.pk]),
        }


def quotas_text(training_class: TrainingClass) -> str:
    """The saved quotas of a class in a few words."""
    kept = training_class.quotas
    told = [
        (kept.get("min_women"), "nữ ít nhất {}"),
        (kept.get("min_minority"), "dân tộc thiểu số ít nhất {}"),
        (kept.get("min_young"), "trẻ ít nhất {}"),
        (kept.get("max_per_unit"), "mỗi đơn vị không quá {}"),
        (kept.get("min_per_unit"), "mỗi đơn vị ít nhất {}"),
    ]
    return ", ".join(text.format(value) for value, text in told if value)
