"""Planning is not there for who does not plan: rows, the trail of their making and reading, and never for oneself."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import models

from hrdb.kernel.models import AuditEvent, User
from personnel.choices import ManagingLevel, TitleGroup
from personnel.models import Cadre, Grant, Unit
from personnel.models.trail import events_about, events_visible_to, guarded_tables
from personnel.models.written import changes_of, counts_of
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from planning import models as planning_models
from planning.choices import RoundState
from planning.models import Candidate, PlannedSeat, PlanningRound, UnitPlan, VoteStep
from planning.models.scope import may_plan, may_read_planning
from planning.services.reading import log_printed, log_seen, log_taken_out
from planning.services.rounds import move_round
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_title, make_unit, make_user
from tests.planning.making import approve, make_round, make_seat, open_round, put_on

pytestmark = pytest.mark.django_db


@dataclass
class Place:
    """A department with a round of its own level and one of the level above, a person on each list."""

    top: Unit
    unit: Unit
    own: PlanningRound
    above: PlanningRound
    seat: PlannedSeat
    head_seat: PlannedSeat
    person: Cadre
    other: Cadre


@pytest.fixture
def place() -> Place:
    load_default_delegations()
    top = make_unit()
    unit = make_unit(parent=top)
    own = make_round("QH-DV")
    above = make_round("QH-BTV", level=ManagingLevel.PROVINCIAL_STANDING)
    head = make_title(group=TitleGroup.HEAD, is_leadership=True, managing_level=ManagingLevel.PROVINCIAL_STANDING)
    seat, head_seat = make_seat(own, unit), make_seat(above, unit, head)
    person, other = make_cadre(unit=unit), make_cadre(unit=unit)
    for planning_round in (own, above):
        open_round(planning_round)
    put_on(seat, person, other)
    put_on(head_seat, person)
    return Place(top, unit, own, above, seat, head_seat, person, other)


def seats(user: User | None) -> set[PlannedSeat]:
    return set(PlannedSeat.objects.visible_to(user))


def rows(user: User | None) -> set[tuple[int, int]]:
    return set(Candidate.objects.all().visible_to(user).values_list("seat_id", "cadre_id"))


def rounds(user: User | None) -> set[PlanningRound]:
    return set(PlanningRound.objects.visible_to(user))


def test_who_plans_a_level_in_a_unit_sees_its_seats_and_nobody_else_sees_any(place: Place) -> None:
    officer = make_user(Role.UNIT_OFFICER, unit=place.unit)
    province = make_user(Role.PROVINCE_OFFICER)
    assert (seats(officer), rounds(officer)) == ({place.seat}, {place.own})
    assert rows(officer) == {(place.seat.pk, place.person.pk), (place.seat.pk, place.other.pk)}
    assert (seats(province), rounds(province)) == ({place.seat, place.head_seat}, {place.own, place.above})
    assert len(rows(province)) == 3
    assert set(UnitPlan.objects.visible_to(officer)) == set(UnitPlan.objects.filter(round=place.own))
    for role in (Role.INSPECTOR, Role.ADMINISTRATOR, Role.CADRE, Role.APPROVER):
        tied = role in {Role.INSPECTOR, Role.APPROVER}
        user = make_user(role, unit=place.top if tied else None)
        assert (seats(user), rows(user), rounds(user)) == (set(), set(), set()), role
        assert not UnitPlan.objects.visible_to(user).exists()
        assert not VoteStep.objects.visible_to(user).exists()
        assert not may_plan(user)
    strange = make_user(Role.UNIT_OFFICER)
    assert (seats(strange), rows(strange), rounds(strange)) == (set(), set(), set())
    assert rows(make_user()) == set()


def test_who_approves_sees_a_list_from_the_day_it_is_submitted(place: Place) -> None:
    leader = make_user(Role.APPROVER, unit=place.top)
    assert may_read_planning(leader)
    assert rows(leader) == set()
    move_round(planning_round=place.above, to=RoundState.SUBMITTED, acting_user=None)
    assert seats(leader) == {place.head_seat}
    assert rows(leader) == {(place.head_seat.pk, place.person.pk)}
    of_unit = make_user(Role.APPROVER, unit=place.unit)
    assert seats(of_unit) == set(), "the level above is not delegated to a department"


def test_a_person_from_elsewhere_on_the_unit_s_seat_is_not_the_unit_s_to_know(place: Place) -> None:
    stranger = make_cadre()
    put_on(place.seat, stranger)
    officer = make_user(Role.UNIT_OFFICER, unit=place.unit)
    assert (place.seat.pk, stranger.pk) not in rows(officer)
    assert (place.seat.pk, stranger.pk) in rows(make_user(Role.PROVINCE_OFFICER))


def test_one_s_own_row_is_hidden_even_from_who_plans_until_it_is_announced(place: Place) -> None:
    planner = make_user(Role.PROVINCE_OFFICER)
    me = make_cadre(unit=place.unit, account=planner)
    put_on(place.seat, me)
    mine = (place.seat.pk, me.pk)
    assert mine not in rows(planner)
    assert mine in rows(make_user(Role.PROVINCE_OFFICER))
    approve(place.own)
    assert mine not in rows(User.objects.get(pk=planner.pk))
    place.own.is_announced = True
    with_event = make(PlanningRound, code="x", name="x", term="2030-2035", level=ManagingLevel.UNIT, day=place.own.day)
    assert with_event.pk
    PlanningRound.objects.filter(pk=place.own.pk).update(is_announced=True)
    assert mine in rows(User.objects.get(pk=planner.pk))


def test_every_table_of_planning_is_kept_from_the_trail() -> None:
    own = {
        model._meta.label_lower
        for model in vars(planning_models).values()
        if isinstance(model, type) and issubclass(model, models.Model)
    }
    assert own <= set(guarded_tables.keys())


def inspector_of(*units: Unit) -> User:
    user = make_user(Role.INSPECTOR, unit=units[0])
    for unit in units[1:]:
        make(Grant, user=user, role=Role.INSPECTOR, unit=unit, effective_from=LONG_AGO)
    return user


def test_the_trail_of_planning_is_not_there_for_inspectors(place: Place) -> None:
    tops = Unit.objects.filter(versions__parent__isnull=True)
    inspectors = (inspector_of(place.top), inspector_of(place.unit), inspector_of(*tops))
    before = AuditEvent.objects.latest("pk").pk
    person = [place.person.pk]
    log_seen(user=None, people=person, what="Danh sách quy hoạch")
    log_taken_out(user=None, people=person, what="Danh sách quy hoạch")
    log_printed(user=None, people=person, what="Danh sách quy hoạch")
    put_on(place.seat, make_cadre(unit=place.unit))
    events = AuditEvent.objects.filter(pk__gt=before, details__needs="plan")
    assert events.count() == 4
    of_planning = Candidate.history.values("event_id").union(PlannedSeat.history.values("event_id"))  # type: ignore[attr-defined]
    made = {row["event_id"] for row in of_planning} | set(events.values_list("pk", flat=True))
    for inspector in inspectors:
        found = events_visible_to(inspector)
        assert not set(found.values_list("pk", flat=True)) & made
        assert not set(found.filter(events_about([place.person.pk])).values_list("pk", flat=True)) & made
        ids = sorted(made)
        assert not [one for one in counts_of(ids, user=inspector) if one.model is not Cadre]
        assert not [one for one in changes_of(*events, user=inspector) if one.model._meta.app_label == "planning"]
    assert made <= set(events_visible_to(None).values_list("pk", flat=True))


def test_a_big_event_that_wrote_planning_too_shows_an_inspector_the_rest_of_it(place: Place) -> None:
    from hrdb.kernel.audit import writing

    inspector = inspector_of(*Unit.objects.filter(versions__parent__isnull=True))
    with writing(acting_user=None, reason="nạp dữ liệu") as event:
        place.person.phone = "0203"
        place.person.save()
        row = Candidate.objects.get(seat=place.seat, cadre=place.person)
        row.training_plan = "kín"
        row.save()
    assert {one.model for one in changes_of(event, user=inspector)} == {Cadre}
    assert {one.model for one in changes_of(event, user=None)} == {Cadre, Candidate}


def test_a_planner_who_audits_sees_the_trail_of_planning_but_never_of_himself(place: Place) -> None:
    user = inspector_of(*Unit.objects.filter(versions__parent__isnull=True))
    make(Grant, user=user, role=Role.PROVINCE_OFFICER, unit=None, effective_from=LONG_AGO)
    me = make_cadre(unit=place.unit, account=user)
    put_on(place.seat, me)
    mine = log_seen(user=None, people=[me.pk, place.other.pk], what="Danh sách quy hoạch")
    theirs = log_seen(user=None, people=[place.other.pk], what="Danh sách quy hoạch")
    assert mine is not None
    assert theirs is not None
    user = User.objects.get(pk=user.pk)
    found = set(events_visible_to(user).values_list("pk", flat=True))
    assert theirs.pk in found
    assert mine.pk not in found
    own = Candidate.history.get(cadre=me).event  # type: ignore[attr-defined]
    assert not [one for one in changes_of(own, user=user) if one.person_id == me.pk]
