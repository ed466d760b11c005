"""Workbooks of long lists as long work (xuất chạy nền): the list is opened again for its owner when the job runs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import resolve

from hrdb.kernel.accounts import reader
from hrdb.kernel.audit import remember_address
from hrdb.kernel.jobs import JobFailed, JobResult, Progress, job_kind, start_job
from hrdb.kernel.models import Job, User
from hrdb.kernel.screens.day import put_day
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import DAY_KEY, with_query
from hrdb.kernel.screens.lists import ListScreen

KIND = "list-export"


def start_export(screen: ListScreen) -> Job:
    """Queue the workbook of a list as it is seen now; the same one asked for twice is made once."""
    owner, request = reader(screen.request), screen.request
    url = with_query(f"{request.path}?{request.GET.urlencode()}", page=None, **{DAY_KEY: screen.day.isoformat()})
    parameters = {"url": url, "address": request.META.get("REMOTE_ADDR") or None}
    under_way = Job.objects.filter(owner=owner, kind=KIND, parameters=parameters, finished_at__isnull=True).first()
    if under_way is not None:
        return under_way
    scope = f"{screen.get_title()}, {number_text(screen.export_need.rows)} {screen.noun}"
    return start_job(kind=KIND, owner=owner, parameters=parameters, scope=scope)


@job_kind(KIND, "Xuất danh sách ra Excel")
def export_list(job: Job, progress: Progress) -> JobResult:
    """Make the workbook of a list within what its owner may see at this moment."""
    screen = open_list(job.owner, job.parameters["url"])
    need = screen.export_need
    if need.refusal:
        raise JobFailed(need.refusal)
    progress.phase("Đang ghi tệp", total=need.rows)
    screen.progress = progress
    remember_address(job.parameters.get("address"))
    try:
        file = screen.export(screen.shown_columns, screen.rows)
    finally:
        remember_address(None)
    target = progress.result_path(file.name)
    target.write_bytes(file.content)
    return JobResult(file=target, name=file.name, values={"rows": need.rows})


def open_list(user: User, url: str) -> ListScreen:
    """The list of an address as a user opens it now. Raises PermissionDenied, JobFailed."""
    request, parts = HttpRequest(), urlsplit(url)
    request.method, request.path, request.path_info = "GET", parts.path, parts.path
    request.GET, request.user = QueryDict(parts.query), user
    request.META["QUERY_STRING"] = parts.query
    put_day(request)
    try:
        match = resolve(parts.path)
        screen: Any = match.func.view_class(**match.func.view_initkwargs)  # type: ignore[attr-defined]
        if not isinstance(screen, ListScreen) or not screen.export_name:
            raise PermissionDenied
        screen.setup(request, *match.args, **match.kwargs)
    except (Http404, AttributeError):
        raise JobFailed("Danh sách này không còn.") from None
    if not screen.may_open():
        raise PermissionDenied
    return screen
