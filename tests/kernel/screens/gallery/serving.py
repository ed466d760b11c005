"""Puts the gallery beside the site for a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates"


def serve_gallery(settings: Any) -> None:
    """Serve the gallery's pages under /gallery/, with their templates; `settings` is pytest-django's fixture."""
    settings.ROOT_URLCONF = "tests.kernel.screens.gallery.urls"
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], TEMPLATES]}]
