"""What the list of people shows beside the person: posts, employment, levels, pay, Party, read set-wise for a day.

One query a table, for the fifty of a page and for everybody in a workbook alike; rows stay plain values, because sixty
thousand people have half a million of them.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When

from personnel.choices import DIVISION_KIND, AssignmentKind, EmploymentCategory, EmploymentState, QualificationKind
from personnel.models import Assignment, Employment, PartyMembership, PayStep, Qualification, UnitVersion

#: Columns that show a level, by the kind of qualification that they show.
LEVEL_COLUMNS = {
    "degree": QualificationKind.PROFESSIONAL,
    "theory": QualificationKind.POLITICAL_THEORY,
    "management": QualificationKind.STATE_MANAGEMENT,
    "language": QualificationKind.FOREIGN_LANGUAGE,
}
PAY_COLUMNS = {"rank", "step", "coefficient"}


class Post(NamedTuple):
    """A post held on the day: its kind, the title as written, the unit by its name on the day."""

    kind: str
    title: str
    unit: str


class Pay(NamedTuple):
    """The pay step on the day."""

    rank: str
    step: int | None
    coefficient: Decimal | None


@dataclass(slots=True)
class Shown:
    """What is shown of one person."""

    posts: list[Post] = field(default_factory=list)
    category: str = ""
    state: str = ""
    levels: dict[str, str] = field(default_factory=dict)
    pay: Pay | None = None
    party_from: datetime.date | None = None

    @property
    def main_post(self) -> Post | None:
        """The main assignment, else the first of the others."""
        main = next((post for post in self.posts if post.kind == AssignmentKind.MAIN), None)
        return main or (self.posts[0] if self.posts else None)

    @property
    def titles(self) -> str:
        """Title of the main post, with the Party and concurrent ones beside it."""
        main = self.main_post
        others = [post.title for post in self.posts if post is not main]
        return "; ".join(filter(None, [main.title if main else "", *others]))

    @property
    def category_name(self) -> str:
        """The category in words."""
        return str(EmploymentCategory(self.category).label) if self.category else ""

    @property
    def state_name(self) -> str:
        """The state in words."""
        return str(EmploymentState(self.state).label) if self.state else ""


def read_shown(people: QuerySet[Any] | list[int], day: datetime.date, columns: Collection[str]) -> Mapping[int, Shown]:
    """What the columns show of some people (their ids, or a queryset of them), by id of the person."""
    found: dict[int, Shown] = defaultdict(Shown)
    of = {"cadre_id__any": people} if isinstance(people, list) else {"cadre__in": people.order_by().values("pk")}
    _read_posts(found, of, day)
    for cadre_id, category, state in _rows(Employment, of, day, "category", "state"):
        found[cadre_id].category, found[cadre_id].state = category, state
    if kinds := {kind for key, kind in LEVEL_COLUMNS.items() if key in columns}:
        _read_levels(found, of, day, kinds)
    if PAY_COLUMNS & set(columns):
        for cadre_id, code, name, *pay in _rows(PayStep, of, day, "rank__code", "rank__name", "step", "coefficient"):
            found[cadre_id].pay = Pay(f"{code} {name}" if code else "", *pay)
    if "party" in columns:
        for cadre_id, since in _rows(PartyMembership, of, day, "effective_from"):
            found[cadre_id].party_from = since
    return found


def _rows(model: type[Any], of: dict[str, Any], day: datetime.date, *fields: str) -> Any:
    """The rows of a table that hold on the day, as values that begin with the person."""
    return model.objects.in_force(day).filter(**of).order_by("cadre_id").values_list("cadre_id", *fields).iterator()


def _read_posts(found: dict[int, Shown], of: dict[str, Any], day: datetime.date) -> None:
    held = Assignment.objects.in_force(day).filter(**of).order_by("cadre_id", "-effective_from", "kind")
    rows = list(
        held.values_list("cadre_id", "kind", "title_text", "title__name", "unit_id", "organisation", "unit__code")
    )
    names = _unit_names({unit_id for _, _, _, _, unit_id, _, _ in rows if unit_id}, day)
    for cadre_id, kind, text, title, unit_id, organisation, code in rows:
        unit = names.get(unit_id, code) if unit_id else organisation
        found[cadre_id].posts.append(Post(kind, text or title or "", unit))


def _unit_names(unit_ids: Collection[int], day: datetime.date) -> dict[int, str]:
    """Units by their name on the day, a division with the agency above it."""
    above = UnitVersion.objects.standing_on(day).filter(unit_id=OuterRef("parent_id"))
    agency = Subquery(above.values_list(Case(When(short_name="", then="name"), default="short_name"))[:1])
    named = UnitVersion.objects.standing_on(day).filter(unit_id__any=unit_ids)
    of_division = Case(When(kind__code=DIVISION_KIND, then=agency), default=Value(None))
    rows = named.annotate(agency=of_division).values_list("unit_id", "name", "agency")
    return {unit_id: f"{agency} · {name}" if agency else name for unit_id, name, agency in rows}


def _read_levels(found: dict[int, Shown], of: dict[str, Any], day: datetime.date, kinds: Collection[str]) -> None:
    """The highest qualification of each kind, or the first written one where none is coded."""
    held = Qualification.objects.in_force(day).filter(**of, kind__in=kinds)
    best = held.order_by("cadre_id", "kind", F("level__rank").asc(nulls_last=True), "pk").distinct("cadre_id", "kind")
    for cadre_id, kind, level, text in best.values_list("cadre_id", "kind", "level__name", "level_text").iterator():
        found[cadre_id].levels[kind] = level or text
