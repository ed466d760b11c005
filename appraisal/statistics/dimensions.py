"""Ratings as a dimension of statistics (xếp loại năm): approved results of the last year that had ended by the day."""

from __future__ import annotations

from typing import Final

from appraisal.choices import FROZEN_SUBMISSIONS, CycleKind, LevelChoice
from personnel.statistics import DIMENSIONS, SOURCES, Dimension, Source
from personnel.statistics.dimensions import fixed

EXCLUDED: Final = "excluded"

_FROZEN: Final = ", ".join(f"'{state}'" for state in FROZEN_SUBMISSIONS)

SOURCES.register(
    Source(
        key="rating",
        join=(
            "LEFT JOIN (SELECT rated.cadre_id, rated.level, rated.exclusion FROM appraisal_rating rated"
            f" JOIN appraisal_ratingcycle cycle ON cycle.id = rated.cycle_id AND cycle.kind = '{CycleKind.YEAR}'"
            "  AND cycle.ends_on = (SELECT max(ended.ends_on) FROM appraisal_ratingcycle ended"
            f"   WHERE ended.kind = '{CycleKind.YEAR}' AND ended.ends_on <= %(day)s)"
            " JOIN appraisal_unitsubmission approved ON approved.cycle_id = rated.cycle_id"
            f"  AND approved.unit_id = rated.unit_id AND approved.state IN ({_FROZEN})"
            " WHERE rated.cadre_id IN (SELECT id FROM people)) rating ON rating.cadre_id = cadre.id"
        ),
    )
)

DIMENSIONS.register(
    Dimension(
        key="rating",
        label="Xếp loại năm",
        sources=("rating",),
        expression=(
            f"CASE WHEN rating.level <> '' THEN rating.level WHEN rating.exclusion <> '' THEN '{EXCLUDED}' END"
        ),
        members=fixed([*((value, str(label)) for value, label in LevelChoice.choices), (EXCLUDED, "Không xếp loại")]),
    )
)
