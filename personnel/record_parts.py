"""The parts of a record (các phần của hồ sơ): each is one declaration, from which page, forms and history follow.

A part is a table of rows of one model; a tab of the profile shows one part or several. Upper apps add tabs of their own
to `cadre_tabs`, cards beside a tab to `profile_cards`, buttons to `profile_actions`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from hrdb.kernel.periods import Dated
from hrdb.kernel.registries import Registry
from hrdb.kernel.screens import Action, Column, Tab
from personnel.forms.rows import RecordForm
from personnel.models import Assignment, Custody, Employment
from personnel.models.cadres import OfCadre
from personnel.record_rows import RecordRow
from personnel.services.reading import SensitivePart
from personnel.services.records import TRACKS


@dataclass(frozen=True, kw_only=True)
class RecordPart:
    """A part of a record: rows of `model`, shown in the tab `tab`, written by `form_class`.

    `noun`: one row in words («giai đoạn»); `columns` read a RecordRow; `known_on` is the condition that a row was known
    on a day (periods answer it themselves); `heading` groups the rows; `sensitive` names the part in the log and makes
    it tier 2; `template_name` draws the card in another way than as a table.
    """

    key: str
    model: type[OfCadre]
    label: str
    noun: str
    tab: str
    form_class: type[RecordForm]
    columns: Sequence[Column]
    order: int = 100
    sensitive: SensitivePart | None = None
    related: Sequence[str] = ()
    ordering: Sequence[Any] = ()
    known_on: Callable[[datetime.date], Q] | None = None
    heading: Callable[[Any], str] | None = None
    empty: str = ""
    template_name: str = "personnel/cadre/part_table.html"
    may_remove: bool = True

    @property
    def is_dated(self) -> bool:
        """Whether rows have a period."""
        return issubclass(self.model, Dated)

    @property
    def is_track(self) -> bool:
        """Whether one period follows another."""
        return self.model in TRACKS

    def rows_on(self, cadre_id: int, day: datetime.date, *, is_past: bool) -> QuerySet[Any]:
        """The rows of one record as known on a past day; for today and later all, those to come included."""
        rows: QuerySet[Any] = self.model.objects.filter(cadre=cadre_id).select_related(*self.related)
        if is_past:
            rows = known_by(rows, day, self.known_on)
        return rows.order_by(*self.ordering) if self.ordering else rows

    def may_succeed(self, row: RecordRow) -> bool:
        """Whether the row's period can be followed by the next: it holds, and its kind of periods excludes another."""
        if not self.is_track or not row.holds:
            return False
        return not isinstance(row.row, Assignment) or row.row.kind == "main"

    def may_end(self, row: RecordRow) -> bool:
        """Whether the row can be ended without a successor; custody and employment always have one."""
        return self.is_dated and self.model not in (Custody, Employment) and row.row.effective_until is None


def known_by(rows: QuerySet[Any], day: datetime.date, known_on: Callable[[datetime.date], Q] | None) -> QuerySet[Any]:
    """Those of some rows that were known on a past day: periods that had begun, else what `known_on` says."""
    if issubclass(rows.model, Dated):
        return rows.filter(effective_from__lte=day)
    return rows.filter(known_on(day)) if known_on else rows


record_parts: Registry[RecordPart] = Registry("phần của hồ sơ")
cadre_tabs: Registry[type[Tab]] = Registry("thẻ của trang hồ sơ")


class ProfileAction:
    """A button at the head of the profile. Subclass it and register it in `profile_actions`."""

    key: ClassVar[str] = ""
    order: ClassVar[int] = 100

    def __init__(self, request: HttpRequest, record: Any) -> None:
        self.request, self.record = request, record

    def action(self) -> Action | None:
        """The button, or None when this user has none for this record."""
        raise NotImplementedError


profile_actions: Registry[type[ProfileAction]] = Registry("nút của trang hồ sơ")


class ProfileCard:
    """A card beside a tab of the profile. Subclass it and register it in `profile_cards`.

    `tab` is the key of the tab; `template_name` draws the card with what `context` returns, `card` and `record`.
    """

    key: ClassVar[str] = ""
    tab: ClassVar[str] = ""
    order: ClassVar[int] = 100
    template_name: ClassVar[str] = ""
    is_of_a_day: ClassVar[bool] = False

    def __init__(self, request: HttpRequest, record: Any) -> None:
        self.request, self.record = request, record

    def is_shown(self) -> bool:
        """Whether this user sees the card."""
        return True

    def context(self) -> dict[str, Any]:
        """What the card's template sees."""
        return {}


profile_cards: Registry[type[ProfileCard]] = Registry("thẻ bên của trang hồ sơ")


def parts_in_order() -> list[RecordPart]:
    """All parts in the order of the page."""
    return sorted(record_parts, key=lambda part: part.order)
