"""The cards of the home page that look over several rooms; a room's own cards stand in its views."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.jobs import job_kinds
from hrdb.kernel.models.job import Job
from hrdb.kernel.screens import HomeCard, home_cards
from hrdb.kernel.screens.links import asked_day
from personnel.models import ImportBatch
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.reports.structure import StructureReport
from personnel.statistics import structure

NEWEST = 5


@home_cards.register
class StructureFigures(HomeCard):
    """The headline of the structure statistics (cơ cấu đội ngũ) of the reader's scope; figures lead to the table."""

    key, title, place, order = "structure", "Cơ cấu đội ngũ", "figure", 10
    template_name = "home/structure_figures.html"

    def is_shown(self) -> bool:
        """To whoever views people of some unit."""
        return not scope_of(reader(self.request), Action.VIEW).is_empty

    def context(self) -> dict[str, Any]:
        """The same cards as on the page of statistics."""
        table = structure(user=reader(self.request), day=asked_day(self.request))
        report = StructureReport(table)
        return {"cards": report.cards(), "lead": report.lead, "page_url": reverse("personnel:structure")}


@home_cards.register
class NewestRosters(HomeCard):
    """The rosters sent last (danh sách vừa nhập), and the way to send another."""

    key, title, place, order = "rosters", "Danh sách nhập gần đây", "wide", 20
    template_name = "home/newest_rosters.html"

    def is_shown(self) -> bool:
        """To whoever edits records of some unit."""
        return not scope_of(reader(self.request), Action.EDIT).is_empty

    def context(self) -> dict[str, Any]:
        """The newest batches in scope."""
        batches = ImportBatch.objects.visible_to(reader(self.request)).filter(kind="roster")
        return {"batches": batches.select_related("user").order_by("-created_at")[:NEWEST]}


@home_cards.register
class OwnJobs(HomeCard):
    """The reader's own long work (việc chạy nền) that runs or ended last."""

    key, title, place, order = "jobs", "Việc chạy nền của tôi", "side", 90
    template_name = "home/own_jobs.html"

    def is_shown(self) -> bool:
        """When there is any."""
        return bool(self.jobs)

    @cached_property
    def jobs(self) -> list[Job]:
        """The newest jobs."""
        return list(Job.objects.filter(owner_id=self.request.user.pk)[:NEWEST])

    def context(self) -> dict[str, Any]:
        """Each job with its name."""
        kinds = {kind.key: kind.label for kind in job_kinds}
        return {"rows": [(job, kinds.get(job.kind, job.kind)) for job in self.jobs]}
