"""The needs of some people with what asks and what decided (nhu cầu của từng người), for the pages that name them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from personnel.choices import KIND_OF_REQUIREMENT
from personnel.models import Cadre, Qualification, QualificationLevel, TitleStandard
from personnel.rules.standards import Level, confidence_of, written_citation
from personnel.statistics.people import positional
from planning.models import Candidate
from planning.statistics.names import unit_names
from training.choices import MemberState
from training.models import ClassMember, Programme, ProposedNeed, RankStandard
from training.rules.needs import Asked, Held, Need, judge_need, strongest
from training.statistics.asking import Asking

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Kinds of qualification as the heads of columns call them.
KIND_LABELS = {
    "professional": "Chuyên môn",
    "political_theory": "Lý luận chính trị",
    "state_management": "Quản lý nhà nước",
    "foreign_language": "Ngoại ngữ",
    "ethnic_language": "Tiếng dân tộc",
    "informatics": "Tin học",
    "defence": "Quốc phòng và an ninh",
}
PROGRAMME = "programme"
NO_LEVEL_SET = "chưa khai mức"
#: What stands for the citation of what an office proposes, which needs no other.
OF_OFFICE = "Đề nghị của đơn vị"


class Requirements:
    """Requirements by their key, in words and in order; read once."""

    def __init__(self, keys: Iterable[str]) -> None:
        programmes = [int(key.partition(":")[2]) for key in keys if key.startswith(f"{PROGRAMME}:")]
        self._programmes = dict(Programme.objects.filter(pk__in=programmes).values_list("pk", "name"))
        self._levels: dict[str, Level] = {
            f"{kind}:{code}": Level(name, rank)
            for kind, code, name, rank in QualificationLevel.objects.values_list("kind", "code", "name", "rank")
        }

    def parts(self, key: str) -> tuple[str, str]:
        """The kind and the level in words."""
        kind, _, code = key.partition(":")
        if kind == PROGRAMME:
            return "Chương trình", self._programmes.get(int(code), code)
        level = self._levels.get(key)
        return KIND_LABELS.get(kind, kind), level.name if level else NO_LEVEL_SET

    def label(self, key: str) -> str:
        """«Lý luận chính trị: Cao cấp»."""
        return ": ".join(self.parts(key))

    def level(self, key: str) -> Level | None:
        """The level that is asked; None where none was set."""
        return self._levels.get(key)

    def order(self, key: str) -> tuple[int, int, str]:
        """Where a requirement stands: by kind, the highest level first."""
        kind = key.partition(":")[0]
        level = self._levels.get(key)
        rank = level.rank if level is not None and level.rank is not None else 1_000_000
        return (list(KIND_LABELS).index(kind) if kind in KIND_LABELS else len(KIND_LABELS), rank, key)


def needs_of(
    cadre_ids: Iterable[int], day: datetime.date, reader: User | None, *, asking: Asking | None = None
) -> dict[int, list[Need]]:
    """Everything that is asked of some people on a day and how it stands, by id; a constant number of queries.

    `asking` of the same day and reader lends the plans that it has read.
    """
    ids = list(cadre_ids)
    asking = asking or Asking(Cadre.objects.none(), day, reader)
    sql, values = asking.of(Cadre.objects.filter(pk__any=ids)).sql()
    chosen = "SELECT cadre_id, requirement, source, ground_id, object, needed_by FROM need"
    with connection.cursor() as cursor:
        cursor.execute(*positional(f"{sql} {chosen}", values))
        rows = cursor.fetchall()
    words = Requirements({row[1] for row in rows})
    grounds, held = _Grounds(rows, day), _held(ids, day)
    found: dict[int, list[Need]] = defaultdict(list)
    for cadre_id, requirement, source, ground_id, object_, needed_by in rows:
        said, citation, confidence = grounds.of(source, ground_id, requirement)
        kind = requirement.partition(":")[0]
        is_programme = kind == PROGRAMME
        asked = Asked(
            requirement=requirement,
            label=words.label(requirement),
            kind=requirement if is_programme else kind,
            required=Level(words.parts(requirement)[1], None) if is_programme else words.level(requirement),
            source=source,
            ground=said,
            citation=written_citation(citation, day=day),
            confidence=confidence_of(confidence),
            needed_by=needed_by,
            object=object_,
        )
        found[cadre_id].append(judge_need(asked, held.get(cadre_id, ()), day))
    return {
        pk: sorted(needs, key=lambda need: words.order(need.asked.requirement)) for pk, needs in dict(found).items()
    }


def strongest_needs(needs: Sequence[Need]) -> list[Need]:
    """One need a requirement, in the order in which the requirements stand."""
    chosen = {need.asked.requirement: need for need in strongest(needs)}
    return [chosen[key] for key in dict.fromkeys(need.asked.requirement for need in needs)]


class _Grounds:
    """What asks, in words, with its citation and confidence."""

    def __init__(self, rows: list[tuple[Any, ...]], day: datetime.date) -> None:
        ids: dict[str, set[int]] = defaultdict(set)
        for _, _, source, ground_id, *_ in rows:
            ids[source].add(ground_id)
        standards = TitleStandard.objects.filter(pk__in=ids["post"]).select_related("title")
        self._posts = {one.pk: one for one in standards}
        self._ranks = {one.pk: one for one in RankStandard.objects.filter(pk__in=ids["rank"])}
        candidates = Candidate.objects.filter(pk__in=ids["planned"]).select_related("seat__title")
        self._candidates = {one.pk: one for one in candidates.defer("findings")}
        titles = {one.seat.title_id for one in self._candidates.values()}
        asked = TitleStandard.objects.in_force(day).filter(title_id__in=titles)
        self._of_titles = {(one.title_id, str(KIND_OF_REQUIREMENT.get(one.requirement, ""))): one for one in asked}
        self._proposals = {one.pk: one for one in ProposedNeed.objects.filter(pk__in=ids["office"])}
        units = {one.seat.unit_id for one in self._candidates.values()}
        self._units = unit_names({*units, *(one.unit_id for one in self._proposals.values())}, day)

    def of(self, source: str, ground_id: int, requirement: str) -> tuple[str, str, str]:
        """Words, citation and confidence of what asks."""
        if source == "post":
            standard = self._posts[ground_id]
            return standard.title.name, standard.citation, standard.confidence
        if source == "rank":
            of_rank = self._ranks[ground_id]
            return of_rank.get_group_display(), of_rank.citation, of_rank.confidence
        if source == "planned":
            candidate = self._candidates[ground_id]
            seat = candidate.seat
            of_title = self._of_titles[seat.title_id, requirement.partition(":")[0]]
            said = f"quy hoạch {seat.title.name}, {self._units.get(seat.unit_id, '')}"
            return said, of_title.citation, of_title.confidence
        proposal = self._proposals[ground_id]
        return f"{self._units.get(proposal.unit_id, '')}: {proposal.reason}", OF_OFFICE, "confirmed"


def _held(ids: list[int], day: datetime.date) -> Mapping[int, list[Held]]:
    """What some people hold on the day, and which programmes they passed."""
    found: dict[int, list[Held]] = defaultdict(list)
    rows = Qualification.objects.in_force(day).filter(cadre_id__any=ids)
    for cadre_id, kind, level_id, name, rank, group, until in rows.values_list(
        "cadre_id", "kind", "level_id", "level__name", "level__rank", "level__group", "effective_until"
    ):
        level = Level(name, rank) if level_id else None
        found[cadre_id].append(Held(kind, level, until, is_none=group == "none"))
    by_then = Q(certified_on__isnull=True) | Q(certified_on__lte=day)
    passed = ClassMember.objects.filter(by_then, cadre_id__any=ids, state=MemberState.PASSED)
    for cadre_id, programme_id, name in passed.values_list(
        "cadre_id", "training_class__programme_id", "training_class__programme__name"
    ):
        found[cadre_id].append(Held(f"{PROGRAMME}:{programme_id}", Level(name, None)))
    return found
