"""The shape of the navigation; what stands in it is composed at the root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from hrdb.kernel.screens.base import Screen
from hrdb.kernel.screens.links import with_day


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """An entry of the side bar.

    `view`: name of the url; `owns`: beginnings of view names whose pages belong to this entry (by default the view's
    name up to its last "-": "app:thing-list" owns "app:thing-..."); `may_see`: whether a request's user sees it, beside
    what the page's own `may_open` says; `count`: a number that asks for attention, None or 0 shows none.
    """

    label: str
    view: str
    icon: str
    owns: tuple[str, ...] = ()
    may_see: Callable[[HttpRequest], bool] = lambda request: True
    count: Callable[[HttpRequest], int | None] | None = None


@dataclass(frozen=True)
class NavGroup:
    """A group of entries under a small heading (none for the first)."""

    label: str
    items: Sequence[NavItem]


@dataclass(frozen=True)
class DrawnItem:
    """An entry as drawn."""

    label: str
    url: str
    icon: str
    is_current: bool
    count: int | None


def draw(groups: Sequence[NavGroup], request: HttpRequest) -> list[tuple[str, list[DrawnItem]]]:
    """The groups that this user sees, with the current entry marked; entries without a page yet are left out."""
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    current = _current(groups, here)
    drawn = []
    for group in groups:
        items = []
        for item in group.items:
            if not item.may_see(request):
                continue
            try:
                url = reverse(item.view)
            except NoReverseMatch:
                continue
            if not _may_open(url, request):
                continue
            count = item.count(request) if item.count else None
            items.append(DrawnItem(item.label, with_day(request, url), item.icon, item is current, count))
        if items:
            drawn.append((group.label, items))
    return drawn


def _may_open(url: str, request: HttpRequest) -> bool:
    """Whether the page at this address would open: what a Screen's `may_open` says, yes for other views."""
    view: Any = resolve(url).func
    view_class = getattr(view, "view_class", None)
    if view_class is None or not issubclass(view_class, Screen):
        return True
    screen = view_class(**view.view_initkwargs)
    screen.setup(request)
    return bool(screen.may_open())


def _current(groups: Sequence[NavGroup], here: str) -> NavItem | None:
    """The entry that owns the page: the one with the longest fitting beginning."""
    best, length = None, 0
    for group in groups:
        for item in group.items:
            for beginning in (item.view, *(item.owns or (item.view.rpartition("-")[0] + "-",))):
                if len(beginning) > max(length, 1) and here.startswith(beginning):
                    best, length = item, len(beginning)
    return best
