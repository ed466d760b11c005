"""The list of units (danh sách đơn vị): code, name, parent, kind, level, founding and closing day, establishment.

Everything is checked first; one transaction writes all or nothing; the same file again writes nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from hrdb.kernel.spreadsheets.reading import Sheet, read_workbook
from hrdb.kernel.text import clean_text, fold
from personnel.choices import Bloc, EmploymentCategory, UnitLevel
from personnel.imports.report import Fault, ImportReport, hash_of
from personnel.models import Establishment, Unit, UnitKind, UnitVersion
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.units import change_unit, close_unit, correct_unit, found_unit, set_establishment

#: Header spellings by field, folded.
HEADERS: dict[str, tuple[str, ...]] = {
    "code": ("ma don vi", "ma", "ma co quan"),
    "name": ("ten don vi", "ten", "ten co quan, don vi", "ten co quan"),
    "parent": ("ma don vi cap tren", "don vi cap tren", "truc thuoc", "ma cap tren"),
    "kind": ("loai", "loai don vi", "loai hinh"),
    "level": ("cap", "cap don vi"),
    "opened": ("ngay thanh lap", "hoat dong tu ngay", "tu ngay"),
    "closed": ("ngay giai the", "ngay ket thuc", "ngay ket thuc hoat dong", "den ngay"),
    "civil_servant": ("bien che cong chuc", "so bien che cong chuc", "bien che"),
    "public_employee": ("bien che vien chuc", "so luong nguoi lam viec", "so nguoi lam viec"),
}
LABELS = {
    "code": "Mã đơn vị",
    "name": "Tên đơn vị",
    "parent": "Mã đơn vị cấp trên",
    "kind": "Loại",
    "level": "Cấp",
    "opened": "Ngày thành lập",
    "closed": "Ngày giải thể",
    "civil_servant": "Biên chế công chức",
    "public_employee": "Biên chế viên chức",
}
LEVELS = {
    "tinh": UnitLevel.PROVINCE,
    "cap tinh": UnitLevel.PROVINCE,
    "xa": UnitLevel.COMMUNE,
    "cap xa": UnitLevel.COMMUNE,
    "phuong": UnitLevel.COMMUNE,
    "huyen": UnitLevel.DISTRICT,
    "cap huyen": UnitLevel.DISTRICT,
}
#: The bloc that a root of a kind opens; below, units stand in the bloc of their parent.
BLOCS = {
    "x-co-quan-dang": Bloc.PARTY,
    "x-mat-tran-doan-the": Bloc.FRONT,
    "x-co-quan-dan-cu": Bloc.COUNCIL,
}
HEADER_ROWS = 30


@dataclass
class UnitRow:
    """One row of the list as understood."""

    sheet: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, name: str, code: str, message: str) -> None:
        """Note an error of one column."""
        value = self.values.get(f"raw_{name}", self.values.get(name, ""))
        self.faults.append(Fault(self.sheet, self.row, LABELS[name], code, str(value or ""), message))


def import_units(path: Path, *, acting_user: User | None, commit: bool, year: int | None = None) -> ImportReport:
    """Check a list of units and, when asked and faultless, write it.

    Raises UnreadableFile, also for a file without the header of such a list or without a row below it.
    """
    report = ImportReport(file=path.name, sha256=hash_of(path))
    rows = list(_read(path))
    if not rows:
        raise UnreadableFile("Dưới dòng tiêu đề không có đơn vị nào.")
    kinds = {fold(text): kind for kind in UnitKind.objects.all() for text in (kind.code, kind.name, *kind.aliases)}
    for row in rows:
        _understand(row, kinds)
    plan = _Plan(rows, acting_user=acting_user, year=year or datetime.date.today().year)
    plan.judge()
    report.rows = len(rows)
    report.errors = [*report.errors, *(fault for row in rows for fault in row.faults)]
    report.rejected = sum(bool(row.faults) for row in rows)
    report.created, report.changed, report.same = plan.counts()
    if not report.errors and commit:
        _write(plan, report, acting_user)
    return report


def _write(plan: _Plan, report: ImportReport, acting_user: User | None) -> None:
    """Write what differs; a list that says what is held already is committed without an event."""
    if not report.writes_anything:
        report.committed = True
        return
    reason = f"Nhập danh sách đơn vị {report.file}"
    try:
        with writing(acting_user=acting_user, reason=reason, action=AuditEvent.Action.IMPORT):
            plan.write()
        report.committed = True
    except UnitRefused as refused:
        report.errors.append(refused.fault)


def _read(path: Path) -> Iterator[UnitRow]:
    """Rows below the header of the first sheet that has one."""
    for sheet in read_workbook(path).sheets:
        header = _header(sheet)
        if header is None:
            continue
        first, columns = header
        for place in range(first + 1, len(sheet.rows)):
            cells = {name: sheet.cell(place, column) for name, column in columns.items()}
            if any(cell not in ("", None) for cell in cells.values()):
                yield UnitRow(sheet=sheet.name, row=place + 1, values=cells)
        return
    raise UnreadableFile("Không thấy dòng tiêu đề có cột «Mã đơn vị» và «Tên đơn vị» trong 30 dòng đầu.")


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    for place, cells in enumerate(sheet.rows[:HEADER_ROWS]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(cells):
            text = fold(str(cell))
            for name, spellings in HEADERS.items():
                if text in spellings and name not in columns:
                    columns[name] = column
        if {"code", "name"} <= set(columns):
            return place, columns
    return None


def _understand(row: UnitRow, kinds: dict[str, UnitKind]) -> None:
    """Turn cells into values; every fault by column."""
    cells = row.values
    row.values = {f"raw_{name}": cell for name, cell in cells.items()}
    for name in ("code", "name", "parent"):
        row.values[name] = clean_text(_text(cells.get(name, "")))
    if not row.values["code"]:
        row.fault("code", "missing-code", "Thiếu mã đơn vị.")
    if not row.values["name"]:
        row.fault("name", "missing-name", "Thiếu tên đơn vị.")
    kind = clean_text(_text(cells.get("kind", "")))
    row.values["kind"] = kinds.get(fold(kind)) if kind else None
    if kind and row.values["kind"] is None:
        row.fault("kind", "unknown-value", f"Loại đơn vị «{kind}» không có trong danh mục.")
    level = clean_text(_text(cells.get("level", "")))
    row.values["level"] = LEVELS.get(fold(level)) if level else None
    if level and row.values["level"] is None:
        row.fault("level", "unknown-value", f"Cấp «{level}» không có; dùng Tỉnh, Huyện hoặc Xã.")
    for name in ("opened", "closed"):
        row.values[name] = _day(row, name, cells.get(name, ""))
    for name in ("civil_servant", "public_employee"):
        row.values[name] = _number(row, name, cells.get(name, ""))
    opened, closed = row.values["opened"], row.values["closed"]
    if opened and closed and closed < opened:
        row.fault("closed", "impossible-order", "Ngày giải thể trước ngày thành lập.")


def _text(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell or "")


def _day(row: UnitRow, name: str, cell: Any) -> datetime.date | None:
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    text = clean_text(_text(cell)).replace(".", "/").replace("-", "/")
    if not text:
        return None
    parts = text.split("/")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 3:
            return datetime.date(numbers[2], numbers[1], numbers[0])
        if len(numbers) == 1 and 1900 <= numbers[0] <= 2100:
            return datetime.date(numbers[0], 1, 1)
    except ValueError:
        pass
    row.fault(name, "bad-date", f"«{text}» không phải là ngày dạng ngày/tháng/năm.")
    return None


def _number(row: UnitRow, name: str, cell: Any) -> int | None:
    text = clean_text(_text(cell))
    if not text:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = -1
    if number < 0 or number != int(number):
        row.fault(name, "bad-number", f"«{text}» không phải là số nguyên không âm.")
        return None
    return int(number)


class _Plan:
    """What the list would change in the tree, and the writing of it."""

    def __init__(self, rows: list[UnitRow], *, acting_user: User | None, year: int) -> None:
        self.rows = rows
        self.acting_user = acting_user
        self.year = year
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.versions: dict[str, list[UnitVersion]] = {}
        for version in UnitVersion.objects.select_related("unit", "parent", "kind").order_by("effective_from"):
            self.versions.setdefault(version.unit.code, []).append(version)
        self.numbers = {
            (row.unit.code, row.category): row.number
            for row in Establishment.objects.filter(year=year).select_related("unit")
        }
        self.by_code: dict[str, UnitRow] = {}
        self.outcomes: dict[int, str] = {}

    def counts(self) -> tuple[int, int, int]:
        """Rows that create, change, or change nothing."""
        found = [self.outcomes.get(place, "") for place in range(len(self.rows))]
        return found.count("created"), found.count("changed"), found.count("same")

    def judge(self) -> None:
        """Find duplicates, unknown or closed parents, loops and units outside the scope; note each row's outcome."""
        scope = scope_of(self.acting_user, Action.EDIT)
        allowed = set(Unit.objects.visible_to(self.acting_user, Action.EDIT).values_list("code", flat=True))
        for row in self.rows:
            code = row.values["code"]
            if code and code in self.by_code:
                row.fault("code", "duplicate-in-file", f"Mã «{code}» đã có ở dòng {self.by_code[code].row}.")
            elif code:
                self.by_code[code] = row
        for row in self.rows:
            self._judge_parent(row)
            if not scope.is_whole_province and not row.faults and not self._reaches(row, allowed):
                row.fault("code", "outside-scope", "Đơn vị này ngoài phạm vi được giao.")
        for place, row in enumerate(self.rows):
            if not row.faults:
                self.outcomes[place] = self._outcome(row)

    def _judge_parent(self, row: UnitRow) -> None:
        parent = row.values["parent"]
        if not parent:
            return
        if parent not in self.by_code and parent not in self.units:
            row.fault("parent", "unknown-unit", f"Không có đơn vị cấp trên mã «{parent}».")
            return
        seen = {row.values["code"]}
        while parent:
            if parent in seen:
                row.fault("parent", "loop", "Đơn vị cấp trên nằm dưới chính đơn vị này.")
                return
            seen.add(parent)
            parent = self._parent_of(parent)

    def _parent_of(self, code: str) -> str:
        if code in self.by_code:
            return str(self.by_code[code].values["parent"])
        held = self.versions.get(code)
        return held[-1].parent.code if held and held[-1].parent else ""

    def _reaches(self, row: UnitRow, allowed: set[str]) -> bool:
        """Whether a row stays inside the scope: an existing unit in it, or a new one below a unit in it."""
        code = row.values["code"]
        if code in self.units:
            return code in allowed and (
                not row.values["parent"] or self._is_held_parent(row) or row.values["parent"] in allowed
            )
        parent = row.values["parent"]
        while parent:
            if parent in allowed:
                return True
            parent = self._parent_of(parent) if parent in self.by_code and parent not in self.units else ""
        return False

    def _is_held_parent(self, row: UnitRow) -> bool:
        held = self._held(row)
        return held is not None and held.parent is not None and held.parent.code == row.values["parent"]

    def _held(self, row: UnitRow) -> UnitVersion | None:
        """The version that a row speaks of: in force on its founding day, else the last."""
        held = self.versions.get(row.values["code"])
        if not held:
            return None
        opened = row.values["opened"]
        for version in held:
            if opened and version.holds_on(opened):
                return version
        return held[-1]

    def _difference(self, row: UnitRow) -> dict[str, Any]:
        """Fields in which a row with something to say differs from what is held."""
        held = self._held(row)
        if held is None:
            return {}
        said = row.values
        differences: dict[str, Any] = {}
        if said["name"] and said["name"] != held.name:
            differences["name"] = said["name"]
        if said["parent"] and (held.parent is None or held.parent.code != said["parent"]):
            differences["parent"] = said["parent"]
        if said["kind"] is not None and said["kind"] != held.kind:
            differences["kind"] = said["kind"]
        if said["level"] is not None and said["level"] != held.level:
            differences["level"] = said["level"]
        return differences

    def _closes(self, row: UnitRow) -> bool:
        held = self.versions.get(row.values["code"], [])
        closed = row.values["closed"]
        return bool(held and closed and held[-1].effective_until != closed + datetime.timedelta(days=1))

    def _establishments(self, row: UnitRow) -> Iterable[tuple[str, int]]:
        for name, category in (
            ("civil_servant", EmploymentCategory.CIVIL_SERVANT),
            ("public_employee", EmploymentCategory.PUBLIC_EMPLOYEE),
        ):
            number = row.values[name]
            if number is not None and self.numbers.get((row.values["code"], category)) != number:
                yield category, number

    def _outcome(self, row: UnitRow) -> str:
        if row.values["code"] not in self.units:
            return "created"
        if self._difference(row) or self._closes(row) or any(self._establishments(row)):
            return "changed"
        return "same"

    def write(self) -> None:
        """Write every row that creates or changes, parents first."""
        written: set[str] = set()
        for row in self.rows:
            self._write_branch(row, written)

    def _write_branch(self, row: UnitRow, written: set[str]) -> None:
        code = row.values["code"]
        if code in written:
            return
        written.add(code)
        parent = self.by_code.get(row.values["parent"])
        if parent is not None:
            self._write_branch(parent, written)
        try:
            self._write_row(row)
        except (ValidationError, PermissionDenied) as error:
            raise UnitRefused(row, "; ".join(getattr(error, "messages", [str(error)]))) from error

    def _write_row(self, row: UnitRow) -> None:
        said, code = row.values, row.values["code"]
        if code not in self.units:
            self.units[code] = self._found(row)
        else:
            self._change(row)
        for category, number in list(self._establishments(row)):
            set_establishment(
                unit=self.units[code], year=self.year, category=category, number=number, acting_user=self.acting_user
            )
        if self._closes(row):
            close_unit(
                unit=self.units[code],
                closed_from=said["closed"] + datetime.timedelta(days=1),
                acting_user=self.acting_user,
            )

    def _found(self, row: UnitRow) -> Unit:
        said = row.values
        parent = self.units.get(said["parent"])
        kind: UnitKind | None = said["kind"]
        values: dict[str, Any] = {
            "name": said["name"],
            "parent": parent,
            "kind": kind,
            "bloc": self._bloc(parent, kind),
            "level": said["level"] or UnitLevel.PROVINCE,
            "position": row.row,
        }
        closed = said["closed"]
        return found_unit(
            code=said["code"],
            values=values,
            effective_from=said["opened"] or datetime.date(self.year, 1, 1),
            effective_until=closed + datetime.timedelta(days=1) if closed else None,
            acting_user=self.acting_user,
        )

    def _bloc(self, parent: Unit | None, kind: UnitKind | None) -> str:
        own = BLOCS.get(kind.code) if kind else None
        if own is not None or parent is None:
            return own or Bloc.GOVERNMENT
        version = parent.versions.order_by("effective_from").last()
        return version.bloc if version else Bloc.GOVERNMENT

    def _change(self, row: UnitRow) -> None:
        differences = self._difference(row)
        held = self._held(row)
        if not differences or held is None:
            return
        if "parent" in differences:
            differences["parent"] = self.units[differences["parent"]]
        opened = row.values["opened"]
        if opened and held.holds_on(opened) and opened > held.effective_from:
            change_unit(unit=held.unit, values=differences, effective_from=opened, acting_user=self.acting_user)
        else:
            reason = "Đính chính theo danh sách đơn vị"
            correct_unit(version=held, values=differences, shown=None, acting_user=self.acting_user, reason=reason)


class UnitRefused(Exception):
    """A row that the writing refused, with its sentence; nothing of the file was written."""

    def __init__(self, row: UnitRow, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(row.sheet, row.row, LABELS["code"], "refused", str(row.values["code"]), message)
