"""How long a session lasts (phiên làm việc): a working day at most, an hour without anything done."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hrdb.kernel.accounts import log_session_end, reader
from hrdb.kernel.models import User
from hrdb.kernel.screens.links import with_query

BEGAN, SEEN = "began", "seen"

#: Seconds for which a session's last use is not written anew.
BETWEEN_MARKS = 60


class SessionLimitsMiddleware:
    """Ends sessions that are too old or were left alone, and leads htmx to the sign-in page as a whole."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve; who is signed in no longer is asked to sign in again and comes back to where he was."""
        over = request.user.is_authenticated and is_over(request.session, reader(request), int(time.time()))
        if over:
            log_session_end(user=reader(request))
            logout(request)
        response = self.get_response(request)
        if not isinstance(response, HttpResponseRedirect) or not _is_sign_in(response.url):
            return response
        url = response.url
        if over or "next=" in url:
            url = self._address(request, url, over)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        response["Location"] = url
        return response

    def _address(self, request: HttpRequest, url: str, over: bool) -> str:
        """The sign-in page that leads back to the page in the window, not to a fragment or to where a form went."""
        here = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
        if request.method != "GET" or request.headers.get("HX-Request"):
            url = with_query(url, next=_local(here, request))
        return with_query(url, over=1) if over else url


def is_over(session: SessionBase, user: User, now: int) -> bool:
    """Whether a session has come to its end; one that has not is marked as used, at most once a minute."""
    signed_in = int(user.last_login.timestamp()) if user.last_login else now
    began = session.get(BEGAN, signed_in)
    seen = session.get(SEEN, began)
    if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
        return True
    if now - seen >= BETWEEN_MARKS:
        session[BEGAN], session[SEEN] = began, now
    return False


@never_cache
@require_safe
@login_required
def alive(request: HttpRequest) -> HttpResponse:
    """What a page asks while somebody types: the session lasts on; answers the token that its forms need now."""
    return JsonResponse({"token": get_token(request)})


def _is_sign_in(url: str) -> bool:
    return urlsplit(url).path == resolve_url(settings.LOGIN_URL)


def _local(url: str, request: HttpRequest) -> str:
    """The path and query of an address of this site, the first page for any other."""
    parts = urlsplit(url)
    if parts.netloc != request.get_host():
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
