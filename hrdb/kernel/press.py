"""WeasyPrint with everything that is costly prepared once per process, and nothing fetched; used through `pdf.py`.

Kept apart because loading it takes half a second, which a process that prints nothing should not pay.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from hrdb.kernel.faces import Face, paper_face

logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)

PAPER_CSS = Path(__file__).with_name("paper.css")


class AddressRefused(ValueError):
    """A document asked for something outside itself."""


class PackagedFilesOnly(URLFetcher):
    """Opens the files of the paper face and pictures inside the document, and refuses everything else."""

    def __init__(self, files: Iterable[Path]) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)
        self._addresses = {file.as_uri() for file in files}

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Open an allowed address; anything else stops the printing."""
        if url in self._addresses or url.startswith("data:image/"):
            return super().fetch(url, headers)
        raise FatalURLFetchingError(f"Tài liệu in không được lấy nội dung từ bên ngoài: {url[:120]}")


class Press:
    """The fonts, the refusing fetcher and the stylesheets of one process; prints one document at a time."""

    def __init__(self, face: Face) -> None:
        self._turn = threading.Lock()
        self._fonts = FontConfiguration()
        self._fetcher = PackagedFilesOnly(face.files)
        self._styles: dict[Path, CSS] = {}
        self._face_css = CSS(string=_face_rules(face), font_config=self._fonts, url_fetcher=self._fetcher)

    def print(self, html: str, stylesheets: Sequence[Path]) -> bytes:
        """A PDF of one document. Raises AddressRefused."""
        with self._turn:
            styles = [self._face_css, *map(self._stylesheet, (PAPER_CSS, *stylesheets))]
            try:
                document = HTML(string=html, url_fetcher=self._fetcher)
                return bytes(document.write_pdf(font_config=self._fonts, stylesheets=styles))
            except FatalURLFetchingError as refusal:
                raise AddressRefused(str(refusal)) from None

    def _stylesheet(self, path: Path) -> CSS:
        """A stylesheet, read once."""
        if path not in self._styles:
            self._styles[path] = CSS(filename=path, font_config=self._fonts, url_fetcher=self._fetcher)
        return self._styles[path]


def _face_rules(face: Face) -> str:
    """The one family of every document, under its own name, without a generic family to fall back on."""
    cuts = [(400, "normal"), (700, "normal"), (400, "italic"), (700, "italic")]
    rules = "".join(
        f"@font-face{{font-family:'{face.family}';src:url({file.as_uri()});font-weight:{weight};font-style:{style}}}"
        for file, (weight, style) in zip(face.files, cuts, strict=True)
    )
    return f"{rules}html{{font-family:'{face.family}'}}@page{{font-family:'{face.family}'}}"


@lru_cache(maxsize=1)
def press() -> Press:
    """The press of this process. Raises NoPaperFace."""
    return Press(paper_face())
