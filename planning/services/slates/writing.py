"""Writing a slate: drawn up, copied, its moves added, changed, ordered, taken out; dropped and taken up again.

Whoever plans everybody of a slate may change it, its owner before there is anybody. Forms carry the version of the
whole slate, because every move is judged by the others. What has a decision is the register's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.utils import timezone

from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.choices import AssignmentKind, DecisionState
from personnel.models import Assignment, Cadre
from personnel.models.scope import CadreQuerySet
from personnel.policies import Action
from personnel.services.decisions.kinds import ActGroup, DecisionAct
from personnel.services.decisions.register import stored_values
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from planning.choices import SlateState
from planning.models import Slate, SlateMove
from planning.models.scope import may_plan
from planning.services.acting import planning_event
from planning.services.slates.rehearsing import slate_act

#: States of signed decisions that nobody has undone.
STANDING_DECISIONS = (DecisionState.SIGNED, DecisionState.REPLACED)
NOT_YOURS = "Chức danh, đơn vị hoặc người này thuộc cấp khác quy hoạch theo phân cấp quản lý cán bộ."
DRAWN = "Bước này đã lập dự thảo quyết định; hãy bỏ dự thảo trước."


def movable_by(user: User | None) -> CadreQuerySet:
    """Whom the user may put into a slate: planned by him by today's delegation, never himself."""
    people: CadreQuerySet = Cadre.objects.visible_to(user, Action.PLAN)
    if user is None:
        return people
    return people.manageable_by(user, Action.PLAN, timezone.localdate()).exclude(account_id=user.pk)


def draw_slate(*, values: Mapping[str, Any], acting_user: User | None) -> Slate:
    """Draw up an empty slate: name, day, note."""
    if acting_user is not None and not may_plan(acting_user):
        raise PermissionDenied("Bạn không được giao quy hoạch, bố trí cán bộ.")
    with planning_event(acting_user=acting_user, reason="Lập phương án nhân sự"):
        made = Slate(**values, owner=acting_user)
        save_checked(made)
        return made


def change_slate(*, slate: Slate, values: Mapping[str, Any], version: int | None, acting_user: User | None) -> Slate:
    """Change name, day and note; the day stays once decisions of that day have been drawn up."""
    with planning_event(acting_user=acting_user, reason="Sửa phương án nhân sự"):
        current = open_slate(slate, version=version, acting_user=acting_user)
        is_drawn = current.moves.filter(decision__isnull=False).exists()
        if is_drawn and values.get("day", current.day) != current.day:
            raise ValidationError(
                {"day": "Đã lập quyết định theo ngày này; hãy bỏ các dự thảo trước khi đổi ngày."}, code="drawn"
            )
        for name, value in values.items():
            setattr(current, name, value)
        save_checked(current)
        return current


def add_move(
    *,
    slate: Slate,
    act: DecisionAct,
    cadre: Cadre,
    values: Mapping[str, Any],
    version: int | None,
    acting_user: User | None,
) -> SlateMove:
    """Add a move at the end. Raises Cadre.DoesNotExist for who is out of scope, PermissionDenied for what is."""
    with planning_event(acting_user=acting_user, reason=f"Thêm bước {act.label.lower()}", subject=cadre):
        current = open_slate(slate, version=version, acting_user=acting_user)
        if slate_act(act.key) is None:
            raise ServiceRefusal("Loại quyết định này không dùng trong phương án nhân sự.")
        if not movable_by(acting_user).filter(pk=cadre.pk).exists():
            raise Cadre.DoesNotExist
        last = current.moves.aggregate(last=Max("position"))["last"] or 0
        move = SlateMove(slate=current, cadre=cadre, act=act.key, position=last + 1)
        _say(move, act, values, current)
        save_checked(move)
        _confirm(move, current, acting_user)
        return move


def change_move(
    *, move: SlateMove, act: DecisionAct, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> SlateMove:
    """Change what a move says, also its kind; the person stays."""
    with planning_event(acting_user=acting_user, reason="Sửa bước của phương án", subject=move.cadre):
        current, row = open_move(move, version=version, acting_user=acting_user)
        if slate_act(act.key) is None:
            raise ServiceRefusal("Loại quyết định này không dùng trong phương án nhân sự.")
        row.act = act.key
        _say(row, act, values, current)
        save_checked(row)
        _confirm(row, current, acting_user)
        return row


def said_move(
    *, slate: Slate, act: DecisionAct, cadre: Cadre, values: Mapping[str, Any], position: int = 0
) -> SlateMove:
    """A move as it would be kept, that nobody has written: for judging what is being typed."""
    move = SlateMove(slate=slate, cadre=cadre, act=act.key, position=position)
    _say(move, act, values, slate)
    return move


def remove_move(*, move: SlateMove, version: int | None, acting_user: User | None) -> None:
    """Take a move out of the slate; its history stays."""
    with planning_event(acting_user=acting_user, reason="Bỏ bước khỏi phương án", subject=move.cadre):
        current, row = open_move(move, version=version, acting_user=acting_user)
        row.delete()
        _number(current)
        save_checked(current)


def order_move(*, move: SlateMove, by: int, version: int | None, acting_user: User | None) -> None:
    """Move a move up (`by` below 0) or down; at the end of the list nothing changes."""
    with planning_event(acting_user=acting_user, reason="Đổi thứ tự các bước của phương án"):
        current = open_slate(move.slate, version=version, acting_user=acting_user)
        rows = list(current.moves.order_by("position", "pk"))
        at = next((place for place, row in enumerate(rows) if row.pk == move.pk), None)
        if at is None:
            raise SlateMove.DoesNotExist
        to = min(max(at + by, 0), len(rows) - 1)
        if to == at:
            return
        rows.insert(to, rows.pop(at))
        _number(current, rows)
        save_checked(current)


def copy_slate(*, slate: Slate, name: str, acting_user: User | None) -> Slate:
    """Copy a slate to vary it (sao phương án): every move, without its draft; what is signed stays signed in both."""
    with planning_event(acting_user=acting_user, reason="Sao phương án nhân sự"):
        current = locked_slate(slate, acting_user=acting_user)
        made = Slate(name=name, day=current.day, note=current.note, copied_from=current, owner=acting_user)
        save_checked(made)
        names = ("cadre_id", "position", "act", "unit_id", "title_id", "values")
        for row in current.moves.select_related("decision").order_by("position", "pk"):
            copy = SlateMove(slate=made, **{field: getattr(row, field) for field in names})
            if row.decision is not None and row.decision.state in STANDING_DECISIONS:
                copy.decision = row.decision
            copy.save()
        return made


def restore_slate(*, slate: Slate, version: int | None, acting_user: User | None) -> Slate:
    """Take up a dropped slate again."""
    with planning_event(acting_user=acting_user, reason="Lấy lại phương án nhân sự"):
        current = locked_slate(slate, version=version, acting_user=acting_user)
        if current.state != SlateState.DROPPED:
            raise ServiceRefusal("Chỉ lấy lại được phương án đã bỏ.")
        is_drawn = current.moves.filter(decision__isnull=False).exists()
        current.state = SlateState.CHOSEN if is_drawn else SlateState.DRAFT
        save_checked(current)
        return current


def locked_slate(slate: Slate, *, acting_user: User | None, version: int | None = None) -> Slate:
    """The slate locked until the transaction ends, as it stands; Slate.DoesNotExist out of scope, StaleVersion."""
    if not Slate.objects.all().visible_to(acting_user).filter(pk=slate.pk).exists():
        raise Slate.DoesNotExist
    current: Slate = Slate.objects.select_for_update(of=("self",)).get(pk=slate.pk)
    if version is not None and version_of(current) != version:
        raise StaleVersion(current)
    return current


def open_slate(slate: Slate, *, acting_user: User | None, version: int | None = None) -> Slate:
    """The same, if it was not dropped."""
    current = locked_slate(slate, acting_user=acting_user, version=version)
    if not current.is_open:
        raise ServiceRefusal("Phương án này đã bỏ; hãy lấy lại trước khi sửa.")
    return current


def open_move(move: SlateMove, *, acting_user: User | None, version: int | None) -> tuple[Slate, SlateMove]:
    """A slate and one of its moves, locked, if no decision has been drawn up for it."""
    current = open_slate(move.slate, acting_user=acting_user, version=version)
    row: SlateMove = SlateMove.objects.select_for_update(of=("self",)).get(pk=move.pk, slate=current)
    if row.is_drawn:
        raise ServiceRefusal(DRAWN)
    row.decision = None
    return current, row


def _say(move: SlateMove, act: DecisionAct, values: Mapping[str, Any], slate: Slate) -> None:
    """Keep what the move says; a post in «the unit where he works» names that unit, by which the slate's scope goes."""
    stored = stored_values(act.fields, values)
    move.unit_id, move.title_id = stored.pop("unit", None), stored.pop("title", None)
    if move.unit_id is None and act.group == ActGroup.POST and act.field("unit") is not None:
        held = Assignment.objects.in_force(slate.day).filter(cadre=move.cadre, kind=AssignmentKind.MAIN)
        move.unit_id = held.values_list("unit_id", flat=True).first()
    move.values = stored


def _confirm(move: SlateMove, slate: Slate, acting_user: User | None) -> None:
    """Ask the scope again after the write; the slate is a new version."""
    if not SlateMove.objects.all().visible_to(acting_user).filter(pk=move.pk).exists():
        raise PermissionDenied(NOT_YOURS)
    save_checked(slate)


def _number(slate: Slate, rows: list[SlateMove] | None = None) -> None:
    """Number the moves from 1 in their order."""
    for place, row in enumerate(rows or list(slate.moves.order_by("position", "pk")), 1):
        if row.position != place:
            row.position = place
            row.save()
