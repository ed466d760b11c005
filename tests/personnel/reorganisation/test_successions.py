"""A unit followed through its mergers and divisions, forwards and backwards."""

from __future__ import annotations

import datetime

import pytest

from personnel.choices import StepKind, UnitSuccessionKind
from personnel.models import Unit
from personnel.services.reorganisation.applying import apply_case
from personnel.services.reorganisation.cases import open_case, save_step
from personnel.statistics.successions import Lineage, predecessors_of, successors_of
from tests.factories.personnel import make_unit

pytestmark = pytest.mark.django_db

D = datetime.date
FIRST, SECOND, THIRD = D(2015, 1, 1), D(2020, 1, 1), D(2025, 7, 1)


def _on(day: datetime.date, kind: str, sources: list[str], targets: list[str], **values: object) -> None:
    case = open_case(title="Sắp xếp", day=day, unit=None, acting_user=None)
    save_step(case=case, kind=kind, sources=sources, targets=targets, values=values, acting_user=None)
    apply_case(case=case, acting_user=None)


def _ends(chains: list[object]) -> set[str]:
    return set(Unit.objects.filter(pk__in=[chain.unit_id for chain in chains]).values_list("code", flat=True))


@pytest.fixture
def units() -> dict[str, Unit]:
    """A and B become AB in 2015; AB and C become ABC in 2020; D is taken up by ABC in 2025."""
    units = {code: make_unit(code) for code in "ABCD"}
    _on(FIRST, StepKind.MERGE, ["A", "B"], ["AB"], name="AB")
    _on(SECOND, StepKind.MERGE, ["AB", "C"], ["ABC"], name="ABC")
    _on(THIRD, StepKind.MERGE, ["D"], ["ABC"])
    return units | {code: Unit.objects.get(code=code) for code in ("AB", "ABC")}


def test_a_unit_is_followed_through_two_mergers(units: dict[str, Unit]) -> None:
    followed = {
        day: _ends(successors_of(units["A"], day)) for day in (D(2014, 12, 31), FIRST, D(2019, 12, 31), SECOND, THIRD)
    }
    assert followed == {
        D(2014, 12, 31): {"A"},
        FIRST: {"AB"},
        D(2019, 12, 31): {"AB"},
        SECOND: {"ABC"},
        THIRD: {"ABC"},
    }
    [chain] = successors_of(units["A"], THIRD)
    assert [(link.kind, link.day) for link in chain.links] == [
        (UnitSuccessionKind.MERGE, FIRST), (UnitSuccessionKind.MERGE, SECOND),
    ]  # fmt: skip
    assert chain.is_whole


def test_a_unit_is_traced_back_to_what_it_was_made_of(units: dict[str, Unit]) -> None:
    traced = {day: _ends(predecessors_of(units["ABC"], day)) for day in (D(2014, 1, 1), FIRST, SECOND, THIRD)}
    assert traced == {
        D(2014, 1, 1): {"A", "B", "C", "D"},
        FIRST: {"AB", "C", "D"},
        SECOND: {"ABC", "D"},
        THIRD: {"ABC"},
    }


def test_a_division_is_followed_to_its_parts_and_is_told_not_to_be_whole(units: dict[str, Unit]) -> None:
    day = D(2026, 1, 1)
    for code in ("P", "Q"):
        _on(D(2025, 12, 1), StepKind.CREATE, [], [code], name=code)
    _on(day, StepKind.SPLIT, ["ABC"], ["P", "Q"])
    chains = successors_of(units["B"], day)
    assert _ends(chains) == {"P", "Q"}
    assert not any(chain.is_whole for chain in chains)
    assert _ends(predecessors_of(Unit.objects.get(code="Q"), D(2014, 1, 1))) == {"A", "B", "C", "D"}


def test_a_unit_without_any_succession_is_followed_by_itself_while_it_exists(units: dict[str, Unit]) -> None:
    alone = make_unit("E", effective_until=SECOND)
    lineage = Lineage.read()
    assert [chain.unit_id for chain in lineage.successors(alone.pk, FIRST)] == [alone.pk]
    assert lineage.successors(alone.pk, SECOND) == []
    assert lineage.predecessors(alone.pk, D(1999, 1, 1)) == []
