"""The register of decisions (sổ quyết định): what was signed and what is being drawn up, in the reader's scope."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.palette import Hit, SearchSource, search_sources
from personnel.choices import Classification
from personnel.filters.decisions import DecisionFilters
from personnel.models import Cadre, Decision, DecisionItem
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.reading import log_export
from personnel.views.decisions.rows import CLOSED_TEXT, About, read_about, state_label

#: A day after every other: drafts stand before what was signed.
LATEST = datetime.date(9999, 12, 31)
CHUNK = 2_000


def may_draw_up(request: HttpRequest) -> bool:
    """Whether the user draws up decisions anywhere."""
    return not scope_of(reader(request), Action.DECIDE).is_empty


def _number(decision: Decision) -> str:
    return decision.number or "Dự thảo"


def _secrecy(decision: Decision) -> str:
    return "" if decision.classification == Classification.PLAIN else str(decision.get_classification_display())


def _about(decision: Decision) -> About:
    about: About = decision.about  # type: ignore[attr-defined]
    return about


def _kind(decision: Decision) -> str:
    if decision.is_stub:
        return ""
    return decision.kind.name if decision.kind else "Chưa phân loại"


def _summary(decision: Decision) -> str:
    """The summary where the reader may see it, else what kind it is."""
    if decision.is_stub:
        return CLOSED_TEXT
    return (decision.summary if _about(decision).is_text_open else "") or _kind(decision)


def _kind_below(decision: Decision) -> str:
    """The kind, where it does not stand above already."""
    kind = _kind(decision)
    return "" if _summary(decision) == kind else kind


def _first(decision: Decision) -> str:
    return "" if decision.is_stub else _about(decision).first


def _more(decision: Decision) -> str:
    return "" if decision.is_stub else _about(decision).more


def _people(decision: Decision) -> str:
    return "" if decision.is_stub else _about(decision).text


def _state(decision: Decision) -> SafeString:
    return state_label(decision, _state_text(decision))


def _state_text(decision: Decision) -> str:
    return decision.state_on(decision.asked_day)  # type: ignore[attr-defined]


class DecisionList(ListScreen):
    """Decisions of the scope on the asked day, drafts first, then the newest."""

    title = "Sổ quyết định"
    noun = "quyết định"
    default_sort = "-day"
    export_name = "quyet-dinh"
    filter_class = DecisionFilters
    columns = (
        Column(
            key="number",
            label="Số",
            value=_number,
            second=_secrecy,
            second_label="Độ mật",
            link=lambda row: reverse("personnel:decision", args=[row.pk]),
            sort=("number",),
            fixed=True,
        ),
        Column(key="day", label="Ngày ký", value="signed_on", sort=Coalesce("signed_on", Value(LATEST)), align="right"),
        Column(key="summary", label="Trích yếu, loại", value=_summary, second=_kind_below, wide=True),
        Column(key="kind", label="Loại", value=_kind, sort=("kind__position", "kind__name"), hidden=True),
        Column(key="people", label="Người", value=_first, second=_more, export=_people),
        Column(
            key="issuer",
            label="Cơ quan ban hành",
            value="issuer",
            second="signer",
            second_label="Người ký",
            sort=("issuer",),
        ),
        Column(key="effective", label="Hiệu lực từ", value="effective_on", sort=("effective_on",), align="right"),
        Column(key="state", label="Trạng thái", render=_state, value=_state_text, sort=("state",)),
        Column(key="scan", label="Bản quét", value=lambda row: "có" if row.file else "", hidden=True),
        Column(key="drafter", label="Người lập", value="drafted_by", hidden=True),
    )

    def may_open(self) -> bool:
        """Whoever may view people."""
        return not scope_of(reader(self.request), Action.VIEW).is_empty

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Decisions in scope as the register of the day has them."""
        is_past: bool = request.is_past_day  # type: ignore[attr-defined]
        found = Decision.objects.visible_to(reader(request)).known_on(self.day, is_past=is_past)
        return found.select_related("kind", "drafted_by")  # type: ignore[no-any-return]

    def with_details(self, rows: QuerySet[Any]) -> Iterable[Any]:
        """Decisions with whom they are about."""
        page = list(rows) if rows.query.is_sliced else None
        return self._described(page) if page is not None else self._in_chunks(rows)

    def _in_chunks(self, rows: QuerySet[Any]) -> Iterator[Any]:
        chunk: list[Any] = []
        for row in rows.iterator(chunk_size=CHUNK):
            chunk.append(row)
            if len(chunk) == CHUNK:
                yield from self._described(chunk)
                chunk = []
        yield from self._described(chunk)

    def _described(self, rows: list[Any]) -> list[Any]:
        about = read_about([row.pk for row in rows], reader(self.request)) if rows else {}
        for row in rows:
            row.about, row.asked_day = about.get(row.pk, About()), self.day
        return rows

    def row_css(self, record: Any) -> str:
        """What no longer stands is quiet."""
        return "" if record.is_open or record.state_then in ("submitted", "signed") else "past"

    def lead_for(self, count: str) -> str:
        """How many."""
        return f"{count} quyết định, dự thảo trong phạm vi được giao"

    def get_actions(self) -> Sequence[Button]:
        """Draw up, and enter after the fact: the normal case."""
        actions = [Button(label="Xuất Excel", url=self.here(export="xlsx", page=None), icon="download")]
        if may_draw_up(self.request):
            actions += [
                Button(label="Lập dự thảo", url=reverse("personnel:decision-choose"), icon="pencil"),
                Button(
                    label="Vào sổ quyết định đã ký",
                    url=reverse("personnel:decision-choose") + "?signed=1",
                    icon="file-text",
                    main=True,
                ),
            ]
        return actions

    def get_empty(self) -> Empty:
        """Where none was entered yet."""
        if not may_draw_up(self.request):
            return Empty(title="Chưa có quyết định nào trong phạm vi được giao", icon="file-text")
        return Empty(
            title="Chưa có quyết định nào",
            text="Vào sổ quyết định đã ký, hoặc lập dự thảo để kiểm tra điều kiện trước khi trình.",
            icon="file-text",
            action=Button(
                label="Vào sổ quyết định đã ký",
                url=reverse("personnel:decision-choose") + "?signed=1",
                icon="file-text",
            ),
        )

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The workbook of what is seen; who left the server is logged."""
        user = reader(self.request)
        items = DecisionItem.objects.filter(decision__in=rows.order_by().values("pk"), cadre__isnull=False)
        people = Cadre.objects.visible_to(user).filter(pk__in=items.values("cadre"))
        log_export(
            user=user,
            what="sổ quyết định",
            people=people,
            day=self.day,
            filters=self.filters.values,
            columns=[column.label for column in columns],
        )
        return super().export(columns, rows)


@search_sources.register
class DecisionSource(SearchSource):
    """Decisions by number (Ctrl K)."""

    key = "decisions"
    label = "Quyết định"
    icon = "file-text"
    order = 30

    def may_search(self) -> bool:
        """Those who have the register."""
        return not scope_of(reader(self.request), Action.VIEW).is_empty

    def search(self, text: str, limit: int) -> list[Hit]:
        """Signed decisions in scope by a part of their number, the newest first."""
        user = reader(self.request)
        found = Decision.objects.visible_to(user).issued().filter(number__icontains=text.strip())
        rows = found.select_related("kind").order_by(F("signed_on").desc(nulls_last=True), "-pk")[:limit]
        return [
            Hit(label=str(row), url=reverse("personnel:decision", args=[row.pk]), detail=_kind(row)) for row in rows
        ]
