"""A letter as its parts (văn bản): the same parts as PDF and as a Word file to go on with."""

from __future__ import annotations

from dataclasses import dataclass

from training.reports.papers import paper_pdf

BLANK = "…………………"


@dataclass(frozen=True, slots=True)
class ListHead:
    """A column of the appended list: its heading and its width in millimetres (0: what is left)."""

    label: str
    width: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says. `grounds` are in italics above `decree`; `articles` below; the list is appended."""

    superior: str
    issuer: str
    number: str
    dated: str
    title: str
    about: str
    grounds: tuple[str, ...] = ()
    decree: str = ""
    paragraphs: tuple[str, ...] = ()
    heads: tuple[ListHead, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    list_title: str = ""
    receivers: tuple[str, ...] = ()
    signer: str = "NGƯỜI ĐỨNG ĐẦU"


def letter_pdf(letter: Letter) -> bytes:
    """The letter on paper."""
    return paper_pdf("letter.html", {"letter": letter})
