"""What a row is found to be: its differences from the record, what it writes, and faults that only the record shows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any, Literal

from personnel.imports.roster.facts import Facts
from personnel.imports.roster.held import Tree
from personnel.services.changes import RowChanges

How = Literal["new", "fill", "correct", "succeed", "add", "earlier", "differs"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a row says differently: what, from, to, how, and whether it is written."""

    label: str
    old: str
    new: str
    how: How
    is_written: bool = True
    code: str = ""
    message: str = ""


@dataclass
class Verdict:
    """What a row is: its differences, what it writes, and faults that only the record could show."""

    changes: RowChanges
    #: The person whom the row is about, when the record knows one.
    cadre_id: int | None = None
    differences: list[Difference] = field(default_factory=list)
    errors: list[tuple[str, str, str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str, str, str]] = field(default_factory=list)
    #: From what the category that is written was inferred; empty when it is told or certain.
    category_basis: str = ""

    @property
    def outcome(self) -> str:
        """created, changed, same or rejected."""
        if self.errors:
            return "rejected"
        if self.changes.cadre is not None:
            return "created"
        return "changed" if any(item.how != "differs" for item in self.differences) else "same"

    @property
    def is_pending(self) -> bool:
        """Whether the row changes something only when somebody confirms its corrections."""
        waits = [item.is_written for item in self.differences if item.how != "differs"]
        return self.outcome == "changed" and not any(waits)


@dataclass(frozen=True)
class Comparison:
    """What a comparison stands on: the roster's day, today, the tree, names of codes, and consent to corrections."""

    day: datetime.date
    today: datetime.date
    tree: Tree
    names: dict[tuple[str, Any], str]
    accept_corrections: bool = False
    #: Corrections confirmed one by one: sheet, row and label.
    confirmed: frozenset[tuple[str, int, str]] = frozenset()

    def consents(self, facts: Facts, label: str) -> bool:
        """Whether the correction of one value of one row is confirmed."""
        return self.accept_corrections or (facts.sheet, facts.row, label) in self.confirmed

    def name(self, kind: str, key: Any) -> str:
        """How a code, unit or title is called; the value itself where it has no name."""
        return "" if key in (None, "") else self.names.get((kind, key), str(key))
