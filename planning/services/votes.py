"""Votes on the candidates of an office: its steps as data, tallies by hand or by sheet; every change in one event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max

from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.policies import Action
from personnel.services.bulk import create_many, update_many
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from planning.choices import RoundState
from planning.models import Candidate, PlannedSeat, UnitPlan, VoteStep
from planning.rules.votes import BadTally, default_steps, judge_step
from planning.services.acting import manages_round, planning_event
from planning.services.rounds import locked_round
from planning.statistics.votes import rule_of, tally_of

#: What is said of a step as it is to be held, and of how it was held.
PLANNED_FIELDS = ("name", "body", "pass_percent", "quorum_percent", "tie")
HELD_FIELDS = (
    "held_on",
    "place",
    "chair",
    "tellers",
    "minutes_number",
    "summoned",
    "present",
    "issued",
    "cast",
    "invalid",
)


def may_enter_votes(user: User | None, part: UnitPlan) -> bool:
    """Whether the user plans every seat of the office's part, or prepares the round."""
    if user is None:
        return True
    opened = PlannedSeat.objects.open_to(user, Action.PLAN)
    has_all = part.seats.exists() and not part.seats.exclude(pk__in=opened.values("pk")).exists()
    return has_all or manages_round(user, part.round)


def prepare_steps(*, part: UnitPlan, acting_user: User | None) -> list[VoteStep]:
    """Give an office the usual steps, where it has none yet."""
    with planning_event(acting_user=acting_user, reason="Lập các bước lấy phiếu", subject=part.unit):
        _require(part, acting_user)
        if VoteStep.objects.filter(round=part.round, unit=part.unit).exists():
            raise ServiceRefusal("Đơn vị đã có các bước lấy phiếu.")
        usual = default_steps(part.round.day)
        if usual is None:
            raise ServiceRefusal("Chưa có các bước mặc định cho ngày xét của đợt; hãy thêm từng bước.")
        rows = [
            VoteStep(
                round=part.round,
                unit=part.unit,
                number=number,
                name=step.name,
                body=step.body,
                pass_percent=usual.pass_percent,
                quorum_percent=usual.quorum_percent,
                tie=usual.tie,
            )
            for number, step in enumerate(usual.steps, 1)
        ]
        return list(create_many(VoteStep, rows))


def add_step(
    *, part: UnitPlan, values: Mapping[str, Any], acting_user: User | None, repeats: VoteStep | None = None
) -> VoteStep:
    """Add a step at the end; one that repeats another votes again on those who tied there."""
    with planning_event(acting_user=acting_user, reason="Thêm bước lấy phiếu", subject=part.unit):
        _require(part, acting_user)
        steps = VoteStep.objects.filter(round=part.round, unit=part.unit)
        last = steps.aggregate(last=Max("number"))["last"] or 0
        if repeats is not None and (repeats.unit_id, repeats.round_id) != (part.unit_id, part.round_id):
            raise ServiceRefusal("Bước lấy phiếu lại phải của cùng đơn vị.")
        made = VoteStep(round=part.round, unit=part.unit, number=last + 1, repeats=repeats, **values)
        save_checked(made)
        return made


def change_step(
    *, step: VoteStep, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> VoteStep:
    """Change how a step is held or passed. Raises StaleVersion when somebody else did first."""
    with planning_event(acting_user=acting_user, reason=f"Sửa bước {step.number}", subject=step.unit):
        _require(_part_of(step), acting_user)
        current: VoteStep = VoteStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        for name, value in values.items():
            if name not in (*PLANNED_FIELDS, *HELD_FIELDS):
                raise TypeError(f"{name} is not changed of a step")
            setattr(current, name, value)
        save_checked(current)
        return current


def drop_step(*, step: VoteStep, acting_user: User | None) -> None:
    """Take a step out of which nothing was counted."""
    with planning_event(acting_user=acting_user, reason=f"Bỏ bước {step.number}", subject=step.unit):
        _require(_part_of(step), acting_user)
        rows = Candidate.objects.filter(seat__round=step.round, seat__part__unit=step.unit)
        if rows.filter(tallies__has_key=str(step.number)).exists() or step.repeated_by.exists():
            raise ServiceRefusal("Bước đã có số phiếu hoặc đã có lần lấy phiếu lại nên không bỏ được.")
        step.delete()


def record_tallies(
    *,
    part: UnitPlan,
    votes: Mapping[tuple[int, int], int | None],
    acting_user: User | None,
    head: Mapping[tuple[int, int], bool | None] | None = None,
) -> int:
    """Write the votes for candidates by (candidate, number of step); None takes back what was written.

    `head` are the head's decisions on ties. All or nothing: ValidationError says of which step and whom numbers cannot
    be. Answers how many candidates changed.
    """
    with planning_event(acting_user=acting_user, reason="Ghi kết quả kiểm phiếu", subject=part.unit):
        _require(part, acting_user)
        steps = {step.number: step for step in VoteStep.objects.filter(round=part.round, unit=part.unit)}
        rows = {
            row.pk: row
            for row in Candidate.objects.select_for_update(of=("self",))
            .filter(seat__part=part, pk__in={pk for pk, _ in votes} | {pk for pk, _ in head or {}})
            .visible_to(acting_user)
            .select_related("cadre")
        }
        before = {pk: dict(row.tallies) for pk, row in rows.items()}
        for (pk, number), count in votes.items():
            if pk in rows and number in steps:
                _put(rows[pk], number, "votes", count)
        for (pk, number), chosen in (head or {}).items():
            if pk in rows and number in steps:
                _put(rows[pk], number, "head", chosen)
        _refuse_impossible(list(steps.values()), list(rows.values()))
        changed = [row for pk, row in rows.items() if row.tallies != before[pk]]
        update_many(Candidate, changed, ["tallies"])
        return len(changed)


def _put(row: Candidate, number: int, name: str, value: Any) -> None:
    kept = {**row.tallies.get(str(number), {})}
    if value is None:
        kept.pop(name, None)
    else:
        kept[name] = value
    row.tallies = {**row.tallies, str(number): kept}
    if not kept:
        del row.tallies[str(number)]


def _refuse_impossible(steps: Sequence[VoteStep], rows: Sequence[Candidate]) -> None:
    faults = []
    for step in steps:
        for row in rows:
            try:
                judge_step(rule_of(step), tally_of(step, [row]))
            except BadTally as error:
                faults.append(f"Bước {step.number}, {row.cadre.full_name}: {error}")
    if faults:
        raise ValidationError(faults[:10], code="bad-tally")


def _part_of(step: VoteStep) -> UnitPlan:
    return UnitPlan.objects.select_related("round", "unit").get(round=step.round_id, unit=step.unit_id)


def _require(part: UnitPlan, user: User | None) -> None:
    if not may_enter_votes(user, part):
        raise PermissionDenied("Phần này có chức danh thuộc cấp khác quy hoạch.")
    if locked_round(part.round).state not in (RoundState.OPEN, RoundState.VOTING):
        raise ServiceRefusal("Đợt không ở bước giới thiệu nhân sự hoặc lấy phiếu.")
