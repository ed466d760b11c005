"""The long work of this app; loaded with it, so the work itself is imported only when it runs."""

from __future__ import annotations

from hrdb.kernel.jobs import JobResult, Progress, job_kind
from hrdb.kernel.models import Job


@job_kind("print-curricula", "In sơ yếu lý lịch hàng loạt")
def print_curricula(job: Job, progress: Progress) -> JobResult:
    """Print the sơ yếu lý lịch of a selection."""
    from personnel.reports.batch import print_selection

    return print_selection(job, progress)


@job_kind("print-roster-list", "In danh sách trích ngang")
def print_roster_list(job: Job, progress: Progress) -> JobResult:
    """Print a long danh sách trích ngang."""
    from personnel.reports.roster_list import print_list

    return print_list(job, progress)
