"""Whether somebody is planned for the title sought: told to who plans or decides on it, and kept with no decision."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from hrdb.kernel.models import User
from personnel.choices import ManagingLevel, TitleGroup
from personnel.models import Cadre, Decision, DecisionItem, DecisionKind, Title, Unit
from personnel.policies import Role
from personnel.services.decisions.cases import Planned, plan
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.register import add_people, draft_decision
from personnel.services.delegations import load_default_delegations
from tests.factories.personnel import make_cadre, make_code, make_title, make_unit, make_user
from tests.personnel.decisions.making import enter
from tests.planning.making import DAY, approve, make_round, make_seat, open_round, put_on

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(7)


@pytest.fixture
def office() -> Unit:
    load_default_delegations()
    return make_unit("SO-A", parent=make_unit("GOC"), name="Sở Anh")


def title(code: str, rank: int, **values: Any) -> Title:
    return make_title(code, group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=rank, **values)


def planned_for(person: Cadre, sought: Title, unit: Unit, user: User | None = None) -> Planned:
    act = decision_acts["appointment"]
    make_code(DecisionKind, act.code, name=act.label)
    own = {"title": sought, "unit": unit}
    common = {item.key for item in act.common_fields}
    draft: Decision = draft_decision(
        act=act,
        unit=None,
        effective_on=LATER,
        terms={key: value for key, value in own.items() if key in common},
        acting_user=None,
    )
    rest = {key: value for key, value in own.items() if key not in common}
    add_people(decision=draft, act=act, people=[(person, rest)], acting_user=None)
    (found,) = plan(draft, acting_user=user)
    return found


def outcome(*asked: Any) -> str:
    found = planned_for(*asked)
    assert not found.faults, found.faults
    return next(one.outcome for one in found.findings if one.rule == "planned-for-title")


def test_the_title_itself_and_equal_or_higher_ones_answer_and_lower_ones_do_not(office: Unit) -> None:
    same, equal, lower = title("TP-A", 8), title("TP-B", 8), title("PTP-A", 9)
    made = make_round()
    seats = [make_seat(made, office, one) for one in (same, equal, lower)]
    open_round(made)
    first, second, third, nobody = (make_cadre(unit=office) for _ in range(4))
    for seat, person in zip(seats, (first, second, third), strict=True):
        put_on(seat, person)
    assert outcome(first, same, office) == "unknown", "nothing is approved yet"
    approve(made)
    found = [outcome(person, same, office) for person in (first, second, third, nobody)]
    assert found == ["met", "met", "not_met", "not_met"]
    assert outcome(third, lower, office) == "met"


def test_a_seat_that_no_list_plans_for_is_not_known(office: Unit) -> None:
    made = make_round()
    seat = make_seat(made, office, title("TP-A", 8))
    open_round(made)
    put_on(seat, make_cadre(unit=office))
    approve(made)
    assert outcome(make_cadre(unit=office), title("TP-C", 7), office) == "unknown"


def test_who_decides_for_a_unit_learns_nothing_of_lists_above(office: Unit) -> None:
    sought = title("TP-A", 8)
    above = title("PGD-A", 6, managing_level=ManagingLevel.PROVINCIAL_STANDING)
    own, upper = make_round("QH-DV"), make_round("QH-BTV", level=ManagingLevel.PROVINCIAL_STANDING)
    seat, high = make_seat(own, office, sought), make_seat(upper, office, above)
    open_round(own)
    open_round(upper)
    here, only_above, nobody = (make_cadre(unit=office) for _ in range(3))
    put_on(seat, here)
    put_on(high, only_above)
    approve(own)
    approve(upper)
    officer, province = make_user(Role.UNIT_OFFICER, unit=office), make_user(Role.PROVINCE_OFFICER)
    told = {person: outcome(person, sought, office, officer) for person in (here, only_above, nobody)}
    assert told == {here: "met", only_above: "unknown", nobody: "unknown"}
    told = {person: outcome(person, sought, office, province) for person in (here, only_above, nobody)}
    assert told == {here: "met", only_above: "met", nobody: "not_met"}


def test_who_may_not_decide_is_told_nothing(office: Unit) -> None:
    sought = title("TP-A", 8)
    made = make_round()
    seat, person = make_seat(made, office, sought), make_cadre(unit=office)
    open_round(made)
    put_on(seat, person)
    approve(made)
    for user in (make_user(Role.INSPECTOR, unit=office), make_user(Role.UNIT_OFFICER), make_user(Role.CADRE)):
        found = planned_for(person, sought, office, user)
        assert found.faults
        assert found.findings == []


def test_a_signed_decision_keeps_nothing_of_it(office: Unit) -> None:
    sought = title("TP-A", 8)
    made = make_round(day=DAY - datetime.timedelta(400))
    seat, person = make_seat(made, office, sought), make_cadre(unit=office, since=datetime.date(2015, 1, 1))
    open_round(made)
    put_on(seat, person)
    approve(made, day=DAY - datetime.timedelta(390))
    reasons = dict.fromkeys(("age-for-title", "time-in-title", "free-seat", "health-certificate"), "thử")
    signed = enter("appointment", [person], unit=office, title=sought, overrides=reasons)
    kept = DecisionItem.objects.get(decision=signed).findings
    (told,) = [one for one in kept if one["rule"] == "planned-for-title"]
    assert told["outcome"] == "unknown"
    assert told["facts"] == {}
    assert "không lưu trong quyết định" in told["missing"][0]
