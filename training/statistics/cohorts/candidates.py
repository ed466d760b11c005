"""What a cohort is chosen from and under: candidates, quotas, classes; the list that comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

#: A proven optimum; or the nearest list where the quotas contradict one another; or nobody to choose from.
Status = Literal["optimal", "infeasible", "empty"]

#: A quota by its name.
Quota = Literal["capacity", "min_women", "min_minority", "min_young", "max_per_unit", "min_per_unit", "pinned"]

QUOTA_LABELS: Final[dict[Quota, str]] = {
    "capacity": "số chỗ của lớp",
    "min_women": "số nữ tối thiểu",
    "min_minority": "số người dân tộc thiểu số tối thiểu",
    "min_young": "số cán bộ trẻ tối thiểu",
    "max_per_unit": "số người tối đa của một đơn vị",
    "min_per_unit": "số người tối thiểu của một đơn vị",
    "pinned": "những người được ấn định",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who needs the training: a higher `priority` comes first; `pinned` goes in any case, `excluded` never."""

    id: str
    unit: str
    is_woman: bool
    priority: float
    is_minority: bool = False
    is_young: bool = False
    is_pinned: bool = False
    is_excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """The quotas of one class; None or 0 asks nothing."""

    capacity: int
    min_women: int = 0
    min_minority: int = 0
    min_young: int = 0
    max_per_unit: int | None = None
    min_per_unit: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """One class of a solve over several: its quotas, and who may go to it with which priority (all when None)."""

    key: str
    quotas: Quotas
    priorities: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Quotas that cannot hold together, by how much the list misses them, and a sentence."""

    quotas: tuple[Quota, ...]
    message: str
    missing: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The list of one class: who is picked, in the order of priority, the sum of priorities, and what conflicts."""

    status: Status
    objective: float
    picked: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)


def units_of(candidates: Sequence[Candidate]) -> dict[str, list[int]]:
    """Places of candidates by unit."""
    found: dict[str, list[int]] = {}
    for place, one in enumerate(candidates):
        found.setdefault(one.unit, []).append(place)
    return found
