"""Serve the site: a supervisor over the web processes and the worker, and the way to end it."""

import contextlib
import ctypes
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType

from hrdb.kernel.installation import BASE_DIR, var_folder

GRACE = 20.0
"""Seconds that a process has to end by itself."""
CALM = 5.0
"""A worker that lived shorter than this is started again only after a pause."""
PR_SET_PDEATHSIG = 1


class PortTaken(Exception):
    """Somebody else listens there; the message is a sentence."""


class Supervisor:
    """Runs gunicorn and one worker, starts a fallen worker again, ends both on SIGINT, SIGTERM or SIGHUP."""

    def __init__(self, host: str, port: int, web_workers: int, *, say: Callable[[str], object]) -> None:
        self.host, self.port, self.web_workers, self.say = host, port, web_workers, say
        self._ending = False

    @property
    def address(self) -> str:
        """What a person types into the browser."""
        shown = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host
        return f"http://{shown}:{self.port}/"

    def run(self, prepare: Callable[[], object] = lambda: None) -> int:
        """Do what `prepare` says, then serve until a signal comes; answers the exit code, 0 when the end was asked for.

        Raises PortTaken before anything is started.
        """
        self._check_port()
        with self._registered():
            prepare()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, self._end)
            web = self._start_web()
            self._worker = self._start_worker()
            try:
                return self._watch(web)
            finally:
                self._stop([web, self._worker])

    def _watch(self, web: "subprocess.Popen[bytes]") -> int:
        """Announce the address once it answers, then keep both alive."""
        announced, started = False, time.monotonic()
        while not self._ending:
            if web.poll() is not None:
                return web.returncode or 1
            if not announced and _answers(self.host, self.port):
                self.say(f"hrdb: {self.address} (Ctrl+C để dừng)")
                announced = True
            if self._worker.poll() is not None and not self._ending:
                if time.monotonic() - started < CALM:
                    time.sleep(CALM)
                self._worker, started = self._start_worker(), time.monotonic()
            time.sleep(0.2)
        return 0

    def _start_web(self) -> "subprocess.Popen[bytes]":
        bind = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        options = ["--bind", bind, "--workers", str(self.web_workers), "--worker-class", "gthread", "--threads", "4"]
        limits = ["--timeout", "120", "--graceful-timeout", "10", "--no-control-socket", "--log-level", "warning"]
        return self._start([sys.executable, "-m", "gunicorn", "hrdb.wsgi:application", *options, *limits])

    def _start_worker(self) -> "subprocess.Popen[bytes]":
        return self._start([sys.executable, "manage.py", "worker", "--verbosity", "0"])

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        """Start a process that ends when the supervisor does, in a session of its own: a Ctrl+C reaches us alone.

        Served in the open, without a proxy, the site speaks http; who says otherwise sets `HRDB_HTTPS`.
        """
        environment = {
            **os.environ,
            "HRDB_HTTPS": os.environ.get("HRDB_HTTPS", "0"),
            "HRDB_VAR": str(var_folder()),
        }
        return subprocess.Popen(
            command, cwd=BASE_DIR, env=environment, start_new_session=True, preexec_fn=_end_with_parent
        )

    def _stop(self, processes: "list[subprocess.Popen[bytes]]") -> None:
        """Ask all to end, then insist: the second signal makes the worker give up its job, the third is final."""
        for ask in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
            for process in processes:
                if process.poll() is None:
                    process.send_signal(ask)
            until = time.monotonic() + GRACE / 2
            while time.monotonic() < until and any(process.poll() is None for process in processes):
                time.sleep(0.05)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending = True

    def _check_port(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise self._taken() from error
                raise PortTaken(f"Không mở được {self.host}:{self.port}: {error.strerror}.") from error

    def _taken(self) -> PortTaken:
        said = f"Cổng {self.port} đang có chương trình khác dùng; hãy chọn cổng khác, ví dụ"
        return PortTaken(f"{said} make run PORT={self.port + 1}.")

    @contextlib.contextmanager
    def _registered(self) -> Iterator[None]:
        """Keep our process id in a file that is locked for as long as we live, so that `stop` finds us."""
        path = var_folder() / "run" / f"serve-{self.port}.pid"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            if not _lock(file.fileno()):
                raise self._taken()
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            try:
                yield
            finally:
                path.unlink(missing_ok=True)


def stop_served() -> list[int]:
    """End every supervisor of this installation and wait for it; answers their ports."""
    stopped = []
    for path in sorted((var_folder() / "run").glob("serve-*.pid")):
        with path.open("r+") as file:
            if _lock(file.fileno()):
                path.unlink()
                continue
            with contextlib.suppress(ProcessLookupError, ValueError):
                os.kill(int(file.read()), signal.SIGTERM)
            until = time.monotonic() + 2 * GRACE
            while time.monotonic() < until and not _lock(file.fileno()):
                time.sleep(0.1)
        stopped.append(int(path.stem.removeprefix("serve-")))
    return stopped


def _lock(descriptor: int) -> bool:
    """Whether the file is ours now."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _answers(host: str, port: int) -> bool:
    """Whether somebody accepts connections there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _end_with_parent() -> None:
    """Ask the kernel of the system to end this process when its parent dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
