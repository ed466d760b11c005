"""A roster beside the record: each row is new, changed, same or an error; whom it does not list is asked about."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from hrdb.kernel.models import User
from hrdb.kernel.text import fold
from personnel.choices import DIVISION_KIND
from personnel.imports.roster.database import Reference
from personnel.imports.roster.differences import known_person, new_person
from personnel.imports.roster.facts import Facts
from personnel.imports.roster.held import HeldRecord, Tree, held_records
from personnel.imports.roster.matching import Matches, match_people
from personnel.imports.roster.verdicts import Comparison, Verdict
from personnel.models import Cadre
from personnel.policies import Action
from personnel.services.changes import RowChanges, lock_people

OUTSIDE_SCOPE = "Đơn vị này ngoài phạm vi được giao."
NO_UNIT = "Không biết đơn vị của người này: cần cột đơn vị, dòng tên đơn vị hoặc chọn đơn vị khi nhập."


def reconcile(
    rows: Sequence[Facts],
    *,
    reference: Reference,
    user: User | None,
    day: datetime.date,
    accept_corrections: bool = False,
    confirmed: frozenset[tuple[str, int, str]] = frozenset(),
    lock: bool = False,
) -> list[Verdict]:
    """The verdict of each row, in order; with `lock`, the people are locked before their records are compared."""
    matches = match_people(rows, user=user, tree=reference.tree)
    if lock:
        lock_people(matches.people.values())
    held = held_records(set(matches.people.values()))
    compared = Comparison(day, timezone.localdate(), reference.tree, reference.names, accept_corrections, confirmed)
    seen: dict[Any, _Seen] = {}
    return [_judge(facts, matches, held, compared, reference, seen) for facts in rows]


@dataclass
class _Seen:
    """The person whom an earlier row of the file was about."""

    held: HeldRecord
    new: Cadre | None


def _judge(
    facts: Facts,
    matches: Matches,
    held: dict[int, HeldRecord],
    compared: Comparison,
    reference: Reference,
    seen: dict[Any, _Seen],
) -> Verdict:
    refused = _refusal(facts, matches, reference)
    if refused is not None:
        return refused
    known = matches.people.get(facts.place)
    key = known or facts.personal_number or (fold(facts.name), facts.born, facts.unit_id)
    earlier = seen.get(key)
    if earlier is not None:
        verdict = known_person(facts, earlier.held, compared, is_second_row=True)
        verdict.changes.of = earlier.new
        return verdict
    if known is not None:
        record = held[known]
        seen[key] = _Seen(record, None)
        verdict = known_person(facts, record, compared)
        verdict.cadre_id = known
        return verdict
    if facts.unit_id is None:
        return _rejected(facts, ("Đơn vị", "unknown-unit", "", NO_UNIT))
    verdict = new_person(facts, compared)
    assert verdict.changes.cadre is not None
    seen[key] = _Seen(_record_of(verdict.changes), verdict.changes.cadre)
    return verdict


def _record_of(changes: RowChanges) -> HeldRecord:
    assert changes.cadre is not None
    record = HeldRecord(changes.cadre)
    for row in changes.inserts:
        record.rows[type(row)].append(row)
    return record


def _refusal(facts: Facts, matches: Matches, reference: Reference) -> Verdict | None:
    if facts.unit_id is not None and facts.unit_id not in reference.editable_units:
        name = reference.names.get(("unit", facts.unit_id), "")
        return _rejected(facts, ("Đơn vị", "outside-scope", name, OUTSIDE_SCOPE))
    if facts.place in matches.refused:
        code, message = matches.refused[facts.place]
        column = "Số định danh cá nhân" if code == "needs-province" else "Họ và tên"
        value = facts.personal_number if code == "needs-province" else facts.name
        return _rejected(facts, (column, code, value, message))
    return None


def _rejected(facts: Facts, fault: tuple[str, str, str, str]) -> Verdict:
    verdict = Verdict(RowChanges(place=facts.place))
    verdict.errors.append(fault)
    return verdict


def missing_people(
    rows: Iterable[Facts], listed: Iterable[int], *, user: User | None, day: datetime.date, tree: Tree
) -> list[Cadre]:
    """People present in the roster's units (and their divisions) on the day whom the roster does not list."""
    units = {facts.unit_id for facts in rows if facts.unit_id is not None}
    for unit_id in list(units):
        units |= {child for child in tree.children(unit_id) if tree.kinds.get(child) == DIVISION_KIND}
    if not units:
        return []
    people = (
        Cadre.objects.visible_to(user, Action.EDIT)
        .kept_by(units, day)
        .present_on(day)
        .exclude(pk__any=listed)
        .order_by("sort_key", "pk")
    )
    return list(people)
