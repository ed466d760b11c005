"""What somebody is to the law of service (đối tượng), told by title, rank and unit where nobody has written it.

The lists of titles, ranks and kinds of units say which category each tells; the parameter `categories/evidence` says
what follows from the three together, and whether that is certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from personnel.rules.law import LAW

_SOURCES: Final = ("title", "rank", "unit")


@dataclass(frozen=True, slots=True)
class CategoryEvidence:
    """The category that each of title, rank and unit tells; empty where it tells none."""

    title: str = ""
    rank: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class CategoryFinding:
    """The category that follows, whether it is certain, and which of title, rank and unit it rests on."""

    category: str
    is_certain: bool
    sources: tuple[str, ...]


def category_by(evidence: CategoryEvidence, day: date) -> CategoryFinding:
    """The category that evidence tells on `day`; before the first law that is known, as this law says."""
    parameter = LAW["categories/evidence"]
    held = parameter.at(day) or parameter.values[0]
    for row in held.value:
        asked = tuple(name for name in _SOURCES if name in row)
        if all(getattr(evidence, name) == row[name] for name in asked):
            return CategoryFinding(row["category"], row["certain"], asked)
    raise LookupError("categories/evidence: dòng cuối phải khớp mọi trường hợp")
