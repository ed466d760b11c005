"""The supervisor over web and worker."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from hrdb.kernel.installation import BASE_DIR
from hrdb.kernel.serving import PortTaken, Supervisor, stop_served


@pytest.fixture
def port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(port: int, tmp_path: Path, db: None) -> Iterator["subprocess.Popen[str]"]:
    """A site served from the test run's database."""
    code = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'hrdb.settings'; django.setup();"
        "import sys; from hrdb.kernel import serving; from hrdb.kernel.serving import Supervisor; serving.CALM = 0.1;"
        f"sys.exit(Supervisor('127.0.0.1', {port}, 1, say=lambda line: print(line, flush=True)).run())"
    )
    environment = {name: value for name, value in os.environ.items() if name != "HRDB_HTTPS"}
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def _first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _children(pid: int) -> set[int]:
    """The processes that a process started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child) for child in listed}


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait(condition: object, seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_address_is_announced_when_it_answers_and_a_signal_ends_both(
    served: "subprocess.Popen[str]", port: int
) -> None:
    assert f"http://127.0.0.1:{port}/" in _first_line(served)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/csp-report/", timeout=20)
    assert refused.value.code == 405
    refused.value.close()
    children = _children(served.pid)
    assert len(children) == 2
    served.send_signal(signal.SIGTERM)
    assert served.wait(timeout=30) == 0
    assert not [pid for pid in children if _lives(pid)]


def test_fallen_worker_is_started_again(served: "subprocess.Popen[str]") -> None:
    _first_line(served)
    (worker,) = [
        pid for pid in _children(served.pid) if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    ]
    before = _children(served.pid)
    os.kill(worker, signal.SIGKILL)
    assert _wait(lambda: _children(served.pid) - before)


def test_stop_ends_what_this_installation_serves(served: "subprocess.Popen[str]", port: int) -> None:
    _first_line(served)
    assert stop_served() == [port]
    assert served.wait(timeout=30) == 0
    assert stop_served() == []


def test_children_do_not_outlive_a_killed_supervisor(served: "subprocess.Popen[str]") -> None:
    _first_line(served)
    children = _children(served.pid)
    served.kill()
    assert _wait(lambda: not [pid for pid in children if _lives(pid)], 20)


def test_taken_port_is_a_sentence(port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(PortTaken, match=f"Cổng {port} đang có chương trình khác dùng.*PORT={port + 1}"):
            Supervisor("127.0.0.1", port, 1, say=print).run()


def test_a_site_that_is_still_starting_holds_its_port_and_can_be_stopped(port: int, tmp_path: Path) -> None:
    code = (
        "import time; from hrdb.kernel.serving import Supervisor;"
        f"Supervisor('127.0.0.1', {port}, 1, say=print)"
        ".run(prepare=lambda: (print('starting', flush=True), time.sleep(60)))"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True) as starting:
        try:
            assert _first_line(starting) == "starting\n"
            with pytest.raises(PortTaken):
                Supervisor("127.0.0.1", port, 1, say=print).run()
            assert stop_served() == [port]
            assert starting.wait(timeout=30) == -signal.SIGTERM
        finally:
            starting.kill()
