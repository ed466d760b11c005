"""Pay figures of decisions against the pay tables: the next step, its coefficient, and ranks that no table has."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from personnel.choices import PayScheme
from personnel.models import Cadre, PayStep, Rank
from personnel.services.decisions.cases import DecisionRefused
from tests.factories.personnel import make, make_cadre, make_code
from tests.personnel.decisions.making import D, enter

pytestmark = pytest.mark.django_db

DUE = D(2026, 12, 5)
HELD_FROM = D(2023, 12, 5)


def _paid(step: int | None, *, scale: str = "A1", held_from: datetime.date = HELD_FROM) -> Cadre:
    person, rank = make_cadre(born=D(1972, 5, 10), since=D(1998, 1, 1)), make_code(Rank, f"01.003{scale}", scale=scale)
    make(PayStep, cadre=person, scheme=PayScheme.RANK, rank=rank, step=step, effective_from=held_from)
    return person


def _refused(person: Cadre, key: str = "pay_step", **said: Any) -> str:
    with pytest.raises(DecisionRefused) as refused:
        enter(key, [(person, said)], effective_on=DUE, overrides={"pay-coefficient": "cứ ghi"})
    return " ".join(refused.value.faults[0])


def test_a_coefficient_is_that_of_the_table() -> None:
    told = _refused(_paid(2), coefficient=Decimal("999"))
    assert "bậc 3 là 3,00" in told
    assert "204/2004/NĐ-CP" in told
    person = _paid(2)
    enter("pay_step", [(person, {"coefficient": Decimal("3.00")})], effective_on=DUE)
    assert PayStep.objects.filter(cadre=person).in_force(DUE).get().coefficient == Decimal("3.00")


def test_a_regular_step_is_the_next() -> None:
    assert "bậc liền sau là bậc 3, không phải bậc 7" in _refused(_paid(2), step=7)
    told = _refused(_paid(1), step=99)
    assert "bậc liền sau là bậc 2" in told
    assert "bậc cuối" not in told
    assert "Đã ở bậc cuối (bậc 9)" in _refused(_paid(9))
    assert "có 9 bậc, không có bậc 12" in _refused(_paid(None), step=12)


def test_over_frame_comes_at_the_last_step() -> None:
    assert "chưa đến bậc cuối (bậc 9)" in _refused(_paid(4), "over_frame", over_frame_percent=Decimal(5))


def test_another_rank_and_an_entry_are_compared_too() -> None:
    rank = make_code(Rank, "01.002", scale="A2.1")
    said = {"rank": rank, "step": 1, "coefficient": Decimal("5")}
    for key in ("rank_promotion", "rank_appointment"):
        assert "bậc 1 là 4,40" in _refused(_paid(2), key, **said)


def test_a_rank_without_a_table_is_said_to_be_unconfirmed() -> None:
    person = _paid(2, scale="")
    made = enter(
        "pay_step",
        [(person, {"coefficient": Decimal("3.99")})],
        effective_on=DUE,
        overrides={"pay-coefficient": "theo quyết định đã ký"},
    )
    (kept,) = [one for one in made.items.get().findings if one["rule"] == "pay-coefficient"]
    assert (kept["outcome"], kept["confidence"]) == ("unknown", "unconfirmed")


def test_before_the_tables_begin_nothing_is_compared() -> None:
    person = _paid(2, held_from=D(1999, 1, 1))
    enter("pay_step", [(person, {"coefficient": Decimal("2.02")})], effective_on=D(2002, 1, 1))
    assert PayStep.objects.filter(cadre=person, step=3).exists()
