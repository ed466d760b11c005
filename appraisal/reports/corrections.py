"""A correction of an approved result in words: what it was before, and by which decision."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from appraisal.choices import Exclusion, LevelChoice
from hrdb.kernel.screens.formats import number_text


def level_text(level: str, exclusion: str) -> str:
    """A level, or why there is none."""
    if exclusion:
        return f"Không xếp loại: {Exclusion(exclusion).label.lower()}"
    return str(LevelChoice(level).label) if level else ""


def correction_text(told: Mapping[str, Any]) -> str:
    """«trước là 80 điểm, Hoàn thành tốt nhiệm vụ; theo Quyết định 9/QĐ ngày 05/01/2027»."""
    was = told["was"]
    score = f"{number_text(Decimal(was['score']))} điểm" if was.get("score") else ""
    party = LevelChoice(was["party_level"]).label if was.get("party_level") else ""
    parts = [score, level_text(was.get("level", ""), was.get("exclusion", "")), f"đảng viên: {party}" if party else ""]
    before = ", ".join(filter(None, parts)) or "chưa có kết quả"
    return f"trước là {before}; theo {told['decision']}"
