"""The project's own data files (danh mục, chức danh, biểu mẫu): reading them, pure Python.

One JSON file per list under `lists/`, one item per line, each file with its source; `titles.json`; paper forms under
`forms/`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parent


@cache
def read_list(name: str) -> dict[str, Any]:
    """One code list with its head (`list`, `model`, `label`, `source`, `note`) and `items`; not to be changed."""
    return _read(FOLDER / "lists" / f"{name}.json")


@cache
def read_titles() -> dict[str, Any]:
    """The list of titles (chức vụ, chức danh), formed like a code list."""
    return _read(FOLDER / "titles.json")


@cache
def read_form(name: str) -> dict[str, Any]:
    """The rows of a paper form (`unified_2023`, `form_2c_2008`) in order, with key and place in the record."""
    return _read(FOLDER / "forms" / f"{name}.json")


def list_names() -> list[str]:
    """The names of all code lists."""
    return sorted(path.stem for path in (FOLDER / "lists").glob("*.json"))


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
