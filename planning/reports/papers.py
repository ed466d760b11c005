"""Papers of planning as PDF: a template of `templates/planning/paper` with the common style."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from hrdb.kernel.pdf import render_pdf
from hrdb.kernel.text import nfc

FOLDER: Final = Path(settings.BASE_DIR) / "templates" / "planning" / "paper"
STYLESHEETS: Final = (FOLDER / "paper.css",)


def paper_pdf(template: str, context: dict[str, Any]) -> bytes:
    """A paper of planning."""
    return render_pdf(nfc(render_to_string(f"planning/paper/{template}", context)), stylesheets=STYLESHEETS)
