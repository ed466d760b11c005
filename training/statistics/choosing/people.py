"""Who is considered for a class: everybody in scope who needs it or was nominated, with points and with what bars him.

people_for(training_class, user, day, only_nominated) -> list[Considered]
    one row a person, by priority; a constant number of queries at any size
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Min, Q

from appraisal.statistics.rated import Agencies
from hrdb.kernel.dates import PartialDate
from hrdb.kernel.models import User
from hrdb.kernel.parameters import ParameterUnknown
from personnel.choices import ENDED_STATES, AssignmentKind, EmploymentState, Sex
from personnel.models import Assignment, Custody, Discipline, Employment
from personnel.rules.discipline import FORM_OF_CODE, PastDiscipline
from personnel.rules.judging import RULES
from personnel.rules.retirement import retirement
from training.choices import ATTENDING, ClassState, MemberState, NeedSource, NeedState
from training.models import ClassMember, TrainingClass
from training.models.scope import trained_by
from training.rules.admission import PLANNED, admission, admit
from training.rules.barring import Bar, Served, bars_of
from training.rules.priority import Case, Priority, Source, points_of
from training.statistics.applying import applicants, conditions_of
from training.statistics.needs import needs_for

#: States of a need that training answers; what is not known is asked for before.
WANTED: Final = frozenset({NeedState.MISSING, NeedState.EXPIRING})
SOURCE_OF: Final[Mapping[str, Source]] = {
    NeedSource.POST: "post",
    NeedSource.RANK: "rank",
    NeedSource.PLANNED: "planned",
    NeedSource.OFFICE: "office",
}
#: Members whom a choice decides on; who withdrew is out of it.
OPEN_MEMBERS: Final = (MemberState.NOMINATED, MemberState.RESERVE, MemberState.CHOSEN, MemberState.DECLINED)
#: Classes that no longer take anybody's time.
GONE: Final = (ClassState.CANCELLED,)


@dataclass(frozen=True, slots=True)
class Considered:
    """Somebody considered for the class: his unit (the agency of a division), points, what bars him."""

    cadre_id: int
    name: str
    sort_key: str
    unit_id: int
    unit: str
    kept_in: int
    is_woman: bool
    is_minority: bool
    born: datetime.date | None
    born_precision: str
    post: str
    case: Case
    priority: Priority
    bars: tuple[Bar, ...] = ()
    is_nominated: bool = False
    member_id: int | None = None

    @property
    def key(self) -> str:
        """The id as the solver knows it; of the same length, so that ids are in the order of numbers."""
        return f"{self.cadre_id:010d}"


@dataclass(frozen=True, slots=True)
class _Record:
    """What the record holds of the people considered, by id."""

    held: Mapping[int, int]
    states: Mapping[int, str]
    disciplines: Mapping[int, list[PastDiscipline]]
    posts: Mapping[int, tuple[str, datetime.date | None]]
    waiting: Mapping[int, datetime.date]
    overlapping: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def people_for(
    training_class: TrainingClass,
    *,
    user: User | None,
    day: datetime.date,
    only_nominated: bool = False,
    needs: Mapping[int, Mapping[str, Any]] | None = None,
) -> list[Considered]:
    """Everybody considered, the highest priority first; `needs` of the programme where they were read already."""
    members = list(training_class.members.order_by().values_list("cadre_id", "pk", "state"))
    nominated = {cadre_id: pk for cadre_id, pk, state in members if state in OPEN_MEMBERS}
    if needs is None:
        needs = programme_needs(training_class, user=user, day=day, among=list(nominated) if only_nominated else None)
    wanted = set(nominated)
    if not only_nominated:
        out = {cadre_id for cadre_id, _, state in members if state not in OPEN_MEMBERS}
        wanted |= {cadre_id for cadre_id, row in needs.items() if row["state"] in WANTED} - out
    rows = list(
        trained_by(user)
        .filter(pk__any=list(wanted))
        .order_by()
        .values("pk", "full_name", "sort_key", "sex", "born", "born_precision", "ethnicity__is_minority")
    )
    ids = [row["pk"] for row in rows]
    record, agencies = _record(ids, training_class, day), Agencies(day)
    refused = _refused(ids, training_class, user, day)
    found = [
        _considered(row, needs.get(row["pk"]), nominated.get(row["pk"]), training_class, record, agencies, day, refused)
        for row in rows
    ]
    return sorted(found, key=order)


def programme_needs(
    training_class: TrainingClass, *, user: User | None, day: datetime.date, among: Sequence[int] | None = None
) -> dict[int, dict[str, Any]]:
    """The needs of the class's programme by person: of everybody whom the reader trains, or of some people."""
    people = trained_by(user)
    if among is not None:
        people = people.filter(pk__any=list(among))
    frame = needs_for(training_class.programme, people, day, reader=user)
    return {row["cadre_id"]: row for row in frame.to_dict("records")}


def order(one: Considered) -> tuple[Any, ...]:
    """The order of priority; of equals who has waited longer, then by name."""
    return (-one.priority.total, one.case.since or datetime.date.max, one.sort_key, one.cadre_id)


def posts_and_units(cadre_ids: Sequence[int], day: datetime.date) -> tuple[dict[int, str], dict[int, str]]:
    """The main post of each person, and the names of all units, on a day."""
    return {cadre_id: post for cadre_id, (post, _) in _posts(cadre_ids, day).items()}, Agencies(day).names


def opening(training_class: TrainingClass, day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The days between which a class is held; one without days counts from the day of choosing."""
    opens_on = training_class.begins_on or day
    return opens_on, training_class.ends_on or opens_on


def _considered(
    row: Mapping[str, Any],
    need: Mapping[str, Any] | None,
    member_id: int | None,
    training_class: TrainingClass,
    record: _Record,
    agencies: Agencies,
    day: datetime.date,
    refused: Mapping[int, Bar],
) -> Considered:
    opens_on, ends_on = opening(training_class, day)
    cadre_id = row["pk"]
    post, since_post = record.posts.get(cadre_id, ("", None))
    case = Case(
        sources=_sources(need, is_nominated=member_id is not None),
        since=_since(need, since_post, record.waiting.get(cadre_id)),
        due_on=_day(need["needed_by"]) if need else None,
        retires_from=_retires(row),
    )
    state = record.states.get(cadre_id)
    served = Served(
        state=state if state not in ENDED_STATES else None,
        state_label=str(EmploymentState(state).label) if state else "",
        disciplines=tuple(record.disciplines.get(cadre_id, ())),
        retires_from=case.retires_from,
        overlapping=record.overlapping.get(cadre_id, ()),
    )
    bars = bars_of(served, day=day, ends_on=ends_on)
    if cadre_id in refused:
        bars.append(refused[cadre_id])
    unit_id = agencies.rating(record.held.get(cadre_id, 0))
    return Considered(
        cadre_id=cadre_id,
        name=row["full_name"],
        sort_key=row["sort_key"],
        unit_id=unit_id,
        unit=agencies.names.get(unit_id, ""),
        kept_in=record.held.get(cadre_id, 0),
        is_woman=row["sex"] == Sex.FEMALE,
        is_minority=bool(row["ethnicity__is_minority"]),
        born=row["born"],
        born_precision=row["born_precision"],
        post=post,
        case=case,
        priority=points_of(case, day=day, opens_on=opens_on, ends_on=ends_on),
        bars=tuple(bars),
        is_nominated=member_id is not None,
        member_id=member_id,
    )


def _refused(
    ids: Sequence[int], training_class: TrainingClass, user: User | None, day: datetime.date
) -> dict[int, Bar]:
    """Whom the programme does not admit on the day the class opens; what was planned is not among the words."""
    opens_on, _ = opening(training_class, day)
    conditions = conditions_of([training_class.programme], opens_on)[training_class.programme_id]
    found = {}
    for cadre_id, applicant in applicants(ids, opens_on, user).items():
        if admission(applicant, conditions, opens_on) != "not_met":
            continue
        failed = [one.rule for one in admit(applicant, conditions, opens_on) if one.outcome == "not_met"]
        labels = [RULES[rule].label for rule in failed if rule != PLANNED.key]
        told = f": {', '.join(label.lower() for label in labels)}" if labels else ""
        found[cadre_id] = Bar(
            "conditions", f"Không đạt điều kiện dự học của chương trình{told}.", str(conditions.citation)
        )
    return found


def _sources(need: Mapping[str, Any] | None, *, is_nominated: bool) -> frozenset[Source]:
    found = {SOURCE_OF[source] for source in need["sources"]} if need and need["state"] in WANTED else set()
    return frozenset(found | ({"office"} if is_nominated else set()))


def _since(
    need: Mapping[str, Any] | None, since_post: datetime.date | None, nominated: datetime.date | None
) -> datetime.date | None:
    """Since when somebody waits: holds the post that asks, was proposed, was nominated and not sent."""
    asks = need is not None and need["state"] in WANTED and {NeedSource.POST, NeedSource.RANK} & set(need["sources"])
    proposed = _day(need["since"]) if need is not None else None
    days = (since_post if asks else None, nominated, proposed)
    return min((one for one in days if one is not None), default=None)


def _day(value: Any) -> datetime.date | None:
    """A day of a frame, whose missing values are None or NaT."""
    if isinstance(value, datetime.datetime):
        return None if value != value else value.date()  # NaT is not itself
    return value if isinstance(value, datetime.date) else None


def _retires(row: Mapping[str, Any]) -> datetime.date | None:
    if not row["born"] or not row["sex"]:
        return None
    try:
        return retirement(sex=row["sex"], born=PartialDate(row["born"], row["born_precision"])).retired_from
    except ParameterUnknown:
        return None


def _record(ids: Sequence[int], training_class: TrainingClass, day: datetime.date) -> _Record:
    """What the record holds of some people, a question each."""
    held = dict(Custody.objects.in_force(day).filter(cadre_id__any=ids).order_by().values_list("cadre_id", "unit_id"))
    states = dict(
        Employment.objects.in_force(day).filter(cadre_id__any=ids).order_by().values_list("cadre_id", "state")
    )
    return _Record(
        held,
        states,
        _disciplines(ids, day),
        _posts(ids, day),
        _waiting(ids, training_class),
        _overlapping(ids, training_class),
    )


def _posts(ids: Sequence[int], day: datetime.date) -> dict[int, tuple[str, datetime.date | None]]:
    """The main post of each person in words, and since when he holds it."""
    rows = Assignment.objects.in_force(day).filter(cadre_id__any=list(ids), kind=AssignmentKind.MAIN).order_by()
    return {
        cadre_id: (name or text, start)
        for cadre_id, name, text, start in rows.values_list("cadre_id", "title__name", "title_text", "effective_from")
    }


def _disciplines(ids: Sequence[int], day: datetime.date) -> dict[int, list[PastDiscipline]]:
    found: dict[int, list[PastDiscipline]] = defaultdict(list)
    rows = Discipline.objects.filter(cadre_id__any=ids, effective_from__lte=day).order_by()
    for cadre_id, code, start, is_for_corruption in rows.values_list(
        "cadre_id", "form__code", "effective_from", "is_for_corruption"
    ):
        found[cadre_id].append(PastDiscipline(FORM_OF_CODE.get(code), start, is_for_corruption))
    return found


def _waiting(ids: Sequence[int], training_class: TrainingClass) -> dict[int, datetime.date]:
    """Since when each was nominated to classes of the programme without being sent to one."""
    rows = ClassMember.objects.filter(
        cadre_id__any=ids,
        training_class__programme_id=training_class.programme_id,
        training_class__begins_on__isnull=False,
        state__in=(MemberState.NOMINATED, MemberState.RESERVE, MemberState.DECLINED),
    ).exclude(training_class=training_class)
    return {
        row["cadre_id"]: row["since"]
        for row in rows.order_by().values("cadre_id").annotate(since=Min("training_class__begins_on"))
    }


def _overlapping(ids: Sequence[int], training_class: TrainingClass) -> dict[int, tuple[str, ...]]:
    """Other classes that somebody was chosen for and that are held at the same time."""
    if training_class.begins_on is None:
        return {}
    last = training_class.ends_on or training_class.begins_on
    others = ClassMember.objects.filter(
        Q(training_class__ends_on__gte=training_class.begins_on)
        | Q(training_class__ends_on__isnull=True, training_class__begins_on__gte=training_class.begins_on),
        cadre_id__any=ids,
        state__in=ATTENDING,
        training_class__begins_on__lte=last,
    ).exclude(training_class=training_class)
    found: dict[int, list[str]] = defaultdict(list)
    rows = others.exclude(training_class__state__in=GONE).order_by("training_class__begins_on", "pk")
    for cadre_id, name in rows.values_list("cadre_id", "training_class__name"):
        found[cadre_id].append(name)
    return {cadre_id: tuple(names) for cadre_id, names in found.items()}
