"""One reader for each kind of column: from a cell to the values it gives and the flaws they have.

Readers are made once for a table and remember the texts that repeat, so that a large roster costs little for each cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from hrdb.kernel.spreadsheets.reading import CellError
from hrdb.kernel.text import clean_lines, clean_text, fold
from personnel.imports.roster.columns import Column
from personnel.imports.roster.issues import (
    BAD_DATE,
    CELL_ERROR,
    UNMAPPED_VALUE,
    Flaw,
    unknown_value,
)
from personnel.imports.roster.lookups import Lookups
from personnel.imports.roster.membership import read_membership
from personnel.imports.roster.parts import DegreePart, LanguagePart, read_pay, split_degrees, split_languages
from personnel.imports.roster.persons import SEXES, read_name, sex_legend
from personnel.imports.roster.results import ParsedValue
from personnel.imports.roster.states import secondment_of, state_of
from personnel.imports.roster.swapped import put_right
from personnel.imports.roster.values import (
    BadValue,
    dates_in,
    is_mark,
    is_no,
    is_nothing,
    number_text,
    read_coefficient,
    read_date,
    read_percent,
    read_personal_number,
    read_step,
    schooling_of_date,
)


class Reading(NamedTuple):
    """What a cell gives: the value of its field, values of other fields, and flaws."""

    parsed: ParsedValue | None
    others: tuple[tuple[str, ParsedValue], ...] = ()
    flaws: tuple[Flaw, ...] = ()


NOTHING: Final = Reading(None)

CellReader = Callable[[Any], Reading]

#: Cells that say «as above».
_DITTO: Final = frozenset(
    {
        "nt", "-nt-", "- nt -", "nt.", "n/t", "n.t", "n t", "như trên", "như trên.", "nhu tren", "″",
        '"', "''", "”", "“", "〃", "''''", "-''-", '-"-', "- ″ -", "-″-", '" "', "//", "˝", "“”", "´´",
    }
)  # fmt: skip
_ERROR_TEXTS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#N/A!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
#: A rank's code that went through a number: *1.003*, *1,01*.
_SHORT_RANK: Final = re.compile(r"(\d{1,2})[.,](\d{2,3})")
_PERIOD: Final = re.compile(r"\d{4}\s*[-–]\s*(\d{4})")
_NOT_DITTO: Final = frozenset({"name", "personal_number", "ignored", "mark", "note"})
_UNREPEATED: Final = frozenset({"name", "personal_number", "note", "phone"})


@dataclass(frozen=True, slots=True)
class Reader:
    """A column's reader with what the row loop asks about it."""

    read: CellReader
    may_say_ditto: bool
    remembers: bool


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What readers need to know of the file and of the decisions about it."""

    lookups: Lookups
    this_year: int
    digits_are_numbers: bool
    #: Codes that an officer chose for texts, by list name and folded text.
    chosen: dict[tuple[str, str], str | None]
    #: The header of the column that is read, where it explains what its cells mean.
    header: str = ""


def is_ditto(value: Any) -> bool:
    """Whether a cell says «as above»."""
    return value.__class__ is str and len(value) < 14 and value.strip().lower() in _DITTO


def error_text(value: Any) -> str | None:
    """The error that a cell holds (#N/A and its kin), None for a sound cell."""
    if isinstance(value, CellError):
        return str(value)
    if value.__class__ is str and value[:1] == "#" and value.strip().upper() in _ERROR_TEXTS:
        return str(value.strip())
    return None


def reader_for(column: Column, around: Circumstances, *, header: str = "", swap_dates: bool = False) -> Reader:
    """The reader of a column's cells."""
    plain = _READERS[column.kind](column, replace(around, header=header))

    def read(value: Any) -> Reading:
        error = error_text(value)
        if error is not None:
            if column.kind == "ignored":
                return NOTHING
            return Reading(None, flaws=(_cell_error(error),))
        if swap_dates:
            value = put_right(value)
        try:
            return plain(value)
        except BadValue as bad:
            return Reading(None, flaws=(bad.flaw,))

    return Reader(read, column.kind not in _NOT_DITTO, column.kind not in _UNREPEATED)


def _cell_error(error: str) -> Flaw:
    if error == "#CÔNG-THỨC":
        return Flaw(CELL_ERROR, "Ô chứa công thức chưa được tính. Hãy mở tệp bằng Excel, lưu lại rồi gửi lại.")
    return Flaw(CELL_ERROR, f"Ô bị lỗi {error}. Hãy nhập lại giá trị.")


def _text_of(value: Any) -> str:
    """A cell as one line of text."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, datetime | date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    return number_text(float(value))


def _ignored(column: Column, around: Circumstances) -> CellReader:
    return lambda value: NOTHING


def _text(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        text = _text_of(value)
        return NOTHING if is_nothing(text) else Reading(ParsedValue(value, text))

    return read


def _name(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        # A date or a number in the place of the name is no name.
        text = read_name(value) if isinstance(value, str) else ""
        return Reading(ParsedValue(value, text)) if text else NOTHING

    return read


def _sex(column: Column, around: Circumstances) -> CellReader:
    legend = sex_legend(around.header)

    def read(value: Any) -> Reading:
        text = _text_of(value)
        if is_nothing(text) and text != "0":
            return NOTHING
        key = fold(text).strip(" .")
        sex = around.chosen.get(("sex", fold(text))) or legend.get(key) or SEXES.get(key)
        if sex is None:
            return Reading(None, flaws=(unknown_value("sex", text),))
        return Reading(ParsedValue(value, sex, sex))

    return read


def _date(column: Column, around: Circumstances) -> CellReader:
    is_birth = column.field == "birth_date"

    def read(value: Any) -> Reading:
        try:
            found, flaw = read_date(value, around.this_year, is_birth=is_birth)
        except BadValue:
            # *QĐ số 12 ngày 01/02/2020*: of other days than births the only one in a text is the one.
            days = dates_in(clean_text(value)) if isinstance(value, str) and not is_birth else []
            if len(days) != 1 or days[0] == clean_text(value):
                raise
            found, flaw = read_date(days[0], around.this_year)
        return Reading(ParsedValue(value, found) if found else None, flaws=(flaw,) if flaw else ())

    return read


def _study_year(column: Column, around: Circumstances) -> CellReader:
    """The year in which someone finished; of a period (*2010 - 2014*) its end."""
    plain = _date(column, around)

    def read(value: Any) -> Reading:
        period = _PERIOD.fullmatch(clean_text(value)) if isinstance(value, str) else None
        found = plain(period[1]) if period is not None else plain(value)
        return found._replace(parsed=found.parsed._replace(raw=value)) if found.parsed is not None else found

    return read


def _date_part(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        text = _text_of(value).strip(" .")
        if is_nothing(text) or not text.strip("0"):
            return NOTHING
        if not text.isdecimal() or len(text) > 4:
            raise BadValue(BAD_DATE, f"«{text}» không phải là ngày, tháng hoặc năm sinh.")
        return Reading(ParsedValue(value, int(text)))

    return read


def _member(column: Column, around: Circumstances) -> CellReader:
    """The days of the Party that the cell tells, and that somebody is a member."""

    def read(value: Any) -> Reading:
        told = read_membership(value, column.field, around.this_year)
        if not told.is_member:
            return Reading(None, flaws=told.flaws)
        days = tuple((name, ParsedValue(value, day)) for name, day in told.days)
        return Reading(None, (*days, ("is_party_member", ParsedValue(value, True))), told.flaws)

    return read


def _code(column: Column, around: Circumstances) -> CellReader:
    lookups, list_name = around.lookups, column.list_name

    def read(value: Any) -> Reading:
        text = _text_of(value)
        if is_nothing(text):
            return NOTHING
        code, flaw = _match(text, list_name, around)
        if code is None and flaw is not None and flaw.code == UNMAPPED_VALUE and is_no(text):
            return NOTHING
        shown = lookups.name_of(list_name, code) if code is not None else text
        return Reading(ParsedValue(value, shown, code), flaws=(flaw,) if flaw else ())

    return read


def _match(text: str, list_name: str, around: Circumstances) -> tuple[str | None, Flaw | None]:
    """The code of a text: as an officer chose, else as the list knows it; what was chosen to stay text has no flaw."""
    key = (list_name, fold(text))
    if key in around.chosen:
        return around.chosen[key], None
    code = around.lookups.match_code(list_name, text)
    return code, None if code is not None else unknown_value(list_name, text)


def _schooling(column: Column, around: Circumstances) -> CellReader:
    by_text = _code(column, around)

    def read(value: Any) -> Reading:
        if isinstance(value, date):
            found = by_text(schooling_of_date(value))
            return found._replace(parsed=found.parsed._replace(raw=value)) if found.parsed else found
        if value in (12, 10):
            value = f"{int(value)}/{int(value)}"
        return by_text(value)

    return read


def _mark(column: Column, around: Circumstances) -> CellReader:
    """An x under a value; under a degree the cell may also name the field of study."""
    if column.field == "sex_mark":
        return lambda value: Reading(ParsedValue(value, column.argument)) if is_mark(value) else NOTHING
    list_names = {
        "degree": "degree_levels",
        "political_theory": "political_theory_levels",
        "state_management": "state_management_levels",
        "category": "category",
    }
    list_name = list_names[column.field]
    code, flaw = _match(column.argument, list_name, around)
    flaws = (flaw,) if flaw else ()

    def read(value: Any) -> Reading:
        if (isinstance(value, str) and is_no(clean_text(value))) or value == 0:
            return NOTHING
        if column.field != "degree":
            return Reading(
                ParsedValue(value, around.lookups.name_of(list_name, code) if code else column.argument, code),
                (),
                flaws,
            )
        text = "" if is_mark(value) or not isinstance(value, str) else clean_text(value)
        parts = split_degrees(value, around.lookups, list_name) if text else []
        if not (parts and all(part.code for part in parts)):
            parts = [DegreePart(f"{column.argument} {text}".strip(), code, text)]
        return Reading(ParsedValue(value, tuple(parts), parts[0].code), (), flaws)

    return read


def _titles(column: Column, around: Circumstances) -> CellReader:
    """The lines of the cell; what titles they are is told when the row's unit is known."""

    def read(value: Any) -> Reading:
        text = "\n".join(clean_lines(value)) if isinstance(value, str) else _text_of(value)
        return NOTHING if is_no(text) else Reading(ParsedValue(value, text))

    return read


def _degrees(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        if not isinstance(value, str):
            return Reading(None, flaws=(unknown_value(column.list_name, _text_of(value)),))
        text = clean_text(value)
        if is_nothing(text):
            return NOTHING
        others: tuple[tuple[str, ParsedValue], ...] = ()
        academic, rest = _academic_title(value, around)
        if academic is not None:
            others = (("academic_title", academic),)
        parts = split_degrees(rest, around.lookups, column.list_name)
        parts = [
            part._replace(code=around.chosen[column.list_name, fold(part.text)])
            if part.code is None and (column.list_name, fold(part.text)) in around.chosen
            else part
            for part in parts
        ]
        flaws = tuple(
            unknown_value(column.list_name, part.text)
            for part in parts
            if part.code is None and (column.list_name, fold(part.text)) not in around.chosen
        )
        if not parts:
            return Reading(None, others)
        return Reading(ParsedValue(value, tuple(parts), parts[0].code), others, flaws)

    return read


def _academic_title(text: str, around: Circumstances) -> tuple[ParsedValue | None, str]:
    """*PGS.TS Luật* as phó giáo sư and the rest."""
    head, dot, rest = clean_text(text).partition(".")
    code = around.lookups.match_code("academic_titles", head) if head else None
    if code is None or (not dot and clean_text(text) != head):
        return None, text
    return ParsedValue(head, around.lookups.name_of("academic_titles", code), code), rest.strip(" ,;")


def _languages(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        text = _text_of(value)
        if is_nothing(text):
            return NOTHING
        if column.argument:
            text = column.argument if is_mark(value) else f"{column.argument} {text}"
        parts = split_languages(text, around.lookups, "languages", "language_levels")
        flaws = []
        known: list[LanguagePart] = []
        for part in parts:
            key = ("language_levels", fold(part.text))
            if part.language is None and part.level is None:
                if key in around.chosen:
                    part = part._replace(level=around.chosen[key])
                elif is_no(part.text) or is_mark(part.text):
                    continue
                else:
                    flaws.append(unknown_value("language_levels", part.text))
            known.append(part)
        if not known:
            return NOTHING
        return Reading(ParsedValue(value, tuple(known), known[0].level), (), tuple(flaws))

    return read


def _rank(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        if isinstance(value, date):
            return Reading(None, flaws=(unknown_value(column.list_name, _text_of(value)),))
        # A code typed as a number lost its zeros: 1.003 is 01.003.
        text = f"{value:06.3f}" if isinstance(value, float | int) else clean_text(value)
        if is_nothing(text):
            return NOTHING
        if short := _SHORT_RANK.fullmatch(text):
            text = f"{short[1]:0>2}.{short[2]:0<3}"
        pay = read_pay(text, around.lookups, column.list_name)
        others = []
        if pay.step is not None:
            others.append(("pay_step", ParsedValue(value, pay.step)))
        if pay.coefficient is not None:
            others.append(("coefficient", ParsedValue(value, pay.coefficient)))
        if pay.over_frame is not None:
            others.append(("over_frame", ParsedValue(value, pay.over_frame)))
        code: str | None = pay.rank
        flaws: tuple[Flaw, ...] = ()
        if code is None and pay.rank_text:
            code, flaw = _match(pay.rank_text, column.list_name, around)
            flaws = (flaw,) if flaw else ()
        parsed = ParsedValue(value, pay.rank_text, code) if pay.rank_text else None
        return Reading(parsed, tuple(others), flaws)

    return read


def _step(column: Column, around: Circumstances) -> CellReader:
    """A step; a cell of step and coefficient together (*3/9; 3,00*) gives both."""

    def read(value: Any) -> Reading:
        try:
            step, flaw = read_step(value)
        except BadValue:
            pay = read_pay(value, around.lookups, "ranks") if isinstance(value, str) else None
            if pay is None or pay.step is None or pay.coefficient is None:
                raise
            return Reading(ParsedValue(value, pay.step), (("coefficient", ParsedValue(value, pay.coefficient)),))
        return Reading(ParsedValue(value, step) if step else None, flaws=(flaw,) if flaw else ())

    return read


def _coefficient(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        if value == 0:
            return NOTHING
        number, over = read_coefficient(value)
        others = (("over_frame", ParsedValue(value, over)),) if over and column.field == "coefficient" else ()
        return Reading(ParsedValue(value, number) if number is not None else None, others)

    return read


def _percent(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        percent = read_percent(value)
        return Reading(ParsedValue(value, percent)) if percent is not None else NOTHING

    return read


def _personal_number(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        number, flaw = read_personal_number(value, digits_are_numbers=around.digits_are_numbers)
        return Reading(ParsedValue(value, number) if number else None, flaws=(flaw,) if flaw else ())

    return read


def _phone(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        text = _text_of(value)
        if isinstance(value, float | int) and len(text) == 9:
            text = "0" + text
        return NOTHING if is_no(text) else Reading(ParsedValue(value, text))

    return read


def _state(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        text = _text_of(value)
        if is_nothing(text):
            return NOTHING
        if secondment := secondment_of(text, around.lookups):
            parsed = ParsedValue(value, text, "seconded")
            return Reading(parsed, (("secondment", ParsedValue(value, secondment, secondment.unit)),))
        key = ("states", fold(text))
        code = around.chosen[key] if key in around.chosen else state_of(text)
        flaws = () if code or key in around.chosen else (unknown_value("states", text),)
        return Reading(ParsedValue(value, text, code), flaws=flaws)

    return read


def _note(column: Column, around: Circumstances) -> CellReader:
    def read(value: Any) -> Reading:
        text = _text_of(value)
        if is_nothing(text):
            return NOTHING
        others: tuple[tuple[str, ParsedValue], ...] = ()
        if secondment := secondment_of(text, around.lookups):
            told = ParsedValue(value, secondment, secondment.unit)
            others = (("secondment", told), ("state", ParsedValue(value, text, "seconded")))
        elif state := state_of(text):
            others = (("state", ParsedValue(value, text, state)),)
        return Reading(ParsedValue(value, text), others)

    return read


_READERS: Final[dict[str, Callable[[Column, Circumstances], CellReader]]] = {
    "ignored": _ignored,
    "text": _text,
    "name": _name,
    "sex": _sex,
    "date": _date,
    "study_year": _study_year,
    "date_part": _date_part,
    "member": _member,
    "code": _code,
    "schooling": _schooling,
    "mark": _mark,
    "titles": _titles,
    "title_and_unit": _titles,
    "degrees": _degrees,
    "languages": _languages,
    "rank": _rank,
    "step": _step,
    "coefficient": _coefficient,
    "percent": _percent,
    "personal_number": _personal_number,
    "phone": _phone,
    "unit": _titles,
    "state": _state,
    "note": _note,
}
