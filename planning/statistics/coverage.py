"""The bench of every seat in scope (độ phủ quy hoạch): who could succeed and until when, who leaves it, who is missing.

Everything is read in a constant number of queries, of the lists in force on the day and as far as the reader sees them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F
from django.db.models.functions import Coalesce

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.parameters import ParameterUnknown
from personnel.models import Assignment, Cadre, Seat
from personnel.policies import Action
from personnel.statistics.due.terms import ROTATION_CODE
from planning.choices import RotationState
from planning.models import Candidate, PlannedSeat, PlanningRound, RotationItem
from planning.models.scope import seats_q
from planning.rules.bench import Bench, Leaving, QuarterOfBenches, Successor, by_quarter, successor_of, too_old_from
from planning.rules.eligibility import PEOPLE, PROPOSAL, SEATS, Person, Target, judge, retirement_for
from planning.statistics.judging import judged_with
from planning.statistics.ranking import last_write

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: What is not asked of somebody who is planned already: places, and that he is not being proposed.
PASSED: Final = frozenset({PEOPLE.key, SEATS.key, PROPOSAL.key})
#: A post: the title and the unit.
Post = tuple[int, int]


@dataclass(frozen=True)
class Coverage:
    """Every seat with its bench on a day."""

    day: date
    benches: tuple[Bench, ...]

    @property
    def quarters(self) -> list[QuarterOfBenches]:
        """Quarter by quarter for five years."""
        return by_quarter(self.benches, self.day)

    @property
    def bare(self) -> list[Bench]:
        """Seats that nobody could take today."""
        return [bench for bench in self.benches if bench.count(self.day) == 0]

    @property
    def unplanned(self) -> list[Bench]:
        """Seats for which nobody is planned."""
        return [bench for bench in self.benches if not bench.successors]

    @property
    def losing(self) -> list[Bench]:
        """Seats that lose their last successor within the five years, the soonest first."""
        last = self.quarters[-1].quarter.last
        found = [(lost, bench) for bench in self.benches if (lost := bench.lost_on(self.day)) and lost <= last]
        return [bench for _, bench in sorted(found, key=lambda pair: pair[0])]

    @property
    def seats_by_person(self) -> Counter[int]:
        """For how many posts each person is planned, bodies not counted."""
        return Counter(one.cadre_id for bench in self.benches if not bench.is_body for one in bench.successors)


#: The coverage that was asked last, valid until anything is written.
_KEPT: dict[Any, Coverage] = {}


def coverage_for(user: User | None, day: date) -> Coverage:
    """The coverage of the seats that the reader plans or approves."""
    key = (last_write(), user.pk if user is not None else None, day)
    kept = _KEPT.get(key)
    if kept is None:
        kept = Coverage(day, tuple(_benches(user, day)))
        _KEPT.clear()
        _KEPT[key] = kept
    return kept


def planned_candidates(user: User | None, day: date) -> list[Candidate]:
    """Those who are planned on the day, on the lists in force that the reader sees."""
    rows = (
        Candidate.objects.visible_to(user)
        .in_plan(day)
        .filter(cadre__in=Cadre.objects.present_on(day).order_by().values("pk"))
    )
    rows = rows.select_related("seat__round", "seat__title", "seat__unit")
    return list(rows.defer("seat__round__content", "findings").order_by("seat_id", "position", "pk"))


def _benches(user: User | None, day: date) -> Iterable[Bench]:
    seats: dict[Post, PlannedSeat] = {}
    rounds = PlanningRound.objects.in_force(day)
    planned = PlannedSeat.objects.visible_to(user).filter(round__in=rounds).select_related("title")
    for seat in planned.order_by("title__rank", "title__position", "unit__code", "-round__day"):
        seats.setdefault((seat.title_id, seat.unit_id), seat)
    successors: dict[Post, dict[int, Successor]] = defaultdict(dict)
    for row, person, target in judged_with(planned_candidates(user, day), day=day, user=user, with_files=False):
        verdict = judge(person=person, target=target, day=day, passed=PASSED.union(row.overrides))
        found = successor_of(row.cadre_id, verdict, too_old_from(person, target, day), day)
        successors[row.seat.title_id, row.seat.unit_id].setdefault(row.cadre_id, found)
    posts = {post: (seat.title.name, seat.number) for post, seat in seats.items()}
    for title_id, unit_id, name, number in _declared(user, day):
        posts.setdefault((title_id, unit_id), (name, number))
    leaving = _leaving(posts, day, user)
    for post, (name, number) in posts.items():
        seat_of = seats.get(post)
        yield Bench(
            title_id=post[0],
            unit_id=post[1],
            title=name,
            number=number,
            seat_id=seat_of.pk if seat_of is not None else None,
            round_id=seat_of.round_id if seat_of is not None else None,
            is_body=seat_of.is_body if seat_of is not None else False,
            successors=tuple(successors[post].values()),
            leaving=tuple(leaving.get(post, ())),
        )


def _declared(user: User | None, day: date) -> Iterable[tuple[int, int, str, int]]:
    """Seats of leadership titles that units have declared, as far as the reader plans or approves them."""
    seats = Seat.objects.in_force(day).filter(title__is_leadership=True, title__rank__isnull=False)
    seats = seats.filter(seats_q(user, Action.PLAN) | seats_q(user, Action.APPROVE))
    ordered = seats.order_by("title__rank", "title__position", "unit__code")
    return ordered.values_list("title_id", "unit_id", "title__name", "number")


def _leaving(posts: Mapping[Post, Any], day: date, user: User | None) -> dict[Post, list[Leaving]]:
    """Who holds each post, and the first day after which he no longer does."""
    held = (
        Assignment.objects.in_force(day)
        .exclude(kind="acting")
        .annotate(of_title=Coalesce("title_id", F("seat__title_id")))
        .filter(unit_id__any=sorted({unit for _, unit in posts}))
    )
    held = held.filter(of_title__in={title for title, _ in posts}) if posts else held.none()
    rotated = _rotations(day, user)
    found: dict[Post, list[Leaving]] = defaultdict(list)
    rows = held.order_by("cadre__sort_key", "pk").values_list(
        "cadre_id",
        "of_title",
        "unit_id",
        "term_ends_on",
        "decision__kind__code",
        "cadre__sex",
        "cadre__born",
        "cadre__born_precision",
        "cadre__ethnicity__is_minority",
        "title__code",
    )
    for cadre_id, title_id, unit_id, term, kind, sex, born, precision, is_minority, code in rows:
        if (title_id, unit_id) not in posts:
            continue
        person = Person(sex=sex or None, born=PartialDate(born, precision) if born else None, is_minority=is_minority)
        whens = list(_whens(person, code or "", term, kind, day)) + rotated.get(cadre_id, [])
        ahead = [one for one in whens if one[0] > day]
        if ahead:
            when, why = min(ahead)
            found[title_id, unit_id].append(Leaving(cadre_id, when, why))
    return found


def _whens(person: Person, code: str, term: date | None, kind: str | None, day: date) -> Iterable[tuple[date, Any]]:
    """When somebody leaves his post, and why."""
    if term is not None:
        yield term, "rotation" if kind == ROTATION_CODE else "term"
    target = Target(title="", code=code, rank=None, object=1, reference_day=None)
    try:
        retires = retirement_for(person, target, day)
    except ParameterUnknown:
        return
    if retires is not None:
        yield retires.retired_from, "retires"


def _rotations(day: date, user: User | None) -> dict[int, list[tuple[date, Any]]]:
    """When rotations that were approved begin or end, by the person; never the reader's own."""
    rows = RotationItem.objects.filter(state__in=(RotationState.APPROVED, RotationState.DECIDED))
    if user is not None:
        rows = rows.exclude(cadre__account_id=user.pk)
    found: dict[int, list[tuple[date, Any]]] = defaultdict(list)
    for cadre_id, begins, ends in rows.values_list("cadre_id", "begins_on", "ends_on"):
        found[cadre_id] += [(when, "rotation") for when in (begins, ends) if when is not None and when > day]
    return found


def names_of(benches: Sequence[Bench]) -> dict[int, str]:
    """The names of those who could succeed to some seats and of those who leave them: one query."""
    ids = {one.cadre_id for bench in benches for one in bench.successors}
    ids |= {one.cadre_id for bench in benches for one in bench.leaving}
    return dict(Cadre.objects.filter(pk__in=ids).values_list("pk", "full_name"))
