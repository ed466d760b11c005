"""The detail shape: a summary above tabs that any app may add to by registering a class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from hrdb.kernel.screens.base import Screen
from hrdb.kernel.screens.links import with_query


class Tab:
    """One tab of a detail page. Subclass it and register it in the registry of that page.

    The panel is drawn by `template_name` with what `context` returns beside the page's own (`record`, `screen`).
    """

    key: ClassVar[str] = ""
    label: ClassVar[str] = ""
    template_name: ClassVar[str] = ""
    order: ClassVar[int] = 100

    def __init__(self, request: HttpRequest, record: Any) -> None:
        self.request = request
        self.record = record

    def is_shown(self) -> bool:
        """Whether this user sees the tab for this record."""
        return True

    def count(self) -> int | None:
        """A number beside the label; None shows none. It costs its query on every tab, so keep it rare."""
        return None

    def context(self) -> dict[str, Any]:
        """What the panel's template sees."""
        return {}


@dataclass(frozen=True)
class TabLink:
    """A tab as drawn in the bar."""

    key: str
    label: str
    url: str
    is_current: bool
    count: int | None


class DetailScreen(Screen):
    """One record (trang chi tiết): `queryset_for` gives the rows in scope, out of scope is 404.

    The path gives `pk` (or `slug_field` with `slug`), and optionally `tab`; otherwise `?tab=KEY`. Fragment: `#panel`.
    `summary_template` draws the head; `tabs` is a registry (or any iterable) of Tab classes.
    """

    template_name = "shapes/detail.html"
    fragments = {"panel": "shapes/detail_panel.html"}
    summary_template: ClassVar[str] = "shapes/detail_summary.html"
    tabs: ClassVar[Iterable[type[Tab]]] = ()
    slug_field: ClassVar[str] = "pk"

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The records that the user may see on the asked day."""
        raise NotImplementedError

    @cached_property
    def record(self) -> Any:
        """The record of the address, or 404."""
        value = self.kwargs.get("slug", self.kwargs.get("pk"))
        return get_object_or_404(self.queryset_for(self.request), **{self.slug_field: value})

    def get_title(self) -> str:
        """The record's own name."""
        return self.title or str(self.record)

    @cached_property
    def shown_tabs(self) -> list[Tab]:
        """The tabs that this user sees, in order."""
        made = [tab(self.request, self.record) for tab in sorted(self.tabs, key=lambda tab: tab.order)]
        return [tab for tab in made if tab.is_shown()]

    @cached_property
    def tab(self) -> Tab | None:
        """The tab that is open: the asked one, else the first; an unknown one is 404."""
        asked = self.kwargs.get("tab") or self.request.GET.get("tab")
        if not asked:
            return self.shown_tabs[0] if self.shown_tabs else None
        found = next((tab for tab in self.shown_tabs if tab.key == asked), None)
        if found is None:
            raise Http404
        return found

    def tab_url(self, tab: Tab) -> str:
        """The address of a tab; override it when the path holds the tab."""
        return self.link(with_query(self.request.path, tab=tab.key))

    def tab_links(self) -> Sequence[TabLink]:
        """The tab bar."""
        return [TabLink(tab.key, tab.label, self.tab_url(tab), tab is self.tab, tab.count()) for tab in self.shown_tabs]

    def context(self, **extra: Any) -> dict[str, Any]:
        """The page's context: the record, the tab bar and the open panel."""
        record, tab = self.record, self.tab
        panel = tab.context() if tab else {}
        return super().context(
            record=record,
            summary_template=self.summary_template,
            tab=tab,
            tab_links=self.tab_links(),
            panel_template=tab.template_name if tab else "",
            **(panel | extra),
        )
