"""The demonstration province in the database: whole, lawful, with its history, once, and reachable by its accounts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db.models import Count, F, Q

from hrdb.kernel.constraints import check_rows
from hrdb.kernel.history import history_model, tracked_models
from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.periods import in_force_q
from personnel.demonstration import generate
from personnel.models import Assignment, Cadre, Custody, PayStep, Qualification, Seat, Unit, UnitVersion
from personnel.policies import Action, Role
from personnel.services.demonstration import PASSWORD, demonstration_event, load_demonstration
from personnel.services.records import coded_fields
from personnel.services.reference import load_reference
from tests.once import made_once

pytestmark = [pytest.mark.database, pytest.mark.django_db]

DAY = datetime.date(2026, 11, 24)
SIZE = 200
ROWS_CHECKED = 600
#: Models that `prepare` fills before the demonstration is loaded.
PREPARED = {"Title", "Unit", "UnitVersion", "Delegation"}
#: Models of which an upper app writes rows in its own part of the demonstration.
WRITTEN_ABOVE = {"TitleStandard", "Qualification"}
USERNAMES = {"tinh", "sonoivu", "phuongxa", "duyet", "thanhtra", "quantri", "canbo"}


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A small demonstration province, loaded once for the tests that only look at it and taken away after them."""
    with made_once(django_db_blocker):
        load_reference()
        load_demonstration(size=SIZE, seed=1, day=DAY)
        yield


@pytest.mark.usefixtures("province")
def test_every_drawn_record_is_there_with_its_history() -> None:
    """As many rows as were drawn; every tracked row has one history row of the one event."""
    drawn = generate(size=SIZE, seed=1, day=DAY)
    people = list(drawn.people())
    assert Cadre.objects.count() == SIZE
    assert Assignment.objects.count() == sum(len(person.assignments) for person in people)
    assert PayStep.objects.count() == sum(len(person.pay_steps) for person in people)
    assert Custody.objects.count() == sum(len(person.custodies) for person in people)
    assert Unit.objects.count() == len(drawn.structure.units)
    event = demonstration_event()
    assert event is not None
    for model in tracked_models():
        if model._meta.app_label != "personnel":  # upper apps write their parts in events of their own
            continue
        history = history_model(model)._default_manager
        written = history.filter(event=event, history_type="+").count()
        before = model._default_manager.exclude(pk__in=history.filter(event=event).values("id")).count()
        assert written == model._default_manager.count() - before, model.__name__
        assert before == 0 or model.__name__ in PREPARED | WRITTEN_ABOVE, model.__name__
    assert history_model(Cadre)._default_manager.filter(history_change_reason=event.reason).count() >= SIZE


@pytest.mark.usefixtures("province")
def test_values_arrive_where_they_belong() -> None:
    """A person's record reads as it was drawn."""
    person = next(
        person for person in generate(size=SIZE, seed=1, day=DAY).people() if person.party and person.relatives
    )
    cadre = Cadre.objects.get(personal_number=person.cadre.personal_number)
    assert (cadre.full_name, cadre.born, cadre.sex) == (
        person.cadre.full_name,
        person.cadre.born,
        person.cadre.sex,
    )
    assert cadre.ethnicity_id is None or cadre.ethnicity.code == person.cadre.ethnicity
    event = demonstration_event()
    drawn = history_model(Qualification)._default_manager.filter(event=event).values("id")
    posts = cadre.assignment_set.order_by("pk").select_related("unit", "title", "decision")
    assert [(post.kind, post.unit and post.unit.code, post.title and post.title.code) for post in posts] == [
        (post.kind, post.unit, post.title) for post in person.assignments
    ]
    assert [(step.rank.code, step.step, step.coefficient) for step in cadre.paystep_set.order_by("pk")] == [
        (step.rank, step.step, step.coefficient) for step in person.pay_steps
    ]
    assert [
        (row.kind, row.level and row.level.code, row.effective_from)
        for row in cadre.qualification_set.filter(pk__in=drawn).order_by("pk")
    ] == [(row.kind, row.level, row.effective_from) for row in person.qualifications]
    assert cadre.partymembership_set.get().effective_from == person.party[0].effective_from


@pytest.mark.usefixtures("province")
def test_rows_pass_the_checker_of_the_services() -> None:
    """What COPY wrote would have been accepted by the services: fields, constraints, codes open on their day."""
    for model in tracked_models():
        if model._meta.app_label != "personnel":
            continue
        rows = list(model._default_manager.order_by("pk")[:ROWS_CHECKED])
        assert {place: error.messages for place, error in check_rows(model, rows).items()} == {}, model.__name__
        if not hasattr(model, "effective_from"):
            continue
        for field in coded_fields(model):
            for row in model._default_manager.filter(**{f"{field.name}__isnull": False}).select_related(field.name):
                assert getattr(row, field.name).is_open_on(row.effective_from), (row, field.name)


@pytest.mark.usefixtures("province")
def test_every_person_is_kept_by_one_unit() -> None:
    """Exactly one custody in force, at the unit of the main post where there is one; leaders fill seats."""
    kept = Cadre.objects.annotate(kept=Count("custody_set", filter=in_force_q(DAY, "custody_set__")))
    assert not kept.exclude(kept=1).exists()
    mains = Assignment.objects.in_force(DAY).filter(kind="main")
    assert not mains.exclude(
        pk__in=mains.filter(cadre__custody_set__unit=F("unit"), cadre__custody_set__effective_until__isnull=True)
    ).exists()
    assert mains.filter(seat__isnull=False).count() > 20
    assert not mains.filter(title__is_leadership=True, seat__isnull=True, unit__isnull=False).exists()
    assert not Seat.objects.filter(unit__versions__isnull=True).exists()


@pytest.mark.usefixtures("province")
def test_units_stand_in_one_tree_below_the_roots() -> None:
    """The root of `prepare` is the root of the government; units of today have a parent, save the four roots."""
    roots = UnitVersion.objects.filter(in_force_q(DAY), parent__isnull=True).values_list("unit__code", flat=True)
    assert sorted(roots) == ["HDND", "MTTQ", "TU", "UBND"]
    assert not Unit.objects.filter(versions__isnull=True).exists()


@pytest.mark.usefixtures("province")
def test_accounts_see_what_their_role_may() -> None:
    """Seven accounts with the known password, each in its scope."""
    users = {user.username: user for user in User.objects.all()}
    assert set(users) >= USERNAMES
    assert all(authenticate(None, username=name, password=PASSWORD) == users[name] for name in USERNAMES)
    seen = {name: Cadre.objects.visible_to(users[name], Action.VIEW) for name in USERNAMES}
    assert seen["tinh"].count() == SIZE
    assert seen["duyet"].count() == SIZE
    assert 0 < seen["thanhtra"].count() < SIZE
    assert seen["quantri"].count() == 0
    assert seen["canbo"].count() == 1
    for name, codes in (
        ("sonoivu", ("UBND.02",)),
        ("phuongxa", ("XP.02647", "DU.02647", "MT.02647", "HD.02647", "TR.02647", "TYT.02647")),
    ):
        assert seen[name].exists()
        inside = Q()
        for code in codes:
            inside |= Q(unit__code__startswith=code)
        there = Assignment.objects.filter(inside).values("cadre")
        held = Custody.objects.filter(inside, effective_until__isnull=True).values("cadre")
        assert not seen[name].exclude(Q(pk__in=held) | Q(pk__in=there)).exists()
    assert Cadre.objects.get(account=users["canbo"]).full_name == users["canbo"].full_name
    assert users["canbo"].grants.get().role == Role.CADRE


@pytest.mark.usefixtures("province")
def test_a_second_run_writes_nothing() -> None:
    """The province is found, whatever size is asked for."""
    before = (Cadre.objects.count(), AuditEvent.objects.count(), User.objects.count())
    again = load_demonstration(size=90, seed=4, day=DAY)
    assert (again.is_new, again.size, again.seed) == (False, SIZE, 1)
    assert {account.username for account in again.accounts} == USERNAMES
    assert (Cadre.objects.count(), AuditEvent.objects.count(), User.objects.count()) == before
