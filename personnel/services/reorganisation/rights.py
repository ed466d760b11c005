"""Who may act on a unit goes on acting on the one that follows it: grants, delegations, and papers under way.

A grant goes with a unit that is merged or divided. It ends where the unit is dissolved, and where the unit that follows
stood above it: nobody comes to see a whole department because a division was closed.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db import models
from django.db.models import Q

from hrdb.kernel.models import User
from personnel.choices import ReceivingState, UnitSuccessionKind
from personnel.models import (
    ColumnMapping,
    Decision,
    Delegation,
    Grant,
    ReceivingRequest,
    ValueMapping,
)
from personnel.models.decisions import OPEN_STATES
from personnel.policies import Action, Role
from personnel.services.reorganisation.tree import Passing, PlannedTree

Period: TypeAlias = tuple[datetime.date, datetime.date | None]

#: What makes two rows the same right, beside the unit.
SAME: dict[type[models.Model], tuple[str, ...]] = {
    Grant: ("user_id", "role"),
    Delegation: ("managing_level", "bloc", "action", "role"),
}
FOR_EVER = datetime.date.max


@dataclass(frozen=True, slots=True)
class EndedRight:
    """A grant or delegation that ends with its unit; `heirs` are those to whom it goes on, perhaps none."""

    model: type[models.Model]
    row: dict[str, Any]
    source: str
    heirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewRight:
    """A grant or delegation over a unit that follows."""

    model: type[models.Model]
    unit: str
    same: tuple[Any, ...]
    period: Period
    decision_id: int | None


@dataclass(frozen=True, slots=True)
class Repointed:
    """A paper under way that passes from one unit to another."""

    model: type[models.Model]
    row_id: int
    source: str
    target: str
    label: str


@dataclass
class RightsPlan:
    """Everything that becomes of rights and of papers under way."""

    ended: list[EndedRight] = field(default_factory=list)
    new: list[NewRight] = field(default_factory=list)
    papers: list[Repointed] = field(default_factory=list)
    #: What an office has taught the reader of rosters, copied to those that follow: model, unit, values.
    taught: list[tuple[type[models.Model], str, dict[str, Any]]] = field(default_factory=list)
    users: dict[int, str] = field(default_factory=dict)


class RightsReader:
    """Reads the rights over the units that end, in seven queries at any size, and plans for them."""

    def __init__(self, tree: PlannedTree) -> None:
        self.tree, self.day = tree, tree.day
        self.ended: dict[int, Passing] = {
            one.source.unit_id: one for one in tree.passings if not one.keeps and one.source.unit_id is not None
        }
        self.plan = RightsPlan()

    def read(self) -> RightsPlan:
        """What becomes of everything."""
        for model in SAME:
            self._rights(model)
        people = {row["user_id"] for row in (one.row for one in self.plan.ended) if "user_id" in row}
        self.plan.users = dict(User.objects.filter(pk__any=people).values_list("pk", "username"))
        self._papers()
        for mapping, key in ((ColumnMapping, ("header_key",)), (ValueMapping, ("list_name", "text_key"))):
            self._taught(mapping, key)
        return self.plan

    def heirs(self, passing: Passing) -> tuple[str, ...]:
        """The units to which rights over a unit that ends go on."""
        if passing.kind == UnitSuccessionKind.TRANSFER:
            return ()
        source = passing.source.code
        found = dict.fromkeys(self.tree.heir_of(source, heir) for heir in passing.heirs)
        return tuple(heir for heir in found if heir is not None and not self.tree.is_above(heir, source))

    def _rights(self, model: Any) -> None:
        """Rights over units that end, and those that the following units already give."""
        heirs = {unit_id: self.heirs(passing) for unit_id, passing in self.ended.items()}
        ids = {code: unit.unit_id for code, unit in self.tree.units.items() if unit.unit_id is not None}
        of_heirs = {ids[code] for codes in heirs.values() for code in codes if code in ids}
        same = SAME[model]
        rows = model.objects.filter(Q(effective_until__isnull=True) | Q(effective_until__gt=self.day))
        rows = rows.filter(unit_id__any=[*self.ended, *of_heirs]).order_by("effective_from", "pk")
        held: dict[tuple[Any, ...], list[Period]] = defaultdict(list)
        codes = {pk: code for code, pk in ids.items()}
        wanted: list[tuple[str, dict[str, Any], Passing]] = []
        for row in rows.values("pk", "unit_id", "effective_from", "effective_until", *same):
            passing = self.ended.get(row["unit_id"])
            if passing is None:
                key = (codes[row["unit_id"]], *(row[name] for name in same))
                held[key].append((row["effective_from"], row["effective_until"]))
                continue
            self.plan.ended.append(EndedRight(model, row, passing.source.code, heirs[row["unit_id"]]))
            wanted += [(heir, row, passing) for heir in heirs[row["unit_id"]]]
        for heir, row, passing in wanted:
            key = (heir, *(row[name] for name in same))
            period = (max(row["effective_from"], self.day), row["effective_until"])
            for part in uncovered(period, held[key]):
                held[key].append(part)
                self.plan.new.append(NewRight(model, heir, key[1:], part, passing.decision_id))

    def _papers(self) -> None:
        """Requests that wait and drafts that are open; of two requests for one person the first goes over."""
        targets = {self._heir(unit_id) for unit_id in self.ended}
        ids = {unit.unit_id: code for code in targets if code and (unit := self.tree.units.get(code)) and unit.unit_id}
        pending = ReceivingRequest.objects.filter(state=ReceivingState.PENDING, unit_id__any=[*self.ended, *ids])
        waiting = list(pending.order_by("pk").values_list("pk", "unit_id", "personal_number", "full_name"))
        taken = {(ids[unit_id], number) for _, unit_id, number, _ in waiting if unit_id in ids}
        for pk, unit_id, number, name in waiting:
            target = self._heir(unit_id) if unit_id in self.ended else None
            if target is not None and (target, number) not in taken:
                taken.add((target, number))
                self._repoint(ReceivingRequest, pk, unit_id, target, f"Đề nghị tiếp nhận {name}")
        drafts = Decision.objects.filter(state__in=OPEN_STATES, unit_id__any=list(self.ended))
        for pk, unit_id, summary in drafts.order_by("pk").values_list("pk", "unit_id", "summary"):
            target = self._heir(unit_id)
            if target is not None:
                self._repoint(Decision, pk, unit_id, target, f"Dự thảo quyết định {summary[:80] or pk}")

    def _heir(self, unit_id: int) -> str | None:
        passing = self.ended[unit_id]
        return self.tree.heir_of(passing.source.code, passing.default)

    def _repoint(self, model: type[models.Model], pk: int, unit_id: int, target: str, label: str) -> None:
        self.plan.papers.append(Repointed(model, pk, self.ended[unit_id].source.code, target, label))

    def _taught(self, model: Any, key: Sequence[str]) -> None:
        """What the following office does not know yet; of two teachings of one thing the first holds."""
        columns = [item.attname for item in model._meta.concrete_fields if item.attname not in ("id", "unit_id")]
        targets = {self._heir(unit_id) for unit_id in self.ended}
        ids = {unit.unit_id: code for code in targets if code and (unit := self.tree.units.get(code)) and unit.unit_id}
        rows = model.objects.filter(unit_id__any=[*self.ended, *ids]).order_by("pk").values("unit_id", *columns)
        rows = list(rows)
        known = {(ids[row["unit_id"]], *(row[name] for name in key)) for row in rows if row["unit_id"] in ids}
        for row in rows:
            if row["unit_id"] not in self.ended:
                continue
            target = self._heir(row["unit_id"])
            mark = (target, *(row[name] for name in key))
            if target is not None and mark not in known:
                known.add(mark)
                self.plan.taught.append((model, target, {name: row[name] for name in columns}))


def uncovered(period: Period, held: Iterable[Period]) -> list[Period]:
    """The parts of a period that none of some others covers."""
    begins, ends = period[0], period[1] or FOR_EVER
    parts: list[Period] = []
    for since, until in sorted((one[0], one[1] or FOR_EVER) for one in held):
        if until <= begins or since >= ends:
            continue
        if since > begins:
            parts.append((begins, since))
        begins = max(begins, until)
    if begins < ends:
        parts.append((begins, None if ends == FOR_EVER else ends))
    return parts


def right_label(right: EndedRight | NewRight, users: dict[int, str]) -> str:
    """A right in words: whose, which."""
    if right.model is Grant:
        user, role = right.same if isinstance(right, NewRight) else (right.row["user_id"], right.row["role"])
        return f"{users.get(user, user)} · {Role(role).label}"
    same = right.same if isinstance(right, NewRight) else tuple(right.row[name] for name in SAME[Delegation])
    return f"{Action(same[2]).label} · {Role(same[3]).label} · {same[0]}"
