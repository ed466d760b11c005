"""`manage.py structure`: nothing but JSON on standard output, one sentence for what cannot be, everything logged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from hrdb.kernel.models import AuditEvent
from personnel.models import Unit
from personnel.policies import Role
from tests.factories.personnel import make_user


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    code = 0
    try:
        call_command("structure", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.django_db
def test_prints_nothing_but_json_and_logs_the_export(
    standing_province: None, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "--day", "2025-12-31", "--format", "json")
    content = json.loads(out)
    assert (code, err) == (0, "")
    assert (content["day"], content["unit"], content["youth"]) == ("2025-12-31", "UBND", "under-40")
    assert {row["key"] for row in content["rows"]} == {"UBND", *(f"G.{number:03}" for number in range(1, 9))}
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.user) == (AuditEvent.Action.EXPORT, None)
    assert event.details["format"] == "json"


@pytest.mark.django_db
@pytest.mark.parametrize("rows", ["unit", "level", "title_group", "rank", "category"])
@pytest.mark.parametrize("youth", ["under-35", "under-45"])
def test_rows_and_youth_as_asked(
    standing_province: None, rows: str, youth: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "--day", "2025-12-31", "--rows", rows, "--youth", youth, "--unit", "G.002")
    content = json.loads(out)
    assert (code, content["unit"], content["rows_by"], content["youth"]) == (0, "G.002", rows, youth)
    assert sum(row["total"] for row in content["rows"]) == content["total"]["total"] > 0


@pytest.mark.django_db
def test_counts_within_the_scope_of_the_user(standing_province: None, capsys: pytest.CaptureFixture[str]) -> None:
    make_user(Role.UNIT_OFFICER, unit=Unit.objects.get(code="G.003"), username="officer")
    _, out, _ = run(capsys, "--day", "2025-12-31", "--as", "officer")
    content = json.loads(out)
    assert content["unit"] == "G.003"
    assert all(row["key"].startswith(("G.002.01", "G.003")) for row in content["rows"])
    assert AuditEvent.objects.latest("id").user.username == "officer"


@pytest.mark.django_db
def test_unknown_and_out_of_scope_sound_the_same(standing_province: None, capsys: pytest.CaptureFixture[str]) -> None:
    make_user(Role.UNIT_OFFICER, unit=Unit.objects.get(code="G.003"), username="officer")
    answers = set()
    for code in ("G.004", "KHONG-CO", "UBND"):
        end, out, err = run(capsys, "--day", "2025-12-31", "--as", "officer", "--unit", code)
        assert (end, out) == (2, "")
        answers.add(err.replace(code, "X"))
    assert answers == {"Không có đơn vị mã «X» trong phạm vi được giao.\n"}
    assert not AuditEvent.objects.filter(action=AuditEvent.Action.EXPORT).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("--day", "31/12/2025"),
        ("--rows", "colour"),
        ("--youth", "under-90"),
        ("--population", "nobody"),
        ("--format", "doc"),
        ("--format", "pdf"),
        ("--as", "nobody"),
        ("--what",),
    ],
)
def test_what_cannot_be_is_one_sentence(
    standing_province: None, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert err.strip().endswith(".")
    assert "argument" not in err


@pytest.mark.django_db
def test_files_are_written_and_logged(
    standing_province: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[Any] = []
    for kind, start in (("json", b"{"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        path = tmp_path / f"out.{kind}"
        code, out, err = run(capsys, "--day", "2025-12-31", "--unit", "G.002", "--format", kind, "--out", str(path))
        assert (code, out, err) == (0, "", "")
        assert path.read_bytes().startswith(start)
        seen.append(AuditEvent.objects.latest("id").action)
    assert seen == [AuditEvent.Action.EXPORT, AuditEvent.Action.EXPORT, AuditEvent.Action.PRINT]
    code, _, err = run(capsys, "--format", "xlsx", "--out", str(tmp_path / "none" / "out.xlsx"))
    assert code == 2
    assert err.startswith("Không ghi được tệp")
