"""What a line is found to be: same, added, corrected, taken away, or at fault."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from django.core.exceptions import ValidationError

from personnel.imports.workbook.reading import Line
from personnel.services.changes import RowChanges
from personnel.services.citing import CitedDecision

#: What becomes of a difference: written into a new row, an empty field or over what stood; an end with its successor; a
#: row taken away; or kept as it is.
How = Literal["add", "fill", "correct", "succeed", "remove", "differs"]

#: What can be wrong with a line beyond what a cell or the record's own rules say; codes are stable.
BAD_KEY: Final = "bad-key"
GONE: Final = "row-gone"
STALE: Final = "stale-row"
NEEDS_PROVINCE: Final = "needs-province"
OTHER_PERSON: Final = "person-mismatch"
CLEARED: Final = "cleared-row"
CLOSED: Final = "closed-column"
STUB: Final = "stub"
NO_PERSON: Final = "no-person"
REPEATED: Final = "duplicate-in-file"
OF_ANOTHER: Final = "number-of-another"
KEPT: Final = "may-not-remove"
INCOMPLETE: Final = "incomplete-person"
GAP: Final = "period-gap"
REFUSED: Final = "refused"
REASON: Final = "reason-required"
#: Warnings.
RESTS: Final = "rests-on-decision"
COPIED: Final = "copied-row"
OTHER_NAME: Final = "name-differs"
READ_ONLY: Final = "read-only-sheet"
ODD: Final = "odd"

MESSAGES: Final = {
    BAD_KEY: "Khóa dòng không phải do phần mềm này đặt. Hãy xuất sổ mới rồi sửa trên đó.",
    GONE: "Dòng này không còn trong hồ sơ. Hãy xuất sổ mới.",
    STALE: "Dòng này đã được sửa trong hồ sơ sau khi xuất sổ. Hãy xuất sổ mới rồi sửa lại.",
    NEEDS_PROVINCE: "Trường hợp này cần cấp tỉnh xử lý: hãy gửi đề nghị tiếp nhận.",
    OTHER_PERSON: "Dòng này là của người khác. Muốn ghi cho người có số định danh này, hãy thêm dòng mới.",
    CLEARED: "Dòng bị xóa trắng. Muốn xóa khỏi hồ sơ, hãy khôi phục dòng và đánh dấu x ở cột «Xóa».",
    CLOSED: "Ô này không mở cho tài khoản của bạn; hãy để như khi xuất sổ.",
    STUB: "Hồ sơ từ độ tối mật chỉ lưu phiếu chỉ dẫn; nội dung lưu ở hồ sơ giấy.",
    NO_PERSON: "Cần ghi số định danh hoặc mã hồ sơ của người có dòng này.",
    KEPT: "Mục này không xóa được: hồ sơ nào cũng phải có.",
    READ_ONLY: "Trang này chỉ để đọc; chỗ khác không được ghi.",
    RESTS: "Mục này đã có quyết định, giữ nguyên; muốn thay đổi phải có quyết định mới.",
}


class Difference(NamedTuple):
    """One thing that a line says differently: what, from, to, and what becomes of it."""

    label: str
    old: str
    new: str
    how: How


class LineFault(NamedTuple):
    """One thing that is wrong with a line, or odd about it: the column by its key, code, value, sentence."""

    column: str
    code: str
    value: str
    message: str


class Ending(NamedTuple):
    """A stored row that a line ends, and what would be written to it."""

    row: Any
    edits: dict[str, Any]


@dataclass
class LineVerdict:
    """What one line does: its differences, what it writes, and what is wrong."""

    line: Line
    changes: RowChanges
    cadre_id: int | None = None
    name: str = ""
    differences: list[Difference] = field(default_factory=list)
    errors: list[LineFault] = field(default_factory=list)
    warnings: list[LineFault] = field(default_factory=list)
    #: The decision that the line's row rests on, when it names one.
    cited: CitedDecision | None = None
    #: The end of a period that rests on a decision: it stands only when the next period comes with its own decision.
    ending: Ending | None = None

    @classmethod
    def of(cls, line: Line) -> LineVerdict:
        """A verdict about which nothing is known yet."""
        return cls(line, RowChanges(place=line.place))

    @property
    def outcome(self) -> str:
        """created, changed, same or rejected."""
        if self.errors:
            return "rejected"
        if self.changes.cadre is not None or self.changes.inserts:
            return "created"
        return "changed" if self.changes.edits or self.changes.removals else "same"

    @property
    def needs_reason(self) -> bool:
        """Whether it changes or takes away what stands in the record."""
        return not self.errors and bool(self.changes.edits or self.changes.removals)

    def refuse(self, code: str, column: str = "", value: Any = "", message: str = "") -> LineVerdict:
        """One more fault."""
        self.errors.append(LineFault(column, code, str(value), message or MESSAGES[code]))
        return self

    def warn(self, code: str, column: str = "", value: Any = "", message: str = "") -> LineVerdict:
        """One more oddity."""
        self.warnings.append(LineFault(column, code, str(value), message or MESSAGES[code]))
        return self

    def refuse_cell(self, column: str, error: ValidationError, value: Any) -> None:
        """The fault of one cell."""
        self.errors.append(LineFault(column, str(error.code or "invalid"), str(value), error.messages[0]))
