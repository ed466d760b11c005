"""What ends with a post: terms of office, rotation, secondment, acting; and the time paid in part."""

from __future__ import annotations

import pytest

from personnel.choices import AssignmentKind
from personnel.models import Assignment, Decision, DecisionKind, Mandate
from personnel.rules.retirement import retirement
from personnel.statistics.due import DUE_LISTS
from personnel.statistics.due.terms import ROTATION_CODE
from tests.factories.personnel import make, make_cadre, make_code, make_title, make_unit
from tests.personnel.due.people import DAY, D, change, days, leader, paid, rows


@pytest.mark.django_db
def test_notice_of_reappointment_is_due_ninety_days_before_the_term_ends() -> None:
    cadre = leader(make_unit("S"), term_ends_on=D(2027, 3, 1))
    row = rows("reappointment")[0]
    assert (row.cadre_id, row.due_on, row.act_by) == (cadre.pk, D(2027, 3, 1), D(2026, 12, 1))
    told = DUE_LISTS["reappointment"]().tell([row], DAY)[0]
    assert "170/2025/NĐ-CP ngày 30/06/2025, Điều 36" in told.citation
    assert (told.decision_kind, "bổ nhiệm lại" in told.detail) == ("reappointment", True)


@pytest.mark.django_db
def test_with_less_than_two_years_left_the_term_is_extended() -> None:
    unit = make_unit("S")
    cadre = make_cadre(unit=unit, born=D(1966, 8, 10), title=make_title(is_leadership=True, name="Giám đốc"))
    change(cadre.assignment_set.get(), term_ends_on=D(2027, 3, 1))
    assert retirement(sex="male", born=D(1966, 8, 10)).retired_from == D(2028, 9, 1)
    told = DUE_LISTS["reappointment"]().tell(rows("reappointment"), DAY)[0]
    assert told.decision_kind == "extension"
    assert told.detail == "Giám đốc: kéo dài thời gian giữ chức vụ đến khi nghỉ hưu"


@pytest.mark.django_db
def test_terms_that_are_elected_followed_or_of_no_office_are_left_out() -> None:
    unit = make_unit("S")
    mandate = make(Mandate, body=unit, name="2026-2031", begins_on=D(2026, 4, 1))
    leader(unit, term_ends_on=D(2027, 3, 1), mandate=mandate)
    leader(unit, title=make_title(is_leadership=False), term_ends_on=D(2027, 3, 1))
    leader(unit)
    followed = leader(unit, term_ends_on=D(2027, 1, 1), effective_until=D(2027, 1, 1))
    signed = make(Decision, number="9/QĐ", signed_on=D(2026, 11, 20), issuer="Sở", effective_on=D(2027, 1, 1))
    make(Assignment, cadre=followed, unit=unit, kind="main", effective_from=D(2027, 1, 1), decision=signed)
    assert rows("reappointment") == []
    assert [row.cadre_id for row in rows("reappointment", day=D(2026, 11, 19))] == [followed.pk]


@pytest.mark.django_db
def test_a_concurrent_post_is_followed_only_by_one_of_the_same_title() -> None:
    unit, title = make_unit("S"), make_title(is_leadership=True)
    cadre = make_cadre(unit=unit)
    post = {"cadre": cadre, "unit": unit, "kind": AssignmentKind.CONCURRENT}
    make(Assignment, **post, title=title, effective_from=D(2022, 1, 1), term_ends_on=D(2027, 1, 1))
    make(Assignment, **post, title=make_title(is_leadership=True), effective_from=D(2027, 1, 1))
    assert [row.cadre_id for row in rows("reappointment")] == [cadre.pk]
    make(Assignment, **post, title=title, effective_from=D(2027, 1, 1))
    assert rows("reappointment") == []


@pytest.mark.django_db
def test_a_term_that_has_run_out_is_overdue_until_it_is_settled() -> None:
    cadre = leader(make_unit("S"), term_ends_on=D(2025, 9, 1))
    assert days(rows("reappointment")) == [(cadre.pk, D(2025, 9, 1), D(2025, 6, 3))]


@pytest.mark.django_db
def test_a_rotation_ends_as_decided_or_after_the_least_time() -> None:
    kind = make_code(DecisionKind, ROTATION_CODE)
    decision = make(Decision, number="3/QĐ", signed_on=D(2024, 1, 2), issuer="Tỉnh ủy", effective_on=D(2024, 3, 1))
    change(decision, kind=kind)
    unit = make_unit("S")
    by_law = leader(unit, decision=decision, effective_from=D(2025, 7, 1))
    as_decided = leader(unit, decision=decision, term_ends_on=D(2027, 5, 1))
    leader(unit, term_ends_on=None)
    assert days(rows("rotation_end")) == [(as_decided.pk, D(2027, 5, 1), D(2027, 5, 1))]
    assert days(rows("rotation_end", until=D(2028, 12, 31)))[1] == (by_law.pk, D(2028, 7, 1), D(2028, 7, 1))
    assert rows("reappointment") == [], "a rotation is no term of office"


@pytest.mark.django_db
def test_a_secondment_ends_as_recorded_or_after_three_years() -> None:
    home, away = make_unit("S"), make_unit("T")
    people = [make_cadre(unit=home) for _ in range(3)]
    kind = {"kind": AssignmentKind.SECONDMENT, "unit": away}
    make(Assignment, cadre=people[0], **kind, effective_from=D(2025, 7, 1))
    make(Assignment, cadre=people[1], **kind, effective_from=D(2025, 7, 1), effective_until=D(2027, 2, 1))
    make(Assignment, cadre=people[2], **kind, effective_from=D(2025, 7, 1), term_ends_on=D(2027, 4, 1))
    found = rows("secondment_end", until=D(2028, 12, 31))
    assert [(row.cadre_id, row.due_on) for row in found] == [
        (people[1].pk, D(2027, 2, 1)),
        (people[2].pk, D(2027, 4, 1)),
        (people[0].pk, D(2028, 7, 1)),
    ]
    assert {row.unit_id for row in found} == {home.pk}
    told = DUE_LISTS["secondment_end"]().tell(found, DAY)
    assert all("Đơn vị T, từ 01/07/2025" in one.detail for one in told)
    assert "Điều 26" in told[0].citation


@pytest.mark.django_db
def test_an_acting_post_is_listed_where_its_end_is_on_record() -> None:
    unit = make_unit("S")
    known, open_ended = make_cadre(unit=unit), make_cadre(unit=unit)
    kind = {"kind": AssignmentKind.ACTING, "unit": unit, "effective_from": D(2026, 8, 1)}
    make(Assignment, cadre=known, **kind, effective_until=D(2027, 2, 1))
    make(Assignment, cadre=open_ended, **kind)
    assert days(rows("acting_end")) == [(known.pk, D(2027, 2, 1), D(2027, 2, 1))]


@pytest.mark.django_db
def test_a_time_paid_in_part_ends_where_nothing_follows() -> None:
    unit = make_unit("S")
    tried = paid(unit, "A1", percent="85", effective_from=D(2026, 3, 1), effective_until=D(2027, 3, 1))
    paid(unit, "A1", percent="85", effective_from=D(2026, 3, 1))
    paid(unit, "A1", effective_from=D(2026, 3, 1), effective_until=D(2027, 3, 1))
    found = rows("probation_end")
    assert days(found) == [(tried.pk, D(2027, 3, 1), D(2027, 3, 1))]
    assert DUE_LISTS["probation_end"]().tell(found, DAY)[0].detail == "x-A1: hưởng 85 %"
