"""The unit of a whole table: what the sheet's name and its heading tell."""

from __future__ import annotations

from collections.abc import Iterable

from hrdb.kernel.text import clean_text
from personnel.imports.roster.captions import unit_lines, unit_names
from personnel.imports.roster.lookups import Lookups
from personnel.imports.roster.posts import Place
from personnel.imports.roster.sections import looks_like_agency
from personnel.imports.roster.tables import FoundTable


def place_of(table: FoundTable, lookups: Lookups, default_unit: str | None, several: bool) -> Place:
    """What the sheet's name and its heading tell about the unit; `several` when the file has more sheets."""
    name = clean_text(table.sheet.name)
    match = lookups.match_unit(name, default_unit) if name else None
    sheet_unit = match.code if match is not None and not match.rest else None
    unknown = ""
    if sheet_unit is None and looks_like_agency(name) and (several or default_unit is None):
        unknown = name
    return Place(sheet_unit, unknown, default_unit, _heading_unit(table, lookups, default_unit))


def _heading_unit(table: FoundTable, lookups: Lookups, default_unit: str | None) -> str | None:
    """The unit that the captions give, else the narrowest one of those that they name; of two branches none."""
    told = _units_of(unit_lines(table.captions), lookups, default_unit)
    if told:
        return told[0]
    named = _units_of(unit_names(table.captions), lookups, default_unit)
    narrowest = [code for code in named if all(lookups.is_within(code, other) for other in named)]
    return narrowest[0] if narrowest else None


def _units_of(texts: Iterable[str], lookups: Lookups, default_unit: str | None) -> list[str]:
    """The units that texts name as a whole, each once."""
    found = (lookups.match_unit(text, default_unit) for text in texts)
    return list(dict.fromkeys(match.code for match in found if match is not None and not match.rest))
