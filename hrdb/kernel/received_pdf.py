"""PDF files that someone sent: whether one opens, how many pages it has, and that it runs nothing.

A hostile or broken file can exhaust memory or time while it is read, so it is read in a process of its own: the module
is its own script, imports nothing of the project, and starts in milliseconds. Arguments: path, limits as JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

_MAGIC: Final = b"%PDF-"
#: Where the mark of a PDF may stand: some scanners write a few bytes before it.
_HEAD: Final = 1024

NOT_A_PDF: Final = "Tệp không phải là PDF. Hãy quét hoặc lưu văn bản thành PDF rồi gửi lại."
BROKEN: Final = "Tệp PDF bị hỏng hoặc chưa tải lên hết, không mở được."
ENCRYPTED: Final = "Tệp PDF được đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."
EMPTY: Final = "Tệp PDF không có trang nào."
ACTIVE: Final = "Tệp PDF chứa mã lệnh hoặc tệp đính kèm nên không nhận. Hãy quét hoặc in lại thành PDF rồi gửi."
TOO_MUCH: Final = "Tệp PDF quá phức tạp, không đọc được trong giới hạn cho phép. Hãy quét lại rồi gửi."

#: Actions that do more than turn to a page or follow a link to a page of the web.
_ACTIONS: Final = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound"}
)
_KINDS: Final = frozenset({"/EmbeddedFile", "/RichMedia", "/3D", "/Movie", "/Screen", "/FileAttachment", "/Sound"})
_KEYS: Final = frozenset({"/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/Launch"})


class UnreadablePdf(Exception):
    """The file is not taken; `str()` is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """How much one file may ask for."""

    objects: int = 200_000
    pages: int = 2_000
    memory: int = 1_000_000_000
    seconds: int = 20


def check_pdf(path: Path, *, limits: PdfLimits | None = None) -> int:
    """The number of pages of a PDF that opens and holds no active content; raises UnreadablePdf with a sentence."""
    limits = limits or PdfLimits()
    with path.open("rb") as file:
        if _MAGIC not in file.read(_HEAD):
            raise UnreadablePdf(NOT_A_PDF)
    try:
        answer = subprocess.run(
            [sys.executable, "-I", str(Path(__file__)), str(path), json.dumps(asdict(limits))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadablePdf(TOO_MUCH) from None
    if answer.returncode != 0:
        raise UnreadablePdf(TOO_MUCH if answer.returncode < 0 else BROKEN)
    told = json.loads(answer.stdout)
    if "unreadable" in told:
        raise UnreadablePdf(told["unreadable"])
    return int(told["pages"])


def main() -> None:
    """Read the file named by the arguments and write the answer."""
    path, limits = sys.argv[1], json.loads(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"pages": read(path, limits)}
    except UnreadablePdf as refused:
        answer = {"unreadable": str(refused)}
    except (MemoryError, RecursionError):
        answer = {"unreadable": TOO_MUCH}
    sys.stdout.write(json.dumps(answer))


def read(path: str, limits: dict[str, int]) -> int:
    """The number of pages; every object of the file is looked at."""
    from pypdf import PdfReader
    from pypdf.errors import PdfReadError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise UnreadablePdf(ENCRYPTED)
        pages = len(reader.pages)
    except UnreadablePdf:
        raise
    except (PdfReadError, MemoryError, RecursionError) as error:
        raise (UnreadablePdf(BROKEN) if isinstance(error, PdfReadError) else error) from None
    except Exception:
        # Whatever the reader raises on a damaged file means one thing to the user.
        raise UnreadablePdf(BROKEN) from None
    if not pages:
        raise UnreadablePdf(EMPTY)
    if pages > limits["pages"]:
        raise UnreadablePdf(TOO_MUCH)
    _refuse_active(reader, limits["objects"])
    return pages


def _refuse_active(reader: Any, most: int) -> None:
    """Refuse scripts, actions that start something, attached files, films and sounds, wherever they stand."""
    numbers = {number for known in reader.xref.values() for number in known} | set(reader.xref_objStm)
    if len(numbers) > most:
        raise UnreadablePdf(TOO_MUCH)
    for found in (reader.trailer, *_objects(reader, sorted(numbers))):
        if _is_active(found):
            raise UnreadablePdf(ACTIVE)


def _objects(reader: Any, numbers: list[int]) -> Any:
    from pypdf.generic import IndirectObject

    for number in numbers:
        try:
            yield reader.get_object(IndirectObject(number, 0, reader))
        except (MemoryError, RecursionError):
            raise
        except Exception:
            continue  # an object that cannot be read runs nothing


def _is_active(found: Any, depth: int = 0) -> bool:
    """Whether an object, or one written inside it, does more than show something; references are looked at apart."""
    if depth > 60:
        raise RecursionError
    if isinstance(found, dict):
        if _KEYS & found.keys() or _name(found, "/S") in _ACTIONS:
            return True
        if {_name(found, "/Type"), _name(found, "/Subtype")} & _KINDS:
            return True
        return any(_is_active(value, depth + 1) for value in dict.values(found) if isinstance(value, dict | list))
    if isinstance(found, list):
        return any(_is_active(value, depth + 1) for value in list(found) if isinstance(value, dict | list))
    return False


def _name(found: dict[str, Any], key: str) -> str:
    """A name in a dictionary, also one that is kept elsewhere."""
    value: Any = dict.get(found, key)
    return str(value.get_object() if hasattr(value, "get_object") else value)


if __name__ == "__main__":
    main()
