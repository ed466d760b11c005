"""What is wrong with a case, by the place in it that says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from personnel.services.errors import ServiceRefusal

Part = Literal["case", "step", "placement", "person"]


@dataclass(frozen=True, slots=True)
class CaseFault:
    """One fault or warning: `place` counts the steps or placements of the case from 0, `field` is what is said there.

    A fault of a person whom the case does not name has his id as `place`.
    """

    part: Part
    place: int
    field: str
    code: str
    message: str
    value: str = ""

    def as_json(self) -> dict[str, Any]:
        """As plain values, for the case's summary."""
        return asdict(self)


class CaseRefused(ServiceRefusal):
    """A case that cannot be carried out; `faults` say why. Nothing was written."""

    code = "case-refused"

    def __init__(self, faults: list[CaseFault]) -> None:
        more = f" và {len(faults) - 1} lỗi khác" if len(faults) > 1 else ""
        super().__init__(f"Phương án chưa thực hiện được: {faults[0].message}{more}")
        self.faults = faults
