"""Giving and ending roles, and their projection into the permission tables on units."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import get_objects_for_user

from hrdb.kernel.daily import do_daily_works
from hrdb.kernel.history import history_model
from hrdb.kernel.jobs import Progress
from hrdb.kernel.models import AuditEvent, Job, User
from personnel.models import Cadre, Decision, Grant, Unit, UnitUserPermission
from personnel.models.access import recent_grants
from personnel.policies import ROLE_ACTIONS, Action, Role, unit_permission
from personnel.services.accounts import close_account, reopen_account
from personnel.services.grants import end_grant, grant, project_grants
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_unit, make_user

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)


def projected(user: User, action: Action) -> set[int]:
    """Units that the permission tables open: a permission on a unit covers what stands below it."""
    roots = get_objects_for_user(
        User.objects.get(pk=user.pk), f"personnel.{unit_permission(action)}", Unit, accept_global_perms=True
    )
    return set(Unit.objects.below(list(roots.values_list("pk", flat=True)), TODAY).values_list("pk", flat=True))


def true(user: User, action: Action) -> set[int]:
    return set(Unit.objects.visible_to(User.objects.get(pk=user.pk), action).values_list("pk", flat=True))


def assert_projection_is_true(*users: User) -> None:
    for user in users:
        for action in Action:
            assert projected(user, action) == true(user, action), (user, action)


def test_the_projection_says_what_the_grants_in_force_say() -> None:
    top = make_unit()
    unit, other = make_unit(parent=top), make_unit(parent=top)
    make_unit(parent=unit)
    administrator = make_user(Role.ADMINISTRATOR)
    province, officer, past, coming, closed = (make_user() for _ in range(5))
    common = {"acting_user": administrator, "reason": "Phân công"}
    paper = {"basis": "Quyết định 12/QĐ-SNV", **common}
    grant(user=province, role=Role.PROVINCE_OFFICER, effective_from=TODAY, **paper)
    grant(user=officer, role=Role.UNIT_OFFICER, unit=unit, effective_from=TODAY, **paper)
    grant(user=officer, role=Role.APPROVER, unit=other, effective_from=TODAY, **paper)
    grant(user=past, role=Role.INSPECTOR, unit=unit, effective_from=LONG_AGO, effective_until=TODAY, **paper)
    grant(user=coming, role=Role.INSPECTOR, unit=unit, effective_from=TODAY + DAY, **paper)
    grant(user=closed, role=Role.UNIT_OFFICER, unit=unit, effective_from=TODAY, **paper)
    close_account(user=closed, **common)
    assert_projection_is_true(administrator, province, officer, past, coming, closed)
    assert true(officer, Action.EDIT) == set(Unit.objects.below([unit.pk], TODAY).values_list("pk", flat=True))
    reopen_account(user=closed, **common)
    assert_projection_is_true(closed)
    assert projected(closed, Action.EDIT)


def test_the_projection_has_rows_for_units_never_for_people() -> None:
    unit = make_unit()
    for _ in range(3):
        make_cadre(unit=unit)
    user = make_user()
    grant(user=user, role=Role.UNIT_OFFICER, unit=unit, effective_from=TODAY, acting_user=None, reason="Phân công")
    before = UnitUserPermission.objects.count()
    make_cadre(unit=unit)
    project_grants()
    assert UnitUserPermission.objects.count() == before == len(Action) - 2


def test_a_grant_that_begins_or_ends_by_itself_is_projected_by_the_next_run() -> None:
    unit = make_unit()
    begun, ended = make_user(), make_user()
    make(Grant, user=begun, role=Role.UNIT_OFFICER, unit=unit, effective_from=TODAY)
    make(Grant, user=ended, role=Role.UNIT_OFFICER, unit=unit, effective_from=LONG_AGO, effective_until=TODAY)
    project_grants(day=TODAY - DAY)
    assert projected(ended, Action.EDIT)
    assert project_grants() > 0
    assert_projection_is_true(begun, ended)
    assert project_grants() == 0


def test_a_grant_is_written_with_its_event_and_reason() -> None:
    administrator, user, unit = make_user(Role.ADMINISTRATOR), make_user(), make_unit()
    row = grant(
        user=user,
        role=Role.UNIT_OFFICER,
        unit=unit,
        effective_from=TODAY,
        acting_user=administrator,
        basis="Quyết định 12/QĐ-SNV",
        reason="Phân công",
    )
    history = history_model(Grant).objects.get(id=row.pk)
    assert history.history_user == administrator
    assert history.history_change_reason == "Phân công"
    assert history.event.action == AuditEvent.Action.ACCESS
    assert (history.event.subject_type, history.event.subject_id) == ("kernel.user", user.pk)


def test_ending_takes_the_scope_away_at_once() -> None:
    unit = make_unit()
    make_cadre(unit=unit)
    user = make_user()
    given = {"user": user, "role": Role.UNIT_OFFICER, "unit": unit, "acting_user": None, "reason": "Phân công"}
    for begins in (LONG_AGO, TODAY):
        row = grant(effective_from=begins, **given)
        assert Cadre.objects.visible_to(user).exists()
        end_grant(grant=row, first_day_without=TODAY, acting_user=None, reason="Chuyển công tác")
        assert not Cadre.objects.visible_to(user).exists()
        assert_projection_is_true(user)
    kept = Grant.objects.get(user=user)
    assert kept.effective_until == TODAY
    removed = history_model(Grant).objects.filter(history_type="-").get()
    assert removed.history_change_reason == "Chuyển công tác"


def test_an_ended_grant_is_not_ended_again_later() -> None:
    row = make(
        Grant, user=make_user(), role=Role.UNIT_OFFICER, unit=make_unit(), effective_from=LONG_AGO,
        effective_until=TODAY - DAY,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="đã kết thúc"):
        end_grant(grant=row, first_day_without=TODAY, acting_user=None, reason="Rà soát")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_gives_and_ends_roles(role: Role) -> None:
    unit = make_unit()
    actor, user = (
        make_user(role, unit=unit if role in {Role.UNIT_OFFICER, Role.APPROVER, Role.INSPECTOR} else None),
        make_user(),
    )
    with pytest.raises(PermissionDenied):
        grant(user=user, role=Role.UNIT_OFFICER, unit=unit, effective_from=TODAY, acting_user=actor, reason="x")
    held = make(Grant, user=user, role=Role.UNIT_OFFICER, unit=unit, effective_from=LONG_AGO)
    with pytest.raises(PermissionDenied):
        end_grant(grant=held, first_day_without=TODAY, acting_user=actor, reason="x")
    held.refresh_from_db()
    assert held.effective_until is None


def test_an_administrator_gives_himself_nothing() -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    with pytest.raises(PermissionDenied, match="Không tự cấp quyền"):
        grant(
            user=administrator, role=Role.PROVINCE_OFFICER, effective_from=TODAY, acting_user=administrator, reason="x"
        )
    assert not Cadre.objects.visible_to(administrator).exists()


@pytest.mark.parametrize(
    ("role", "has_unit", "field"),
    [
        (Role.UNIT_OFFICER, False, "unit"),
        (Role.APPROVER, False, "unit"),
        (Role.INSPECTOR, False, "unit"),
        (Role.ADMINISTRATOR, True, "unit"),
        (Role.CADRE, True, "unit"),
    ],
)
def test_a_role_goes_with_a_unit_or_without(role: Role, has_unit: bool, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        grant(
            user=make_user(),
            role=role,
            unit=make_unit() if has_unit else None,
            effective_from=TODAY,
            acting_user=None,
            reason="x",
        )
    assert field in refused.value.message_dict


def test_a_grant_rests_on_a_decision_or_a_reason() -> None:
    with pytest.raises(ValidationError) as refused:
        grant(user=make_user(), role=Role.ADMINISTRATOR, effective_from=TODAY, acting_user=None)
    assert "reason" in refused.value.message_dict


@pytest.mark.parametrize("role", [Role.PROVINCE_OFFICER, Role.UNIT_OFFICER])
def test_the_same_role_is_not_given_twice_for_one_time(role: Role) -> None:
    user, unit = make_user(), make_unit() if role is Role.UNIT_OFFICER else None
    given = {"user": user, "role": role, "unit": unit, "acting_user": None, "reason": "x"}
    grant(effective_from=LONG_AGO, effective_until=TODAY, **given)
    grant(effective_from=TODAY, **given)
    with pytest.raises(ValidationError, match="đã có quyền này"):
        grant(effective_from=TODAY - DAY, effective_until=TODAY + DAY, **given)
    assert Grant.objects.filter(user=user).count() == 2


def test_the_works_of_a_new_day_let_the_projection_follow_the_dates() -> None:
    unit = make_unit()
    begins, ends = make_user(), make_user()
    given = {"role": Role.UNIT_OFFICER, "unit": unit, "acting_user": None, "reason": "Phân công"}
    grant(user=begins, effective_from=TODAY + DAY, **given)
    grant(user=ends, effective_from=LONG_AGO, effective_until=TODAY + DAY, **given)
    assert (projected(begins, Action.EDIT), projected(ends, Action.EDIT)) == (set(), {unit.pk})
    assert do_daily_works(TODAY) == 0
    assert (projected(begins, Action.EDIT), projected(ends, Action.EDIT)) == (set(), {unit.pk})
    assert do_daily_works(TODAY + DAY) == 0
    assert (projected(begins, Action.EDIT), projected(ends, Action.EDIT)) == ({unit.pk}, set())


def finished_job(owner: User, moment: datetime.datetime) -> Job:
    """A job that left a file at a moment."""
    job = Job.objects.create(owner=owner, kind="print-curricula")
    with Progress(job) as progress:
        path = progress.result_path("ho-so.pdf")
    path.write_bytes(b"%PDF")
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.DONE, finished_at=moment, result_file=f"{job.key}/ho-so.pdf", result_name="Hồ sơ.pdf"
    )
    return job


def file_of(client: Client, job: Job) -> int:
    """What the owner gets for the file of a job."""
    response = client.get(reverse("kernel:job-result", args=[job.key]))
    for close in response._resource_closers:
        close()
    return response.status_code


def test_files_made_under_a_role_go_with_it(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    user, other = make_user(Role.PROVINCE_OFFICER), make_user(Role.PROVINCE_OFFICER)
    job, others = finished_job(user, timezone.now()), finished_job(other, timezone.now())
    client.force_login(user)
    assert file_of(client, job) == 200
    with django_capture_on_commit_callbacks(execute=True):
        end_grant(grant=Grant.objects.get(user=user), first_day_without=TODAY, acting_user=None, reason="Chuyển đi")
    assert file_of(client, job) == 404
    client.force_login(other)
    assert file_of(client, others) == 200


def test_files_made_under_a_role_that_ends_by_date_go_on_that_day() -> None:
    user, unit = make_user(), make_unit()
    make(Grant, user=user, role=Role.UNIT_OFFICER, unit=unit, effective_from=LONG_AGO, effective_until=TODAY)
    make(Grant, user=user, role=Role.INSPECTOR, unit=unit, effective_from=TODAY)
    before, after = finished_job(user, timezone.now() - DAY), finished_job(user, timezone.now())
    do_daily_works(TODAY - DAY)
    before.refresh_from_db()
    assert before.result_file
    do_daily_works(TODAY)
    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.result_file, bool(after.result_file)) == ("", True)


@pytest.mark.parametrize("role", [role for role in Role if ROLE_ACTIONS[role]])
def test_an_administrator_opens_personnel_data_only_on_paper(role: Role) -> None:
    administrator, user = make_user(Role.ADMINISTRATOR), make_user()
    unit = make_unit() if role is not Role.PROVINCE_OFFICER else None
    given = {"user": user, "role": role, "unit": unit, "effective_from": TODAY, "acting_user": administrator}
    with pytest.raises(ValidationError) as refused:
        grant(**given, reason="cần xem giúp anh em")
    assert "quyết định hoặc văn bản phân công" in str(refused.value.message_dict["basis"])
    assert not Grant.objects.filter(user=user).exists()
    grant(**given, basis="Công văn 15/SNV ngày 03/02/2026", reason="Phân công")
    decided = make(Decision, number="12/QĐ-SNV", signed_on=TODAY, issuer="Sở Nội vụ", effective_on=TODAY)
    grant(**given | {"user": make_user()}, decision=decided)


def test_who_answers_for_the_data_sees_who_was_let_in() -> None:
    top = make_unit(name="Tỉnh")
    unit, other = make_unit(parent=top), make_unit(parent=top)
    administrator = make_user(Role.ADMINISTRATOR, full_name="Quản Trị Viên")
    before = timezone.now()
    paper = {"basis": "Công văn 15/SNV", "effective_from": TODAY, "acting_user": administrator}
    here = grant(user=make_user(), role=Role.UNIT_OFFICER, unit=unit, **paper)
    there = grant(user=make_user(), role=Role.INSPECTOR, unit=other, **paper)
    whole = grant(user=make_user(), role=Role.PROVINCE_OFFICER, **paper)
    grant(user=make_user(), role=Role.ADMINISTRATOR, **paper)

    def told(user: User | None) -> list[Grant]:
        return recent_grants(user, since=before)

    assert told(None) == told(make_user(Role.PROVINCE_OFFICER))[-3:] == [whole, there, here]
    inspector = make_user(Role.INSPECTOR, unit=unit)
    news = recent_grants(inspector, since=before)
    assert here in news
    assert not {there, whole} & set(news)
    assert (news[-1].given_by, news[-1].given_on >= before) == ("Quản Trị Viên", True)
    for role in (Role.UNIT_OFFICER, Role.APPROVER, Role.ADMINISTRATOR):
        assert told(make_user(role, unit=unit if role is not Role.ADMINISTRATOR else None)) == []
    assert here not in recent_grants(inspector, since=timezone.now())
