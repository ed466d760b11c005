"""The long work of this app; loaded with it, so the work itself is imported only when it runs."""

from __future__ import annotations

from hrdb.kernel.jobs import JobResult, Progress, job_kind
from hrdb.kernel.models import Job


@job_kind("ratings-check", "Kiểm tra bảng xếp loại")
def check_ratings(job: Job, progress: Progress) -> JobResult:
    """Read and judge a sheet of ratings."""
    from appraisal.imports.checking import batches_of, check_batch

    check_batch(batches_of(job.owner).get(pk=job.parameters["batch"]), job.owner, progress)
    return JobResult()


@job_kind("ratings-commit", "Ghi bảng xếp loại")
def commit_ratings(job: Job, progress: Progress) -> JobResult:
    """Write a checked sheet of ratings."""
    from appraisal.imports.checking import batches_of, commit_batch

    batch = batches_of(job.owner).get(pk=job.parameters["batch"])
    return JobResult(values=commit_batch(batch, job.owner, progress))
