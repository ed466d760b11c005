"""The long work of this app; loaded with it, so the work itself is imported only when it runs."""

from __future__ import annotations

from hrdb.kernel.jobs import JobResult, Progress, job_kind
from hrdb.kernel.models import Job


@job_kind("print-planning", "In tài liệu quy hoạch")
def print_planning(job: Job, progress: Progress) -> JobResult:
    """Print a long paper of a round."""
    from planning.reports.documents.printing import print_paper

    return print_paper(job, progress)
