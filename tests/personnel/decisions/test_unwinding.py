"""Everything that was entered can be taken back, the latest first, and a refusal says what comes first."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from personnel.choices import DecisionState, PayScheme
from personnel.models import Assignment, Cadre, Custody, Decision, Employment, PayStep, Rank
from personnel.services.decisions.cases import DecisionRefused
from personnel.services.errors import ServiceRefusal
from tests.factories.personnel import make, make_cadre, make_code, make_unit
from tests.personnel.decisions.making import D, enter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_conditions")]

SINCE = D(2015, 1, 1)


@pytest.fixture
def person(db: None) -> Cadre:
    """Somebody at the first step of a rank."""
    found, rank = make_cadre(since=SINCE), make_code(Rank, "01.003", scale="A1")
    make(
        PayStep,
        cadre=found,
        scheme=PayScheme.RANK,
        rank=rank,
        step=1,
        coefficient=Decimal("2.34"),
        effective_from=D(2023, 12, 5),
    )
    return found


def _everything(cadre: Cadre) -> list[Any]:
    told: list[Any] = []
    for model in (Assignment, Custody, Employment, PayStep):
        names = [item.attname for item in model._meta.concrete_fields]
        told.append(list(model._default_manager.filter(cadre=cadre).order_by("pk").values_list(*names)))
    return told


def _annul(target: Decision) -> Decision:
    return enter("annulment", [], target=target, cause="sai", effective_on=D(2026, 11, 24))


def test_a_correction_of_what_was_annulled_stands_in_nobodys_way(person: Cadre) -> None:
    before = _everything(person)
    first = enter("pay_step", [person], effective_on=D(2026, 12, 5))
    second = enter("pay_step", [person], effective_on=D(2029, 12, 5))
    correction = enter("correction", [(person, {"step": 3})], target=second, cause="ghi nhầm")
    with pytest.raises(ServiceRefusal) as refused:
        _annul(first)
    told = str(refused.value)
    assert told.index(str(correction)) < told.index("lần lượt từ nội dung sau cùng")
    annulment = _annul(second)
    with pytest.raises(ServiceRefusal, match="không còn tác dụng") as moot:
        _annul(correction)
    assert str(annulment) in str(moot.value)
    last = _annul(first)
    assert _everything(person) == before
    with pytest.raises(ServiceRefusal) as gone:
        enter("annulment", [], target=first, cause="sai")
    assert str(last) in str(gone.value)


def test_the_sentence_never_names_what_is_being_entered(person: Cadre) -> None:
    first = enter("pay_step", [person], effective_on=D(2026, 12, 5))
    second = enter("pay_step", [person], effective_on=D(2029, 12, 5))
    said = {"signed": {"number": "999/QĐ-CHINH"}}
    with pytest.raises(ServiceRefusal) as refused:
        enter("correction", [(person, {"step": 2})], target=first, cause="ghi nhầm", **said)
    assert "999/QĐ-CHINH" not in str(refused.value)
    assert str(second) in str(refused.value)


def test_annulling_a_correction_lets_the_decision_say_what_it_said(person: Cadre) -> None:
    target = enter("transfer", [person], unit=make_unit())
    said, stood = target.items.get().values, _everything(person)
    first = enter("correction", [(person, {"unit": make_unit()})], target=target, cause="nhầm")
    second = enter("correction", [(person, {"unit": make_unit()})], target=target, cause="nhầm")
    with pytest.raises(ServiceRefusal) as refused:
        _annul(first)
    assert str(second) in str(refused.value)
    _annul(second)
    _annul(first)
    assert target.items.get().values == said
    assert _everything(person) == stood
    enter("correction", [(person, {"unit": make_unit()})], target=target, cause="nhầm lần nữa")


def test_a_revision_is_annulled_and_revised_in_no_other_way(person: Cadre) -> None:
    target = enter("transfer", [person], unit=make_unit())
    withdrawal = enter("withdrawal", [], target=target, cause="thu hồi", effective_on=D(2026, 7, 1))
    for key in ("withdrawal", "correction"):
        with pytest.raises(ServiceRefusal, match="chỉ hủy bỏ được"):
            enter(key, [], target=withdrawal, cause="sai", effective_on=D(2026, 8, 1))


def test_a_corrected_replacement_still_replaces(person: Cadre) -> None:
    before, right = _everything(person), make_unit()
    target = enter("transfer", [person], unit=make_unit())
    other = enter("transfer", [person], unit=make_unit(), target=target, effective_on=D(2026, 6, 1))
    correction = enter("correction", [(person, {"unit": right})], target=other, cause="nhầm")
    assert Assignment.objects.filter(cadre=person).in_force(D(2026, 6, 1)).get().unit == right
    for one in (correction, other, target):
        _annul(one)
    assert _everything(person) == before


@pytest.mark.parametrize("seed", range(8))
def test_every_sequence_is_unwound_latest_first(person: Cadre, seed: int) -> None:
    dice, before = random.Random(seed), _everything(person)
    rank, day = make_code(Rank, "01.002", scale="A2.1"), D(2024, 1, 1)
    entered = [enter("transfer", [person], unit=make_unit(), effective_on=day)]
    for _ in range(7):
        day = day.replace(year=day.year + (day.month == 12), month=day.month % 12 + 1)
        key = dice.choice(["transfer", "rank_change", "correction", "correction", "annulment", "withdrawal"])
        standing = [one for one in entered if Decision.objects.get(pk=one.pk).state == DecisionState.SIGNED]
        try:
            if key in ("transfer", "rank_change"):
                terms = {"unit": make_unit()} if key == "transfer" else {"rank": rank, "step": 2}
                entered.append(enter(key, [person], effective_on=day, **terms))
            elif standing:
                target = dice.choice(standing)
                kind = target.kind.code
                own = {"unit": make_unit()} if kind == "x-dieu-dong" else {"step": dice.randint(1, 8)}
                people = [(person, own)] if key == "correction" else []
                entered.append(enter(key, people, target=target, cause="sai", effective_on=day))
        except (ServiceRefusal, DecisionRefused):
            continue
    for one in reversed(entered):
        one.refresh_from_db()
        assert one.state == DecisionState.SIGNED
        _annul(one)
    assert _everything(person) == before
