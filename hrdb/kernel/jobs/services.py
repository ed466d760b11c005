"""Start long work, do it, and clear away what a dead worker left (việc chạy nền)."""

import datetime
import logging
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from hrdb.kernel.daily import daily
from hrdb.kernel.jobs.kinds import JobResult, job_kinds
from hrdb.kernel.jobs.progress import LOCK_SPACE, Progress
from hrdb.kernel.models.job import Job
from hrdb.kernel.models.user import User

logger = logging.getLogger("hrdb.jobs")

KEPT_FOR = datetime.timedelta(days=30)
STOPPED = "Máy chủ đã dừng khi việc đang chạy; chưa có gì được ghi dở dang. Hãy thực hiện lại."
NOT_ALLOWED = "Tài khoản không còn quyền thực hiện việc này."
UNEXPECTED = "Có lỗi ngoài dự kiến, quản trị viên xem nhật ký máy chủ với mã {key}."


class JobFailed(Exception):
    """Long work cannot go on; the message is the sentence that its owner reads."""


def start_job(*, kind: str, owner: User, parameters: dict[str, Any] | None = None, scope: str = "") -> Job:
    """Queue long work for its owner and answer at once; the page `kernel:job-detail` follows it.

    `parameters` are plain JSON values. The job runs after the caller's transaction commits.
    Raises KeyError when no such kind is registered.
    """
    job_kinds[kind]
    with transaction.atomic():
        job = Job.objects.create(kind=kind, owner=owner, parameters=parameters or {}, scope=scope)
        run_job.enqueue(job.pk)
    job.refresh_from_db()
    return job


@task()
def run_job(job_id: int) -> None:
    """Do one queued job; a job is taken once, and whatever happens ends in its row."""
    job = Job.objects.select_related("owner").filter(pk=job_id, state=Job.State.WAITING).first()
    if job is None:
        return
    with Progress(job) as progress:
        if not _take(job):
            return
        try:
            result = _do(job, progress)
        except BaseException as error:
            progress.write(state=Job.State.FAILED, error=_sentence(job, error), finished_at=timezone.now())
            if not isinstance(error, Exception):
                raise
        else:
            progress.write(**_outcome(result), state=Job.State.DONE, phase="", finished_at=timezone.now())


def _take(job: Job) -> bool:
    """Whether this worker, and no other, does the job."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
    return waiting.update(state=Job.State.RUNNING, started_at=now, heartbeat_at=now) == 1


def _do(job: Job, progress: Progress) -> JobResult | None:
    """Run the kind's function; work done inside the caller's transaction keeps its failure to a savepoint."""
    if not job.owner.is_active:
        raise PermissionDenied
    run = job_kinds[job.kind].run
    if connection.in_atomic_block:
        with transaction.atomic():
            return run(job, progress)
    return run(job, progress)


def _outcome(result: JobResult | None) -> dict[str, Any]:
    """The columns that a finished job keeps."""
    if result is None:
        return {}
    file = str(result.file.relative_to(settings.RESULTS_ROOT)) if result.file else ""
    return {"result_file": file, "result_name": result.name or Path(file).name, "result": result.values}


def _sentence(job: Job, error: BaseException) -> str:
    """What the owner reads; only an expected failure speaks for itself, the rest goes to the log."""
    if isinstance(error, JobFailed):
        return str(error)
    if isinstance(error, PermissionDenied):
        return str(error) or NOT_ALLOWED
    logger.error("Việc %s (%s) không thành công", job.key, job.kind, exc_info=error)
    return UNEXPECTED.format(key=job.key) if isinstance(error, Exception) else STOPPED


def fail_stale_jobs() -> int:
    """Fail the jobs whose worker died, told by the lock that died with it; a starting worker calls this.

    Answers how many.
    """
    failed = 0
    for job in Job.objects.filter(state=Job.State.RUNNING):
        number = job.pk % 2**31
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, number])
            if not cursor.fetchone()[0]:
                continue
            try:
                failed += Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(
                    state=Job.State.FAILED, error=STOPPED, finished_at=timezone.now()
                )
                _close_task(job)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, number])
    return failed


def _close_task(job: Job) -> None:
    """The queue's own row of a job that died goes on saying «running» unless somebody ends it."""
    dead = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, args_kwargs__args=[job.pk])
    dead.update(status=TaskResultStatus.FAILED, finished_at=timezone.now())


def remove_old_results(*, now: datetime.datetime) -> int:
    """Remove the result files of jobs that ended more than thirty days ago; the rows stay. Answers how many."""
    return _remove_results(Job.objects.filter(finished_at__lt=now - KEPT_FOR))


def remove_results_of(*, owner: int, before: datetime.datetime) -> int:
    """Remove what an account's jobs left until a moment, because it lost a right then. Answers how many."""
    return _remove_results(Job.objects.filter(owner=owner, finished_at__lt=before))


def _remove_results(jobs: QuerySet[Job]) -> int:
    """Remove the files of some jobs."""
    left = jobs.exclude(result_file="")
    for key in left.values_list("key", flat=True):
        shutil.rmtree(Path(settings.RESULTS_ROOT) / str(key), ignore_errors=True)
    return left.update(result_file="")


@daily("old-results", "Xóa tệp kết quả quá 30 ngày")
def forget_old_results(day: datetime.date) -> None:
    """Remove what nobody fetched for thirty days."""
    remove_old_results(now=timezone.now())
