"""The embedded PostgreSQL: created, found, started again and stopped by any process."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from hrdb.kernel.database import Cluster, DatabaseUnavailable, server
from hrdb.kernel.database.address import SOCKET_PARENT, connection_settings, socket_folder
from hrdb.kernel.database.server import THROWAWAY_OPTIONS
from hrdb.kernel.installation import BASE_DIR

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="chỉ có nghĩa khi chạy bằng root")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster behind a closed folder, as pytest makes its folders."""
    cluster = Cluster(tmp_path_factory.mktemp("closed") / "postgres", options=THROWAWAY_OPTIONS)
    yield cluster
    _remove(cluster)


@pytest.fixture
def cluster(made: Cluster) -> Cluster:
    """The same cluster, running, whatever the test before did to it."""
    made.ensure_running()
    return made


def _ask(cluster: Cluster, question: str) -> object:
    """The answer to one question, asked as the application."""
    with psycopg.connect(host=str(cluster.sockets), user="hrdb", dbname="hrdb") as link:
        row = link.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def _remove(cluster: Cluster) -> None:
    """Leave nothing behind, not even where a closed folder made the cluster move to."""
    cluster.stop()
    shutil.rmtree(cluster.home.resolve(), ignore_errors=True)


def _server_pid(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def test_database_knows_vietnamese_letters_and_orders_by_bytes(cluster: Cluster) -> None:
    assert _ask(cluster, "SELECT lower('ĐẶNG THỊ ƯỚC')") == "đặng thị ước"
    assert _ask(cluster, "SELECT 'Ặ' ILIKE 'ặ' AND 'z' < 'á' AND 'B' < 'a'") is True


@pytest.mark.database
@pytest.mark.django_db
def test_extensions_are_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        assert {"btree_gist", "pg_trgm"} <= {name for (name,) in cursor.fetchall()}


def test_application_role_has_no_rights_over_the_server(cluster: Cluster) -> None:
    assert (
        _ask(cluster, "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
        is False
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _ask(cluster, "SELECT pg_read_file('/etc/passwd')")


def test_application_may_create_trusted_extensions(cluster: Cluster) -> None:
    with psycopg.connect(host=str(cluster.sockets), user="hrdb", dbname="hrdb") as link:
        link.execute("CREATE EXTENSION btree_gist")
        link.execute("CREATE EXTENSION pg_trgm")
        link.rollback()


def test_server_listens_on_its_closed_socket_only(cluster: Cluster) -> None:
    assert _ask(cluster, "SHOW listen_addresses") == ""
    assert cluster.sockets.stat().st_mode & 0o777 == 0o700
    assert len(str(cluster.sockets / ".s.PGSQL.5432")) < 60


@AS_ROOT
def test_root_drops_to_an_account_without_rights(cluster: Cluster) -> None:
    owner = Path(f"/proc/{_server_pid(cluster)}").stat().st_uid
    assert owner not in {0, os.geteuid()}
    assert cluster.data.stat().st_uid == owner


@AS_ROOT
def test_folders_above_are_not_opened(tmp_path: Path) -> None:
    above = tmp_path / "secret"
    above.mkdir(mode=0o700)
    cluster = Cluster(above / "var" / "postgres", options=THROWAWAY_OPTIONS)
    try:
        cluster.ensure_running()
        assert _ask(cluster, "SELECT 1") == 1
        assert above.stat().st_mode & 0o777 == 0o700
        assert cluster.home.is_symlink()
    finally:
        _remove(cluster)


def test_many_callers_at_once_start_one_server(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "postgres", options=THROWAWAY_OPTIONS)
    failures: list[BaseException] = []

    def call() -> None:
        try:
            Cluster(cluster.home, options=THROWAWAY_OPTIONS).ensure_running()
            assert _ask(cluster, "SELECT 1") == 1
        except BaseException as error:
            failures.append(error)

    callers = [threading.Thread(target=call) for _ in range(4)]
    try:
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        assert failures == []
    finally:
        _remove(cluster)


def test_finding_a_running_server_is_cheap(cluster: Cluster) -> None:
    started = time.perf_counter()
    for _ in range(20):
        cluster.ensure_running()
    assert (time.perf_counter() - started) / 20 < 0.01


def test_a_killed_server_starts_again_with_its_data(cluster: Cluster) -> None:
    with psycopg.connect(host=str(cluster.sockets), user="hrdb", dbname="hrdb") as link:
        link.execute("SET synchronous_commit = on")
        link.execute("CREATE TABLE kept AS SELECT 7 AS value")
    pid = _server_pid(cluster)
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while cluster.is_running() and time.monotonic() < until:
        time.sleep(0.02)
    assert not cluster.is_running()
    cluster.ensure_running()
    assert _ask(cluster, "SELECT value FROM kept") == 7


def test_stop_ends_the_server_and_start_keeps_the_data(cluster: Cluster) -> None:
    with psycopg.connect(host=str(cluster.sockets), user="hrdb", dbname="hrdb") as link:
        link.execute("CREATE TABLE stopped AS SELECT 8 AS value")
    assert cluster.stop() is True
    assert not cluster.is_running()
    assert cluster.stop() is False
    cluster.ensure_running()
    assert _ask(cluster, "SELECT value FROM stopped") == 8


def test_server_outlives_the_command_that_started_it(cluster: Cluster) -> None:
    cluster.stop()
    code = f"""
from pathlib import Path
from hrdb.kernel.database import Cluster
from hrdb.kernel.database.server import THROWAWAY_OPTIONS
Cluster(Path({str(cluster.home)!r}), options=THROWAWAY_OPTIONS).ensure_running()
"""
    subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, check=True)
    assert cluster.is_running()


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "postgres", options=THROWAWAY_OPTIONS)
    cluster.sockets.mkdir(mode=0o777)
    cluster.sockets.chmod(0o777)
    try:
        with pytest.raises(DatabaseUnavailable, match="thuộc về người khác"):
            cluster.ensure_running()
    finally:
        cluster.sockets.rmdir()
        _remove(cluster)


def test_data_of_another_version_is_refused(cluster: Cluster) -> None:
    cluster.stop()
    mark = cluster.data / "PG_VERSION"
    written = mark.read_text()
    try:
        mark.write_text("14\n")
        with pytest.raises(DatabaseUnavailable, match="thuộc PostgreSQL 14"):
            cluster.ensure_running()
    finally:
        mark.write_text(written)


def test_a_server_that_dies_at_start_is_a_sentence(cluster: Cluster) -> None:
    cluster.stop()
    with pytest.raises(DatabaseUnavailable, match="Không khởi động được PostgreSQL"):
        Cluster(cluster.home, options={"shared_buffers": "nonsense"}).ensure_running()


def test_named_server_is_read_from_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://lan:b%40t@db.tinh:6432/hoso?sslmode=require")
    settings = connection_settings()
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    assert [settings[name] for name in names] == ["hoso", "lan", "b@t", "db.tinh", "6432", {"sslmode": "require"}]


def test_nonsense_address_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://lan@db.tinh/hoso?colour=red")
    with pytest.raises(ValueError, match="Không đọc được DATABASE_URL"):
        connection_settings()


def test_too_old_server_is_a_sentence(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://hrdb@/hrdb?host={cluster.sockets}")
    server.ensure_running()
    monkeypatch.setattr(server, "LOWEST_VERSION", 99)
    with pytest.raises(DatabaseUnavailable, match="cần PostgreSQL 99 trở lên"):
        server.ensure_running()


def test_absent_server_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://hrdb@/hrdb?host=/nonexistent")
    with pytest.raises(DatabaseUnavailable, match="Không kết nối được"):
        server.ensure_running()


def test_settings_touch_nothing(tmp_path: Path) -> None:
    var = tmp_path / "var"
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "HRDB_SECRET_KEY"}}
    subprocess.run(
        [sys.executable, "-c", "import hrdb.settings"],
        cwd=BASE_DIR,
        env=environment | {"HRDB_VAR": str(var)},
        check=True,
    )
    assert not var.exists()
    assert not socket_folder(var / "postgres").exists()


def test_two_installations_have_two_sockets(tmp_path: Path) -> None:
    first, second = socket_folder(tmp_path / "a"), socket_folder(tmp_path / "b")
    assert first != second
    assert first.parent == second.parent == SOCKET_PARENT
