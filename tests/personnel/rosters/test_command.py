"""The roster from the command line: what it prints, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from personnel.models import Cadre, ImportBatch
from tests.factories.rosters import MAI, PAO, line, roster
from tests.personnel.rosters.conftest import Office


def run(office: Office, folder: Path, content: bytes, *arguments: str) -> int:
    """Run the command as the officer of the office; answers its exit code."""
    path = folder / "danh-sach.xlsx"
    path.write_bytes(content)
    try:
        call_command(
            "import_roster", str(path), "--as", office.officer.username, "--unit", office.unit.code, *arguments
        )
    except SystemExit as end:
        return int(str(end.code))
    return 0


def test_a_file_that_is_not_written_leaves_no_batch(office: Office, tmp_path: Path) -> None:
    faulty = roster(line(1, "Nguyễn Thị Mai", MAI, sex="Nữ"), line(2, "Giàng A Páo", PAO, born="31/02/1985"))
    assert run(office, tmp_path, faulty, "--commit") == 1
    assert list(Cadre.objects.all()) == [office.known]
    assert not ImportBatch.objects.exists()
    assert run(office, tmp_path, faulty, "--commit", "--skip-bad-rows") == 1
    assert ImportBatch.objects.get().report["created"] == 1


def test_warnings_and_missing_people_are_told(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(office, tmp_path, roster(line(1, "Giàng A Páo", PAO.removeprefix("0")))) == 0
    told = capsys.readouterr().out
    assert "Lưu ý: 1 lần [restored-zeros]" in told
    assert "1 người đang công tác không có tên trong danh sách" in told


def test_a_second_time_nothing_has_to_be_written(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = roster(line(1, "Giàng A Páo", PAO))
    assert run(office, tmp_path, content, "--commit") == 0
    assert capsys.readouterr().out.endswith("Đã ghi.\n")
    assert run(office, tmp_path, content, "--commit") == 0
    told = capsys.readouterr().out
    assert "Đã ghi" not in told
    assert told.endswith("không có gì phải ghi.\n")
