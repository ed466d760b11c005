"""The list of people of a decision (danh sách kèm theo quyết định) as a workbook: its template, and reading it back.

Columns are those of the kind's own fields, in any order and anywhere below a heading; a person is told by personal
number, else by name and birth date. Every fault names sheet, row, column and says why.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, Final

from django.core.files.uploadedfile import UploadedFile

from hrdb.kernel.dates import format_date
from hrdb.kernel.forms import read_partial
from hrdb.kernel.models import User
from hrdb.kernel.spreadsheets.filling import PickList
from hrdb.kernel.spreadsheets.reading import CellError, Sheet, read_workbook
from hrdb.kernel.spreadsheets.writing import ColumnKind, ExportColumn, ExportSheet, write_workbook
from hrdb.kernel.text import clean_text, fold
from personnel.forms.decision_people import OPEN_NUMBER
from personnel.forms.decision_values import ActControls
from personnel.imports.report import Fault
from personnel.imports.roster.values import BadValue, number_text, read_personal_number
from personnel.models import Cadre, Unit
from personnel.policies import Action
from personnel.services.decisions.fields import ActField
from personnel.services.decisions.kinds import DecisionAct

NUMBER, NAME, BORN = "Số định danh cá nhân", "Họ và tên", "Ngày sinh"
#: Fields that tell who somebody new is; the columns that tell a known person are the same.
WHO: Final = {"personal_number": NUMBER, "full_name": NAME, "born": BORN}
#: Other headings of the columns that tell a person.
ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    NUMBER: ("so dinh danh", "so cccd", "cccd", "so can cuoc", "so can cuoc cong dan", "ma dinh danh"),
    NAME: ("ho ten", "ho va ten khai sinh", "ho, ten", "ho va ten can bo"),
    BORN: ("ngay thang nam sinh", "ngay, thang, nam sinh", "nam sinh"),
}
HEADS_WITHIN, MOST_ROWS, OPEN_ROWS = 40, 5_000, 300
#: Bytes that are read of a file; what is larger is refused by the reader.
LARGEST = 50_000_001
#: Items of a pick list; longer lists take what is typed all the same.
LONGEST_LIST = 2_000
_KINDS: Final[Mapping[str, ColumnKind]] = {
    "day": "date",
    "number": "count",
    "decimal": "decimal",
    "flag": "mark",
}


@dataclass(frozen=True)
class ListLine:
    """One person of a list: the record, or None for somebody new, and what was written in the columns."""

    row: int
    cadre: Cadre | None
    raw: Mapping[str, Any]


@dataclass
class ReadList:
    """What a list said; nothing is taken over from lines of people who are not known."""

    lines: list[ListLine] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def list_template(act: DecisionAct, controls: ActControls, *, caption: str) -> bytes:
    """An empty list of a kind to be filled in, with pick lists and a line of help at each column."""
    columns = [
        ExportColumn(NUMBER, width=18, prompt="12 chữ số; có số này thì không cần cột khác để tìm người."),
        ExportColumn(NAME, width=28),
        ExportColumn(BORN, kind="date"),
        *(_column(item, controls) for item in act.person_fields if item.key not in WHO),
    ]
    notes = (f"{act.label}: {act.effect}", caption)
    sheet = ExportSheet("Danh sách", columns, (), caption=notes, frozen_columns=2, open_rows=OPEN_ROWS)
    buffer = io.BytesIO()
    write_workbook(buffer, [sheet])
    return buffer.getvalue()


def _column(item: ActField, controls: ActControls) -> ExportColumn:
    kind: ColumnKind = _KINDS.get(item.input, "text")
    pick = None
    if item.choices is not None:
        pick = PickList(item.label, tuple(str(label) for label in item.choices.labels))
    elif item.model is not None and item.model is not Unit:
        pick = PickList(
            item.label, tuple(one.written for one in controls.choices.of(item.model).all[:LONGEST_LIST]), is_open=True
        )
    needed = "Bắt buộc, nếu chưa ghi chung cho mọi người. " if item.is_required else ""
    return ExportColumn(
        item.label, kind=kind, width=None if kind != "text" else 26, pick=pick, prompt=needed + item.help
    )


def read_list(
    source: BinaryIO | bytes | UploadedFile, *, controls: ActControls, act: DecisionAct, user: User | None
) -> ReadList:
    """Read a list; raises UnreadableFile for what is no workbook. People out of scope are nobody."""
    found = ReadList()
    for sheet in read_workbook(source if isinstance(source, bytes) else source.read(LARGEST)).sheets:
        head = None if sheet.is_hidden else _head_row(sheet)
        if head is not None:
            _read_sheet(sheet, head, found, controls, act, user)
            return found
    found.faults.append(Fault("", 0, "", "no-heading", "", f"Không thấy dòng tiêu đề có cột «{NUMBER}» hoặc «{NAME}»."))
    return found


def _head_row(sheet: Sheet) -> int | None:
    known = {fold(NUMBER), fold(NAME), *ALSO[NUMBER], *ALSO[NAME]}
    for number, row in enumerate(sheet.rows[:HEADS_WITHIN]):
        if known & {fold(str(cell)) for cell in row if isinstance(cell, str)}:
            return number
    return None


def _columns(sheet: Sheet, head: int, act: DecisionAct, found: ReadList) -> dict[int, str]:
    """Which field each column holds; columns of other things are told and passed over."""
    wanted = {fold(label): key for key, label in WHO.items()}
    wanted |= {other: key for key, label in WHO.items() for other in ALSO[label]}
    wanted |= {fold(item.label): item.key for item in act.person_fields if item.key not in WHO}
    columns: dict[int, str] = {}
    for place, cell in enumerate(sheet.rows[head]):
        heading = clean_text(str(cell))
        key = wanted.get(fold(heading))
        if key is not None and key not in columns.values():
            columns[place] = key
        elif heading and fold(heading) not in ("stt", "tt", "ghi chu"):
            message = f"Cột «{heading}» không phải nội dung của quyết định này; đã bỏ qua."
            found.faults.append(Fault(sheet.name, head + 1, heading, "unknown-column", "", message))
    return columns


def _read_sheet(
    sheet: Sheet, head: int, found: ReadList, controls: ActControls, act: DecisionAct, user: User | None
) -> None:
    columns = _columns(sheet, head, act, found)
    labels = {key: clean_text(str(sheet.rows[head][place])) for place, key in columns.items()}
    lines: list[tuple[int, dict[str, Any]]] = []
    for number, row in enumerate(sheet.rows[head + 1 : head + 1 + MOST_ROWS], head + 2):
        raw = {key: row[place] for place, key in columns.items() if place < len(row)}
        if any(clean_text(str(value)) for value in raw.values()):
            lines.append((number, raw))

    def fault(number: int, key: str, code: str, value: Any, message: str) -> None:
        found.faults.append(Fault(sheet.name, number, labels.get(key, WHO.get(key, "")), code, str(value), message))

    written = [(number, _texts(number, raw, fault)) for number, raw in lines]
    people = _People(written, user)
    taken: dict[int, int] = {}
    for number, raw in written:
        cadre, refusal = people.whose(raw, is_new_allowed=act.is_of_newcomers)
        if refusal:
            key = "personal_number" if raw.get("personal_number") else "full_name"
            fault(number, key, refusal[0], raw.get(key) or "", refusal[1])
            continue
        if cadre is not None and cadre.pk in taken:
            fault(number, "full_name", "twice", cadre.full_name, f"Người này đã có ở dòng {taken[cadre.pk]}.")
            continue
        own = dict(raw) if cadre is None else {key: value for key, value in raw.items() if key not in WHO}
        _, faults = controls.clean(own)
        for key, messages in faults.items():
            fault(number, key, "bad-value", own.get(key) or "", " ".join(messages))
        if cadre is not None:
            taken[cadre.pk] = number
        found.lines.append(ListLine(number, cadre, own))


def _texts(number: int, raw: Mapping[str, Any], fault: Callable[..., None]) -> dict[str, str]:
    """The cells of a line as one would type them."""
    texts: dict[str, str] = {}
    for key, value in raw.items():
        if isinstance(value, CellError):
            fault(number, key, "cell-error", value, f"Ô chứa lỗi {value}; hãy sửa công thức hoặc gõ lại giá trị.")
        elif key == "personal_number":
            try:
                read, _ = read_personal_number(value, digits_are_numbers=True) if value != "" else (None, None)
                texts[key] = read or ""
            except BadValue as error:
                fault(number, key, error.flaw.code, value, str(error))
        elif isinstance(value, date):
            texts[key] = format_date(value)
        elif isinstance(value, float | int):
            texts[key] = number_text(float(value)).replace(".", ",")
        else:
            texts[key] = clean_text(str(value))
    return texts


class _People:
    """The people whom the lines of one list name, asked for in two statements."""

    def __init__(self, lines: Iterable[tuple[int, Mapping[str, str]]], user: User | None) -> None:
        raws = [raw for _, raw in lines]
        mine = Cadre.objects.visible_to(user, Action.DECIDE).with_tier_1(user)
        numbers = {raw.get("personal_number") or "" for raw in raws} - {""}
        names = {fold(raw.get("full_name") or "") for raw in raws} - {""}
        told = mine.filter(OPEN_NUMBER, personal_number__in=list(numbers)) if numbers else mine.none()
        self.by_number = {cadre.personal_number: cadre for cadre in told}
        self.by_name: dict[str, list[Cadre]] = {}
        for cadre in mine.filter(search_key__in=list(names)) if names else ():
            self.by_name.setdefault(cadre.search_key, []).append(cadre)

    def whose(self, raw: Mapping[str, str], *, is_new_allowed: bool) -> tuple[Cadre | None, tuple[str, str] | None]:
        """The person of a line, None for somebody new, or (code, sentence) of why it is nobody."""
        number, name = raw.get("personal_number", ""), raw.get("full_name", "")
        if not number and not name:
            return None, ("no-person", f"Cần «{NUMBER}» hoặc «{NAME}».")
        if number and number in self.by_number:
            cadre = self.by_number[number]
            if name and fold(name) != cadre.search_key:
                return None, ("another-name", f"Số định danh này là của {cadre.full_name}, không phải «{name}».")
            return cadre, None
        fitting = [] if number else self._namesakes(name, raw.get("born", ""))
        if len(fitting) == 1:
            return fitting[0], None
        if len(fitting) > 1:
            return None, ("several-people", f"Có {len(fitting)} người tên «{name}»: hãy ghi số định danh.")
        if is_new_allowed and all(raw.get(key) for key in ("full_name", "born")):
            return None, None
        return None, ("unknown-person", "Không có người này trong phạm vi được giao.")

    def _namesakes(self, name: str, born: str) -> Sequence[Cadre]:
        people, day = self.by_name.get(fold(name), []), read_partial(born)
        if day is None:
            return people
        return [cadre for cadre in people if cadre.birth is None or cadre.birth.value == day.value]
