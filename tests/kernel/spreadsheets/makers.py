"""Files of many kinds, made for one test."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter


def xlsx(path: Path, rows: list[list[Any]], name: str = "Danh sách") -> Path:
    """A plain workbook of one sheet."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet(name)
        for number, values in enumerate(rows):
            for place, value in enumerate(values):
                if value is not None:
                    sheet.write(number, place, value)
    return path


def package(parts: dict[str, str | bytes]) -> bytes:
    """A zip package of these parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return buffer.getvalue()


def raw_xlsx(sheet_data: str, *, shared: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    """A workbook whose sheet's XML is given, for what no program writes."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
        "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
        "<Default Extension='xml' ContentType='application/xml'/></Types>",
        "_rels/.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        f"<Relationship Id='rId1' Type='{relation}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{main}' xmlns:r='{relation}'><sheets>"
        "<sheet name='Trang1' sheetId='1' r:id='rId1'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        f"<Relationship Id='rId1' Type='{relation}/worksheet' Target='worksheets/sheet1.xml'/>"
        f"<Relationship Id='rId2' Type='{relation}/sharedStrings' Target='sharedStrings.xml'/></Relationships>",
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{main}'><sheetData>{sheet_data}</sheetData></worksheet>",
        "xl/sharedStrings.xml": shared or f"<sst xmlns='{main}' count='0' uniqueCount='0'></sst>",
    }
    return package(parts | (more or {}))


def ods(body: str) -> bytes:
    """An .ods workbook with this content of its spreadsheet element."""
    names = " ".join(
        f"xmlns:{name}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'" for name in ("office", "table", "text")
    )
    names += " xmlns:calcext='urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0'"
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {names} office:version='1.2'>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.replace("calcext:value-type='error'", 'calcext:value-type="error"'),
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def ods_text(text: str) -> str:
    """A text cell of an .ods row."""
    return f"<table:table-cell office:value-type='string'><text:p>{text}</text:p></table:table-cell>"
