"""The people behind a number: one text names them, one query finds them, for the table and for the list it opens.

A text is `population:dimension=key;dimension=key`, for instance `leaders:unit=SNV;sex=female`. The two words `unit` (at
or below a unit of the day's tree) and the keys of DIMENSIONS divide; values are percent-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.expressions import RawSQL

from personnel.models import Cadre, Custody, Unit, UnitVersion
from personnel.models.scope import CadreQuerySet, scope_of, subtree, tier_1_open
from personnel.policies import Action
from personnel.statistics.dimensions import DIMENSIONS, UNKNOWN, Dimension
from personnel.statistics.populations import POPULATIONS, Population
from personnel.statistics.sources import joins

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: The word for «at or below this unit».
UNIT = "unit"

_PLACEHOLDER = re.compile(r"%(?:\((\w+)\)s|s|%)")


class Unreadable(ValueError):
    """A text that names no people."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a text names: a population, the unit at or below which it is kept, and the keys of dimensions."""

    population: Population
    unit: str | None = None
    keys: tuple[tuple[Dimension, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Selection:
        """Read a text; raises Unreadable."""
        head, _, tail = text.partition(":")
        population = POPULATIONS.get(head)
        if population is None:
            raise Unreadable(text)
        unit, keys = None, []
        for part in filter(None, tail.split(";")):
            name, mark, value = part.partition("=")
            dimension = DIMENSIONS.get(name)
            if not mark or (name == UNIT and unit is not None) or (name != UNIT and dimension is None):
                raise Unreadable(text)
            if dimension is None:
                unit = unquote(value)
            else:
                keys.append((dimension, unquote(value)))
        return cls(population, unit, tuple(keys))

    @property
    def needs(self) -> tuple[Action, ...]:
        """The actions of which a reader must have one to learn that people are these."""
        return (*self.population.needs, *(action for dimension, _ in self.keys for action in dimension.needs))

    def is_open(self, user: User | None) -> bool:
        """Whether population and dimensions are there for a reader."""
        return self.population.is_open(user) and all(dimension.is_open(user) for dimension, _ in self.keys)

    @property
    def is_tier_1(self) -> bool:
        """Whether it tells of people what not every reader may know of them."""
        return any(dimension.is_tier_1 for dimension, _ in self.keys)


def part(dimension: str, key: str) -> str:
    """One condition of a text."""
    return f"{dimension}={quote(key, safe='')}"


def text_of(population: Population, parts: Iterable[str]) -> str:
    """The text of a population and its conditions."""
    return f"{population.key}:{';'.join(filter(None, parts))}"


def counted(population: Population, *, user: User | None, day: date, unit: int | None = None) -> CadreQuerySet:
    """The people of a population whose record was kept on `day` within the reader's scope, at or below `unit` if given.

    Guests of a unit (seconded, concurrent posts) are counted where their record is kept, so that nobody counts twice.
    """
    scope = scope_of(user)
    cadres: CadreQuerySet = Cadre.objects.held_on(user, day)
    if scope.is_empty:
        return cadres.none()
    custody = Custody.objects.in_force(day).filter(cadre_id=OuterRef("pk"))
    if not scope.is_whole_province:
        cadres = cadres.filter(Exists(custody.filter(scope.covers("unit_id"))))
    if unit is not None:
        cadres = cadres.filter(Exists(custody.filter(unit_id__in=subtree([unit], day))))
    return population.people(cadres, day, user)


def narrow(queryset: CadreQuerySet, text: str, day: date, user: User | None) -> CadreQuerySet:
    """Of `queryset`, the people whom `text` names on `day`: those behind one number of a table, none when unreadable.

    A text that divides by a tier 1 field answers only people of whom the reader sees tier 1.
    """
    try:
        selection = Selection.parse(text)
    except Unreadable:
        return queryset.none()
    if not selection.is_open(user):
        return queryset.none()
    people = _people(selection, day, user)
    if people is None:
        return queryset.none()
    if selection.is_tier_1:
        people = people.annotate(_is_open=tier_1_open(user)).filter(_is_open=True)
    if not selection.keys:
        return queryset.filter(pk__in=people.order_by().values("pk"))
    values: dict[str, Any] = {"day": day}
    conditions: list[str] = []
    sources: list[str] = []
    for number, (dimension, key) in enumerate(selection.keys):
        values.update(dimension.values_for(day, user))
        sources += dimension.sources
        conditions.append(_condition(dimension, key, f"key_{number}", day, values))
    sql = (
        f"WITH people AS MATERIALIZED ({with_names(people, values)}) "
        f"SELECT cadre.id FROM people JOIN personnel_cadre cadre ON cadre.id = people.id {joins(sources)} "
        f"WHERE {' AND '.join(conditions)}"
    )
    return queryset.filter(pk__in=RawSQL(*positional(sql, values), output_field=BigIntegerField()))


def describe(text: str, day: date) -> str:
    """A text in words, for the chip of a list: «Công chức · Giới tính: Nữ»; empty when it cannot be read."""
    try:
        selection = Selection.parse(text)
    except Unreadable:
        return ""
    words = [selection.population.label]
    if selection.unit is not None:
        words.append(_unit_name(selection.unit, day))
    words += [f"{dimension.label}: {dimension.label_of(key, day)}" for dimension, key in selection.keys]
    return " · ".join(words)


def needs_of(text: str) -> Action | None:
    """The action without which nobody may read in the trail that these people were asked for; None for most texts."""
    try:
        needs = Selection.parse(text).needs
    except Unreadable:
        return None
    return needs[0] if needs else None


def _people(selection: Selection, day: date, user: User | None) -> CadreQuerySet | None:
    """Those of the population at or below the unit; None when there is no such unit in scope."""
    unit = None
    if selection.unit is not None:
        unit = Unit.objects.visible_to(user).filter(code=selection.unit).values_list("pk", flat=True).first()
        if unit is None:
            return None
    return counted(selection.population, user=user, day=day, unit=unit)


def _condition(dimension: Dimension, key: str, name: str, day: date, values: dict[str, Any]) -> str:
    """SQL: people whose key this is; unknown is whatever is none of the members."""
    if key == UNKNOWN:
        values[name] = [member.key for member in dimension.members(day)]
        return f"(({dimension.expression}) = ANY(%({name})s::text[])) IS NOT TRUE"
    values[name] = key
    return f"({dimension.expression}) = %({name})s"


def _unit_name(code: str, day: date) -> str:
    """The name of a unit on the day, else its latest."""
    versions = UnitVersion.objects.filter(unit__code=code).order_by("-effective_from")
    found = versions.filter(effective_from__lte=day).first() or versions.first()
    return found.name if found else code


def with_names(queryset: CadreQuerySet, values: dict[str, Any]) -> str:
    """SQL of the ids of a queryset with named placeholders; their values are put into `values`."""
    sql, parameters = queryset.order_by().values("pk").query.sql_with_params()
    waiting = iter(parameters)

    def named(found: re.Match[str]) -> str:
        if found[0] != "%s":
            return found[0]
        name = f"people_{len(values)}"
        values[name] = next(waiting)
        return f"%({name})s"

    return f"SELECT pk AS id FROM ({_PLACEHOLDER.sub(named, sql)}) counted(pk)"


def positional(sql: str, values: Mapping[str, Any]) -> tuple[str, Sequence[Any]]:
    """SQL with placeholders by position and the values in their order."""
    ordered: list[Any] = []

    def numbered(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        ordered.append(values[found[1]])
        return "%s"

    return _PLACEHOLDER.sub(numbered, sql), tuple(ordered)
