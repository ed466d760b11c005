"""Opening pages and sending forms as a browser would, for the tests of profile and forms."""

from __future__ import annotations

import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hrdb.kernel.models import User
from personnel.models import Cadre


def signed_in(user: User) -> Client:
    """A browser in which a user is signed in."""
    client = Client()
    client.force_login(user)
    return client


def show(client: Client, name: str, *args: Any, status: int = 200, **query: str) -> str:
    """The text of a page; its status is asserted."""
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == status, response.content.decode()[:2000]
    return html.unescape(response.content.decode())


def profile(client: Client, cadre: Cadre, status: int = 200, **query: str) -> str:
    """The text of a person's profile."""
    return show(client, "personnel:cadre-detail", cadre.pk, status=status, **query)


def typed(text: str) -> dict[str, str]:
    """What the form of a page would send as it stands: every field with its first value."""
    values: dict[str, str] = {}
    for tag in re.finditer(r"<input\b[^>]*>", text):
        name, value = _attribute(tag[0], "name"), _attribute(tag[0], "value") or ""
        if not name or name in ("csrfmiddlewaretoken", "day", "q"):
            continue
        if 'type="checkbox"' in tag[0]:
            if " checked" in tag[0]:
                values[name] = "on"
            continue
        if 'type="file"' not in tag[0]:
            values[name] = value
    for found in re.finditer(r"<select\b[^>]*name=\"([^\"]+)\"[^>]*>(.*?)</select>", text, re.DOTALL):
        chosen = re.search(r"<option value=\"([^\"]*)\"[^>]*selected", found[2])
        values[found[1]] = chosen[1] if chosen else ""
    for found in re.finditer(r"<textarea\b[^>]*name=\"([^\"]+)\"[^>]*>(.*?)</textarea>", text, re.DOTALL):
        values[found[1]] = found[2].strip()
    return {name: html.unescape(value) for name, value in values.items()}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def send(client: Client, name: str, *args: Any, data: dict[str, Any], status: int = 302) -> HttpResponse:
    """Post a form; its status is asserted, and the faults are shown when it is another."""
    response = client.post(reverse(name, args=args), data)
    faults = re.findall(r'class="faults".*?</ul>', response.content.decode(), re.DOTALL)
    assert response.status_code == status, (response.status_code, faults)
    return response


def text_of(response: HttpResponse) -> str:
    """The text of an answer."""
    return html.unescape(response.content.decode())
