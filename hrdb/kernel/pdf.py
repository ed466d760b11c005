"""Paper: HTML becomes PDF with one complete face, nothing fetched, everything that is costly prepared once per process.

This module imports no Django, so that printing processes start quickly and hold no database connection:

    render_pdf(html, stylesheets=[folder / "form.css"])            one document
    for path in print_sheets(sheets): ...                          many, on every core, in order
    merge_pdfs([("Nguyễn Văn A", path), ...], target)              one file with an outline
"""

from __future__ import annotations

import importlib.util
import logging
import os
import resource
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from pypdf import PdfReader, PdfWriter
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)

PAPER_CSS = Path(__file__).with_name("paper.css")
FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
)
#: Letters and marks that a Vietnamese page needs; one that is missing would silently come from another face.
NEEDED_LETTERS = (
    frozenset(range(0x20, 0x7F))
    | frozenset(range(0x1EA0, 0x1EFA))
    | frozenset(map(ord, "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư–—…“”‘’«»·•§°²³₫×"))
)
PRINTERS = 2
SHEETS_PER_PRINTER = 60
MEMORY_LIMIT = 1536 * 1024 * 1024
IN_FLIGHT = 3


class NoPaperFace(RuntimeError):
    """No complete face is installed; the message says which package brings one."""


class AddressRefused(ValueError):
    """A document asked for something outside itself."""


class PrintingFailed(RuntimeError):
    """A printing process died or ran out of memory."""


@dataclass(frozen=True)
class Face:
    """One face in four cuts; `is_times` tells whether it has the widths of Times."""

    family: str
    regular: Path
    bold: Path
    italic: Path
    bold_italic: Path
    is_times: bool = False

    @property
    def files(self) -> tuple[Path, Path, Path, Path]:
        """The four files."""
        return self.regular, self.bold, self.italic, self.bold_italic


@dataclass(frozen=True)
class Sheet:
    """One document to print: its HTML, where the PDF goes, and its stylesheets after the common one."""

    html: str
    target: Path
    stylesheets: tuple[Path, ...] = ()


# The face -------------------------------------------------------------------------------------------------------------


def missing_letters(file: Path) -> set[str]:
    """Letters of a Vietnamese page that a font file lacks."""
    with TTFont(file, lazy=True) as font:
        return {chr(code) for code in NEEDED_LETTERS - set(font.getBestCmap() or ())}


def is_complete(face: Face) -> bool:
    """Whether all four cuts are there and have every letter that a Vietnamese page needs."""
    return all(file.is_file() and not missing_letters(file) for file in face.files)


def known_faces() -> Iterator[Face]:
    """Faces in order of preference: an installed one with the widths of Times, then the packaged one of the screens."""
    for folder in FONT_FOLDERS:
        for regular in sorted(folder.rglob("Tinos-Regular.ttf")) if folder.is_dir() else ():
            cuts = (regular.with_name(f"Tinos-{cut}.ttf") for cut in ("Bold", "Italic", "BoldItalic"))
            yield Face("Tinos", regular, *cuts, is_times=True)
    package = importlib.util.find_spec("fontpkg_be_vietnam_pro")
    if package is not None and package.origin:
        files = Path(package.origin).parent / "files"
        cuts = (files / f"BeVietnamPro-{cut}.ttf" for cut in ("Regular", "Bold", "Italic", "BoldItalic"))
        yield Face("Be Vietnam Pro", *cuts)


@lru_cache(maxsize=1)
def paper_face() -> Face:
    """The first complete face; raises NoPaperFace when the machine has none."""
    for face in known_faces():
        if is_complete(face):
            return face
    raise NoPaperFace("Máy chủ chưa có phông chữ đủ dấu tiếng Việt để in. Hãy cài: apt-get install fonts-croscore")


# One document ---------------------------------------------------------------------------------------------------------


class PackagedFilesOnly(URLFetcher):  # type: ignore[misc]
    """Opens the files of the paper face and pictures inside the document, and refuses everything else."""

    def __init__(self, files: Iterable[Path]) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)
        self._addresses = {file.as_uri() for file in files}

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Open an allowed address; anything else stops the printing."""
        if url in self._addresses or url.startswith("data:image/"):
            return super().fetch(url, headers)
        raise FatalURLFetchingError(f"Tài liệu in không được lấy nội dung từ bên ngoài: {url[:120]}")


@dataclass(frozen=True)
class _Press:
    """What a process prepares once: fonts, the refusing fetcher, and the turn of the one who prints."""

    fonts: FontConfiguration
    fetcher: PackagedFilesOnly
    turn: threading.Lock
    face_css: CSS


@lru_cache(maxsize=1)
def _press() -> _Press:
    face = paper_face()
    fetcher, fonts = PackagedFilesOnly(face.files), FontConfiguration()
    rules = "".join(
        f"@font-face{{font-family:'{face.family}';src:url({file.as_uri()});font-weight:{weight};font-style:{style}}}"
        for file, (weight, style) in zip(
            face.files, [(400, "normal"), (700, "normal"), (400, "italic"), (700, "italic")], strict=True
        )
    )
    rules += f"html{{font-family:'{face.family}'}}@page{{font-family:'{face.family}'}}"
    css = CSS(string=rules, font_config=fonts, url_fetcher=fetcher)
    return _Press(fonts, fetcher, threading.Lock(), css)


@lru_cache(maxsize=32)
def _stylesheet(path: Path) -> CSS:
    """A stylesheet, read once per process."""
    press = _press()
    return CSS(filename=path, font_config=press.fonts, url_fetcher=press.fetcher)


def render_pdf(html: str, *, stylesheets: Sequence[Path] = ()) -> bytes:
    """A PDF of one HTML document on A4, styled by the common paper stylesheet and then by `stylesheets`.

    Raises NoPaperFace, or AddressRefused when the document asks for something outside itself.
    """
    press = _press()
    with press.turn:
        styles = [press.face_css, *map(_stylesheet, (PAPER_CSS, *stylesheets))]
        try:
            document = HTML(string=html, url_fetcher=press.fetcher)
            return bytes(document.write_pdf(font_config=press.fonts, stylesheets=styles))
        except FatalURLFetchingError as refusal:
            raise AddressRefused(str(refusal)) from None


# Many documents -------------------------------------------------------------------------------------------------------


def print_sheets(sheets: Iterable[Sheet], *, printers: int | None = None) -> Iterator[Path]:
    """Print documents with several processes and answer their files in order, as they are ready.

    `sheets` may be a generator: only a few are held at a time. Each process is replaced after a number of documents
    and may not take more memory than MEMORY_LIMIT. Raises PrintingFailed.
    """
    count = printers or max(1, min(PRINTERS, len(os.sched_getaffinity(0))))
    pool = ProcessPoolExecutor(
        max_workers=count,
        mp_context=get_context("spawn"),
        initializer=_start_printer,
        max_tasks_per_child=SHEETS_PER_PRINTER,
    )
    waiting: deque[Future[Path]] = deque()
    try:
        for sheet in sheets:
            waiting.append(pool.submit(_print_sheet, sheet))
            if len(waiting) > count * IN_FLIGHT:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except (BrokenProcessPool, MemoryError) as failure:
        raise PrintingFailed("Tiến trình in đã dừng giữa chừng, có thể do thiếu bộ nhớ.") from failure
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_printer() -> None:
    """Cap the memory of a printing process and let it end with the process that started it."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[1]
    ceiling = MEMORY_LIMIT if limit == resource.RLIM_INFINITY else min(MEMORY_LIMIT, limit)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, limit))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _print_sheet(sheet: Sheet) -> Path:
    """Print one document to its file, in a printing process."""
    sheet.target.write_bytes(render_pdf(sheet.html, stylesheets=sheet.stylesheets))
    return sheet.target


def merge_pdfs(parts: Iterable[tuple[str, Path]], target: Path, *, title: str = "") -> int:
    """Write the documents one after another into `target`, each under its own entry of the outline; answers the pages.

    All parts stand in memory while they are written: callers cut long runs into volumes.
    """
    with PdfWriter() as writer:
        for name, path in parts:
            writer.append(PdfReader(path), outline_item=name or None, import_outline=False)
        if title:
            writer.add_metadata({"/Title": title})
        writer.write(target)
        return len(writer.pages)
