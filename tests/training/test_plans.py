"""Yearly plans: drawn up by the province, approved by another, frozen with their hash; need, plan and what was done."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from hrdb.kernel.models import AuditEvent, User
from personnel.models import Decision, Grant
from personnel.policies import Role
from personnel.services.errors import ServiceRefusal
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_user
from tests.training.class_making import approved, line_of, make_class, make_plan, put_in
from tests.training.making import DAY, TrainingWorld, make_programme, training_world
from training.choices import ClassState, MemberState, PlanState
from training.models import PlannedClass, TrainingPlan
from training.services.classes import open_class
from training.services.plans import (
    add_planned,
    approvals_of,
    approve_plan,
    change_planned,
    create_plan,
    drop_plan,
    is_intact,
    may_approve_plan,
    move_plan,
)
from training.statistics.planned import plan_report, years_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> TrainingWorld:
    return training_world()


@pytest.fixture
def approver(world: TrainingWorld) -> User:
    return make_user(Role.APPROVER, unit=world.top)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_only_the_province_draws_plans_up(world: TrainingWorld) -> None:
    values = {"year": 2026, "name": "Kế hoạch 2026"}
    with pytest.raises(PermissionDenied):
        create_plan(values=values, acting_user=world.unit_officer)
    plan = create_plan(values=values, acting_user=world.officer)
    assert plan.state == PlanState.DRAFT
    with pytest.raises(ValidationError):
        create_plan(values=values, acting_user=world.officer)


def test_an_approved_plan_is_frozen_with_its_hash(world: TrainingWorld, approver: User) -> None:
    plan = make_plan()
    move_plan(plan=plan, to=PlanState.SUBMITTED, acting_user=world.officer)
    with pytest.raises(ServiceRefusal):
        change_planned(line=line_of(plan), values={"seats": 1}, version=None, acting_user=world.officer)
    values = {"day": DAY, "number": "12/QĐ-UBND", "signed_on": DAY, "issuer": "UBND tỉnh"}
    approve_plan(plan=plan, values=values, acting_user=approver)
    plan.refresh_from_db()
    assert is_intact(plan)
    assert plan.decision == Decision.objects.get(number="12/QĐ-UBND")
    assert [line["seats"] for line in plan.content["classes"]] == [40]
    plan.content["classes"][0]["seats"] = 41
    assert not is_intact(plan)


def test_who_submitted_does_not_approve_and_a_unit_head_neither(world: TrainingWorld, approver: User) -> None:
    plan = make_plan()
    both = make_user(Role.PROVINCE_OFFICER)
    make(Grant, user=both, role=Role.APPROVER, unit=world.top, effective_from=LONG_AGO)
    move_plan(plan=plan, to=PlanState.SUBMITTED, acting_user=both)
    plan.refresh_from_db()
    assert not may_approve_plan(both, plan)
    assert not may_approve_plan(make_user(Role.APPROVER, unit=world.home), plan)
    assert may_approve_plan(approver, plan)
    with pytest.raises(PermissionDenied):
        approve_plan(plan=plan, values={"day": DAY}, acting_user=both)


def test_a_plan_over_its_money_or_without_classes_is_not_submitted(world: TrainingWorld) -> None:
    poor = make_plan(budget=100_000_000)
    with pytest.raises(ServiceRefusal, match="vượt kinh phí"):
        move_plan(plan=poor, to=PlanState.SUBMITTED, acting_user=world.officer)
    empty = create_plan(values={"year": 2027, "name": "Trống"}, acting_user=None)
    with pytest.raises(ServiceRefusal, match="chưa có lớp"):
        move_plan(plan=empty, to=PlanState.SUBMITTED, acting_user=world.officer)


def test_an_adjustment_keeps_what_was_approved(world: TrainingWorld, approver: User) -> None:
    plan = approved(make_plan())
    first = plan.sha256
    with pytest.raises(ValidationError):
        move_plan(plan=plan, to=PlanState.DRAFT, acting_user=world.officer)
    move_plan(plan=plan, to=PlanState.DRAFT, reason="Trung ương giao thêm chỗ", acting_user=world.officer)
    change_planned(line=line_of(plan), values={"seats": 50}, version=None, acting_user=world.officer)
    with pytest.raises(ServiceRefusal, match="từng được phê duyệt"):
        drop_plan(plan=plan, acting_user=world.officer)
    plan.refresh_from_db()
    approved(plan)
    kept = approvals_of(plan)
    assert [row.content["classes"][0]["seats"] for row in kept] == [50, 40]
    assert kept[1].sha256 == first


def test_a_class_opens_only_for_an_approved_line_of_its_programme() -> None:
    plan = make_plan()
    line = line_of(plan)
    values = {"code": "L1", "name": "Lớp một", "capacity": 40, "programme": line.programme, "planned": line}
    with pytest.raises(ValidationError, match="chưa được phê duyệt"):
        open_class(values=values, acting_user=None)
    approved(plan)
    line = PlannedClass.objects.select_related("plan", "programme").get()
    with pytest.raises(ValidationError, match="chương trình khác"):
        open_class(values={**values, "planned": line, "programme": make_programme("KHAC")}, acting_user=None)
    assert open_class(values={**values, "planned": line}, acting_user=None).state == ClassState.PLANNED


def test_the_report_counts_what_was_done_of_the_plan_and_beside_it(world: TrainingWorld) -> None:
    programme, other = make_programme(), make_programme("TA", name="Tiếng Anh")
    plan = approved(make_plan(programme))
    inside = make_class(programme, planned=line_of(plan), state=ClassState.FINISHED, cost=Decimal(90_000_000))
    put_in(inside, *world.people, state=MemberState.PASSED)
    put_in(inside, world.strangers[0], state=MemberState.FAILED)
    make_class(programme, code="HUY", planned=line_of(plan), state=ClassState.CANCELLED)
    make_class(other, code="NGOAI", state=ClassState.RUNNING)
    report = plan_report(plan, user=world.officer, day=DAY)
    first, second = report.rows
    assert (first.seats, first.done.opened, first.done.finished, first.done.passed) == (40, 1, 1, 3)
    assert (first.done.members, first.done.failed, first.done.cancelled, first.done.cost) == (4, 1, 1, 90_000_000)
    assert [one.code for one in second.beside] == ["NGOAI"]
    narrow = plan_report(plan, user=world.unit_officer, day=DAY).rows[0]
    assert (narrow.done.passed, narrow.done.members) == (3, 3)
    rows, totals = years_report([2025, 2026], user=world.officer)
    assert (totals[1].seats, totals[1].passed, totals[0].classes) == (40, 3, 0)
    assert rows[0].cells[0] is None


def test_the_plan_page_shows_lines_and_answers_with_constant_queries(world: TrainingWorld) -> None:
    plan = make_plan()
    client = browser(world.officer)
    page = reverse("training:plan-detail", args=[plan.pk])
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert client.get(page).status_code == 200
    for number in range(12):
        programme = make_programme(f"P{number}", name=f"Chương trình {number}")
        add_planned(plan=plan, values={"programme": programme, "seats": 10}, acting_user=None)
        put_in(make_class(programme, code=f"C{number}"), make_cadre(unit=world.home))
    with CaptureQueriesContext(connection) as many:
        assert "Chương trình 11" in client.get(page).content.decode()
    assert len(many) <= len(few) + 1


def test_pages_walk_a_plan_from_draft_to_approval(world: TrainingWorld, approver: User) -> None:
    officer, chief = browser(world.officer), browser(approver)
    programme = make_programme(cost=3_000_000)
    form = {"year": "2027", "name": "Kế hoạch 2027", "budget": "2.000.000.000"}
    answer = officer.post(reverse("training:plan-create"), form)
    plan = TrainingPlan.objects.get()
    assert answer.status_code == 302
    assert plan.budget == 2_000_000_000
    bad = officer.post(reverse("training:plan-create"), {**form, "budget": "hai tỷ"})
    assert bad.status_code == 422
    assert "Cần một số tiền" in bad.content.decode()
    officer.post(
        reverse("training:planned-add", args=[plan.pk]), {"programme": programme.pk, "month": "5", "seats": "40"}
    )
    assert line_of(plan).budget == 120_000_000
    assert chief.get(reverse("training:plan-detail", args=[plan.pk])).status_code == 404
    officer.post(reverse("training:plan-move", args=[plan.pk, "submitted"]))
    assert chief.get(reverse("training:plan-detail", args=[plan.pk])).status_code == 200
    assert officer.get(reverse("training:plan-approve", args=[plan.pk])).status_code == 404
    half = {"day": "01/12/2026", "number": "9/QĐ"}
    assert chief.post(reverse("training:plan-approve", args=[plan.pk]), half).status_code == 422
    assert chief.post(reverse("training:plan-approve", args=[plan.pk]), {"day": "01/12/2026"}).status_code == 302
    plan.refresh_from_db()
    assert plan.state == PlanState.APPROVED
    text = officer.get(reverse("training:plan-detail", args=[plan.pk])).content.decode()
    assert plan.sha256 in text
    assert reverse("training:class-create") in text
    assert AuditEvent.objects.filter(reason__contains="Phê duyệt Kế hoạch 2027").count() == 1


def test_the_workbook_and_the_paper_say_what_the_page_says(world: TrainingWorld) -> None:
    plan = approved(make_plan(year=2026))
    client = browser(world.unit_officer)
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("training:plan-workbook", args=[plan.pk])).content))
    assert book.sheetnames == ["Lớp dự kiến", "Kế hoạch và thực hiện"]
    cells = [cell.value for row in book["Lớp dự kiến"].iter_rows() for cell in row]
    assert "Cao cấp lý luận chính trị" in cells
    assert 120_000_000 in cells
    paper = client.get(reverse("training:plan-print", args=[plan.pk]))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "120.000.000" in text
    assert plan.sha256 in text
    years = client.get(reverse("training:plan-years"), {"export": "xlsx"})
    assert openpyxl.load_workbook(io.BytesIO(years.content)).sheetnames == ["Nhiều năm"]
    assert "40 chỗ" in client.get(reverse("training:plan-years")).content.decode()
