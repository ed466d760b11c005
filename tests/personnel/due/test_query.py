"""One statement for all lists: scope, time, unit, counts and rows that agree, at a cost that does not grow."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from personnel.choices import AssignmentKind, Classification
from personnel.models import Assignment, Unit
from personnel.policies import Role
from personnel.statistics.due import (
    DUE_LISTS,
    OVERDUE,
    STANDING,
    asked,
    due_counts,
    due_page,
    due_rows,
    horizon,
    matters,
)
from personnel.statistics.structure import UnitNotFound
from tests.factories.personnel import make, make_cadre, make_unit, make_user
from tests.personnel.due.people import DAY, D, leader, move_cadre, paid, rows


def people_of(unit: Unit, number: int) -> None:
    """So many people of whom several lists have something to say."""
    for place in range(number):
        leader(unit, term_ends_on=D(2026 + place % 2, 1 + place % 12, 1))
        paid(unit, "A1", effective_from=D(2023 + place % 2, 1 + place % 12, 1))


@pytest.mark.django_db
def test_counts_and_rows_agree_by_list_unit_and_time() -> None:
    units = [make_unit("S"), make_unit("T")]
    for unit in units:
        people_of(unit, 7)
    question = asked(user=None, day=DAY)
    counted = Counter()
    for one in due_counts(question):
        counted[one.kind, one.unit_id, one.when] += one.number
    listed = Counter()
    for row in due_rows(question):
        at = row.act_by or row.due_on
        when = STANDING if at is None else OVERDUE if at < DAY else f"{at:%Y-%m}"
        listed[row.kind, row.unit_id, when] += 1
    assert counted == listed
    assert {when for _, _, when in counted} > {OVERDUE, STANDING}
    counts, _ = due_page(question, limit=5)
    assert sorted(counts, key=repr) == sorted(due_counts(question), key=repr)


@pytest.mark.django_db
def test_pages_are_cut_from_the_rows_in_order() -> None:
    people_of(make_unit("S"), 9)
    question = asked(user=None, day=DAY)
    everything = due_rows(question)
    dated = [row.act_by or row.due_on for row in everything]
    known = [at for at in dated if at is not None]
    assert known == sorted(known)
    assert dated[len(known) :] == [None] * (len(dated) - len(known)), "what has no day stands last"
    pages = [due_page(question, offset=offset, limit=10)[1] for offset in range(0, len(everything) + 10, 10)]
    assert [row for page in pages for row in page] == everything
    overdue = due_rows(question, when=[OVERDUE])
    assert overdue == [row for row in everything if (row.act_by or row.due_on or DAY) < DAY]
    _, page = due_page(question, when=["2027-01", STANDING], limit=100)
    assert page == due_rows(question, when=["2027-01", STANDING])


@pytest.mark.django_db
def test_nobody_outside_the_scope_is_counted_or_listed() -> None:
    home, away = make_unit("S"), make_unit("T")
    below = make_unit("S.1", parent=home)
    for unit in (home, away, below):
        people_of(unit, 3)
    officer = make_user(Role.UNIT_OFFICER, unit=home)
    question = asked(user=officer, day=DAY)
    assert {one.unit_id for one in due_counts(question)} == {home.pk, below.pk}
    assert {row.unit_id for row in due_rows(question)} == {home.pk, below.pk}
    for role in (Role.ADMINISTRATOR, Role.CADRE):
        nobody = asked(user=make_user(role), day=DAY)
        assert due_counts(nobody) == []
        assert due_rows(nobody) == []
    with pytest.raises(UnitNotFound):
        asked(user=officer, day=DAY, unit="T")
    with pytest.raises(UnitNotFound):
        asked(user=officer, day=DAY, unit="KHONG-CO")


@pytest.mark.django_db
def test_a_guest_is_a_matter_of_the_unit_that_keeps_the_record() -> None:
    home, away = make_unit("S"), make_unit("T")
    guest = leader(home, term_ends_on=D(2027, 3, 1))
    kind = AssignmentKind.SECONDMENT
    make(Assignment, cadre=guest, unit=away, kind=kind, effective_from=D(2026, 1, 1), term_ends_on=D(2027, 5, 1))
    host, keeper = make_user(Role.UNIT_OFFICER, unit=away), make_user(Role.UNIT_OFFICER, unit=home)
    for kind_of_list in ("reappointment", "secondment_end"):
        assert rows(kind_of_list, user=host) == []
        assert [row.cadre_id for row in rows(kind_of_list, user=keeper)] == [guest.pk]


@pytest.mark.django_db
def test_a_past_day_follows_the_custody_of_that_day() -> None:
    before, now = make_unit("S"), make_unit("T")
    moved = paid(before, "A1", effective_from=D(2024, 3, 1))
    move_cadre(moved, now, D(2026, 6, 1))
    past, present = D(2026, 5, 1), DAY
    officer = make_user(Role.UNIT_OFFICER, unit=before)
    assert [row.cadre_id for row in rows("pay_step", day=past, user=officer)] == [moved.pk]
    assert rows("pay_step", day=present, user=officer) == []


@pytest.mark.django_db
def test_unit_and_words_narrow() -> None:
    top = make_unit("S")
    below = make_unit("S.1", parent=top)
    one, other = paid(top, "A1", effective_from=D(2024, 3, 1)), paid(below, "A1", effective_from=D(2024, 3, 1))
    assert {row.cadre_id for row in rows("pay_step", unit="S")} == {one.pk, other.pk}
    assert {row.cadre_id for row in rows("pay_step", unit="S", is_own=True)} == {one.pk}
    assert {row.cadre_id for row in rows("pay_step", unit="S.1")} == {other.pk}
    assert {row.cadre_id for row in rows("pay_step", words=other.full_name)} == {other.pk}


#: Lists that everybody has who views people; one that needs an action asks first what its reader may know.
PLAIN = [made.key for made in DUE_LISTS if not made.action]


def test_the_horizon_is_the_end_of_the_month_a_year_ahead() -> None:
    assert horizon(D(2026, 12, 1)) == D(2027, 12, 31)
    assert horizon(D(2028, 2, 29)) == D(2029, 2, 28)


@pytest.mark.django_db
def test_counts_and_pages_cost_one_statement_each_and_names_the_same_at_any_size() -> None:
    unit, asked_of = make_unit("S"), []
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    for number in (3, 27):
        people_of(unit, number)
        question = asked(user=officer, day=DAY, kinds=PLAIN)
        with CaptureQueriesContext(
            connection,
        ) as counting:
            due_counts(question)
        with CaptureQueriesContext(connection) as paging:
            _, page = due_page(question, limit=500)
        with CaptureQueriesContext(connection) as telling:
            told = matters(page, user=officer, day=DAY)
        assert len(told) == len(page) > 3 * number
        asked_of.append((len(counting), len(paging), len(telling)))
    assert asked_of[0] == asked_of[1]
    assert asked_of[0][:2] == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("key", PLAIN)
def test_each_list_is_counted_by_one_statement(key: str) -> None:
    people_of(make_unit("S"), 3)
    question = asked(user=None, day=DAY, kinds=[key])
    with CaptureQueriesContext(connection) as counting:
        due_counts(question)
    assert len(counting) == (1 if question.lists else 0)


@pytest.mark.django_db
def test_names_come_with_what_the_reader_may_see() -> None:
    unit = make_unit("S", name="Sở Mẫu")
    secret = make_cadre(unit=unit, name="Nguyễn Văn Mật", classification=Classification.SECRET)
    plain = make_cadre(unit=unit, name="Trần Thị Thường")
    for role, is_open in ((Role.UNIT_OFFICER, True), (Role.APPROVER, False)):
        user = make_user(role, unit=unit)
        found = matters(rows("incomplete_records", user=user), user=user, day=DAY)
        told = {one.row.cadre_id: one for one in found}
        assert {one.is_tier_1_open for one in found} == {is_open}
        assert (told[secret.pk].is_classified, told[plain.pk].is_classified) == (True, False)
        assert (told[plain.pk].name, told[plain.pk].unit_name, told[plain.pk].unit_code) == (
            "Trần Thị Thường",
            "Sở Mẫu",
            "S",
        )
