"""Long exports: asked about first, made by a job within what its owner may see, bounded, given to the owner alone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from hrdb.kernel.jobs import JobFailed
from hrdb.kernel.models import Job, User
from hrdb.kernel.screens.exports import ExportNeed, Narrower
from hrdb.kernel.screens.long_exports import open_list
from tests.kernel.screens.gallery.views import PeopleList

LIST = "/gallery/people/"


@pytest.fixture
def _short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows are made at once, more by a job, never more than sixty."""
    monkeypatch.setattr(PeopleList, "export_at_once", 10)
    monkeypatch.setattr(PeopleList, "export_most", 60)


def workbook(content: bytes) -> list[tuple[Any, ...]]:
    """The rows of a workbook from its head on."""
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.values)[3:]


def test_a_short_list_is_sent_at_once(page: Client) -> None:
    response = page.get(LIST, {"export": "xlsx"})
    assert response["Content-Type"].startswith("application/vnd.openxml")
    assert not Job.objects.exists()


@pytest.mark.usefixtures("_short_wait")
def test_a_long_list_is_asked_about_and_nothing_is_begun(page: Client) -> None:
    response = page.get(LIST, {"export": "xlsx", "q": "Thị"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "Xuất 27 người ra một tệp Excel?" in text
    assert "chạy nền" in text
    assert '<form method="post">' in text
    assert f'href="{LIST}?q=Th%E1%BB%8B"' in text, "the way back keeps the filters"
    assert not Job.objects.exists()


@pytest.mark.usefixtures("_short_wait")
def test_the_job_makes_what_was_seen_and_gives_it_to_its_owner_only(page: Client, reader: User) -> None:
    url = f"{LIST}?export=xlsx&q=Thị&sort=-name&columns=title,born"
    response = page.post(url)
    job = Job.objects.get()
    assert response["Location"] == reverse("kernel:job-detail", args=[job.key])
    assert (job.state, job.kind, job.owner, job.done, job.total) == (Job.State.DONE, "list-export", reader, 27, 27)
    assert job.scope == "Cán bộ, công chức, viên chức, 27 người"
    result = page.get(reverse("kernel:job-result", args=[job.key]))
    rows = workbook(b"".join(result.streaming_content))  # type: ignore[attr-defined]
    assert rows[0] == ("STT", "Họ và tên", "Chức vụ, đơn vị", "Đơn vị", "Ngày sinh")
    assert len(rows) == 28
    names = [row[1] for row in rows[1:]]
    assert names == sorted(names, reverse=True)
    stranger = Client()
    stranger.force_login(User.objects.create_user("khac"))
    assert stranger.get(reverse("kernel:job-result", args=[job.key])).status_code == 404
    assert stranger.get(reverse("kernel:job-detail", args=[job.key])).status_code == 404


@pytest.mark.usefixtures("_short_wait")
def test_the_same_export_under_way_is_not_begun_again(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page.post(f"{LIST}?export=xlsx&q=Thị")
    Job.objects.update(state=Job.State.RUNNING, finished_at=None)
    again = page.post(f"{LIST}?export=xlsx&q=Thị")
    assert Job.objects.count() == 1
    assert str(Job.objects.get().key) in again["Location"]
    page.post(f"{LIST}?export=xlsx&q=Thị&sort=-name")
    assert Job.objects.count() == 2


@pytest.mark.usefixtures("_short_wait")
def test_more_than_a_file_holds_is_refused_with_a_sentence_and_no_job(page: Client) -> None:
    asked = page.get(LIST, {"export": "xlsx"})
    assert "64 người: quá nhiều cho một tệp" in asked.content.decode()
    assert "Mỗi tệp nhiều nhất 60 người. Hãy thu hẹp bộ lọc" in asked.content.decode()
    assert page.post(f"{LIST}?export=xlsx").status_code == 422
    assert not Job.objects.exists()


def test_smaller_questions_are_offered(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = [Narrower("Tháng 05/2026", 12, f"{LIST}?export=xlsx&q=Lan")]
    monkeypatch.setattr(PeopleList, "weigh_export", lambda self: ExportNeed(64, 64, "Quá nhiều.", offered))
    text = page.get(LIST, {"export": "xlsx"}).content.decode()
    assert f'<a href="{LIST}?export=xlsx&amp;q=Lan">Tháng 05/2026</a>' in text


@pytest.mark.usefixtures("_short_wait")
def test_what_became_too_much_meanwhile_fails_with_the_sentence(
    page: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = iter([ExportNeed(20, 20), ExportNeed(99, 99, "Quá nhiều cho một tệp.")])
    monkeypatch.setattr(PeopleList, "weigh_export", lambda self: next(weights))
    page.post(f"{LIST}?export=xlsx")
    assert (Job.objects.get().state, Job.objects.get().error) == (Job.State.FAILED, "Quá nhiều cho một tệp.")


def test_who_may_no_longer_open_the_list_gets_no_file(page: Client, reader: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(PeopleList, "export_at_once", 10)
    url = f"{LIST}?export=xlsx"
    assert page.get(url).status_code == 200
    monkeypatch.setattr(PeopleList, "may_open", lambda self: False)
    with pytest.raises(PermissionDenied):
        open_list(reader, url)


@pytest.mark.parametrize("url", ["/gallery/people/new/?export=xlsx", "/gallery/figures/?export=xlsx", "/jobs/", "/x/"])
def test_a_job_opens_lists_with_a_workbook_and_nothing_else(gallery: None, reader: User, url: str) -> None:
    with pytest.raises((PermissionDenied, JobFailed)):
        open_list(reader, url)


def test_a_list_takes_no_other_post(page: Client) -> None:
    assert page.post(LIST, {"q": "x"}).status_code == 405
    assert page.post(f"{LIST}?export=exe").status_code == 404


def test_a_day_that_cannot_be_read_is_told_and_not_exported(page: Client) -> None:
    response = page.get(LIST, {"export": "xlsx", "day": "2025-02-31"})
    assert response["Content-Type"].startswith("text/html")
    assert "«2025-02-31» không phải là ngày xem được." in response.content.decode()


def test_the_buttons_of_the_heading_follow_the_filters(page: Client) -> None:
    part = page.get(f"{LIST}?q=Lan", headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()
    heading = part[part.index('id="actions"') :]
    assert f'href="{LIST}?q=Lan&amp;export=xlsx"' in heading
    assert 'hx-swap-oob="true"' in heading


def test_results_lie_in_a_folder_of_their_job(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PeopleList, "export_at_once", 10)
    monkeypatch.setattr(PeopleList, "export_name", "../../../etc/can-bo")
    page.post(f"{LIST}?export=xlsx")
    job = Job.objects.get()
    assert Path(settings.RESULTS_ROOT, job.result_file).parent == Path(settings.RESULTS_ROOT, str(job.key))
