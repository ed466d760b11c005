"""A unit, a person whose record is full, and those who look at it."""

from __future__ import annotations

import pytest

from hrdb.kernel.models import User
from personnel.models import Cadre, Unit
from personnel.policies import Role
from tests.factories.personnel import make_unit, make_user
from tests.personnel.cadres.records import make_full_cadre


@pytest.fixture
def unit(db: None) -> Unit:
    """The department that keeps the record."""
    return make_unit("SNV", name="Sở Nội vụ")


@pytest.fixture
def elsewhere(db: None) -> Unit:
    """Another department."""
    return make_unit("STC", name="Sở Tài chính")


@pytest.fixture
def cadre(unit: Unit) -> Cadre:
    """A person of the department, with a row in every part of the record."""
    return make_full_cadre(unit)


@pytest.fixture
def officer(unit: Unit) -> User:
    """The department's officer."""
    return make_user(Role.UNIT_OFFICER, unit=unit, full_name="Hoàng Lan")
