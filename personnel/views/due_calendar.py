"""The calendar of due matters (lịch nhắc việc): its secret address for an account, and the file that it answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from hrdb.kernel.accounts import reader
from hrdb.kernel.calendars import CALENDAR_TYPE
from hrdb.kernel.screens import Crumb, Screen
from hrdb.kernel.screens.links import link, with_query
from personnel.exports.due import CALENDAR_NAME, due_calendar
from personnel.models import DueFeed
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.due_feeds import close_feed, feed_of, open_feed
from personnel.services.reading import log_export


class DueCalendarPage(Screen):
    """Open, renew and take back the secret address."""

    title = "Lịch nhắc việc"
    lead = "Việc đến hạn trong chương trình lịch của bạn, tự cập nhật."
    template_name = "personnel/due/calendar.html"

    def may_open(self) -> bool:
        """Whoever may view people."""
        return not scope_of(reader(self.request), Action.VIEW).is_empty

    def get_crumbs(self) -> Sequence[Crumb]:
        """Below the list of matters."""
        return (Crumb("Việc đến hạn", reverse("personnel:due-list")),)

    def context(self, **extra: Any) -> dict[str, Any]:
        """Whether an address is open, and once the address itself."""
        feed = DueFeed.objects.filter(user=reader(self.request), closed_at=None).first()
        return super().context(**({"feed": feed, "address": ""} | extra))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Open or renew the address and show it, or take it back."""
        user, act = reader(request), request.POST.get("act")
        if act == "open":
            secret = open_feed(acting_user=user)
            address = request.build_absolute_uri(reverse("personnel:due-feed", args=[secret]))
            return self.respond(address=address)
        if act == "close":
            close_feed(user=user, acting_user=user)
        return HttpResponseRedirect(link(request, "personnel:due-calendar"))


@method_decorator(never_cache, name="dispatch")
class DueFeedFile(View):
    """The calendar file of a secret address, read without signing in; each reading is logged."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        """What the account may see today; 404 for an address that is not open."""
        feed = feed_of(secret)
        if feed is None:
            raise Http404
        user, day = feed.user, timezone.localdate()
        base = request.build_absolute_uri(reverse("personnel:due-list"))
        calendar = due_calendar(
            user=user,
            day=day,
            domain=request.get_host().partition(":")[0],
            opener=lambda kind, when: with_query(base, kind=kind, when=when),
        )
        log_export(user=user, what=CALENDAR_NAME, people=calendar.people, day=day, file_format="ics")
        response = HttpResponse(calendar.content, content_type=CALENDAR_TYPE)
        response["Content-Disposition"] = 'inline; filename="viec-den-han.ics"'
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response
