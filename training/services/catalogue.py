"""The catalogue of programmes that is shipped (danh mục chương trình ban đầu): what offices changed stays theirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from personnel.choices import Confidence
from personnel.models import Language, QualificationLevel
from personnel.services.bulk import create_many
from personnel.services.reference import reference_parts
from training.models import Programme

FILE: Final = Path(__file__).resolve().parent.parent / "data" / "programmes.json"


class Catalogue:
    """Programmes by their code, none of them confirmed: length, cost and school are the province's to fill in."""

    key, label = "training-programmes", "chương trình đào tạo"

    def load(self) -> int:
        """Add the programmes whose code is not there yet; answers how many."""
        held = set(Programme.objects.values_list("code", flat=True))
        levels = {(level.kind, level.code): level for level in QualificationLevel.objects.all()}
        languages = {language.code: language for language in Language.objects.all()}
        items: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["items"]
        rows = [
            Programme(
                code=item["code"],
                name=item["name"],
                kind=item["kind"],
                gives=item["gives"],
                level=levels[item["gives"], item["level"]] if item["level"] else None,
                language=languages[item["language"]] if "language" in item else None,
                certificate=item.get("certificate", ""),
                conditions=item.get("conditions", {}),
                confidence=Confidence.UNCONFIRMED,
            )
            for item in items
            if item["code"] not in held
        ]
        return len(create_many(Programme, rows))


reference_parts.register(Catalogue())
