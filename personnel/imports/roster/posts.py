"""Where a person of a roster works and as what: the unit told by column, section, sheet or office; the titles in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from hrdb.kernel.text import clean_lines, clean_text, fold
from personnel.imports.roster.cells import Circumstances
from personnel.imports.roster.issues import UNKNOWN_TITLE, UNKNOWN_UNIT, UNMAPPED_VALUE, Flaw
from personnel.imports.roster.lookups import TITLES, UNITS
from personnel.imports.roster.parts import TitlePart, begins_as_title, split_titles
from personnel.imports.roster.results import ParsedValue, RosterRow
from personnel.imports.roster.sections import Sections

_TITLE_FIELDS: Final = ("title", "party_title", "concurrent_title")
_UNIT_BREAKS: Final = ("\n", ";", ",", " - ", " – ")
_NOWHERE: Final = (
    "Không biết người này thuộc đơn vị nào: không có cột đơn vị, dòng đề mục hay tên trang tính nào cho biết."
)

#: Tells a flaw of a row: the flaw, the field whose column it stands in (or empty), the cell.
Tell = Callable[[Flaw, str, Any], None]


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


class PostReader:
    """Finds units and titles; texts repeat from row to row, so each is looked up once."""

    def __init__(self, around: Circumstances, place: Place) -> None:
        self._lookups = around.lookups
        self._chosen = around.chosen
        self._place = place
        self._units: dict[tuple[str, str | None], tuple[str | None, Flaw | None]] = {}
        self._divisions: dict[tuple[str, str], tuple[str | None, Flaw | None]] = {}
        self._shown: dict[tuple[Any, str], ParsedValue] = {}
        self._titles: dict[tuple[str, str | None], tuple[ParsedValue | None, tuple[Flaw, ...]]] = {}
        self._splits: dict[tuple[str, str | None], tuple[str, str] | None] = {}

    def read(self, fields: dict[str, ParsedValue], row: RosterRow, sections: Sections, tell: Tell) -> None:
        """Set the row's unit and its titles as they are meant there."""
        told = fields.get("unit")
        around = sections.unit or self._place.around
        if "title_and_unit" in fields:
            found = self._split_title(fields, around)
            told = told or found
        if told is not None:
            row.unit_source = "column"
            row.unit, flaw = self._unit_named(told.value, around)
            if flaw is not None:
                tell(flaw, "unit", told.raw)
        else:
            self._unit_around(row, sections, tell)
        if row.unit is not None:
            if "division" in fields:
                self._enter_division(fields["division"], row, tell)
            fields["unit"] = self._unit_value(told.raw if told is not None else "", row.unit)
        for name in _TITLE_FIELDS:
            if name in fields:
                # Where the unit is not known, a title that means nothing by itself is no second fault.
                self._read_titles(name, fields, row.unit, tell if row.unit is not None else _tell_nothing)

    def _unit_around(self, row: RosterRow, sections: Sections, tell: Tell) -> None:
        """The unit that the row does not tell: of the section, the sheet's name, the office, the heading."""
        place = self._place
        sources = (
            (sections.unit, sections.unknown, "section"),
            (place.sheet_unit, place.unknown_sheet_unit, "sheet"),
            (place.default_unit, "", "default"),
            (place.heading_unit, "", "heading"),
        )
        for unit, unknown, source in sources:
            if unknown:
                unit = self._chosen.get((UNITS, fold(unknown)))
            if unit is not None or unknown:
                row.unit, row.unit_source = unit, source
                if unit is None:
                    tell(_unknown_unit(unknown), "", unknown)
                return
        if not any(issue.code == UNKNOWN_UNIT for issue in row.issues):
            tell(Flaw(UNKNOWN_UNIT, _NOWHERE), "unit", "")

    def _unit_value(self, raw: Any, unit: str) -> ParsedValue:
        key = (raw, unit)
        if key not in self._shown:
            self._shown[key] = ParsedValue(raw, self._lookups.name_of(UNITS, unit), unit)
        return self._shown[key]

    def _unit_named(self, text: str, around: str | None) -> tuple[str | None, Flaw | None]:
        """The unit that a cell names, with a flaw when it names none, or a group inside one."""
        key = (text, around)
        if key not in self._units:
            chosen = self._chosen.get((UNITS, fold(text)))
            match = None if chosen is not None else self._lookups.match_unit(text, around)
            if match is None:
                self._units[key] = chosen, None if chosen is not None else _unknown_unit(clean_text(text))
            else:
                self._units[key] = match.code, _unknown_inside(match.rest) if match.rest else None
        return self._units[key]

    def _enter_division(self, division: ParsedValue, row: RosterRow, tell: Tell) -> None:
        """Take the division inside the unit, when the tree of units has it."""
        text, unit = str(division.value), row.unit or ""
        if (text, unit) not in self._divisions:
            key = (UNITS, fold(text))
            found = self._chosen.get(key)
            if found is None:
                match = self._lookups.match_unit(f"{text}; {self._lookups.name_of(UNITS, unit)}", unit)
                found = match.code if match is not None and not match.rest else None
            known = found is not None or key in self._chosen
            self._divisions[text, unit] = found, None if known else _unknown_inside(text)
        found, flaw = self._divisions[text, unit]
        row.unit = found or row.unit
        if flaw is not None:
            tell(flaw, "division", division.raw)

    def _split_title(self, fields: dict[str, ParsedValue], around: str | None) -> ParsedValue | None:
        """The unit in a cell of title and unit together; what stands before it becomes the title."""
        parsed = fields.pop("title_and_unit")
        key = (parsed.value, around)
        if key not in self._splits:
            self._splits[key] = self._title_and_unit(parsed.value, around)
        split = self._splits[key]
        fields["title"] = parsed._replace(value=split[0] if split is not None else parsed.value)
        return ParsedValue(parsed.raw, split[1]) if split is not None else None

    def _title_and_unit(self, text: str, around: str | None) -> tuple[str, str] | None:
        for mark in _UNIT_BREAKS:
            start = text.find(mark)
            while start > 0:
                title, unit = text[:start].strip(), text[start + len(mark) :].strip()
                match = self._lookups.match_unit(unit, around) if unit and not begins_as_title(unit) else None
                if match is not None and not match.rest:
                    return title, unit
                start = text.find(mark, start + 1)
        words = text.split()
        for count in range(1, len(words)):
            title, unit = " ".join(words[:count]), " ".join(words[count:])
            match = self._lookups.match_unit(unit, around) if begins_as_title(title) else None
            if match is not None and not match.rest and self._title_code(title, match.code) is not None:
                return title, unit
        return None

    def _read_titles(self, name: str, fields: dict[str, ParsedValue], unit: str | None, tell: Tell) -> None:
        parsed = fields[name]
        key = (parsed.value, unit)
        if key not in self._titles:
            self._titles[key] = self._titles_of(parsed.value, unit)
        titles, flaws = self._titles[key]
        if titles is None:
            del fields[name]
            return
        fields[name] = titles
        for flaw in flaws:
            tell(flaw, name, parsed.raw)

    def _titles_of(self, text: str, unit: str | None) -> tuple[ParsedValue | None, tuple[Flaw, ...]]:
        whole = " ".join(clean_lines(text))
        if code := self._title_code(whole, unit):
            return ParsedValue(text, (TitlePart(whole, code),), code), ()
        parts = tuple(TitlePart(part, self._title_code(part, unit)) for part in split_titles(text))
        flaws = tuple(
            _unknown_title(part.text)
            for part in parts
            if part.code is None and (TITLES, fold(part.text)) not in self._chosen
        )
        return (ParsedValue(text, parts, parts[0].code), flaws) if parts else (None, ())

    def _title_code(self, text: str, unit: str | None) -> str | None:
        key = (TITLES, fold(text))
        return self._chosen[key] if key in self._chosen else self._lookups.match_title(text, unit)


def _tell_nothing(flaw: Flaw, name: str, raw: Any) -> None:
    """Say nothing of a flaw that follows from another one."""


def _unknown_unit(text: str) -> Flaw:
    return Flaw(UNKNOWN_UNIT, f"Không có đơn vị nào tên là «{text}», hoặc có nhiều đơn vị cùng tên.", UNITS, text)


def _unknown_inside(text: str) -> Flaw:
    return Flaw(UNMAPPED_VALUE, f"«{text}» không có trong cây đơn vị; giữ đơn vị cấp trên.", UNITS, text)


def _unknown_title(text: str) -> Flaw:
    return Flaw(UNKNOWN_TITLE, f"Chức danh «{text}» chưa có trong danh mục; giữ nguyên chữ, chờ khớp.", TITLES, text)
