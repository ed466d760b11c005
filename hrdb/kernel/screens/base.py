"""What all screens share: who may open them, title, sentence, main action, way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views import View

from hrdb.kernel.screens.links import asked_day, with_day


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button of a page: a link to a form, an action or a file. `main` is the one that the page is for."""

    label: str
    url: str
    icon: str = ""
    main: bool = False
    harm: bool = False
    download: bool = False


@dataclass(frozen=True)
class Crumb:
    """One step of the way to this page; the last has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Empty:
    """The designed sentence where there is nothing to show, and the next step."""

    title: str
    text: str = ""
    icon: str = "inbox"
    action: Action | None = None


class Screen(LoginRequiredMixin, View):
    """A page of the site: subclasses say what it holds; `context()` gathers it, `template_name` draws it.

    `fragments` names the partial for each htmx target: {"id of the element": "template of the partial"}.
    """

    title: str = ""
    lead: str = ""
    template_name: str = "base.html"
    fragments: dict[str, str] = {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse who is not signed in (to the login page) or may not open this page (403)."""
        if request.user.is_authenticated and not self.may_open():
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        patch_cache_control(response, private=True, no_store=True)
        return response

    def may_open(self) -> bool:
        """Whether the user may open this page at all; rows out of scope are left to the queryset (404)."""
        return True

    def get_title(self) -> str:
        """The heading of the page."""
        return self.title

    def get_lead(self) -> str:
        """One sentence under the heading that says what the page holds."""
        return self.lead

    def get_actions(self) -> Sequence[Action]:
        """The buttons at the right of the heading, the main one last."""
        return ()

    def get_crumbs(self) -> Sequence[Crumb]:
        """The way to this page, outermost first."""
        return ()

    def context(self, **extra: Any) -> dict[str, Any]:
        """What the template sees."""
        return {
            "screen": self,
            "title": self.get_title(),
            "lead": self.get_lead(),
            "actions": self.get_actions(),
            "crumbs": self.get_crumbs(),
        } | extra

    @property
    def day(self) -> date:
        """The day that the reader asks about."""
        return asked_day(self.request)

    def link(self, url: str) -> str:
        """`url` carrying the asked day."""
        return with_day(self.request, url)

    def respond(self, status: int = 200, **extra: Any) -> HttpResponse:
        """Draw the page, or only the fragment that htmx asked for."""
        menu = self.opened_menu()
        if menu is not None:
            return TemplateResponse(self.request, "shapes/list_menu.html", {"menu": menu})
        context = self.context(**extra)
        htmx = getattr(self.request, "htmx", None)
        partial = self.fragments.get(htmx.target or "") if htmx and not htmx.history_restore_request else None
        context["is_fragment"] = bool(partial)
        return TemplateResponse(self.request, partial or self.template_name, context, status=status)

    def opened_menu(self) -> Any:
        """The menu of the screen's filters that htmx asks for, because it was opened."""
        htmx, filters = getattr(self.request, "htmx", None), getattr(self, "filters", None)
        if filters is None or not htmx or not (htmx.target or "").startswith("filter-menu-"):
            return None
        return next((menu for menu in filters.menus if menu.is_open), None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page."""
        return self.respond()
