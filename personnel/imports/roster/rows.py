"""From the lines of one table to typed rows: cells read, facts put together, faults placed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from hrdb.kernel.dates import PartialDate, Precision
from hrdb.kernel.text import clean_text, fold, name_case, same_text_key
from personnel.imports.roster.cells import NOTHING, Circumstances, Reader, Reading, is_ditto
from personnel.imports.roster.checks import AgeLimits, check_dates
from personnel.imports.roster.issues import (
    BAD_DATE,
    BAD_PERSONAL_NUMBER,
    LETTER_FOR_DIGIT,
    MISSING_NAME,
    RESTORED_ZEROS,
    TWO_SEXES,
    Flaw,
    RowIssue,
    severity_of,
)
from personnel.imports.roster.layout import FoundColumn
from personnel.imports.roster.posts import Place, PostReader
from personnel.imports.roster.results import ParsedValue, RosterRow
from personnel.imports.roster.sections import Sections
from personnel.imports.roster.values import with_zeros
from personnel.rules.law import Sex
from personnel.rules.personal_number import WARNING_MESSAGES, birth_of_number, check_personal_number

_SEXES: Final[tuple[Sex, ...]] = ("male", "female")
_SEX_VALUES: Final = {"male": ParsedValue("nam", "male", "male"), "female": ParsedValue("nữ", "female", "female")}
_TWO_SEXES: Final = Flaw(TWO_SEXES, "Dòng ghi cả nam và nữ; cần để lại một.")
#: Fields whose columns differ by an argument: which sex a birth date is under, which part of the date it is.
_BY_KEY: Final = frozenset({"birth_date", "birth_part", "sex_mark"})


@dataclass(slots=True)
class UnknownTexts:
    """Texts that no list knows, counted by list and folded text."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    codes: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, flaw: Flaw) -> None:
        """Count the text of a flaw."""
        key = (flaw.list_name, fold(flaw.text))
        self.counts[key] += 1
        self.texts.setdefault(key, flaw.text)
        self.codes.setdefault(key, flaw.code)


class _Planned(NamedTuple):
    """A column as the row loop uses it; `memory` holds the readings of texts that repeat."""

    place: int
    key: str
    letter: str
    may_repeat: bool
    reader: Reader
    memory: dict[Any, Reading] | None


class RowReader:
    """Reads the persons of one table."""

    def __init__(
        self,
        sheet: str,
        columns: Sequence[FoundColumn],
        readers: dict[int, Reader],
        around: Circumstances,
        place: Place,
        *,
        day: date,
        limits: AgeLimits,
        unknown: UnknownTexts,
    ) -> None:
        self._sheet = sheet
        self._digits_are_numbers = around.digits_are_numbers
        self._day = day
        self._limits = limits
        self._unknown = unknown
        self._posts = PostReader(around, place)
        self._plan: list[_Planned] = []
        self._letters: dict[str, str] = {}
        for found in columns:
            column = found.column
            if column is None or column.kind == "ignored":
                continue
            reader = readers[found.index]
            key = column.key if column.field in _BY_KEY else column.field
            memory: dict[Any, Reading] | None = {} if reader.remembers else None
            self._plan.append(_Planned(found.index, key, found.letter, column.may_repeat, reader, memory))
            self._letters.setdefault(column.field, found.letter)
            self._letters.setdefault(key, found.letter)
        self._letters.setdefault("title", self.letter("title_and_unit"))
        self._letters.setdefault("unit", self.letter("title_and_unit"))
        self._letters.setdefault("party_joined_on", self.letter("party_member"))
        self._letters.setdefault("birth_date", self.letter("birth_part"))
        keys = {planned.key for planned in self._plan}
        self._has_parts = any(key.startswith("birth_part") for key in keys)
        self._sexed = [sex for sex in _SEXES if {f"birth_date:{sex}", f"sex_mark:{sex}"} & keys]
        #: A mark under Nữ alone: who has none is a man.
        self._blank_is_male = self._sexed == ["female"] and "sex" not in keys and "sex_mark:female" in keys
        self._lines: list[list[Any]] = []
        self._dittos: dict[int, tuple[int, Reading]] = {}
        self._number_warnings: dict[tuple[str, Sex | None, int | None], list[str]] = {}

    def letter(self, name: str) -> str:
        """The letter of the column that gives a field, empty when none does."""
        return self._letters.get(name, "")

    def read(self, number: int, cells: list[Any], sections: Sections) -> RosterRow:
        """The person of a line; `number` is the spreadsheet's row number."""
        fields: dict[str, ParsedValue] = {}
        section = sections.current
        row = RosterRow(self._sheet, number, fields, section.text if section is not None else "", cells=cells)
        self._read_cells(cells, fields, row)
        self._name(fields, row)
        birth_letter = self._birth_and_sex(fields, row)
        if section is not None and section.category and "category" not in fields:
            fields["category"] = ParsedValue(section.text, section.category, section.category)
        self._posts.read(fields, row, sections, lambda flaw, name, raw: self._tell(row, flaw, self.letter(name), raw))
        if "personal_number" in fields:
            self._check_number(fields, row)
        for name, flaw in check_dates(fields, self._day, self._limits):
            letter = birth_letter if name == "birth_date" else self.letter(name)
            self._tell(row, flaw, letter, fields[name].raw)
        return row

    def _read_cells(self, cells: list[Any], fields: dict[str, ParsedValue], row: RosterRow) -> None:
        self._lines.append(cells)
        for index, key, letter, may_repeat, reader, memory in self._plan:
            value = cells[index]
            if value == "":
                continue
            reading = memory.get(value) if memory is not None else None
            if reading is None:
                reading = self._reading(value, index, reader, memory)
            parsed, others, flaws = reading
            if parsed is not None:
                if may_repeat and key in fields:
                    parsed = _together(fields[key], parsed)
                fields[key] = parsed
            if others:
                for name, other in others:
                    fields.setdefault(name, other)
            if flaws:
                for flaw in flaws:
                    self._tell(row, flaw, letter, value)

    def _reading(self, value: Any, index: int, reader: Reader, memory: dict[Any, Reading] | None) -> Reading:
        """The reading of a cell that no earlier one has had, or of the cell that «as above» points to."""
        if reader.may_say_ditto and is_ditto(value):
            return self._above(index, reader)
        reading = reader.read(value)
        if memory is not None:
            memory[value] = reading
        return reading

    def _above(self, index: int, reader: Reader) -> Reading:
        """The reading of the nearest filled cell above that does not itself say «as above»."""
        start, reading = self._dittos.get(index, (0, NOTHING))
        for place in range(len(self._lines) - 2, start - 1, -1):
            value = self._lines[place][index]
            if value != "" and not is_ditto(value):
                reading = reader.read(value)
                # Written out, so that the line says the same wherever it stands.
                self._lines[-1][index] = value
                break
        self._dittos[index] = (len(self._lines) - 1, reading)
        return reading

    def _tell(self, row: RosterRow, flaw: Flaw, letter: str, raw: Any) -> None:
        if flaw.list_name:
            self._unknown.add(flaw)
        row.issues.append(
            RowIssue(self._sheet, row.row, letter, shown(raw), flaw.code, flaw.message, severity_of(flaw.code))
        )

    def _name(self, fields: dict[str, ParsedValue], row: RosterRow) -> None:
        """The name as one text; family name and given name in two columns are put together."""
        family = fields.pop("family_name", None)
        parsed = fields.get("name")
        if family is not None:
            given = parsed.value if parsed is not None else ""
            text = name_case(f"{family.value} {given}")
            fields["name"] = ParsedValue(text, text)
        elif parsed is None and not any(issue.column == self.letter("name") for issue in row.issues):
            self._tell(row, Flaw(MISSING_NAME, "Thiếu họ và tên."), self.letter("name"), "")

    def _birth_and_sex(self, fields: dict[str, ParsedValue], row: RosterRow) -> str:
        """One birth date and one sex from whichever columns tell them; returns the birth date's column letter."""
        letter = self.letter("birth_date")
        told: dict[str, str] = {}
        for sex in self._sexed:
            birth = fields.pop(f"birth_date:{sex}", None)
            if birth is not None:
                letter = self.letter(f"birth_date:{sex}")
                fields.setdefault("birth_date", birth)
                told[sex] = letter
            if fields.pop(f"sex_mark:{sex}", None) is not None:
                told[sex] = self.letter(f"sex_mark:{sex}")
        parsed = fields.get("sex")
        if parsed is not None:
            told[parsed.value] = self.letter("sex")
        if len(told) == 2:
            fields.pop("sex", None)
            self._tell(row, _TWO_SEXES, next(iter(told.values())), "")
        elif parsed is None and (told or self._blank_is_male):
            fields["sex"] = _SEX_VALUES[next(iter(told), "male")]
        if self._has_parts:
            self._birth_of_parts(fields, row)
        return letter

    def _birth_of_parts(self, fields: dict[str, ParsedValue], row: RosterRow) -> None:
        day, month, year = (fields.pop(f"birth_part:{part}", None) for part in ("day", "month", "year"))
        if "birth_date" in fields or (day is None and month is None and year is None):
            return
        raw = "/".join(str(part.value) for part in (day, month, year) if part is not None)
        precision: Precision = "year" if month is None else "month" if day is None else "day"
        try:
            if year is None or not 1900 <= year.value <= 2100:
                raise ValueError
            value = date(
                year.value,
                month.value if month is not None else 1,
                day.value if day is not None and precision == "day" else 1,
            )
        except ValueError:
            flaw = Flaw(BAD_DATE, f"«{raw}» không phải là ngày sinh có thật.")
            self._tell(row, flaw, self.letter("birth_part"), raw)
            return
        fields["birth_date"] = ParsedValue(raw, PartialDate(value, precision))

    def _check_number(self, fields: dict[str, ParsedValue], row: RosterRow) -> None:
        """Warn when the number tells another sex or year; digits typed short count only when it tells the same."""
        parsed = fields["personal_number"]
        letter = self.letter("personal_number")
        birth: int | None = fields["birth_date"].value.value.year if "birth_date" in fields else None
        sex: Sex | None = fields["sex"].value if "sex" in fields else None
        if parsed.raw.__class__ is str and not self._digits_are_numbers and not _tells_birth(parsed, sex, birth):
            row.issues[:] = [issue for issue in row.issues if issue.code not in (RESTORED_ZEROS, LETTER_FOR_DIGIT)]
            del fields["personal_number"]
            digits = sum(map(str.isdigit, parsed.raw))
            message = f"«{clean_text(parsed.raw)}» có {digits} chữ số; số định danh cá nhân có đúng 12 chữ số."
            self._tell(row, Flaw(BAD_PERSONAL_NUMBER, message), letter, parsed.raw)
            return
        # Only the first six digits say anything; rows of one age, sex and province are checked once.
        key = (parsed.value[:6], sex, birth)
        warnings = self._number_warnings.get(key)
        if warnings is None:
            warnings = self._number_warnings[key] = check_personal_number(parsed.value, sex, birth)
        for code in warnings:
            self._tell(row, Flaw(code, WARNING_MESSAGES[code]), letter, parsed.raw)


def _tells_birth(parsed: ParsedValue, sex: str | None, birth: int | None) -> bool:
    """Whether a number typed as text is complete, or completed with zeros tells exactly this sex and birth year."""
    if parsed.value in "".join(filter(str.isdigit, with_zeros(parsed.raw))):
        return True
    return birth_of_number(parsed.value) == (sex, birth)


def _together(first: ParsedValue, second: ParsedValue) -> ParsedValue:
    """Two columns of one field: parts side by side, texts in one."""
    if isinstance(first.value, tuple) and isinstance(second.value, tuple):
        return ParsedValue(f"{first.raw}; {second.raw}", first.value + second.value, first.code or second.code)
    if isinstance(first.value, str) and isinstance(second.value, str) and first.code is None and second.code is None:
        if same_text_key(first.value) == same_text_key(second.value):
            return first
        return ParsedValue(f"{first.raw}; {second.raw}", f"{first.value}; {second.value}")
    return first


def shown(value: Any) -> str:
    """A cell as a report shows it."""
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.10g}"
    return str(value)
