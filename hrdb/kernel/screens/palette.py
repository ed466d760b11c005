"""Finding anything (Ctrl K): apps register sources, the reader sees hits within the own scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from hrdb.kernel.registries import Registry
from hrdb.kernel.screens.base import Screen

SHORTEST = 2
MOST_PER_SOURCE = 8


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing found: where it leads, its name, a quiet second line."""

    label: str
    url: str
    detail: str = ""
    icon: str = ""


class SearchSource:
    """A kind of things that can be found. Subclass it and register it in `search_sources`."""

    key: ClassVar[str] = ""
    label: ClassVar[str] = ""
    icon: ClassVar[str] = "search"
    order: ClassVar[int] = 100

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def may_search(self) -> bool:
        """Whether this user may find such things at all."""
        return True

    def search(self, text: str, limit: int) -> Sequence[Hit]:
        """At most `limit` hits within the user's scope."""
        raise NotImplementedError


search_sources: Registry[type[SearchSource]] = Registry("nguồn tìm kiếm")


class PaletteScreen(Screen):
    """The answer of the search field: a page, or the list of hits under it (fragment `#hits`).

    The words come by POST, so that no name or number stands in an address or in a log of addresses.
    """

    title = "Tìm kiếm"
    template_name = "shapes/search.html"
    fragments = {"hits": "components/hits.html"}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find."""
        text = " ".join(request.POST.get("q", "").split())[:100]
        return self.respond(text=text, groups=self.find(text), is_short=len(text) < SHORTEST)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page with nothing asked yet."""
        return self.respond(text="", groups=[], is_short=True)

    def find(self, text: str) -> list[tuple[SearchSource, Sequence[Hit]]]:
        """Hits by source, without the sources that found nothing."""
        if len(text) < SHORTEST:
            return []
        sources = [source(self.request) for source in sorted(search_sources, key=lambda source: source.order)]
        found = [(source, source.search(text, MOST_PER_SOURCE)) for source in sources if source.may_search()]
        return [(source, hits) for source, hits in found if hits]
