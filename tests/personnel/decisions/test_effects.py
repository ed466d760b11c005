"""What each kind of decision does to the record, and that one person or many come out the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from personnel.choices import AssignmentKind, EmploymentCategory, EmploymentState, TitleGroup
from personnel.models import (
    Allowance,
    AllowanceKind,
    Assignment,
    Cadre,
    Commendation,
    CommendationForm,
    Custody,
    Decision,
    Discipline,
    DisciplineForm,
    Employment,
    Mandate,
    PayStep,
    Rank,
)
from personnel.services.decisions.cases import DecisionRefused
from personnel.services.decisions.kinds import decision_acts
from personnel.services.records import succeed_row
from tests.factories.personnel import add_pay_step, make, make_cadre, make_code, make_title, make_unit
from tests.personnel.decisions.making import EFFECTIVE, D, enter, signature

pytestmark = pytest.mark.django_db

SINCE = D(2015, 1, 1)


@pytest.fixture(autouse=True)
def _no_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the law asks is tested beside; here every person meets it."""
    for act in decision_acts:
        monkeypatch.setattr(type(act), "findings", lambda self, case: ())


def _person(**values: Any) -> Cadre:
    return make_cadre(since=SINCE, born=D(1980, 5, 10), **values)


def _held(model: Any, cadre: Cadre, day: Any = EFFECTIVE, **same: Any) -> Any:
    return model.objects.filter(cadre=cadre, **same).in_force(day).first()


def _main(cadre: Cadre, day: Any = EFFECTIVE) -> Assignment:
    return _held(Assignment, cadre, day, kind=AssignmentKind.MAIN)  # type: ignore[no-any-return]


def test_appointment_opens_a_post_with_its_term_and_rests_on_the_decision() -> None:
    person, title, unit = _person(), make_title(is_leadership=True, group=TitleGroup.HEAD), make_unit()
    decision = enter("appointment", [person], title=title, unit=unit)
    post = _main(person)
    assert (post.title, post.unit, post.decision) == (title, unit, decision)
    assert (post.first_appointed_on, post.term_ends_on) == (EFFECTIVE, D(2031, 4, 1))
    assert _held(Custody, person).unit == unit
    assert _main(person, D(2026, 3, 31)).effective_until == EFFECTIVE
    assert decision.signing_id
    assert decision.state == "signed"


def test_an_appointment_near_retirement_runs_until_retirement() -> None:
    person = make_cadre(since=SINCE, born=D(1966, 8, 15))
    enter("appointment", [person], title=make_title(is_leadership=True))
    assert _main(person).term_ends_on == D(2028, 9, 1)


def test_reappointment_keeps_the_post_and_renews_the_term() -> None:
    person, title = _person(), make_title(is_leadership=True)
    enter("appointment", [person], effective_on=D(2021, 4, 1), title=title)
    enter("reappointment", [person])
    post = _main(person)
    assert (post.title, post.first_appointed_on, post.reappointed_on) == (title, D(2021, 4, 1), EFFECTIVE)
    assert post.term_ends_on == D(2031, 4, 1)


def test_designation_adds_a_party_post_by_mandate() -> None:
    person, title, body = _person(), make_title(branch="party"), make_unit()
    mandate = make(Mandate, body=body, name="2025-2030", begins_on=D(2025, 8, 1), ends_on=D(2030, 8, 1))
    enter("designation", [person], title=title, unit=body, mandate=mandate)
    post = _held(Assignment, person, kind=AssignmentKind.PARTY)
    assert (post.mandate, post.term_ends_on) == (mandate, D(2030, 8, 1))
    assert _main(person).effective_from == SINCE


def test_transfer_moves_post_and_record_and_keeps_the_title() -> None:
    person, title, unit = _person(title=make_title("CV-X")), None, make_unit()
    enter("transfer", [person], unit=unit)
    post = _main(person)
    assert (post.unit, post.title.code) == (unit, "CV-X")
    assert _held(Custody, person).unit == unit
    assert title is None


def test_transfer_to_the_present_unit_is_refused_with_a_sentence() -> None:
    unit = make_unit()
    person = _person(unit=unit)
    with pytest.raises(DecisionRefused) as refused:
        enter("transfer", [person], unit=unit)
    assert refused.value.faults == {0: ["Đơn vị đến trùng với đơn vị đang công tác."]}
    assert not Decision.objects.exists()


def test_rotation_and_its_end() -> None:
    person, there, back, title = _person(), make_unit(), make_unit(), make_title()
    rotation = enter("rotation", [person], unit=there, title=title, term_ends_on=D(2029, 4, 1))
    assert (_main(person).unit, _main(person).term_ends_on) == (there, D(2029, 4, 1))
    assert _main(person).decision == rotation
    enter("rotation_end", [person], effective_on=D(2029, 4, 1), unit=back, title=title)
    assert _held(Custody, person, D(2029, 4, 1)).unit == back


def test_the_end_of_a_rotation_needs_a_rotation() -> None:
    with pytest.raises(DecisionRefused):
        enter("rotation_end", [_person()], unit=make_unit(), title=make_title())


def test_secondment_leaves_the_record_where_it_is_and_ends_by_itself() -> None:
    home, there = make_unit(), make_unit()
    person = _person(unit=home)
    enter("secondment", [person], unit=there, until=D(2027, 3, 31))
    assert _held(Assignment, person, kind=AssignmentKind.SECONDMENT).effective_until == D(2027, 4, 1)
    assert _held(Employment, person).state == EmploymentState.SECONDED
    assert _held(Employment, person, D(2027, 4, 1)).state == EmploymentState.WORKING
    assert _held(Custody, person).unit == home


def test_secondment_may_end_early() -> None:
    person = _person()
    enter("secondment", [person], unit=make_unit(), until=D(2027, 3, 31))
    enter("secondment_end", [person], effective_on=D(2026, 10, 1))
    assert _held(Assignment, person, D(2026, 10, 1), kind=AssignmentKind.SECONDMENT) is None
    assert _held(Employment, person, D(2026, 10, 1)).state == EmploymentState.WORKING
    assert Employment.objects.filter(cadre=person).count() == 3


def test_who_is_dismissed_without_another_title_awaits_posting() -> None:
    person = _person(title=make_title(is_leadership=True))
    enter("dismissal", [person], cause="khiển trách")
    assert _main(person).title is None
    assert _held(Employment, person).state == EmploymentState.AWAITING_POSTING


def test_a_side_post_just_ends() -> None:
    person, title, unit = _person(), make_title(), make_unit()
    enter("concurrent", [person], title=title, unit=unit, effective_on=D(2025, 1, 1))
    enter("release", [person], title=title)
    assert _held(Assignment, person, kind=AssignmentKind.CONCURRENT) is None
    assert _main(person).effective_until is None


def test_suspension_ends_on_its_day() -> None:
    person = _person()
    enter("suspension", [person], until=D(2026, 4, 15))
    assert _held(Employment, person).state == EmploymentState.SUSPENDED
    assert _held(Employment, person, D(2026, 4, 16)).state == EmploymentState.WORKING


def test_retirement_ends_every_post_and_the_last_unit_keeps_the_record() -> None:
    unit = make_unit()
    person = _person(unit=unit)
    enter("concurrent", [person], title=make_title(), unit=make_unit(), effective_on=D(2025, 1, 1))
    enter("retirement", [person])
    assert _held(Employment, person).state == EmploymentState.RETIRED
    assert not Assignment.objects.filter(cadre=person).in_force(EFFECTIVE).exists()
    assert _held(Custody, person).unit == unit


def test_a_regular_step_takes_step_and_coefficient_from_the_pay_table() -> None:
    person = _person()
    rank = make_code(Rank, "01.003", name="Chuyên viên", scale="A1")
    add_pay_step(person, rank, step=3, coefficient="3.00", effective_from=D(2023, 4, 1))
    enter("pay_step", [person])
    step = _held(PayStep, person)
    assert (step.step, str(step.coefficient), step.rank) == (4, "3.33", rank)


def test_beyond_the_last_step_only_the_over_frame_grows() -> None:
    person = _person()
    add_pay_step(person, make_code(Rank, "01.003", name="Chuyên viên", scale="A1"), step=9, coefficient="4.98")
    with pytest.raises(DecisionRefused, match="chưa đủ điều kiện"):
        enter("pay_step", [person])
    enter("over_frame", [person], over_frame_percent="5")
    assert (_held(PayStep, person).step, _held(PayStep, person).over_frame_percent) == (9, 5)


def test_commendation_allowance_discipline_are_added() -> None:
    person = _person()
    enter("commendation", [person], form=make_code(CommendationForm, "BK", name="Bằng khen"))
    enter("allowance", [person], kind=make_code(AllowanceKind, "TN", name="Thâm niên"), percent="5")
    enter(
        "allowance",
        [person],
        kind=make_code(AllowanceKind, "TN", name="Thâm niên"),
        percent="6",
        effective_on=D(2027, 4, 1),
    )
    form = make_code(DisciplineForm, "KT", name="Khiển trách", regime="state")
    enter("discipline", [person], regime="state", form=form, lapses_on=D(2027, 4, 1))
    assert Commendation.objects.get(cadre=person).year == 2026
    held = [row.percent for row in Allowance.objects.filter(cadre=person).order_by("effective_from")]
    assert held == [5, 6]
    assert Allowance.objects.filter(cadre=person).in_force(D(2027, 4, 1)).count() == 1
    assert Discipline.objects.get(cadre=person).effective_until == D(2027, 4, 1)


def test_recruitment_opens_a_record_for_somebody_new() -> None:
    unit = make_unit()
    new = {"full_name": "TRẦN THỊ MỚI", "born": D(2000, 2, 3), "sex": "female", "personal_number": "010300123456"}
    decision = enter("recruitment", [(None, new)], category=EmploymentCategory.CIVIL_SERVANT, unit=unit)
    person = Cadre.objects.get(personal_number="010300123456")
    assert person.full_name == "Trần Thị Mới"
    assert _held(Custody, person).unit == unit
    assert _held(Employment, person).category == EmploymentCategory.CIVIL_SERVANT
    assert decision.items.get().cadre == person


def test_a_number_that_a_record_has_already_needs_the_province() -> None:
    known = _person()
    new = {"full_name": "A B", "born": D(2000, 2, 3), "sex": "female", "personal_number": known.personal_number}
    with pytest.raises(DecisionRefused) as refused:
        enter("recruitment", [(None, new)], category=EmploymentCategory.CIVIL_SERVANT, unit=make_unit())
    assert "cần cấp tỉnh xử lý" in refused.value.faults[0][0]


def test_a_second_act_on_the_same_day_names_the_decision_it_replaces() -> None:
    person = _person()
    first = enter("transfer", [person], unit=make_unit())
    unit = make_unit()
    enter("transfer", [person], unit=unit)
    post = _main(person)
    assert post.unit == unit
    assert post.basis.startswith(f"Thay quyết định {first.number}")


def test_the_register_refuses_a_number_twice() -> None:
    paper = {"number": "7/QĐ-UBND"}
    enter("transfer", [_person()], unit=make_unit(), signed=paper)
    with pytest.raises(ValidationError, match="đã có"):
        enter("transfer", [_person()], unit=make_unit(), signed=paper)
    assert Decision.objects.count() == 1
    assert signature().number != "7/QĐ-UBND"


def test_what_is_missing_is_named_and_nothing_is_written() -> None:
    person = _person()
    with pytest.raises(DecisionRefused) as refused:
        enter("appointment", [person])
    assert refused.value.faults == {0: ["Thiếu: Chức vụ, chức danh."]}
    assert not Decision.objects.exists()


def test_many_are_written_as_one_would_be_by_the_record_itself() -> None:
    """The set-wise way and the verbs of the record come to the same periods."""
    ours, theirs, unit = [_person() for _ in range(3)], [_person() for _ in range(3)], make_unit()
    enter("transfer", ours, unit=unit)
    for person in theirs:
        succeed_row(
            cadre=person,
            model=Assignment,
            values={"kind": AssignmentKind.MAIN, "unit": unit},
            effective_from=EFFECTIVE,
            acting_user=None,
        )
    for mine, other in zip(ours, theirs, strict=True):
        for model in (Assignment, Custody, Employment):
            periods = [
                list(
                    model.objects.filter(cadre=cadre)
                    .order_by("effective_from")
                    .values_list("effective_from", "effective_until")
                )
                for cadre in (mine, other)
            ]
            assert periods[0] == periods[1]


def test_any_number_of_people_costs_the_same_queries() -> None:
    counts = []
    for size in (1, 2, 12):
        people, unit = [_person() for _ in range(size)], make_unit()
        with CaptureQueriesContext(connection) as queries:
            enter("transfer", people, unit=unit)
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_who_is_sent_to_study_for_long_comes_back_to_work_and_a_short_class_changes_nothing() -> None:
    away, short = _person(), _person()
    enter("study", [(away, {"is_long": True}), (short, {})], course="Cao học quản lý công", until=D(2027, 6, 30))
    assert _held(Employment, away).state == "long_study"
    assert _held(Employment, away, D(2027, 7, 1)).state == "working"
    assert _held(Employment, short).state == "working"
    with pytest.raises(DecisionRefused):
        enter("abroad", [(short, {"is_long": True})], destination="Nhật Bản", signed={"number": "9/QĐ"})
