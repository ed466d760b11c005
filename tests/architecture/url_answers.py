"""Reading answers: what a visitor could find in one, what of it is not his to know, and when two are the same."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse

from tests.architecture.url_world import INSIDE_NAME, INSIDE_NUMBER, LIMITED, NOBODY, SECRET_TEXTS, World

#: Visitors with an account and no scope: for them nobody exists at all.
WITHOUT_SCOPE = frozenset({NOBODY, "administrator"})

TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|\d\d:\d\d(?= \d\d/\d\d/\d{4})')


def address(name: str, arguments: tuple[Any, ...] = (), **query: Any) -> str:
    """The address of a page."""
    return reverse(name, args=arguments, query=query or None)


def text_of(response: HttpResponseBase) -> str:
    """Everything that a reader of the answer could find in it: pages, workbooks, paper (as the HTML it is made of)."""
    return readable(b"".join(response.streaming_content) if response.streaming else response.content)  # type: ignore[attr-defined]


def readable(content: bytes) -> str:
    """The text of a page, a workbook or a paper."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "\n".join(readable(package.read(one)) for one in package.namelist())
    return html.unescape(content.decode("utf-8", "replace"))


def leaks(world: World, visitor: str, text: str) -> list[str]:
    """What a text tells a visitor that is not his to know."""
    secrets = SECRET_TEXTS if visitor in LIMITED else ()
    if visitor in WITHOUT_SCOPE:
        secrets = (*secrets, INSIDE_NAME, INSIDE_NUMBER, world.own.full_name)
    if visitor == "cadre":
        secrets = (*secrets, INSIDE_NAME, INSIDE_NUMBER)
    return [secret for secret in secrets if secret in text]


def same(response: HttpResponseBase, arguments: tuple[Any, ...]) -> tuple[int, str]:
    """An answer without what differs between any two: tokens, the clock, the address itself."""
    text = TOKENS.sub("", text_of(response))
    for argument in sorted(map(str, arguments), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(argument)}\b", "#", text)
    return response.status_code, text
