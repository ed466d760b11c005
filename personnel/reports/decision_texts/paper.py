"""The paper of a decision as PDF (in văn bản quyết định) in the built-in wording; long lists are printed in parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from hrdb.kernel.pdf import render_pdf
from hrdb.kernel.text import nfc
from personnel.reports.decision_texts.reading import DecisionText
from personnel.reports.decision_texts.wording import TextKind
from personnel.services.decisions.text_fields import text_fields

TEMPLATE: Final = "personnel/decision_texts/paper.html"
STYLESHEETS: Final = (Path(settings.BASE_DIR) / "templates/personnel/decision_texts/paper.css",)

#: A longer list is printed by a job, in parts of so many rows.
LONGEST_AT_ONCE: Final = 300
ROWS_IN_PART: Final = 200

#: Columns that the appended list begins with; those of the kind follow.
_LIST_COLUMNS: Final = ("full_name", "born", "present_title", "present_unit")
#: Heads of columns that say more shortly what the field is.
_HEADS: Final = {
    "present_title": "Chức vụ hiện nay",
    "present_unit": "Đơn vị hiện nay",
    "title": "Chức vụ, chức danh",
    "unit": "Cơ quan, đơn vị",
    "pay": "Ngạch, bậc, hệ số được xếp",
    "pay_before": "Ngạch, bậc, hệ số đang hưởng",
}


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the appended list."""

    number: int
    cells: tuple[str, ...]


def list_columns(kind: TextKind) -> list[tuple[str, str]]:
    """Facts and heads of the appended list, after the running number."""
    keys = [*_LIST_COLUMNS, *(key for key in kind.columns if key not in _LIST_COLUMNS)]
    return [(key, _HEADS.get(key, text_fields[key].label.partition(",")[0].partition(":")[0])) for key in keys]


def text_pdf(text: DecisionText) -> bytes:
    """The paper as PDF, while someone waits."""
    return render_pdf(text_html(text), stylesheets=STYLESHEETS)


def text_html(text: DecisionText) -> str:
    """The paper with its whole list as HTML without any outside address."""
    return _html(text, part="whole", first=1, rows=_rows(text))


def text_parts(text: DecisionText) -> Iterator[str]:
    """The same in parts that follow each other: the paper, then its list by and by."""
    rows = _rows(text)
    if len(rows) <= LONGEST_AT_ONCE:
        yield text_html(text)
        return
    yield _html(text, part="whole", first=0, rows=[])
    for start in range(0, len(rows), ROWS_IN_PART):
        yield _html(text, part="list", first=start + 1, rows=rows[start : start + ROWS_IN_PART])


def _rows(text: DecisionText) -> list[ListRow]:
    keys = [key for key, _ in list_columns(text.kind)]
    return [ListRow(number, tuple(row.get(key, "") for key in keys)) for number, row in enumerate(text.rows, 1)]


def _html(text: DecisionText, *, part: str, first: int, rows: list[ListRow]) -> str:
    context: dict[str, Any] = {
        "text": text,
        "facts": text.values,
        "columns": list_columns(text.kind),
        "rows": rows,
        "first": first,
        "part": part,
    }
    return nfc(render_to_string(TEMPLATE, context))
