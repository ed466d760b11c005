"""What the last check of a batch found, kept beside the batch's file for the pages that show it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from personnel.models import ImportBatch
from personnel.services.batches import stored_path


def keep_check(batch: ImportBatch, content: Mapping[str, Any]) -> None:
    """Keep what a check found, as plain values."""
    folder = _folder(batch)
    folder.mkdir(mode=0o700, exist_ok=True)
    with gzip.open(folder / "check.json.gz", "wt", encoding="utf-8", compresslevel=3) as file:
        json.dump(content, file, ensure_ascii=False, default=str)


def checked(batch: ImportBatch) -> dict[str, Any] | None:
    """What the last check of a batch found, None before the first."""
    path = _folder(batch) / "check.json.gz"
    if not path.is_file():
        return None
    with gzip.open(path, "rt", encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)
    return found


def _folder(batch: ImportBatch) -> Path:
    return stored_path(batch).with_name(f"{stored_path(batch).name}-check")
