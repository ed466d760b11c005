"""Training for the sample province: what each side has, and what is the whole province's."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from personnel.models import Cadre, Unit
from tests.factories.personnel import make
from training.models import Programme, ProposedNeed, RankStandard, TrainingClass, TrainingPlan

#: Tables whose ids begin far away, so that an id is told from any other number on a page.
TRAINING_MODELS = (Programme, ProposedNeed, RankStandard, TrainingPlan, TrainingClass)

NO_ID = 9_999_991
DAY = datetime.date(2026, 3, 2)

#: What fills the addresses of training, leading to nothing; by the keys of `training_things`.
NO_TRAINING: dict[str, tuple[Any, ...]] = {
    "need": (NO_ID,),
}


def training_things(unit: Unit, person: Cadre) -> dict[str, tuple[Any, ...]]:
    """What fills the addresses of training of one unit, by the kind of thing."""
    programme = _programme()
    proposal = make(
        ProposedNeed,
        cadre=person,
        programme=programme,
        unit=unit,
        proposed_on=DAY,
        reason=f"Cần cho {person.full_name}",
    )
    return {"need": (proposal.pk,)}


def _programme() -> Programme:
    """A programme, which is the province's."""
    found = Programme.objects.filter(code="CT-MAU").first()
    return found or make(Programme, code="CT-MAU", name="Bồi dưỡng mẫu", kind="position")  # type: ignore[no-any-return]


def _rank_standard() -> RankStandard:
    """What a group of ranks asks."""
    found = RankStandard.objects.first()
    return found or make(  # type: ignore[no-any-return]
        RankStandard, group="senior", requirement="defence", value="x", citation="Quy định", effective_from=DAY
    )


def _cohort_class() -> TrainingClass:
    """A class that takes nominations and has none."""
    found = TrainingClass.objects.filter(code="LOP-MAU").first()
    return found or make(  # type: ignore[no-any-return]
        TrainingClass, code="LOP-MAU", name="Lớp mẫu", programme=_programme(), capacity=2, state="nominating"
    )


#: Things of training that no unit limits.
TRAINING_SHARED: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "programme": lambda world: (_programme().pk,),
    "rank_standard": lambda world: (_rank_standard().pk,),
    "cohort_class": lambda world: (_cohort_class().pk,),
}
