"""The people of a decision as rows of a form: found by name or number, each with values beside the common ones."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q

from hrdb.kernel.keys import typed_key, typed_keys
from hrdb.kernel.models import User
from hrdb.kernel.text import clean_text, fold
from personnel.choices import AssignmentKind
from personnel.forms.decision_lookups import posts_of
from personnel.forms.decision_values import ActControls, Cell
from personnel.forms.lookups import CODE_AT_END
from personnel.models import Assignment, Cadre
from personnel.policies import Action
from personnel.services.decisions.cases import IDENTITY

#: People who are offered where a word does not tell one.
OFFERED: Final = 50
#: Lines that one act adds.
MOST_LINES: Final = 1_000
NUMBER_DIGITS: Final = 12
#: People whose personal number the reader sees, among those told by `with_tier_1`.
OPEN_NUMBER: Final = Q(("is_tier_1_open", True))
#: Fields that say who somebody new is.
WHO: Final = frozenset({*IDENTITY, "personal_number"})


@dataclass
class PersonRow:
    """One person of a form: who it is, the own values, what is wrong with them or with the person."""

    key: str
    cadre: Cadre | None
    cells: list[Cell]
    raw: Mapping[str, Any]
    post: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    #: What the check found, drawn by the page.
    report: Any = None

    @property
    def name(self) -> str:
        """Who it is."""
        if self.cadre is not None:
            return self.cadre.full_name
        return clean_text(str(self.raw.get("full_name") or "")) or "Người mới"

    @property
    def cadre_key(self) -> str:
        """The person's key as a form carries it; empty for somebody new."""
        return str(self.cadre.pk) if self.cadre is not None else ""

    @property
    def plain_cells(self) -> list[Cell]:
        """The cells that have a column each."""
        return [cell for cell in self.cells if not cell.is_flag]

    @property
    def flag_cells(self) -> list[Cell]:
        """What is ticked, kept together."""
        return [cell for cell in self.cells if cell.is_flag]

    @property
    def has_flags(self) -> bool:
        """Whether something is ticked."""
        return any(cell.value for cell in self.flag_cells)

    @property
    def is_faulty(self) -> bool:
        """Whether something is wrong."""
        return bool(self.faults) or any(cell.errors for cell in self.cells)


@dataclass
class Found:
    """What some lines that name people mean."""

    people: list[Cadre] = field(default_factory=list)
    #: Lines that several people fit, with those.
    several: list[tuple[str, list[Cadre]]] = field(default_factory=list)
    #: Lines that nobody in scope fits.
    nobody: list[str] = field(default_factory=list)


def find_people(lines: Iterable[str], user: User | None) -> Found:
    """Whom lines name, on whom the user decides: by personal number, by name, or as the suggestions write them.

    Four statements for any number of lines; who is out of scope is nobody.
    """
    asked = [text for text in (clean_text(line) for line in lines) if text][:MOST_LINES]
    mine = Cadre.objects.visible_to(user, Action.DECIDE)
    keys = {
        text: key for text in asked if (code := CODE_AT_END.search(text)) and (key := typed_key(code[1])) is not None
    }
    numbers = {text: _digits(text) for text in asked if len(_digits(text)) == NUMBER_DIGITS}
    names = {text: fold(text) for text in asked if text not in keys and text not in numbers}
    by_key = {cadre.pk: [cadre] for cadre in mine.filter(pk__any=list(keys.values()))} if keys else {}
    by_number: dict[str, list[Cadre]] = {}
    if numbers:
        told = mine.with_tier_1(user).filter(OPEN_NUMBER, personal_number__in=list(numbers.values()))
        by_number = {cadre.personal_number or "": [cadre] for cadre in told}
    by_name: dict[str, list[Cadre]] = defaultdict(list)
    if names:
        for cadre in mine.filter(search_key__in=list(names.values())).order_by("sort_key", "pk"):
            by_name[cadre.search_key].append(cadre)
    found = Found()
    for text in asked:
        fitting = (
            by_key.get(keys[text], [])
            if text in keys
            else by_number.get(numbers[text], [])
            if text in numbers
            else by_name.get(names[text], [])
        )
        if not fitting and text in names and len(asked) == 1:
            fitting = list(mine.filter(search_key__contains=names[text]).order_by("sort_key", "pk")[:OFFERED])
        if len(fitting) == 1:
            found.people += fitting
        elif fitting:
            found.several.append((text, fitting))
        else:
            found.nobody.append(text)
    return found


def _digits(text: str) -> str:
    bare = text.replace(" ", "").replace(".", "").lstrip("'")
    return bare if bare.isdecimal() else ""


@dataclass
class PeopleTable:
    """The rows of people of a form."""

    controls: ActControls
    day: datetime.date
    rows: list[PersonRow] = field(default_factory=list)

    @property
    def fields(self) -> Sequence[Any]:
        """The fields that rows have."""
        return self.controls.fields

    @property
    def heads(self) -> list[str]:
        """The columns of the own values; what is ticked has one together."""
        heads = [item.label for item in self.fields if item.input != "flag"]
        return heads + (["Xác nhận riêng"] if len(heads) < len(self.fields) else [])

    def add(self, key: str, cadre: Cadre | None, raw: Mapping[str, Any]) -> PersonRow:
        """A row with what was typed in it."""
        row = PersonRow(key, cadre, [], raw)
        self.tell(row, raw)
        self.rows.append(row)
        return row

    def tell(self, row: PersonRow, raw: Mapping[str, Any]) -> None:
        """Put what was typed into a row."""
        row.raw = raw
        row.cells = self.controls.cells(f"p{row.key}", raw, row.name)
        for cell in row.cells:
            cell.is_closed = row.cadre is not None and cell.act_field.key in WHO

    def add_people(self, people: Iterable[Cadre]) -> int:
        """Rows for people who are not there yet; answers how many."""
        there, before = {row.cadre.pk for row in self.rows if row.cadre is not None}, len(self.rows)
        for cadre in people:
            if cadre.pk not in there:
                there.add(cadre.pk)
                self.add(self.free_key(), cadre, {})
        return len(self.rows) - before

    def free_key(self) -> str:
        """A key that no row has."""
        return str(max((int(row.key) for row in self.rows if row.key.isdecimal()), default=0) + 1)

    def describe(self) -> None:
        """Tell where everybody works on the day."""
        posts = posts_of([row.cadre.pk for row in self.rows if row.cadre is not None], self.day)
        for row in self.rows:
            row.post = posts.get(row.cadre.pk, "") if row.cadre is not None else "chưa có hồ sơ"

    def clean(self, near: Collection[int | None] = ()) -> bool:
        """Read what was typed in every row; faults stand beside it. Answers whether there are none.

        `near` are units said for everybody; each person's own unit is asked besides about what belongs to units.
        """
        homes = self._homes() if any(item.key == "job_position" for item in self.fields) else {}
        for row in self.rows:
            home = homes.get(row.cadre.pk) if row.cadre is not None else None
            row.values, faults = self.controls.clean(row.raw, near or (home,))
            for cell in row.cells:
                cell.errors = faults.get(cell.act_field.key, [])
        return not any(row.is_faulty for row in self.rows)

    def _homes(self) -> dict[int, int | None]:
        ids = [row.cadre.pk for row in self.rows if row.cadre is not None]
        held = Assignment.objects.in_force(self.day).filter(cadre_id__any=ids, kind=AssignmentKind.MAIN)
        return dict(held.values_list("cadre_id", "unit_id"))

    def pairs(self) -> list[tuple[Cadre | None, Mapping[str, Any]]]:
        """People with their values, as the services take them."""
        return [(row.cadre, row.values) for row in self.rows]


def sent_table(table: PeopleTable, data: Any, user: User | None) -> PeopleTable:
    """Fill a table with the rows that a form carried, each person once; who is out of scope by now is left out."""
    keys = [key for key in dict.fromkeys(data.getlist("row")) if typed_key(key) is not None]
    named = {key: data.get(f"p{key}-cadre", "") for key in keys}
    ids = typed_keys(named.values())
    people = {one.pk: one for one in Cadre.objects.visible_to(user, Action.DECIDE).filter(pk__any=ids)}
    for key in keys:
        cadre = people.pop(typed_key(named[key]) or 0, None)
        if cadre is not None or not named[key]:
            table.add(key, cadre, table.controls.raw(f"p{key}", data))
    return table
