"""The matrix of needs on paper."""

from __future__ import annotations

from typing import Any, Final

from hrdb.kernel.screens.formats import date_text, number_text
from training.reports.papers import paper_pdf
from training.statistics.gaps import ROWS, Gap, GapRow, GapTable

#: Requirements on one sheet of A4 landscape; more go onto further tables.
MOST_COLUMNS: Final = 9


def gap_paper(table: GapTable, shown: str) -> bytes:
    """The paper: how many need what, of how many it is asked, or what else was asked to be shown."""
    words = {"": "cần đào tạo / yêu cầu", "missing": "còn thiếu", "held": "đã có", "unknown": "chưa rõ"}[shown]
    parts = [
        table.requirements[place : place + MOST_COLUMNS] for place in range(0, len(table.requirements), MOST_COLUMNS)
    ]
    sheets = [
        {
            "heads": [table.words[key] for key in part],
            "rows": [_row(row, part, shown) for row in table.rows],
            "total": _row(table.total, part, shown),
        }
        for part in parts
    ]
    context: dict[str, Any] = {
        "rows_label": ROWS[table.rows_by],
        "place": table.place,
        "day": date_text(table.day),
        "words": words,
        "sheets": sheets,
    }
    return paper_pdf("needs.html", context)


def _row(row: GapRow, part: list[str], shown: str) -> dict[str, Any]:
    return {"label": row.label, "is_own": row.is_own, "cells": [_cell(row.gap(key), shown) for key in part]}


def _cell(gap: Gap, shown: str) -> str:
    if not gap.asked:
        return ""
    if not shown:
        return f"{number_text(gap.open)} / {number_text(gap.asked)}"
    return number_text(int(getattr(gap, shown)))
