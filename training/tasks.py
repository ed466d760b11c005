"""The long work of this app; loaded with it, so the work itself is imported only when it runs."""

from __future__ import annotations

from hrdb.kernel.jobs import JobFailed, JobResult, Progress, job_kind
from hrdb.kernel.models import Job


@job_kind("cohorts-propose", "Gợi ý danh sách cho nhiều lớp")
def propose_cohorts(job: Job, progress: Progress) -> JobResult:
    """Propose lists for several classes in one solve; nothing is written."""
    from django.utils import timezone

    from personnel.services.errors import ServiceRefusal
    from training.services.choosing_many import checked_classes, proposed

    progress.phase("Tìm danh sách tốt nhất")
    try:
        classes = checked_classes(job.owner, job.parameters["classes"])
    except ServiceRefusal as refusal:
        raise JobFailed(str(refusal)) from refusal
    return JobResult(values=proposed(classes, user=job.owner, day=timezone.localdate()))
