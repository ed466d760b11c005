"""The tabs of the profile (các thẻ của trang hồ sơ); upper apps add theirs to `cadre_tabs` the same way.

A tab gets the record with `record.opened`, which says what its reader sees. Tabs that make sense for somebody who saw
the person only on a past day say so by `is_of_a_day`; all others are closed to such a reader.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.screens import Action, Tab
from hrdb.kernel.screens.links import with_day, with_query
from hrdb.kernel.screens.pieces import Tag
from personnel.choices import AssignmentKind
from personnel.forms.identity import SECTIONS, TIER_1_FIELDS
from personnel.models import Cadre, Decision
from personnel.models.scope import scope_of
from personnel.record_parts import RecordPart, cadre_tabs, parts_in_order
from personnel.record_rows import NO_DECISION, RecordRow
from personnel.record_tables import record_parts
from personnel.reports.changes import changes_of_record
from personnel.reports.unit_names import UnitNames
from personnel.services.reading import log_reading
from personnel.views.opening import OpenedRecord
from personnel.views.summary import identity_facts

__all__ = ["CadreTab", "PartsTab", "cadre_tabs"]


@dataclass(frozen=True)
class DrawnRow:
    """A row of a part as a table shows it."""

    pk: int
    cells: Sequence[tuple[str, SafeString, str]]
    css: str
    actions: Sequence[Action]
    row: RecordRow


@dataclass(frozen=True)
class DrawnPart:
    """A part as its card shows it; closed ones say only that they are."""

    part: RecordPart
    is_closed: bool
    groups: Sequence[tuple[str, Sequence[DrawnRow]]]
    add_url: str
    entries: Sequence[dict[str, Any]] = ()

    @property
    def count(self) -> int:
        """How many rows it has."""
        return sum(len(rows) for _, rows in self.groups)


class CadreTab(Tab):
    """Base of the profile's tabs."""

    is_of_a_day: ClassVar[bool] = False

    @property
    def opened(self) -> OpenedRecord:
        """What this reader sees of the record."""
        opened: OpenedRecord = self.record.opened
        return opened

    def link(self, name: str, *args: Any, **query: Any) -> str:
        """The address of one of the record's pages, for the asked day."""
        return with_day(self.request, with_query(reverse(name, args=[self.record.pk, *args]), **query))


class PartsTab(CadreTab):
    """A tab of parts of the record: those declared with this tab's key."""

    template_name = "personnel/cadre/parts.html"
    is_of_a_day = True

    @cached_property
    def parts(self) -> list[RecordPart]:
        """The parts of this tab in order."""
        return [part for part in parts_in_order() if part.tab == self.key]

    def is_shown(self) -> bool:
        """Hidden where everything in it is closed to the reader."""
        return any(self.opened.shows(part) for part in self.parts)

    def context(self) -> dict[str, Any]:
        """The parts with their rows; opening sensitive ones is logged."""
        shown = [part for part in self.parts if self.opened.shows(part)]
        sensitive = [part.sensitive for part in shown if part.sensitive is not None]
        if sensitive:
            log_reading(
                user=self.opened.user,
                cadre=self.record,
                parts=sensitive,
                day=self.opened.day,
                request=self.request,
            )
        rows = {part.key: self._rows(part) for part in shown}
        units = UnitNames.read(getattr(row, "unit_id", None) for found in rows.values() for row in found)
        drawn = [self._drawn(part, rows.get(part.key), units) for part in self.parts]
        return {"parts": drawn, "opened": self.opened}

    def _rows(self, part: RecordPart) -> list[Any]:
        return list(part.rows_on(self.record.pk, self.opened.day, is_past=self.opened.is_past_day))

    def _drawn(self, part: RecordPart, rows: list[Any] | None, units: UnitNames) -> DrawnPart:
        if rows is None:
            return DrawnPart(part, True, (), "")
        wrapped = [RecordRow(row, self.opened.day, self.opened.is_past_day, units) for row in rows]
        made = [self._drawn_row(part, row) for row in wrapped]
        heading = part.heading or (lambda row: "")
        groups = [(name, list(group)) for name, group in itertools.groupby(made, key=lambda one: heading(one.row))]
        add_url = self.link("personnel:record-add", part.key) if self.opened.may_edit else ""
        return DrawnPart(part, False, groups, add_url, self._entries(part, made))

    def _drawn_row(self, part: RecordPart, row: RecordRow) -> DrawnRow:
        cells = [(column.label, column.cell(row), column.css) for column in part.columns]
        css = "past" if row.is_over else "ahead" if row.is_ahead else ""
        return DrawnRow(row.pk, cells, css, self._row_actions(part, row), row)

    def _row_actions(self, part: RecordPart, row: RecordRow) -> list[Action]:
        """What may be done with a row; who only reads sees its history."""
        if self.opened.is_of_a_day:
            return []
        verbs: list[tuple[str, str, str, bool]] = []
        if self.opened.may_edit:
            verbs = [
                ("succeed", "Thay đổi từ ngày…", "arrow-right", part.may_succeed(row)),
                ("correct", "Đính chính", "pencil", True),
                ("end", "Kết thúc", "calendar-x", part.may_end(row)),
                ("remove", "Xóa", "trash-2", part.may_remove),
            ]
        verbs.append(("history", "Lịch sử", "history", True))
        return [
            Action(
                label=label,
                url=self.link(f"personnel:record-{verb}", part.key, row.pk),
                icon=icon,
                harm=verb == "remove",
            )
            for verb, label, icon, is_open in verbs
            if is_open
        ]

    def _entries(self, part: RecordPart, rows: list[DrawnRow]) -> list[dict[str, Any]]:
        """Entries of a timeline, for parts that are drawn as one."""
        return []


@cadre_tabs.register
class IdentityTab(CadreTab):
    """Lý lịch: the person's own columns in groups, what is missing, retirement."""

    key, label, order = "identity", "Lý lịch", 10
    template_name = "personnel/cadre/identity.html"
    is_of_a_day = True

    def context(self) -> dict[str, Any]:
        """The groups; who sees the record of a past day alone does not see what is only known of the present."""
        sections = [section for section in SECTIONS if not (self.opened.is_of_a_day and section.is_undated)]
        drawn = []
        for section in sections:
            facts = identity_facts(self.record, section.names, is_tier_1_open=self.opened.is_tier_1_open)
            url = self.link("personnel:cadre-correct", section.key) if self.opened.may_edit else ""
            drawn.append((section, facts, url))
        return {"sections": drawn, "opened": self.opened}


@cadre_tabs.register
class CareerTab(PartsTab):
    """Quá trình công tác, as a timeline."""

    key, label, order = "career", "Quá trình công tác", 20

    def _entries(self, part: RecordPart, rows: list[DrawnRow]) -> list[dict[str, Any]]:
        """Posts as entries: the present main one is marked, what rests on nothing says so."""
        entries, pages = [], self._decision_pages(rows)
        for drawn in rows:
            row, post = drawn.row, drawn.row.row
            tags = []
            if post.kind != AssignmentKind.MAIN:
                tags.append(Tag(label=post.get_kind_display(), tone="act"))
            if row.is_ahead:
                tags.append(Tag(label="chưa có hiệu lực", icon="clock-3"))
            if row.holds and post.term_is_over(self.opened.day):
                tags.append(Tag(label="hết thời hạn bổ nhiệm", tone="warn", icon="triangle-alert"))
            if row.lacks_decision:
                tags.append(Tag(label=NO_DECISION))
            entries.append(
                {
                    "when": row.months,
                    "title": post.title_name or post.get_kind_display(),
                    "detail": row.place,
                    "ground": row.ground,
                    "ground_url": pages.get(row.decision.pk, "") if row.decision else "",
                    "note": self._note(row),
                    "tags": tags,
                    "is_past": not row.holds,
                    "is_key": row.holds and post.kind == AssignmentKind.MAIN,
                    "actions": drawn.actions,
                    "pk": row.pk,
                }
            )
        return entries

    def _decision_pages(self, rows: list[DrawnRow]) -> dict[int, str]:
        """The pages of the decisions that posts rest on, where the reader has the register and sees them."""
        ids = {drawn.row.decision.pk for drawn in rows if drawn.row.decision}
        if not ids or scope_of(self.opened.user).is_empty:
            return {}
        seen = Decision.objects.visible_to(self.opened.user).filter(pk__in=ids).values_list("pk", flat=True)
        return {pk: with_day(self.request, reverse("personnel:decision", args=[pk])) for pk in seen}

    def _note(self, row: RecordRow) -> str:
        post = row.row
        told = (
            ("bổ nhiệm", row.dated(post.first_appointed_on)),
            ("bổ nhiệm lại", row.dated(post.reappointed_on)),
            ("hết thời hạn", post.term_ends_on if row.holds else None),
        )
        dates = [f"{label} {day:%d/%m/%Y}" for label, day in told if day is not None]
        return " · ".join([*dates, *filter(None, [post.note])])


def _parts_tab(key: str, label: str, order: int) -> None:
    """Register a tab that shows its parts as tables and nothing else."""
    cadre_tabs.register(type(f"{key.title()}Tab", (PartsTab,), {"key": key, "label": label, "order": order}))


for _key, _label, _order in (
    ("training", "Đào tạo", 30),
    ("pay", "Lương, phụ cấp", 40),
    ("party", "Đảng", 50),
    ("awards", "Khen thưởng, kỷ luật", 60),
    ("family", "Gia đình", 70),
    ("health", "Sức khỏe", 80),
    ("employment", "Đối tượng, quản lý hồ sơ", 90),
    ("political", "Tiêu chuẩn chính trị", 110),
    ("life", "Lịch sử bản thân", 120),
    ("assets", "Thu nhập, tài sản", 130),
):
    _parts_tab(_key, _label, _order)


@cadre_tabs.register
class ChangesTab(CadreTab):
    """Lịch sử thay đổi: who wrote what to the record, when and why."""

    key, label, order = "changes", "Lịch sử thay đổi", 900
    template_name = "personnel/cadre/changes.html"

    def is_shown(self) -> bool:
        """Of a stub there is nothing to tell."""
        return not self.opened.is_stub

    def context(self) -> dict[str, Any]:
        """A page of acts; sensitive parts only where they are open, and then their reading is logged."""
        page = _number(self.request.GET.get("page"))
        tables: list[type[Model]] = [Cadre, *(part.model for part in record_parts if self.opened.shows(part))]
        closed = () if self.opened.is_tier_1_open else TIER_1_FIELDS
        found = changes_of_record(self.record.pk, tables, closed_fields=closed, page=page)
        read = [part.sensitive for part in record_parts if part.model in found.models and part.sensitive is not None]
        if read:
            log_reading(user=self.opened.user, cadre=self.record, parts=read, request=self.request)
        return {
            "acts": found.acts,
            "newer_url": self.link("personnel:cadre-detail", tab=self.key, page=page - 1) if page > 1 else "",
            "older_url": self.link("personnel:cadre-detail", tab=self.key, page=page + 1) if found.has_next else "",
        }


def _number(text: str | None) -> int:
    """A page number from an address; anything else is the first page."""
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 6 else 1
