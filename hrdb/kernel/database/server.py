"""Start, find and stop PostgreSQL."""

import contextlib
import fcntl
import os
import secrets
import socket
import stat
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from hrdb.kernel.database.account import SHARED_FOLDER, Account, server_account
from hrdb.kernel.database.address import (
    APPLICATION_ROLE,
    DATABASE_NAME,
    PORT,
    cluster_home,
    connection_settings,
    is_embedded,
    socket_folder,
)
from hrdb.kernel.database.binaries import major_version, server_programs

SUPERUSER = "postgres"
LOWEST_VERSION = 15
START_TIMEOUT = 120

OPTIONS: dict[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "log_min_duration_statement": "2000",
}
"""How the embedded server runs: on its socket only."""

THROWAWAY_OPTIONS: dict[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
}
"""What a cluster gives up whose data nobody keeps."""


class DatabaseUnavailable(Exception):
    """The database cannot be used; the message is a sentence for the person at the keyboard."""


@dataclass
class Cluster:
    """One embedded PostgreSQL: its folder, its server, its application role and database.

    `home` holds `data/` and `server.log`; when the server's account cannot reach it, `home` is a link into
    `/var/lib/hrdb`. All that changes the cluster happens under a file lock, so any process may call any verb.
    """

    home: Path
    options: Mapping[str, str] = field(default_factory=dict)
    may_create_databases: bool = False

    @property
    def data(self) -> Path:
        """The data folder that PostgreSQL owns."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "server.log"

    @property
    def sockets(self) -> Path:
        """The short folder of the server's socket."""
        return socket_folder(self.home)

    @property
    def _ready_mark(self) -> Path:
        return self.data / "hrdb.ready"

    def is_running(self) -> bool:
        """Whether the server answers and role and database stand; costs no more than reading a file and one connect."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready" and self._ready_mark.exists() and self._accepts()

    def ensure_running(self) -> None:
        """Create the cluster if there is none, start it if it does not run, make role and database.

        Raises DatabaseUnavailable with a sentence.
        """
        if self.is_running():
            return
        try:
            with self._locked():
                if not self.is_running():
                    self._start()
        except (OSError, subprocess.SubprocessError, psycopg.Error) as error:
            raise DatabaseUnavailable(f"Không khởi động được cơ sở dữ liệu ở {self.home}: {error}") from error

    def stop(self) -> bool:
        """End the server and wait for it; answers whether one was running."""
        if not (self.data / "postmaster.pid").exists():
            return False
        with self._locked():
            account = server_account(self.data)
            programs = server_programs(account)
            answer = account.run([programs / "pg_ctl", "-D", self._real_data(), "-m", "fast", "-w", "stop"])
        with contextlib.suppress(OSError):
            self.sockets.rmdir()
        return answer.returncode == 0

    def _start(self) -> None:
        account = server_account(self.data)
        programs = server_programs(account)
        self._make_home(account)
        self._make_socket_folder(account)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(account, programs)
        self._check_version(programs)
        self._forget_zombie()
        self._launch(account, programs)
        self._make_role_and_database()
        self._ready_mark.touch()
        account.take(self._ready_mark)

    def _make_home(self, account: Account) -> None:
        """The folder of the cluster, owned by the server's account and closed to others."""
        if not self.home.exists():
            if self.home.is_symlink():
                raise DatabaseUnavailable(f"{self.home} trỏ tới một thư mục không còn: {self.home.readlink()}")
            self.home.parent.mkdir(parents=True, exist_ok=True)
            if account.may_enter(self.home.parent):
                self.home.mkdir(mode=0o700)
            else:
                SHARED_FOLDER.mkdir(parents=True, exist_ok=True)
                elsewhere = SHARED_FOLDER / f"cluster-{secrets.token_hex(6)}"
                elsewhere.mkdir(mode=0o700)
                self.home.symlink_to(elsewhere)
        account.take(self.home.resolve())
        if not account.may_enter(self.home.resolve()):
            raise DatabaseUnavailable(
                f"Tài khoản {os.geteuid()} không mở được {self.home}; hãy chạy bằng tài khoản đã tạo thư mục này."
            )

    def _make_socket_folder(self, account: Account) -> None:
        """A 0700 folder of the server's account; a folder that another account put there is refused."""
        with contextlib.suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
            account.take(self.sockets)
        status = self.sockets.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid or status.st_mode & 0o077:
            raise DatabaseUnavailable(f"Thư mục {self.sockets} thuộc về người khác; hãy xoá thư mục đó rồi chạy lại.")

    def _initialise(self, account: Account, programs: Path) -> None:
        """Make an empty cluster: UTF-8, order by bytes, letters known to be letters (C.UTF-8)."""
        common = ["--encoding=UTF8", "--auth=trust", f"--username={SUPERUSER}", "--no-instructions"]
        speed = ["--no-sync"] if self.options.get("fsync") == "off" else []
        wanted = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        answer = account.run([programs / "initdb", "-D", self._real_data(), *common, *speed, *wanted])
        if answer.returncode:
            raise DatabaseUnavailable(f"Không tạo được cơ sở dữ liệu ở {self.data}:\n{answer.stdout}")

    def _check_version(self, programs: Path) -> None:
        """Refuse data of another major version instead of letting the server die on it."""
        written, ours = int((self.data / "PG_VERSION").read_text()), major_version(programs)
        if written != ours:
            raise DatabaseUnavailable(
                f"Dữ liệu ở {self.data} thuộc PostgreSQL {written}, chương trình là PostgreSQL {ours}; "
                "hãy sao lưu bằng bản cũ rồi phục hồi vào một thư mục mới."
            )

    def _forget_zombie(self) -> None:
        """A killed server that nobody buried (a container without init) still looks alive to PostgreSQL: forget it."""
        mark = self.data / "postmaster.pid"
        with contextlib.suppress(OSError, IndexError):
            pid = mark.read_text().split()[0]
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                mark.unlink()
                (self.sockets / f".s.PGSQL.{PORT}.lock").unlink()

    def _launch(self, account: Account, programs: Path) -> None:
        """Start the server in a session of its own: it outlives the command that asked for it."""
        chosen = {**OPTIONS, **self.options, "unix_socket_directories": str(self.sockets), "port": str(PORT)}
        arguments = " ".join(f"-c {name}='{value}'" for name, value in chosen.items())
        log = self.home.resolve() / "server.log"
        command: list[str | Path] = [programs / "pg_ctl", "-D", self._real_data(), "-l", log, "-o", arguments]
        command += ["-t", str(START_TIMEOUT), "-w", "start"]
        answer = account.run(command, timeout=START_TIMEOUT + 30)
        if answer.returncode and not self._accepts():
            said = log.read_text(errors="replace").splitlines()[-12:] if log.exists() else [answer.stdout]
            raise DatabaseUnavailable("Không khởi động được PostgreSQL:\n" + "\n".join(said))

    def _make_role_and_database(self) -> None:
        """The application's role, which is no superuser, and the database that it owns."""
        with psycopg.connect(self._superuser_address(), autocommit=True) as connection:
            role = sql.Identifier(APPLICATION_ROLE)
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE]).fetchone()
            rights = sql.SQL("NOSUPERUSER NOCREATEROLE LOGIN {}").format(
                sql.SQL("CREATEDB" if self.may_create_databases else "NOCREATEDB")
            )
            verb = sql.SQL("ALTER" if known else "CREATE")
            connection.execute(sql.SQL("{} ROLE {} {}").format(verb, role, rights))
            named = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone()
            if not named:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE_NAME), role))

    def _superuser_address(self) -> str:
        return psycopg.conninfo.make_conninfo(
            host=str(self.sockets), port=PORT, user=SUPERUSER, dbname="postgres", connect_timeout=30
        )

    def _real_data(self) -> Path:
        """The data folder without links, so that the server's account need not read the folders of the link."""
        return self.home.resolve() / "data"

    def _accepts(self) -> bool:
        """Whether somebody listens on the socket."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            try:
                probe.connect(str(self.sockets / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time changes the cluster."""
        self.home.parent.mkdir(parents=True, exist_ok=True)
        path = self.home.parent / f"{self.home.name}.lock"
        with path.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def default_cluster() -> Cluster:
    """The embedded cluster of this installation."""
    return Cluster(cluster_home())


def ensure_running() -> None:
    """Make sure that the database answers: start the embedded one, or ask the named one for its version.

    Raises DatabaseUnavailable with a sentence.
    """
    if is_embedded():
        default_cluster().ensure_running()
    else:
        _check_named_server()


def stop() -> bool:
    """End the embedded server; a named one is not ours to stop. Answers whether one was running."""
    return is_embedded() and default_cluster().stop()


def _check_named_server() -> None:
    """Connect to the server of `DATABASE_URL` and refuse one that is too old."""
    try:
        settings = connection_settings()
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except (ValueError, psycopg.Error) as error:
        raise DatabaseUnavailable(f"Không kết nối được máy chủ trong DATABASE_URL: {error}".strip()) from error
    if version < LOWEST_VERSION:
        raise DatabaseUnavailable(
            f"Máy chủ {settings['HOST']} là PostgreSQL {version}; cần PostgreSQL {LOWEST_VERSION} trở lên."
        )
