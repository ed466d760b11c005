"""The book of parameters of training (đào tạo, bồi dưỡng)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hrdb.kernel.parameters import PARAMETER_BOOKS, ParameterBook

LAW: Final = PARAMETER_BOOKS.register(
    ParameterBook(
        "training",
        Path(__file__).parent / "parameters",
        groups={"choosing": "Chọn học viên"},
    )
)
