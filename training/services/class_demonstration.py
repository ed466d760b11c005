"""Plans and classes of the demonstration province: three years of plans, classes in every state with their people."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from personnel.models import Cadre, Custody, Qualification
from personnel.services.bulk import create_many, update_many
from personnel.services.demonstration.parts import demonstration_parts
from planning.statistics.facts import leaders
from training.choices import ClassState, MemberState, NeedState, PlanState, Presence
from training.models import ClassMember, ClassSession, PlannedClass, Programme, TrainingClass, TrainingPlan
from training.services.certificates import issue_certificates, suggested_pattern
from training.services.plans import approve_plan
from training.services.results import finish_class
from training.statistics.needs import needs_for

#: Foreseen classes of each year: programme, month, seats.
LINES: Final = (
    ("LLCT-TC", 3, 40), ("LLCT-CC", 9, 30), ("QLNN-CV", 4, 40), ("QLNN-CVC", 10, 30), ("QPAN-3", 5, 40),
    ("LD-PHONG", 6, 35), ("TRE", 8, 25), ("CDS", 7, 60), ("NN-ANH-2", 11, 30),
)  # fmt: skip
WORKDAYS: Final = 5
#: Needs are asked of every so many people, for classes of more than so many: what is asked of all takes long.
ASKED_EACH: Final = 4
ASKED_FROM: Final = 20
GRADES: Final = ((90, "Xuất sắc"), (80, "Giỏi"), (70, "Khá"), (50, "Trung bình"))


@dataclass(frozen=True)
class _Told:
    """A class of the demonstration: its programme, which year (0 is this one), when, its state, how many people."""

    code: str
    year: int
    begins: int
    days: int
    state: str
    people: int


#: Classes; `begins` counts days from the day of the demonstration.
CLASSES: Final = (
    _Told("LLCT-TC", -1, -600, 130, ClassState.FINISHED, 30),
    _Told("QPAN-3", -1, -420, 12, ClassState.FINISHED, 34),
    _Told("QLNN-CV", 0, -220, 40, ClassState.FINISHED, 28),
    _Told("LD-PHONG", 0, -150, 10, ClassState.FINISHED, 25),
    _Told("QLNN-CVC", 0, -20, 30, ClassState.RUNNING, 24),
    _Told("LLCT-CC", 0, 25, 180, ClassState.CHOSEN, 20),
    _Told("NN-ANH-2", 0, 40, 60, ClassState.NOMINATING, 18),
    _Told("TRE", 0, 60, 60, ClassState.PLANNED, 0),
    _Told("CDS", 0, -60, 5, ClassState.CANCELLED, 6),
)


class ClassesPart:
    """Plans, classes, members, sessions, results, certificates."""

    key, order = "training-classes", 65

    def write(self, *, day: datetime.date) -> int:
        """Write them; answers the number of rows."""
        programmes = {one.code: one for one in Programme.objects.select_related("level", "language")}
        lines = self._plans(programmes, day)
        self.taken: set[int] = set()
        self.pool = list(Cadre.objects.present_on(day).order_by("pk").values_list("pk", flat=True))
        rows = len(lines)
        for number, told in enumerate(CLASSES):
            if told.code in programmes:
                rows += self._class(told, programmes[told.code], lines, day, number)
        return rows

    def _plans(self, programmes: Mapping[str, Programme], day: datetime.date) -> dict[tuple[int, str], PlannedClass]:
        found: dict[tuple[int, str], PlannedClass] = {}
        for ahead, state in ((-1, PlanState.APPROVED), (0, PlanState.APPROVED), (1, PlanState.DRAFT)):
            year = day.year + ahead
            name = f"Kế hoạch đào tạo, bồi dưỡng cán bộ, công chức, viên chức năm {year}"
            plan = TrainingPlan(year=year, name=name, budget=Decimal(4_000_000_000), state=PlanState.DRAFT)
            plan.save()
            lines = create_many(
                PlannedClass,
                [
                    PlannedClass(
                        plan=plan,
                        programme=programmes[code],
                        month=month,
                        seats=seats,
                        budget=(programmes[code].cost or Decimal(3_000_000)) * seats,
                    )
                    for code, month, seats in LINES
                    if code in programmes and (ahead < 1 or code not in ("QPAN-3", "CDS"))
                ],
            )
            found |= {(year, line.programme.code): line for line in lines}
            if lines and state == PlanState.APPROVED:
                plan.state = PlanState.SUBMITTED
                plan.save()
                approve_plan(plan=plan, values={"day": datetime.date(year, 1, 20)}, acting_user=None)
        return found

    def _class(
        self,
        told: _Told,
        programme: Programme,
        lines: Mapping[tuple[int, str], PlannedClass],
        day: datetime.date,
        number: int,
    ) -> int:
        begins = day + datetime.timedelta(days=told.begins)
        ends = begins + datetime.timedelta(days=told.days)
        year = day.year + told.year
        is_done = told.state == ClassState.FINISHED
        made = TrainingClass(
            code=f"{programme.code}-{year}-01",
            name=f"{programme.name} năm {year}"[:250],
            programme=programme,
            planned=lines.get((year, programme.code)),
            begins_on=begins,
            ends_on=ends,
            nominate_by=begins - datetime.timedelta(days=15),
            capacity=max(told.people, 20) + 5,
            host=programme.host or "Trường Chính trị tỉnh",
            mode=programme.mode,
            place=f"Hội trường {number + 1}, Trường Chính trị tỉnh",
            trainers="Giảng viên Trường Chính trị tỉnh",
            cost=(programme.cost or Decimal(3_000_000)) * told.people if is_done else None,
            state=ClassState.RUNNING if is_done else told.state,
        )
        made.save()
        sessions = create_many(ClassSession, self._sessions(made)) if told.state != ClassState.PLANNED else []
        rows = create_many(ClassMember, self._members(made, told, sessions, day))
        if is_done:
            finish_class(training_class=made, day=day, acting_user=None)
            if programme.gives:
                pattern, issued = suggested_pattern(made), ends + datetime.timedelta(days=10)
                issue_certificates(training_class=made, pattern=pattern, first=1, day=issued, acting_user=None)
            self._follow(rows)
        return 1 + len(sessions) + len(rows)

    def _sessions(self, made: TrainingClass) -> list[ClassSession]:
        """The first days of the class."""
        subjects = ("Khai giảng, chuyên đề mở đầu", "Chuyên đề 2", "Chuyên đề 3", "Thảo luận", "Ôn tập, kiểm tra")
        first = made.begins_on or datetime.date.min
        days = [first + datetime.timedelta(days=ahead) for ahead in range(WORKDAYS)]
        return [
            ClassSession(training_class=made, day=one, subject=subject, trainer="Giảng viên cơ hữu")
            for one, subject in zip(days, subjects, strict=True)
        ]

    def _members(
        self, made: TrainingClass, told: _Told, sessions: Sequence[ClassSession], day: datetime.date
    ) -> list[ClassMember]:
        ids = self._people(made.programme, told.people, day)
        units = dict(Custody.objects.in_force(day).filter(cadre_id__any=ids).values_list("cadre_id", "unit_id"))
        rows = []
        for place, pk in enumerate(ids):
            values: dict[str, Any] = {"state": MemberState.NOMINATED, "reason": ""}
            if told.state in (ClassState.RUNNING, ClassState.FINISHED, ClassState.CHOSEN):
                values = {"state": MemberState.CHOSEN, "reason": "Có nhu cầu theo vị trí đang giữ."}
            if told.state == ClassState.CHOSEN and place >= told.people - 3:
                values = {"state": MemberState.RESERVE, "reason": f"Dự bị số {place - told.people + 4}."}
            if told.state in (ClassState.RUNNING, ClassState.FINISHED):
                values |= _attended(place, sessions, day)
            if told.state == ClassState.FINISHED:
                values |= _result(place)
            rows.append(ClassMember(training_class=made, cadre_id=pk, unit_id=units[pk], **values))
        return rows

    def _people(self, programme: Programme, wanted: int, day: datetime.date) -> list[int]:
        """Who lacks what the programme gives, else others, spread over the province; nobody twice."""
        if not wanted:
            return []
        asked = Cadre.objects.filter(pk__any=self.pool[::ASKED_EACH])
        frame = needs_for(programme, asked, day) if programme.gives and wanted > ASKED_FROM else None
        lacking: list[int] = []
        if frame is not None:
            lacking = [int(pk) for pk in frame.loc[frame["state"] == NeedState.MISSING, "cadre_id"]]
        chosen = _spread([pk for pk in lacking if pk not in self.taken], wanted)
        gone = self.taken | set(chosen) | self._unfit(programme, day)
        others = [pk for pk in self.pool if pk not in gone]
        chosen += _spread(others, wanted - len(chosen))
        self.taken |= set(chosen)
        return chosen

    def _unfit(self, programme: Programme, day: datetime.date) -> set[int]:
        """Leaders, and who has a qualification of the kind: they would not be sent without a need."""
        held = Qualification.objects.filter(kind=programme.gives) if programme.gives else Qualification.objects.none()
        return {*leaders(day).values_list("cadre_id", flat=True), *held.values_list("cadre_id", flat=True)}

    def _follow(self, rows: Sequence[ClassMember]) -> None:
        """What was noted of some afterwards."""
        noted = list(ClassMember.objects.filter(pk__in=[row.pk for row in rows[::6]]))
        for row in noted:
            row.followed_up = "Áp dụng tốt kiến thức đã học vào công việc"
        update_many(ClassMember, noted, ["followed_up"])


def _spread(ids: Sequence[int], wanted: int) -> list[int]:
    """So many of the ids, evenly."""
    if wanted <= 0 or not ids:
        return []
    step = max(len(ids) // wanted, 1)
    return list(ids[::step][:wanted])


def _attended(place: int, sessions: Sequence[ClassSession], day: datetime.date) -> dict[str, Any]:
    marks = {
        str(one.pk): str(Presence.EXCUSED if (place + number) % 11 == 0 else Presence.PRESENT)
        for number, one in enumerate(sessions)
        if one.day <= day
    }
    return {"attendance": marks, "attended": sum(mark == Presence.PRESENT for mark in marks.values())}


def _result(place: int) -> dict[str, Any]:
    score = Decimal(45) if place % 17 == 16 else Decimal(62 + (place * 7) % 35)
    grade = next((words for least, words in GRADES if score >= least), "Không đạt")
    return {"score": score, "grade": grade, "state": MemberState.PASSED if score >= 50 else MemberState.FAILED}


demonstration_parts.register(ClassesPart())
