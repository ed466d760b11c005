"""The throw-away PostgreSQL of one test run, and the migrated copy that runs share.

Migrating takes longer than most tests, so the first run after a change of the migrations keeps the data folder of
its freshly migrated cluster under `var/`, and later runs start from a copy.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from hrdb.kernel.database import Cluster
from hrdb.kernel.database.address import APPLICATION_ROLE, DATABASE_NAME, PORT, cluster_home
from hrdb.kernel.database.server import THROWAWAY_OPTIONS
from hrdb.kernel.installation import BASE_DIR

APPS = ("hrdb/kernel", "personnel", "appraisal", "planning", "training")
KEPT = BASE_DIR / "var" / "test-cluster"
MIGRATED = "migrated"
"""The database that tests copy; nobody connects to it, for that would forbid the copying."""
OWN_IMPORT = re.compile(r"^from ((?:hrdb|personnel|appraisal|planning|training)[\w.]*) import", re.MULTILINE)


def run_cluster(home: Path | None = None) -> Cluster:
    """The cluster of this run, or of another one."""
    return Cluster(home or cluster_home(), options=THROWAWAY_OPTIONS, may_create_databases=True)


def ensure_migrated() -> str:
    """Start the run's cluster with migrated tables, once for all workers; answers the database to copy for tests."""
    with _locked(cluster_home().parent / "tests.lock"):
        cluster = run_cluster()
        if cluster.is_running():
            return MIGRATED
        if not cluster.home.exists() and _take_kept(cluster.home):
            cluster.ensure_running()
            return MIGRATED
        cluster.ensure_running()
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"],
            cwd=BASE_DIR,
            check=True,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "hrdb.settings"},
        )
        _set_aside(cluster)
        cluster.stop()
        _keep(cluster.home)
        cluster.ensure_running()
    return MIGRATED


def clear_left_behind() -> None:
    """Stop and remove what runs that were killed left."""
    for folder in Path(tempfile.gettempdir()).glob("hrdb-test-*"):
        owner = folder.name.split("-")[2]
        if owner.isdigit() and int(owner) != os.getpid() and not Path(f"/proc/{owner}").exists():
            run_cluster(folder.resolve() / "postgres").stop()
            shutil.rmtree(folder, ignore_errors=True)


def _migrations_key() -> str:
    """What the migrated tables depend on: our migrations, what they import of ours, and the pinned libraries."""
    files = [file for app in APPS for file in sorted((BASE_DIR / app / "migrations").glob("*.py"))]
    modules = {name for file in files for name in OWN_IMPORT.findall(file.read_text())}
    files += [file for name in sorted(modules) if (file := BASE_DIR / (name.replace(".", "/") + ".py")).is_file()]
    digest = hashlib.sha256((BASE_DIR / "requirements-dev.lock").read_bytes())
    for file in files:
        digest.update(str(file).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _set_aside(cluster: Cluster) -> None:
    """Copy the migrated database under the name that tests copy it from."""
    with psycopg.connect(
        host=str(cluster.sockets), port=PORT, user=APPLICATION_ROLE, dbname="postgres", autocommit=True
    ) as link:
        link.execute(f"CREATE DATABASE {MIGRATED} TEMPLATE {DATABASE_NAME}".encode())


def _take_kept(home: Path) -> bool:
    """Copy the kept cluster, if there is one for the migrations as they stand."""
    kept = KEPT / _migrations_key()
    if not kept.is_dir():
        return False
    with _locked(KEPT / "lock"):
        if not kept.is_dir():
            return False
        _copy(kept, home)
    return True


def _keep(home: Path) -> None:
    """Keep the stopped cluster for later runs, in place of older ones."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with _locked(KEPT / "lock"):
        for old in KEPT.iterdir():
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
        draft = KEPT / f"draft-{os.getpid()}"
        _copy(home, draft)
        draft.rename(KEPT / _migrations_key())


def _copy(source: Path, target: Path) -> None:
    """Copy a stopped cluster with its owner."""
    subprocess.run(["cp", "-a", "--reflink=auto", f"{source.resolve()}/.", target], check=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
