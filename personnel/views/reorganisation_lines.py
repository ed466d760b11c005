"""Steps, faults and people of a case put into words for its pages."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from personnel.choices import AssignmentKind, Bloc, StepKind, UnitLevel
from personnel.models import (
    Assignment,
    Cadre,
    Reorganisation,
    ReorganisationPlacement,
    ReorganisationStep,
    UnitKind,
    UnitVersion,
)
from personnel.services.reorganisation.cases import founded_by
from personnel.services.reorganisation.people import leading_posts
from personnel.services.reorganisation.planning import plan_units

#: Icons of the kinds of steps.
ICONS: dict[str, str] = {
    StepKind.CREATE: "plus",
    StepKind.RENAME: "pencil",
    StepKind.MOVE: "corner-down-right",
    StepKind.MERGE: "git-merge",
    StepKind.SPLIT: "split",
    StepKind.DISSOLVE: "circle-x",
}


@dataclass(frozen=True)
class StepLine:
    """A step as the page of its case shows it."""

    step: ReorganisationStep
    number: int
    sources: list[str]
    targets: list[str]
    said: str
    faults: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    is_first: bool
    is_last: bool

    @property
    def icon(self) -> str:
        """The icon of the kind."""
        return ICONS[self.step.kind]


@dataclass
class PersonLine:
    """Somebody of whom the case says something, or should: a leader of a unit that ends, or who follows by name."""

    cadre: Cadre
    posts: list[str] = field(default_factory=list)
    placement: ReorganisationPlacement | None = None
    unit: str = ""
    faults: list[dict[str, Any]] = field(default_factory=list)
    is_leader: bool = False


class CaseNames:
    """Names of the units of a case by code: as they were on the eve, or as the case founds them."""

    def __init__(self, case: Reorganisation, codes: Iterable[str]) -> None:
        eve = case.day - datetime.timedelta(days=1)
        rows = UnitVersion.objects.filter(unit__code__in=set(codes), effective_from__lte=eve)
        newest = rows.order_by("unit_id", "-effective_from").distinct("unit_id")
        self.founded = founded_by(case)
        self._names = self.founded | dict(newest.values_list("unit__code", "name"))

    def of(self, code: str) -> str:
        """Name and code of a unit."""
        name = self._names.get(code)
        return f"{name} ({code})" if name else code


def step_lines(case: Reorganisation, steps: Sequence[ReorganisationStep]) -> list[StepLine]:
    """The steps of a case with what was found wrong with each."""
    codes = {code for step in steps for code in (*step.sources, *step.targets, step.values.get("parent", ""))}
    names = CaseNames(case, codes)
    kinds = dict(UnitKind.objects.values_list("code", "name"))
    return [
        StepLine(
            step=step,
            number=place + 1,
            sources=[names.of(code) for code in step.sources],
            targets=[names.of(code) for code in step.targets],
            said=_said(step, names, kinds),
            faults=_at(case, "faults", "step", step.pk),
            warnings=_at(case, "warnings", "step", step.pk),
            is_first=place == 0,
            is_last=place == len(steps) - 1,
        )
        for place, step in enumerate(steps)
    ]


def _said(step: ReorganisationStep, names: CaseNames, kinds: dict[str, str]) -> str:
    """What a step says of the unit afterwards, in one line."""
    values = step.values
    parts = [
        f"tên: {values['name']}" if values.get("name") else "",
        f"trực thuộc: {names.of(values['parent'])}" if values.get("parent") else "",
        kinds.get(values.get("kind", ""), ""),
        str(UnitLevel(values["level"]).label) if values.get("level") in UnitLevel.values else "",
        str(Bloc(values["bloc"]).label) if values.get("bloc") in Bloc.values else "",
        "giữ lại đơn vị cũ" if values.get("keeps") else "",
        _below(step) if values.get("with_below") else "",
        f"theo {step.decision}" if step.decision else "",
    ]
    return "; ".join(filter(None, parts))


def _below(step: ReorganisationStep) -> str:
    merged = step.kind == StepKind.MERGE
    return "hợp nhất đơn vị trực thuộc cùng tên" if merged else "gồm cả đơn vị trực thuộc"


def _at(case: Reorganisation, key: str, part: str, of: int) -> list[dict[str, Any]]:
    """Faults or warnings of the last rehearsal at one row."""
    return [one for one in case.summary.get(key, ()) if (one["part"], one["of"]) == (part, of)]


def other_faults(case: Reorganisation, key: str = "faults") -> list[dict[str, Any]]:
    """Faults or warnings of the last rehearsal that stand neither at a step nor at somebody named."""
    return [one for one in case.summary.get(key, ()) if one["part"] in ("case", "person")]


def person_lines(case: Reorganisation, user: Any) -> list[PersonLine]:
    """Leaders of the units that end, then everybody else whom the case names; those unspoken of first."""
    steps = list(case.steps.all())
    tree = plan_units(case, steps=steps, first_decision=None, acting_user=user).tree
    ended = [one.source.unit_id for one in tree.passings if not one.keeps and one.source.unit_id is not None]
    eve = case.day - datetime.timedelta(days=1)
    placements = list(case.placements.select_related("cadre", "title", "decision"))
    visible = set(
        Cadre.objects.visible_to(user).filter(pk__any=[one.cadre_id for one in placements]).values_list("pk", flat=True)
    )
    codes = {one.unit_code for one in placements} | {one.source.code for one in tree.passings}
    names = CaseNames(case, codes)
    found: dict[int, PersonLine] = {}
    for post in leading_posts(ended, eve).filter(cadre__in=Cadre.objects.visible_to(user)):
        line = found.setdefault(post.cadre_id, PersonLine(post.cadre, is_leader=True))
        line.posts.append(_post(post, names))
    for placement in placements:
        if placement.cadre_id not in visible:
            continue
        line = found.setdefault(placement.cadre_id, PersonLine(placement.cadre))
        if line.placement is None:
            line.placement, line.unit = placement, names.of(placement.unit_code) if placement.unit_code else ""
        line.faults += _at(case, "faults", "placement", placement.pk)
    order = {True: 0, False: 1}
    return sorted(
        found.values(), key=lambda one: (order[bool(one.faults)], one.placement is not None, not one.is_leader)
    )


def _post(post: Assignment, names: CaseNames) -> str:
    return f"{post.title_name} · {names.of(post.unit.code) if post.unit else ''}"


def posts_held(cadre_ids: Iterable[int], day: datetime.date) -> dict[int, str]:
    """The leading or main posts that people hold on a day, in words; one query for all and one for the names."""
    held = Assignment.objects.in_force(day).filter(cadre_id__any=list(cadre_ids)).select_related("title", "unit")
    posts = list(held.filter(Q(kind=AssignmentKind.MAIN) | Q(title__is_leadership=True)).order_by("kind", "pk"))
    named = UnitVersion.objects.in_force(day).filter(unit__in=[post.unit_id for post in posts if post.unit_id])
    names = dict(named.values_list("unit_id", "name"))
    told: dict[int, list[str]] = {}
    for post in posts:
        where = names.get(post.unit_id, "") or post.organisation
        told.setdefault(post.cadre_id, []).append(f"{post} · {where}" if where else str(post))
    return {cadre_id: "; ".join(words) for cadre_id, words in told.items()}
