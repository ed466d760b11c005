"""The ratings of the demonstration province: what was approved is intact, lawful, complete; this year is half way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from appraisal.choices import FROZEN_SUBMISSIONS, SubmissionState
from appraisal.models import ConfidenceVote, Rating, RatingCycle, UnitRating, UnitSubmission
from appraisal.services.submitting import frozen_content, hash_of, is_intact
from appraisal.statistics.checking import check_units
from appraisal.statistics.progress import progress_of, unit_progress
from appraisal.statistics.rated import Agencies
from hrdb.kernel.constraints import check_rows
from hrdb.kernel.history import history_model
from personnel.services.demonstration import load_demonstration
from personnel.services.reference import load_reference
from tests.once import made_once

DAY = date(2026, 11, 24)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A small demonstration province."""
    with made_once(django_db_blocker):
        load_reference()
        load_demonstration(size=300, seed=1, day=DAY)
        yield


def test_three_years_are_approved_published_and_intact() -> None:
    for year in (2023, 2024, 2025):
        cycle = RatingCycle.objects.get(code=str(year))
        units = unit_progress(cycle, Agencies(cycle.ends_on))
        figures = progress_of(cycle, units, DAY)
        assert figures.people == figures.done > 100
        assert figures.units == figures.approved == UnitSubmission.objects.filter(cycle=cycle).count()
        for row in UnitSubmission.objects.filter(cycle=cycle).select_related("unit")[:5]:
            assert row.state == SubmissionState.PUBLISHED
            assert is_intact(row)
            assert hash_of(frozen_content(cycle, row.unit)) == row.sha256
        assert not cycle.is_open


def test_what_was_sent_this_year_stands_by_the_law_and_the_rest_is_half_way() -> None:
    cycle = RatingCycle.objects.get(code="2026")
    sent = UnitSubmission.objects.filter(cycle=cycle, state__in=[SubmissionState.SUBMITTED, *FROZEN_SUBMISSIONS])
    checks = check_units(cycle, list(sent.values_list("unit_id", flat=True)))
    assert checks
    assert {unit_id: check.blocking for unit_id, check in checks.items() if check.blocking} == {}
    figures = progress_of(cycle, unit_progress(cycle, Agencies(cycle.ends_on)), DAY)
    assert 0.2 < figures.done / figures.people < 0.9
    assert 0 < figures.approved < figures.sent < figures.units
    assert cycle.is_open


def test_every_row_passes_the_checker_of_the_services_and_has_its_history() -> None:
    for model in (Rating, UnitRating, UnitSubmission, ConfidenceVote, RatingCycle):
        rows = list(model._default_manager.order_by("pk"))
        assert rows
        assert {place: error.messages for place, error in check_rows(model, rows[:400]).items()} == {}
        assert history_model(model)._default_manager.count() == len(rows)


def test_the_same_province_has_the_same_ratings_and_a_second_loading_writes_nothing() -> None:
    before = Rating.objects.count()
    assert load_demonstration(size=300, seed=1, day=DAY).is_new is False
    assert Rating.objects.count() == before
