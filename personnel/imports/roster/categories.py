"""The category (đối tượng) of people of whom the roster tells none: what their title, rank and unit tell.

What is not certain is asked about once for all people of whom the same is known, and the answer is remembered.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from hrdb.kernel.text import clean_text, fold
from personnel.choices import EmploymentCategory
from personnel.imports.report import Fault
from personnel.imports.roster.database import CATEGORY_BASIS, Reference
from personnel.imports.roster.facts import Facts
from personnel.imports.roster.issues import CATEGORY_INFERRED
from personnel.imports.roster.lookups import Near
from personnel.imports.roster.parts import TitlePart
from personnel.imports.roster.results import RosterRow, UnknownValue
from personnel.imports.roster.verdicts import Verdict
from personnel.rules.categories import CategoryEvidence, category_by

_TITLE_FIELDS: Final = ("title", "party_title", "concurrent_title")
_LONGEST_BASIS: Final = 250


class InferredCategory(NamedTuple):
    """A category and what it was inferred from; nothing when it is certain, or when somebody decided so."""

    category: str
    basis: str = ""


class CategoryReader:
    """Infers the category of rows; rows of which the same is known are inferred once."""

    def __init__(self, reference: Reference, chosen: Mapping[tuple[str, str], str | None], day: datetime.date) -> None:
        self._reference = reference
        self._chosen = chosen
        self._day = day
        self._known: dict[tuple[TitlePart | None, str | None, int | None], InferredCategory] = {}

    def infer(self, row: RosterRow, unit_id: int | None) -> InferredCategory:
        """The category of a person whom the roster gives none."""
        key = (self._telling_title(row), row.code("rank"), unit_id)
        if key not in self._known:
            self._known[key] = self._infer(*key)
        return self._known[key]

    def _telling_title(self, row: RosterRow) -> TitlePart | None:
        """The first title that tells a category, else the first one."""
        parts = [part for name in _TITLE_FIELDS for part in row.value(name) or ()]
        told = (part for part in parts if self._reference.category_of("titles", part.code))
        return next(told, parts[0] if parts else None)

    def _infer(self, title: TitlePart | None, rank: str | None, unit_id: int | None) -> InferredCategory:
        reference = self._reference
        kind = reference.tree.telling_kind(unit_id, reference.kind_categories)
        evidence = CategoryEvidence(
            title=reference.category_of("titles", title.code) if title is not None else "",
            rank=reference.category_of("ranks", rank),
            unit=reference.kind_categories.get(kind, ""),
        )
        found = category_by(evidence, self._day)
        if found.is_certain:
            return InferredCategory(found.category)
        basis = self._basis(title, rank, kind)
        if chosen := self._chosen.get((CATEGORY_BASIS, fold(basis))):
            return InferredCategory(chosen)
        return InferredCategory(found.category, basis)

    def _basis(self, title: TitlePart | None, rank: str | None, kind: str) -> str:
        """What is known of such people, in words."""
        known = [
            f"chức danh «{clean_text(title.text)[:120]}»" if title is not None else "",
            f"ngạch {rank}" if rank else "",
            f"loại đơn vị «{self._reference.kind_names.get(kind, kind)}»" if kind else "",
        ]
        told = ", ".join(filter(None, known)) or "việc không ghi chức danh, ngạch, đơn vị"
        return f"Đối tượng suy ra từ {told}"[:_LONGEST_BASIS]


def inferred_groups(verdicts: Iterable[tuple[Facts, Verdict]]) -> list[tuple[UnknownValue, Fault]]:
    """What was inferred, most people first: a value to decide about, and its one warning at the first person's row."""
    groups: dict[str, list[Facts]] = {}
    for facts, verdict in verdicts:
        if verdict.category_basis and not verdict.errors:
            groups.setdefault(verdict.category_basis, []).append(facts)
    return [_group(basis, people) for basis, people in sorted(groups.items(), key=lambda item: -len(item[1]))]


def _group(basis: str, people: list[Facts]) -> tuple[UnknownValue, Fault]:
    inferred = EmploymentCategory(people[0].usual_category)
    choices = [inferred, *(category for category in EmploymentCategory if category != inferred)]
    nearest = tuple(Near(item.value, f"{item.label} (suy ra)" if item == inferred else item.label) for item in choices)
    value = UnknownValue(CATEGORY_BASIS, basis, len(people), nearest, is_error=False)
    message = f"{basis}: «{inferred.label}» ({len(people)} người). Hãy xác nhận hoặc chọn đối tượng đúng."
    return value, Fault(people[0].sheet, people[0].row, "", CATEGORY_INFERRED, str(inferred.label), message)
