"""Yearly plans of training (kế hoạch đào tạo, bồi dưỡng năm): drawn up, submitted, approved, frozen with their hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.history import history_model, version_of
from hrdb.kernel.models import User
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from planning.services.approvals import cited_decision
from training.choices import PlanState
from training.models import PlannedClass, TrainingPlan
from training.models.readers import approves_plans
from training.services.acting import require_arranger, training_event

#: Which state follows which, and what the step is called; approving is a step of its own.
STEPS: Mapping[tuple[str, str], str] = {
    (PlanState.DRAFT, PlanState.SUBMITTED): "Trình kế hoạch",
    (PlanState.SUBMITTED, PlanState.DRAFT): "Trả lại kế hoạch",
    (PlanState.APPROVED, PlanState.DRAFT): "Mở điều chỉnh kế hoạch",
}
FROZEN = "Kế hoạch đã trình hoặc đã phê duyệt nên không sửa được: hãy mở điều chỉnh."


def create_plan(
    *, values: Mapping[str, Any], acting_user: User | None, copied: TrainingPlan | None = None
) -> TrainingPlan:
    """Begin the plan of a year, with the foreseen classes of another year where one is given."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason=f"Lập kế hoạch năm {values.get('year', '')}"):
        made = TrainingPlan(**values)
        save_checked(made)
        for line in copied.classes.filter(programme__is_open=True) if copied is not None else ():
            names = ("programme_id", "month", "seats", "budget")
            save_checked(PlannedClass(plan=made, **{name: getattr(line, name) for name in names}))
        return made


def change_plan(
    *, plan: TrainingPlan, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> TrainingPlan:
    """Change name and budget of a plan that is not submitted."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason=f"Sửa {plan.name}"):
        current = locked_plan(plan)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        _refuse_frozen(current)
        for name, value in values.items():
            setattr(current, name, value)
        save_checked(current)
        return current


def drop_plan(*, plan: TrainingPlan, acting_user: User | None) -> None:
    """Throw a plan away that nothing came of yet."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason=f"Bỏ {plan.name}"):
        current = locked_plan(plan)
        _refuse_frozen(current)
        if approvals_of(current):
            raise ServiceRefusal("Kế hoạch đã từng được phê duyệt nên không bỏ được.")
        if current.classes.filter(opened__isnull=False).exists():
            raise ServiceRefusal("Đã có lớp mở theo kế hoạch này nên không bỏ được.")
        for line in current.classes.all():
            line.delete()
        current.delete()


def add_planned(*, plan: TrainingPlan, values: Mapping[str, Any], acting_user: User | None) -> PlannedClass:
    """Foresee a class: programme, month, seats, money."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason="Thêm lớp dự kiến"):
        current = locked_plan(plan)
        _refuse_frozen(current)
        made = PlannedClass(plan=current, **values)
        _check_line(made)
        save_checked(made)
        return made


def change_planned(
    *, line: PlannedClass, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> PlannedClass:
    """Change a foreseen class while the plan is not submitted."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason="Sửa lớp dự kiến"):
        _refuse_frozen(locked_plan(line.plan))
        current: PlannedClass = PlannedClass.objects.select_for_update(of=("self",)).get(pk=line.pk)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        for name, value in values.items():
            setattr(current, name, value)
        _check_line(current)
        save_checked(current)
        return current


def drop_planned(*, line: PlannedClass, acting_user: User | None) -> None:
    """Take a foreseen class out of the plan, before a class was opened for it."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason="Bỏ lớp dự kiến"):
        _refuse_frozen(locked_plan(line.plan))
        current: PlannedClass = PlannedClass.objects.select_for_update(of=("self",)).get(pk=line.pk)
        if current.opened.exists():
            raise ServiceRefusal("Đã có lớp mở theo dòng này nên không bỏ được.")
        current.delete()


def move_plan(*, plan: TrainingPlan, to: str, acting_user: User | None, reason: str = "") -> TrainingPlan:
    """Submit a plan; return a submitted one with a comment, also by who approves; open an approved one for changes."""
    is_return = plan.state == PlanState.SUBMITTED
    if not (is_return and approves_plans(acting_user)):
        require_arranger(acting_user)
    told = STEPS.get((plan.state, to), "")
    with training_event(acting_user=acting_user, reason=": ".join(filter(None, [told, reason.strip()]))):
        current = locked_plan(plan)
        if (current.state, to) not in STEPS:
            raise ServiceRefusal("Kế hoạch không ở bước này.")
        if to == PlanState.DRAFT and not reason.strip():
            raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
        if to == PlanState.SUBMITTED:
            _refuse_unready(current)
        if current.state == PlanState.APPROVED:
            # What was approved stays in the history with its content, hash and decision.
            current.content, current.sha256, current.decision, current.approved_on = None, "", None, None
        current.state = to
        save_checked(current)
        return current


def may_approve_plan(user: User | None, plan: TrainingPlan) -> bool:
    """Whether a submitted plan waits for the user's approval; nobody approves what he submitted himself."""
    if plan.state != PlanState.SUBMITTED or not approves_plans(user):
        return False
    return user is None or submitted_by(plan) != user.pk


def submitted_by(plan: TrainingPlan) -> int | None:
    """Who submitted a plan."""
    rows: Any = history_model(TrainingPlan)._default_manager.filter(id=plan.pk, state=PlanState.SUBMITTED)
    found: int | None = rows.order_by("-history_id").values_list("history_user_id", flat=True).first()
    return found


def approve_plan(*, plan: TrainingPlan, values: Mapping[str, Any], acting_user: User | None) -> TrainingPlan:
    """Approve a submitted plan: content and hash are frozen; `values` are the day and the decision's number and day."""
    with training_event(acting_user=acting_user, reason=f"Phê duyệt {plan.name}"):
        current = locked_plan(plan)
        if not approves_plans(acting_user):
            raise PermissionDenied("Kế hoạch này do lãnh đạo được giao phê duyệt.")
        if current.state != PlanState.SUBMITTED:
            raise ServiceRefusal("Kế hoạch chưa được trình.")
        if not may_approve_plan(acting_user, current):
            raise PermissionDenied("Người trình kế hoạch không tự phê duyệt.")
        _refuse_unready(current)
        current.content = frozen_content(current)
        current.sha256 = hash_of(current.content)
        current.state, current.approved_on = PlanState.APPROVED, values["day"]
        if values.get("number"):
            current.decision = cited_decision(values, acting_user)
        save_checked(current)
        return current


def frozen_content(plan: TrainingPlan) -> dict[str, Any]:
    """The plan as it is approved: line by line, with programme, month, seats and money."""
    lines = plan.classes.select_related("programme").order_by("programme__kind", "programme__name", "month", "pk")
    return {
        "year": plan.year,
        "name": plan.name,
        "budget": _money(plan.budget),
        "classes": [
            {
                "line": line.pk,
                "programme": line.programme.code,
                "name": line.programme.name,
                "month": line.month,
                "seats": line.seats,
                "budget": _money(line.budget),
                "note": line.note,
            }
            for line in lines
        ],
    }


def hash_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of frozen content."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def is_intact(plan: TrainingPlan) -> bool:
    """Whether the frozen content still has its hash."""
    return plan.content is not None and hash_of(plan.content) == plan.sha256


def approvals_of(plan: TrainingPlan) -> list[Any]:
    """The approvals of a plan, the newest first, one of each content: what was approved stays as approved."""
    rows: Any = history_model(TrainingPlan)._default_manager.filter(id=plan.pk, state=PlanState.APPROVED)
    found: dict[tuple[str, Any], Any] = {}
    for row in rows.select_related("decision").order_by("history_id"):
        found.setdefault((row.sha256, row.approved_on), row)
    return list(reversed(found.values()))


def locked_plan(plan: TrainingPlan) -> TrainingPlan:
    """The plan as it stands, locked until the transaction ends."""
    locked: TrainingPlan = TrainingPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    return locked


def _refuse_frozen(plan: TrainingPlan) -> None:
    if plan.state != PlanState.DRAFT:
        raise ServiceRefusal(FROZEN)


def _refuse_unready(plan: TrainingPlan) -> None:
    lines = list(plan.classes.all())
    if not lines:
        raise ServiceRefusal("Kế hoạch chưa có lớp nào.")
    total = sum(line.budget or 0 for line in lines)
    if plan.budget is not None and total > plan.budget:
        over = f"{total - plan.budget:,.0f}".replace(",", ".")
        raise ServiceRefusal(f"Tổng kinh phí các lớp vượt kinh phí được giao {over} đồng: hãy giảm lớp hoặc sửa số.")


def _check_line(line: PlannedClass) -> None:
    if not line.programme.is_open and line.pk is None:
        raise ValidationError({"programme": "Chương trình này không còn dùng."}, code="closed")


def _money(value: Any) -> int | None:
    return None if value is None else int(value)
