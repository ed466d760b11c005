"""The profile of a person (trang hồ sơ): the head, and a tab for every part of the record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import Action, Crumb, DetailScreen, Screen, Tab
from hrdb.kernel.screens.details import TabLink
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import Fact
from personnel.models import Cadre
from personnel.models.scope import own_q, scope_of
from personnel.policies import Action as Act
from personnel.record_parts import ProfileAction, profile_actions
from personnel.views.cards import profile_cards
from personnel.views.opening import OpenedRecord, open_record
from personnel.views.summary import Profile, Summary
from personnel.views.tabs import cadre_tabs

#: Points that the tab bar has on the narrowest desktop; tabs beyond it stand in a menu.
BAR_POINTS = 1000
LETTER_POINTS, TAB_POINTS = 7.6, 28


def _points(tab: TabLink) -> int:
    """The width of a tab in the bar."""
    return round(len(tab.label) * LETTER_POINTS) + TAB_POINTS


class CadreDetail(DetailScreen):
    """A person as of the asked day; out of scope is 404, whoever moved elsewhere opens as of the past day only."""

    template_name = "personnel/cadre/detail.html"
    fragments = {"panel": "personnel/cadre/panel.html"}
    summary_template = "personnel/cadre/summary.html"
    tabs = cadre_tabs

    @cached_property
    def opened(self) -> OpenedRecord:
        """The record in this reader's hands."""
        return open_record(self.request, self.kwargs["pk"])

    @cached_property
    def record(self) -> Cadre:
        """The person; tabs and cards find what the reader sees in `record.opened` and `record.profile`."""
        cadre = self.opened.cadre
        cadre.opened = self.opened  # type: ignore[attr-defined]
        cadre.profile = Profile(self.opened)  # type: ignore[attr-defined]
        return cadre

    @cached_property
    def shown_tabs(self) -> list[Tab]:
        """Of a stub none; of a past day only those that speak of it."""
        if self.opened.is_stub:
            return []
        if not self.opened.is_of_a_day:
            return super().shown_tabs
        return [tab for tab in super().shown_tabs if getattr(tab, "is_of_a_day", False)]

    @property
    def facts(self) -> list[Fact]:
        """What holds on the day, and how full the record is, with the way to what is missing."""
        found = self.record.profile.completeness  # type: ignore[attr-defined]
        facts: list[Fact] = self.summary.facts()
        if found is not None:
            url = f"{self.link(with_query(self.request.path, tab='identity'))}#missing"
            lacking = "đầy đủ" if found.is_complete else f"thiếu {len(found.missing)} mục"
            facts.append(Fact("Hồ sơ", f"{found.percent}%", lacking, url="" if found.is_complete else url))
        return facts

    @property
    def summary(self) -> Summary:
        """What the head shows."""
        summary: Summary = self.record.profile.summary  # type: ignore[attr-defined]
        return summary

    @property
    def photo_url(self) -> str:
        """The address of the photograph; empty where there is none or the reader does not see it."""
        if not self.record.photo or self.opened.is_of_a_day or self.opened.is_stub:
            return ""
        return with_query(reverse("personnel:cadre-photo", args=[self.record.pk]), v=self.record.photo[-12:-4])

    def get_lead(self) -> str:
        """Position, unit, since when."""
        return self.summary.position

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list, then the person; who has no list starts from the home page."""
        has_list = not scope_of(self.opened.user, Act.VIEW).is_empty
        first = Crumb("Cán bộ", reverse("personnel:cadre-list")) if has_list else Crumb("Tổng quan", reverse("home"))
        return [first, Crumb(self.record.full_name)]

    def get_actions(self) -> Sequence[Action]:
        """The registered buttons, the main one last."""
        made = [button(self.request, self.record) for button in sorted(profile_actions, key=lambda one: one.order)]
        return [action for button in made if (action := button.action()) is not None]

    def bar(self) -> tuple[list[TabLink], list[TabLink]]:
        """The tabs in the bar and those in its menu; the open one always stands in the bar."""
        links = list(self.tab_links())
        shown, rest = self._split(links, BAR_POINTS)
        if here := next((one for one in rest if one.is_current), None):
            shown, rest = self._split(links, BAR_POINTS - _points(here))
        return shown, rest

    @staticmethod
    def _split(links: Sequence[TabLink], room: int) -> tuple[list[TabLink], list[TabLink]]:
        """Tabs as long as there is room, and the others."""
        shown: list[TabLink] = []
        for one in links:
            room -= _points(one)
            if room < 0:
                break
            shown.append(one)
        return shown, list(links[len(shown) :])

    def context(self, **extra: Any) -> dict[str, Any]:
        """The page's context; the tab bar in two parts."""
        given = super().context(**extra)
        shown, rest = self.bar()
        return given | {"opened": self.opened, "bar_links": shown, "menu_links": rest, "side_cards": self.side_cards()}

    def side_cards(self) -> list[str]:
        """The registered cards beside the open tab, drawn."""
        made = [card(self.request, self.record) for card in sorted(profile_cards, key=lambda card: card.order)]
        here = self.tab.key if self.tab else ""
        shown = [card for card in made if card.tab == here and (card.is_of_a_day or not self.opened.is_of_a_day)]
        return [
            render_to_string(
                card.template_name, {"card": card, "record": self.record} | card.context(), request=self.request
            )
            for card in shown
            if card.is_shown()
        ]


@profile_actions.register
class PrintAction(ProfileAction):
    """Print the sơ yếu lý lịch as of the day."""

    key, order = "print", 10

    def action(self) -> Action | None:
        """For whoever sees the record."""
        url = reverse("personnel:cadre-print", args=[self.record.pk])
        return Action(label="In sơ yếu lý lịch", url=url, icon="printer")


class CadrePhoto(Screen):
    """The photograph of a person whom the reader sees today."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The picture; who is out of scope, or has none, has no such page."""
        opened = open_record(request, kwargs["pk"])
        path = opened.cadre.photo
        if not path or opened.is_of_a_day or opened.is_stub or not default_storage.exists(path):
            raise Http404
        response = FileResponse(default_storage.open(path), content_type="image/jpeg")
        response["Content-Disposition"] = "inline"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class OwnRecord(Screen):
    """Hồ sơ của tôi: leads to the record that is tied to one's account."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """To the own profile; without one there is no such page."""
        user = reader(request)
        own = Cadre.objects.filter(own_q(user)).values_list("pk", flat=True).first()
        if own is None:
            raise Http404
        return HttpResponseRedirect(self.link(reverse("personnel:cadre-detail", args=[own])))
