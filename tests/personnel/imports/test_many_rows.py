"""A roster of hundreds: as many queries as one of tens, and what only the database refuses is named by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.roster_files import FIRST_DAY, SECOND_DAY, people, promoted, write_roster_file
from hrdb.kernel.history import history_model
from hrdb.kernel.models import User
from personnel.imports.report import ImportReport
from personnel.imports.roster.importing import RosterOptions, commit_roster, new_batch, read_roster
from personnel.models import Assignment, Cadre, Employment, PayStep
from personnel.policies import Role
from personnel.services.bulk import COPY_FROM
from personnel.services.reference import load_reference
from tests.factories.personnel import make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def officer() -> User:
    """An officer of the whole province, which has three departments."""
    load_reference()
    for number in range(3):
        make_unit(f"NL.{number}", name=f"Sở Nhập liệu số {number}")
    return make_user(Role.PROVINCE_OFFICER)


def listed(count: int, seed: int) -> list[list[Any]]:
    """Rows of a roster of those departments."""
    rows = people(count, [f"Sở Nhập liệu số {number}" for number in range(3)], seed)
    for row in rows:
        row[5] = f"{row[5][:-6]}{seed:02d}{row[5][-4:]}"
    return rows


def import_file(path: Path, user: User) -> tuple[ImportReport, int]:
    """Import a file; the report and the number of queries."""
    with CaptureQueriesContext(connection) as queries:
        read = read_roster(path, user=user, options=RosterOptions())
        report = commit_roster(read, batch=new_batch(path, user=user)).report
    assert report.committed, report.errors[:3]
    return report, len(queries)


def test_new_same_and_changed_rows_cost_the_same_for_any_number(tmp_path: Path, officer: User) -> None:
    costs = []
    for seed, count in ((1, 30), (2, 2 * COPY_FROM), (3, 4 * COPY_FROM)):
        rows = listed(count, seed)
        first = write_roster_file(tmp_path / f"{seed}.xlsx", rows, FIRST_DAY)
        second = write_roster_file(tmp_path / f"{seed}-sau.xlsx", promoted(rows), SECOND_DAY)
        reports, queries = zip(*(import_file(path, officer) for path in (first, first, second)), strict=True)
        assert [report.created for report in reports] == [count, 0, 0]
        assert [report.same for report in reports] == [0, count, 0]
        assert [report.changed for report in reports] == [0, 0, count]
        costs.append(queries)
    few, many, more = costs
    assert many == more
    assert max(few) <= max(many) + 10
    assert Cadre.objects.count() == 30 + 6 * COPY_FROM


def test_the_same_file_again_writes_no_history(tmp_path: Path, officer: User) -> None:
    path = write_roster_file(tmp_path / "a.xlsx", listed(COPY_FROM + 20, 1), FIRST_DAY)
    import_file(path, officer)
    models: tuple[Any, ...] = (Cadre, Employment, Assignment, PayStep)
    before = [history_model(model)._default_manager.count() for model in models]
    assert min(before) == COPY_FROM + 20
    import_file(path, officer)
    assert [history_model(model)._default_manager.count() for model in models] == before
