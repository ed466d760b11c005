"""Planning year by year (số liệu quy hoạch hằng năm): what stood at the end of each year and what changed in it.

A figure is a class of `yearly_figures`; other subjects of the app (rotation) register theirs, in sections of their own.
Everything is counted of what the reader may see; a year that is not over ends on the asked day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from django.db.models import Count, Exists, OuterRef, Q

from hrdb.kernel.dates import latest_birth
from hrdb.kernel.registries import Registry
from personnel.choices import AssignmentKind, Sex
from personnel.models import Assignment
from personnel.statistics import POPULATIONS
from personnel.statistics.people import counted
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
    """A year up to the day on which it is counted; `known` keeps what its figures count together."""

    year: int
    start: date
    end: date
    known: dict[str, dict[str, int]] = field(default_factory=dict, compare=False)


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
    """What stood at the end of the year; figures of one `tally` are counted by one query."""

    section = "Cuối năm (năm chưa hết: đến ngày xem)"
    #: What names the people whom it counts, where they can be opened.
    text: ClassVar[str] = ""
    tally: ClassVar[Callable[[date, User | None], dict[str, int]]]

    def counts(self, years: Sequence[YearSpan], user: User | None) -> Mapping[int, YearCount]:
        """One year after the other; before any list stood nothing is asked."""
        return {span.year: YearCount(self._tallied(span, user).get(self.key, 0), self.text) for span in years}

    def _tallied(self, span: YearSpan, user: User | None) -> dict[str, int]:
        stands = span.known.get("rounds")
        if stands is None:
            count = PlanningRound.objects.in_force(span.end).count()
            stands = span.known["rounds"] = {"count": count}
        if not stands["count"]:
            return {}
        tally = type(self).tally
        if tally.__name__ not in span.known:
            span.known[tally.__name__] = tally(span.end, user)
        return span.known[tally.__name__]


def _seats(day: date, user: User | None) -> dict[str, int]:
    """Seats of the lists in force, each once though several rounds may plan for it."""
    rounds = PlanningRound.objects.in_force(day).values("pk")
    seats = PlannedSeat.objects.visible_to(user).filter(round__in=rounds)
    return {"seats": seats.order_by().values("title_id", "unit_id").distinct().count()}


def _entries(day: date, user: User | None) -> dict[str, int]:
    """Rows of the lists in force."""
    rows = Candidate.objects.all().visible_to(user).in_plan(day).order_by()
    return rows.aggregate(  # type: ignore[no-any-return]
        entries=Count("pk"), first=Count("pk", filter=Q(object=1)), second=Count("pk", filter=Q(object=2))
    )


def _people(day: date, user: User | None) -> dict[str, int]:
    """Planned people, each once, as the statistic of the day counts them."""
    people = counted(POPULATIONS[PLANNED], user=user, day=day).order_by()
    bounds = ages(day)
    young = Q(born__gt=latest_birth(bounds[0] + 1, day)) if bounds else Q(pk__in=[])
    return people.aggregate(  # type: ignore[no-any-return]
        people=Count("pk"),
        female=Count("pk", filter=Q(sex=Sex.FEMALE)),
        minority=Count("pk", filter=Q(ethnicity__is_minority=True)),
        young=Count("pk", filter=young),
    )


@register_figure
class SeatCount(Standing):
    """Seats of the lists in force."""

    key, label, order, tally = "seats", "Chức danh được quy hoạch", 10, _seats


@register_figure
class EntryCount(Standing):
    """Rows of the lists in force."""

    key, label, order, tally = "entries", "Lượt người trong quy hoạch", 20, _entries


@register_figure
class FirstObject(Standing):
    """Rows of object 1."""

    key, label, order, tally = "first", "Lượt người đối tượng 1", 30, _entries


@register_figure
class SecondObject(Standing):
    """Rows of object 2."""

    key, label, order, tally = "second", "Lượt người đối tượng 2", 40, _entries


@register_figure
class Everybody(Standing):
    """Planned people; the number opens them."""

    key, label, order, tally = "people", "Người trong quy hoạch", 50, _people
    text = f"{PLANNED}:"


@register_figure
class Women(Standing):
    """Women among them."""

    key, label, order, tally = "female", "Trong đó: nữ", 60, _people
    text = f"{PLANNED}:sex=female"


@register_figure
class Minority(Standing):
    """People of an ethnic minority among them; the number opens nobody, as ethnic groups are not everyone's to read."""

    key, label, order, tally = "minority", "Trong đó: dân tộc thiểu số", 70, _people


@register_figure
class Young(Standing):
    """People of the first age group of the form 12."""

    key, label, order, tally = "young", "Trong đó: nhóm tuổi thứ nhất", 80, _people

    def label_on(self, day: date) -> str:
        """With the age of the form."""
        bounds = ages(day)
        return f"Trong đó: đến {bounds[0]} tuổi" if bounds else self.label


class Changed(YearlyFigure):
    """What changed in the year."""

    section = "Trong năm"

    def number(self, span: YearSpan, user: User | None) -> int:
        """The number of a year."""
        raise NotImplementedError

    def counts(self, years: Sequence[YearSpan], user: User | None) -> Mapping[int, YearCount]:
        """One number after the other."""
        return {span.year: YearCount(self.number(span, user)) for span in years}


def _approved_in(span: YearSpan) -> Q:
    """Condition on rows that their list was approved in a year."""
    return Q(
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
        rows = Candidate.objects.all().visible_to(user)
        return int(rows.filter(_approved_in(span), stood, carried_from__isnull=True).count())


@register_figure
class Removed(Changed):
    """Rows that went off a list."""

    key, label, order = "removed", "Lượt người đưa ra khỏi quy hoạch", 120

    def number(self, span: YearSpan, user: User | None) -> int:
        """At once, or by a review that was approved in the year."""
        gone = (CandidateState.REMOVED, CandidateState.REJECTED)
        at_once = Q(state=CandidateState.REMOVED, removed_on__gte=span.start, removed_on__lte=span.end)
        reviewed = _approved_in(span) & Q(state__in=gone, carried_from__isnull=False, removed_on__isnull=True)
        return int(Candidate.objects.all().visible_to(user).filter(at_once | reviewed).count())


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
