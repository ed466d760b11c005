"""Pay steps and seniority over the frame: the set-wise list says what the pay tables say of each person."""

from __future__ import annotations

from decimal import Decimal

import pytest

from personnel.choices import DisciplineRegime
from personnel.models import Decision, Discipline, DisciplineForm, PayStep
from personnel.rules.pay import next_step_day, pay_scales
from personnel.statistics.due import DUE_LISTS
from personnel.statistics.due.pay import NextPayStep
from tests.factories.personnel import add_pay_step, make, make_cadre, make_code, make_unit
from tests.personnel.due.people import DAY, D, days, paid, rank_of, rows


@pytest.mark.django_db
def test_the_next_step_of_every_scale_is_due_when_the_tables_say() -> None:
    unit, expected = make_unit("S"), set()
    for scale, table in pay_scales().items():
        for step in (1, table.steps - 1):
            held = D(2024, 6, 15)
            cadre = paid(unit, scale, step=step, effective_from=held)
            due = next_step_day(scale, step, held)
            if due is not None and due <= D(2027, 12, 31):
                expected.add((cadre.pk, due, due))
    assert set(days(rows("pay_step"))) == expected
    assert len(expected) > 10


@pytest.mark.django_db
def test_beyond_the_last_step_seniority_comes_after_the_time_of_a_step_and_then_every_year() -> None:
    unit = make_unit("S")
    last = {"step": 9, "coefficient": "4.98"}
    first = paid(unit, "A1", **last, effective_from=D(2024, 5, 1))
    next_one = paid(
        unit, "A1", **last, effective_from=D(2026, 5, 1), over_frame_percent=7, over_frame_from=D(2024, 5, 1)
    )
    paid(unit, "expert", step=3, coefficient="10.00", effective_from=D(2010, 1, 1))
    found = rows("pay_step")
    assert {row.cadre_id: row.due_on for row in found} == {first.pk: D(2027, 5, 1), next_one.pk: D(2027, 5, 1)}
    told = dict(zip([row.cadre_id for row in found], NextPayStep().tell(found, DAY), strict=True))
    assert told[first.pk].detail == "x-A1: bậc cuối (9), lên vượt khung 5 %"
    assert told[next_one.pk].detail == "x-A1: vượt khung 7 %, lên vượt khung 8 %"
    assert {one.decision_kind for one in told.values()} == {"over_frame"}
    assert all("04/2005/TT-BNV" in one.citation for one in told.values())


@pytest.mark.django_db
def test_a_step_in_words_with_its_table() -> None:
    cadre = paid(make_unit("S"), "A1", step=3, coefficient="3.00", effective_from=D(2024, 4, 1))
    found = rows("pay_step")
    assert days(found) == [(cadre.pk, D(2027, 4, 1), D(2027, 4, 1))]
    told = NextPayStep().tell(found, DAY)[0]
    assert told.detail == "x-A1: bậc 3 (3,00) lên bậc 4 (3,33)"
    assert told.citation == "Nghị định 204/2004/NĐ-CP ngày 14/12/2004, Bảng 2"


@pytest.mark.django_db
def test_steps_of_unknown_beginning_paid_in_part_or_followed_are_left_out() -> None:
    unit = make_unit("S")
    paid(unit, "A1", effective_from=D(2024, 4, 1), start_precision="known_from")
    paid(unit, "A1", effective_from=D(2024, 4, 1), start_precision="year")
    paid(unit, "A1", effective_from=D(2024, 4, 1), percent="85")
    paid(unit, "", effective_from=D(2024, 4, 1))
    followed = make_cadre(unit=unit)
    add_pay_step(followed, rank_of("A1"), effective_from=D(2024, 4, 1), effective_until=D(2027, 4, 1))
    signed = make(Decision, number="5/QĐ", signed_on=D(2026, 11, 25), issuer="Sở", effective_on=D(2027, 4, 1))
    add_pay_step(followed, rank_of("A1"), step=2, effective_from=D(2027, 4, 1), decision=signed)
    assert rows("pay_step") == []
    assert [row.cadre_id for row in rows("pay_step", day=D(2026, 11, 24))] == [followed.pk]


@pytest.mark.django_db
def test_a_delay_counts_once_its_months_are_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    cadre = paid(make_unit("S"), "A1", effective_from=D(2024, 4, 1))
    form = make_code(DisciplineForm, "01", name="Khiển trách", regime=DisciplineRegime.STATE)
    make(Discipline, cadre=cadre, regime=DisciplineRegime.STATE, form=form, effective_from=D(2025, 2, 1))
    assert days(rows("pay_step"))[0][1] == D(2027, 4, 1)
    assert "chưa kiểm chứng" in NextPayStep().note
    monkeypatch.setattr(NextPayStep, "delays", lambda self, day: {"01": 3})
    assert days(rows("pay_step"))[0][1] == D(2027, 7, 1)


@pytest.mark.django_db
def test_an_overdue_step_stays_until_it_is_decided() -> None:
    cadre = paid(make_unit("S"), "B", effective_from=D(2022, 4, 1))
    assert days(rows("pay_step")) == [(cadre.pk, D(2024, 4, 1), D(2024, 4, 1))]
    assert PayStep.objects.get().coefficient == Decimal("2.34")


@pytest.mark.django_db
def test_seniority_allowances_report_nothing_while_nothing_is_confirmed() -> None:
    due = DUE_LISTS["seniority_allowance"]()
    assert "Chưa có số liệu được kiểm chứng" in due.unjudged(DAY)
    assert rows("seniority_allowance") == []
