"""Choosing for a class: the proposed list becomes that of the class, in one transaction, or is taken back.

A list that the server proposed travels to the page and back sealed, so that what is written is what the solver found;
before it is written everything that decided is read again under the lock: whom something bars now, every quota, and
whether anybody changed the class or its nominations since the list was made.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.core import signing
from django.db.models import Max

from hrdb.kernel.history import history_model, version_of
from hrdb.kernel.models import User
from personnel.services.bulk import create_many, update_many
from personnel.services.changes import lock_people
from personnel.services.errors import ServiceRefusal
from personnel.services.records import save_checked
from training.choices import ClassState, MemberState
from training.models import ClassMember, TrainingClass
from training.rules.barring import NEUTRAL
from training.services.acting import training_event
from training.services.classes import locked_class, require_manager
from training.statistics.choosing.asking import NOMINATED, Asked
from training.statistics.choosing.people import OPEN_MEMBERS, people_for
from training.statistics.choosing.proposal import Line, Proposal, recorded

SALT: Final = "training.choice"
#: Classes whose list may be chosen.
CHOOSABLE: Final = (ClassState.PLANNED, ClassState.NOMINATING)

STALE: Final = (
    "Lớp hoặc danh sách cử vừa được người khác sửa sau khi lập danh sách này. "
    "Hãy bấm «Gợi ý danh sách» để xem lại rồi chốt."
)
CHANGED: Final = "Hồ sơ đã thay đổi nên danh sách không còn đúng: {}. Hãy bấm «Gợi ý danh sách» để lập lại."
SEAL_BROKEN: Final = "Danh sách gửi lên không phải danh sách phần mềm đã gợi ý. Hãy bấm «Gợi ý danh sách» để lập lại."
NOT_CHOOSABLE: Final = "Lớp đã chốt danh sách, đang học, đã kết thúc hoặc đã hủy nên không chọn lại được."


@dataclass(frozen=True, slots=True)
class Choice:
    """A proposed list of one class: who is chosen under what was asked, made of which version of the class."""

    class_id: int
    asked: Asked
    picked: tuple[int, ...]
    version: str


def choice_version(training_class: TrainingClass) -> str:
    """What a list was made of: the versions of the class and of all its members."""
    members = history_model(ClassMember)._default_manager.filter(training_class_id=training_class.pk)  # type: ignore[misc]
    newest = members.aggregate(newest=Max("history_id"))["newest"] or 0
    return f"{version_of(training_class)}-{newest}"


def choice_of(proposal: Proposal, version: str) -> Choice:
    """A proposal as it may be confirmed."""
    return Choice(proposal.training_class.pk, proposal.asked, tuple(sorted(proposal.picked)), version)


def seal(choices: Sequence[Choice], user: User | None) -> str:
    """Choices as a text that only the server can make, for one user."""
    content = [asdict(one) for one in choices]
    for one in content:
        one["asked"] = {
            name: sorted(value) if isinstance(value, frozenset) else value for name, value in one["asked"].items()
        }
    return signing.dumps({"user": user.pk if user else None, "choices": content}, salt=SALT, compress=True)


def unseal(text: str, user: User | None) -> list[Choice]:
    """The choices of a sealed text; refuses what the server did not make for this user."""
    try:
        content: dict[str, Any] = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        raise ServiceRefusal(SEAL_BROKEN) from None
    if content["user"] != (user.pk if user else None):
        raise ServiceRefusal(SEAL_BROKEN)
    found = []
    for one in content["choices"]:
        values: dict[str, Any] = {
            name: frozenset(value) if isinstance(value, list) else value for name, value in one["asked"].items()
        }
        asked = Asked(**values)
        found.append(Choice(one["class_id"], asked, tuple(one["picked"]), one["version"]))
    return found


def save_asked(*, training_class: TrainingClass, asked: Asked, version: str | None, acting_user: User | None) -> None:
    """Keep the quotas, pins and exclusions of a class without choosing."""
    require_manager(acting_user, training_class)
    reason = f"Lưu chỉ tiêu chọn học viên của lớp {training_class.name}"
    with training_event(acting_user=acting_user, reason=reason, subject=training_class):
        current = locked_class(training_class)
        _refuse_unfit(current, version)
        _keep(current, asked)
        save_checked(current)
        rows = []
        for row in _locked_members(current):
            marks = row.cadre_id in asked.pinned, row.cadre_id in asked.excluded - asked.pinned
            if marks != (row.is_pinned, row.is_excluded):
                row.is_pinned, row.is_excluded = marks
                rows.append(row)
        update_many(ClassMember, rows, ["is_pinned", "is_excluded"])


def confirm_choices(*, choices: Sequence[Choice], acting_user: User | None, day: datetime.date) -> list[TrainingClass]:
    """Write the lists of one or several classes: who is chosen, stands by or is not taken, each with the reason."""
    classes = {one.pk: one for one in TrainingClass.objects.filter(pk__in=[one.class_id for one in choices])}
    if not choices or len(classes) != len(choices):
        raise ServiceRefusal(NOT_CHOOSABLE)
    for one in classes.values():
        require_manager(acting_user, one)
    _refuse_twice(choices)
    subject = next(iter(classes.values())) if len(classes) == 1 else None
    named = ", ".join(one.name for one in classes.values())
    with training_event(acting_user=acting_user, reason=f"Chốt danh sách học viên: {named}"[:500], subject=subject):
        written = []
        for choice in sorted(choices, key=lambda one: one.class_id):
            current = locked_class(classes[choice.class_id])
            _refuse_unfit(current, choice.version)
            elsewhere = {cadre_id for one in choices if one is not choice for cadre_id in one.picked}
            written.append(_confirm(current, choice, acting_user, day, elsewhere))
        return written


def undo_choice(
    *, training_class: TrainingClass, version: str | None, acting_user: User | None, reason: str = ""
) -> TrainingClass:
    """Take the list of a class back to nominations: who was put on by the choice goes, the others are nominated."""
    require_manager(acting_user, training_class)
    told = f"Bỏ chốt danh sách lớp {training_class.name}" + (f": {reason.strip()}" if reason.strip() else "")
    with training_event(acting_user=acting_user, reason=told, subject=training_class):
        current = locked_class(training_class)
        if current.state != ClassState.CHOSEN:
            raise ServiceRefusal("Chỉ bỏ chốt được lớp đã chốt danh sách và chưa khai giảng.")
        if version is not None and choice_version(current) != version:
            raise ServiceRefusal(STALE)
        rows = _locked_members(current)
        if any(row.attendance or row.score is not None or row.certificate_number for row in rows):
            raise ServiceRefusal("Lớp đã có điểm danh hoặc kết quả nên không bỏ chốt được.")
        event = _choice_event(current)
        added = _added(rows, event)
        kept = [row for row in rows if row.pk not in added]
        for row in rows:
            if row.pk in added:
                row.delete()
        before = _reasons_before(kept, event)
        for row in kept:
            row.state, row.priority, row.reason = MemberState.NOMINATED, None, before.get(row.pk, "")
        update_many(ClassMember, kept, ["state", "priority", "reason"])
        current.state = ClassState.NOMINATING
        save_checked(current)
        return current


def _confirm(
    current: TrainingClass, choice: Choice, user: User | None, day: datetime.date, elsewhere: set[int]
) -> TrainingClass:
    lock_people(choice.picked)
    people = people_for(current, user=user, day=day, only_nominated=choice.asked.source == NOMINATED)
    proposal = recorded(current, choice.asked, people, choice.picked, day, elsewhere)
    _refuse_changed(proposal, choice)
    members = {row.cadre_id: row for row in _locked_members(current)}
    _keep(current, choice.asked)
    current.state = ClassState.CHOSEN
    save_checked(current)
    made, changed = [], []
    reserves = {line.person.cadre_id: number for number, line in enumerate(proposal.reserves, start=1)}
    for line in (*proposal.chosen, *proposal.others):
        row = members.get(line.person.cadre_id)
        number = reserves.get(line.person.cadre_id, 0)
        if row is None:
            if not line.is_chosen and not number:
                continue
            row = ClassMember(training_class=current, cadre_id=line.person.cadre_id, unit_id=line.person.kept_in)
            made.append(row)
        else:
            changed.append(row)
        _fill(row, line, number)
    create_many(ClassMember, made)
    update_many(ClassMember, changed, ["state", "priority", "reason", "is_pinned", "is_excluded"])
    return current


def _fill(row: ClassMember, line: Line, reserve: int) -> None:
    """What the list says of somebody, in words that tell no more than a reader of the class may know."""
    person = line.person
    sentence = NEUTRAL if any(bar.is_sensitive for bar in person.bars) else line.sentence
    row.priority = person.priority.total
    row.is_pinned, row.is_excluded = line.is_pinned, line.is_excluded
    if line.is_chosen:
        row.state = MemberState.CHOSEN
    elif reserve:
        row.state, sentence = MemberState.RESERVE, f"Dự bị số {reserve}. {sentence}"
    else:
        row.state = MemberState.DECLINED
    row.reason = sentence[:500]


def _keep(current: TrainingClass, asked: Asked) -> None:
    """The quotas of what was asked, kept with the class."""
    current.capacity, current.quotas = asked.capacity, asked.as_kept()


def _refuse_unfit(current: TrainingClass, version: str | None) -> None:
    if current.state not in CHOOSABLE:
        raise ServiceRefusal(NOT_CHOOSABLE)
    if version is not None and choice_version(current) != version:
        raise ServiceRefusal(STALE)


def _refuse_twice(choices: Sequence[Choice]) -> None:
    """Nobody goes to two classes of one choice."""
    everybody = [cadre_id for one in choices for cadre_id in one.picked]
    if len(everybody) != len(set(everybody)):
        raise ServiceRefusal("Một người không được chọn cho hai lớp cùng lúc.")


def _refuse_changed(proposal: Proposal, choice: Choice) -> None:
    """The list must still hold: everybody on it is there and may go, every pin is on it, every quota is met."""
    known = {one.cadre_id: one for one in proposal.people}
    for cadre_id in choice.picked:
        person = known.get(cadre_id)
        if person is None:
            raise ServiceRefusal(CHANGED.format("có người không còn trong danh sách xét"))
        if person.bars:
            raise ServiceRefusal(CHANGED.format(f"{person.name}: {person.bars[0].message.rstrip('.')}"))
    if proposal.faults:
        raise ServiceRefusal(proposal.faults[0])
    if not choice.picked:
        raise ServiceRefusal("Danh sách không có ai.")
    if choice.asked.pinned - set(choice.picked) or (choice.asked.excluded - choice.asked.pinned) & set(choice.picked):
        raise ServiceRefusal(CHANGED.format("người ấn định, người loại khỏi danh sách không khớp"))
    for line in proposal.quota_lines:
        if not line.is_met:
            told = f"{line.label} {line.asked}, danh sách có {line.actual}"
            raise ServiceRefusal(f"Danh sách không đạt chỉ tiêu: {told}. Hãy sửa chỉ tiêu rồi gợi ý lại.")


def _locked_members(current: TrainingClass) -> list[ClassMember]:
    """The members that a choice decides on, locked in the order of ids."""
    rows = ClassMember.objects.select_for_update(of=("self",)).filter(training_class=current, state__in=OPEN_MEMBERS)
    return list(rows.order_by("pk"))


def _choice_event(current: TrainingClass) -> int | None:
    """The event that chose the class: the oldest of the rows in which it stands as chosen without a break."""
    event = None
    classes = history_model(TrainingClass)._default_manager.filter(id=current.pk)
    newest_first = classes.order_by("-history_date", "-history_id")
    for state, of_row in newest_first.values_list("state", "event_id"):
        if state != ClassState.CHOSEN:
            break
        event = of_row
    return event


def _added(rows: Iterable[ClassMember], event: int | None) -> set[int]:
    """Members whom the choice itself put on."""
    made = history_model(ClassMember)._default_manager.filter(
        id__in=[row.pk for row in rows], history_type="+", event_id=event
    )
    return set(made.values_list("id", flat=True))


def _reasons_before(rows: Iterable[ClassMember], event: int | None) -> dict[int, str]:
    """What units had written of members before the choice."""
    earlier = history_model(ClassMember)._default_manager.filter(id__in=[row.pk for row in rows])
    newest = earlier.exclude(event_id=event).order_by("id", "-history_date", "-history_id").distinct("id")
    return dict(newest.values_list("id", "reason"))
