"""Long work: told outside its transaction, done once, answered to its owner only."""

import datetime
import logging
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from hrdb.kernel.jobs import (
    JobFailed,
    JobKind,
    JobResult,
    Progress,
    fail_stale_jobs,
    job_kinds,
    remove_old_results,
    run_job,
    start_job,
)
from hrdb.kernel.jobs.kinds import JobFunction
from hrdb.kernel.jobs.progress import LOCK_SPACE
from hrdb.kernel.models import Job, User

Register = Callable[[JobFunction], str]


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Register a kind of work for one test."""

    def add(run: JobFunction) -> str:
        monkeypatch.setitem(job_kinds._entries, "test", JobKind(key="test", label="Việc thử", run=run))
        return "test"

    return add


@pytest.fixture
def owner(db: None) -> User:
    """Somebody who waits for work."""
    return User.objects.create_user("lan", password="mat-khau-thu")


def _other_connection() -> psycopg.Connection:
    """A connection that sees only what is committed."""
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{name: parameters[name] for name in names if parameters.get(name)}, autocommit=True)


def test_work_leaves_a_file_and_values(owner: User, register: Register) -> None:
    def write(job: Job, progress: Progress) -> JobResult:
        progress.phase("Đang ghi", total=2)
        progress.report(2, total=2)
        path = progress.result_path("../list.txt")
        path.write_text(f"ngày {job.parameters['day']}")
        return JobResult(file=path, name="Danh sách.txt", values={"rows": 2})

    job = start_job(kind=register(write), owner=owner, parameters={"day": "2025-12-31"}, scope="Sở Y tế")
    assert (job.state, job.done, job.total, job.per_cent) == (Job.State.DONE, 2, 2, 100)
    assert job.result == {"rows": 2}
    assert job.finished_at is not None
    file = Path(settings.RESULTS_ROOT) / job.result_file
    assert file.read_text() == "ngày 2025-12-31"
    assert file.parent == Path(settings.RESULTS_ROOT) / str(job.key)


def test_unknown_kind_leaves_no_row(owner: User) -> None:
    with pytest.raises(KeyError):
        start_job(kind="nothing", owner=owner)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (JobFailed("Tệp không đọc được."), "Tệp không đọc được."),
        (PermissionDenied(), "Tài khoản không còn quyền thực hiện việc này."),
    ],
)
def test_expected_failure_is_its_own_sentence(owner: User, register: Register, error: Exception, sentence: str) -> None:
    def fail(job: Job, progress: Progress) -> None:
        raise error

    job = start_job(kind=register(fail), owner=owner)
    assert (job.state, job.error) == (Job.State.FAILED, sentence)


def test_unexpected_failure_goes_to_the_log_not_to_the_page(
    owner: User, register: Register, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(job: Job, progress: Progress) -> None:
        User.objects.create_user("lan")

    with caplog.at_level(logging.ERROR, logger="hrdb.jobs"):
        job = start_job(kind=register(fail), owner=owner)
    assert job.state == Job.State.FAILED
    assert job.error == f"Có lỗi ngoài dự kiến, quản trị viên xem nhật ký máy chủ với mã {job.key}."
    assert "IntegrityError" in caplog.text
    assert User.objects.count() == 1


def test_closed_account_gets_nothing_done(owner: User, register: Register) -> None:
    done: list[int] = []
    kind = register(lambda job, progress: done.append(1))
    owner.is_active = False
    owner.save()
    job = start_job(kind=kind, owner=owner)
    assert (job.state, done) == (Job.State.FAILED, [])


def test_work_is_done_once(owner: User, register: Register) -> None:
    done: list[int] = []
    job = start_job(kind=register(lambda job, progress: done.append(1)), owner=owner)
    run_job.call(job.pk)
    assert done == [1]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_writing_transaction_is_open(owner: User, register: Register) -> None:
    seen: list[tuple[object, ...] | None] = []

    def work(job: Job, progress: Progress) -> None:
        with transaction.atomic(), _other_connection() as other:
            User.objects.create_user("written")
            progress.phase("Đang ghi", total=500)
            progress.report(500)
            progress.report(500, total=500)
            seen.append(other.execute("SELECT phase, done, total FROM kernel_job WHERE id = %s", [job.pk]).fetchone())
            seen.append(other.execute("SELECT 1 FROM kernel_user WHERE username = 'written'").fetchone())

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    job = Job.objects.create(kind=register(work), owner=owner)
    run_job.call(job.pk)
    job.refresh_from_db()
    assert seen == [("Đang ghi", 500, 500), None]
    assert job.state == Job.State.DONE


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_what_was_written_is_undone_and_the_failure_kept(owner: User, register: Register) -> None:
    def work(job: Job, progress: Progress) -> None:
        with transaction.atomic():
            User.objects.create_user("written")
            progress.phase("Đang ghi", total=10)
            raise JobFailed("Dòng 7 sai.")

    job = Job.objects.create(kind=register(work), owner=owner)
    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.phase, job.error) == (Job.State.FAILED, "Đang ghi", "Dòng 7 sai.")
    assert not User.objects.filter(username="written").exists()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_starting_worker_fails_dead_work_and_leaves_living_work(owner: User) -> None:
    dead, living = (
        Job.objects.create(kind="test", owner=owner, state=Job.State.RUNNING, heartbeat_at=timezone.now())
        for _ in range(2)
    )
    for job in (dead, living):
        DBTaskResult.objects.create(
            status="RUNNING", args_kwargs={"args": [job.pk], "kwargs": {}}, run_after=timezone.now(), task_path="x"
        )
    with _other_connection() as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, living.pk])
        assert fail_stale_jobs() == 1
    dead.refresh_from_db()
    living.refresh_from_db()
    queued = {row.args_kwargs["args"][0]: row.status for row in DBTaskResult.objects.all()}
    assert queued == {dead.pk: "FAILED", living.pk: "RUNNING"}
    assert (dead.state, living.state) == (Job.State.FAILED, Job.State.RUNNING)
    assert dead.error.startswith("Máy chủ đã dừng")
    assert fail_stale_jobs() == 1, "the lock of the living job died with its connection"


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_worker_takes_queued_work(owner: User, register: Register, settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    done: list[int] = []
    job = start_job(kind=register(lambda job, progress: done.append(job.pk)), owner=owner)
    assert (job.state, done) == (Job.State.WAITING, [])
    call_command("db_worker", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0)
    job.refresh_from_db()
    assert (job.state, done) == (Job.State.DONE, [job.pk])


def test_result_is_for_its_owner_only(owner: User, register: Register, client: Client) -> None:
    def write(job: Job, progress: Progress) -> JobResult:
        path = progress.result_path("list.txt")
        path.write_text("bí mật")
        return JobResult(file=path, name="Danh sách.txt")

    job = start_job(kind=register(write), owner=owner)
    names = ("job-detail", "job-progress", "job-result")
    addresses = [reverse(f"kernel:{name}", args=[job.key]) for name in names]
    assert {client.get(address).status_code for address in addresses} == {302}
    client.force_login(User.objects.create_user("minh"))
    assert {client.get(address).status_code for address in addresses} == {404}
    client.force_login(owner)
    answer = client.get(addresses[2])
    assert b"".join(answer) == "bí mật".encode()  # type: ignore[arg-type]
    assert answer["Cache-Control"] == "private, no-store"
    assert "attachment" in answer["Content-Disposition"]


def test_progress_as_json(owner: User, register: Register, client: Client) -> None:
    job = start_job(kind=register(lambda job, progress: None), owner=owner)
    client.force_login(owner)
    address = reverse("kernel:job-progress", args=[job.key])
    answer = client.get(address, headers={"accept": "application/json"}).json()
    assert (answer["state"], answer["per_cent"], answer["key"]) == ("done", 100, str(job.key))


def test_work_without_file_has_no_result(owner: User, register: Register, client: Client) -> None:
    job = start_job(kind=register(lambda job, progress: None), owner=owner)
    client.force_login(owner)
    assert client.get(reverse("kernel:job-result", args=[job.key])).status_code == 404


def test_old_results_are_removed_and_rows_stay(owner: User, register: Register) -> None:
    def write(job: Job, progress: Progress) -> JobResult:
        path = progress.result_path("list.txt")
        path.write_text("cũ")
        return JobResult(file=path)

    kind = register(write)
    old, new = start_job(kind=kind, owner=owner), start_job(kind=kind, owner=owner)
    Job.objects.filter(pk=old.pk).update(finished_at=timezone.now() - datetime.timedelta(days=31))
    old_file, new_file = (Path(settings.RESULTS_ROOT) / job.result_file for job in (old, new))
    assert remove_old_results(now=timezone.now()) == 1
    assert (old_file.exists(), new_file.exists()) == (False, True)
    old.refresh_from_db()
    assert old.result_file == ""
