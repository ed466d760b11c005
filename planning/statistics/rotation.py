"""The verdict on rotations (kết quả xét luân chuyển): what the record tells of many people, in a constant number of
queries, handed to the rules; each rotation is judged by the law of the day on which it is to begin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from hrdb.kernel.dates import PartialDate, whole_months
from personnel.choices import AssignmentKind, EmploymentState, TitleGroup
from personnel.models import Assignment, Employment, HealthCheck, Relative, Title, UnitVersion
from personnel.rules.appointment import TitleChange, change_of_title
from personnel.rules.law import LAW as PERSONNEL_LAW
from personnel.services.decisions.conditions import CHILD
from planning.choices import RotationRuleKind
from planning.models import Candidate, RotationItem, RotationRule
from planning.rules.eligibility import Verdict
from planning.rules.rotation import ROTATION_TIER_2, OwnRule, RotationCase, direction_of, judge_rotation
from planning.statistics.facts import people_facts
from planning.statistics.judging import readable
from planning.statistics.parts import offices_above
from planning.statistics.targets import post_targets

if TYPE_CHECKING:
    from hrdb.kernel.models import User


@dataclass(frozen=True, slots=True)
class HeldPost:
    """The main post on a day, and what of it was held before without a break: since when, and how many mandates ran out
    meanwhile."""

    post: Assignment
    since: date
    mandates: int

    def terms(self, day: date) -> int:
        """Full terms held by `day`: of elected titles those that ran out, else as long as the law's term is."""
        months = PERSONNEL_LAW["term/full_months"].at(day)
        if months is None or not months.value:
            return self.mandates
        return max(self.mandates, whole_months(self.since, day) // int(months.value))


@dataclass(frozen=True)
class _Record:
    """What the record tells of the people beside what planning reads."""

    posts: Mapping[int, HeldPost]
    states: Mapping[int, str]
    relatives: set[int]
    children: Mapping[int, int | None]
    parents: set[int]
    checks: Mapping[int, date]
    planned: set[int]
    non_local: Mapping[int, OwnRule] = field(default_factory=dict)


def judge_items(
    items: Sequence[RotationItem], *, day: date, user: User | None, with_files: bool = True
) -> dict[int, Verdict]:
    """The verdict on each rotation by its id; the record is read as it stands on `day`.

    Who may not read tier 2 of a person gets those findings without their facts. Items come with `title`, `from_title`.
    """
    opened = readable({item.cadre_id for item in items}, user)
    found = {}
    for item, case in rotation_cases(items, day=day, user=user, with_files=with_files):
        verdict = judge_rotation(case, item.begins_on or day, item.overrides)
        found[item.pk] = verdict if item.cadre_id in opened else verdict.without_facts_of(ROTATION_TIER_2)
    return found


def rotation_cases(
    items: Sequence[RotationItem], *, day: date, user: User | None, with_files: bool = True
) -> Iterable[tuple[RotationItem, RotationCase]]:
    """Each rotation with what the plan says and the record tells; who is planned as far as the reader sees."""
    if not items:
        return
    ids = sorted({item.cadre_id for item in items})
    people = people_facts(ids, day, with_files=with_files)
    targets = post_targets([(item.pk, item.title, item.to_unit_id) for item in items], object_=1, day=day)
    record = _read(ids, day, user)
    for item in items:
        cadre_id, held = item.cadre_id, record.posts.get(item.cadre_id)
        yield (
            item,
            RotationCase(
                person=people[cadre_id],
                target=targets[item.pk],
                purpose=item.purpose,
                begins_on=item.begins_on,
                ends_on=item.ends_on,
                blocks=_blocks(item, record.states.get(cadre_id)),
                has_child=cadre_id in record.parents if cadre_id in record.relatives else None,
                youngest_child_born=_year(record.children.get(cadre_id)),
                has_written_wish=item.has_written_wish,
                is_clear=item.is_clear,
                health_checked_on=record.checks.get(cadre_id),
                is_planned=cadre_id in record.planned,
                is_local=item.is_local,
                is_head=item.title.group == TitleGroup.HEAD,
                own_non_local=record.non_local.get(item.title_id),
                terms_held=held.terms(item.begins_on or day) if held is not None else None,
                change=change_to(item.from_title, item.title),
            ),
        )


def change_to(held: Title | None, sought: Title) -> TitleChange | None:
    """First, higher, equivalent or lower, beside the leadership title that is held."""
    leads = held is not None and held.is_leadership
    return change_of_title(
        held_rank=held.rank if held is not None and leads else None, sought_rank=sought.rank, holds_a_title=leads
    )


def held_posts(cadre_ids: Iterable[int], day: date) -> dict[int, HeldPost]:
    """The main posts of some people on a day, with how long each was held without a break: one query."""
    rows = Assignment.objects.filter(
        cadre_id__any=list(cadre_ids), kind=AssignmentKind.MAIN, effective_from__lte=day
    ).select_related("title", "unit", "mandate")
    tracks: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows.order_by("cadre_id", "-effective_from", "-pk"):
        tracks[row.cadre_id].append(row)
    found = {}
    for cadre_id, track in tracks.items():
        post, *earlier = track
        if not post.holds_on(day):
            continue
        chain = [post]
        for row in earlier:
            same = row.title_id == post.title_id and row.unit_id == post.unit_id
            if not same or post.title_id is None or row.effective_until != chain[-1].effective_from:
                break
            chain.append(row)
        over = {row.mandate_id for row in chain if row.mandate is not None and _is_over(row, day)}
        found[cadre_id] = HeldPost(post, chain[-1].effective_from, len(over))
    return found


def directions(pairs: Iterable[tuple[int, int]], day: date) -> dict[tuple[int, int], str]:
    """Which way each pair of units (from, to) leads: two queries."""
    asked = list(pairs)
    units = sorted({unit for pair in asked for unit in pair})
    levels = dict(UnitVersion.objects.standing_on(day).filter(unit_id__any=units).values_list("unit_id", "level"))
    offices = offices_above(units, day) if units else {}
    return {
        (start, end): direction_of(
            from_level=levels.get(start), to_level=levels.get(end), is_one_office=offices[start] == offices[end]
        )
        for start, end in asked
    }


def _is_over(row: Assignment, day: date) -> bool:
    return row.mandate is not None and row.mandate.ends_on is not None and row.mandate.ends_on <= day


def _read(ids: list[int], day: date, user: User | None) -> _Record:
    relatives: set[int] = set()
    children: dict[int, int | None] = {}
    parents: set[int] = set()
    for cadre_id, code, year in Relative.objects.filter(cadre_id__any=ids).values_list(
        "cadre_id", "kind__code", "birth_year"
    ):
        relatives.add(cadre_id)
        if code == CHILD:
            parents.add(cadre_id)
            children[cadre_id] = max(filter(None, (children.get(cadre_id), year)), default=None)
    checks = HealthCheck.objects.filter(cadre_id__any=ids, checked_on__lte=day).order_by("checked_on")
    planned = Candidate.objects.all().visible_to(user).in_plan(day).filter(cadre_id__any=ids)
    own = RotationRule.objects.in_force(day).filter(kind=RotationRuleKind.NON_LOCAL, title__isnull=False)
    return _Record(
        posts=held_posts(ids, day),
        states=dict(Employment.objects.in_force(day).filter(cadre_id__any=ids).values_list("cadre_id", "state")),
        relatives=relatives,
        children=children,
        parents=parents,
        checks=dict(checks.values_list("cadre_id", "checked_on")),
        planned=set(planned.values_list("cadre_id", flat=True)),
        non_local={
            row.title_id: OwnRule(basis=basis_of(row), since=row.effective_from)
            for row in own.select_related("decision")
        },
    )


def basis_of(rule: RotationRule) -> str:
    """On what a rule of the province rests, in words."""
    return str(rule.decision) if rule.decision is not None else rule.basis or "Quy định của tỉnh"


def _blocks(item: RotationItem, state: str | None) -> dict[str, bool | None]:
    """Each ground that makes a move wait: what the state of employment tells, and what the officer confirmed."""
    clear, movable = (False if item.is_clear else None), (False if item.is_movable else None)
    known = False if state else None
    return {
        "discipline": True if state == EmploymentState.SUSPENDED else clear,
        "investigation": clear,
        "illness": movable,
        "study": True if state == EmploymentState.LONG_STUDY else known,
        "seconded": True if state == EmploymentState.SECONDED else known,
        "maternity": True if state == EmploymentState.MATERNITY else known,
        "hardship": movable,
    }


def _year(year: int | None) -> PartialDate | None:
    return PartialDate(date(year, 1, 1), "year") if year else None
