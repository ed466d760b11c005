"""The home page (Tổng quan)."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from hrdb.home import cards  # noqa: F401  registers the cards
from hrdb.kernel.screens import HomeCard, Screen, home_cards

PLACES = {"figure": "figures", "wide": "wide", "side": "side"}


class HomeScreen(Screen):
    """What needs the user's eye today, within the own scope."""

    title = "Tổng quan"
    template_name = "home/home.html"

    def get_lead(self) -> str:
        """Whose page it is."""
        return f"Xin chào {self.request.user}."

    def context(self, **extra: Any) -> dict[str, Any]:
        """The drawn cards by place."""
        drawn: dict[str, list[tuple[HomeCard, str]]] = {name: [] for name in PLACES.values()}
        for made in sorted(home_cards, key=lambda card: card.order):
            card = made(self.request)
            if card.is_shown():
                html = render_to_string(card.template_name, card.context() | {"card": card}, self.request)
                drawn[PLACES[card.place]].append((card, html))
        return super().context(**drawn) | extra
