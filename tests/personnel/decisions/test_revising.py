"""Decisions about decisions: annulment, withdrawal, correction, replacement, and what stands in their way."""

from __future__ import annotations

from typing import Any

import pytest

from hrdb.kernel.history import history_model
from personnel.choices import AssignmentKind, DecisionState, EmploymentState
from personnel.models import Assignment, Cadre, Custody, Employment
from personnel.services.decisions.cases import DecisionRefused
from personnel.services.decisions.kinds import decision_acts
from personnel.services.errors import ServiceRefusal
from tests.factories.personnel import make_cadre, make_title, make_unit
from tests.personnel.decisions.making import EFFECTIVE, D, enter

pytestmark = pytest.mark.django_db

SINCE = D(2015, 1, 1)


@pytest.fixture(autouse=True)
def _no_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    for act in decision_acts:
        monkeypatch.setattr(type(act), "findings", lambda self, case: ())


def _periods(model: Any, cadre: Cadre) -> list[Any]:
    names = ["effective_from", "effective_until", *(["unit_id"] if model is not Employment else ["state"])]
    return list(model.objects.filter(cadre=cadre).order_by("effective_from").values_list(*names))


def _everything(cadre: Cadre) -> list[Any]:
    return [_periods(model, cadre) for model in (Assignment, Custody, Employment)]


def test_annulment_puts_the_record_back_and_keeps_both_in_the_register() -> None:
    person = make_cadre(since=SINCE)
    before = _everything(person)
    target = enter("transfer", [person], unit=make_unit())
    assert _everything(person) != before
    annulment = enter("annulment", [], target=target, cause="ban hành trái thẩm quyền")
    assert _everything(person) == before
    target.refresh_from_db()
    assert (target.state, annulment.state) == (DecisionState.ANNULLED, DecisionState.SIGNED)
    assert target.number
    assert target.items.get().cadre == person


def test_annulling_what_later_decisions_stand_on_names_them() -> None:
    person, unit = make_cadre(since=SINCE, name="Lê Thị Sau"), make_unit()
    target = enter("transfer", [person], unit=unit)
    later = enter("transfer", [person], unit=make_unit(), effective_on=D(2026, 9, 1))
    with pytest.raises(ServiceRefusal) as refused:
        enter("annulment", [], target=target, cause="sai")
    assert str(later) in str(refused.value)
    assert "Lê Thị Sau" in str(refused.value)
    target.refresh_from_db()
    assert target.state == DecisionState.SIGNED


def test_an_annulled_decision_is_not_annulled_again_and_annulling_the_annulment_lets_it_stand() -> None:
    person = make_cadre(since=SINCE)
    target = enter("transfer", [person], unit=make_unit())
    after = _everything(person)
    annulment = enter("annulment", [], target=target, cause="sai")
    with pytest.raises(ServiceRefusal, match="đã hủy bỏ"):
        enter("annulment", [], target=target, cause="sai")
    enter("annulment", [], target=annulment, cause="hủy nhầm")
    target.refresh_from_db()
    assert target.state == DecisionState.SIGNED
    assert _everything(person) == after


def test_withdrawal_ends_from_a_day_and_what_was_before_holds_again() -> None:
    home, there = make_unit(), make_unit()
    person = make_cadre(unit=home, since=SINCE)
    target = enter("transfer", [person], unit=there)
    enter("withdrawal", [], target=target, cause="thu hồi", effective_on=D(2026, 7, 1))
    expected = [(SINCE, EFFECTIVE, home.pk), (EFFECTIVE, D(2026, 7, 1), there.pk), (D(2026, 7, 1), None, home.pk)]
    assert _periods(Assignment, person) == expected
    assert _periods(Custody, person) == expected
    target.refresh_from_db()
    assert target.state == DecisionState.WITHDRAWN


def test_withdrawing_a_retirement_gives_back_state_and_posts() -> None:
    person, title, board = make_cadre(since=SINCE), make_title(), make_unit()
    enter("concurrent", [person], title=title, unit=board, effective_on=D(2025, 1, 1))
    target = enter("retirement", [person])
    enter("withdrawal", [], target=target, cause="thu hồi", effective_on=D(2026, 7, 1))
    day = D(2026, 7, 1)
    assert Employment.objects.filter(cadre=person).in_force(day).get().state == EmploymentState.WORKING
    kinds = Assignment.objects.filter(cadre=person).in_force(day).values_list("kind", flat=True)
    assert sorted(kinds) == [AssignmentKind.CONCURRENT, AssignmentKind.MAIN]


def test_withdrawal_before_the_target_takes_effect_undoes_it() -> None:
    person = make_cadre(since=SINCE)
    before = _everything(person)
    target = enter("transfer", [person], unit=make_unit(), effective_on=D(2026, 12, 1))
    enter("withdrawal", [], target=target, cause="thu hồi", effective_on=D(2026, 11, 1))
    assert _everything(person) == before


def test_correction_writes_the_record_anew_from_the_targets_own_day() -> None:
    person, wrong, right = make_cadre(since=SINCE), make_unit(), make_unit()
    target = enter("transfer", [person], unit=wrong)
    for same in ({}, {"unit": wrong}):
        with pytest.raises(ServiceRefusal, match="không sửa nội dung nào"):
            enter("correction", [(person, same)], target=target, cause="ghi nhầm đơn vị")
    assert Assignment.objects.filter(cadre=person).in_force(EFFECTIVE).get().unit == wrong
    second = enter("correction", [(person, {"unit": right})], target=target, cause="ghi nhầm đơn vị")
    post = Assignment.objects.filter(cadre=person).in_force(EFFECTIVE).get()
    assert (post.unit, post.decision, post.effective_from) == (right, target, EFFECTIVE)
    assert target.items.get().values["unit"] == right.pk
    target.refresh_from_db()
    assert target.signing_id == second.signing_id


def test_replacement_withdraws_the_old_from_the_new_ones_day() -> None:
    person, first, second = make_cadre(since=SINCE), make_unit(), make_unit()
    target = enter("transfer", [person], unit=first)
    enter("transfer", [person], unit=second, target=target, effective_on=D(2026, 6, 1))
    units = [unit for *_, unit in _periods(Assignment, person)]
    assert units[1:] == [first.pk, second.pk]
    target.refresh_from_db()
    assert target.state == DecisionState.REPLACED


def test_every_revision_leaves_its_history() -> None:
    person = make_cadre(since=SINCE)
    target = enter("transfer", [person], unit=make_unit())
    annulment = enter("annulment", [], target=target, cause="sai")
    written = history_model(Assignment).objects.filter(event=annulment.signing_id)
    assert written.exists()
    assert set(written.values_list("history_change_reason", flat=True)) == {annulment.signing.reason}


def test_annulling_what_was_corrected_twice_puts_back_what_was_before_it() -> None:
    person, wrong, right = make_cadre(since=SINCE), make_unit(), make_unit()
    before = _everything(person)
    target = enter("transfer", [person], unit=wrong)
    enter("correction", [(person, {"unit": right})], target=target, cause="ghi nhầm đơn vị")
    enter("correction", [(person, {"unit": wrong})], target=target, cause="vẫn là đơn vị cũ")
    assert Assignment.objects.filter(cadre=person).in_force(EFFECTIVE).get().unit == wrong
    assert Assignment.objects.filter(cadre=person).count() == 2
    enter("annulment", [], target=target, cause="trái thẩm quyền")
    assert _everything(person) == before


def test_an_own_value_that_a_correction_empties_is_the_common_one_again() -> None:
    person, other = make_cadre(since=SINCE), make_cadre(since=SINCE)
    target = enter("commendation", [(person, {"detail": "riêng"}), (other, {"detail": "khác"})])
    enter("correction", [(person, {"detail": "đúng"}), (other, {"emulation_title": None})], target=target, cause="nhầm")
    assert [item.values.get("detail") for item in target.items.order_by("pk")] == ["đúng", "khác"]
    people = [(person, {"detail": None})]
    with pytest.raises(DecisionRefused, match="chưa đủ điều kiện"):
        enter("correction", people, target=target, cause="nhầm")
