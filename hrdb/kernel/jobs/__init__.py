"""Long work in the background (việc chạy nền).

An app registers a kind and starts it; the kernel queues, runs, follows and answers:

    @job_kind("print-all", "In toàn bộ danh sách")
    def print_all(job: Job, progress: Progress) -> JobResult:
        progress.phase("Đang in", total=len(rows))
        ...
        return JobResult(file=progress.result_path("list.pdf"), name="Danh sách.pdf")

    job = start_job(kind="print-all", owner=request.user, parameters={"day": "2025-12-31"})
    return redirect("kernel:job-detail", key=job.key)
"""

from hrdb.kernel.jobs.kinds import JobKind, JobResult, job_kind, job_kinds
from hrdb.kernel.jobs.progress import Progress
from hrdb.kernel.jobs.services import (
    KEPT_FOR,
    JobFailed,
    fail_stale_jobs,
    remove_old_results,
    remove_results_of,
    run_job,
    start_job,
)

__all__ = [
    "KEPT_FOR",
    "JobFailed",
    "JobKind",
    "JobResult",
    "Progress",
    "fail_stale_jobs",
    "job_kind",
    "job_kinds",
    "remove_old_results",
    "remove_results_of",
    "run_job",
    "start_job",
]
