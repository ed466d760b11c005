"""Records to print."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import pytest

from hrdb.kernel.models import User
from personnel.models import Cadre, Unit
from personnel.reports.snapshot import planned_titles
from tests.personnel.reports.records import full_record, province


@pytest.fixture
def units(db: None) -> dict[str, Unit]:
    """An invented province in small."""
    return province()


@pytest.fixture
def full(units: dict[str, Unit]) -> Cadre:
    """A person with a value in every row."""
    return full_record(units)


class PlannedForTests:
    """Stands for the app that plans successions."""

    key = "planned-for-tests"

    def titles(self, cadre_ids: Sequence[int], day: datetime.date, user: User | None) -> Mapping[int, Sequence[str]]:
        """Everybody is planned for one title."""
        return dict.fromkeys(cadre_ids, ("Phó Giám đốc Sở Giáo dục và Đào tạo",))


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Titles that people are planned for come from an upper app."""
    monkeypatch.setitem(planned_titles._entries, PlannedForTests.key, PlannedForTests())
