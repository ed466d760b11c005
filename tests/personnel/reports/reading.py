"""Reading what was printed."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable

from pypdf import PdfReader


def pages_of(content: bytes) -> list[str]:
    """The text of each page."""
    return [one.extract_text() for one in PdfReader(io.BytesIO(content)).pages]


def squeezed(text: str) -> str:
    """Text without blanks: lines break where they must on paper."""
    return "".join(text.split())


def text_of(content: bytes) -> str:
    """The text of a document without blanks."""
    return squeezed("".join(pages_of(content)))


def text_of_html(source: str) -> str:
    """The text of a document before it is printed, without blanks: quicker where the PDF itself is not in question."""
    return squeezed(html.unescape(re.sub(r"<style.*?</style>|<title.*?</title>|<[^>]+>", "", source, flags=re.DOTALL)))


def families(content: bytes) -> set[str]:
    """Families of the embedded fonts."""
    names = set()
    for one in PdfReader(io.BytesIO(content)).pages:
        for font in one["/Resources"]["/Font"].values():
            names.add(font.get_object()["/BaseFont"].lstrip("/").split("+")[-1].split("-")[0])
    return names


def assert_in_order(text: str, wanted: Iterable[str]) -> None:
    """Each wanted text stands in `text` after the one before it."""
    place = 0
    for one in map(squeezed, wanted):
        found = text.find(one, place)
        assert found >= 0, f"«{one}» không có sau «…{text[max(0, place - 60) : place]}»"
        place = found + len(one)
