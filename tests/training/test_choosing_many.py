"""Several classes of one programme: marked, proposed at once or by a job, confirmed in one act, hidden out of scope."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.models import AuditEvent, Job
from personnel.policies import Role
from tests.factories.personnel import make_user
from tests.training.choosing_world import make_class, nominate
from tests.training.making import TrainingWorld, training_world
from tests.training.test_choosing_pages import browser, hidden
from training.choices import ClassState
from training.models import TrainingClass

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> TrainingWorld:
    return training_world(4)


def classes(world: TrainingWorld, count: int, capacity: int = 1) -> list[TrainingClass]:
    """So many classes of one programme, everybody of the first department nominated to each."""
    first = make_class("N0", capacity=capacity)
    made = [first, *(make_class(f"N{one}", capacity=capacity, programme=first.programme) for one in range(1, count))]
    for one in made:
        nominate(one, world.home, *world.people)
    return made


def propose(client: Client, *marked: TrainingClass) -> str:
    """Mark classes and follow to what is proposed."""
    sent = client.post(
        reverse("training:cohort-many"), {"do": "propose", "lop": [one.pk for one in marked]}, follow=True
    )
    return sent.content.decode()


def test_few_classes_are_proposed_at_once_and_confirmed_together(world: TrainingWorld) -> None:
    client, made = browser(world.officer), classes(world, 3)
    page = propose(client, *made)
    assert "3 người cho 3 lớp" in page
    assert not TrainingClass.objects.filter(state=ClassState.CHOSEN).exists()
    before = AuditEvent.objects.filter(action="write").count()
    sent = client.post(
        reverse("training:cohort-many"), {"do": "confirm", "choice": hidden(page, "choice")}, follow=True
    )
    assert "Đã chốt danh sách 3 học viên cho 3 lớp" in sent.content.decode()
    assert AuditEvent.objects.filter(action="write").count() == before + 1
    assert TrainingClass.objects.filter(state=ClassState.CHOSEN).count() == 3
    again = client.post(reverse("training:cohort-many"), {"do": "confirm", "choice": hidden(page, "choice")})
    assert again.status_code == 409


def test_many_classes_are_proposed_by_a_job(world: TrainingWorld) -> None:
    client, made = browser(world.officer), classes(world, 5)
    page = propose(client, *made)
    job = Job.objects.get()
    assert job.state == Job.State.DONE, job.error
    assert "4 người cho 5 lớp" in page
    assert "Chưa đạt" in page
    assert 'name="choice"' not in page
    other = make_user(Role.PROVINCE_OFFICER)
    assert browser(other).get(reverse("training:cohort-many"), {"job": str(job.key)}).status_code == 404


def test_what_does_not_fit_is_told(world: TrainingWorld) -> None:
    client, (one, _) = browser(world.officer), classes(world, 2)
    other = make_class("KHAC")
    nominate(other, world.home, *world.people)
    assert "thuộc nhiều chương trình" in propose(client, one, other)
    assert "ít nhất một lớp" in propose(client)


def test_classes_with_people_out_of_scope_are_not_there(world: TrainingWorld) -> None:
    mine, shared = classes(world, 2)
    nominate(shared, world.away, world.strangers[0])
    narrow = make_user(Role.PROVINCE_OFFICER, unit=world.home)
    page = browser(narrow).get(reverse("training:cohort-many")).content.decode()
    assert mine.name in page
    assert shared.name not in page
    assert "ít nhất một lớp" in propose(browser(narrow), shared)
    assert browser(world.unit_officer).get(reverse("training:cohort-many")).status_code == 403


def test_the_list_of_classes_costs_the_same_for_few_and_many(world: TrainingWorld) -> None:
    client = browser(world.officer)

    def count() -> int:
        client.get(reverse("training:cohort-many"))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("training:cohort-many")).status_code == 200
        return len(caught)

    made = classes(world, 3)
    few = count()
    for number in range(27):
        make_class(f"M{number}", programme=made[0].programme)
    assert count() == few
    page = client.get(reverse("training:cohort-many")).content.decode()
    assert len(re.findall(r'name="lop"', page)) == 30
