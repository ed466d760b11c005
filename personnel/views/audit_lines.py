"""An event of the audit trail in words: about whom, what was shown or done, on which grounds; in the reader's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps

from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.screens.formats import date_text, number_text
from personnel.exports.audit import OPERATOR
from personnel.models import Cadre, Unit
from personnel.models.access import unit_name
from personnel.models.scope import scope_of
from personnel.models.trail import ACCOUNT, CADRE, PEOPLE, UNIT, sees_the_whole_trail, written_about
from personnel.policies import Action

#: Keys of an event's details that say in words what was done or shown.
SAID = ("act", "what", "parts", "day", "format", "file", "method", "url")


#: Whose rows events wrote: people and units by event.
Written = dict[int, tuple[list[int], list[int]]]


@dataclass(frozen=True)
class Told:
    """One event in words."""

    who: str
    about: str
    said: str
    cause: str
    cadre_id: int | None
    people: tuple[int, ...]


def tell(events: Sequence[AuditEvent], user: User) -> dict[int, Told]:
    """Events in words by id; a handful of queries however many they are."""
    whole = sees_the_whole_trail(scope_of(user, Action.AUDIT))
    nameless = [event.pk for event in events if not event.subject_type and PEOPLE not in event.details]
    written = written_about(nameless, user) if nameless else {}
    people = _people_in_scope(events, written, user)
    keys = {(event.subject_type, event.subject_id) for event in events}
    keys |= {(UNIT, pk) for _, units in written.values() for pk in units}
    subjects = _names(keys, people, user, whole)
    causes = _names({(event.cause_type, event.cause_id) for event in events}, people, user, whole)
    told = {}
    for event in events:
        shown = tuple(pk for pk in event.details.get(PEOPLE, ()) if pk in people)
        is_person = event.subject_type == CADRE and event.subject_id in people
        subject = subjects.get((event.subject_type, event.subject_id), "")
        told[event.pk] = Told(
            who=str(event.user or OPERATOR),
            about=subject or _about(shown, people) or _whose(written.get(event.pk), people, subjects),
            said=_said(event),
            cause=causes.get((event.cause_type, event.cause_id), ""),
            cadre_id=event.subject_id if is_person else None,
            people=shown,
        )
    return told


def row_of(event: AuditEvent, told: Told) -> tuple[str, ...]:
    """An event as a row of texts, in the order of the export's heads."""
    return (
        str(event.pk),
        date_text(event.moment),
        told.who,
        event.get_action_display(),
        told.about,
        told.said,
        event.reason,
        told.cause,
        event.address or "",
    )


def _people_in_scope(events: Sequence[AuditEvent], written: Written, user: User) -> dict[int, str]:
    """Names of the people whom the events name, showed or wrote, of those in scope."""
    ids = {pk for some, _ in written.values() for pk in some}
    ids |= {event.subject_id for event in events if event.subject_type == CADRE and event.subject_id is not None}
    for event in events:
        ids.update(event.details.get(PEOPLE, ()))
    seen = Cadre.objects.visible_to(user, Action.AUDIT).filter(pk__in=ids)
    return dict(seen.order_by().values_list("pk", "full_name"))


def _about(shown: tuple[int, ...], people: dict[int, str]) -> str:
    """Whom an event showed."""
    if len(shown) > 1:
        return f"{number_text(len(shown))} người trong danh sách"
    return people[shown[0]] if shown else ""


def _whose(
    written: tuple[list[int], list[int]] | None,
    people: dict[int, str],
    names: dict[tuple[str, int | None], str],
) -> str:
    """Whose rows an event wrote that names nobody."""
    of_people, of_units = written or ([], [])
    if len(of_people) > 1:
        return "Nhiều người"
    if of_people:
        return people[of_people[0]]
    return "Nhiều đơn vị" if len(of_units) > 1 else names.get((UNIT, of_units[0]), "") if of_units else ""


def _said(event: AuditEvent) -> str:
    """What was done or shown, from the details that hold no person's data."""
    parts = []
    for key in SAID:
        value = event.details.get(key)
        if value and key == "day":
            parts.append(f"đến ngày {date_text(date.fromisoformat(value))}")
        elif value:
            parts.append(", ".join(map(str, value)) if isinstance(value, list) else str(value))
    if skipped := event.details.get("skipped"):
        parts.append(f"trước đó còn {number_text(skipped)} lần không ghi từng lần")
    return " · ".join(parts)


def _names(
    keys: set[tuple[str, int | None]], people: dict[int, str], user: User, whole: bool
) -> dict[tuple[str, int | None], str]:
    """Names of what events point to, one query for each kind of thing; people and units out of scope stay unnamed."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, pk in keys:
        if kind and pk is not None:
            wanted[kind].add(pk)
    names: dict[tuple[str, int | None], str] = {}
    for kind, ids in wanted.items():
        for pk, name in _names_of(kind, ids, people, user, whole).items():
            names[(kind, pk)] = name
    return names


def _names_of(kind: str, ids: set[int], people: dict[int, str], user: User, whole: bool) -> dict[int, str]:
    """Names of the things of one kind."""
    if kind == CADRE:
        return {pk: people[pk] for pk in ids if pk in people}
    if kind == UNIT:
        units = Unit.objects.visible_to(user, Action.AUDIT).filter(pk__in=ids)
        return dict(units.annotate(named=unit_name("pk")).values_list("pk", "named"))
    model: Any = apps.get_model(kind)
    label = str(model._meta.verbose_name)
    if kind == ACCOUNT:
        return {pk: f"Tài khoản {row.username}" for pk, row in model._default_manager.in_bulk(ids).items()}
    if not whole and any(field.name == "cadre" for field in model._meta.fields):
        return {pk: f"{label} số {pk}" for pk in ids}
    if kind in {"personnel.decision", "personnel.importbatch"}:
        return {pk: str(row) for pk, row in model._default_manager.in_bulk(ids).items()}
    return {pk: f"{label} số {pk}" for pk in ids}
