"""From the lines of one table to typed rows: cells read, facts put together, the unit found, faults placed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.text import clean_lines, clean_text, fold, name_case, same_text_key
from personnel.imports.roster.cells import NOTHING, Circumstances, Reader, Reading, is_ditto
from personnel.imports.roster.checks import AgeLimits, check_dates
from personnel.imports.roster.issues import (
    BAD_DATE,
    BAD_PERSONAL_NUMBER,
    MISSING_NAME,
    RESTORED_ZEROS,
    TWO_SEXES,
    UNKNOWN_TITLE,
    UNKNOWN_UNIT,
    UNMAPPED_VALUE,
    Flaw,
    RowIssue,
    severity_of,
)
from personnel.imports.roster.layout import FoundColumn
from personnel.imports.roster.lookups import TITLES, UNITS
from personnel.imports.roster.parts import TitlePart, begins_as_title, split_titles
from personnel.imports.roster.results import ParsedValue, RosterRow
from personnel.imports.roster.sections import Sections
from personnel.rules.personal_number import (
    WARNING_MESSAGES,
    birth_of_number,
    check_personal_number,
)

_TITLE_FIELDS: Final = ("title", "party_title", "concurrent_title")
_SEX_NAMES: Final = {"male": "nam", "female": "nữ"}
_UNIT_BREAKS: Final = ("\n", ";", ",", " - ", " – ")


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is when the row does not say: what the sheet's name, the office and the heading tell."""

    sheet_unit: str | None = None
    #: A unit that the sheet's name tells and nobody knows.
    unknown_sheet_unit: str = ""
    default_unit: str | None = None
    heading_unit: str | None = None

    @property
    def around(self) -> str | None:
        """The unit in which names of divisions are looked for first."""
        return self.sheet_unit or self.default_unit or self.heading_unit


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
        self._around = around
        self._lookups = around.lookups
        self._place = place
        self._day = day
        self._limits = limits
        self._unknown = unknown
        self._plan: list[tuple[int, str, str, bool, Reader, dict[Any, Reading] | None]] = []
        self._letters: dict[str, str] = {}
        for found in columns:
            column = found.column
            if column is None or column.kind == "ignored":
                continue
            reader = readers[found.index]
            key = column.key if column.field in ("birth_date", "birth_part", "sex_mark") else column.field
            memory: dict[Any, Reading] | None = {} if reader.remembers else None
            self._plan.append((found.index, key, found.letter, column.may_repeat, reader, memory))
            self._letters.setdefault(column.field, found.letter)
        keys = {entry[1] for entry in self._plan}
        #: A mark under Nữ alone: who has none is a man.
        self._blank_is_male = "sex_mark:female" in keys and not keys & {
            "sex", "sex_mark:male", "birth_date:male", "birth_date:female",
        }  # fmt: skip
        self._above: dict[int, Reading] = {}
        self._titles: dict[tuple[str, str | None], tuple[ParsedValue | None, tuple[Flaw, ...]]] = {}
        self._units: dict[tuple[str, str, str | None], tuple[str | None, Flaw | None]] = {}
        self._title_units: dict[tuple[str, str | None], tuple[str, str] | None] = {}

    def letter(self, field_name: str) -> str:
        """The letter of the column that gives a field, empty when none does."""
        return self._letters.get(field_name, "")

    def read(self, number: int, cells: list[Any], sections: Sections) -> RosterRow:
        """The person of a line; `number` is the spreadsheet's row number."""
        fields: dict[str, ParsedValue] = {}
        section = sections.current
        row = RosterRow(self._sheet, number, fields, section.text if section is not None else "", cells=cells)
        self._read_cells(cells, fields, row)
        self._name(fields, row)
        self._birth_and_sex(fields, row)
        self._unit(fields, row, sections)
        for name in _TITLE_FIELDS:
            if name in fields:
                self._read_titles(name, fields, row)
        if "personal_number" in fields:
            self._check_number(fields, row)
        for name, flaw in check_dates(fields, self._day, self._limits):
            self._tell(row, flaw, self._letter_of_date(name, fields, cells), fields[name].raw)
        return row

    def _read_cells(self, cells: list[Any], fields: dict[str, ParsedValue], row: RosterRow) -> None:
        above = self._above
        for index, key, letter, may_repeat, reader, memory in self._plan:
            value = cells[index]
            if value == "":
                continue
            reading = memory.get(value) if memory is not None else None
            if reading is None:
                if reader.may_say_ditto and is_ditto(value):
                    reading = above.get(index, NOTHING)
                else:
                    reading = reader.read(value)
                    if memory is not None:
                        memory[value] = reading
            if reading is NOTHING:
                continue
            above[index] = reading
            parsed, others, flaws = reading
            if parsed is not None:
                if may_repeat and key in fields:
                    parsed = _together(fields[key], parsed)
                fields[key] = parsed
            for name, other in others:
                fields.setdefault(name, other)
            for flaw in flaws:
                self._tell(row, flaw, letter, value)

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

    def _birth_and_sex(self, fields: dict[str, ParsedValue], row: RosterRow) -> None:
        """One birth date and one sex from whichever columns tell them."""
        told: dict[str, str] = {}
        for sex in ("male", "female"):
            birth = fields.pop(f"birth_date:{sex}", None)
            mark = fields.pop(f"sex_mark:{sex}", None)
            if birth is not None:
                fields.setdefault("birth_date", birth)
                told[sex] = self._letters.get("birth_date", "")
            if mark is not None:
                told[sex] = self._letters.get("sex_mark", "")
        parsed = fields.get("sex")
        if parsed is not None:
            told[parsed.value] = self.letter("sex")
        if len(told) == 2:
            fields.pop("sex", None)
            self._tell(row, Flaw(TWO_SEXES, "Dòng ghi cả nam và nữ; cần để lại một."), next(iter(told.values())), "")
        elif parsed is None and (told or self._blank_is_male):
            sex = next(iter(told), "male")
            fields["sex"] = ParsedValue(_SEX_NAMES[sex], sex, sex)
        self._birth_of_parts(fields, row)

    def _birth_of_parts(self, fields: dict[str, ParsedValue], row: RosterRow) -> None:
        day, month, year = (fields.pop(f"birth_part:{part}", None) for part in ("day", "month", "year"))
        if "birth_date" in fields or (day is None and month is None and year is None):
            return
        raw = "/".join(str(part.value) for part in (day, month, year) if part is not None)
        try:
            if year is None or not 1900 <= year.value <= 2100:
                raise ValueError
            precision = "day" if day is not None and month is not None else "month" if month is not None else "year"
            value = date(year.value, month.value if month else 1, day.value if precision == "day" and day else 1)
        except ValueError:
            self._tell(row, Flaw(BAD_DATE, f"«{raw}» không phải là ngày sinh có thật."), self.letter("birth_part"), raw)
            return
        fields["birth_date"] = ParsedValue(raw, PartialDate(value, precision))  # type: ignore[arg-type]

    def _unit(self, fields: dict[str, ParsedValue], row: RosterRow, sections: Sections) -> None:
        """The unit: from its column, else the section, the sheet's name, the office that sent the roster."""
        told, division = fields.get("unit"), fields.get("division")
        if told is None and "title_and_unit" in fields:
            told = self._unit_of_title(fields, sections)
        around = sections.unit or self._place.around
        if told is not None:
            row.unit_source = "column"
            row.unit, flaw = self._find_unit(told.value, around)
            if flaw is not None:
                self._tell(row, flaw, self.letter("unit"), told.raw)
        elif sections.unknown:
            self._unknown_unit(row, sections.unknown, "section")
        elif sections.unit is not None:
            row.unit, row.unit_source = sections.unit, "section"
        elif self._place.sheet_unit is not None:
            row.unit, row.unit_source = self._place.sheet_unit, "sheet"
        elif self._place.unknown_sheet_unit:
            self._unknown_unit(row, self._place.unknown_sheet_unit, "sheet")
        elif self._place.default_unit is not None:
            row.unit, row.unit_source = self._place.default_unit, "default"
        elif self._place.heading_unit is not None:
            row.unit, row.unit_source = self._place.heading_unit, "heading"
        elif not any(issue.column == self.letter("unit") != "" for issue in row.issues):
            message = "Không biết người này thuộc đơn vị nào: không có cột đơn vị, dòng đề mục hay tên trang tính nào cho biết."
            self._tell(row, Flaw(UNKNOWN_UNIT, message), self.letter("unit"), "")
        if division is not None and row.unit is not None:
            self._find_division(division, row)
        if row.unit is not None:
            name = self._lookups.name_of(UNITS, row.unit)
            fields["unit"] = ParsedValue(told.raw if told is not None else "", name, row.unit)

    def _unknown_unit(self, row: RosterRow, text: str, source: str) -> None:
        chosen = self._around.chosen.get((UNITS, fold(text)))
        row.unit_source = source
        if chosen is not None:
            row.unit = chosen
        else:
            self._tell(row, _unknown_unit(text), "", text)

    def _find_unit(self, text: str, around: str | None) -> tuple[str | None, Flaw | None]:
        key = (text, "", around)
        if key not in self._units:
            chosen = self._around.chosen.get((UNITS, fold(text)))
            match = None if chosen is not None else self._lookups.match_unit(text, around)
            if chosen is not None:
                self._units[key] = chosen, None
            elif match is None:
                self._units[key] = None, _unknown_unit(clean_text(text))
            else:
                rest = Flaw(
                    UNMAPPED_VALUE, f"«{match.rest}» không có trong cây đơn vị; giữ đơn vị cấp trên.", UNITS, match.rest
                )
                self._units[key] = match.code, rest if match.rest else None
        return self._units[key]

    def _find_division(self, division: ParsedValue, row: RosterRow) -> None:
        """A division inside the unit, when the tree of units has it."""
        text = str(division.value)
        key = (text, "division", row.unit)
        if key not in self._units:
            chosen = self._around.chosen.get((UNITS, fold(text)))
            match = self._lookups.match_unit(f"{text}; {self._lookups.name_of(UNITS, row.unit or '')}", row.unit)
            found = chosen or (match.code if match is not None and not match.rest else None)
            flaw = Flaw(UNMAPPED_VALUE, f"«{text}» không có trong cây đơn vị; giữ đơn vị cấp trên.", UNITS, text)
            self._units[key] = found, None if found or (UNITS, fold(text)) in self._around.chosen else flaw
        found, flaw_or_none = self._units[key]
        row.unit = found or row.unit
        if flaw_or_none is not None:
            self._tell(row, flaw_or_none, self.letter("division"), division.raw)

    def _unit_of_title(self, fields: dict[str, ParsedValue], sections: Sections) -> ParsedValue | None:
        """The unit in a cell of title and unit together; what stands before it becomes the title."""
        parsed = fields.pop("title_and_unit")
        self._letters.setdefault("title", self.letter("title_and_unit"))
        around = sections.unit or self._place.around
        key = (parsed.value, around)
        if key not in self._title_units:
            self._title_units[key] = self._split_unit(parsed.value, around)
        split = self._title_units[key]
        fields["title"] = parsed._replace(value=split[0] if split is not None else parsed.value)
        return ParsedValue(parsed.raw, split[1]) if split is not None else None

    def _split_unit(self, text: str, around: str | None) -> tuple[str, str] | None:
        for mark in _UNIT_BREAKS:
            start = text.find(mark)
            while start > 0:
                title, unit = text[:start].strip(), text[start + len(mark) :].strip()
                match = self._lookups.match_unit(unit, around) if unit and not begins_as_title(unit) else None
                if match is not None and not match.rest:
                    return title, unit
                start = text.find(mark, start + 1)
        return None

    def _read_titles(self, name: str, fields: dict[str, ParsedValue], row: RosterRow) -> None:
        parsed = fields[name]
        key = (parsed.value, row.unit)
        if key not in self._titles:
            self._titles[key] = self._titles_of(parsed.value, row.unit)
        titles, flaws = self._titles[key]
        if titles is None:
            del fields[name]
            return
        fields[name] = titles._replace(raw=parsed.raw)
        for flaw in flaws:
            self._tell(row, flaw, self.letter(name), parsed.raw)

    def _titles_of(self, text: str, unit: str | None) -> tuple[ParsedValue | None, tuple[Flaw, ...]]:
        whole = " ".join(clean_lines(text))
        if code := self._title_code(whole, unit):
            return ParsedValue(text, (TitlePart(whole, code),), code), ()
        parts = tuple(TitlePart(part, self._title_code(part, unit)) for part in split_titles(text))
        flaws = tuple(
            Flaw(
                UNKNOWN_TITLE,
                f"Chức danh «{part.text}» chưa có trong danh mục; giữ nguyên chữ, chờ khớp.",
                TITLES,
                part.text,
            )
            for part in parts
            if part.code is None and (TITLES, fold(part.text)) not in self._around.chosen
        )
        return (ParsedValue(text, parts, parts[0].code), flaws) if parts else (None, ())

    def _title_code(self, text: str, unit: str | None) -> str | None:
        key = (TITLES, fold(text))
        return self._around.chosen[key] if key in self._around.chosen else self._lookups.match_title(text, unit)

    def _check_number(self, fields: dict[str, ParsedValue], row: RosterRow) -> None:
        """Warn when the number tells another sex or birth year; digits typed short count only when it tells the same."""
        parsed = fields["personal_number"]
        letter = self.letter("personal_number")
        birth = fields["birth_date"].value.value.year if "birth_date" in fields else None
        sex = fields["sex"].value if "sex" in fields else None
        if isinstance(parsed.raw, str) and not self._around.digits_are_numbers and not _tells_birth(parsed, sex, birth):
            row.issues[:] = [issue for issue in row.issues if issue.code != RESTORED_ZEROS]
            del fields["personal_number"]
            digits = sum(map(str.isdigit, parsed.raw))
            message = f"«{clean_text(parsed.raw)}» có {digits} chữ số; số định danh cá nhân có đúng 12 chữ số."
            self._tell(row, Flaw(BAD_PERSONAL_NUMBER, message), letter, parsed.raw)
            return
        for code in check_personal_number(parsed.value, sex, birth):
            self._tell(row, Flaw(code, WARNING_MESSAGES[code]), letter, parsed.raw)

    def _letter_of_date(self, name: str, fields: dict[str, ParsedValue], cells: list[Any]) -> str:
        """The column of a date: of two birth columns the one that is filled."""
        if name == "birth_date":
            raw = fields[name].raw
            for index, key, letter, *_ in self._plan:
                if key.startswith("birth_date") and cells[index] == raw:
                    return letter
            return self.letter("birth_date") or self.letter("birth_part")
        return self.letter(name) or (self.letter("party_joined_on") or self.letter("party_member"))


def _tells_birth(parsed: ParsedValue, sex: str | None, birth: int | None) -> bool:
    """Whether a number typed as text is complete, or completed with zeros tells exactly this sex and birth year."""
    if sum(map(str.isdigit, parsed.raw)) == 12:
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


def _unknown_unit(text: str) -> Flaw:
    return Flaw(UNKNOWN_UNIT, f"Không có đơn vị nào tên là «{text}», hoặc có nhiều đơn vị cùng tên.", UNITS, text)


def shown(value: Any) -> str:
    """A cell as a report shows it."""
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else f"{value:.10g}"
    return str(value)
