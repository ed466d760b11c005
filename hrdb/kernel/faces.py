"""The face of everything printed: one that has every Vietnamese letter in all four cuts, found once per process."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

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


class NoPaperFace(RuntimeError):
    """No complete face is installed; the message says which package brings one."""


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
            bold, italic, both = (regular.with_name(f"Tinos-{cut}.ttf") for cut in ("Bold", "Italic", "BoldItalic"))
            yield Face("Tinos", regular, bold, italic, both, is_times=True)
    package = importlib.util.find_spec("fontpkg_be_vietnam_pro")
    if package is not None and package.origin:
        files = Path(package.origin).parent / "files"
        regular, bold, italic, both = (
            files / f"BeVietnamPro-{cut}.ttf" for cut in ("Regular", "Bold", "Italic", "BoldItalic")
        )
        yield Face("Be Vietnam Pro", regular, bold, italic, both)


@lru_cache(maxsize=1)
def paper_face() -> Face:
    """The first complete face; raises NoPaperFace when the machine has none."""
    for face in known_faces():
        if is_complete(face):
            return face
    raise NoPaperFace("Máy chủ chưa có phông chữ đủ dấu tiếng Việt để in. Hãy cài: apt-get install fonts-croscore")
