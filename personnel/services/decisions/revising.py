"""Decisions about decisions: what withdrawal, annulment, correction and replacement do to the record of their target.

- annulment (hủy bỏ): the record goes back to what it was before the target, as if it had never been;
- withdrawal (thu hồi): from the day on, what the target opened ends, and what it ended holds again;
- correction (đính chính): the record is written anew from the target's own day with what is put right;
- replacement (thay thế): any kind with a target: the target is withdrawn from the new decision's day, then it applies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models import Min

from hrdb.kernel.history import history_model
from hrdb.kernel.models import AuditEvent, User
from personnel.choices import DecisionState
from personnel.models import Assignment, Cadre, Decision, DecisionItem
from personnel.policies import Action
from personnel.services.bulk import update_many
from personnel.services.changes import RowChanges, confirm_people, lock_people, write_changes
from personnel.services.decisions.cases import items_by_place, known_act
from personnel.services.decisions.kinds import DecisionAct, act_of
from personnel.services.decisions.recording import ActRefused, Recorder
from personnel.services.errors import ServiceRefusal
from personnel.services.held import HeldRecord, held_records
from personnel.services.records import TRACKS, save_checked
from personnel.services.undo import LaterChangesStand, undo_event

#: Fields that a period which holds again does not take over from the one before.
NOT_RESUMED = ("cadre", "effective_from", "effective_until", "decision", "basis")

#: Decisions and people named in a refusal.
NAMED = 10

Rewrite = Callable[[Decision, User | None], None]


def apply_revision(decision: Decision, *, event: AuditEvent, acting_user: User | None, rewrite: Rewrite) -> None:
    """Do to the record of the target what the decision says, inside the open event of its signing."""
    target = _target(decision, acting_user)
    act = known_act(decision)
    if act.key != "annulment" and known_act(target).is_revision:
        raise ServiceRefusal(f"{target} sửa một quyết định khác nên chỉ hủy bỏ được, không sửa cách khác.")
    if act.key == "annulment":
        _refuse_overtaken(target)
        _undo(target, decision, acting_user)
        _mark(target, DecisionState.ANNULLED)
        _lift(target)
    elif act.key == "correction":
        _undo(target, decision, acting_user)
        _put_right(target, decision)
        target.signing = event
        save_checked(target)
        if target.target_id is not None:
            _withdraw(_revised(target), target, acting_user)
        rewrite(target, acting_user)
    else:
        _withdraw(target, decision, acting_user)
        _mark(target, DecisionState.WITHDRAWN if act.key == "withdrawal" else DecisionState.REPLACED)


def _target(decision: Decision, acting_user: User | None) -> Decision:
    """The decision that is revised, locked; it must stand, and the user must decide on all its people."""
    visible = Decision.objects.visible_to(acting_user, Action.DECIDE).filter(pk=decision.target_id or 0)
    if not visible.exists():
        raise ServiceRefusal("Không có quyết định được sửa trong phạm vi của bạn.")
    held = Decision.objects.select_for_update(of=("self",)).select_related("kind", "signing")
    locked: Decision = held.get(pk=decision.target_id or 0)
    if locked.state != DecisionState.SIGNED:
        raise ServiceRefusal(
            f"Quyết định {locked.number} {locked.get_state_display().lower()} nên không sửa được nữa."
            f"{_first(_revised_by(locked), decision)}"
        )
    if locked.signing is None:
        raise ServiceRefusal(
            "Quyết định này chỉ được viện dẫn, không ghi hồ sơ qua sổ quyết định: hãy sửa trong hồ sơ."
        )
    if not visible.revisable_by(acting_user, decision.effective_on).exists():
        raise ServiceRefusal(
            "Chỉ cơ quan đã lập quyết định và hiện quản lý những người trong quyết định mới sửa được; "
            "trường hợp khác do cấp tỉnh thực hiện."
        )
    return locked


def _mark(target: Decision, state: DecisionState) -> None:
    target.state = state
    save_checked(target)


def _revised(revision: Decision) -> Decision:
    """The decision that a revision is about, locked."""
    held = Decision.objects.select_for_update(of=("self",)).select_related("kind", "signing")
    revised: Decision = held.get(pk=revision.target_id or 0)
    return revised


def _revised_by(decision: Decision) -> list[Decision]:
    """The standing decisions about a decision that were written to records, the latest first."""
    return list(decision.revisions.filter(state=DecisionState.SIGNED, signing__isnull=False).order_by("-signing_id"))


def _first(standing: Iterable[Decision], entered: Decision | None = None) -> str:
    """What has to be annulled first, the latest before the others; never the decision that is being entered."""
    names = [str(found) for found in standing if entered is None or found.pk != entered.pk]
    return f" Nếu cần, hãy hủy bỏ trước, lần lượt từ quyết định sau cùng: {'; '.join(names[:NAMED])}." if names else ""


def _refuse_overtaken(target: Decision) -> None:
    """A correction is annulled while what it puts right stands as this correction has left it."""
    if known_act(target).key != "correction":
        return
    revised = _revised(target)
    later = [found for found in _revised_by(revised) if (found.signing_id or 0) > (target.signing_id or 0)]
    if revised.state != DecisionState.SIGNED:
        raise ServiceRefusal(
            f"{revised} {revised.get_state_display().lower()} nên đính chính này không còn tác dụng, không cần hủy bỏ."
            f"{_first(later)}"
        )
    if later:
        raise ServiceRefusal(f"{revised} còn được sửa sau {target}.{_first(later)}")


def _lift(target: Decision) -> None:
    """Annulling a revision lets the decision that it was about stand again, as it was said before."""
    if target.target_id is None:
        return
    revised = _revised(target)
    if known_act(target).key == "correction":
        _say_again(revised, target)
    else:
        _mark(revised, DecisionState.SIGNED)


def _say_again(revised: Decision, correction: Decision) -> None:
    """What a decision said before a correction, and the event that wrote it then."""
    before = _as_before(Decision, [revised.pk], correction)[revised.pk]
    revised.terms, revised.signing_id = before.terms, before.signing_id
    save_checked(revised)
    items = list(revised.items.all())
    said = _as_before(DecisionItem, [item.pk for item in items], correction)
    for item in items:
        for name in ("values", "findings", "overrides"):
            setattr(item, name, getattr(said[item.pk], name))
    update_many(DecisionItem, items, ["values", "findings", "overrides"])


def _as_before(model: type[models.Model], ids: list[int], correction: Decision) -> dict[int, Any]:
    """The versions of rows from before a correction was written."""
    rows: Any = history_model(model)._default_manager.filter(id__in=ids, event_id__lt=correction.signing_id)
    return {row.id: row for row in rows.order_by("id", "history_id")}


def _undo(target: Decision, decision: Decision, acting_user: User | None) -> None:
    """Put back everything that the target's signing wrote into records."""
    assert target.signing is not None
    try:
        undo_event(
            event=target.signing,
            acting_user=acting_user,
            reason=str(decision),
            cause=decision,
            leaving=(Decision, DecisionItem),
            before=_earlier_signings(target),
        )
    except LaterChangesStand as refused:
        raise ServiceRefusal(_standing_on(target, decision, refused)) from refused


def _earlier_signings(target: Decision) -> list[int]:
    """The events that wrote a decision before it was corrected: correcting writes it anew from its own day."""
    model: Any = history_model(Decision)
    written = model.objects.filter(id=target.pk, signing_id__isnull=False).aggregate(first=Min("signing_id"))["first"]
    corrections = [found.signing_id for found in _revised_by(target) if known_act(found).key == "correction"]
    return sorted({written, *corrections} - {None, target.signing_id})


def _standing_on(target: Decision, decision: Decision, refused: LaterChangesStand) -> str:
    """Which later decisions, or changes of whom, stand on the target."""
    written = Decision.objects.filter(state=DecisionState.SIGNED, signing_id__in=refused.event_ids)
    later = (
        written.exclude(pk__in=[target.pk, decision.pk]).select_related("kind", "target").order_by("-signing_id", "-pk")
    )
    names = [str(found) for found in later if not _is_overtaken(found)][:NAMED]
    people = Cadre.objects.filter(pk__in=refused.cadre_ids).order_by("sort_key").values_list("full_name", flat=True)
    who = ", ".join(people[:NAMED])
    what = f"các quyết định sau: {'; '.join(names)}" if names else "các thay đổi sau trong hồ sơ"
    return (
        f"{target} chưa hủy bỏ, đính chính được vì {what} ({who}) đứng trên những gì quyết định này đã ghi. Hãy hủy bỏ "
        "hoặc sửa các nội dung đó trước, lần lượt từ nội dung sau cùng."
    )


def _is_overtaken(revision: Decision) -> bool:
    """Whether what a correction puts right has been annulled since."""
    act = act_of(revision)
    is_correction = act is not None and act.key == "correction"
    return is_correction and revision.target is not None and revision.target.state == DecisionState.ANNULLED


def _put_right(target: Decision, decision: Decision) -> None:
    """Take over what the correction says: common terms, and the own values of people; an empty one is common again."""
    before, target.terms = target.terms, {**target.terms, **decision.terms.get("corrected", {})}
    is_changed = target.terms != before
    corrected = {item.cadre_id: item.values for item in decision.items.all()}
    for item in target.items.all():
        own = {**item.values, **corrected.get(item.cadre_id, {})}
        own = {key: value for key, value in own.items() if value is not None}
        if own != item.values:
            item.values, is_changed = own, True
            save_checked(item)
    if not is_changed:
        raise ServiceRefusal(f"Đính chính này không sửa nội dung nào của {target}: các giá trị vẫn như cũ.")


def _withdraw(target: Decision, decision: Decision, acting_user: User | None) -> None:
    """From the decision's day on the target holds no more; one that would only begin then is undone whole."""
    if decision.effective_on <= target.effective_on:
        _undo(target, decision, acting_user)
        return
    act = known_act(target)
    items = items_by_place(target)
    ids = [item.cadre_id for item in items if item.cadre_id is not None]
    lock_people(ids)
    held = held_records(ids, act.all_parts())
    ended = _ended_by(target, act)
    changes = []
    for place, cadre_id in enumerate(ids):
        noted = RowChanges(place=place)
        recorder = Recorder(held[cadre_id], decision, decision.effective_on, noted)
        try:
            _resume(held[cadre_id], target, act, ended, recorder)
        except ActRefused as refused:
            raise ServiceRefusal(f"{held[cadre_id].cadre.full_name}: {refused}") from refused
        changes.append(noted)
    write_changes([change for change in changes if not change.is_empty])
    confirm_people(changes, acting_user=acting_user)


def _ended_by(target: Decision, act: DecisionAct) -> dict[type[models.Model], set[int]]:
    """Rows that the target's signing changed (ended), by model."""
    return {
        model: set(
            history_model(model)
            ._default_manager.filter(event=target.signing_id, history_type="~")
            .values_list("id", flat=True)
        )
        for model in act.all_parts()
    }


def _resume(
    held: HeldRecord,
    target: Decision,
    act: DecisionAct,
    ended: dict[type[models.Model], set[int]],
    recorder: Recorder,
) -> None:
    """End what the target opened, and let what it ended hold again from the day."""
    day = recorder.day
    for model in act.all_parts():
        for row in list(held.rows[model]):
            if getattr(row, "decision_id", None) == target.pk and _holds(row, day):
                before = _before(held, model, row)
                if before is None:
                    recorder.end(row)
                else:
                    recorder.succeed(model, **_values_of(before))
        for row in list(held.rows[model]):
            if row.pk in ended[model] and row.effective_until == target.effective_on and not _followed(held, row, day):
                recorder.add(model, effective_from=day, **_values_of(row))


def _holds(row: Any, day: Any) -> bool:
    if not hasattr(row, "effective_from"):
        raise ServiceRefusal(f"«{row}» không có thời hạn nên không thu hồi từ một ngày được; hãy hủy bỏ quyết định.")
    return bool(row.holds_on(day))


def _before(held: HeldRecord, model: Any, row: Any) -> Any:
    """The period of the same track that the row followed at once."""
    if model not in TRACKS or (model is Assignment and row.kind != "main"):
        return None
    others: list[Any] = held.track(model, **{name: getattr(row, name) for name in TRACKS[model]})
    return next((other for other in others if other.effective_until == row.effective_from), None)


def _followed(held: HeldRecord, row: Any, day: Any) -> bool:
    """Whether something of the same track holds on the day already."""
    model = type(row)
    names: Iterable[str] = TRACKS.get(model, ())
    if model is Assignment and row.kind != "main":
        names = ("kind", "unit_id", "title_id")
    return held.in_force(model, day, **{name: getattr(row, name) for name in names}) is not None


def _values_of(row: Any) -> dict[str, Any]:
    return {
        item.name: getattr(row, item.name)
        for item in type(row)._meta.concrete_fields
        if not item.primary_key and item.name not in NOT_RESUMED
    }
