"""Pages of one's own long work: what is not one's own does not exist."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from hrdb.kernel.jobs.kinds import job_kinds
from hrdb.kernel.models.job import Job

NEWEST = 50

#: Browsers keep nothing of these pages.
unkept = cache_control(private=True, no_store=True)


def _own_job(request: HttpRequest, key: UUID) -> Job:
    """The user's own job of that key, else 404."""
    return get_object_or_404(Job, key=key, owner_id=request.user.pk)


def _context(job: Job) -> dict[str, object]:
    """What the page and its fragment show."""
    kind = job_kinds.get(job.kind)
    return {"job": job, "label": kind.label if kind else job.kind}


@unkept
@login_required
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """The user's newest jobs."""
    jobs = Job.objects.filter(owner_id=request.user.pk)[:NEWEST]
    return render(request, "kernel/job_list.html", {"rows": [_context(job) for job in jobs]})


@unkept
@login_required
@require_safe
def job_detail(request: HttpRequest, key: UUID) -> HttpResponse:
    """One job, followed until it ends."""
    return render(request, "kernel/job_detail.html", _context(_own_job(request, key)))


@unkept
@login_required
@require_safe
def job_progress(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far one job is: the fragment of its page, or JSON for a program that asks for it."""
    job = _own_job(request, key)
    if request.accepts("text/html"):
        return render(request, "kernel/job_progress.html", _context(job))
    names = ("state", "phase", "done", "total", "per_cent", "error", "result")
    return JsonResponse({name: getattr(job, name) for name in names} | {"key": str(job.key)})


@unkept
@login_required
@require_safe
def job_result(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The file that one job left for its owner."""
    job = _own_job(request, key)
    path = Path(settings.RESULTS_ROOT) / job.result_file
    if not job.result_file or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=job.result_name)
