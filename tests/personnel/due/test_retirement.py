"""Notices and decisions of retirement: the set-wise lists say what the engine of the law says of each person."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdb.kernel.parameters import ParameterUnknown
from personnel.choices import EmploymentState, Sex
from personnel.models import Decision, DecisionItem, DecisionKind, Employment
from personnel.rules.retirement import Retirement, decision_day, notice_day, retirement
from personnel.statistics.due.query import horizon
from personnel.statistics.due.retirement import NOTICE_CODE, retirement_days
from tests.factories.personnel import make, make_cadre, make_code, make_unit
from tests.personnel.due.people import DAY, D, change, days, rows

BIRTHS = [D(year, month, 15) for year in range(1961, 1974) for month in (1, 4, 8, 12)]


def known(last_day: Callable[[Retirement], datetime.date], found: Retirement) -> datetime.date | None:
    """The last day for an act, None where no law is known for it."""
    try:
        return last_day(found)
    except ParameterUnknown:
        return None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "last_day"), [("retirement_notice", notice_day), ("retirement_decision", decision_day)]
)
@pytest.mark.parametrize("day", [DAY, D(2026, 1, 31), D(2028, 2, 29)])
def test_everyone_is_listed_whom_the_engine_names(
    kind: str, last_day: Callable[[Retirement], datetime.date], day: datetime.date
) -> None:
    unit, expected = make_unit("S"), set()
    for sex in (Sex.MALE, Sex.FEMALE):
        for born in BIRTHS:
            cadre = make_cadre(unit=unit, sex=sex, born=born)
            found = retirement(sex=sex.value, born=born)
            act_by = known(last_day, found)
            if (act_by or found.retired_from) <= horizon(day):
                expected.add((cadre.pk, found.retired_from, act_by))
    assert set(days(rows(kind, day=day))) == expected
    assert len(expected) > 20


@given(
    day=st.dates(D(2025, 8, 1), D(2045, 12, 31)),
    born=st.dates(D(1956, 1, 1), D(1995, 12, 31)),
    sex=st.sampled_from(["male", "female"]),
)
@settings(max_examples=150, deadline=None)
def test_the_days_by_month_of_birth_are_those_of_the_engine(day: datetime.date, born: datetime.date, sex: str) -> None:
    until = horizon(day)
    table = {(one, month): reached for one, month, reached in retirement_days(day, until)}
    found = retirement(sex=sex, born=born).retired_from  # type: ignore[arg-type]
    reached = table.get((sex, born.replace(day=1)))  # type: ignore[arg-type]
    assert reached == (found if found <= until else None)


@pytest.mark.django_db
def test_a_birth_known_by_its_year_counts_from_january() -> None:
    unit = make_unit("S")
    partly = make_cadre(unit=unit, sex=Sex.FEMALE, born=D(1970, 6, 1), born_precision="year")
    assert retirement(sex="female", born=D(1970, 1, 1)).retired_from == D(2027, 6, 1)
    assert days(rows("retirement_notice")) == [(partly.pk, D(2027, 6, 1), D(2026, 12, 1))]


@pytest.mark.django_db
def test_who_is_not_at_work_or_of_unknown_birth_is_not_asked_about() -> None:
    unit = make_unit("S")
    make_cadre(unit=unit, sex=Sex.MALE, born=D(1965, 3, 1), state=EmploymentState.RETIRED)
    change(make_cadre(unit=unit, sex=Sex.MALE, born=D(1965, 3, 1)), born=None)
    make_cadre(unit=unit, sex="", born=D(1965, 3, 1), personal_number=None)
    make_cadre(unit=unit, sex=Sex.MALE, born=D(1965, 3, 1), category="outside")
    assert rows("retirement_notice") == []


@pytest.mark.django_db
def test_a_decided_end_settles_both_from_the_day_it_was_signed() -> None:
    cadre = make_cadre(unit=make_unit("S"), sex=Sex.MALE, born=D(1965, 3, 1))
    signed, leaves = D(2026, 9, 1), retirement(sex="male", born=D(1965, 3, 1)).retired_from
    decision = make(Decision, number="1/QĐ", signed_on=signed, issuer="Sở", effective_on=leaves)
    change(cadre.employment_set.get(), effective_until=leaves)
    make(
        Employment,
        cadre=cadre,
        category="civil_servant",
        state=EmploymentState.RETIRED,
        effective_from=leaves,
        decision=decision,
    )
    for kind in ("retirement_notice", "retirement_decision"):
        assert rows(kind, day=D(2026, 9, 1)) == []
        assert [row.cadre_id for row in rows(kind, day=D(2026, 8, 31))] == [cadre.pk], "not yet signed on that day"


@pytest.mark.django_db
def test_a_signed_notice_settles_the_notice_alone() -> None:
    cadre = make_cadre(unit=make_unit("S"), sex=Sex.MALE, born=D(1965, 3, 1))
    kind = make_code(DecisionKind, NOTICE_CODE)
    notice = make(
        Decision, number="2/TB", signed_on=D(2026, 10, 1), issuer="Sở", effective_on=D(2026, 10, 1), kind=kind
    )
    make(DecisionItem, decision=notice, cadre=cadre)
    assert rows("retirement_notice") == []
    assert [row.cadre_id for row in rows("retirement_decision")] == [cadre.pk]
    change(notice, state="annulled")
    assert [row.cadre_id for row in rows("retirement_notice")] == [cadre.pk]


@pytest.mark.django_db
def test_a_deferral_moves_the_day_of_the_decision() -> None:
    born = D(1965, 6, 1)
    cadre = make_cadre(unit=make_unit("S"), sex=Sex.MALE, born=born, since=D(2010, 1, 1))
    normal = retirement(sex="male", born=born).retired_from
    later = D(normal.year, normal.month + 2, 1)
    change(cadre.employment_set.get(), effective_until=D(2026, 11, 1))
    held = {"cadre": cadre, "category": "civil_servant"}
    make(
        Employment,
        **held,
        state=EmploymentState.AWAITING_RETIREMENT,
        effective_from=D(2026, 11, 1),
        effective_until=later,
    )
    make(Employment, **held, state=EmploymentState.WORKING, effective_from=later)
    assert rows("retirement_notice") == []
    assert [(row.cadre_id, row.due_on) for row in rows("retirement_decision")] == [(cadre.pk, later)]


@pytest.mark.django_db
def test_before_the_law_that_is_known_there_is_no_last_day() -> None:
    cadre = make_cadre(unit=make_unit("S"), sex=Sex.MALE, born=D(1963, 6, 15))
    found = retirement(sex="male", born=D(1963, 6, 15)).retired_from
    assert found < D(2025, 7, 1)
    assert days(rows("retirement_notice", day=D(2024, 1, 5))) == [(cadre.pk, found, None)]
