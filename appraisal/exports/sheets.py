"""The sheet of ratings that a unit fills in: its people, what stands already, lists to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

from appraisal.choices import Exclusion, LevelChoice
from appraisal.imports.columns import LABELS
from appraisal.models import Rating, RatingCycle
from appraisal.rules.levels import frames_of_parts
from hrdb.kernel.dates import format_date
from hrdb.kernel.spreadsheets.filling import PickList
from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, write_workbook
from personnel.models import Cadre

_LEVELS: Final = PickList("Mức xếp loại", tuple(str(label) for label in LevelChoice.labels), is_open=True)
_REASONS: Final = PickList("Không xếp loại", tuple(str(label) for label in Exclusion.labels), is_open=True)
_SCORES: Final = ("self_score", "general_score", "results_score", "score")
_FIELDS: Final = (*_SCORES, "proposed_level", "level", "party_level", "exclusion", "collective_opinion", "note")


def sheet_template(
    target: BinaryIO,
    *,
    cycle: RatingCycle,
    name: str,
    people: Sequence[Cadre],
    ratings: Mapping[int, Rating],
) -> None:
    """Write the sheet of a unit; sent back as it is, it changes nothing."""
    columns = [
        ExportColumn("Họ và tên", width=28),
        ExportColumn(LABELS["personal_number"], width=16),
        *(_column(field, cycle) for field in _FIELDS),
    ]
    caption = (f"Bảng đánh giá, xếp loại: {cycle.name}", name, f"Theo ngày cuối kỳ {format_date(cycle.ends_on)}")
    sheet = ExportSheet("Xếp loại", columns, _rows(people, ratings), caption=caption, frozen_columns=2, open_rows=1)
    write_workbook(target, [sheet])


def _column(field: str, cycle: RatingCycle) -> ExportColumn:
    if field in _SCORES:
        most = (frames_of_parts(cycle.ends_on) or {}).get(field.removesuffix("_score"), 100)
        return ExportColumn(LABELS[field], kind="decimal", prompt=f"Từ 0 đến {most}.")
    if field.endswith("level"):
        return ExportColumn(LABELS[field], width=26, pick=_LEVELS, prompt="Tên mức hoặc HTXSNV, HTTNV, HTNV, KHTNV.")
    if field == "exclusion":
        return ExportColumn(LABELS[field], width=26, pick=_REASONS, prompt="Chỉ ghi khi không xếp loại.")
    return ExportColumn(LABELS[field], width=30, wraps=True)


def _rows(people: Sequence[Cadre], ratings: Mapping[int, Rating]) -> Iterator[list[Any]]:
    for cadre in people:
        row = ratings.get(cadre.pk)
        values = [None] * len(_FIELDS) if row is None else [_value(row, field) for field in _FIELDS]
        yield [cadre.full_name, cadre.personal_number or "", *values]


def _value(row: Rating, field: str) -> Any:
    value = getattr(row, field)
    if field.endswith("level"):
        return LevelChoice(value).label if value else None
    return (row.get_exclusion_display() or None) if field == "exclusion" else value
