"""Suggestions under a look-up field: what fits the part of a name or code that was typed, within the reader's scope."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import Screen
from personnel.forms.lookups import SUGGESTED, lookup_sources
from personnel.models.scope import has_role, scope_of
from personnel.policies import Action, Role

SHORTEST, LONGEST = 2, 100


class Lookup(Screen):
    """The options of a look-up field; the typed text is the last parameter of the address, whatever its name."""

    template_name = "personnel/cadre/lookup_options.html"

    def may_open(self) -> bool:
        """Whoever fills in forms: of records, or of accounts."""
        user = reader(self.request)
        return not scope_of(user, Action.EDIT).is_empty or has_role(user, Role.ADMINISTRATOR)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What fits, as options."""
        source = lookup_sources.get(kwargs["source"])
        if source is None:
            raise Http404
        typed = [value for name, value in request.GET.items() if name != "day"]
        text = " ".join(str(typed[-1]).split())[:LONGEST] if typed else ""
        user = reader(request)
        found = source.matching(text, user=user, day=self.day, limit=SUGGESTED) if len(text) >= SHORTEST else ()
        return self.respond(options=[written for _, written in found])
