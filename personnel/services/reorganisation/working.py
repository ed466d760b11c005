"""The long work of a case: rehearsing, carrying out and undoing in the background, one at a time."""

from __future__ import annotations

from hrdb.kernel.jobs import JobFailed, Progress, start_job
from hrdb.kernel.models import Job, User
from personnel.models import Reorganisation
from personnel.services.errors import ServiceRefusal
from personnel.services.reorganisation.applying import apply_case, rehearse_case, undo_case

REHEARSE, APPLY, UNDO = "reorganisation-rehearse", "reorganisation-apply", "reorganisation-undo"
KINDS = (REHEARSE, APPLY, UNDO)


def start_work(*, case: Reorganisation, kind: str, acting_user: User, reason: str = "") -> Job:
    """Begin long work on a case. Raises ServiceRefusal while other work on it goes on."""
    job = job_of(case)
    if job is not None and not job.is_finished:
        raise ServiceRefusal("Phương án đang được xử lý; hãy chờ việc đang chạy kết thúc.")
    parameters = {"case": case.pk, "digest": case.digest, "reason": reason}
    return start_job(kind=kind, owner=acting_user, parameters=parameters, scope=case.title)


def job_of(case: Reorganisation) -> Job | None:
    """The newest long work on a case."""
    return Job.objects.filter(kind__in=KINDS, parameters__case=case.pk).order_by("-pk").first()


def work(job: Job, progress: Progress) -> dict[str, int]:
    """Do what a job asks; answers how many faults were found."""
    case = Reorganisation.objects.visible_to(job.owner).get(pk=job.parameters["case"])
    try:
        if job.kind == REHEARSE:
            return {"faults": len(rehearse_case(case=case, acting_user=job.owner, tell=progress.phase).faults)}
        if job.kind == APPLY:
            expected = job.parameters["digest"]
            apply_case(case=case, acting_user=job.owner, expected=expected, tell=progress.phase)
        else:
            progress.phase("Đang hoàn tác")
            undo_case(case=case, acting_user=job.owner, reason=job.parameters["reason"])
    except ServiceRefusal as refusal:
        raise JobFailed(str(refusal)) from refusal
    return {"faults": 0}
