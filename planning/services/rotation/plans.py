"""Yearly plans of rotation: made, changed, dropped, submitted, returned, approved; what is approved is frozen."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max

from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.choices import ManagingLevel
from personnel.models import Decision, Unit, UnitVersion
from personnel.policies import Action
from personnel.services.bulk import update_many
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from planning.choices import RotationState
from planning.models import RotationItem, RotationPlan
from planning.models.rotation_scope import levels_open
from planning.models.scope import seats_q
from planning.services.acting import planning_event
from planning.services.approvals import cited_decision
from planning.services.rounds import hash_of
from planning.statistics.names import unit_names
from planning.statistics.rotation import judge_items

NOT_YOURS = "Kế hoạch luân chuyển thuộc cấp khác lập và quản lý."
NOT_THE_APPROVER = "Kế hoạch này thuộc thẩm quyền phê duyệt của lãnh đạo khác."
NOT_OPEN = "Kế hoạch đã trình hoặc đã phê duyệt nên không sửa được."
#: How many people a refusal names.
NAMED = 6


def plan_offices(user: User | None, day: datetime.date) -> dict[int, list[ManagingLevel]]:
    """The units in whose name the user makes plans, with the levels: his own office, or the tops of the trees."""
    found: dict[int, list[ManagingLevel]] = {}
    for unit_id, levels in levels_open(user).items():
        tops = [unit_id]
        if unit_id is None:
            versions = UnitVersion.objects.in_force(day).filter(parent__isnull=True).order_by("position", "unit_id")
            tops = list(versions.values_list("unit_id", flat=True))
        for top in tops:
            held = found.setdefault(top, [])  # type: ignore[arg-type]
            held += [level for level in levels if level not in held]
    return found


def create_plan(*, values: Mapping[str, Any], unit: Unit, acting_user: User | None, day: datetime.date) -> RotationPlan:
    """Make the plan of a year; a further one of the same year, level and office once the one before is approved."""
    if values["level"] not in plan_offices(acting_user, day).get(unit.pk, ()):
        raise PermissionDenied("Bạn không được giao lập kế hoạch luân chuyển của cấp và đơn vị này.")
    with planning_event(acting_user=acting_user, reason=f"Lập {values.get('name', 'kế hoạch luân chuyển')}"):
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        same = RotationPlan.objects.filter(year=values["year"], level=values["level"], unit=unit)
        if same.filter(is_approved=False).exists():
            raise ServiceRefusal("Năm, cấp và đơn vị này đã có kế hoạch chưa phê duyệt: hãy bổ sung vào kế hoạch đó.")
        last = same.aggregate(last=Max("issue"))["last"] or 0
        made = RotationPlan(**values, unit=unit, issue=last + 1)
        save_checked(made)
        return _still_yours(made, acting_user)


def change_plan(
    *, plan: RotationPlan, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> RotationPlan:
    """Change name and aims of a plan that is not submitted."""
    with planning_event(acting_user=acting_user, reason=f"Sửa {plan.name}"):
        current = locked_plan(plan, acting_user)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        refuse_closed(current)
        for name in ("name", "aims"):
            if name in values:
                setattr(current, name, values[name])
        save_checked(current)
        return current


def drop_plan(*, plan: RotationPlan, acting_user: User | None) -> None:
    """Throw away a plan that was never submitted, with the people on it; the history stays."""
    with planning_event(acting_user=acting_user, reason=f"Bỏ {plan.name}"):
        current = locked_plan(plan, acting_user)
        refuse_closed(current)
        mine = RotationItem.objects.managed_by(acting_user).filter(plan=current)
        if current.items.exclude(pk__in=mine.values("pk")).exists():
            raise ServiceRefusal("Kế hoạch có người ngoài phạm vi được giao nên không bỏ được.")
        for item in current.items.all():
            item.delete()
        current.delete()


def submit_plan(*, plan: RotationPlan, day: datetime.date, acting_user: User | None) -> RotationPlan:
    """Submit a plan for approval; ServiceRefusal names who stands against it."""
    with planning_event(acting_user=acting_user, reason=f"Trình {plan.name}"):
        current = locked_plan(plan, acting_user)
        refuse_closed(current)
        _refuse_unready(current, day, acting_user)
        current.submitted_on, current.return_note = day, ""
        save_checked(current)
        return current


def return_plan(*, plan: RotationPlan, reason: str, acting_user: User | None) -> RotationPlan:
    """Give a submitted plan back, with a comment: who approves it, or who made it."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi ý kiến trả lại."}, code="required")
    with planning_event(acting_user=acting_user, reason=f"Trả lại {plan.name}: {reason.strip()}"):
        current = _locked(plan)
        if not (may_approve(acting_user, current) or manages(acting_user, current)):
            raise PermissionDenied(NOT_THE_APPROVER)
        if current.is_approved or current.submitted_on is None:
            raise ServiceRefusal("Kế hoạch chưa được trình hoặc đã phê duyệt.")
        current.submitted_on, current.return_note = None, reason.strip()[:1000]
        save_checked(current)
        return current


def approve_plan(*, plan: RotationPlan, values: Mapping[str, Any], acting_user: User | None) -> RotationPlan:
    """Approve a submitted plan: who stands is approved, findings and content are frozen with their hash.

    `values` are the day, and number, day of signing and issuer of the decision. Who is not asked for his approval, or
    stands on the plan, approves nothing.
    """
    with planning_event(acting_user=acting_user, reason=f"Phê duyệt {plan.name}"):
        current = _locked(plan)
        if not may_approve(acting_user, current):
            raise PermissionDenied(NOT_THE_APPROVER)
        if current.is_approved or current.submitted_on is None:
            raise ServiceRefusal("Kế hoạch chưa được trình hoặc đã phê duyệt.")
        decision: Decision | None = cited_decision(values, acting_user) if values.get("number") else None
        day = values["day"]
        standing = _refuse_unready(current, day, None)
        verdicts = judge_items(standing, day=day, user=None)
        for item in standing:
            item.state = RotationState.APPROVED
            item.findings = [found.as_json() for found in verdicts[item.pk].findings]
        update_many(RotationItem, standing, ["state", "findings"])
        current.decision, current.approved_on = decision, day
        current.content = plan_content(current, standing, day)
        current.sha256, current.is_approved = hash_of(current.content), True
        save_checked(current)
        return current


def plan_content(plan: RotationPlan, items: Sequence[RotationItem], day: datetime.date) -> dict[str, Any]:
    """The plan as it is approved: everything that its paper says of each rotation, and what was found."""
    names = unit_names({pk for item in items for pk in (item.from_unit_id, item.to_unit_id)} | {plan.unit_id or 0}, day)
    return {
        "name": plan.name,
        "year": plan.year,
        "level": plan.level,
        "unit": names.get(plan.unit_id or 0, ""),
        "issue": plan.issue,
        "aims": plan.aims,
        "items": [
            {
                "item": item.pk,
                "cadre": item.cadre_id,
                "personal_number": item.cadre.personal_number or "",
                "name": item.cadre.full_name,
                "born": item.cadre.birth.text if item.cadre.birth else "",
                "from_post": item.from_post,
                "from_unit": names.get(item.from_unit_id, ""),
                "to_unit": names.get(item.to_unit_id, ""),
                "title": item.title.name,
                "purpose": str(item.get_purpose_display()),
                "direction": str(item.get_direction_display()),
                "begins_on": item.begins_on.isoformat() if item.begins_on else None,
                "ends_on": item.ends_on.isoformat() if item.ends_on else None,
                "reason": item.reason,
                "benefits": item.benefits,
                "outcomes": {found["rule"]: found["outcome"] for found in item.findings},
                "overrides": item.overrides,
            }
            for item in items
        ],
    }


def is_intact(plan: RotationPlan) -> bool:
    """Whether the frozen content still has its hash."""
    return plan.content is not None and hash_of(plan.content) == plan.sha256


def manages(user: User | None, plan: RotationPlan) -> bool:
    """Whether the user prepares the plan."""
    return RotationPlan.objects.managed_by(user).filter(pk=plan.pk).exists()


def may_approve(user: User | None, plan: RotationPlan) -> bool:
    """Whether the plan and every title on it are the user's to approve, and he himself does not stand on it."""
    if user is None:
        return True
    if not RotationPlan.objects.approved_by(user).filter(pk=plan.pk).exists():
        return False
    standing = RotationItem.objects.all().standing().filter(plan=plan)
    opened = RotationItem.objects.filter(seats_q(user, Action.APPROVE, unit="to_unit_id"))
    if standing.exclude(pk__in=opened.values("pk")).exists():
        return False
    return not plan.items.filter(cadre__account_id=user.pk).exists()


def locked_plan(plan: RotationPlan, user: User | None) -> RotationPlan:
    """The plan as it stands, locked; PermissionDenied for who does not prepare it."""
    current = _locked(plan)
    if not manages(user, current):
        raise PermissionDenied(NOT_YOURS)
    return current


def refuse_closed(plan: RotationPlan) -> None:
    """Refuse to change what was submitted or approved."""
    if not plan.is_open:
        raise ServiceRefusal(NOT_OPEN)


def _locked(plan: RotationPlan) -> RotationPlan:
    locked: RotationPlan = RotationPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    return locked


def _still_yours(plan: RotationPlan, user: User | None) -> RotationPlan:
    """Ask the scope again after writing."""
    if not manages(user, plan):
        raise PermissionDenied(NOT_YOURS)
    return plan


def _refuse_unready(plan: RotationPlan, day: datetime.date, user: User | None) -> list[RotationItem]:
    """Those who stand; refused is a plan without anybody, or with a condition that is not met and not passed over."""
    rows = RotationItem.objects.all().visible_to(user).standing().filter(plan=plan)
    standing = list(rows.select_related("cadre", "title", "from_title", "plan").order_by("pk"))
    if not standing:
        raise ServiceRefusal("Kế hoạch chưa có ai.")
    verdicts = judge_items(standing, day=day, user=user)
    failing = [item.cadre.full_name for item in standing if verdicts[item.pk].outcome == "not_met"]
    if failing:
        more = f" và {len(failing) - NAMED} người khác" if len(failing) > NAMED else ""
        named = ", ".join(failing[:NAMED])
        raise ServiceRefusal(f"Còn điều kiện không đạt, chưa có lý do cho qua: {named}{more}.")
    return standing
