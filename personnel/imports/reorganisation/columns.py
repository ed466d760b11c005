"""The sheets and columns of the workbook: one declaration for the template and for the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from hrdb.kernel.text import fold
from personnel.choices import AssignmentKind, Bloc, PlacementOutcome, StepKind, UnitLevel
from personnel.imports.units import LEVELS

#: What the cells of a column hold.
Holds = Literal["text", "codes", "choice", "kind", "title", "date", "mark", "number"]


@dataclass(frozen=True)
class Column:
    """A column: its key, heading, other spellings of the heading (folded), what it holds and what is said beside it."""

    key: str
    heading: str
    holds: Holds = "text"
    spellings: tuple[str, ...] = ()
    prompt: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    #: Values by other spellings of the choices, folded.
    aliases: Mapping[str, str] = field(default_factory=dict)
    width: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All spellings of the heading, folded."""
        return (fold(self.heading), *self.spellings)


@dataclass(frozen=True)
class SheetKind:
    """One of the sheets: by which words its name is known, its columns, which of them must have a heading."""

    key: str
    name: str
    words: tuple[str, ...]
    columns: tuple[Column, ...]
    needed: tuple[str, ...]


def _choices(
    labels: type[StepKind] | type[UnitLevel] | type[Bloc] | type[AssignmentKind],
) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), str(label)) for value, label in labels.choices)


OUTCOMES: Final = tuple((str(value), str(label)) for value, label in PlacementOutcome.choices)

DECISION: Final = (
    Column("decision_number", "Số quyết định", spellings=("so nghi quyet", "so van ban"), prompt="Để trống: chưa có."),
    Column("decision_signed_on", "Ngày ký", holds="date"),
    Column("decision_issuer", "Cơ quan ban hành"),
)

STEPS: Final = SheetKind(
    key="steps",
    name="Các bước",
    words=("cac buoc", "buoc"),
    needed=("kind", "sources"),
    columns=(
        Column("kind", "Việc", "choice", ("loai viec", "hinh thuc"), choices=_choices(StepKind), width=24),
        Column(
            "sources",
            "Mã đơn vị",
            "codes",
            ("don vi", "ma don vi cu", "don vi sap xep", "ma don vi sap xep"),
            "Đơn vị được sắp xếp; nhiều đơn vị thì ngăn cách bằng dấu chấm phẩy. Để trống khi thành lập.",
            width=34,
        ),
        Column(
            "targets",
            "Mã đơn vị nhận",
            "codes",
            ("don vi nhan", "ma don vi moi"),
            "Đơn vị mới hoặc đơn vị nhận; khi chia, tách ghi các đơn vị nhận, đơn vị đầu nhận phần còn lại.",
            width=24,
        ),
        Column("name", "Tên mới", spellings=("ten don vi moi", "ten don vi"), width=36),
        Column("short_name", "Tên ngắn"),
        Column("parent", "Mã đơn vị cấp trên", "codes", ("don vi cap tren", "truc thuoc"), width=18),
        Column("unit_kind", "Loại đơn vị", "kind"),
        Column("level", "Cấp", "choice", choices=_choices(UnitLevel), aliases=LEVELS, width=14),
        Column("bloc", "Khối", "choice", choices=_choices(Bloc), width=18),
        Column("position", "Thứ tự", "number", width=9),
        Column("keeps", "Giữ lại đơn vị cũ", "mark", prompt="Khi tách: đánh dấu x nếu đơn vị cũ còn hoạt động."),
        Column(
            "with_below",
            "Gồm đơn vị trực thuộc",
            "mark",
            prompt="Giải thể: x nếu gồm cả đơn vị trực thuộc. Sáp nhập: x nếu hợp nhất đơn vị trực thuộc cùng tên.",
        ),
        *DECISION,
    ),
)

_WHO: Final = (
    Column("personal_number", "Số định danh", spellings=("so dinh danh ca nhan", "cccd", "so cccd"), width=16),
    Column("full_name", "Họ và tên", spellings=("ho ten",), width=28),
    Column(
        "source",
        "Mã đơn vị cũ",
        "codes",
        ("don vi cu",),
        "Cần khi không có số định danh: tìm theo họ và tên trong đơn vị này.",
        width=16,
    ),
)

LEADERS: Final = SheetKind(
    key="leaders",
    name="Lãnh đạo",
    words=("lanh dao",),
    needed=("full_name", "outcome"),
    columns=(
        *_WHO,
        Column("outcome", "Bố trí", "choice", ("phuong an bo tri",), choices=OUTCOMES, width=26),
        Column("unit_code", "Mã đơn vị đến", "codes", ("don vi den",), "Để trống: đơn vị nhận.", width=16),
        Column("title", "Chức danh", "title", ("chuc vu",), "Để trống: giữ chức danh đang có.", width=34),
        Column(
            "post_kind", "Loại chức vụ", "choice", prompt="Để trống: chính.", choices=_choices(AssignmentKind), width=18
        ),
        Column("term_ends_on", "Hết thời hạn giữ chức vụ", "date"),
        *DECISION,
    ),
)

PEOPLE: Final = SheetKind(
    key="people",
    name="Nhân sự",
    words=("nhan su",),
    needed=("full_name", "unit_code"),
    columns=(*_WHO, Column("unit_code", "Mã đơn vị đến", "codes", ("don vi den",), width=16)),
)

SHEETS: Final = (STEPS, LEADERS, PEOPLE)
