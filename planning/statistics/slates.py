"""What a slate changes (tác động của phương án): establishment, seats, leadership teams, the bench that is left.

Everything is read in a constant number of queries, however many moves there are. «Before» is what the record holds on
the slate's day, «after» the same with every move of the slate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from hrdb.kernel.findings import Finding
from personnel.models import Assignment, Cadre, Seat, Title, Unit
from personnel.policies import Action
from personnel.rules.appointment import deputies_within_ceiling
from personnel.statistics.headcounts import Headcounts
from personnel.statistics.tree import PlacedUnit, UnitTree
from planning.models import Candidate
from planning.rules.bench import Successor, successor_of, too_old_from
from planning.rules.eligibility import judge
from planning.rules.slates import Post, Stand, shift
from planning.statistics.coverage import PASSED
from planning.statistics.judging import judged_with
from planning.statistics.teams import Teams, TeamStructure

if TYPE_CHECKING:
    from hrdb.kernel.models import User

DEPUTIES = ("deputy", "division_deputy")


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody whom a slate moves: where he stands before and after, by the place of the move."""

    place: int
    cadre_id: int
    before: Stand
    after: Stand


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """People on the establishment of a unit with all below it, before and after; None: nothing assigned."""

    unit_id: int
    assigned: int | None
    before: int
    after: int

    @property
    def over(self) -> int:
        """How many more than assigned there are afterwards."""
        return 0 if self.assigned is None else max(0, self.after - self.assigned)


@dataclass(frozen=True, slots=True)
class PostChange:
    """A leadership title of a unit: how many seats, who holds it before and after."""

    unit_id: int
    title_id: int
    title: str
    seats: int | None
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def over(self) -> int:
        """How many more than seats hold it afterwards."""
        return 0 if self.seats is None else max(0, len(self.after) - self.seats)

    @property
    def is_empty(self) -> bool:
        """Whether nobody holds it afterwards."""
        return not self.after


@dataclass(frozen=True, slots=True)
class TeamChange:
    """The leadership team of a unit before and after; `ceiling` judges the number of deputies afterwards."""

    unit_id: int
    before: TeamStructure
    after: TeamStructure
    deputies_before: int
    deputies_after: int
    ceiling: Finding


@dataclass(frozen=True, slots=True)
class BenchChange:
    """Who is planned for a post: those who could take it on the day, and of them whom the slate places elsewhere."""

    unit_id: int
    title_id: int
    title: str
    successors: tuple[Successor, ...]
    placed: Mapping[int, int]
    day: date

    @property
    def before(self) -> int:
        """How many could take it on the day."""
        return sum(one.is_ready(self.day) for one in self.successors)

    @property
    def left(self) -> tuple[Successor, ...]:
        """Those whom the slate leaves where they are."""
        return tuple(one for one in self.successors if one.cadre_id not in self.placed)

    @property
    def after(self) -> int:
        """How many of them could take it on the day."""
        return sum(one.is_ready(self.day) for one in self.left)


@dataclass(frozen=True)
class Effects:
    """Everything that a slate changes."""

    quotas: tuple[QuotaChange, ...] = ()
    posts: tuple[PostChange, ...] = ()
    teams: tuple[TeamChange, ...] = ()
    benches: tuple[BenchChange, ...] = ()

    @property
    def people(self) -> set[int]:
        """Everybody who is named."""
        found = {pk for row in self.posts for pk in (*row.before, *row.after)}
        return found | {one.cadre_id for row in self.benches for one in row.successors}

    @property
    def units(self) -> set[int]:
        """Every unit that is named."""
        return {row.unit_id for rows in (self.quotas, self.posts, self.teams, self.benches) for row in rows}

    @property
    def over_filled(self) -> list[PostChange]:
        """Posts that more people would hold than there are seats."""
        return [row for row in self.posts if row.over]


def effects_of(moved: Sequence[Moved], *, day: date, user: User | None, tree: UnitTree, counts: Headcounts) -> Effects:
    """What the moves change together in the units that the reader plans; the bench as far as he sees the lists."""
    named = {unit for one in moved for stand in (one.before, one.after) for unit, _ in stand.posts}
    named |= {unit.id for one in moved for home in (one.before.home, one.after.home) for unit in _path(tree, home)}
    planned = set(Unit.objects.visible_to(user, Action.PLAN).filter(pk__in=named).values_list("pk", flat=True))
    touched = {post for one in moved for post in one.before.posts ^ one.after.posts if post[0] in planned}
    titles = Title.objects.filter(is_leadership=True).in_bulk({title for _, title in touched}) if touched else {}
    posts = sorted(post for post in touched if post[1] in titles)
    units = {unit for unit, _ in posts}
    teams = _teams_before(units, day)
    after = _teams_after(teams, moved, units)
    leaders = {pk for team in (*teams.values(), *after.values()) for pk in team}
    facts = Teams(leaders, units, day) if units else None
    order = sorted(posts, key=lambda post: (_rank(titles[post[1]]), post))
    return Effects(
        quotas=tuple(_quotas(moved, tree, counts, planned)),
        posts=tuple(_posts(order, titles, teams, after, day)),
        teams=tuple(_teams(units, teams, after, facts, day)) if facts is not None else (),
        benches=tuple(_benches(order, titles, moved, user, day)),
    )


def path_ids(tree: UnitTree, unit_id: int | None) -> list[int]:
    """A unit and those above it, the unit itself first; nothing for none."""
    return [unit.id for unit in _path(tree, unit_id)]


def _path(tree: UnitTree, unit_id: int | None) -> list[PlacedUnit]:
    placed = tree.by_id(unit_id)
    return [] if placed is None else tree.path(placed)[::-1]


def _quotas(moved: Sequence[Moved], tree: UnitTree, counts: Headcounts, planned: Set[int]) -> Iterable[QuotaChange]:
    """Every planned unit that somebody leaves or joins; without a number of its own the first above that has one."""
    changes: Counter[int] = Counter()
    named: dict[PlacedUnit, None] = {}
    for one in moved:
        change = shift(one.before, one.after)
        for unit_id, sign in ((change.leaves, -1), (change.joins, 1)):
            path = _path(tree, unit_id)
            for above in path:
                changes[above.id] += sign
            open_ = [above for above in path if above.id in planned]
            assigned = (above for above in open_ if counts.of(above).assigned is not None)
            if open_:
                named.setdefault(next(assigned, open_[0]))
    for unit in named:
        count = counts.of(unit)
        yield QuotaChange(unit.id, count.assigned, count.on_establishment, count.on_establishment + changes[unit.id])


def _teams_before(units: Iterable[int], day: date) -> dict[int, dict[int, dict[int, str]]]:
    """Who leads each unit on the day: by unit and person the titles with their groups; one query."""
    found: dict[int, dict[int, dict[int, str]]] = {unit: defaultdict(dict) for unit in units}
    if not found:
        return found
    held = Assignment.objects.in_force(day).filter(unit_id__any=sorted(found), title__is_leadership=True)
    rows = held.exclude(kind="acting").order_by("title__rank", "effective_from", "pk")
    for unit_id, cadre_id, title_id, group in rows.values_list("unit_id", "cadre_id", "title_id", "title__group"):
        found[unit_id][cadre_id][title_id] = group
    return found


def _teams_after(
    before: Mapping[int, Mapping[int, Mapping[int, str]]], moved: Sequence[Moved], units: Iterable[int]
) -> dict[int, dict[int, dict[int, str]]]:
    """The same teams with every move."""
    after = {unit: {pk: dict(titles) for pk, titles in before[unit].items()} for unit in units}
    taken = {title for one in moved for _, title in one.after.posts - one.before.posts}
    groups = dict(Title.objects.filter(pk__in=taken, is_leadership=True).values_list("pk", "group")) if taken else {}
    for one in moved:
        for unit_id, title_id in one.before.posts - one.after.posts:
            team = after.get(unit_id, {})
            team.get(one.cadre_id, {}).pop(title_id, None)
            if one.cadre_id in team and not team[one.cadre_id]:
                del team[one.cadre_id]
        for unit_id, title_id in one.after.posts - one.before.posts:
            if unit_id in after and title_id in groups:
                after[unit_id].setdefault(one.cadre_id, {})[title_id] = groups[title_id]
    return after


def _posts(
    posts: Sequence[Post],
    titles: Mapping[int, Title],
    before: Mapping[int, Mapping[int, Mapping[int, str]]],
    after: Mapping[int, Mapping[int, Mapping[int, str]]],
    day: date,
) -> Iterable[PostChange]:
    declared = Seat.objects.in_force(day).filter(_are(posts)) if posts else ()
    seats = {(seat.unit_id, seat.title_id): seat.number for seat in declared}
    for unit_id, title_id in posts:
        yield PostChange(
            unit_id=unit_id,
            title_id=title_id,
            title=titles[title_id].name,
            seats=seats.get((unit_id, title_id)),
            before=tuple(pk for pk, held in before[unit_id].items() if title_id in held),
            after=tuple(pk for pk, held in after[unit_id].items() if title_id in held),
        )


def _teams(
    units: Iterable[int],
    before: Mapping[int, Mapping[int, Mapping[int, str]]],
    after: Mapping[int, Mapping[int, Mapping[int, str]]],
    facts: Teams,
    day: date,
) -> Iterable[TeamChange]:
    for unit_id in sorted(units):
        deputies = _deputies(after[unit_id])
        yield TeamChange(
            unit_id=unit_id,
            before=facts.structure(unit_id, before[unit_id].keys()),
            after=facts.structure(unit_id, after[unit_id].keys()),
            deputies_before=_deputies(before[unit_id]),
            deputies_after=deputies,
            ceiling=deputies_within_ceiling(deputies=deputies, day=day),
        )


def _deputies(team: Mapping[int, Mapping[int, str]]) -> int:
    return sum(any(group in DEPUTIES for group in titles.values()) for titles in team.values())


def _benches(
    posts: Sequence[Post], titles: Mapping[int, Title], moved: Sequence[Moved], user: User | None, day: date
) -> Iterable[BenchChange]:
    """Who is planned for the posts that the slate touches, on the lists in force that the reader sees."""
    found: dict[Post, dict[int, Successor]] = defaultdict(dict)
    for row, person, target in judged_with(_planned(posts, user, day), day=day, user=user, with_files=False):
        verdict = judge(person=person, target=target, day=day, passed=PASSED.union(row.overrides))
        one = successor_of(row.cadre_id, verdict, too_old_from(person, target, day), day)
        found[row.seat.unit_id, row.seat.title_id].setdefault(row.cadre_id, one)
    placed = {one.cadre_id: one.place for one in moved if one.before != one.after}
    for unit_id, title_id in posts:
        successors = tuple(found[unit_id, title_id].values())
        yield BenchChange(
            unit_id=unit_id,
            title_id=title_id,
            title=titles[title_id].name,
            successors=successors,
            placed={one.cadre_id: placed[one.cadre_id] for one in successors if one.cadre_id in placed},
            day=day,
        )


def _planned(posts: Sequence[Post], user: User | None, day: date) -> list[Candidate]:
    if not posts:
        return []
    rows = Candidate.objects.visible_to(user).in_plan(day).filter(_are(posts, "seat__"))
    rows = rows.filter(cadre__in=Cadre.objects.present_on(day).order_by().values("pk"))
    rows = rows.select_related("seat__round", "seat__title", "seat__unit").defer("seat__round__content", "findings")
    return list(rows.order_by("seat_id", "position", "pk"))


def _are(posts: Sequence[Post], path: str = "") -> Q:
    """Condition that a row is about one of some posts."""
    wanted = Q(pk__in=[])
    for unit_id, title_id in posts:
        wanted |= Q(**{f"{path}unit_id": unit_id, f"{path}title_id": title_id})
    return wanted


def _rank(title: Title) -> int:
    return title.rank if title.rank is not None else 10_000
