"""The pages of choosing: asked, shown with sentences, confirmed, refused when stale, taken back; who opens them."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.models import AuditEvent, User
from personnel.choices import EmploymentState, Sex
from personnel.policies import Role
from tests.factories.personnel import make_cadre, make_user
from tests.training.choosing_world import make_class, nominate
from tests.training.making import TrainingWorld, training_world
from training.choices import ClassState, MemberState
from training.models import ClassMember, TrainingClass

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> TrainingWorld:
    return training_world(3)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(training_class: TrainingClass, name: str = "cohort") -> str:
    return reverse(f"training:{name}", args=[training_class.pk])


def ask(**values: Any) -> dict[str, Any]:
    """What the form sends."""
    return {"capacity": 2, "reserves": 1, "youth": "under-40", "source": "all", **values}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found.group(1)


def test_a_list_is_asked_for_shown_confirmed_and_taken_back(world: TrainingWorld) -> None:
    client, one = browser(world.officer), make_class()
    nominate(one, world.home, *world.people)
    first = client.get(address(one))
    assert "Chưa gợi ý danh sách" in first.content.decode()
    assert not AuditEvent.objects.filter(action="write", user=world.officer).exists()
    page = client.get(address(one), ask()).content.decode()
    for text in ("Được chọn vì điểm ưu tiên", "Chưa chọn vì hết chỗ", "Chốt danh sách", "Nhu cầu 10 (đơn vị đề nghị)"):
        assert text in page
    assert ClassMember.objects.filter(state=MemberState.NOMINATED).count() == 3
    sent = client.post(address(one), {"choice": hidden(page, "choice"), "query": "capacity=2"})
    assert sent.status_code == 302
    one.refresh_from_db()
    assert one.state == ClassState.CHOSEN
    settled = client.get(address(one)).content.decode()
    assert settled.count("Dự bị số 1") == 1
    undo = client.get(address(one, "cohort-undo")).content.decode()
    assert "Bỏ chốt danh sách học viên" in undo
    client.post(
        address(one, "cohort-undo"), {"reason": "Bổ sung người", "record_version": hidden(undo, "record_version")}
    )
    one.refresh_from_db()
    assert one.state == ClassState.NOMINATING
    assert AuditEvent.objects.filter(action="write", user=world.officer).count() == 2


def test_a_quota_is_tried_without_saving_and_its_cost_is_told_on_demand(world: TrainingWorld) -> None:
    client, one = browser(world.officer), make_class()
    nominate(one, world.home, *world.people)
    nominate(one, world.away, make_cadre(unit=world.away, sex=Sex.FEMALE))
    page = client.get(address(one), ask(min_women=1)).content.decode()
    assert "ít nhất 1" in page
    assert "tổng điểm tăng" not in page
    assert "Nếu bỏ từng chỉ tiêu" in client.get(address(one), ask(min_women=1, costs=1)).content.decode()
    one.refresh_from_db()
    assert one.quotas == {}
    version, query = hidden(page, "version"), "capacity=3&min_women=1&youth=under-40&source=all&reserves=0"
    client.post(address(one), {"do": "save", "version": version, "query": f"{query}&pin={world.people[0].pk}"})
    one.refresh_from_db()
    assert (one.capacity, one.quotas["min_women"]) == (3, 1)
    assert one.members.get(is_pinned=True).cadre == world.people[0]
    again = client.post(address(one), {"do": "save", "version": version, "query": query})
    assert again.status_code == 409
    assert "vừa được người khác sửa" in again.content.decode()


def test_a_conflict_is_named_and_one_button_leads_to_the_nearest_list(world: TrainingWorld) -> None:
    client, one = browser(world.officer), make_class()
    nominate(one, world.home, *world.people)
    page = client.get(address(one), ask(min_women=2, max_per_unit=1)).content.decode()
    assert "Không đạt được mọi yêu cầu cùng lúc" in page
    assert "Số nữ tối thiểu là 2, danh sách gần nhất còn thiếu 2 người" in page
    assert 'name="choice"' not in page
    nearest = re.search(r'href="([^"]*)">Dùng chỉ tiêu gần nhất', page)
    assert nearest
    assert 'name="choice"' in client.get(nearest.group(1).replace("&amp;", "&")).content.decode()


def test_wrong_numbers_are_told_field_by_field(world: TrainingWorld) -> None:
    client, one = browser(world.officer), make_class()
    for wrong, sentence in (
        (ask(capacity=0), "Phải từ 1 trở lên"),
        (ask(capacity="x"), "Hãy ghi một số nguyên"),
        (ask(min_women=5), "Nhiều hơn số chỗ của lớp"),
        (ask(min_per_unit=2, max_per_unit=1), "Nhiều hơn số tối đa của một đơn vị"),
        (ask(youth="x"), "không có trong danh sách"),
    ):
        answer = client.get(address(one), wrong)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()


def test_a_stale_or_foreign_list_is_refused_and_shown_anew(world: TrainingWorld) -> None:
    client, one, other = browser(world.officer), make_class(), make_class("L2")
    for each in (one, other):
        nominate(each, world.home, *world.people[:2])
    page = client.get(address(one), ask()).content.decode()
    nominate(one, world.home, world.people[2])
    sent = client.post(
        address(one), {"choice": hidden(page, "choice"), "query": hidden(page, "query").replace("&amp;", "&")}
    )
    assert sent.status_code == 409
    assert "Được chọn vì điểm ưu tiên" in sent.content.decode()
    assert client.post(address(other), {"choice": hidden(page, "choice")}).status_code == 404
    assert client.post(address(one), {"choice": "x"}).status_code == 409
    assert not ClassMember.objects.exclude(state=MemberState.NOMINATED).exists()


def test_only_who_arranges_the_class_as_a_whole_opens_it(world: TrainingWorld) -> None:
    one = make_class()
    nominate(one, world.home, *world.people)
    nominate(one, world.away, *world.strangers)
    narrow = make_user(Role.PROVINCE_OFFICER, unit=world.home)
    answers = {
        "officer": browser(world.officer).get(address(one)).status_code,
        "narrow": browser(narrow).get(address(one)).status_code,
        "unit": browser(world.unit_officer).get(address(one)).status_code,
        "inspector": browser(make_user(Role.INSPECTOR, unit=world.top)).get(address(one)).status_code,
    }
    assert answers == {"officer": 200, "narrow": 404, "unit": 403, "inspector": 403}
    own = make_class("RIENG")
    nominate(own, world.home, *world.people)
    page = browser(narrow).get(address(own), ask(pin=world.strangers[0].pk)).content.decode()
    assert "không còn trong danh sách xét" in page
    assert not any(cadre.full_name in page for cadre in world.strangers)


def test_discipline_is_told_and_logged_only_to_who_may_read_it(world: TrainingWorld) -> None:
    suspended, one = make_cadre(unit=world.home, state=EmploymentState.SUSPENDED), make_class()
    nominate(one, world.home, suspended, *world.people)
    assert "Đang bị tạm đình chỉ" in browser(world.officer).get(address(one), ask()).content.decode()
    assert AuditEvent.objects.filter(action="read_sensitive", details__parts=["kỷ luật"]).exists()


def test_workbook_and_paper_hold_the_list_with_reasons(world: TrainingWorld) -> None:
    client, one = browser(world.officer), make_class()
    nominate(one, world.home, *world.people)
    answer = client.get(address(one), ask(export="xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Được chọn"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "Dự kiến danh sách học viên" in texts
    assert any("Được chọn vì điểm ưu tiên 25" in text and "Nhu cầu 10" in text for text in texts)
    assert client.get(address(one), ask(export="pdf")).content[:4] == b"%PDF"
    assert client.get(address(one), ask(export="doc")).status_code == 404
    assert AuditEvent.objects.filter(action__in=("export", "print")).count() == 2


def test_many_people_are_shown_by_pages_and_cost_no_more(world: TrainingWorld) -> None:
    client, one = browser(world.officer), make_class()

    def count() -> int:
        client.get(address(one), ask())
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address(one), ask()).status_code == 200
        return len(caught)

    nominate(one, world.home, *world.people)
    few = count()
    nominate(one, world.home, *(make_cadre(unit=world.home, name=f"Lê Văn C{number:02d}") for number in range(57)))
    assert count() == few
    page = client.get(address(one), ask()).content.decode()
    assert "1–50 trong 58 người" in page
    assert "51–58 trong 58 người" in client.get(address(one), ask(page=2)).content.decode()
    assert "1–1 trong 1 người" in client.get(address(one), ask(q="c44")).content.decode()
    pinned = client.get(address(one), ask(pin=ClassMember.objects.latest("pk").cadre_id, q="c44")).content.decode()
    assert "Được chọn vì đã ấn định" in pinned
