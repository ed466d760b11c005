"""Paper: HTML becomes PDF with one complete face, nothing fetched, everything that is costly prepared once per process.

    render_pdf(html, stylesheets=[folder / "form.css"])            one document
    for path in print_sheets(sheets): ...                          many, on every core, in order
    merge_pdfs([("Nguyễn Văn A", path), ...], target)              one file with an outline

This module imports no Django, so that printing processes start quickly and hold no database connection.
"""

from __future__ import annotations

import os
import resource
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path

PRINTERS = 2
SHEETS_PER_PRINTER = 60
IN_FLIGHT = 3
MEMORY_LIMIT = 1536 * 1024 * 1024


class PrintingFailed(RuntimeError):
    """A printing process died or ran out of memory; the message is a sentence for whoever waits."""


@dataclass(frozen=True)
class Sheet:
    """One document to print: its HTML, where the PDF goes, and its stylesheets after the common one."""

    html: str
    target: Path
    stylesheets: tuple[Path, ...] = ()


def render_pdf(html: str, *, stylesheets: Sequence[Path] = ()) -> bytes:
    """A PDF of one HTML document on A4, styled by the common paper stylesheet and then by `stylesheets`.

    Raises NoPaperFace, or AddressRefused when the document asks for something outside itself.
    """
    from hrdb.kernel.press import press

    return press().print(html, stylesheets)


def printers_here() -> int:
    """How many printing processes this machine bears."""
    return max(1, min(PRINTERS, len(os.sched_getaffinity(0))))


def print_sheets(sheets: Iterable[Sheet], *, printers: int | None = None) -> Iterator[Path]:
    """Print documents with several processes and answer their files in order, as they are ready.

    `sheets` may be a generator: only a few are held at a time. Each process is replaced after a number of documents
    and may not take more memory than MEMORY_LIMIT. Raises PrintingFailed.
    """
    count = printers or printers_here()
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
    """Wait for the end of the process that started this one, however it ends, and end too."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _print_sheet(sheet: Sheet) -> Path:
    """Print one document to its file, in a printing process."""
    sheet.target.write_bytes(render_pdf(sheet.html, stylesheets=sheet.stylesheets))
    return sheet.target


def merge_pdfs(parts: Iterable[tuple[str, Path]], target: Path, *, title: str = "") -> int:
    """Write documents one after another into `target`, each under its own entry of the outline; answers the pages.

    All parts stand in memory while they are written: callers cut long runs into volumes.
    """
    from pypdf import PdfReader, PdfWriter

    with PdfWriter() as writer:
        for name, path in parts:
            writer.append(PdfReader(path), outline_item=name or None, import_outline=False)
        if title:
            writer.add_metadata({"/Title": title})
        writer.write(target)
        return len(writer.pages)
