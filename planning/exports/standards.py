"""The sheet of title standards (bảng tiêu chuẩn chức danh): every leadership title with what it asks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from hrdb.kernel.spreadsheets.filling import PickList
from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, write_workbook
from personnel.choices import Confidence
from personnel.models import QualificationLevel, Title, TitleStandard
from personnel.rules.standards import REQUIREMENTS as KINDS
from planning.services.standards import REQUIREMENTS
from planning.statistics.targets import KIND_OF_REQUIREMENT

SHEET: Final = "Tiêu chuẩn chức danh"
CODE, TITLE, FROM, CITATION, CONFIDENCE = "Mã chức danh", "Chức danh", "Áp dụng từ ngày", "Căn cứ", "Mức kiểm chứng"
FILE_NAME: Final = "tieu-chuan-chuc-danh.xlsx"


def level_names() -> dict[str, dict[str, str]]:
    """Names of levels by requirement and code, the highest first."""
    found: dict[str, dict[str, str]] = {}
    for requirement in REQUIREMENTS:
        kind = KIND_OF_REQUIREMENT[requirement]
        levels = QualificationLevel.objects.filter(kind=kind).order_by("rank", "position", "code")
        found[requirement] = dict(levels.values_list("code", "name"))
    return found


def standards_in_force(day: date) -> dict[tuple[int, str], TitleStandard]:
    """What titles ask on a day, by title and requirement."""
    rows = TitleStandard.objects.in_force(day).filter(requirement__in=REQUIREMENTS)
    return {(row.title_id, row.requirement): row for row in rows}


def standards_workbook(titles: Iterable[Title], day: date) -> bytes:
    """The sheet with what holds on a day."""
    names, held = level_names(), standards_in_force(day)
    columns = [
        ExportColumn(CODE, width=18),
        ExportColumn(TITLE, width=44),
        *(
            ExportColumn(KINDS[key].label, width=26, pick=PickList(KINDS[key].label, tuple(names[key].values())))
            for key in REQUIREMENTS
        ),
        ExportColumn(FROM, kind="date", prompt="Để trống: từ ngày nhập."),
        ExportColumn(CITATION, width=44, prompt="Số, ngày văn bản; ví dụ Quy định 09-QĐ/TU ngày 13/11/2025."),
        ExportColumn(CONFIDENCE, pick=PickList(CONFIDENCE, tuple(str(one) for one in Confidence.labels))),
    ]
    caption = ("Tiêu chuẩn chức danh dùng khi xét quy hoạch", "Ô để trống thì tiêu chuẩn đang có không đổi.")
    sheet = ExportSheet(SHEET, columns, _rows(titles, names, held), caption=caption, frozen_columns=2)
    buffer = io.BytesIO()
    write_workbook(buffer, [sheet])
    return buffer.getvalue()


def _rows(
    titles: Iterable[Title], names: Mapping[str, Mapping[str, str]], held: Mapping[tuple[int, str], TitleStandard]
) -> Iterator[list[object]]:
    for title in titles:
        rows = {key: held.get((title.pk, key)) for key in REQUIREMENTS}
        known = [row for row in rows.values() if row is not None]
        first = known[0] if known else None
        yield [
            title.code,
            title.name,
            *(names[key].get(str(row.value), str(row.value)) if row is not None else "" for key, row in rows.items()),
            None,
            first.citation if first else "",
            first.get_confidence_display() if first else "",
        ]
