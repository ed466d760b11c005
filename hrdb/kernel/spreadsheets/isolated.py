"""Reads one workbook in a process of its own, under limits of memory and time, and pickles its cells to its output.

A hostile or broken file can exhaust memory inside the native reader and end the process; here it ends only this one.
The script imports nothing of the project: it starts in milliseconds. Arguments: path, limits as JSON.
"""

from __future__ import annotations

import gc
import json
import math
import pickle
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

BROKEN = "Tệp bị hỏng hoặc chưa tải lên hết, không mở được."
ENCRYPTED = "Tệp được đặt mật khẩu. Hãy mở tệp, bỏ mật khẩu rồi gửi lại."
TOO_LARGE = "Tệp quá lớn sau khi giải nén. Hãy xóa các vùng không dùng hoặc chia thành nhiều tệp rồi gửi lại."
NOT_A_WORKBOOK = "Tệp không phải là bảng tính. Cần tệp .xlsx, .xls, .ods hoặc .csv."
ENTITIES = "Tệp chứa khai báo thực thể XML, không được phép đọc. Hãy mở bằng Excel, lưu lại thành .xlsx rồi gửi lại."
MACROS = "Tệp có macro; macro không được chạy, chỉ đọc giá trị các ô."
HIDDEN_ROWS = "Trang tính «{name}» có {count} dòng ẩn (hoặc đang lọc); các dòng ẩn vẫn được đọc."
UNCALCULATED = "#CÔNG-THỨC"

#: Stands for the parts of an .ods workbook, which are one.
_OPEN_DOCUMENT = {"": "content.xml"}
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ERROR_MARK = b'calcext:value-type="error"'
_SPAN_MARK = b"-spanned="

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ERROR_TYPE = re.compile(rb"""\bt=["']e["']""")
#: Any of these in a sheet's part means that it may hold an error or a formula.
_TELLING = (b't="e"', b"t='e'", b"<f>", b"<f ", b"<f/>", b":f>", b":f ")
_TEXT_TYPE = re.compile(rb"""\bt=["']str["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</(?:\w+:)?v>")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b(?=[^>]*\bhidden=["'](?:1|true)["'])[^>]*\br=["']([0-9]{1,7})["'][^>]*>""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


class Unreadable(Exception):
    """The file cannot be read; the message is a Vietnamese sentence."""


def main() -> None:
    """Read the file named by the arguments and write the answer."""
    path, limits = sys.argv[1], json.loads(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The process lives for one answer, made of hundreds of thousands of objects without a cycle.
    gc.disable()
    answer: dict[str, Any]
    try:
        answer = read(path, limits)
    except Unreadable as error:
        answer = {"unreadable": str(error)}
    except MemoryError:
        answer = {"unreadable": TOO_LARGE}
    sys.stdout.buffer.write(pickle.dumps(answer, 5))


def read(path: str, limits: dict[str, int]) -> dict[str, Any]:
    """The cells of every worksheet, with merged ranges, visibility and the cells that hold an error."""
    notes: list[str] = []
    parts: dict[str, str] = {}
    if zipfile.is_zipfile(path):
        parts = _check_package(path, limits, notes)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheets = _read_sheets(workbook, limits)
    except PasswordError:
        raise Unreadable(ENCRYPTED) from None
    except CalamineError as error:
        raise Unreadable(ENCRYPTED if "password" in str(error).lower() else BROKEN) from None
    except Unreadable:
        raise
    except MemoryError:
        raise Unreadable(TOO_LARGE) from None
    except Exception:
        # Whatever the native reader raises on a damaged file, panics included, means one thing to the user.
        raise Unreadable(BROKEN) from None
    if parts == _OPEN_DOCUMENT:
        _mark_open_document_cells(path, sheets)
    elif parts:
        _mark_errors(path, parts, sheets, notes)
    return {"sheets": sheets, "notes": notes}


def _check_package(path: str, limits: dict[str, int], notes: list[str]) -> dict[str, str]:
    """Refuse what is no workbook, encrypted, or too large unpacked; worksheets' parts by sheet name for .xlsx."""
    try:
        with zipfile.ZipFile(path) as package:
            infos = package.infolist()
            names = {info.filename for info in infos}
            if any(info.flag_bits & 1 for info in infos):
                raise Unreadable(ENCRYPTED)
            if len(infos) > limits["entries"] or sum(info.file_size for info in infos) > limits["unpacked"]:
                raise Unreadable(TOO_LARGE)
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                notes.append(MACROS)
            if "xl/workbook.xml" in names:
                _refuse_entities(package, [name for name in names if name.endswith((".xml", ".rels"))])
                return _worksheet_parts(package, names)
            if "xl/workbook.bin" in names:
                return {}
            if "content.xml" in names and b"spreadsheet" in package.read("mimetype"):
                if "META-INF/manifest.xml" in names and b"encryption-data" in package.read("META-INF/manifest.xml"):
                    raise Unreadable(ENCRYPTED)
                _refuse_entities(package, ["content.xml"])
                return _OPEN_DOCUMENT
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, OSError, ElementTree.ParseError, ValueError):
        raise Unreadable(BROKEN) from None
    raise Unreadable(NOT_A_WORKBOOK)


def _refuse_entities(package: zipfile.ZipFile, names: list[str]) -> None:
    """Refuse documents that declare entities: no spreadsheet program writes them."""
    for name in names:
        with package.open(name) as part:
            if b"<!DOCTYPE" in part.read(4096) and not name.endswith(".vml"):
                raise Unreadable(ENTITIES)


def _worksheet_parts(package: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {node.get("Id"): node.get("Target", "") for node in relations}
    parts = {}
    for node in ElementTree.fromstring(package.read("xl/workbook.xml")).iter():
        if node.tag.endswith("}sheet"):
            target = targets.get(node.get(_RELATION), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names and "worksheets/" in part:
                parts[node.get("name", "")] = part
    return parts


def _read_sheets(workbook: CalamineWorkbook, limits: dict[str, int]) -> list[dict[str, Any]]:
    """Rows of every worksheet from A1 on; equal values are one object, which makes the answer small and quick."""
    # 1 == True: seeding the numbers first keeps a TRUE somewhere in the file from replacing every 1.
    seen: dict[Any, Any] = {0.0: 0.0, 1.0: 1.0}
    one_of = seen.setdefault
    cells = 0
    sheets: list[dict[str, Any]] = []
    for data in workbook.sheets_metadata:
        if data.typ != SheetTypeEnum.WorkSheet:
            continue
        if len(sheets) >= limits["sheets"]:
            raise Unreadable(f"Tệp có hơn {limits['sheets']} trang tính. Hãy chia thành nhiều tệp rồi gửi lại.")
        sheet = workbook.get_sheet_by_name(data.name)
        _check_extent(sheet.end, data.name, limits)
        rows = sheet.to_python(skip_empty_area=False)
        _trim(rows)
        cells += sum(map(len, rows))
        if cells > limits["cells"]:
            raise Unreadable(TOO_LARGE)
        sheets.append(
            {
                "name": data.name,
                "hidden": data.visible != SheetVisibleEnum.Visible,
                "rows": [
                    [one_of(value, value) if value.__class__ in _PLAIN else _plain(value) for value in row]
                    for row in rows
                ],
                "merged": sheet.merged_cell_ranges or [],
            }
        )
    if any(value.__class__ is float and not math.isfinite(value) for value in seen):
        for told in sheets:
            told["rows"] = [[_finite(value) for value in row] for row in told["rows"]]
    return sheets


def _finite(value: Any) -> Any:
    """A number too large to be one as the error that it is."""
    return "#NUM!" if value.__class__ is float and not math.isfinite(value) else value


def _check_extent(end: tuple[int, int] | None, name: str, limits: dict[str, int]) -> None:
    if end is None:
        return
    if end[0] >= limits["rows"]:
        count = f"{limits['rows']:,}".replace(",", ".")
        raise Unreadable(f"Trang tính «{name}» có hơn {count} dòng. Hãy xóa các dòng không dùng rồi gửi lại.")
    if end[1] >= limits["columns"]:
        raise Unreadable(f"Trang tính «{name}» có hơn {limits['columns']} cột. Hãy xóa các cột không dùng rồi gửi lại.")


_PLAIN = {str, float, int, bool, date, datetime}


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value)


def _trim(rows: list[list[Any]]) -> None:
    while rows and all(value == "" for value in rows[-1]):
        rows.pop()


def _mark_errors(path: str, parts: dict[str, str], sheets: list[dict[str, Any]], notes: list[str]) -> None:
    """Put back the cells with errors (#N/A, #REF!) and formulas without a result, which the reader leaves empty.

    Hidden rows are read like all others, and that is said.
    """
    with zipfile.ZipFile(path) as package:
        for sheet in sheets:
            part = parts.get(sheet["name"])
            if part is None:
                continue
            content = package.read(part)
            hidden = sum(int(found[1]) <= len(sheet["rows"]) for found in _HIDDEN_ROW.finditer(content))
            if hidden and not sheet["hidden"]:
                notes.append(HIDDEN_ROWS.format(name=sheet["name"], count=hidden))
            if any(sign in content for sign in _TELLING):
                sheet["errors"] = list(_error_cells(content, len(sheet["rows"])))


def _mark_open_document_cells(path: str, sheets: list[dict[str, Any]]) -> None:
    """The same for .ods, whose error cells have a value type of their own; and its merged cells, which are not told.

    Row by row: a document as a whole would be many times as large in memory as in the file.
    """
    by_name = {sheet["name"]: sheet for sheet in sheets}
    with zipfile.ZipFile(path) as package:
        content = package.read("content.xml")
        if _ERROR_MARK not in content and _SPAN_MARK not in content:
            return
        sheet: dict[str, Any] | None = None
        row = 0
        with package.open("content.xml") as part:
            for event, node in ElementTree.iterparse(part, events=("start", "end")):
                if node.tag == f"{_TABLE}table":
                    sheet = by_name.get(node.get(f"{_TABLE}name", "")) if event == "start" else None
                    row = 0
                    if sheet is not None:
                        sheet["errors"], sheet["merged"] = [], []
                elif node.tag == f"{_TABLE}table-row" and event == "end":
                    if sheet is not None and row < len(sheet["rows"]):
                        _mark_open_document_row(node, row, sheet)
                    row += int(node.get(f"{_TABLE}number-rows-repeated", "1"))
                    node.clear()


def _mark_open_document_row(line: ElementTree.Element, row: int, sheet: dict[str, Any]) -> None:
    column = 0
    for cell in line:
        if any(name.endswith("}value-type") and value == "error" for name, value in cell.items()):
            text = cell.find(f"{_TEXT}p")
            sheet["errors"].append((row, column, "".join(text.itertext()) if text is not None else "#N/A"))
        down, right = (int(cell.get(f"{_TABLE}number-{name}-spanned", "1")) for name in ("rows", "columns"))
        if down > 1 or right > 1:
            sheet["merged"].append(((row, column), (row + down - 1, column + right - 1)))
        column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))


def _error_cells(content: bytes, height: int) -> Any:
    for found in _CELL.finditer(content):
        attributes, inside = found.groups()
        if not inside:
            continue
        is_error = _ERROR_TYPE.search(attributes)
        if not is_error and not _FORMULA.search(inside):
            continue
        place = _REFERENCE.search(attributes)
        value = _VALUE.search(inside)
        if place is None or (not is_error and (value is not None or _TEXT_TYPE.search(attributes))):
            continue
        row = int(place[2]) - 1
        if row < height:
            text = value[1].decode("utf-8", "replace") if value else UNCALCULATED
            yield row, _column_index(place[1]), text


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


if __name__ == "__main__":
    main()
