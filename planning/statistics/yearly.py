"""Planning year by year (số liệu quy hoạch hằng năm): what stood at the end of each year and what changed in it.

A figure is a class of `yearly_figures`; other subjects of the app (rotation) register theirs, in sections of their own.
Everything is counted of what the reader may see; a year that is not over ends on the asked day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.db.models import Exists, OuterRef, Q

from hrdb.kernel.dates import latest_birth
from hrdb.kernel.registries import Registry
from personnel.choices import AssignmentKind
from personnel.models import Assignment, Cadre
from personnel.statistics import POPULATIONS
from personnel.statistics.people import counted, narrow
from planning.choices import FROZEN_ROUNDS, CandidateState
from planning.models import Candidate, PlannedSeat, PlanningRound, RotationItem
from planning.rules.forms import ages
from planning.statistics.rotation_table import DONE
from planning.statistics.rotation_table import counted as counted_rotations

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: How many years the summary shows.
YEARS: Final = 5
PLANNED: Final = "planned"


@dataclass(frozen=True, slots=True)
class YearSpan:
    """A year up to the day on which it is counted."""

    year: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class YearCount:
    """A number of a year; `text` names the people whom it counts (see personnel/statistics/people.py), where they can
    be opened."""

    count: int
    text: str = ""


class YearlyFigure:
    """A figure of each year. Subclass it and register it in `yearly_figures`.

    `section` is the head that it stands under; figures of a section follow each other by `order`.
    """

    key: ClassVar[str] = ""
    label: ClassVar[str] = ""
    section: ClassVar[str] = ""
    order: ClassVar[int] = 100

    def label_on(self, day: date) -> str:
        """Its words on a day; they may name an age of the law."""
        return self.label

    def counts(self, years: Sequence[YearSpan], user: User | None) -> Mapping[int, YearCount]:
        """The number of each year, of what the reader may see; queries for each year, none for each person."""
        raise NotImplementedError


yearly_figures: Registry[YearlyFigure] = Registry("số liệu quy hoạch hằng năm")


def register_figure(figure: type[YearlyFigure]) -> type[YearlyFigure]:
    """Add a figure; usable as a class decorator."""
    yearly_figures.register(figure())
    return figure


def spans(day: date, count: int = YEARS) -> tuple[YearSpan, ...]:
    """The years up to that of a day, the oldest first."""
    years = range(day.year - count + 1, day.year + 1)
    return tuple(YearSpan(year, date(year, 1, 1), min(day, date(year, 12, 31))) for year in years)


def figures_in_order() -> list[YearlyFigure]:
    """All figures, sections together."""
    return sorted(yearly_figures, key=lambda one: one.order)


class Standing(YearlyFigure):
    """What stood at the end of the year."""

    section = "Cuối năm (năm chưa hết: đến ngày xem)"

    def rows(self, day: date, user: User | None) -> Any:
        """The rows of lists in force on a day."""
        return Candidate.objects.all().visible_to(user).in_plan(day)

    def count(self, day: date, user: User | None) -> YearCount:
        """The number on a day."""
        raise NotImplementedError

    def counts(self, years: Sequence[YearSpan], user: User | None) -> Mapping[int, YearCount]:
        """One number after the other."""
        return {span.year: self.count(span.end, user) for span in years}


@register_figure
class SeatCount(Standing):
    """Seats of the lists in force."""

    key, label, order = "seats", "Chức danh được quy hoạch", 10

    def count(self, day: date, user: User | None) -> YearCount:
        """Each seat once, though several rounds may plan for it."""
        rounds = PlanningRound.objects.in_force(day).values("pk")
        seats = PlannedSeat.objects.visible_to(user).filter(round__in=rounds)
        return YearCount(seats.order_by().values("title_id", "unit_id").distinct().count())


@register_figure
class EntryCount(Standing):
    """Rows of the lists in force."""

    key, label, order = "entries", "Lượt người trong quy hoạch", 20

    def count(self, day: date, user: User | None) -> YearCount:
        """All rows."""
        return YearCount(self.rows(day, user).count())


class ObjectCount(Standing):
    """Rows of one object."""

    object_: ClassVar[int]

    def count(self, day: date, user: User | None) -> YearCount:
        """The rows of the object."""
        return YearCount(self.rows(day, user).filter(object=self.object_).count())


@register_figure
class FirstObject(ObjectCount):
    """Rows of object 1."""

    key, label, order, object_ = "first", "Lượt người đối tượng 1", 30, 1


@register_figure
class SecondObject(ObjectCount):
    """Rows of object 2."""

    key, label, order, object_ = "second", "Lượt người đối tượng 2", 40, 2


class PeopleCount(Standing):
    """People who are planned, each once; the number opens them."""

    text: ClassVar[str] = f"{PLANNED}:"

    def count(self, day: date, user: User | None) -> YearCount:
        """By the same text that opens them."""
        return YearCount(narrow(Cadre.objects.all(), self.text, day, user).count(), self.text)


@register_figure
class Everybody(PeopleCount):
    """Planned people."""

    key, label, order = "people", "Người trong quy hoạch", 50


@register_figure
class Women(PeopleCount):
    """Women among them."""

    key, label, order, text = "female", "Trong đó: nữ", 60, f"{PLANNED}:sex=female"


@register_figure
class Minority(PeopleCount):
    """People of an ethnic minority among them; the number opens nobody, as ethnic groups are not everyone's to read."""

    key, label, order = "minority", "Trong đó: dân tộc thiểu số", 70

    def count(self, day: date, user: User | None) -> YearCount:
        """Counted, not opened."""
        people = counted(POPULATIONS[PLANNED], user=user, day=day)
        return YearCount(people.filter(ethnicity__is_minority=True).count())


@register_figure
class Young(PeopleCount):
    """People of the first age group of the form 12."""

    key, label, order = "young", "Trong đó: nhóm tuổi thứ nhất", 80

    def label_on(self, day: date) -> str:
        """With the age of the form."""
        bounds = ages(day)
        return f"Trong đó: đến {bounds[0]} tuổi" if bounds else self.label

    def count(self, day: date, user: User | None) -> YearCount:
        """Those born after who has passed the age; nobody where it is not known."""
        bounds = ages(day)
        if bounds is None:
            return YearCount(0)
        people = counted(POPULATIONS[PLANNED], user=user, day=day)
        return YearCount(people.filter(born__gt=latest_birth(bounds[0] + 1, day)).count())


class Changed(YearlyFigure):
    """What changed in the year."""

    section = "Trong năm"

    def number(self, span: YearSpan, user: User | None) -> int:
        """The number of a year."""
        raise NotImplementedError

    def counts(self, years: Sequence[YearSpan], user: User | None) -> Mapping[int, YearCount]:
        """One number after the other."""
        return {span.year: YearCount(self.number(span, user)) for span in years}


def _approved_in(span: YearSpan, user: User | None) -> Any:
    """Rows of the lists that were approved in a year."""
    rows = Candidate.objects.all().visible_to(user)
    return rows.filter(
        seat__round__state__in=FROZEN_ROUNDS,
        seat__round__approved_on__gte=span.start,
        seat__round__approved_on__lte=span.end,
    )


@register_figure
class Added(Changed):
    """Rows that came onto a list."""

    key, label, order = "added", "Lượt người đưa vào quy hoạch", 110

    def number(self, span: YearSpan, user: User | None) -> int:
        """Those of lists approved in the year that no list before had, also who left since."""
        stood = Q(state=CandidateState.APPROVED) | Q(state=CandidateState.REMOVED, removed_on__isnull=False)
        return int(_approved_in(span, user).filter(stood, carried_from__isnull=True).count())


@register_figure
class Removed(Changed):
    """Rows that went off a list."""

    key, label, order = "removed", "Lượt người đưa ra khỏi quy hoạch", 120

    def number(self, span: YearSpan, user: User | None) -> int:
        """At once, or by a review that was approved in the year."""
        rows = Candidate.objects.all().visible_to(user).filter(state=CandidateState.REMOVED)
        at_once = rows.filter(removed_on__gte=span.start, removed_on__lte=span.end).count()
        gone = (CandidateState.REMOVED, CandidateState.REJECTED)
        reviewed = _approved_in(span, user).filter(state__in=gone, carried_from__isnull=False, removed_on__isnull=True)
        return int(at_once + reviewed.count())


@register_figure
class Appointed(Changed):
    """People who came into a post that they were planned for."""

    key, label, order = "appointed", "Người được bổ nhiệm, bầu vào chức danh đã quy hoạch", 130

    def number(self, span: YearSpan, user: User | None) -> int:
        """Main posts that began in the year, of title and unit of a list that stood on their first day."""
        first_day = OuterRef("effective_from")
        later = PlanningRound.objects.filter(follows=OuterRef("seat__round"), approved_on__lte=OuterRef(first_day))
        stood = Q(state=CandidateState.APPROVED) | Q(state=CandidateState.REMOVED, removed_on__gte=first_day)
        planned = (
            Candidate.objects.all()
            .visible_to(user)
            .filter(
                stood,
                ~Exists(later),
                cadre_id=OuterRef("cadre_id"),
                seat__title_id=OuterRef("title_id"),
                seat__unit_id=OuterRef("unit_id"),
                seat__round__state__in=FROZEN_ROUNDS,
                seat__round__approved_on__lte=first_day,
            )
        )
        posts = Assignment.objects.filter(
            Exists(planned),
            kind=AssignmentKind.MAIN,
            effective_from__gte=span.start,
            effective_from__lte=span.end,
        )
        return int(posts.order_by().values("cadre_id").distinct().count())


@register_figure
class Rotated(Changed):
    """Rotations carried out, as form 11 counts them."""

    key, label, section, order = "rotated", "Lượt luân chuyển đã thực hiện", "Luân chuyển trong năm", 210

    def number(self, span: YearSpan, user: User | None) -> int:
        """Those whose decision took effect in the year; of a year that is not over, by its last day."""
        items = counted_rotations(RotationItem.objects.all().visible_to(user), span.year, DONE)
        return int(items.filter(decision__effective_on__lte=span.end).count())


def sections(figures: Iterable[YearlyFigure]) -> dict[str, list[YearlyFigure]]:
    """Figures under their heads."""
    found: dict[str, list[YearlyFigure]] = {}
    for figure in figures:
        found.setdefault(figure.section, []).append(figure)
    return found
