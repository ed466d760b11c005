"""Who may see whom: custody, guests, the own record, closed units, time, closed accounts."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from hrdb.kernel.models import User
from personnel.choices import AssignmentKind, EmploymentState
from personnel.models import Assignment, Cadre, Employment, Grant, Unit
from personnel.models.scope import grants_in_force, scope_of, sees_tier_1, sees_tier_2
from personnel.policies import Action, Role
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_unit, make_user, move_cadre

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
YESTERDAY = TODAY - datetime.timedelta(days=1)
TOMORROW = TODAY + datetime.timedelta(days=1)


def seen(user: User | None, action: Action = Action.VIEW) -> set[int]:
    return set(Cadre.objects.visible_to(user, action).values_list("pk", flat=True))


def fresh(user: User) -> User:
    """The account as the next request loads it."""
    return User.objects.get(pk=user.pk)


def test_an_officer_sees_the_unit_and_everything_below_it_and_nothing_beside_it() -> None:
    root = make_unit()
    department, other = make_unit(parent=root), make_unit(parent=root)
    division = make_unit(parent=department)
    below = make_unit(parent=division)
    people = [make_cadre(unit=unit) for unit in (department, division, below)]
    outside = [make_cadre(unit=unit) for unit in (root, other)]
    officer = make_user(Role.UNIT_OFFICER, unit=department)
    assert seen(officer) == {person.pk for person in people}
    assert not seen(officer) & {person.pk for person in outside}
    units = set(Unit.objects.visible_to(officer).values_list("pk", flat=True))
    assert units == {department.pk, division.pk, below.pk}


def test_who_moved_away_is_out_of_scope_from_that_day() -> None:
    here, there = make_unit(), make_unit()
    stays, moved = make_cadre(unit=here), make_cadre(unit=here)
    move_cadre(moved, there, YESTERDAY)
    before, after = make_user(Role.UNIT_OFFICER, unit=here), make_user(Role.UNIT_OFFICER, unit=there)
    assert seen(before) == {stays.pk}
    assert seen(after) == {moved.pk}


def test_a_list_of_a_past_day_follows_that_days_custody_within_todays_grants() -> None:
    here, there = make_unit(), make_unit()
    stays, moved = make_cadre(unit=here), make_cadre(unit=here)
    move_cadre(moved, there, YESTERDAY)
    officer = make_user(Role.UNIT_OFFICER, unit=here)
    past = YESTERDAY - datetime.timedelta(days=30)
    assert set(Cadre.objects.held_on(officer, past)) == {stays, moved}
    assert set(Cadre.objects.held_on(officer, TODAY)) == {stays}
    assert not sees_tier_1(officer, moved)
    assert not sees_tier_2(officer, moved)
    assert not Cadre.objects.held_on(make_user(), past).exists()


@pytest.mark.parametrize("kind", [AssignmentKind.SECONDMENT, AssignmentKind.CONCURRENT, AssignmentKind.PARTY])
def test_a_guest_is_seen_but_not_edited_nor_opened_in_sensitive_parts(kind: AssignmentKind) -> None:
    home, host = make_unit(), make_unit()
    guest = make_cadre(unit=home)
    make(Assignment, cadre=guest, unit=host, kind=kind, effective_from=LONG_AGO)
    officer = make_user(Role.UNIT_OFFICER, unit=host)
    assert seen(officer) == {guest.pk}
    for action in set(Action) - {Action.VIEW}:
        assert not seen(officer, action), action
    assert not sees_tier_2(officer, guest)
    assert not sees_tier_1(officer, guest)


def test_a_guest_who_has_left_is_no_longer_seen() -> None:
    home, host = make_unit(), make_unit()
    guest = make_cadre(unit=home)
    make(
        Assignment,
        cadre=guest,
        unit=host,
        kind=AssignmentKind.SECONDMENT,
        effective_from=LONG_AGO,
        effective_until=TODAY,
    )
    assert not seen(make_user(Role.UNIT_OFFICER, unit=host))


def test_a_past_main_assignment_opens_nothing() -> None:
    here, there = make_unit(), make_unit()
    person = make_cadre(unit=here)
    make(
        Assignment, cadre=person, unit=there, kind=AssignmentKind.MAIN, effective_from=LONG_AGO,
        effective_until=LONG_AGO + datetime.timedelta(days=400),
    )  # fmt: skip
    assert not seen(make_user(Role.UNIT_OFFICER, unit=there))


def test_the_own_record_is_read_with_everything_in_it_and_nothing_else() -> None:
    account = make_user(Role.CADRE)
    own = make_cadre(account=account)
    make_cadre()
    assert seen(account) == {own.pk}
    for action in set(Action) - {Action.VIEW}:
        assert not seen(account, action), action
    assert sees_tier_1(account, own)
    assert sees_tier_2(account, own)


def test_those_who_left_stay_with_their_last_unit() -> None:
    unit = make_unit()
    retired = make_cadre(unit=unit, state=EmploymentState.RETIRED)
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    assert seen(officer) == {retired.pk}
    assert Employment.objects.visible_to(officer).count() == 1


def test_a_closed_unit_counts_where_it_last_stood() -> None:
    department = make_unit()
    closed = make_unit(parent=department, effective_until=YESTERDAY)
    person = make_cadre(unit=closed)
    assert seen(make_user(Role.UNIT_OFFICER, unit=department)) == {person.pk}


def test_a_unit_that_was_moved_opens_to_its_new_parent_only() -> None:
    old, new = make_unit(), make_unit()
    child = make_unit(parent=old, effective_until=YESTERDAY)
    make_unit(child.code, parent=new, effective_from=YESTERDAY)
    person = make_cadre(unit=child)
    assert not seen(make_user(Role.UNIT_OFFICER, unit=old))
    assert seen(make_user(Role.UNIT_OFFICER, unit=new)) == {person.pk}


def test_a_province_officer_sees_everybody_and_a_bloc_officer_his_tree() -> None:
    government, party = make_unit(), make_unit()
    people = {make_cadre(unit=make_unit(parent=government)), make_cadre(unit=party)}
    assert seen(make_user(Role.PROVINCE_OFFICER)) == {person.pk for person in people}
    bloc = make_user()
    make(Grant, user=bloc, role=Role.PROVINCE_OFFICER, unit=government, effective_from=LONG_AGO)
    assert seen(bloc) == {person.pk for person in people if person.custody_set.get().unit != party}


@pytest.mark.parametrize(
    ("begins", "ends", "holds"),
    [
        (LONG_AGO, None, True),
        (TODAY, None, True),
        (LONG_AGO, TOMORROW, True),
        (TOMORROW, None, False),
        (LONG_AGO, TODAY, False),
        (LONG_AGO, YESTERDAY, False),
    ],
)
def test_a_grant_holds_from_its_first_day_and_no_longer_on_its_end(
    begins: datetime.date, ends: datetime.date | None, holds: bool
) -> None:
    unit = make_unit()
    make_cadre(unit=unit)
    user = make_user()
    make(Grant, user=user, role=Role.UNIT_OFFICER, unit=unit, effective_from=begins, effective_until=ends)
    assert bool(seen(user)) is holds


def test_a_closed_account_sees_nothing_not_even_the_own_record() -> None:
    unit = make_unit()
    user = make_user(Role.UNIT_OFFICER, unit=unit)
    own = make_cadre(unit=unit, account=user)
    assert seen(user) == {own.pk}
    user.is_active = False
    user.save()
    closed = fresh(user)
    assert not seen(closed)
    assert not sees_tier_1(closed, own)
    assert not sees_tier_2(closed, own)
    assert grants_in_force(closed) == []


def test_an_administrator_and_an_account_without_grants_see_nobody() -> None:
    make_cadre()
    for user in (make_user(Role.ADMINISTRATOR), make_user()):
        for action in Action:
            assert not seen(user, action)
            assert scope_of(user, action).is_empty
        assert not Unit.objects.visible_to(user).exists()


def test_two_grants_add_up_and_each_action_has_its_own_scope() -> None:
    edited, approved = make_unit(), make_unit()
    mine, theirs = make_cadre(unit=edited), make_cadre(unit=approved)
    user = make_user(Role.UNIT_OFFICER, unit=edited)
    make(Grant, user=user, role=Role.APPROVER, unit=approved, effective_from=LONG_AGO)
    assert seen(user) == {mine.pk, theirs.pk}
    assert seen(user, Action.EDIT) == {mine.pk}
    assert seen(user, Action.APPROVE) == {theirs.pk}
    assert sees_tier_1(user, mine)
    assert not sees_tier_1(user, theirs)


def test_a_guest_of_two_units_is_listed_once() -> None:
    top = make_unit()
    home, host = make_unit(parent=top), make_unit(parent=top)
    guest = make_cadre(unit=home)
    for unit in (host, home):
        make(Assignment, cadre=guest, unit=unit, kind=AssignmentKind.CONCURRENT, effective_from=LONG_AGO)
    listed = Cadre.objects.visible_to(make_user(Role.UNIT_OFFICER, unit=top))
    assert listed.count() == 1


def test_the_machines_operator_sees_everybody() -> None:
    person = make_cadre()
    assert seen(None) == {person.pk}
    assert sees_tier_2(None, person)
    assert sees_tier_1(None, person)
