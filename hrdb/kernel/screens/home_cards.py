"""Cards of the home page (Tổng quan): each app registers its own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest

from hrdb.kernel.registries import Registry


class HomeCard:
    """One card of the home page. Subclass it and register it in `home_cards`.

    The card is drawn by `template_name` with what `context` returns and `card`, the card itself.
    `place`: "figure" for a tile in the row on top, "wide" for the left column, "side" for the right one.
    """

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    template_name: ClassVar[str] = ""
    place: ClassVar[str] = "wide"
    order: ClassVar[int] = 100

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def is_shown(self) -> bool:
        """Whether this user sees the card."""
        return True

    def context(self) -> dict[str, Any]:
        """What the card's template sees."""
        return {}


home_cards: Registry[type[HomeCard]] = Registry("thẻ trang tổng quan")
