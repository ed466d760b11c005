"""What the commands cannot do: one Vietnamese sentence, exit code 2, nothing done and nothing logged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from hrdb.kernel.models import AuditEvent
from personnel.management.acting import cannot_write, unwritten
from personnel.models import Cadre, ImportBatch, Unit
from personnel.policies import Role
from tests.factories.personnel import make_cadre, make_unit, make_user
from tests.factories.rosters import MAI, line, roster
from tests.factories.workbooks import workbook

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    """Exit code of a command, and what it says about its refusal; nothing else is printed."""
    code, said = 0, ""
    try:
        call_command(*map(str, words))
    except CommandError as refused:
        code, said = refused.returncode, str(refused)
    except SystemExit as end:
        code = int(str(end.code or 0))
    out, err = capsys.readouterr()
    assert not (code == 2 and out), "a refusal prints nothing on standard output"
    return code, (said or err).strip()


def units_file(folder: Path) -> Path:
    """A list of one new unit."""
    file = folder / "don-vi.xlsx"
    file.write_bytes(workbook([("Mã đơn vị", "Tên đơn vị", "Mã đơn vị cấp trên"), ("SO-MOI", "Sở Mới", "")]))
    return file


def roster_file(folder: Path) -> Path:
    """A list of one new person."""
    file = folder / "danh-sach.xlsx"
    file.write_bytes(roster(line(1, "Nguyễn Thị Mai", MAI, sex="Nữ")))
    return file


def commands(folder: Path, out: Path) -> dict[str, list[object]]:
    """Every command that writes a file, asked to write it to `out`."""
    make_cadre(unit=make_unit("SO-A"), personal_number="010080000001")
    return {
        "print_cv": ["print_cv", "010080000001", "--out", out],
        "structure": ["structure", "--format", "xlsx", "--out", out],
        "structure as JSON": ["structure", "--out", out],
        "import_roster, report": ["import_roster", roster_file(folder), "--unit", "SO-A", "--commit", "--report", out],
        "import_roster, rejected": ["import_roster", roster_file(folder), "--unit", "SO-A", "--rejected", out],
        "import_units": ["import_units", units_file(folder), "--commit", "--report", out],
    }


NAMES = (
    "print_cv",
    "structure",
    "structure as JSON",
    "import_roster, report",
    "import_roster, rejected",
    "import_units",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("where", "why"),
    [("khong-co/ra.bin", "không có thư mục này"), (".", "đó là một thư mục"), ("tep/ra.bin", "không có thư mục này")],
)
def test_a_file_that_cannot_be_written_is_told_before_anything_is_done(
    name: str, where: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tep").write_text("một tệp, không phải thư mục")
    out = tmp_path / where
    words = commands(tmp_path, out)[name]
    before, people = AuditEvent.objects.count(), Cadre.objects.count()
    assert run(capsys, *words) == (2, f"Không ghi được tệp «{out}»: {why}.")
    assert AuditEvent.objects.count() == before, "what was not handed out is not logged as handed out"
    assert (Cadre.objects.count(), ImportBatch.objects.count()) == (people, 0)
    assert not Unit.objects.filter(code="SO-MOI").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="Quyền ghi không áp dụng cho root.")
def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert cannot_write(tmp_path / "ra.pdf").endswith("không có quyền ghi ở đó.")


def test_the_disk_may_still_fail_later() -> None:
    assert unwritten("a.pdf", 28) == "Không ghi được tệp «a.pdf»: ổ đĩa đã đầy."
    assert unwritten("a.pdf", 5) == "Không ghi được tệp «a.pdf»: ổ đĩa báo lỗi."
    assert unwritten("a.pdf", None) == "Không ghi được tệp «a.pdf»: ổ đĩa báo lỗi."
    assert cannot_write(f"{'tên' * 200}.pdf").endswith("tên tệp quá dài.")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_can_be_written_is_written(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_unit("UBND")
    out = tmp_path / "ra.bin"
    code, _ = run(capsys, *commands(tmp_path, out)[name])
    assert code in {0, 1}
    assert out.stat().st_size > 0


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CADRE])
def test_who_sees_nobody_gets_a_sentence_and_no_zeros(role: Role, capsys: pytest.CaptureFixture[str]) -> None:
    make_cadre(unit=make_unit("SO-A"))
    user = make_user(role)
    before = AuditEvent.objects.count()
    code, said = run(capsys, "structure", "--as", user.username)
    assert (code, said) == (2, f"Tài khoản «{user}» không có quyền xem hồ sơ ở đơn vị nào.")
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CADRE, Role.INSPECTOR, Role.APPROVER])
def test_who_may_write_nowhere_imports_nothing(role: Role, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unit = make_unit("SO-A")
    user = make_user(role, unit=unit if role in {Role.INSPECTOR, Role.APPROVER} else None)
    sentence = f"Tài khoản «{user}» không có quyền sửa hồ sơ ở đơn vị nào."
    for words in (["import_roster", roster_file(tmp_path)], ["import_units", units_file(tmp_path), "--commit"]):
        assert run(capsys, *words, "--as", user.username) == (2, sentence)


@pytest.mark.parametrize(
    "words",
    [
        ["structure", "--what"],
        ["structure", "--day", "31/12/2025"],
        ["print_cv"],
        ["import_roster"],
        ["import_roster", "a.xlsx", "--dates", "maybe"],
        ["import_roster", "a.xlsx", "--day", "hôm qua"],
        ["import_units"],
        ["import_units", "a.xlsx", "--what"],
        ["add_user"],
        ["retirement", "--what"],
    ],
)
def test_arguments_that_cannot_be_read_are_refused_in_vietnamese(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys, *words)
    assert code == 2
    assert said.startswith(("Cách dùng: ", "«"))
    assert said.endswith(".")
    assert not {"argument", "invalid", "required", "unrecognized"} & set(said.split())
