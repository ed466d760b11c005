"""Rosters as many offices might make them: seeded, each with what a careful reader would understand of it.

An office has habits (how it writes headers, birth dates, degrees, pay, units, numbers) and makes mistakes. The people
are invented; every combination of habits says the same facts.
"""

from __future__ import annotations

import csv
import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from tests.personnel.imports.roster.people import (
    DEGREE_SHORT,
    POLITICS,
    RANKS,
    STATE,
    UNITS,
    Person,
    invented,
)


@dataclass
class Cellwise:
    """A column that an office draws: its header from the top down, and the cell of a person."""

    path: tuple[str, ...]
    cell: Callable[[Person], Any]


@dataclass
class Drawn:
    """A roster as drawn: rows of cells, merged ranges, and what is true of it."""

    rows: list[list[Any]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)
    errors: set[tuple[int, str]] = field(default_factory=set)
    hidden_columns: list[int] = field(default_factory=list)
    habits: dict[str, str] = field(default_factory=dict)


class Office:
    """An office with the habits of its seed."""

    def __init__(self, seed: int, *, people: int = 24, with_errors: bool = False, as_text: bool = False) -> None:
        self.random = random.Random(seed)
        self.count = people
        self.with_errors = with_errors
        pick = self.random.choice
        self.habits = {
            "case": pick(("as-is", "upper", "lines")),
            "birth": pick(("one", "nam-nu", "nam-nu", "parts", "under-sex")),
            "sex": pick(("words", "marks", "nu", "words", "figures")),
            "name": pick(("whole", "whole", "apart")),
            "dates": pick(("real", "slash", "dots", "mixed", "iso", "mixed", "digits", "words")),
            "degree": pick(("text", "marks", "fields", "short")),
            "politics": pick(("text", "marks", "short")),
            "state": pick(("text", "marks", "short", "none")),
            "pay": pick(("columns", "combined", "combined-long", "numbers", "step-of")),
            "number": pick(("text", "number", "spaced", "dotted", "mixed")),
            "unit": pick(
                ("column", "sections", "sections", "numbered", "title-and-unit", "column-and-groups", "merged-column")
            ),
            "numbering": pick(("none", "(1)", "1", "A")),
            "merging": pick(("merged", "unmerged")),
            "margin": pick(("0", "1")),
            "ditto": pick(("nt", "″", "none", "-nt-")),
            "heads": pick(("once", "each-page")),
            "party": pick(("date", "two", "mark-and-date")),
            "day": pick(("Tính đến ngày 31/12/2025", "(thời điểm 31/12/2025)", "Có đến ngày 31 tháng 12 năm 2025")),
        }
        if self.habits["birth"] in ("nam-nu", "under-sex"):
            self.habits["sex"] = "by-birth"
        if as_text and self.habits["unit"] == "merged-column":
            self.habits["unit"] = "column"
        if with_errors:
            self.habits["name"] = "whole"

    def draw(self) -> Drawn:
        """The roster."""
        drawn = Drawn(habits=self.habits)
        people = [
            invented(
                self.random,
                place,
                two_degrees=self.habits["degree"] == "fields",
                has_state=self.habits["state"] != "none",
            )
            for place in range(self.count)
        ]
        people.sort(key=lambda person: UNITS.index(person.unit))
        self._captions(drawn)
        columns = self._columns()
        self._header(drawn, columns)
        self._body(drawn, columns, people)
        self._signature(drawn, len(columns))
        if self.habits["margin"] == "1":
            drawn.rows = [["", *row] for row in drawn.rows]
            drawn.merged = [(top, left + 1, bottom, right + 1) for top, left, bottom, right in drawn.merged]
        width = max(map(len, drawn.rows))
        drawn.rows = [row + [""] * (width - len(row)) for row in drawn.rows]
        return drawn

    # How cells are written

    def _name(self, person: Person) -> str:
        style = self.random.random()
        if style < 0.2:
            return person.name.upper()
        if style < 0.35:
            return unicodedata.normalize("NFD", person.name)
        if style < 0.5:
            return "\u00a0" + person.name.replace(" ", "  ", 1) + " "
        return person.name

    def _date(self, day: date | None) -> Any:
        if day is None:
            return ""
        style = self.habits["dates"]
        if style == "mixed":
            style = self.random.choice(("real", "slash", "dots", "short", "dashes"))
        return {
            "real": day,
            "slash": f"{day:%d/%m/%Y}",
            "dots": f"{day:%d.%m.%Y}",
            "short": f"{day.day}/{day.month}/{day.year}",
            "dashes": f"{day:%d-%m-%Y}",
            "iso": f"{day:%Y-%m-%d}",
            "digits": float(f"{day:%Y%m%d}"),
            "words": f"ngày {day.day} tháng {day.month} năm {day.year}",
        }[style]

    def _number(self, person: Person) -> Any:
        style = self.habits["number"]
        if style == "mixed":
            style = self.random.choice(("text", "number"))
        if style == "number":
            return float(int(person.number))
        parts = person.number[:3], person.number[3:6], person.number[6:]
        return {"spaced": " ".join(parts), "dotted": ".".join(parts)}.get(style, person.number)

    def _spelled(self, text: str) -> str:
        return self.random.choice((text, text, text.upper(), f" {text} ", unicodedata.normalize("NFD", text)))

    # Columns by habit

    def _columns(self) -> list[Cellwise]:
        pick = self.random.choice
        columns = [
            Cellwise((pick(("TT", "STT", "Số TT")),), lambda person: ""),
            *self._name_columns(),
            *self._sex_columns(),
            *self._birth_columns(),
            Cellwise((pick(("Số CCCD", "Số định danh cá nhân", "CMND/CCCD", "Mã định danh (12 số)")),), self._number),
            Cellwise((pick(("Dân tộc", "Dân\ntộc")),), lambda person: self._spelled(person.ethnicity)),
            *self._unit_columns(),
            Cellwise((pick(("Ngày tuyển dụng", "Ngày được tuyển dụng", "Tuyển dụng (ngày, tháng, năm)", "Ngày TD")),),
                     lambda person: self._date(person.recruited)),
            *self._party_columns(),
            *self._study_columns(),
            *self._pay_columns(),
            Cellwise((pick(("Số quyết định nâng lương", "Tuổi", "Xếp loại năm trước")),), lambda person: "123/QĐ"),
            Cellwise(("Ghi chú",), lambda person: person.note),
        ]  # fmt: skip
        return columns

    def _name_columns(self) -> list[Cellwise]:
        if self.habits["name"] == "apart":
            family, given = self.random.choice((("Họ đệm", "Tên"), ("Họ và tên đệm", "Tên"), ("Họ", "Tên")))
            return [
                Cellwise((family,), lambda person: person.name.rpartition(" ")[0]),
                Cellwise((given,), lambda person: person.name.rpartition(" ")[2]),
            ]
        header = self.random.choice(("Họ và tên", "Họ tên", "Họ và tên khai sinh", "Họ và tên CBCCVC"))
        return [Cellwise((header,), self._name)]

    def _sex_columns(self) -> list[Cellwise]:
        habit = self.habits["sex"]
        if habit == "words":
            shown = {"male": "Nam", "female": "Nữ"}
            return [Cellwise(("Giới tính",), lambda person: self._spelled(shown[person.sex]))]
        if habit == "figures":
            return [Cellwise(("Giới tính (1: Nam, 2: Nữ)",), lambda person: 1.0 if person.sex == "male" else 2.0)]
        if habit == "marks":
            return [
                Cellwise(("Giới tính", "Nam"), lambda person: "x" if person.sex == "male" else ""),
                Cellwise(("Giới tính", "Nữ"), lambda person: "X" if person.sex == "female" else ""),
            ]
        if habit == "nu":
            return [Cellwise(("Nữ",), lambda person: "x" if person.sex == "female" else "")]
        return []

    def _birth_columns(self) -> list[Cellwise]:
        habit = self.habits["birth"]
        group = self.random.choice(("Ngày, tháng, năm sinh", "Ngày sinh", "Năm sinh"))

        def of(sex: str) -> Callable[[Person], Any]:
            return lambda person: self._date(person.born) if person.sex == sex else ""

        if habit == "nam-nu":
            return [Cellwise((group, "Nam"), of("male")), Cellwise((group, "Nữ"), of("female"))]
        if habit == "under-sex":
            return [Cellwise(("Nam", "Năm sinh"), of("male")), Cellwise(("Nữ", "Năm sinh"), of("female"))]
        if habit == "parts":
            return [
                Cellwise((group, "Ngày"), lambda person: float(person.born.day)),
                Cellwise((group, "Tháng"), lambda person: f"{person.born.month:02d}"),
                Cellwise((group, "Năm"), lambda person: float(person.born.year)),
            ]
        return [Cellwise((group,), lambda person: self._date(person.born))]

    def _unit_columns(self) -> list[Cellwise]:
        title = self.random.choice(("Chức vụ", "Chức vụ, chức danh", "Chức vụ hiện nay"))

        def titles(person: Person) -> str:
            return self.random.choice(("; ", "\n", ", ")).join(person.titles)

        if self.habits["unit"] == "title-and-unit":
            return [
                Cellwise(("Chức vụ, đơn vị công tác",), lambda person: f"{'; '.join(person.titles)}, {person.unit[1]}")
            ]
        columns = [Cellwise((title,), titles)]
        if self.habits["unit"] in ("column", "column-and-groups", "merged-column"):
            columns.insert(0, Cellwise(("Đơn vị công tác",), lambda person: self._spelled(person.unit[1])))
        return columns

    def _party_columns(self) -> list[Cellwise]:
        def official(person: Person) -> Any:
            return self._date(person.joined + timedelta(days=366)) if person.joined else ""

        if self.habits["party"] == "two":
            return [
                Cellwise(("Ngày vào Đảng", "Dự bị"), lambda person: self._date(person.joined)),
                Cellwise(("Ngày vào Đảng", "Chính thức"), official),
            ]
        columns = [
            Cellwise((self.random.choice(("Ngày vào Đảng", "Ngày vào Đảng CSVN")),), lambda p: self._date(p.joined))
        ]
        if self.habits["party"] == "mark-and-date":
            columns.insert(0, Cellwise(("Đảng viên",), lambda person: "x" if person.joined else ""))
        return columns

    def _study_columns(self) -> list[Cellwise]:
        group = self.random.choice(("Trình độ", "Trình độ đào tạo, bồi dưỡng"))
        columns: list[Cellwise] = []
        degree = self.habits["degree"]
        if degree == "marks":
            columns += [
                Cellwise(
                    (group, "Chuyên môn", short), lambda person, level=level: "x" if level in person.degrees else ""
                )
                for level, short in DEGREE_SHORT.items()
            ]
        else:
            columns.append(Cellwise((group, "Chuyên môn"), self._degrees))
        if self.habits["politics"] == "marks":
            columns += [
                Cellwise((group, "Lý luận chính trị", short), lambda p, level=level: "x" if p.politics == level else "")
                for level, short in POLITICS.items()
            ]
        else:
            short = self.habits["politics"] == "short"
            columns.append(Cellwise((group, "LLCT"), lambda p: POLITICS.get(p.politics, "") if short else p.politics))
        if self.habits["state"] == "marks":
            columns += [
                Cellwise((group, "QLNN", short), lambda person, level=level: "x" if person.state == level else "")
                for level, short in STATE.items()
            ]
        elif self.habits["state"] != "none":
            short = self.habits["state"] == "short"
            columns.append(Cellwise((group, "QLNN"), lambda p: STATE.get(p.state, "") if short else p.state))
        return columns

    def _degrees(self, person: Person) -> str:
        habit = self.habits["degree"]
        if habit == "text":
            return self.random.choice((person.degrees[0], person.degrees[0].replace("sĩ", "sỹ")))
        if habit == "short":
            return DEGREE_SHORT[person.degrees[0]]
        parts = [f"{DEGREE_SHORT[level]} Luật" for level in person.degrees]
        return self.random.choice(("\n", "; ", ", ")).join(parts)

    def _pay_columns(self) -> list[Cellwise]:
        habit = self.habits["pay"]
        if habit == "combined":
            return [
                Cellwise(
                    ("Ngạch, bậc, hệ số",), lambda p: f"{RANKS[p.rank][0]} {p.step}/{RANKS[p.rank][2]}, {_comma(p)}"
                )
            ]
        if habit == "combined-long":
            return [
                Cellwise(
                    ("Ngạch, bậc, hệ số lương",),
                    lambda p: f"{p.rank} bậc {p.step}/{RANKS[p.rank][2]} hệ số {_comma(p)}",
                )
            ]
        rank: Callable[[Person], Any] = lambda person: person.rank  # noqa: E731
        if habit == "numbers":
            rank = lambda person: float(person.rank)  # noqa: E731
        step: Callable[[Person], Any] = lambda person: float(person.step)  # noqa: E731
        if habit == "step-of":
            step = lambda person: f"{person.step}/{RANKS[person.rank][2]}"  # noqa: E731
        group = self.random.choice(("Ngạch, bậc lương", "Lương hiện hưởng"))
        return [
            Cellwise((group, "Mã ngạch"), rank),
            Cellwise((group, "Bậc"), step),
            Cellwise((group, "Hệ số"), lambda p: self.random.choice((p.coefficient, _comma(p)))),
        ]

    # Lines of the sheet

    def _captions(self, drawn: Drawn) -> None:
        drawn.rows += [
            ["UBND TỈNH", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["", "", "", "Độc lập - Tự do - Hạnh phúc"],
            [],
            ["DANH SÁCH TRÍCH NGANG CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC"],
            [self.habits["day"]],
            [],
        ]
        for _ in range(self.random.randint(0, 8)):
            drawn.rows.append([])

    def _header(self, drawn: Drawn, columns: list[Cellwise]) -> None:
        depth = max(len(column.path) for column in columns)
        top = len(drawn.rows)
        grid = [["" for _ in columns] for _ in range(depth)]
        for place, column in enumerate(columns):
            for level, text in enumerate(column.path):
                grid[level][place] = self._header_text(text)
        merged = self.habits["merging"] == "merged"
        for level in range(depth):
            place = 0
            while place < len(columns):
                end = place
                path = columns[place].path
                while (
                    end + 1 < len(columns)
                    and columns[end + 1].path[: level + 1] == path[: level + 1]
                    and len(path) > level + 1
                ):
                    end += 1
                for blank in range(place + 1, end + 1):
                    grid[level][blank] = ""
                bottom = depth - 1 if len(path) == level + 1 else level
                if merged and len(path) > level and (end > place or bottom > level):
                    drawn.merged.append((top + level, place, top + bottom, end))
                place = end + 1
        drawn.rows += [list(row) for row in grid]
        self.header = grid
        if self.habits["numbering"] != "none":
            drawn.rows.append(self._numbering(len(columns)))

    def _header_text(self, text: str) -> str:
        if self.habits["case"] == "upper":
            return text.upper()
        return text.replace(" ", "\n", 1) if self.habits["case"] == "lines" and len(text) > 8 else text

    def _numbering(self, count: int) -> list[Any]:
        habit = self.habits["numbering"]
        if habit == "(1)":
            return [f"({place})" for place in range(1, count + 1)]
        if habit == "1":
            return [float(place) for place in range(1, count + 1)]
        return ["A", "B", *[float(place) for place in range(1, count - 1)]]

    def _body(self, drawn: Drawn, columns: list[Cellwise], people: list[Person]) -> None:
        unit = self.habits["unit"]
        last: Person | None = None
        counter = 0
        for place, person in enumerate(people):
            if last is None or person.unit != last.unit:
                if last is not None and self.random.random() < 0.5:
                    drawn.rows.append([f"Cộng: {counter} người"])
                counter = 0
                if unit == "sections":
                    self._section(drawn, person.unit[1].upper(), len(columns))
                elif unit == "numbered":
                    self._section(drawn, f"{'ABCD'[UNITS.index(person.unit)]}. {person.unit[1].upper()}", len(columns))
                    self._section(drawn, "I. Lãnh đạo", len(columns))
                elif unit == "column-and-groups":
                    self._section(
                        drawn, self.random.choice(("I. LÃNH ĐẠO", "II. CHUYÊN VIÊN", "BAN LÃNH ĐẠO")), len(columns)
                    )
                last = None
            if self.habits["heads"] == "each-page" and place and place % 9 == 0:
                drawn.rows += [list(row) for row in self.header]
            row = [column.cell(person) for column in columns]
            counter += 1
            row[0] = float(place + 1)
            ethnicity = next(i for i, column in enumerate(columns) if column.path[0].startswith("Dân"))
            if last is not None and last.ethnicity == person.ethnicity and self.habits["ditto"] != "none":
                row[ethnicity] = self.habits["ditto"]
            drawn.rows.append(row)
            drawn.people[len(drawn.rows)] = person
            last = person
            if self.with_errors and place % 3 == 1:
                self._spoil(drawn, columns, row, person)
                last = replace(person, ethnicity="")
        if unit == "merged-column":
            self._merge_units(drawn, next(i for i, one in enumerate(columns) if one.path == ("Đơn vị công tác",)))
        drawn.rows.append(["Tổng cộng", "", float(len(people))])

    def _merge_units(self, drawn: Drawn, column: int) -> None:
        """Merge the unit's cells of people who stand one below the other."""
        numbers = sorted(drawn.people)
        start = numbers[0]
        for number, after in zip(numbers, [*numbers[1:], 0], strict=True):
            if after == number + 1 and drawn.people[after].unit == drawn.people[start].unit:
                drawn.rows[after - 1][column] = ""
            else:
                if number > start:
                    drawn.merged.append((start - 1, column, number - 1, column))
                start = after

    def _spoil(self, drawn: Drawn, columns: list[Cellwise], row: list[Any], person: Person) -> None:
        """Make one mistake in a row, and note what it must be called."""

        def put(header: str, value: Any) -> bool:
            for place, column in enumerate(columns):
                title = " ".join(column.path).replace("\n", " ")
                if header in title and "Họ" not in title.replace(header, "") and (row[place] != "" or header != "sinh"):
                    row[place] = value
                    return True
            return False

        single_birth = self.habits["birth"] != "parts"
        mistakes: list[tuple[str, Callable[[], bool]]] = [
            ("missing-name", lambda: put("Họ", self.random.choice(("", "   ")))),
            (
                "bad-personal-number",
                lambda: put(self._number_header(columns), self.random.choice(("025175010X", "12345", 123456789.0))),
            ),
            ("cell-error", lambda: put(self._number_header(columns), "#N/A")),
            ("unknown-value", lambda: put("tộc", "Kinhh")),
            ("impossible-order", lambda: put("Ngày vào Đảng", f"01/01/{person.born.year - 2}")),
            ("impossible-order", lambda: put("uyển dụng", f"01/06/{person.born.year + 12}")),
            ("duplicate-in-file", lambda: self._repeat_number(drawn, columns, put)),
        ]
        if single_birth:
            mistakes += [
                ("bad-date", lambda: put("sinh", "31/02/1980")),
                ("under-age", lambda: put("sinh", "01/01/2015")),
                ("impossible-order", lambda: put("sinh", "01/01/2030")),
            ]
        if self.habits["unit"] in ("column", "column-and-groups"):
            mistakes.append(("unknown-unit", lambda: put("Đơn vị", "Sở Không Có Thật")))
        if self.habits["sex"] == "words":
            mistakes.append(("unknown-value", lambda: put("Giới", "Không rõ")))
        if self.habits["sex"] in ("marks", "by-birth"):
            mistakes.append(("two-sexes", lambda: self._both_sexes(columns, row)))
        code, spoil = self.random.choice(mistakes)
        if spoil():
            drawn.errors.add((len(drawn.rows), code))

    def _number_header(self, columns: list[Cellwise]) -> str:
        return next(column.path[0] for column in columns if column.cell == self._number)

    def _repeat_number(self, drawn: Drawn, columns: list[Cellwise], put: Callable[[str, Any], bool]) -> bool:
        bad = {row for row, _ in drawn.errors}
        others = [person for row, person in drawn.people.items() if row not in bad and row < len(drawn.rows)]
        return bool(others) and put(self._number_header(columns), self.random.choice(others).number)

    def _both_sexes(self, columns: list[Cellwise], row: list[Any]) -> bool:
        pair = [
            place for place, column in enumerate(columns)
            if {"Nam", "Nữ"} & set(column.path) and len(column.path) > 1
        ]  # fmt: skip
        filled = next(row[place] for place in pair if row[place] != "")
        for place in pair:
            row[place] = filled
        return True

    def _section(self, drawn: Drawn, text: str, width: int) -> None:
        drawn.rows.append([text])
        if self.habits["merging"] == "merged":
            drawn.merged.append((len(drawn.rows) - 1, 0, len(drawn.rows) - 1, width - 1))

    def _signature(self, drawn: Drawn, width: int) -> None:
        blank = [""] * max(0, width - 4)
        drawn.rows += [
            [],
            ["", f"Danh sách có {len(drawn.people)} người./."],
            ["", *blank, "Lào Cai, ngày 05 tháng 01 năm 2026"],
            ["", "NGƯỜI LẬP BIỂU", *blank, "GIÁM ĐỐC"],
            ["", "(Ký, ghi rõ họ tên)", *blank, "(Ký tên, đóng dấu)"],
            [],
            ["", "Trần Thị B", *blank, "Nguyễn Văn A"],
        ]


def workbook_of(sheets: dict[str, Drawn]) -> bytes:
    """The rosters as an .xlsx file."""
    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    plain = workbook.add_format()
    for name, drawn in sheets.items():
        sheet = workbook.add_worksheet(name)
        for top, left, bottom, right in drawn.merged:
            sheet.merge_range(top, left, bottom, right, "", plain)
        for row, values in enumerate(drawn.rows):
            for column, value in enumerate(values):
                if isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif value != "":
                    sheet.write(row, column, value) if isinstance(value, float) else sheet.write_string(
                        row, column, value
                    )
        for column in drawn.hidden_columns:
            sheet.set_column(column, column, None, None, {"hidden": True})
    workbook.close()
    return buffer.getvalue()


def text_of(drawn: Drawn, delimiter: str = ";") -> str:
    """The roster saved as delimited text: no merged cells, dates and numbers as a spreadsheet shows them."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    for values in drawn.rows:
        writer.writerow([_as_text(value) for value in values])
    return buffer.getvalue()


def _as_text(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",") if value != int(value) else str(int(value))
    return str(value)


def _comma(person: Person) -> str:
    return f"{person.coefficient:.2f}".replace(".", ",")
