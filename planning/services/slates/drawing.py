"""Choosing a slate (chọn phương án): its moves become draft decisions in the register, by authority and in order.

What is signed stays whatever becomes of the slate; drafts that were not submitted may be thrown away with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from hrdb.kernel.models import User
from personnel.models import Cadre, Decision, Title, Unit
from personnel.models.delegation import may_act_on_title
from personnel.policies import Action
from personnel.services.decisions.register import draw_up, drop_draft
from personnel.services.errors import ServiceRefusal
from personnel.services.records import save_checked
from planning.choices import SlateState
from planning.models import Slate, SlateMove
from planning.services.acting import planning_event
from planning.services.slates.rehearsing import RehearsedMove, RehearsedSlate, rehearse_slate
from planning.services.slates.writing import locked_slate, open_slate

#: Moves that a refusal names.
NAMED = 5


def choose_slate(
    *,
    slate: Slate,
    unit: Unit | None,
    version: int | None,
    acting_user: User | None,
    issuers: Mapping[str, str] | None = None,
) -> list[Decision]:
    """Draw up a draft for every decision that the moves without one make, in order; the slate is the chosen one.

    `unit` is the office that draws them up, `issuers` who issues them by managing level. One transaction, in which
    each draft has its own event in the trail of the register. Raises ServiceRefusal with what is in the way.
    """
    with transaction.atomic():
        current = open_slate(slate, version=version, acting_user=acting_user)
        rehearsed = rehearse_slate(current, user=acting_user)
        _refuse_undrawable(rehearsed, acting_user)
        groups = rehearsed.decisions()
        drafts = [_draft(group, current, unit, issuers or {}, acting_user) for group in groups]
        with planning_event(acting_user=acting_user, reason="Chọn phương án nhân sự, lập dự thảo quyết định"):
            for group, decision in zip(groups, drafts, strict=True):
                for one in group:
                    one.move.decision = decision
                    save_checked(one.move)
            current.state = SlateState.CHOSEN
            save_checked(current)
        return drafts


def undraw(*, slate: Slate, decision: Decision, version: int | None, acting_user: User | None) -> Slate:
    """Throw away one draft of a slate: its moves are as before. Refused once it is submitted or signed."""
    with transaction.atomic():
        current = locked_slate(slate, version=version, acting_user=acting_user)
        if not current.moves.filter(decision=decision).exists():
            raise Decision.DoesNotExist
        _let_go(current, [decision], acting_user)
        with planning_event(acting_user=acting_user, reason="Bỏ dự thảo của phương án nhân sự"):
            if current.state == SlateState.CHOSEN and not current.moves.filter(decision__isnull=False).exists():
                current.state = SlateState.DRAFT
            save_checked(current)
        return current


def drop_slate(*, slate: Slate, reason: str, with_drafts: bool, version: int | None, acting_user: User | None) -> Slate:
    """Drop a slate with a reason; on demand its drafts that were not submitted too. What is signed stays."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with transaction.atomic():
        current = open_slate(slate, version=version, acting_user=acting_user)
        if with_drafts:
            _let_go(current, [one for one in decisions_of(current) if one.is_open], acting_user)
        with planning_event(acting_user=acting_user, reason=reason):
            current.state = SlateState.DROPPED
            save_checked(current)
        return current


def decisions_of(slate: Slate) -> list[Decision]:
    """The decisions drawn up for a slate, in the order of its moves."""
    rows = slate.moves.filter(decision__isnull=False).select_related("decision__kind", "decision__unit")
    found: dict[int, Decision] = {}
    for row in rows.order_by("position", "pk"):
        found.setdefault(row.decision_id, row.decision)
    return list(found.values())


def _let_go(slate: Slate, decisions: Sequence[Decision], acting_user: User | None) -> None:
    """Untie drafts from every slate that names them, and throw them away."""
    for decision in decisions:
        if not decision.is_open:
            raise ServiceRefusal(f"{decision} đã trình hoặc đã ký nên không bỏ được từ phương án.")
        with planning_event(acting_user=acting_user, reason="Bỏ dự thảo của phương án nhân sự"):
            for row in SlateMove.objects.select_for_update(of=("self",)).filter(decision=decision):
                row.decision = None
                row.save()
        try:
            drop_draft(decision=decision, acting_user=acting_user)
        except Decision.DoesNotExist as error:
            raise ServiceRefusal("Có dự thảo do cơ quan khác lập; cơ quan đó mới bỏ được.") from error


def _draft(
    group: Sequence[RehearsedMove],
    slate: Slate,
    unit: Unit | None,
    issuers: Mapping[str, str],
    acting_user: User | None,
) -> Decision:
    """One draft with its people; the slate is not named in the register, which others read."""
    act, authority = group[0].act, group[0].authority
    said = [_values(one) for one in group]
    own = {item.key for item in act.person_fields}
    people = [
        (one.move.cadre, {key: value for key, value in values.items() if key in own})
        for one, values in zip(group, said, strict=True)
    ]
    who = group[0].move.cadre.full_name if len(group) == 1 else f"{len(group)} người"
    return draw_up(
        act=act,
        unit=unit,
        effective_on=slate.day,
        terms={item.key: said[0].get(item.key) for item in act.common_fields},
        people=people,
        acting_user=acting_user,
        issuer=issuers.get(authority, "").strip(),
        summary=f"{act.label}: {who}",
    )


def _values(one: RehearsedMove) -> Mapping[str, Any]:
    return one.planned.case.values if one.planned is not None else {}


def _refuse_undrawable(rehearsed: RehearsedSlate, acting_user: User | None) -> None:
    """Refuse moves that say too little, and those on which the user does not decide."""
    if not rehearsed.undrawn:
        raise ServiceRefusal("Mọi bước của phương án đã có quyết định; không còn bước nào để lập dự thảo.")
    told = [f"Bước {one.place} ({one.move.cadre.full_name}): {' '.join(one.faults)}" for one in rehearsed.faulty]
    if told:
        raise ServiceRefusal("Chưa lập được dự thảo. " + " ".join(told[:NAMED]))
    closed = undecidable(rehearsed, acting_user)
    if closed:
        named = "; ".join(f"bước {one.place} ({one.move.cadre.full_name})" for one in closed[:NAMED])
        raise ServiceRefusal(
            f"Bạn không được giao lập quyết định của {named} theo phân cấp quản lý cán bộ; "
            "hãy chuyển phương án cho cơ quan có thẩm quyền lập dự thảo."
        )


def undecidable(rehearsed: RehearsedSlate, user: User | None) -> list[RehearsedMove]:
    """Moves without a decision on which the user does not decide: the person, the title or a unit of it."""
    if user is None:
        return []
    moves, day = rehearsed.undrawn, rehearsed.slate.day
    people = Cadre.objects.filter(pk__any=[one.move.cadre_id for one in moves]).visible_to(user, Action.DECIDE)
    mine = set(people.manageable_by(user, Action.DECIDE, day).values_list("pk", flat=True))
    named = {unit.pk for one in moves for unit in _values(one).values() if isinstance(unit, Unit)}
    units = set(Unit.objects.visible_to(user, Action.DECIDE).filter(pk__in=named).values_list("pk", flat=True))
    titles: dict[Any, bool] = {}
    found = []
    for one in moves:
        values = _values(one)
        title, unit = values.get("title"), values.get("unit")
        is_open = one.move.cadre_id in mine
        is_open &= all(value.pk in units for value in values.values() if isinstance(value, Unit))
        if isinstance(title, Title):
            key = (title.pk, unit.pk if unit else None)
            if key not in titles:
                titles[key] = may_act_on_title(user, Action.DECIDE, title, day, unit=unit)
            is_open &= titles[key]
        if not is_open:
            found.append(one)
    return found
