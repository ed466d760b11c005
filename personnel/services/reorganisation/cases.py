"""What a case says: opened, changed step by step, and thrown away while nothing was carried out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.audit import writing
from hrdb.kernel.models import User
from personnel.choices import AssignmentKind, ReorganisationState, StepKind
from personnel.models import (
    Assignment,
    Cadre,
    Decision,
    Reorganisation,
    ReorganisationDecision,
    ReorganisationPlacement,
    ReorganisationStep,
    Unit,
)
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.bulk import create_many, delete_many, update_many
from personnel.services.citing import CitedDecision, cite
from personnel.services.errors import ServiceRefusal
from personnel.services.records import save_checked
from personnel.services.reorganisation.applying import lock_case

REASON = "Lập phương án sắp xếp"


@dataclass(frozen=True, kw_only=True)
class SaidStep:
    """A step as a file says it."""

    kind: str
    sources: Sequence[str]
    targets: Sequence[str]
    values: Mapping[str, Any]
    cited: CitedDecision | None = None


@dataclass(frozen=True, kw_only=True)
class SaidPlacement:
    """What a file says of one person; `values` by the model's fields."""

    cadre_id: int
    values: Mapping[str, Any]
    cited: CitedDecision | None = None


def open_case(
    *,
    title: str,
    day: datetime.date,
    unit: Unit | None,
    acting_user: User | None,
    cited: Iterable[CitedDecision] = (),
    note: str = "",
    file_name: str = "",
    file_hash: str = "",
) -> Reorganisation:
    """Begin a case (lập phương án); without a unit it is the province's.

    Raises Unit.DoesNotExist out of scope, PermissionDenied for a case of the province by who edits only a part of it.
    """
    _require_reach(unit, acting_user)
    with writing(acting_user=acting_user, reason=REASON, subject=unit):
        case = Reorganisation(
            title=title,
            day=day,
            unit=unit,
            note=note,
            file_name=file_name[:250],
            file_hash=file_hash,
            drafted_by=acting_user,
        )
        save_checked(case)
        for decision in cited:
            _rest_on(case, decision)
        return case


def change_case(*, case: Reorganisation, values: Mapping[str, Any], acting_user: User | None) -> Reorganisation:
    """Change title, day, reach or note of a case that is not carried out."""
    with _changing(case, acting_user) as locked:
        if "unit" in values:
            _require_reach(values["unit"], acting_user)
        for name, value in values.items():
            setattr(locked, name, value)
    return locked


def add_resolution(*, case: Reorganisation, cited: CitedDecision, acting_user: User | None) -> ReorganisationDecision:
    """Let a case rest on one more resolution (nghị quyết, quyết định)."""
    with _changing(case, acting_user) as locked:
        return _rest_on(locked, cited)


def remove_resolution(*, resolution: ReorganisationDecision, acting_user: User | None) -> None:
    """Take a resolution out of a case; steps that named it rest on the first one."""
    with _changing(resolution.case, acting_user) as locked:
        for step in locked.steps.filter(decision=resolution.decision_id):
            step.decision = None
            step.save()
        resolution.delete()


def save_step(
    *,
    case: Reorganisation,
    kind: str,
    sources: Sequence[str],
    targets: Sequence[str],
    values: Mapping[str, Any],
    acting_user: User | None,
    decision: Decision | None = None,
    step: ReorganisationStep | None = None,
) -> ReorganisationStep:
    """Add a step at the end of a case, or say an existing one anew."""
    with _changing(case, acting_user) as locked:
        if step is None:
            last = locked.steps.order_by("position").last()
            step = ReorganisationStep(case=locked, position=last.position + 1 if last else 1)
        step.kind, step.sources, step.targets = kind, list(sources), list(targets)
        step.values = {name: value for name, value in values.items() if value not in (None, "")}
        step.decision = decision
        _forget_faults(locked, "step", step.pk)
        save_checked(step)
        return step


def move_step(*, step: ReorganisationStep, up: bool, acting_user: User | None) -> None:
    """Let a step go before or after its neighbour."""
    with _changing(step.case, acting_user) as locked:
        ordered = list(locked.steps.all())
        place = next(number for number, one in enumerate(ordered) if one.pk == step.pk)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(ordered):
            return
        ordered[place], ordered[other] = ordered[other], ordered[place]
        for number, one in enumerate(ordered, 1):
            if one.position != number:
                one.position = number
                one.save()


def remove_step(*, step: ReorganisationStep, acting_user: User | None) -> None:
    """Take a step out of a case."""
    with _changing(step.case, acting_user):
        step.delete()


def place_person(
    *,
    case: Reorganisation,
    cadre: Cadre,
    values: Mapping[str, Any],
    acting_user: User | None,
    cited: CitedDecision | None = None,
) -> ReorganisationPlacement:
    """Say by name what becomes of somebody (bố trí); said again, it replaces what was said of that kind of post."""
    with _changing(case, acting_user) as locked:
        person = people_of_case(locked, acting_user).filter(pk=cadre.pk).get()
        kind = values.get("kind") or AssignmentKind.MAIN
        held = locked.placements.filter(cadre=person, kind=kind).first()
        row = held or ReorganisationPlacement(case=locked, cadre=person, position=locked.placements.count() + 1)
        for name, value in {**values, "kind": kind}.items():
            setattr(row, name, value)
        row.decision = cite(cited, effective_on=locked.day)
        _forget_faults(locked, "placement", row.pk)
        save_checked(row)
        return row


def send_people(
    *, case: Reorganisation, cadre_ids: Iterable[int], unit_code: str, outcome: str, acting_user: User | None
) -> int:
    """Say of many people at once where they go (chia người); answers how many."""
    with _changing(case, acting_user) as locked:
        people = people_of_case(locked, acting_user).filter(pk__any=list(cadre_ids))
        ids = list(people.order_by("pk").values_list("pk", flat=True))
        known = {one.cadre_id: one for one in locked.placements.filter(cadre__any=ids, kind=AssignmentKind.MAIN)}
        first = locked.placements.count() + 1
        new = [
            ReorganisationPlacement(
                case=locked, cadre_id=pk, position=first + number, outcome=outcome, unit_code=unit_code
            )
            for number, pk in enumerate(pk for pk in ids if pk not in known)
        ]
        for row in known.values():
            row.outcome, row.unit_code = outcome, unit_code
        update_many(ReorganisationPlacement, list(known.values()), ["outcome", "unit_code"])
        create_many(ReorganisationPlacement, new)
        return len(ids)


def remove_placement(*, placement: ReorganisationPlacement, acting_user: User | None) -> None:
    """Say nothing of somebody any more."""
    with _changing(placement.case, acting_user):
        placement.delete()


def fill_case(
    *,
    case: Reorganisation,
    steps: Sequence[SaidStep],
    placements: Sequence[SaidPlacement],
    acting_user: User | None,
) -> None:
    """Let an empty case say everything at once, as a file does; decisions that steps name become its resolutions."""
    with _changing(case, acting_user) as locked:
        resolved = dict.fromkeys(one.cited for one in steps if one.cited is not None)
        named = resolved | dict.fromkeys(one.cited for one in placements if one.cited is not None)
        decisions = {cited: cite(cited, effective_on=locked.day) for cited in named}
        create_many(
            ReorganisationDecision,
            [
                ReorganisationDecision(case=locked, decision=decisions[cited], position=place)
                for place, cited in enumerate(resolved, 1)
            ],
        )
        create_many(
            ReorganisationStep,
            [
                ReorganisationStep(
                    case=locked,
                    position=place,
                    kind=one.kind,
                    sources=list(one.sources),
                    targets=list(one.targets),
                    values=dict(one.values),
                    decision=decisions[one.cited] if one.cited else None,
                )
                for place, one in enumerate(steps, 1)
            ],
        )
        create_many(
            ReorganisationPlacement,
            [
                ReorganisationPlacement(
                    case=locked,
                    position=place,
                    decision=decisions[one.cited] if one.cited else None,
                    cadre_id=one.cadre_id,
                    **one.values,
                )
                for place, one in enumerate(placements, 1)
            ],
        )


def remove_case(*, case: Reorganisation, acting_user: User | None, reason: str) -> None:
    """Throw away a case of which nothing was ever carried out."""
    with writing(acting_user=acting_user, reason=reason, subject=case.unit):
        locked = lock_case(case, acting_user=acting_user)
        if locked.applying_id is not None or not locked.is_open:
            raise ServiceRefusal("Phương án đã từng thực hiện thì không xóa được.")
        for model in (ReorganisationPlacement, ReorganisationStep, ReorganisationDecision):
            rows = model._default_manager.filter(case=locked)
            delete_many(model, list(rows.order_by("pk").values_list("pk", flat=True)))
        locked.delete()


def people_of_case(case: Reorganisation, acting_user: User | None) -> Any:
    """People whom a case may name: kept today or posted in a unit of its reach, and visible to the user."""
    people = Cadre.objects.visible_to(acting_user, Action.VIEW)
    if case.unit_id is None:
        return people
    units = Unit.objects.below([case.unit_id], case.day)
    posted = Assignment.objects.in_force(case.day).filter(unit__in=units).values("cadre")
    return people.in_units([case.unit_id], case.day) | people.filter(pk__in=posted)


def founded_by(case: Reorganisation) -> dict[str, str]:
    """Names of the units that a case founds, by code."""
    steps = case.steps.filter(kind__in=[StepKind.CREATE, StepKind.MERGE])
    return {step.targets[0]: str(step.values["name"]) for step in steps if step.targets and step.values.get("name")}


@contextmanager
def _changing(case: Reorganisation, acting_user: User | None) -> Iterator[Reorganisation]:
    """Inside: the case, locked and open; afterwards what was rehearsed of it no longer holds."""
    with writing(acting_user=acting_user, reason=REASON, subject=case.unit, cause=case):
        locked = lock_case(case, acting_user=acting_user)
        if not locked.is_open:
            raise ValidationError("Phương án đã thực hiện, không sửa được nữa.", code="applied")
        yield locked
        locked.state, locked.digest = ReorganisationState.DRAFT, ""
        if locked.summary:
            locked.summary = {**locked.summary, "is_stale": True}
        save_checked(locked)


def _forget_faults(case: Reorganisation, part: str, key: int | None) -> None:
    """What was found wrong with a row that is said anew no longer stands at it."""
    for name in ("faults", "warnings"):
        kept = [one for one in case.summary.get(name, ()) if (one["part"], one["of"]) != (part, key)]
        if case.summary:
            case.summary = {**case.summary, name: kept}


def _rest_on(case: Reorganisation, cited: CitedDecision) -> ReorganisationDecision:
    decision = cite(cited, effective_on=case.day)
    assert decision is not None
    row = ReorganisationDecision(case=case, decision=decision, position=case.resolutions.count() + 1)
    save_checked(row)
    return row


def _require_reach(unit: Unit | None, acting_user: User | None) -> None:
    """Refuse a case over units that the user may not edit."""
    scope = scope_of(acting_user, Action.EDIT)
    if unit is None and not scope.is_whole_province:
        raise PermissionDenied("Chỉ cấp tỉnh được lập phương án cho toàn tỉnh.")
    if unit is not None:
        Unit.objects.visible_to(acting_user, Action.EDIT).get(pk=unit.pk)
