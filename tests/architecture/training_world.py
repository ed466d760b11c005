"""Training for the sample province: what each side has, and what is the whole province's."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from personnel.models import Cadre, Unit
from tests.factories.personnel import make
from training.models import (
    ClassDocument,
    ClassMember,
    ClassSession,
    PlannedClass,
    Programme,
    ProposedNeed,
    RankStandard,
    TrainingClass,
    TrainingPlan,
)

#: Tables whose ids begin far away, so that an id is told from any other number on a page.
TRAINING_MODELS = (
    Programme, ProposedNeed, RankStandard, TrainingPlan, PlannedClass, TrainingClass, ClassSession, ClassDocument,
    ClassMember,
)  # fmt: skip

NO_ID = 9_999_991
DAY = datetime.date(2026, 3, 2)

#: What fills the addresses of training, leading to nothing; by the keys of `training_things`.
NO_TRAINING: dict[str, tuple[Any, ...]] = {
    "need": (NO_ID,),
    "class_nominee": (NO_ID,),
    "class_graduate": (NO_ID,),
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
    return {"need": (proposal.pk,), **_members(unit, person)}


def _members(unit: Unit, person: Cadre) -> dict[str, tuple[Any, ...]]:
    """The person in a class of each step: nominated, studying, passed with a certificate."""
    running, finished = _class("running"), _class("finished")
    of = {"cadre": person, "unit": unit}
    nominee = make(ClassMember, training_class=_class("nominating"), reason=f"Cử {person.full_name}", **of)
    make(ClassMember, training_class=running, state="chosen", **of)
    passed = {"state": "passed", "certificate_number": f"CC-{unit.code}", "certified_on": DAY}
    graduate = make(ClassMember, training_class=finished, **passed, **of)
    return {"class_nominee": (nominee.pk,), "class_graduate": (graduate.pk,)}


def _class(state: str) -> TrainingClass:
    """A class in a state, which is the province's."""
    found = TrainingClass.objects.filter(code=f"LOP-{state}").first()
    if found is not None:
        return found
    days = {"begins_on": DAY, "ends_on": DAY}
    made: TrainingClass = make(
        TrainingClass, code=f"LOP-{state}", name="Lớp của tỉnh", programme=_programme(), capacity=9, state=state, **days
    )
    return made


def _session() -> ClassSession:
    """A session of the running class."""
    found = ClassSession.objects.filter(training_class__code="LOP-running").first()
    return found or make(ClassSession, training_class=_class("running"), day=DAY, subject="Mở đầu")  # type: ignore[no-any-return]


def _document() -> ClassDocument:
    """A document of the running class."""
    found = ClassDocument.objects.filter(training_class__code="LOP-running").first()
    return found or make(  # type: ignore[no-any-return]
        ClassDocument, training_class=_class("running"), title="Chương trình học", file="training/khong-co.pdf"
    )


def _line() -> PlannedClass:
    """The line of the plan that is being drawn up."""
    plan = _plan("draft")
    return plan.classes.first() or make(PlannedClass, plan=plan, programme=_programme(), seats=9)


def _plan(state: str) -> TrainingPlan:
    """A plan of training in a state, with one line."""
    found = TrainingPlan.objects.filter(state=state).first()
    if found is not None:
        return found
    year = 2026 + TrainingPlan.objects.count()
    made: TrainingPlan = make(TrainingPlan, year=year, name=f"Kế hoạch năm {year}", state=state)
    make(PlannedClass, plan=made, programme=_programme(), seats=9)
    return made


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
    "year_plan": lambda world: (_plan("draft").pk,),
    "year_plan_move": lambda world: (_plan("draft").pk, "submitted"),
    "year_plan_submitted": lambda world: (_plan("submitted").pk,),
    "year_plan_line": lambda world: (_line().pk,),
    "class_planned": lambda world: (_class("planned").pk,),
    "class_move": lambda world: (_class("planned").pk, "nominating"),
    "class_nominating": lambda world: (_class("nominating").pk,),
    "class_running": lambda world: (_class("running").pk,),
    "class_finished": lambda world: (_class("finished").pk,),
    "class_paper": lambda world: (_class("running").pk, "danh-sach", "xlsx"),
    "class_session": lambda world: (_session().pk,),
    "class_document": lambda world: (_document().pk,),
}
