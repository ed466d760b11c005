"""The folder `var/` and its secret key."""

import threading
from pathlib import Path

import pytest

from hrdb.kernel.installation import ensure_var, read_secret_key


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for a new installation."""
    monkeypatch.setenv("HRDB_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("HRDB_SECRET_KEY")
    return tmp_path / "var"


def test_key_is_made_once_and_readable_by_its_owner_only(var: Path) -> None:
    assert read_secret_key() == ""
    ensure_var()
    key = read_secret_key()
    ensure_var()
    assert read_secret_key() == key
    assert len(key) >= 64
    assert (var / "secret_key").stat().st_mode & 0o777 == 0o600
    assert not list(var.glob(".secret_key*"))


def test_processes_that_start_together_agree_on_the_key(var: Path) -> None:
    var.mkdir()
    keys: list[str] = []
    callers = [threading.Thread(target=lambda: (ensure_var(), keys.append(read_secret_key()))) for _ in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(keys) == 6
    assert len(set(keys)) == 1


def test_a_given_key_is_not_written_down(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HRDB_SECRET_KEY", "given")
    ensure_var()
    assert read_secret_key() == "given"
    assert not (var / "secret_key").exists()


def test_uploads_and_results_are_closed_to_others(var: Path) -> None:
    ensure_var()
    assert {(var / name).stat().st_mode & 0o777 for name in ("media", "results")} == {0o700}
