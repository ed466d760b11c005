"""Published levels in item 35.1 of the unified form."""

from __future__ import annotations

from decimal import Decimal

import pytest

from appraisal.services.entering import Entry, enter_many
from appraisal.services.submitting import approve_unit, publish_unit, submit_unit
from personnel.models import Cadre, Commendation
from personnel.policies import Role
from personnel.reports.snapshot import record_snapshots
from personnel.reports.values import process_values
from personnel.services.delegations import load_default_delegations
from tests.appraisal.making import D, make_cycle, staff
from tests.factories.personnel import make, make_unit, make_user

pytestmark = pytest.mark.django_db


def _printed(cadre: Cadre, day: D) -> list[tuple[str, ...]]:
    (record,) = record_snapshots([cadre], day, None)
    return [row[:2] for row in process_values(record)["commendations"]]


def test_a_level_is_printed_once_published_and_not_before_its_year_ended() -> None:
    load_default_delegations()
    unit, cycle = make_unit(), make_cycle(2025)
    officer, leader = make_user(Role.PROVINCE_OFFICER), make_user(Role.APPROVER, unit=unit)
    rated, praised = staff(unit, 2)
    make(Commendation, cadre=praised, year=2025, detail="Giấy khen")
    make(Commendation, cadre=praised, year=2024, professional_rating="Giỏi")
    entries = [Entry(cadre.pk, {"level": "good", "score": Decimal(80)}) for cadre in (rated, praised)]
    enter_many(cycle=cycle, entries=entries, acting_user=officer, reason="nhập bảng")
    submit_unit(cycle=cycle, unit=unit, acting_user=officer)
    approve_unit(cycle=cycle, unit=unit, day=D(2025, 12, 10), acting_user=leader)
    assert _printed(rated, D(2026, 5, 1)) == []
    publish_unit(cycle=cycle, unit=unit, acting_user=officer)
    assert _printed(rated, D(2026, 5, 1)) == [("2025", "Hoàn thành tốt nhiệm vụ")]
    assert _printed(praised, D(2026, 5, 1)) == [("2024", "Giỏi"), ("2025", "Hoàn thành tốt nhiệm vụ")]
    assert _printed(rated, D(2025, 12, 30)) == []
