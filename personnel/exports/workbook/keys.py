"""The hidden key of a row in a workbook: which row it is, what it said when it left, signed by this installation.

`PERSON.ROW.CONTENT.NAMED.SIGNATURE`: ids of person and row, a digest of what the row held, a digest of how the person
was named beside it. The signature covers the sheet too, so a key that was made up, changed, moved to another sheet or
brought from another installation names nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple, Self

from django.conf import settings

_KEY: Final = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})\.([0-9a-f]{8})\.([0-9a-f]{4})\.([0-9a-f]{20})")
_CODE: Final = re.compile(r"HS-([0-9]{1,18})-([0-9A-F]{8})")
#: Stands in the key of rows that are there to be read alone: those of a past day.
READ_ONLY: Final = "CHỈ ĐỌC"


class RowKey(NamedTuple):
    """A row of a workbook: whose, which, and digests of what it held and of how the person was named."""

    person: int
    row: int
    content: str
    named: str

    def written(self, sheet: str) -> str:
        """The key with its signature, as the hidden column has it."""
        told = f"{self.person}.{self.row}.{self.content}.{self.named}"
        return f"{told}.{_signature(sheet, told)}"

    @classmethod
    def read(cls, text: str, sheet: str) -> Self | None:
        """The key that a cell holds; None when this installation never wrote it for that sheet."""
        found = _KEY.fullmatch(text.strip())
        if found is None or not hmac.compare_digest(found[5], _signature(sheet, text.strip().rpartition(".")[0])):
            return None
        return cls(int(found[1]), int(found[2]), found[3], found[4])


def content_of(values: Mapping[str, Any]) -> str:
    """A digest of a row's values by column."""
    return _digest("\x1f".join(f"{name}={value}" for name, value in values.items()), 4)


@lru_cache(maxsize=8_192)
def named_by(text: str) -> str:
    """A digest of how a person is named beside a row."""
    return _digest(text.strip(), 2)


def record_code(person: int) -> str:
    """The code of a record (mã hồ sơ), by which a workbook names who has no personal number."""
    return f"HS-{person}-{_signature('record', str(person))[:8].upper()}"


def read_record_code(text: str) -> int | None:
    """The record that a code names; None for what is no code of this installation."""
    found = _CODE.fullmatch(text.strip().upper())
    if found is None or not hmac.compare_digest(record_code(int(found[1])), text.strip().upper()):
        return None
    return int(found[1])


@cache
def _secret(secret_key: str) -> bytes:
    return hashlib.sha256(f"personnel.workbook:{secret_key}".encode()).digest()


def _signature(sheet: str, told: str) -> str:
    return _digest(f"{sheet}:{told}", 10)


def _digest(text: str, size: int) -> str:
    """A digest that only this installation can make: it tells nothing of a value that is masked beside it."""
    content = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, key=_secret(settings.SECRET_KEY), digest_size=size).hexdigest()
