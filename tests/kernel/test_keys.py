"""Keys as addresses and forms send them."""

from __future__ import annotations

import pytest

from hrdb.kernel.keys import typed_key, typed_keys


@pytest.mark.parametrize("text", ["", None, "0x1", "-1", "1.0", " 1", "١٢", "9" * 19, "9" * 5_000, "a"])
def test_what_cannot_be_a_key_is_none(text: str | None) -> None:
    assert typed_key(text) is None


def test_keys_of_many_years_are_keys() -> None:
    assert typed_keys(["5100324", "x", "7", "9" * 18]) == [5_100_324, 7, 10**18 - 1]
