"""What becomes of the people of the units: who keeps their records, their posts, and those of whom the case speaks.

Nobody is made a leader by a merger: leading posts of a unit that ends are over, and go on only as the case says.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, QuerySet

from hrdb.kernel.text import fold
from personnel.choices import (
    ENDED_STATES,
    AssignmentKind,
    EmploymentState,
    PlacementOutcome,
    TitleGroup,
)
from personnel.models import Assignment, Cadre, Custody, Employment, ReorganisationPlacement, Title
from personnel.services.reorganisation.faults import CaseFault
from personnel.services.reorganisation.tree import Passing, PlannedTree, PlannedUnit

#: Groups of titles that a person kept as head or as deputy may hold.
LEADING: dict[str, tuple[TitleGroup, ...]] = {
    PlacementOutcome.HEAD: (TitleGroup.HEAD, TitleGroup.DIVISION_HEAD),
    PlacementOutcome.DEPUTY: (TitleGroup.DEPUTY, TitleGroup.DIVISION_DEPUTY),
}
GROUP_WORDS = {PlacementOutcome.HEAD: "cấp trưởng", PlacementOutcome.DEPUTY: "cấp phó"}
#: People named in one fault; the rest are counted.
NAMED = 5
#: Columns of a post that are read and carried over.
POST_COLUMNS = tuple(item.attname for item in Assignment._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class CustodyMove:
    """A period of custody in a unit that ends: who keeps the record afterwards."""

    row_id: int
    cadre_id: int
    source: str
    target: str
    since: datetime.date
    until: datetime.date | None


@dataclass(slots=True)
class PostMove:
    """A post in a unit that ends, or of a person whom the case names: it goes to `target`, or is over (None)."""

    row: dict[str, Any]
    source: str
    target: str | None
    title: Title | None


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post that the case gives somebody by name."""

    placement: ReorganisationPlacement
    target: str
    title: Title | None
    title_text: str
    until: datetime.date | None


@dataclass(frozen=True, slots=True)
class StateChange:
    """Somebody awaits a posting from the day on; `held` is the period of employment that this ends."""

    placement: ReorganisationPlacement
    held: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Leader:
    """A leading post that ends with its unit, and what the case says of its holder (None: his own decision is due)."""

    cadre_id: int
    source: str
    title: Title
    kind: str
    placement: ReorganisationPlacement | None


@dataclass
class PeoplePlan:
    """Everything that becomes of people."""

    custody: list[CustodyMove] = field(default_factory=list)
    posts: list[PostMove] = field(default_factory=list)
    new_posts: list[NewPost] = field(default_factory=list)
    states: list[StateChange] = field(default_factory=list)
    leaders: list[Leader] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    #: Ids of those who had left, retired or died: only their records go over.
    gone: set[int] = field(default_factory=set)

    @property
    def moved(self) -> set[int]:
        """Ids of everybody whose record goes to another unit."""
        return {move.cadre_id for move in self.custody}

    @property
    def involved(self) -> set[int]:
        """Ids of everybody of whom a row is written."""
        rows: list[Iterable[int]] = [
            (move.cadre_id for move in self.custody),
            (move.row["cadre_id"] for move in self.posts),
            (post.placement.cadre_id for post in self.new_posts),
            (change.placement.cadre_id for change in self.states),
        ]
        return {cadre_id for ids in rows for cadre_id in ids}

    @property
    def waiting(self) -> list[Leader]:
        """Leaders of whom the case says nothing."""
        return [leader for leader in self.leaders if leader.placement is None]


class PeopleReader:
    """Reads the people of the units that a case ends or divides, in five queries at any size, and plans for them."""

    def __init__(self, tree: PlannedTree, placements: Sequence[ReorganisationPlacement]) -> None:
        self.tree, self.day = tree, tree.day
        self.placements = placements
        self.plan = PeoplePlan()
        self.passings = {one.source.unit_id: one for one in tree.passings if one.source.unit_id is not None}
        self.by_person: dict[int, dict[str, ReorganisationPlacement]] = defaultdict(dict)
        for placement in placements:
            self.by_person[placement.cadre_id].setdefault(placement.kind, placement)
        self.titles = {title.pk: title for title in Title.objects.all()}
        self.leading_texts = leading_texts(self.titles.values())
        self.left: dict[str, list[int]] = defaultdict(list)
        self.kept_by: dict[int, PlannedUnit] = {}
        self.employed: dict[int, dict[str, Any]] = {}
        self.main_ended: dict[tuple[int, str], PostMove] = {}

    def read(self) -> PeoplePlan:
        """What becomes of everybody."""
        custody = self._custody_rows()
        posts = self._post_rows()
        self.kept_by = {row[1]: self.passings[row[2]].source for row in custody if self._holds(row[3], row[4])}
        ids = {row[1] for row in custody} | {row["cadre_id"] for row in posts} | set(self.by_person)
        self.plan.names = dict(Cadre.objects.filter(pk__any=ids).values_list("pk", "full_name"))
        self._read_employment({row[1] for row in custody} | set(self.by_person))
        for row in custody:
            self._move_custody(*row)
        for post in posts:
            self._move_post(post)
        for place, placement in enumerate(self.placements):
            self._place(place, placement)
        self._judge_heads()
        self._tell_left()
        return self.plan

    # Reading ----------------------------------------------------------------------------------------------------------

    def _open_rows(self, rows: QuerySet[Any], of_placed: Q) -> QuerySet[Any]:
        """Rows not over by the day, in units that end, or of people whom the case names."""
        ended = [pk for pk, one in self.passings.items() if not one.keeps]
        rows = rows.filter(Q(effective_until__isnull=True) | Q(effective_until__gt=self.day))
        return rows.filter(Q(unit_id__any=ended) | of_placed).order_by("cadre_id", "effective_from", "pk")

    def _custody_rows(self) -> list[tuple[Any, ...]]:
        divided = [pk for pk, one in self.passings.items() if one.keeps]
        placed = Q(unit_id__any=divided, cadre_id__any=list(self.by_person))
        rows = self._open_rows(Custody.objects.all(), placed)
        return list(rows.values_list("pk", "cadre_id", "unit_id", "effective_from", "effective_until"))

    def _post_rows(self) -> list[dict[str, Any]]:
        people = list(self.by_person)
        placed = Q(unit_id__any=list(self.passings), cadre_id__any=people)
        placed |= Q(kind=AssignmentKind.MAIN, cadre_id__any=people)
        return list(self._open_rows(Assignment.objects.all(), placed).values(*POST_COLUMNS))

    def _read_employment(self, ids: set[int]) -> None:
        rows = Employment.objects.in_force(self.day).filter(cadre_id__any=ids)
        columns = ("pk", "cadre_id", "category", "state", "effective_from", "effective_until")
        self.employed = {row["cadre_id"]: row for row in rows.values(*columns)}
        self.plan.gone = {pk for pk, row in self.employed.items() if row["state"] in ENDED_STATES}

    def _holds(self, since: datetime.date, until: datetime.date | None) -> bool:
        return since <= self.day and (until is None or until > self.day)

    # Where rows go ----------------------------------------------------------------------------------------------------

    def _target(self, passing: Passing, cadre_id: int) -> str | None:
        """Where what a person has in a unit goes: as the case says by name, else to the unit's first heir."""
        placement = self.by_person.get(cadre_id, {}).get(AssignmentKind.MAIN)
        if placement is not None and placement.unit_code:
            return self.tree.heir_of(placement.unit_code)
        return self.tree.heir_of(passing.source.code, passing.default)

    def _move_custody(
        self, pk: int, cadre_id: int, unit_id: int, since: datetime.date, until: datetime.date | None
    ) -> None:
        source = self.passings[unit_id].source.code
        target = self._target(self.passings[unit_id], cadre_id if self._holds(since, until) else 0)
        if target is None:
            self.left[source].append(cadre_id)
        elif target != source:
            self.plan.custody.append(CustodyMove(pk, cadre_id, source, target, since, until))

    def _move_post(self, row: dict[str, Any]) -> None:
        passing = self.passings.get(row["unit_id"])
        placements = self.by_person.get(row["cadre_id"], {})
        placement = placements.get(row["kind"])
        title = self.titles.get(row["title_id"] or 0)
        if title is None and row["title_text"]:
            title = self.leading_texts.get(fold(row["title_text"]))
        leads = title is not None and title.is_leadership
        ends = passing is not None and not passing.keeps
        if title is not None and leads and ends and passing is not None and row["effective_from"] < self.day:
            spoken = placement if placement and placement.outcome != PlacementOutcome.FOLLOW else None
            self.plan.leaders.append(Leader(row["cadre_id"], passing.source.code, title, row["kind"], spoken))
        if placement is not None and placement.outcome != PlacementOutcome.FOLLOW:
            self._end_post(row, title)
        elif passing is None:
            return
        elif leads and ends:
            self._end_post(row, title)
        else:
            main = placements.get(AssignmentKind.MAIN)
            follows = main is not None and main.outcome == PlacementOutcome.FOLLOW
            follows = follows and passing.source is self.kept_by.get(row["cadre_id"])
            target = self._target(passing, row["cadre_id"] if follows else 0)
            if target is None:
                self._end_post(row, title)
            elif target != passing.source.code:
                self.plan.posts.append(PostMove(row, passing.source.code, target, title))

    def _end_post(self, row: dict[str, Any], title: Title | None) -> None:
        passing = self.passings.get(row["unit_id"])
        if row["effective_from"] >= self.day:
            name = self.plan.names.get(row["cadre_id"], "")
            message = (
                f"{name} đã có chức vụ từ ngày {row['effective_from']:%d/%m/%Y}, không sớm hơn ngày sắp xếp; "
                "hãy xử lý quyết định đó trước."
            )
            self.tree.faults.append(CaseFault("person", row["cadre_id"], "cadre", "later-post", message))
            return
        move = PostMove(row, passing.source.code if passing else "", None, title)
        self.plan.posts.append(move)
        self.main_ended.setdefault((row["cadre_id"], row["kind"]), move)

    # Those whom the case names ----------------------------------------------------------------------------------------

    def _place(self, place: int, placement: ReorganisationPlacement) -> None:
        ended = self.main_ended.get((placement.cadre_id, placement.kind))
        source = self.kept_by.get(placement.cadre_id)
        if source is None and (ended is None or not ended.source):
            message = "Không có người này trong các đơn vị được sắp xếp."
            self._refuse(place, "cadre", "not-in-case", message)
            return
        target = self._place_target(place, placement, source, ended)
        if target is None:
            return
        if placement.outcome == PlacementOutcome.FOLLOW:
            self._follow(place, placement, target)
        elif placement.outcome == PlacementOutcome.AWAITING:
            self._await_posting(place, placement)
        elif placement.kind == AssignmentKind.MAIN and source is None:
            self._refuse(place, "kind", "guest", "Hồ sơ của người này do đơn vị khác quản lý.")
        else:
            self._give_post(place, placement, target, ended)

    def _place_target(
        self, place: int, placement: ReorganisationPlacement, source: PlannedUnit | None, ended: PostMove | None
    ) -> PlannedUnit | None:
        """The open unit to which somebody goes."""
        code = placement.unit_code or self.tree.heir_of(source.code if source else ended.source if ended else "")
        unit = self.tree.units.get(code or "")
        if unit is None or not unit.is_open or not self.tree.may_touch(unit):
            message = f"Không có đơn vị mã «{code or ''}» hoạt động sau khi sắp xếp trong phạm vi được giao."
            self._refuse(place, "unit_code", "unknown-unit", message, code or "")
            return None
        return unit

    def _follow(self, place: int, placement: ReorganisationPlacement, target: PlannedUnit) -> None:
        """Theo về đơn vị: with the post as it is, to one of the units that a division makes."""
        passing = next((one for one in self.tree.passings if one.source is self.kept_by.get(placement.cadre_id)), None)
        heirs = {self.tree.heir_of(code) for code in passing.heirs} if passing else set()
        if target.code not in heirs and not (passing and passing.keeps and target is passing.source):
            message = f"«{target.name}» không phải là đơn vị nhận của đơn vị người này đang công tác."
            self._refuse(place, "unit_code", "no-heir", message, target.code)
        elif any(one.cadre_id == placement.cadre_id and one.kind == placement.kind for one in self.plan.leaders):
            message = "Người giữ chức lãnh đạo không «theo về đơn vị»: cần nói rõ giữ chức gì, hoặc chờ bố trí."
            self._refuse(place, "outcome", "leader", message)

    def _await_posting(self, place: int, placement: ReorganisationPlacement) -> None:
        """Chờ bố trí công tác: the post is over, the state of employment says so."""
        held = self.employed.get(placement.cadre_id)
        if held is None or held["state"] in ENDED_STATES:
            self._refuse(place, "cadre", "not-present", "Người này không còn công tác vào ngày sắp xếp.")
        elif held["state"] != EmploymentState.AWAITING_POSTING:
            self.plan.states.append(StateChange(placement, held))

    def _give_post(
        self, place: int, placement: ReorganisationPlacement, target: PlannedUnit, ended: PostMove | None
    ) -> None:
        title = self.titles.get(placement.title_id or 0)
        groups = LEADING.get(placement.outcome)
        if title is None and not placement.title_text and ended is not None and ended.title is not None and groups:
            title = ended.title if ended.title.group in groups else None
        if groups and (title is None or title.group not in groups):
            held = title or (ended.title if ended is not None else None)
            words = GROUP_WORDS[PlacementOutcome(placement.outcome)]
            message = f"«{held.name}» không phải là chức danh {words}: hãy" if held else "Hãy"
            message += f" chọn chức danh {words} trong danh mục."
            self._refuse(place, "title", "title-group", message, placement.title_name)
            return
        if title is not None and not _is_open(title, self.day):
            message = f"Chức danh «{title.name}» không dùng vào ngày sắp xếp."
            self._refuse(place, "title", "closed-title", message, title.code)
            return
        if placement.cadre_id in self.plan.gone:
            self._refuse(place, "cadre", "not-present", "Người này không còn công tác vào ngày sắp xếp.")
            return
        until = ended.row["effective_until"] if ended else None
        self.plan.new_posts.append(NewPost(placement, target.code, title, placement.title_text, until))
        if placement.decision_id is None and groups:
            message = f"{self.plan.names.get(placement.cadre_id, '')}: chưa có quyết định riêng về chức vụ."
            self.tree.warnings.append(CaseFault("placement", place, "decision", "no-decision", message))

    def _judge_heads(self) -> None:
        """Nobody is head beside another of the same title in one unit."""
        places = {placement.pk: place for place, placement in enumerate(self.placements)}
        held: dict[tuple[str, int], NewPost] = {}
        for post in self.plan.new_posts:
            if post.placement.outcome != PlacementOutcome.HEAD or post.title is None:
                continue
            other = held.setdefault((post.target, post.title.pk), post)
            if other is not post:
                name = self.plan.names.get(other.placement.cadre_id, "")
                message = f"{name} cũng giữ chức «{post.title.name}» ở đơn vị này."
                self._refuse(places[post.placement.pk], "title", "two-heads", message, post.title.name)

    def _tell_left(self) -> None:
        """Records that nobody takes over."""
        for code, ids in self.left.items():
            unit = self.tree.units[code]
            people = dict.fromkeys(ids)
            names = ", ".join(self.plan.names.get(pk, "") for pk in list(people)[:NAMED])
            more = f" và {len(people) - NAMED} người khác" if len(people) > NAMED else ""
            message = f"«{unit.name}» còn {len(people)} hồ sơ chưa có đơn vị nhận: {names}{more}."
            self.tree.faults.append(CaseFault("step", unit.ended_by or 0, "targets", "people-left", message, code))

    def _refuse(self, place: int, name: str, code: str, message: str, value: str = "") -> None:
        self.tree.faults.append(CaseFault("placement", place, name, code, message, value))


def _is_open(title: Title, day: datetime.date) -> bool:
    begun = title.valid_from is None or title.valid_from <= day
    return begun and (title.valid_until is None or title.valid_until > day)


def leading_texts(titles: Iterable[Title]) -> dict[str, Title]:
    """Leadership titles by their names and spellings, folded: what a post says in words leads a unit as well."""
    found: dict[str, Title] = {}
    for title in titles:
        if title.is_leadership:
            for text in (title.name, *title.aliases):
                found.setdefault(fold(text), title)
    return found


def leading_posts(unit_ids: Iterable[int], day: datetime.date) -> QuerySet[Any]:
    """Leading posts held on a day in some units: whose holders need their own decisions when these units end."""
    held = Assignment.objects.in_force(day).filter(unit_id__any=list(unit_ids))
    written = held.filter(title__isnull=True).exclude(title_text="").order_by().values_list("title_text", flat=True)
    leading = leading_texts(Title.objects.filter(is_leadership=True))
    meant = [text for text in written.distinct() if fold(text) in leading]
    held = held.filter(Q(title__is_leadership=True) | Q(title__isnull=True, title_text__in=meant))
    ordered = held.order_by("unit__code", F("title__rank").asc(nulls_last=True), "title__position", "cadre__sort_key")
    return ordered.select_related("cadre", "title", "unit")
