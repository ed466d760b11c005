"""Whose each line is, and which stored row: by the signed key, else by personal number or record code; never a guess.

Whom the user may not see does not exist here: a line about somebody elsewhere, and one about nobody, get one answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from hrdb.kernel.models import User
from personnel.exports.workbook.keys import RowKey, named_by, read_record_code
from personnel.exports.workbook.people import readable
from personnel.exports.workbook.sheets import PERSON_SHEET
from personnel.imports.workbook.reading import Line
from personnel.imports.workbook.values import number_of
from personnel.models import Cadre
from personnel.services.changes import lock_people


@dataclass
class Named:
    """A line with what its key and its person's column name."""

    line: Line
    key: RowKey | None = None
    #: Whether a key is there that this installation never wrote.
    is_forged: bool = False
    number: str = ""
    code: int | None = None


@dataclass
class Whose:
    """The people of a file: those whom the user sees, by id and by number, and numbers that somebody else holds."""

    named: dict[int, Named]
    people: dict[int, Any] = field(default_factory=dict)
    by_number: dict[str, Any] = field(default_factory=dict)
    held_elsewhere: frozenset[str] = frozenset()
    #: New people of the file by number, once their own lines are judged.
    arriving: dict[str, Cadre] = field(default_factory=dict)

    def is_named_as_before(self, named: Named) -> bool:
        """Whether the person beside a row is named as when the row left, or as he may be named now."""
        assert named.key is not None
        text = named.line.person
        if not text or named_by(text) == named.key.named or named.code == named.key.person:
            return True
        cadre = self.people.get(named.key.person)
        return cadre is not None and bool(named.number) and cadre.personal_number == named.number

    def person_of(self, named: Named) -> Any:
        """The person whom a line without a key names, stored or new; None for nobody known."""
        if named.code is not None:
            return self.people.get(named.code)
        return self.by_number.get(named.number) or self.arriving.get(named.number) if named.number else None


def whose_lines(lines: Sequence[Line], *, user: User | None, lock: bool) -> Whose:
    """Read who the lines are about, in a constant number of queries; with `lock`, the people are locked first."""
    named = {line.place: _named(line) for line in lines}
    ids = {one.key.person for one in named.values() if one.key} | {one.code for one in named.values() if one.code}
    numbers = {one.number for one in named.values() if one.number}
    if lock:
        lock_people(list(readable(user, ids, numbers).values_list("pk", flat=True)))
    found = Whose(named)
    for cadre in readable(user, ids, numbers):
        found.people[cadre.pk] = cadre
        if cadre.personal_number:
            found.by_number[cadre.personal_number] = cadre
    unknown = numbers - found.by_number.keys()
    held = Cadre.objects.filter(personal_number__any=list(unknown)).values_list("personal_number", flat=True)
    found.held_elsewhere = frozenset(number for number in held if number)
    return found


def _named(line: Line) -> Named:
    found = Named(line, key=RowKey.read(line.key, line.sheet.key) if line.key else None)
    found.is_forged = bool(line.key) and found.key is None
    text = line.cells.get("personal_number", "") if line.sheet is PERSON_SHEET else line.person
    if line.person:
        found.code = read_record_code(line.person)
    try:
        found.number = number_of(text) if found.code is None or line.sheet is PERSON_SHEET else ""
    except ValidationError:
        found.number = ""
    return found


def copied(named: Iterable[Named], is_same: Any) -> set[int]:
    """Places of lines that bear the key of another line: rows that were copied in the spreadsheet to write a new one.

    The key belongs to the line that still says what the record says (`is_same`), else to the first.
    """
    groups: dict[int, list[Named]] = defaultdict(list)
    for one in named:
        if one.key is not None:
            groups[one.key.row].append(one)
    places: set[int] = set()
    for group in groups.values():
        if len(group) > 1:
            owner = next((one for one in group if is_same(one)), group[0])
            places |= {one.line.place for one in group if one is not owner}
    return places
