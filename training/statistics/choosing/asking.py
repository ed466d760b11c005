"""What an officer asks of a list (yêu cầu khi chọn): quotas, who goes in any case, who does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from personnel.rules.youth import DEFAULT_YOUTH
from training.models import TrainingClass
from training.statistics.cohorts.candidates import Quotas

#: Whom the list is drawn from.
NOMINATED, EVERYBODY = "nominated", "all"
SOURCES: Final = ((EVERYBODY, "Mọi người có nhu cầu và người được cử"), (NOMINATED, "Chỉ những người được cử"))

#: Quotas that a class keeps, 0 or None when it asks nothing.
MINIMA: Final = ("min_women", "min_minority", "min_young", "min_per_unit")
RESERVES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Quotas of one class, the document that says who is young, the people pinned and left out, by id."""

    capacity: int
    min_women: int = 0
    min_minority: int = 0
    min_young: int = 0
    max_per_unit: int | None = None
    min_per_unit: int = 0
    youth: str = DEFAULT_YOUTH
    source: str = EVERYBODY
    reserves: int = RESERVES
    pinned: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()

    @property
    def quotas(self) -> Quotas:
        """What the solver is asked."""
        return Quotas(
            capacity=self.capacity,
            min_women=self.min_women,
            min_minority=self.min_minority,
            min_young=self.min_young,
            max_per_unit=self.max_per_unit,
            min_per_unit=self.min_per_unit,
        )

    def as_kept(self) -> dict[str, Any]:
        """The quotas as the class keeps them: only what asks something."""
        kept: dict[str, Any] = {name: getattr(self, name) for name in MINIMA if getattr(self, name)}
        if self.max_per_unit is not None:
            kept["max_per_unit"] = self.max_per_unit
        return kept | {"youth": self.youth, "reserves": self.reserves, "source": self.source}


def asked_of(training_class: TrainingClass) -> Asked:
    """What a class asks as it was saved: its quotas, pins and exclusions."""
    kept: Mapping[str, Any] = training_class.quotas
    marked = list(training_class.members.values_list("cadre_id", "is_pinned", "is_excluded"))
    return Asked(
        capacity=training_class.capacity,
        min_women=kept.get("min_women") or 0,
        min_minority=kept.get("min_minority") or 0,
        min_young=kept.get("min_young") or 0,
        max_per_unit=kept.get("max_per_unit"),
        min_per_unit=kept.get("min_per_unit") or 0,
        youth=kept.get("youth") or DEFAULT_YOUTH,
        source=kept.get("source") or EVERYBODY,
        reserves=kept.get("reserves", RESERVES),
        pinned=frozenset(cadre_id for cadre_id, is_pinned, _ in marked if is_pinned),
        excluded=frozenset(cadre_id for cadre_id, _, is_excluded in marked if is_excluded),
    )
