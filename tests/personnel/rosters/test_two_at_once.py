"""Two officers at one batch, and work that was cut off: one writes, the other is told; a cut-off check begins anew."""

from __future__ import annotations

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.models import Job
from personnel.choices import BatchState
from personnel.models import ImportBatch
from personnel.policies import Role
from personnel.services import batches
from personnel.services.batches import mark_checked, start_work
from personnel.services.errors import ServiceRefusal
from tests.factories.personnel import make_user
from tests.factories.rosters import MAI, line, roster
from tests.personnel.cadres.pages import show
from tests.personnel.rosters.conftest import Office

ROSTER = roster(line(1, "Nguyễn Thị Mai", MAI, sex="Nữ"))


def _queued(**values: Any) -> Job:
    """A job that waits, as a worker elsewhere would take it."""
    return Job.objects.create(**values)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_begins_and_the_other_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "start_job", _queued)
    officer = make_user(Role.PROVINCE_OFFICER)
    batch = ImportBatch.objects.create(user=officer, file_name="a.xlsx", sha256="0" * 64, state=BatchState.CHECKED)
    barrier = threading.Barrier(2)

    def confirm(_: int) -> str:
        try:
            barrier.wait(timeout=20)
            start_work(batch=batch, kind="roster-commit", acting_user=officer)
        except ServiceRefusal as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "begun"

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(confirm, range(2)))
    assert answers[0] == "begun"
    assert "đang ghi" in answers[1]
    assert Job.objects.filter(kind="roster-commit").count() == 1


def test_who_confirms_while_it_is_written_is_told_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = office.send(ROSTER)
    monkeypatch.setattr(batches, "start_job", _queued)
    office.post("confirm", batch)
    again = office.client.post(reverse("personnel:roster-confirm", args=[batch.pk]), follow=True).content.decode()
    assert "chưa kiểm tra xong hoặc đã ghi" in again
    assert Job.objects.filter(kind="roster-commit").count() == 1


def test_a_check_that_ends_late_does_not_take_back_what_was_written(office: Office, province: Client) -> None:
    batch = office.send(ROSTER)
    stale = ImportBatch.objects.get(pk=batch.pk)
    batch = office.post("confirm", batch)
    mark_checked(batch=stale, report={"rows": 1}, day=datetime.date(2025, 12, 31))
    batch.refresh_from_db()
    assert (batch.state, batch.report["created"]) == (BatchState.COMMITTED, 1)
    with pytest.raises(ServiceRefusal):
        start_work(batch=batch, kind="roster-check", acting_user=office.officer)


def test_a_check_that_was_cut_off_begins_anew(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as while_the_worker_is_away:
        while_the_worker_is_away.setattr(batches, "start_job", _queued)
        batch = office.send(ROSTER)
    Job.objects.update(state=Job.State.FAILED, error="Máy chủ đã dừng.", finished_at=timezone.now())
    page = show(office.client, "personnel:roster-detail", batch.pk)
    assert "Máy chủ đã dừng." in page
    assert "Kiểm tra lại" in page
    batch = office.post("decide", batch, kind="again")
    assert (batch.state, batch.report["created"]) == (BatchState.CHECKED, 1)
    assert "Ghi vào hồ sơ</button>" in show(office.client, "personnel:roster-detail", batch.pk)
