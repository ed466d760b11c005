"""Who may act on whom by managing level: the default table, offices, blocs, one's own head, oneself, and time."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from hrdb.kernel.history import history_model
from hrdb.kernel.models import User
from personnel.choices import AssignmentKind, Bloc, ManagingLevel, TitleGroup
from personnel.models import Assignment, Cadre, Delegation, Grant, Title, Unit
from personnel.models.delegation import may_act, may_act_on_level, may_act_on_title
from personnel.policies import MANAGED_ACTIONS, ROLE_ACTIONS, Action, Role
from personnel.services.delegations import (
    add_delegation,
    default_rows,
    end_delegation,
    load_default_delegations,
)
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_title, make_unit, make_user

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)
OFFICER_ACTIONS = (Action.DECIDE, Action.PLAN, Action.APPRAISE)


@pytest.fixture
def department() -> Unit:
    load_default_delegations()
    return make_unit("SO-A", parent=make_unit("GOC"))


@pytest.fixture
def director_title() -> Title:
    return make_title(
        "GD", managing_level=ManagingLevel.PROVINCIAL_COMMITTEE, group=TitleGroup.HEAD, is_leadership=True
    )


def test_a_departments_officer_does_not_rate_plan_or_decide_on_its_director(
    department: Unit, director_title: Title
) -> None:
    director, specialist = make_cadre(unit=department, title=director_title), make_cadre(unit=department)
    officer = make_user(Role.UNIT_OFFICER, unit=department)
    province = make_user(Role.PROVINCE_OFFICER)
    for action in OFFICER_ACTIONS:
        assert not may_act(officer, action, director, TODAY)
        assert may_act(officer, action, specialist, TODAY)
        assert may_act(province, action, director, TODAY)
        assert set(Cadre.objects.manageable_by(officer, action, TODAY)) == {specialist}
    assert may_act(officer, Action.EDIT, director, TODAY)
    assert may_act(officer, Action.TRAIN, director, TODAY)


def test_an_officer_does_not_plan_a_specialist_for_the_directors_title(department: Unit, director_title: Title) -> None:
    specialist = make_cadre(unit=department)
    officer, province = make_user(Role.UNIT_OFFICER, unit=department), make_user(Role.PROVINCE_OFFICER)
    sought = {"title": director_title, "unit": department}
    assert not may_act(officer, Action.PLAN, specialist, TODAY, **sought)
    assert may_act(province, Action.PLAN, specialist, TODAY, **sought)
    assert not may_act_on_title(officer, Action.PLAN, director_title, TODAY, unit=department)
    division_head = make_title(managing_level=ManagingLevel.UNIT, group=TitleGroup.DIVISION_HEAD)
    assert may_act(officer, Action.PLAN, specialist, TODAY, title=division_head, unit=department)
    assert not may_act(officer, Action.PLAN, specialist, TODAY, title=division_head, unit=make_unit())


def test_an_office_does_not_act_on_its_own_head_even_when_the_title_is_of_its_level(department: Unit) -> None:
    school = make_unit("TRUONG", parent=department)
    principal_title = make_title("HT", managing_level=ManagingLevel.UNIT, group=TitleGroup.HEAD, is_leadership=True)
    principal = make_cadre(unit=school, title=principal_title)
    teacher = make_cadre(unit=school)
    own, above = make_user(Role.UNIT_OFFICER, unit=school), make_user(Role.UNIT_OFFICER, unit=department)
    for action in OFFICER_ACTIONS:
        assert not may_act(own, action, principal, TODAY)
        assert may_act(own, action, teacher, TODAY)
        assert may_act(above, action, principal, TODAY)
    assert not may_act_on_title(own, Action.PLAN, principal_title, TODAY, unit=school)
    assert may_act_on_title(above, Action.PLAN, principal_title, TODAY, unit=school)


def test_a_departments_leader_approves_his_people_but_not_those_managed_higher_up(
    department: Unit, director_title: Title
) -> None:
    director, specialist = make_cadre(unit=department, title=director_title), make_cadre(unit=department)
    here = make_user(Role.APPROVER, unit=department)
    top = make_user(Role.APPROVER, unit=Unit.objects.get(code="GOC"))
    assert may_act(here, Action.APPROVE, specialist, TODAY)
    assert not may_act(here, Action.APPROVE, director, TODAY)
    assert may_act(top, Action.APPROVE, director, TODAY)
    assert may_act_on_level(top, Action.APPROVE, ManagingLevel.PROVINCIAL_STANDING, Bloc.GOVERNMENT, TODAY)
    assert not may_act_on_level(here, Action.APPROVE, ManagingLevel.PROVINCIAL_STANDING, Bloc.GOVERNMENT, TODAY)


def test_nobody_in_the_province_approves_what_the_centre_manages(department: Unit) -> None:
    chairman = make_cadre(unit=department, title=make_title(managing_level=ManagingLevel.CENTRAL))
    for user in (
        make_user(Role.APPROVER, unit=Unit.objects.get(code="GOC")),
        make_user(Role.PROVINCE_OFFICER),
    ):
        assert not may_act(user, Action.APPROVE, chairman, TODAY)
    assert may_act(make_user(Role.PROVINCE_OFFICER), Action.DECIDE, chairman, TODAY)


@pytest.mark.parametrize(("role", "action"), [(Role.APPROVER, Action.APPROVE), (Role.UNIT_OFFICER, Action.APPRAISE)])
def test_nobody_approves_or_rates_himself(department: Unit, role: Role, action: Action) -> None:
    user = make_user(role, unit=department)
    own, colleague = make_cadre(unit=department, account=user), make_cadre(unit=department)
    assert not may_act(user, action, own, TODAY)
    assert may_act(user, action, colleague, TODAY)
    assert set(Cadre.objects.manageable_by(user, action, TODAY)) == {colleague}


def test_nobody_acts_beyond_the_scope(department: Unit) -> None:
    officer, elsewhere = make_user(Role.UNIT_OFFICER, unit=department), make_cadre()
    for action in Action:
        assert not may_act(officer, action, elsewhere, TODAY)
    guest = make_cadre()
    make(Assignment, cadre=guest, unit=department, kind=AssignmentKind.SECONDMENT, effective_from=LONG_AGO)
    for action in MANAGED_ACTIONS:
        assert not may_act(officer, action, guest, TODAY)


@pytest.mark.parametrize("kind", [AssignmentKind.CONCURRENT, AssignmentKind.PARTY, AssignmentKind.ACTING])
def test_any_title_held_beside_the_main_one_counts(department: Unit, kind: AssignmentKind) -> None:
    person = make_cadre(unit=department)
    officer = make_user(Role.UNIT_OFFICER, unit=department)
    assert may_act(officer, Action.PLAN, person, TODAY)
    high = make_title(managing_level=ManagingLevel.PROVINCIAL_STANDING)
    row = make(Assignment, cadre=person, unit=department, title=high, kind=kind, effective_from=LONG_AGO)
    assert not may_act(officer, Action.PLAN, person, TODAY)
    assert not may_act(officer, Action.PLAN, person, LONG_AGO + DAY)
    row.effective_until = TODAY
    make_row_saved(row)
    assert may_act(officer, Action.PLAN, person, TODAY)
    assert not may_act(officer, Action.PLAN, person, TODAY - DAY)


def make_row_saved(row: Assignment) -> None:
    from hrdb.kernel.audit import writing

    with writing(acting_user=None, reason="kiểm thử"):
        row.save()


def test_the_bloc_of_the_titles_unit_decides_where_the_table_names_one() -> None:
    party_unit = make_unit(bloc=Bloc.PARTY)
    government_unit = make_unit(bloc=Bloc.GOVERNMENT)
    make(
        Delegation, managing_level=ManagingLevel.UNIT, bloc=Bloc.PARTY, action=Action.PLAN, role=Role.PROVINCE_OFFICER,
        effective_from=LONG_AGO,
    )  # fmt: skip
    title = make_title()
    party = {make_cadre(unit=party_unit), make_cadre(unit=party_unit, title=title)}
    government = {make_cadre(unit=government_unit), make_cadre(unit=government_unit, title=title)}
    officer = make_user(Role.PROVINCE_OFFICER)
    assert set(Cadre.objects.manageable_by(officer, Action.PLAN, TODAY)) == party
    assert all(not may_act(officer, Action.PLAN, person, TODAY) for person in government)
    assert may_act_on_level(officer, Action.PLAN, ManagingLevel.UNIT, Bloc.PARTY, TODAY)
    assert not may_act_on_level(officer, Action.PLAN, ManagingLevel.UNIT, Bloc.GOVERNMENT, TODAY)
    assert may_act_on_title(officer, Action.PLAN, title, TODAY, unit=party_unit)
    assert not may_act_on_title(officer, Action.PLAN, title, TODAY, unit=government_unit)


def test_a_row_that_names_an_office_opens_a_high_level_to_it_and_to_those_above(department: Unit) -> None:
    level = ManagingLevel.PROVINCIAL_COMMITTEE
    deputy = make_cadre(unit=department, title=make_title(managing_level=level, group=TitleGroup.DEPUTY))
    officer = make_user(Role.UNIT_OFFICER, unit=department)
    other = make_user(Role.UNIT_OFFICER, unit=make_unit(parent=department))
    assert not may_act(officer, Action.APPRAISE, deputy, TODAY)
    add_delegation(
        managing_level=level,
        action=Action.APPRAISE,
        role=Role.UNIT_OFFICER,
        unit=department,
        effective_from=TODAY,
        basis="Quy định phân cấp của tỉnh",
        acting_user=make_user(Role.ADMINISTRATOR),
    )
    assert may_act(officer, Action.APPRAISE, deputy, TODAY)
    assert not may_act(officer, Action.APPRAISE, deputy, TODAY - DAY), "judged by the table of the asked day"
    assert not may_act_on_level(other, Action.APPRAISE, level, Bloc.GOVERNMENT, TODAY)


def test_without_a_table_nothing_managed_may_be_done() -> None:
    unit = make_unit()
    person, officer = make_cadre(unit=unit), make_user(Role.PROVINCE_OFFICER)
    for action in OFFICER_ACTIONS:
        assert not may_act(officer, action, person, TODAY)
    assert may_act(officer, Action.EDIT, person, TODAY)
    assert may_act(None, Action.DECIDE, person, TODAY), "the machine's operator"


def test_the_default_table_fits_the_roles_and_is_loaded_once() -> None:
    for row in default_rows():
        assert row.action in ROLE_ACTIONS[row.role]
        assert row.action in MANAGED_ACTIONS
    assert load_default_delegations() == len(default_rows()) == Delegation.objects.count()
    administrator = make_user(Role.ADMINISTRATOR)
    for row in Delegation.objects.all():
        end_delegation(delegation=row, first_day_without=TODAY, acting_user=administrator, reason="Quy định mới")
    assert load_default_delegations() == 0, "what the province made of its table stays"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"action": Action.EDIT}, "action"),
        ({"action": Action.APPROVE}, "role"),
        ({"basis": " "}, "basis"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(values: dict[str, str], field: str) -> None:
    given = {
        "managing_level": ManagingLevel.UNIT,
        "action": Action.PLAN,
        "role": Role.UNIT_OFFICER,
        "effective_from": TODAY,
        "basis": "Quy định",
        "acting_user": make_user(Role.ADMINISTRATOR),
    }
    with pytest.raises(ValidationError) as refused:
        add_delegation(**(given | values))
    assert field in refused.value.message_dict


def test_the_same_row_is_not_added_twice_and_only_by_an_administrator() -> None:
    given = {
        "managing_level": ManagingLevel.UNIT,
        "action": Action.PLAN,
        "role": Role.UNIT_OFFICER,
        "effective_from": TODAY,
        "basis": "Quy định",
    }
    add_delegation(acting_user=None, **given)
    with pytest.raises(ValidationError, match="đang có hiệu lực"):
        add_delegation(acting_user=None, **given)
    for role in (Role.PROVINCE_OFFICER, Role.CADRE):
        with pytest.raises(PermissionDenied):
            add_delegation(acting_user=make_user(role), **given)


def test_a_row_is_not_added_beside_one_that_begins_later_or_still_holds() -> None:
    given = {
        "managing_level": ManagingLevel.UNIT,
        "action": Action.PLAN,
        "role": Role.UNIT_OFFICER,
        "basis": "Quy định",
        "acting_user": None,
    }
    later = add_delegation(effective_from=TODAY + 30 * DAY, **given)
    with pytest.raises(ValidationError, match=f"có hiệu lực từ ngày {later.effective_from:%d/%m/%Y}"):
        add_delegation(effective_from=TODAY, **given)
    with pytest.raises(ValidationError, match="đang có hiệu lực"):
        add_delegation(effective_from=TODAY + 40 * DAY, **given)
    end_delegation(delegation=later, first_day_without=TODAY + 60 * DAY, acting_user=None, reason="Quy định mới")
    with pytest.raises(ValidationError, match="đang có hiệu lực"):
        add_delegation(effective_from=TODAY + 59 * DAY, **given)
    add_delegation(effective_from=TODAY + 60 * DAY, **given)
    add_delegation(effective_from=TODAY, **given | {"bloc": "party"})
    assert Delegation.objects.count() == 3


def test_a_row_is_ended_by_date_and_one_that_has_not_begun_is_taken_away() -> None:
    given = {
        "managing_level": ManagingLevel.UNIT,
        "action": Action.PLAN,
        "role": Role.UNIT_OFFICER,
        "basis": "Quy định",
    }
    row = add_delegation(effective_from=LONG_AGO, acting_user=None, **given)
    with pytest.raises(ValidationError, match="lý do"):
        end_delegation(delegation=row, first_day_without=TODAY, acting_user=None, reason=" ")
    end_delegation(delegation=row, first_day_without=TODAY + DAY, acting_user=None, reason="Quy định mới")
    assert Delegation.objects.in_force(TODAY).exists()
    assert not Delegation.objects.in_force(TODAY + DAY).exists()
    with pytest.raises(ValidationError, match="đã kết thúc"):
        end_delegation(delegation=row, first_day_without=TODAY + 2 * DAY, acting_user=None, reason="Quy định mới")
    coming = add_delegation(effective_from=TODAY + DAY, acting_user=None, **given)
    end_delegation(delegation=coming, first_day_without=TODAY, acting_user=None, reason="Ghi nhầm")
    assert list(Delegation.objects.all()) == [row]
    assert history_model(Delegation).objects.filter(history_type="-").get().history_change_reason == "Ghi nhầm"


def test_one_checker_serves_one_person_and_many(department: Unit, director_title: Title) -> None:
    """`may_act` and `manageable_by` never disagree, over a mixed population and all kinds of users."""
    division = make_unit(parent=department)
    titles = [None, director_title, make_title(group=TitleGroup.HEAD), make_title(managing_level=ManagingLevel.CENTRAL)]
    people = [make_cadre(unit=unit, title=title) for unit in (department, division, make_unit()) for title in titles]
    users: list[User] = [
        make_user(Role.UNIT_OFFICER, unit=department),
        make_user(Role.UNIT_OFFICER, unit=division),
        make_user(Role.APPROVER, unit=department),
        make_user(Role.PROVINCE_OFFICER),
        make_user(Role.ADMINISTRATOR),
    ]
    make(Grant, user=users[1], role=Role.APPROVER, unit=department, effective_from=LONG_AGO)
    for user in users:
        for action in Action:
            many = set(Cadre.objects.manageable_by(user, action, TODAY))
            assert many == {person for person in people if may_act(user, action, person, TODAY)}
            assert many <= set(Cadre.objects.visible_to(user, action))
