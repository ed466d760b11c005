"""The command `retirement`: JSON and nothing else, without a database."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str, var: Path) -> subprocess.CompletedProcess[str]:
    """Run manage.py in an installation of its own, without a test database's address."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HRDB_SECRET_KEY")}
    environment |= {"HRDB_VAR": str(var), "DJANGO_SETTINGS_MODULE": "hrdb.settings"}
    return subprocess.run(
        [sys.executable, "manage.py", "retirement", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_it_prints_only_json_and_starts_no_database(tmp_path):
    done = run("--sex", "male", "--born", "1966-04", var=tmp_path / "var")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "last_working_day": "2028-04-30",
        "retired_from": "2028-05-01",
        "age_years": 62,
        "age_months": 0,
        "citation": "Nghị định 135/2020/NĐ-CP ngày 18/11/2020, Điều 4, Phụ lục I",
    }
    assert not [path for path in (tmp_path / "var").rglob("*") if path.name in ("PG_VERSION", "postmaster.pid")]


def test_bad_input_is_one_sentence_and_exit_code_two(tmp_path):
    done = run("--sex", "male", "--born", "1966-13", var=tmp_path / "var")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == "«1966-13» không có trong lịch."


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"sex": "female", "born": "1974-05", "lower": True}, ("2026-05-31", "2026-06-01", 52, 0)),
        ({"sex": "female", "born": "1974-05"}, ("2033-09-30", "2033-10-01", 59, 4)),
        ({"sex": "male", "born": "1965"}, ("2026-07-31", "2026-08-01", 61, 6)),
        ({"sex": "male", "born": "1960-12-31"}, ("2020-12-31", "2021-01-01", 60, 0)),
    ],
)
def test_it_answers_as_the_engine_does(options, expected):
    out = StringIO()
    call_command("retirement", **options, stdout=out)
    assert tuple(json.loads(out.getvalue()).values())[:4] == expected


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--sex", "nam", "--born", "1966"], "Giới tính «nam»"),
        (["--sex", "male"], "Cách dùng"),
        (["--sex", "male", "--born"], "Cách dùng"),
        (["--sex", "male", "--born", "1966", "--unknown"], "Cách dùng"),
        (["--sex", "male", "--born", "01/01/1966"], "không phải là ngày"),
        (["--sex", "male", "--born", "9990"], "ngoài khoảng"),
        (["--sex", "male", "--born", "1900"], "Chưa có số liệu được kiểm chứng"),
    ],
)
def test_every_bad_input_has_its_sentence(arguments, sentence):
    with pytest.raises(CommandError, match=sentence) as caught:
        call_command("retirement", *arguments)
    assert caught.value.returncode == 2
