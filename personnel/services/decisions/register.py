"""The register of decisions (sổ quyết định): drawing up, checking, submitting, returning; signing stands beside.

The clerk's office gives the number and the leader signs elsewhere: entry after the fact is the normal case, and numbers
are never invented.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max, ProtectedError

from hrdb.kernel.audit import writing
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.choices import DecisionState
from personnel.models import Cadre, Decision, DecisionItem, DecisionKind, Unit
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.bulk import create_many, delete_many, update_many
from personnel.services.decisions.cases import Planned, asks_for_word, may_override, plan, refusals
from personnel.services.decisions.fields import ActField
from personnel.services.decisions.kinds import DecisionAct, act_of, said_of_people
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked

#: Fields of a decision that a draft may change.
HEAD = ("effective_on", "summary", "classification", "issuer", "signer", "signer_title", "rests_on", "target")
#: Fields that may be completed of a decision that facts only cite.
CITED_HEAD = ("kind", "effective_on", "summary", "classification", "signer", "signer_title", "rests_on")


def draft_decision(
    *,
    act: DecisionAct,
    unit: Unit | None,
    effective_on: datetime.date,
    terms: Mapping[str, Any],
    acting_user: User | None,
    **head: Any,
) -> Decision:
    """Open a draft (dự thảo) of a kind, drawn up by an office.

    `terms` are what it says for everybody by field key; a person's own values stand over them. Raises
    PermissionDenied for who decides on nobody there.
    """
    with writing(acting_user=acting_user, reason=f"Lập dự thảo {act.label}"):
        _refuse_foreign_office(unit, acting_user)
        decision = Decision(
            kind=DecisionKind.objects.get(code=act.code),
            unit=unit,
            effective_on=effective_on,
            terms=stored_terms(act, terms, target=head.get("target")),
            state=DecisionState.DRAFT,
            drafted_by=acting_user,
            **head,
        )
        save_checked(decision)
        return decision


def draw_up(
    *,
    act: DecisionAct,
    unit: Unit | None,
    effective_on: datetime.date,
    terms: Mapping[str, Any],
    people: Sequence[tuple[Cadre | None, Mapping[str, Any]]],
    acting_user: User | None,
    overrides: Mapping[str, str] | None = None,
    **head: Any,
) -> Decision:
    """Open a draft with its people in one transaction; `overrides` are reasons by rule key, put beside everybody."""
    with writing(acting_user=acting_user, reason=f"Lập dự thảo {act.label}"):
        decision = draft_decision(
            act=act, unit=unit, effective_on=effective_on, terms=terms, acting_user=acting_user, **head
        )
        items = add_people(decision=decision, act=act, people=people, acting_user=acting_user) if people else []
        said = {rule: reason.strip() for rule, reason in (overrides or {}).items() if reason.strip()}
        if said:
            for item in items:
                item.overrides = dict(said)
            update_many(DecisionItem, items, ["overrides"])
        return decision


def change_draft(
    *,
    decision: Decision,
    act: DecisionAct,
    terms: Mapping[str, Any],
    head: Mapping[str, Any],
    version: int | None,
    acting_user: User | None,
) -> Decision:
    """Change the head and the common terms of a draft. Raises StaleVersion when somebody else changed it first."""
    with writing(acting_user=acting_user, reason="Sửa dự thảo"):
        current = open_draft(decision, acting_user=acting_user, version=version)
        for name, value in head.items():
            if name not in HEAD:
                raise TypeError(f"{name} is no field of a draft's head")
            setattr(current, name, value)
        current.terms = stored_terms(act, terms, target=current.target)
        _save_changed(current)
        return current


def add_people(
    *,
    decision: Decision,
    act: DecisionAct,
    people: Sequence[tuple[Cadre | None, Mapping[str, Any]]],
    acting_user: User | None,
    version: int | None = None,
) -> list[DecisionItem]:
    """Add people with their own values, None for somebody who has no record yet; who is there already stays once."""
    with writing(acting_user=acting_user, reason="Thêm người vào dự thảo"):
        current = open_draft(decision, acting_user=acting_user, version=version)
        ids = [cadre.pk for cadre, _ in people if cadre is not None]
        seen = set(
            Cadre.objects.filter(pk__any=ids).visible_to(acting_user, Action.DECIDE).values_list("pk", flat=True)
        )
        if missing := set(ids) - seen:
            raise Cadre.DoesNotExist(f"{len(missing)} người ngoài phạm vi")
        fields = said_of_people(current, act)
        there: set[int | None] = set(current.items.values_list("cadre_id", flat=True))
        last = current.items.aggregate(last=Max("position"))["last"] or 0
        rows: list[DecisionItem] = []
        for cadre, values in people:
            if cadre is not None and cadre.pk in there:
                continue
            if cadre is not None:
                there.add(cadre.pk)
            own = stored_values(fields, values, keep_empty=act.key == "correction")
            rows.append(DecisionItem(decision=current, cadre=cadre, position=last + len(rows) + 1, values=own))
        create_many(DecisionItem, rows)
        _save_changed(current)
        return rows


def set_values(
    *,
    decision: Decision,
    act: DecisionAct,
    values: Mapping[int, Mapping[str, Any]],
    acting_user: User | None,
    version: int | None = None,
) -> int:
    """Set the own values of people, by the id of their item; answers how many changed.

    Ids of other decisions' items are passed over. Raises StaleVersion when somebody else changed the draft first.
    """
    with writing(acting_user=acting_user, reason="Sửa nội dung từng người"):
        current = open_draft(decision, acting_user=acting_user, version=version)
        changed, fields = [], said_of_people(current, act)
        for item in current.items.filter(pk__in=list(values)):
            own = {**item.values, **stored_values(fields, values[item.pk], keep_empty=True)}
            own = {key: value for key, value in own.items() if value is not None}
            if own != item.values:
                item.values = own
                changed.append(item)
        update_many(DecisionItem, changed, ["values"])
        if changed:
            _save_changed(current)
        return len(changed)


def take_list(
    *,
    decision: Decision,
    act: DecisionAct,
    people: Sequence[tuple[Cadre | None, Mapping[str, Any]]],
    acting_user: User | None,
    version: int | None = None,
) -> tuple[int, int]:
    """Take over a whole list in one transaction: who is new is added, who is there is told what the list says.

    Answers how many were added and how many are told anew.
    """
    with writing(acting_user=acting_user, reason="Nhận danh sách vào dự thảo"):
        current = open_draft(decision, acting_user=acting_user, version=version)
        there = dict(current.items.filter(cadre__isnull=False).values_list("cadre_id", "pk"))
        known = {there[cadre.pk]: values for cadre, values in people if cadre is not None and cadre.pk in there}
        new = [(cadre, values) for cadre, values in people if cadre is None or cadre.pk not in there]
        set_values(decision=current, act=act, values=known, acting_user=acting_user)
        add_people(decision=current, act=act, people=new, acting_user=acting_user)
        return len(new), len(known)


def remove_person(*, item: DecisionItem, acting_user: User | None) -> None:
    """Take somebody off a draft."""
    remove_people(decision=item.decision, items=[item.pk], acting_user=acting_user)


def remove_people(
    *, decision: Decision, items: Sequence[int], acting_user: User | None, version: int | None = None
) -> int:
    """Take people off a draft by the ids of their items; ids of other decisions' items are passed over."""
    with writing(acting_user=acting_user, reason="Bỏ người khỏi dự thảo"):
        current = open_draft(decision, acting_user=acting_user, version=version)
        gone = list(current.items.filter(pk__in=list(items)).values_list("pk", flat=True))
        delete_many(DecisionItem, gone)
        if gone:
            _save_changed(current)
        return len(gone)


def answer_rule(
    *, decision: Decision, key: str, reason: str, acting_user: User | None, version: int | None = None
) -> int:
    """One reason for everybody of a draft who does not meet a condition, or of whom it is not known; answers how many.

    An empty reason takes it back.
    """
    with writing(acting_user=acting_user, reason=reason or "Bỏ lý do"):
        current = open_draft(decision, acting_user=acting_user, version=version)
        asked = [
            one.case.item
            for one in plan(current, acting_user=acting_user)
            if any(
                found.key == key and (asks_for_word(found) or (found.outcome == "not_met" and one.may_pass(found)))
                for found in one.findings
            )
        ]
        if not asked:
            raise ServiceRefusal("Điều kiện này luật không cho bỏ qua.")
        for item in asked:
            item.overrides = {name: text for name, text in {**item.overrides, key: reason.strip()}.items() if text}
        update_many(DecisionItem, asked, ["overrides"])
        _save_changed(current)
        return len(asked)


def override_rule(*, item: DecisionItem, rule: str, reason: str, acting_user: User | None) -> DecisionItem:
    """Pass over a condition with a reason (trường hợp đặc biệt), where the law leaves room; an empty reason takes it
    back."""
    if not may_override(rule) and not _is_word(item, rule, acting_user):
        raise ServiceRefusal("Điều kiện này luật không cho bỏ qua.")
    with writing(acting_user=acting_user, reason=reason or "Bỏ lý do cho qua", subject=item.cadre):
        current = open_draft(item.decision, acting_user=acting_user)
        row = DecisionItem.objects.select_for_update(of=("self",)).get(pk=item.pk, decision=current)
        row.overrides = {key: text for key, text in {**row.overrides, rule: reason.strip()}.items() if text}
        save_checked(row)
        return row


def _is_word(item: DecisionItem, key: str, acting_user: User | None) -> bool:
    """Whether the reason answers something that is not known of the person."""
    planned = plan(item.decision, acting_user=acting_user)
    found = [one for each in planned if each.case.item.pk == item.pk for one in each.findings]
    return any(one.key == key and asks_for_word(one) for one in found)


def check_draft(*, decision: Decision, acting_user: User | None) -> list[Planned]:
    """Check everybody; a draft without faults becomes «đã kiểm tra»."""
    with writing(acting_user=acting_user, reason="Kiểm tra dự thảo"):
        current = open_draft(decision, acting_user=acting_user)
        planned = plan(current, acting_user=acting_user)
        is_empty = not planned and current.target_id is None
        state = DecisionState.DRAFT if refusals(planned) or is_empty else DecisionState.CHECKED
        if current.state != state:
            current.state = state
            save_checked(current)
        decision.state = current.state
        return planned


def submit_decision(*, decision: Decision, acting_user: User | None) -> Decision:
    """Submit a checked draft for signature (trình ký); from then on it does not change."""
    with writing(acting_user=acting_user, reason="Trình ký"):
        current = open_draft(decision, acting_user=acting_user)
        if current.state != DecisionState.CHECKED:
            raise ServiceRefusal("Chỉ trình được dự thảo đã kiểm tra và không còn lỗi.")
        current.state, current.return_note = DecisionState.SUBMITTED, ""
        save_checked(current)
        return current


def return_decision(*, decision: Decision, note: str, acting_user: User | None) -> Decision:
    """Return a submitted draft with a comment (trả lại); who approves or decides may."""
    if not note.strip():
        raise ValidationError({"note": "Hãy ghi ý kiến trả lại."}, code="required")
    with writing(acting_user=acting_user, reason=note):
        current = locked_decision(decision, acting_user=acting_user, actions=(Action.DECIDE, Action.APPROVE))
        if current.state != DecisionState.SUBMITTED:
            raise ServiceRefusal("Chỉ trả lại được dự thảo đã trình ký.")
        current.state, current.return_note = DecisionState.DRAFT, note.strip()
        save_checked(current)
        return current


def drop_draft(*, decision: Decision, acting_user: User | None) -> None:
    """Throw a draft away; its history stays. ServiceRefusal while something else rests on it."""
    with writing(acting_user=acting_user, reason="Bỏ dự thảo"):
        current = open_draft(decision, acting_user=acting_user)
        for item in current.items.all():
            item.delete()
        try:
            current.delete()
        except ProtectedError as error:
            used = {str(row._meta.verbose_name) for row in error.protected_objects}
            raise ServiceRefusal(
                f"Dự thảo này đang gắn với {', '.join(sorted(used))}; hãy bỏ ở nơi đó trước."
            ) from error


def open_draft(decision: Decision, *, acting_user: User | None, version: int | None = None) -> Decision:
    """The draft as it stands, locked, if the user may change it; ServiceRefusal once it is submitted or signed.

    `version` is the one that a form was opened with; StaleVersion when somebody else changed the draft since.
    """
    current = locked_decision(decision, acting_user=acting_user)
    if not current.is_open:
        raise ServiceRefusal("Quyết định này không còn là dự thảo nên không sửa được.")
    if version is not None and version != version_of(current):
        raise StaleVersion(current)
    return current


def locked_decision(
    decision: Decision, *, acting_user: User | None, actions: Sequence[Action] = (Action.DECIDE,)
) -> Decision:
    """The decision locked until the transaction ends, if one of the actions is open; Decision.DoesNotExist else."""
    for action in actions:
        found = Decision.objects.visible_to(acting_user, action).filter(pk=decision.pk)
        if found.exists():
            locked: Decision = (
                Decision.objects.select_for_update(of=("self",)).select_related("kind").get(pk=decision.pk)
            )
            return locked
    raise Decision.DoesNotExist


def describe_cited(
    *, decision: Decision, head: Mapping[str, Any], version: int | None, acting_user: User | None
) -> Decision:
    """Complete the entry of a decision that facts only cite (kind, summary, signer ...): it writes no record.

    Raises StaleVersion, and ServiceRefusal for one that the register itself has written.
    """
    with writing(acting_user=acting_user, reason="Bổ sung thông tin quyết định"):
        current = locked_decision(decision, acting_user=acting_user)
        if not current.is_issued or current.signing_id is not None:
            raise ServiceRefusal("Chỉ bổ sung được thông tin của quyết định mới chỉ được viện dẫn.")
        if version is not None and version != version_of(current):
            raise StaleVersion(current)
        for name, value in head.items():
            if name not in CITED_HEAD:
                raise TypeError(f"{name} is no field of a cited decision's head")
            setattr(current, name, value)
        save_checked(current)
        return current


def stored_terms(act: DecisionAct, terms: Mapping[str, Any], *, target: Decision | None) -> dict[str, Any]:
    """What a decision says for everybody, as JSON keeps it; a correction holds what it puts right under «corrected»."""
    stored = stored_values(act.fields, terms)
    mended = act_of(target) if act.key == "correction" and target is not None else None
    if mended is not None and terms.get("corrected"):
        stored["corrected"] = stored_values(mended.fields, terms["corrected"])
    return stored


def stored_values(fields: Sequence[ActField], values: Mapping[str, Any], *, keep_empty: bool = False) -> dict[str, Any]:
    """The values of some fields as JSON keeps them; other keys are left out, and empty ones unless asked for."""
    stored = {item.key: item.stored(values[item.key]) for item in fields if item.key in values}
    return stored if keep_empty else {key: value for key, value in stored.items() if value is not None}


def _save_changed(decision: Decision) -> None:
    """A changed draft has to be checked again."""
    decision.state = DecisionState.DRAFT
    save_checked(decision)


def _refuse_foreign_office(unit: Unit | None, acting_user: User | None) -> None:
    scope = scope_of(acting_user, Action.DECIDE)
    if scope.is_whole_province:
        return
    if unit is None or not Unit.objects.visible_to(acting_user, Action.DECIDE).filter(pk=unit.pk).exists():
        raise PermissionDenied("Chỉ lập quyết định của đơn vị thuộc phạm vi của mình.")
