"""Keys of rows as addresses and forms send them: read in one place, so that none is too long or no number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

#: Longest key that the database holds for certain (a bigint has nineteen digits, not all of them).
KEY_DIGITS: Final = 18


def typed_key(text: str | None) -> int | None:
    """The key that a text names; None for what cannot be one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= KEY_DIGITS else None


def typed_keys(texts: Iterable[str]) -> list[int]:
    """The keys among texts, in their order."""
    return [key for text in texts if (key := typed_key(text)) is not None]
