"""All lines of a workbook beside the record: sheet by sheet, then what only the lines of one person together tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from personnel.choices import STUB_CLASSIFICATIONS
from personnel.exports.workbook.cells import as_text
from personnel.exports.workbook.people import shows
from personnel.exports.workbook.references import OfUnitReference
from personnel.exports.workbook.sheets import PERSON_SHEET, Sheet
from personnel.imports.workbook import verdicts
from personnel.imports.workbook.judging import LineJudge
from personnel.imports.workbook.reading import Line, ReadBook
from personnel.imports.workbook.verdicts import LineVerdict
from personnel.imports.workbook.whose import Named, Whose, copied, whose_lines
from personnel.models import Cadre
from personnel.services.births import refused_births


@dataclass
class Compared:
    """Every line's verdict by its place, and the stored rows that they stand beside, by sheet and person."""

    read: ReadBook
    whose: Whose
    verdicts: dict[int, LineVerdict] = field(default_factory=dict)
    stored: dict[str, dict[int, list[Any]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def of_sheet(self, sheet: Sheet) -> Iterator[LineVerdict]:
        """The verdicts of one sheet, in the order of the file."""
        return (verdict for verdict in self.verdicts.values() if verdict.line.sheet is sheet)


def compare_lines(read: ReadBook, *, lock: bool = False) -> Compared:
    """Judge every line, people first; with `lock`, the people are locked before their records are read."""
    compared = Compared(read, whose_lines(read.lines, user=read.user, lock=lock))
    judge = LineJudge(read)
    for sheet, _ in read.book.sheets.values():
        lines = [line for line in read.lines if line.sheet is sheet]
        if not lines:
            continue
        if sheet is PERSON_SHEET:
            _compare_people(compared, judge, lines)
        else:
            _compare_rows(compared, judge, sheet, lines)
    compared.verdicts = dict(sorted(compared.verdicts.items()))
    return compared


def _compare_people(compared: Compared, judge: LineJudge, lines: Sequence[Line]) -> None:
    seen: dict[int | str, int] = {}
    for line in lines:
        named = compared.whose.named[line.place]
        verdict = _judge_person(compared, judge, named)
        who = verdict.cadre_id or named.number
        if not verdict.errors and who in seen:
            verdict.refuse(verdicts.REPEATED, "personal_number", named.number, f"Người này đã có ở dòng {seen[who]}.")
        seen.setdefault(who, line.number)
        compared.verdicts[line.place] = verdict
        if verdict.changes.cadre is not None and not verdict.errors:
            compared.whose.arriving[named.number] = verdict.changes.cadre
    _judge_numbers(compared)
    _judge_births(compared)


def _judge_person(compared: Compared, judge: LineJudge, named: Named) -> LineVerdict:
    line, whose = named.line, compared.whose
    if named.is_forged:
        return LineVerdict.of(line).refuse(verdicts.BAD_KEY)
    if named.key is not None or named.code is not None:
        cadre = whose.people.get(named.key.person if named.key is not None else named.code or 0)
        if cadre is None:
            return LineVerdict.of(line).refuse(verdicts.NEEDS_PROVINCE)
        return judge.stored(named, cadre, cadre)
    cadre = whose.by_number.get(named.number)
    if cadre is not None:
        return _by_number(judge, named, cadre)
    if named.number in whose.held_elsewhere:
        return LineVerdict.of(line).refuse(verdicts.NEEDS_PROVINCE, "personal_number", named.number)
    return judge.arriving(line)


def _by_number(judge: LineJudge, named: Named, cadre: Any) -> LineVerdict:
    """A line whose number is held: name and birth that both differ are somebody else's, never two corrections."""
    differing = {column.key for column in judge.differing(named.line, cadre, cadre)}
    if {"full_name", "born"} <= differing:
        message = f"Số định danh này là của {cadre.full_name}, khác cả họ tên và ngày sinh với dòng này."
        return LineVerdict.of(named.line).refuse(verdicts.OF_ANOTHER, "personal_number", named.number, message)
    return judge.stored(named, cadre, cadre)


def _judge_numbers(compared: Compared) -> None:
    """Numbers that somebody else holds: named inside the scope, the neutral answer outside."""
    whose = compared.whose
    for verdict in compared.of_sheet(PERSON_SHEET):
        number = verdict.changes.edits.get((Cadre, verdict.cadre_id or 0), {}).get("personal_number")
        if number is None:
            continue
        if number in whose.held_elsewhere:
            verdict.refuse(verdicts.NEEDS_PROVINCE, "personal_number", number)
        elif number in whose.by_number:
            message = f"Số định danh này đã có ở hồ sơ của {whose.by_number[number].full_name}."
            verdict.refuse("duplicate", "personal_number", number, message)
        else:  # other lines may call the person so already
            whose.by_number[number] = whose.people[verdict.cadre_id or 0]


def _judge_births(compared: Compared) -> None:
    """A corrected birth or date of the person's own row against what the record tells."""
    pairs, places = [], []
    for verdict in compared.of_sheet(PERSON_SHEET):
        edits = verdict.changes.edits.get((Cadre, verdict.cadre_id or 0))
        if edits and not verdict.errors:
            before = compared.whose.people[verdict.cadre_id or 0]
            after = Cadre(**{item.attname: getattr(before, item.attname) for item in Cadre._meta.concrete_fields})
            for name, value in edits.items():
                setattr(after, name, value)
            pairs.append((before, after))
            places.append(verdict)
    for place, error in refused_births(pairs, today=timezone.localdate()).items():
        for name, messages in error.message_dict.items():
            places[place].refuse("impossible-order", name, message=messages[0])


def _compare_rows(compared: Compared, judge: LineJudge, sheet: Sheet, lines: Sequence[Line]) -> None:
    whose = compared.whose
    named = [whose.named[line.place] for line in lines]
    rows = _read_rows(compared, sheet, named)

    def is_same(one: Named) -> bool:
        row, cadre = rows.get(one.key.row if one.key else 0), whose.people.get(one.key.person if one.key else 0)
        return row is not None and cadre is not None and not judge.differing(one.line, row, cadre)

    twice = copied(named, is_same)
    for one in named:
        if one.line.place in twice:
            one.key = None
        verdict = _judge_row(compared, judge, one, rows)
        if one.line.place in twice:
            message = "Dòng này chép từ dòng khác của sổ; được hiểu là dòng mới."
            verdict.warn(verdicts.COPIED, message=message)
        compared.verdicts[one.line.place] = verdict


def _read_rows(compared: Compared, sheet: Sheet, named: Sequence[Named]) -> dict[int, Any]:
    """The stored rows of everybody whom a sheet names, by id; what units' own lists hold is read with them."""
    whose = compared.whose
    people = {one.key.person for one in named if one.key is not None}
    people |= {cadre.pk for one in named if one.key is None and (cadre := whose.person_of(one)) is not None}
    shown = [pk for pk in people if pk in whose.people and shows(sheet, whose.people[pk])]
    rows = list(sheet.rows(shown, compared.read.book.day, is_past=False)) if shown else []
    for row in rows:
        compared.stored[sheet.key][row.cadre_id].append(row)
    columns = compared.read.columns(sheet)
    if any(isinstance(_reference(compared, column), OfUnitReference) for column in columns):
        units = {row.unit_id for row in rows if row.unit_id} | set(_units_of(compared, named))
        compared.read.book.preload(columns, [sheet.held(row) for row in rows], units)
    return {row.pk: row for row in rows}


def _reference(compared: Compared, column: Any) -> Any:
    return compared.read.book.references.of(column) if column.holds == "relation" else None


def _units_of(compared: Compared, named: Sequence[Named]) -> Iterator[int]:
    """The units that lines name: what belongs to a unit is looked for among theirs."""
    texts = {as_text(one.line.cells.get("unit", "")) for one in named}
    for text in texts:
        if (unit := compared.read.book.references.units.find(text)) is not None:
            yield unit


def _judge_row(compared: Compared, judge: LineJudge, named: Named, rows: dict[int, Any]) -> LineVerdict:
    line, whose = named.line, compared.whose
    verdict = LineVerdict.of(line)
    if line.mark and not line.is_marked:
        return verdict.refuse("bad-mark", "_remove", line.mark, "Đánh dấu x, hoặc để trống.")
    if line.is_marked and not line.sheet.may_remove:
        return verdict.refuse(verdicts.KEPT, "_remove", line.mark)
    if named.is_forged:
        return verdict.refuse(verdicts.BAD_KEY)
    if named.key is not None:
        return _judge_keyed(compared, judge, named, rows)
    if not line.person:
        return verdict.refuse(verdicts.NO_PERSON, "_person")
    cadre = whose.person_of(named)
    if cadre is None:
        return verdict.refuse(verdicts.NEEDS_PROVINCE, "_person", line.person, _unknown(line))
    arriving = cadre if cadre.pk is None else None
    return judge.added(line, cadre, stored=compared.stored[line.sheet.key].get(cadre.pk, []), arriving=arriving)


def _unknown(line: Line) -> str:
    """The one answer for who is elsewhere and who is nowhere."""
    return (
        f"«{line.person}» không thuộc hồ sơ nào bạn quản lý và không có ở trang «{PERSON_SHEET.label}» của tệp: "
        "hãy ghi đúng số, thêm người ở trang đó, hoặc gửi đề nghị tiếp nhận."
    )


def _judge_keyed(compared: Compared, judge: LineJudge, named: Named, rows: dict[int, Any]) -> LineVerdict:
    line, whose = named.line, compared.whose
    verdict = LineVerdict.of(line)
    assert named.key is not None
    cadre = whose.people.get(named.key.person)
    if cadre is None or not shows(line.sheet, cadre):
        is_stub = cadre is not None and cadre.classification in STUB_CLASSIFICATIONS
        return verdict.refuse(verdicts.STUB if is_stub else verdicts.NEEDS_PROVINCE)
    verdict.cadre_id, verdict.name = cadre.pk, cadre.full_name
    row = rows.get(named.key.row)
    if row is None:
        return verdict if line.is_marked else verdict.refuse(verdicts.GONE)
    if row.cadre_id != cadre.pk:
        return verdict.refuse(verdicts.BAD_KEY)
    if not whose.is_named_as_before(named):
        return verdict.refuse(verdicts.OTHER_PERSON, "_person", line.person)
    return judge.stored(named, row, cadre)
