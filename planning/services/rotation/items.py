"""The rotations of a plan: put on, changed, passed over a condition with a reason, taken off."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from hrdb.kernel.dates import add_months
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.choices import ManagingLevel
from personnel.models import Assignment, Cadre
from personnel.models.delegation import may_act_on_title
from personnel.models.scope import CadreQuerySet
from personnel.policies import Action
from personnel.rules.judging import RULES
from personnel.rules.law import LAW
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from planning.choices import CARRIED_OUT, RotationState
from planning.models import RotationItem, RotationPlan
from planning.services.acting import planning_event
from planning.services.rotation.plans import locked_plan, refuse_closed
from planning.statistics.rotation import directions, held_posts

#: What may be said of a rotation while its plan is open.
CHANGED = (
    "to_unit",
    "title",
    "purpose",
    "direction",
    "begins_on",
    "ends_on",
    "reason",
    "benefits",
    "has_written_wish",
    "is_clear",
    "is_movable",
    "is_local",
    "is_extra",
)
#: Managing levels from the highest.
ORDER = list(ManagingLevel)


def rotatable(user: User | None, day: datetime.date) -> CadreQuerySet:
    """People whom the user may put on a plan: in scope, at a managing level open to him, at work, never himself."""
    people: CadreQuerySet = Cadre.objects.visible_to(user, Action.PLAN)
    if user is not None:
        people = people.manageable_by(user, Action.PLAN, day).exclude(account_id=user.pk)
    return people.present_on(day)


def add_item(
    *,
    plan: RotationPlan,
    cadre: Cadre,
    values: Mapping[str, Any],
    day: datetime.date,
    acting_user: User | None,
) -> RotationItem:
    """Put somebody on a plan. Raises Cadre.DoesNotExist for somebody out of the scope of planning.

    Where he comes from is read from the record of `day`; who was taken off before stands again.
    """
    with planning_event(acting_user=acting_user, reason=f"Đưa vào {plan.name}", subject=cadre):
        current = locked_plan(plan, acting_user)
        refuse_closed(current)
        if not rotatable(acting_user, day).filter(pk=cadre.pk).exists():
            raise Cadre.DoesNotExist
        held = held_posts([cadre.pk], day).get(cadre.pk)
        if held is None or held.post.unit is None:
            raise ServiceRefusal("Hồ sơ chưa có vị trí công tác chính nên chưa biết nơi đi.")
        item = RotationItem.objects.select_for_update(of=("self",)).filter(plan=current, cadre=cadre).first()
        if item is not None and item.state != RotationState.DROPPED:
            raise ServiceRefusal("Người này đã có trong kế hoạch.")
        item = item or RotationItem(plan=current, cadre=cadre)
        item.state, item.outcome = RotationState.PROPOSED, ""
        item.from_unit, item.from_title, item.from_post = held.post.unit, held.post.title, _post_words(held.post)
        _say(item, values, day)
        _refuse_wrong(item, acting_user, day)
        save_checked(item)
        return _still_yours(item, acting_user)


def change_item(
    *,
    item: RotationItem,
    values: Mapping[str, Any],
    version: int | None,
    day: datetime.date,
    acting_user: User | None,
) -> RotationItem:
    """Change destination, title, days, confirmations while the plan is open."""
    with planning_event(acting_user=acting_user, reason="Sửa trường hợp luân chuyển", subject=item.cadre):
        current = locked_item(item, acting_user)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        refuse_closed(current.plan)
        _say(current, values, day)
        _refuse_wrong(current, acting_user, day)
        save_checked(current)
        return current


def override_rule(*, item: RotationItem, rule: str, reason: str, acting_user: User | None) -> RotationItem:
    """Pass over a condition with a reason where the law leaves room; an empty reason takes it back."""
    known = RULES.get(rule)
    if known is None or not known.is_overridable:
        raise ServiceRefusal("Điều kiện này luật không cho bỏ qua.")
    told = f"Cho qua «{known.label}»: {reason.strip()}" if reason.strip() else f"Bỏ lý do cho qua «{known.label}»"
    with planning_event(acting_user=acting_user, reason=told, subject=item.cadre):
        current = locked_item(item, acting_user)
        refuse_closed(current.plan)
        current.overrides = {key: text for key, text in {**current.overrides, rule: reason.strip()}.items() if text}
        save_checked(current)
        return current


def drop_item(*, item: RotationItem, reason: str, acting_user: User | None) -> RotationItem:
    """Take somebody off a plan with the reason, or say that an approved rotation is not carried out."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with planning_event(acting_user=acting_user, reason=reason, subject=item.cadre):
        current = locked_item(item, acting_user)
        if current.state in CARRIED_OUT:
            raise ServiceRefusal("Trường hợp này đã có quyết định luân chuyển: hãy ghi kết thúc.")
        if current.plan.submitted_on is not None and not current.plan.is_approved:
            raise ServiceRefusal("Kế hoạch đang chờ phê duyệt nên không sửa được.")
        current.state, current.outcome = RotationState.DROPPED, reason.strip()[:500]
        save_checked(current)
        return current


def locked_item(item: RotationItem, user: User | None) -> RotationItem:
    """The rotation as it stands, locked with its plan and person; DoesNotExist for who does not prepare it."""
    RotationPlan.objects.select_for_update(of=("self",)).get(pk=item.plan_id)
    Cadre.objects.select_for_update(of=("self",)).get(pk=item.cadre_id)
    mine = RotationItem.objects.managed_by(user).select_for_update(of=("self",))
    locked: RotationItem = mine.select_related("plan", "cadre", "title", "from_title", "decision").get(pk=item.pk)
    return locked


def _say(item: RotationItem, values: Mapping[str, Any], day: datetime.date) -> None:
    """Write what the form says; the direction and the last day follow from the rest where they are left empty."""
    for name, value in values.items():
        if name not in CHANGED:
            raise TypeError(f"{name} is not said of a rotation")
        setattr(item, name, value)
    if not item.direction:
        pair = (item.from_unit_id, item.to_unit_id)
        item.direction = directions([pair], day)[pair]
    if item.ends_on is None and item.begins_on is not None:
        least = LAW["mobility/rotation_months"].at(item.begins_on)
        if least is not None and least.value:
            item.ends_on = add_months(item.begins_on, int(least.value))


def _refuse_wrong(item: RotationItem, user: User | None, day: datetime.date) -> None:
    """Refuse a destination that is none, and a title that another level manages."""
    if item.to_unit_id == item.from_unit_id:
        raise ValidationError({"to_unit": "Nơi đến trùng với nơi đang công tác."}, code="same-unit")
    if ORDER.index(ManagingLevel(item.title.managing_level)) < ORDER.index(ManagingLevel(item.plan.level)):
        raise ValidationError(
            {
                "title": f"Chức vụ này thuộc {item.title.get_managing_level_display().lower()}, cao hơn cấp phê duyệt "
                "của kế hoạch."
            },
            code="level",
        )
    if not may_act_on_title(user, Action.PLAN, item.title, day, unit=item.to_unit):
        raise ServiceRefusal("Chức vụ nơi đến thuộc thẩm quyền của cấp khác theo phân cấp quản lý cán bộ.")


def _still_yours(item: RotationItem, user: User | None) -> RotationItem:
    """Ask the scope again after writing."""
    if not RotationItem.objects.managed_by(user).filter(pk=item.pk).exists():
        raise Cadre.DoesNotExist
    return item


def _post_words(post: Assignment) -> str:
    return (post.title_name or "")[:300]
