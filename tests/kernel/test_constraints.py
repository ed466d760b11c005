"""The one checker: for one row it agrees with the model's own full check, and with the database."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrdb.kernel.audit import writing
from hrdb.kernel.candidates import SUPPOSED_ROWS
from hrdb.kernel.constraints import check_fields, check_rows, row_derived_fields
from personnel.choices import AssignmentKind, EmploymentCategory
from personnel.models import Assignment, Cadre, Employment, PartyMembership, PayStep
from tests.factories.personnel import make, make_cadre, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]

D = datetime.date
DAYS = st.dates(D(2000, 1, 1), D(2030, 12, 31))
#: Days so near one another that periods of a year and more often touch.
NEAR_DAYS = st.dates(D(2013, 1, 1), D(2017, 12, 31))


def _messages(error: ValidationError | None) -> set[str]:
    return set() if error is None else set(error.messages)


def _full_check(row: object) -> ValidationError | None:
    try:
        row.full_clean(exclude=row_derived_fields(type(row)))  # type: ignore[attr-defined]
    except ValidationError as error:
        return error
    return None


@given(start=DAYS, end=st.none() | DAYS, official=st.none() | DAYS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_row_is_judged_as_the_model_judges_it(start: D, end: D | None, official: D | None) -> None:
    if end is not None and end <= start:
        return  # an empty range has no overlap to judge; its order is tested below
    cadre = Cadre.objects.filter(full_name="Người thứ nhất").first() or make_cadre(name="Người thứ nhất")
    if not PartyMembership.objects.filter(cadre=cadre).exists():
        make(PartyMembership, cadre=cadre, effective_from=D(2005, 1, 1), effective_until=D(2010, 1, 1))
    row = PartyMembership(cadre=cadre, effective_from=start, effective_until=end, official_on=official)
    assert _messages(check_rows(PartyMembership, [row]).get(0)) == _messages(_full_check(row))


@given(starts=st.lists(NEAR_DAYS, min_size=1, max_size=4), kinds=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_that_pass_are_written_and_rows_that_fail_are_refused_by_the_database(
    starts: list[D], kinds: st.DataObject
) -> None:
    """A row fails that the database refuses beside what is stored, or beside a row before it whatever becomes of it."""
    cadre = make_cadre(since=D(2012, 1, 1))
    unit = make_unit()
    with writing(acting_user=None, reason="kết thúc"):
        held = Assignment.objects.get(cadre=cadre)
        held.effective_until = D(2015, 1, 1)
        held.save()
    rows = [
        Assignment(
            cadre=cadre,
            unit=unit,
            kind=kinds.draw(st.sampled_from([AssignmentKind.MAIN, AssignmentKind.CONCURRENT])),
            effective_from=start,
            effective_until=start + datetime.timedelta(days=400),
        )
        for start in starts
    ]
    errors = check_rows(Assignment, rows)
    stored = {place for place, row in enumerate(rows) if not _are_written([row])}
    beside = {
        b for (a, one), (b, other) in itertools.combinations(enumerate(rows), 2) if not _are_written([one, other], held)
    }
    assert errors.keys() == stored | beside
    assert _are_written([row for place, row in enumerate(rows) if place not in errors])
    assert _are_written(rows) == (errors == {})


def _are_written(rows: Sequence[Assignment], without: Assignment | None = None) -> bool:
    """Whether the database takes some rows together; nothing stays. `without`: as if that stored row were not there."""
    try:
        with writing(acting_user=None, reason="thử"), transaction.atomic():
            if without is not None:
                Assignment.objects.get(pk=without.pk).delete()
            for row in rows:
                Assignment(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}).save()
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    row = Employment(
        cadre=make_cadre(since=D(2020, 1, 1)),
        category=EmploymentCategory.CADRE,
        effective_from=D(2010, 1, 1),
        effective_until=D(2010, 1, 1),
    )
    assert _messages(check_rows(Employment, [row])[0]) == {"Ngày kết thúc phải sau ngày bắt đầu."}


def test_numbers_are_compared_with_the_table_and_with_one_another() -> None:
    taken = make_cadre()
    rows = [
        Cadre(full_name="A", search_key="a", sort_key="a", personal_number=number)
        for number in (taken.personal_number, "010080999991", "010080999991", "12ab")
    ]
    errors = check_rows(Cadre, rows)
    assert sorted(errors) == [0, 2, 3]
    assert "Số định danh cá nhân phải gồm 12 chữ số." in errors[3].messages


def test_a_stored_row_is_not_compared_with_itself() -> None:
    cadre = make_cadre()
    row = Employment.objects.get(cadre=cadre)
    row.note = "sửa ghi chú"
    assert check_rows(Employment, [row]) == {}


def test_many_rows_cost_a_constant_number_of_queries() -> None:
    cadres = [make_cadre() for _ in range(12)]
    counts = []
    for size in (3, 12):
        rows = [
            Employment(cadre=cadre, category=EmploymentCategory.CADRE, effective_from=D(2030, 1, 1))
            for cadre in cadres[:size]
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(check_rows(Employment, rows)) == size
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_many_rows_are_judged_as_few_are() -> None:
    cadre = make_cadre(since=D(2012, 1, 1))
    free = D(1990, 1, 1)
    rows = [
        Employment(
            cadre=cadre,
            category=EmploymentCategory.CADRE,
            effective_from=free + datetime.timedelta(days=number),
            effective_until=free + datetime.timedelta(days=number + (2 if number % 50 == 0 else 1)),
        )
        for number in range(SUPPOSED_ROWS + 1)
    ]
    many = check_rows(Employment, rows)
    few = check_rows(Employment, rows[:SUPPOSED_ROWS])
    assert sorted(many) == sorted(few) == [1, 51]
    assert _messages(many[1]) == {"Đã có đối tượng, tình trạng trong khoảng thời gian này."}


def test_values_that_many_rows_share_are_judged_once_and_put_back_clean() -> None:
    rows = [PayStep(coefficient=value, step=2) for value in ("2.34", "2.34", Decimal("2.34"), "12345678.5")]
    errors = check_fields(PayStep, [*rows, PayStep(scheme="no such scheme")])
    assert {"coefficient", "effective_from"} <= set(errors[3].error_dict)
    assert "scheme" in errors[4].error_dict
    assert "scheme" not in errors[0].error_dict
    assert [row.coefficient for row in rows[:3]] == [Decimal("2.34")] * 3
