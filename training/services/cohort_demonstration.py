"""Classes of the demonstration province whose list waits to be chosen: quotas, nominations of many units."""

from __future__ import annotations

import datetime
from typing import Any, Final

from personnel.models import Cadre, Custody
from personnel.services.bulk import create_many
from personnel.services.demonstration.parts import demonstration_parts
from training.choices import ClassState, MemberState
from training.models import ClassMember, Programme, TrainingClass

PROGRAMME: Final = "QLNN-CV"
#: Every so many people is nominated, to the two classes in turn.
NOMINATED_EACH: Final = 24
#: Days from the demonstration's day to the beginning of each class, and how many days it takes.
BEGINS, DAYS = (41, 160), 40
QUOTAS: Final[dict[str, Any]] = {
    "min_women": 15,
    "min_minority": 12,
    "min_young": 12,
    "max_per_unit": 3,
    "reserves": 5,
}


class CohortsPart:
    """Two classes of one programme that take nominations."""

    key, order = "training-cohorts", 70

    def write(self, *, day: datetime.date) -> int:
        """Write them set-wise; answers the number of rows."""
        programme = Programme.objects.filter(code=PROGRAMME).first()
        if programme is None:
            return 0
        classes = create_many(TrainingClass, [self._class(programme, day, number) for number in (1, 2)])
        people = list(Cadre.objects.present_on(day).order_by("pk").values_list("pk", flat=True))[5::NOMINATED_EACH]
        kept = dict(Custody.objects.in_force(day).filter(cadre_id__any=people).values_list("cadre_id", "unit_id"))
        rows = [
            ClassMember(
                training_class=classes[place % 2],
                cadre_id=cadre_id,
                unit_id=kept[cadre_id],
                state=MemberState.NOMINATED,
                reason="Đơn vị cử theo nhu cầu vị trí việc làm",
            )
            for place, cadre_id in enumerate(people)
            if cadre_id in kept
        ]
        return len(classes) + len(create_many(ClassMember, rows))

    def _class(self, programme: Programme, day: datetime.date, number: int) -> TrainingClass:
        begins = day + datetime.timedelta(days=BEGINS[number - 1])
        return TrainingClass(
            code=f"{programme.code}-{begins.year}-K{number}",
            name=f"{programme.name}, khóa {number} năm {begins.year}"[:250],
            programme=programme,
            begins_on=begins,
            ends_on=begins + datetime.timedelta(days=DAYS),
            nominate_by=begins - datetime.timedelta(days=10),
            capacity=40,
            quotas=QUOTAS,
            mode=programme.mode,
            host=programme.host or "Trường Chính trị tỉnh",
            state=ClassState.NOMINATING,
        )


demonstration_parts.register(CohortsPart())
