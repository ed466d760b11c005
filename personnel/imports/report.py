"""The report of an import: what each row was, every fault by sheet, row, column, value, code and sentence."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One error or warning of a row; `row` is the spreadsheet's own row number."""

    sheet: str
    row: int
    column: str
    code: str
    value: str
    message: str

    @property
    def place(self) -> str:
        """Where it is, in words that lead the message: sheet, row, column."""
        if not self.row:
            return ""
        column = f", cột {self.column}" if self.column else ""
        return f"{self.sheet}, dòng {self.row}{column}: " if self.sheet else f"Dòng {self.row}{column}: "


@dataclass
class ImportReport:
    """Counts of rows by outcome, faults, and whether anything was written."""

    file: str
    sha256: str
    rows: int = 0
    created: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0
    committed: bool = False
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    #: Of those that change something, the rows that do so only when their corrections are confirmed.
    pending: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, in the order that readers of it know."""
        content = asdict(self)
        return {**{name: value for name, value in content.items() if name != "extra"}, **self.extra}

    @property
    def writes_anything(self) -> bool:
        """Whether a row creates or changes something that waits for nobody."""
        return bool(self.created or self.changed > self.pending)

    @property
    def summary(self) -> str:
        """The counts, and what became of them, in one sentence."""
        if not self.committed:
            ending = "Chưa ghi."
        elif self.writes_anything:
            ending = "Đã ghi."
        elif self.pending:
            ending = "Không có gì phải ghi khi chưa xác nhận đính chính."
        else:
            ending = "Mọi dòng đã đúng như đang lưu, không có gì phải ghi."
        return (
            f"{self.rows} dòng: {self.created} mới, {self.changed} thay đổi, {self.same} không đổi, "
            f"{self.rejected} lỗi. {ending}"
        )

    @property
    def exit_code(self) -> int:
        """0 fine, 1 rows with errors."""
        return 1 if self.errors else 0


def hash_of(path: Path) -> str:
    """The file's SHA-256 as text."""
    return sha256(path.read_bytes()).hexdigest()
