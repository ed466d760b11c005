"""Acts on everyone whom the list of people shows under the same filters, or on those marked in it (`people`)."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.keys import typed_keys
from hrdb.kernel.models import Job
from hrdb.kernel.screens import ActionScreen, Crumb
from hrdb.kernel.screens.links import with_query
from personnel.filters.cadres import CadreFilters
from personnel.models import Cadre
from personnel.models.scope import scope_of


class SelectionScreen(ActionScreen):
    """An act on a selection of the list of people, done as long work: `save` starts the job."""

    success_text: ClassVar[str] = ""

    def may_open(self) -> bool:
        """Whoever has a list of people."""
        return not scope_of(reader(self.request)).is_empty

    def people(self) -> QuerySet[Cadre]:
        """The selection within scope on the asked day."""
        held = Cadre.objects.held_on(reader(self.request), self.day)
        marked = typed_keys(self.request.GET.getlist("people"))
        if marked:
            return held.filter(pk__in=marked)
        return CadreFilters(self.request.GET, self.request).narrow(held)

    def get_crumbs(self) -> list[Crumb]:
        """Back to the list under the same filters."""
        query = {key: self.request.GET.getlist(key) for key in self.request.GET}
        return [Crumb("Cán bộ", with_query(reverse("personnel:cadre-list"), **query)), Crumb(self.title)]

    def get_success_url(self, result: Job) -> str:
        """The page that follows the long work."""
        return reverse("kernel:job-detail", args=[result.key])
