"""Static files that come from packages: Bootstrap's stylesheet and the typeface that `prepare` cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

BOOTSTRAP = ("css/bootstrap.min.css", "css/bootstrap.min.css.map")


def fonts_folder() -> Path:
    """Where `prepare` puts the cut typeface (see fonts.build_fonts)."""
    return Path(settings.VAR_DIR) / "assets" / "fonts"


class PackagedFinder(BaseFinder):
    """Finds `bootstrap/…` in the package bootstrap-wrapper and `fonts/…` in the folder of the cut typeface."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        bootstrap = Path(str(resources.files("bootstrap_wrapper"))).parent / "bootstrap"
        self.storages: list[tuple[FileSystemStorage, str, Iterable[str] | None]] = [
            (self._storage(bootstrap, "bootstrap"), "bootstrap", BOOTSTRAP),
            (self._storage(fonts_folder(), "fonts"), "fonts", None),
        ]

    @staticmethod
    def _storage(folder: Path, prefix: str) -> FileSystemStorage:
        """A folder whose files are served under a prefix."""
        storage = FileSystemStorage(location=folder)
        storage.prefix = prefix  # type: ignore[attr-defined]
        return storage

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to warn about: before `prepare` the typeface is simply not there yet."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file of a static path, or an empty list."""
        found = []
        for storage, prefix, names in self.storages:
            head, _, name = path.partition("/")
            if head == prefix and name and (names is None or name in names) and storage.exists(name):
                found.append(storage.path(name))
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every file that this finder offers."""
        for storage, _, names in self.storages:
            for name in self._names(storage) if names is None else names:
                if not matches_patterns(name, list(ignore_patterns or ())):
                    yield name, storage

    @staticmethod
    def _names(storage: FileSystemStorage) -> Sequence[str]:
        """Names of the finished files of a folder that may not be there yet."""
        folder = Path(storage.location)
        return sorted(path.name for path in folder.glob("*.woff2")) if folder.is_dir() else []
