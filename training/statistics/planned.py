"""The plan of a year against need and against what was done (kế hoạch, nhu cầu, thực hiện): one computation for page,
workbook and paper; people are counted in the reader's scope."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q

from training.choices import ATTENDING, ClassState, MemberState, NeedState
from training.models import ClassMember, PlannedClass, Programme, TrainingClass, TrainingPlan
from training.models.scope import trained_by
from training.statistics.asking import Asking
from training.statistics.needs import counts_by, requirements_by_programme

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: States of a need that a class answers.
LACKING: Final = (NeedState.MISSING, NeedState.EXPIRING)


@dataclass
class Done:
    """Classes of some programme and year, or of one line of a plan: opened, finished, seats, people, money."""

    opened: int = 0
    finished: int = 0
    cancelled: int = 0
    seats: int = 0
    members: int = 0
    passed: int = 0
    failed: int = 0
    cost: Decimal = Decimal(0)

    def add(self, other: Done) -> None:
        """Add another's figures."""
        for name in ("opened", "finished", "cancelled", "seats", "members", "passed", "failed", "cost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class PlanLine:
    """One foreseen class with the classes that were opened for it."""

    planned: PlannedClass
    number: int = 0
    classes: list[TrainingClass] = field(default_factory=list)
    done: Done = field(default_factory=Done)


@dataclass
class ProgrammeLine:
    """A programme in a plan: its foreseen classes against need and against what was done, also beside the plan."""

    programme: Programme
    lines: list[PlanLine] = field(default_factory=list)
    beside: list[TrainingClass] = field(default_factory=list)
    need: int | None = None
    done: Done = field(default_factory=Done)

    @property
    def classes(self) -> int:
        """Foreseen classes."""
        return len(self.lines)

    @property
    def seats(self) -> int:
        """Foreseen seats."""
        return sum(line.planned.seats for line in self.lines)

    @property
    def budget(self) -> Decimal:
        """Foreseen money."""
        return sum((line.planned.budget or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def gap(self) -> int | None:
        """How many of those who need it have no seat."""
        return None if self.need is None else max(self.need - self.seats, 0)


@dataclass
class PlanReport:
    """A plan by programme, with totals; `unplanned` are programmes that people need and the plan lacks."""

    plan: TrainingPlan
    rows: list[ProgrammeLine]
    unplanned: list[ProgrammeLine]
    total: ProgrammeTotal


@dataclass
class ProgrammeTotal:
    """The sums of a plan."""

    classes: int = 0
    seats: int = 0
    budget: Decimal = Decimal(0)
    need: int | None = None
    done: Done = field(default_factory=Done)


def plan_report(plan: TrainingPlan, *, user: User | None, day: datetime.date, with_needs: bool = False) -> PlanReport:
    """The plan by programme; `with_needs` counts also who needs what, of the reader's people on the day."""
    found: dict[int, ProgrammeLine] = {}
    by_line: dict[int, PlanLine] = {}
    lines = plan.classes.select_related("programme", "programme__level").order_by(
        "programme__kind", "programme__name", "month", "pk"
    )
    for number, planned in enumerate(lines, 1):
        row = found.setdefault(planned.programme_id, ProgrammeLine(planned.programme))
        by_line[planned.pk] = PlanLine(planned, number)
        row.lines.append(by_line[planned.pk])
    for opened, done in _classes(plan.year, by_line, user):
        line = by_line.get(opened.planned_id or 0)
        if line is not None:
            line.classes.append(opened)
            line.done.add(done)
        row = found.setdefault(opened.programme_id, ProgrammeLine(opened.programme))
        if line is None:
            row.beside.append(opened)
        row.done.add(done)
    unplanned: list[ProgrammeLine] = []
    if with_needs:
        programmes = {one.pk: one for one in Programme.objects.filter(is_open=True).select_related("level")}
        programmes |= {pk: row.programme for pk, row in found.items()}
        needs = needs_by_programme(programmes.values(), user=user, day=day)
        for pk, row in found.items():
            row.need = needs.get(pk, 0)
        unplanned = [
            ProgrammeLine(programmes[pk], need=count) for pk, count in needs.items() if count and pk not in found
        ]
    rows = sorted(found.values(), key=lambda row: (row.programme.kind, row.programme.name, row.programme.pk))
    unplanned.sort(key=lambda row: -(row.need or 0))
    return PlanReport(plan, rows, unplanned, _total(rows, with_needs=with_needs))


def _total(rows: Iterable[ProgrammeLine], *, with_needs: bool) -> ProgrammeTotal:
    total = ProgrammeTotal(need=0 if with_needs else None)
    for row in rows:
        total.classes += row.classes
        total.seats += row.seats
        total.budget += row.budget
        total.done.add(row.done)
        if total.need is not None:
            total.need += row.need or 0
    return total


def _classes(year: int, by_line: Mapping[int, PlanLine], user: User | None) -> Iterable[tuple[TrainingClass, Done]]:
    """Classes of the lines, and others that begin in the year; with their people as far as the reader sees them."""
    beside = Q(planned__isnull=True, begins_on__year=year)
    classes = list(
        TrainingClass.objects.filter(Q(planned__in=list(by_line)) | beside)
        .select_related("programme")
        .order_by("begins_on", "pk")
    )
    people = people_counts([one.pk for one in classes], user)
    for one in classes:
        if one.state == ClassState.CANCELLED:
            yield one, Done(cancelled=1)
            continue
        counted = people[one.pk]
        yield (
            one,
            Done(
                opened=1,
                finished=int(one.state == ClassState.FINISHED),
                seats=one.capacity,
                members=sum(counted[state] for state in ATTENDING),
                passed=counted[MemberState.PASSED],
                failed=counted[MemberState.FAILED],
                cost=one.cost or Decimal(0),
            ),
        )


def people_counts(class_ids: Sequence[int], user: User | None) -> dict[int, dict[str, int]]:
    """How many members of each state some classes have, as far as the reader sees them."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = ClassMember.objects.all().visible_to(user).filter(training_class__in=class_ids).order_by()
    for class_id, state, count in rows.values_list("training_class_id", "state").annotate(number=Count("pk")):
        found[class_id][state] = count
    return found


def needs_by_programme(programmes: Iterable[Programme], *, user: User | None, day: datetime.date) -> dict[int, int]:
    """How many of the reader's people lack, or soon lack, what each programme gives: three queries."""
    listed = list(programmes)
    counted: dict[str, int] = defaultdict(int)
    frame = counts_by(Asking(trained_by(user), day, user), "title")
    for requirement, state, count in frame[["requirement", "state", "count"]].itertuples(index=False):
        if state in LACKING:
            counted[requirement] += int(count)
    asked = requirements_by_programme(listed)
    return {pk: sum(counted[key] for key in set(keys)) for pk, keys in asked.items()}


@dataclass(frozen=True)
class YearCell:
    """A programme in one year: foreseen and done."""

    classes: int
    seats: int
    budget: Decimal
    passed: int


@dataclass(frozen=True)
class YearsRow:
    """A programme over some years."""

    programme: Programme
    cells: tuple[YearCell | None, ...]


def years_report(years: Sequence[int], *, user: User | None) -> tuple[list[YearsRow], list[YearCell]]:
    """Programmes by year: foreseen classes, seats and money, and who passed; with the totals of each year."""
    planned: dict[tuple[int, int], list[PlannedClass]] = defaultdict(list)
    for line in PlannedClass.objects.filter(plan__year__in=years).select_related("plan", "programme"):
        planned[line.programme_id, line.plan.year].append(line)
    passed: dict[tuple[int, int], int] = defaultdict(int)
    rows = ClassMember.objects.all().visible_to(user).filter(state=MemberState.PASSED).order_by()
    counted = (
        rows.filter(training_class__ends_on__year__in=years)
        .values_list("training_class__programme_id", "training_class__ends_on__year")
        .annotate(number=Count("pk"))
    )
    for programme_id, year, count in counted:
        passed[programme_id, year] = count
    ids = {programme_id for programme_id, _ in {*planned, *passed}}
    programmes = Programme.objects.filter(pk__in=ids).order_by("kind", "name")
    found = [
        YearsRow(one, tuple(_cell(planned[one.pk, year], passed[one.pk, year]) for year in years)) for one in programmes
    ]
    totals = []
    for place, year in enumerate(years):
        cells = [row.cells[place] for row in found]
        totals.append(
            YearCell(
                sum(cell.classes for cell in cells if cell),
                sum(cell.seats for cell in cells if cell),
                sum((cell.budget for cell in cells if cell), Decimal(0)),
                sum(count for (_, of), count in passed.items() if of == year),
            )
        )
    return found, totals


def _cell(lines: Sequence[PlannedClass], passed: int) -> YearCell | None:
    if not lines and not passed:
        return None
    budget = sum((line.budget or Decimal(0) for line in lines), Decimal(0))
    return YearCell(len(lines), sum(line.seats for line in lines), budget, passed)
