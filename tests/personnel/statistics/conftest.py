"""A small made-up province for the tests of statistics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bench.generated import generate_province
from personnel.choices import QualificationKind, RankGroup, TitleGroup
from personnel.models import EthnicGroup, QualificationLevel, Rank, Title
from personnel.statistics.dimensions import DEGREE_GROUPS, MANAGEMENT_GROUPS, THEORY_GROUPS
from tests.factories.personnel import make_title, make_unit
from tests.once import made_once


def make_code_lists() -> None:
    """A few items of each code list that statistics read."""
    EthnicGroup.objects.bulk_create(
        EthnicGroup(code=f"{number:02}", name=name, position=number, is_minority=number > 1)
        for number, name in enumerate(("Kinh", "Tày", "Thái", "Mông"), start=1)
    )
    Rank.objects.bulk_create(
        Rank(code=f"01.00{number}", name=group.label or "Khác", position=number, group=group)
        for number, group in enumerate((*RankGroup, ""), start=1)
        if group
    )
    Rank.objects.create(code="99.000", name="Ngạch chưa xếp nhóm", position=99, group="")
    kinds = (
        (QualificationKind.PROFESSIONAL, DEGREE_GROUPS),
        (QualificationKind.POLITICAL_THEORY, THEORY_GROUPS),
        (QualificationKind.STATE_MANAGEMENT, MANAGEMENT_GROUPS),
    )
    for kind, groups in kinds:
        for number, (group, label) in enumerate(groups, start=1):
            QualificationLevel.objects.create(
                kind=kind,
                code=f"{number:02}",
                name=label,
                position=number,
                group="" if group == "other" else group,
                rank=None if group == "none" else number,
            )
    QualificationLevel.objects.create(
        kind=QualificationKind.PROFESSIONAL, code="09", name="Chưa xác định", position=90, group="", rank=None
    )
    for number, group in enumerate(TitleGroup, start=1):
        make_title(f"CD-{group}", name=group.label, group=group, rank=number, is_leadership=number < 5)
    assert Title.objects.count() == len(TitleGroup)


def make_province() -> None:
    """A root, eight units below it with three parts each, and 400 people with pasts."""
    make_code_lists()
    make_unit("UBND", name="Ủy ban nhân dân tỉnh")
    generate_province(people=400, departments=8, parts=3)


@pytest.fixture
def code_lists(db: None) -> None:
    """The code lists and nobody."""
    make_code_lists()


@pytest.fixture
def province(db: None) -> None:
    """A made-up province for one test."""
    make_province()


@pytest.fixture(scope="module")
def _standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A made-up province for all tests of a module, rolled back at its end."""
    with made_once(django_db_blocker):
        make_province()
        yield


@pytest.fixture
def standing_province(_standing: None, db: None) -> None:
    """The province of the module; each test in a savepoint. No test of such a module may ask for another fixture."""
