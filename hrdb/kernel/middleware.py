"""Small middleware of the ground floor."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from hrdb.kernel.audit import remember_address


class ClientAddressMiddleware:
    """Put the client's own address where everything looks for it, and keep it for the audit trail.

    Behind a trusted proxy (`HRDB_PROXY=1`) that is the last address of X-Forwarded-For, the only one
    the proxy vouches for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve the request under its real address."""
        if settings.BEHIND_PROXY:
            named = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
            request.META["REMOTE_ADDR"] = named or request.META.get("REMOTE_ADDR", "")
        remember_address(request.META.get("REMOTE_ADDR") or None)
        try:
            return self.get_response(request)
        finally:
            remember_address(None)
