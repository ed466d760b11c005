"""Registries: how an upper room adds to a lower page without being imported by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class DuplicateKey(ValueError):
    """Two entries of one registry ask for the same key."""


class Registry(Generic[T]):
    """Entries by unique key, in order of registration; entries are classes or frozen values with a `key`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, T] = {}

    def register(self, entry: T) -> T:
        """Add an entry under its `key`; usable as a class decorator."""
        key = str(entry.key)  # type: ignore[attr-defined]
        if key in self._entries:
            raise DuplicateKey(f"{self.name}: khóa «{key}» đã có")
        self._entries[key] = entry
        return entry

    def __getitem__(self, key: str) -> T:
        return self._entries[key]

    def get(self, key: str) -> T | None:
        """The entry of a key, or None."""
        return self._entries.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def keys(self) -> list[str]:
        """All keys in order of registration."""
        return list(self._entries)
