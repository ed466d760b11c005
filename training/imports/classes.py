"""Reading the sheets of a class: people to send, results; every fault by its cell, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from hrdb.kernel.models import User
from hrdb.kernel.spreadsheets.reading import Sheet, read_workbook
from hrdb.kernel.text import clean_text, fold
from personnel.forms.decision_people import OPEN_NUMBER
from personnel.imports.decision_list import ALSO, NAME, NUMBER
from personnel.imports.report import Fault
from personnel.imports.roster.values import BadValue, read_personal_number
from personnel.models import Cadre
from personnel.services.errors import NeedsProvince
from training.choices import MemberState
from training.exports.classes import GRADE, KEY, NOTE, RESULT, RESULT_WORDS, SCORE
from training.models import ClassMember
from training.models.scope import trained_by

HEADS_WITHIN: Final = 40
MOST_ROWS: Final = 2_000
#: Largest file that is read, in bytes; what is larger is refused by the reader.
LARGEST: Final = 50_000_001
RESULTS: Final = {fold(words): state for state, words in RESULT_WORDS.items()} | {
    "x": MemberState.PASSED,
    "hoan thanh": MemberState.PASSED,
    "khong hoan thanh": MemberState.FAILED,
}


@dataclass
class ReadNominations:
    """What a list said: people in its order, notes by person, faults by cell."""

    people: list[Cadre] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass
class ReadResults:
    """What a sheet of results said: by member, and faults by cell."""

    results: dict[int, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_nominations(content: bytes, *, user: User | None) -> ReadNominations:
    """Read a list; raises UnreadableFile for what is no workbook.

    Who is not the user's own gets the one neutral answer, whether there is such a person or not.
    """
    found = ReadNominations()
    sheet, head = _find(content, (NUMBER, *ALSO[NUMBER]))
    if sheet is None:
        found.faults.append(Fault("", 0, "", "no-heading", "", f"Không thấy dòng tiêu đề có cột «{NUMBER}»."))
        return found
    lines = list(_numbered(sheet, head, found))
    mine = trained_by(user).with_tier_1(user).filter(OPEN_NUMBER, personal_number__in=[line.number for line in lines])
    people = {cadre.personal_number: cadre for cadre in mine}
    taken: dict[str, int] = {}
    for line in lines:
        cadre = people.get(line.number)
        if line.number in taken:
            found.faults.append(line.fault(NUMBER, "twice", f"Số định danh này đã có ở dòng {taken[line.number]}."))
            continue
        taken[line.number] = line.row
        if cadre is None:
            found.faults.append(line.fault(NUMBER, NeedsProvince.code, NeedsProvince().message))
        elif line.name and fold(line.name) != cadre.search_key:
            found.faults.append(
                line.fault(
                    NAME, "another-name", f"Số định danh này là của {cadre.full_name}, không phải «{line.name}»."
                )
            )
        else:
            found.people.append(cadre)
            found.notes[cadre.pk] = line.note
    if not lines and not found.faults:
        found.faults.append(Fault(sheet.name, 0, "", "empty", "", "Danh sách không có dòng nào."))
    return found


@dataclass(frozen=True)
class _Line:
    """A line of a list of people."""

    sheet: str
    row: int
    number: str
    name: str
    note: str

    def fault(self, column: str, code: str, message: str) -> Fault:
        """A fault of this line."""
        return Fault(self.sheet, self.row, column, code, self.name if column == NAME else self.number, message)


def _numbered(sheet: Sheet, head: int, found: ReadNominations) -> Iterable[_Line]:
    places = _places(sheet, head, {NUMBER: (fold(NUMBER), *ALSO[NUMBER]), NAME: (fold(NAME), *ALSO[NAME])})
    note_at = _place(sheet, head, (fold(NOTE), "ghi chu", "ly do cu"))
    for number, row in _lines(sheet, head):
        raw, name = _cell(row, places.get(NUMBER)), clean_text(str(_cell(row, places.get(NAME))))
        note = clean_text(str(_cell(row, note_at)))
        if not clean_text(str(raw)) and not name:
            continue
        try:
            read, _ = read_personal_number(raw, digits_are_numbers=True) if raw != "" else (None, None)
        except BadValue as bad:
            found.faults.append(Fault(sheet.name, number, NUMBER, bad.flaw.code, str(raw), str(bad)))
            continue
        if not read:
            found.faults.append(Fault(sheet.name, number, NUMBER, "no-number", name, "Cần số định danh cá nhân."))
            continue
        yield _Line(sheet.name, number, read, name, note[:500])


def read_results(content: bytes, *, rows: Sequence[ClassMember]) -> ReadResults:
    """Read a sheet of results; raises UnreadableFile for what is no workbook. Empty cells say nothing.

    A member is known by key and name together, so that a moved line is not taken for another person.
    """
    found = ReadResults()
    sheet, head = _find(content, (KEY,), also=(fold(NAME),))
    if sheet is None:
        message = f"Không thấy dòng tiêu đề có cột «{KEY}» và «{NAME}»: hãy dùng bảng tải từ lớp này."
        found.faults.append(Fault("", 0, "", "no-heading", "", message))
        return found
    known = {row.pk: row for row in rows}
    heads = {name: (fold(name),) for name in (KEY, NAME, SCORE, GRADE, RESULT)}
    places = _places(sheet, head, heads)
    for number, row in _lines(sheet, head):
        key, name = _whole(_cell(row, places.get(KEY))), clean_text(str(_cell(row, places.get(NAME))))
        if key is None and not name:
            continue
        member = known.get(key or 0)
        if member is None or fold(member.cadre.full_name) != fold(name):
            message = "Không có học viên này trong lớp."
            found.faults.append(Fault(sheet.name, number, KEY, "unknown-member", name, message))
            continue
        said = _result(sheet, number, row, places, found)
        if said:
            found.results[member.pk] = said
    return found


def _result(
    sheet: Sheet, number: int, row: Sequence[Any], places: Mapping[str, int], found: ReadResults
) -> dict[str, Any]:
    said: dict[str, Any] = {}
    raw = _cell(row, places.get(SCORE))
    if clean_text(str(raw)):
        score = _score(raw)
        if score is None:
            message = "Cần một số từ 0 đến 100, nhiều nhất hai chữ số sau dấu phẩy."
            found.faults.append(Fault(sheet.name, number, SCORE, "bad-score", str(raw), message))
        else:
            said["score"] = score
    if grade := clean_text(str(_cell(row, places.get(GRADE)))):
        if len(grade) > 100:
            found.faults.append(Fault(sheet.name, number, GRADE, "long", grade, "Xếp loại dài quá 100 ký tự."))
        else:
            said["grade"] = grade
    if words := clean_text(str(_cell(row, places.get(RESULT)))):
        state = RESULTS.get(fold(words))
        if state is None:
            found.faults.append(Fault(sheet.name, number, RESULT, "bad-result", words, "Ghi «Đạt» hoặc «Không đạt»."))
        else:
            said["state"] = state
    return said


def score_of(text: str) -> Decimal | None:
    """A score typed with a comma or a point, 0 to 100; None for what is none."""
    return _score(text)


def _score(raw: Any) -> Decimal | None:
    try:
        value = Decimal(str(raw).strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 <= value <= 100:
        return None
    return value if value == round(value, 2) else None


def _whole(raw: Any) -> int | None:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return int(raw) if float(raw).is_integer() and raw > 0 else None
    text = clean_text(str(raw))
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _find(content: bytes, wanted: Sequence[str], *, also: Sequence[str] = ()) -> tuple[Sheet | None, int]:
    names = {fold(name) for name in wanted}
    for sheet in read_workbook(content).sheets:
        if sheet.is_hidden:
            continue
        for number, row in enumerate(sheet.rows[:HEADS_WITHIN]):
            texts = {fold(cell) for cell in row if isinstance(cell, str)}
            if names & texts and set(also) <= texts:
                return sheet, number
    return None, 0


def _places(sheet: Sheet, head: int, wanted: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found = {name: _place(sheet, head, spellings) for name, spellings in wanted.items()}
    return {name: place for name, place in found.items() if place is not None}


def _place(sheet: Sheet, head: int, spellings: Sequence[str]) -> int | None:
    for place, cell in enumerate(sheet.rows[head]):
        if isinstance(cell, str) and fold(cell) in spellings:
            return place
    return None


def _lines(sheet: Sheet, head: int) -> Iterable[tuple[int, Sequence[Any]]]:
    return enumerate(sheet.rows[head + 1 : head + 1 + MOST_ROWS], head + 2)


def _cell(row: Sequence[Any], place: int | None) -> Any:
    return row[place] if place is not None and place < len(row) else ""
