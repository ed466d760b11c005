"""Pages for what went wrong: each with a sentence and the next step."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was sent from an old page or another site; named in the setting CSRF_FAILURE_VIEW."""
    return render(request, "csrf.html", status=403)


def locked_out(request: HttpRequest, credentials: object = None, *args: object, **kwargs: object) -> HttpResponse:
    """Too many wrong passwords; named in the setting AXES_LOCKOUT_CALLABLE."""
    return render(request, "registration/locked.html", status=429)
