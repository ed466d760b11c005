"""Papers of training as PDF: a template of `templates/training/paper` with the common style."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from hrdb.kernel.pdf import render_pdf
from hrdb.kernel.text import nfc
from planning.reports.papers import STYLESHEETS as COMMON

FOLDER: Final = Path(settings.BASE_DIR) / "templates" / "training" / "paper"
STYLESHEETS: Final = (*COMMON, FOLDER / "paper.css")


def paper_pdf(template: str, context: dict[str, Any]) -> bytes:
    """A paper of training."""
    return render_pdf(nfc(render_to_string(f"training/paper/{template}", context)), stylesheets=STYLESHEETS)
