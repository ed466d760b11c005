"""`manage.py due`: nothing but JSON on standard output, within the user's scope, one sentence for what cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from hrdb.kernel.models import AuditEvent
from personnel.choices import DisciplineRegime
from personnel.models import Discipline, DisciplineForm
from personnel.policies import Role
from personnel.statistics.due import DUE_LISTS
from tests.factories.personnel import make, make_code, make_unit, make_user
from tests.personnel.due.people import D, leader, paid

FIELDS = ["kind", "personal_number", "name", "unit", "due_on", "act_by", "citation"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    code = 0
    try:
        call_command("due", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.django_db
def test_prints_exactly_what_was_promised_and_logs_it(capsys: pytest.CaptureFixture[str]) -> None:
    unit = make_unit("S")
    cadre = leader(unit, term_ends_on=D(2027, 3, 1))
    user = make_user(Role.UNIT_OFFICER, unit=unit, username="officer")
    asked = ("--day", "2026-12-01", "--kind", "reappointment", "--unit", "S", "--as", "officer", "--format", "json")
    code, out, err = run(capsys, *asked)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert [list(one) for one in found] == [FIELDS]
    assert found[0] == {
        "kind": "reappointment",
        "personal_number": cadre.personal_number,
        "name": cadre.full_name,
        "unit": "S",
        "due_on": "2027-03-01",
        "act_by": "2026-12-01",
        "citation": "Nghị định 170/2025/NĐ-CP ngày 30/06/2025, Điều 36 đến Điều 40 (chưa kiểm chứng)",
    }
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.user, event.details["people"]) == (AuditEvent.Action.EXPORT, user, [cadre.pk])


@pytest.mark.django_db
def test_masks_numbers_for_who_may_not_see_them_and_prints_null_where_the_law_names_no_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    unit = make_unit("S")
    leader(unit)
    make_user(Role.APPROVER, unit=unit, username="duyet")
    _, out, _ = run(capsys, "--day", "2026-12-01", "--kind", "incomplete_records", "--as", "duyet")
    found = json.loads(out)[0]
    assert "•" in found["personal_number"]
    assert (found["due_on"], found["act_by"]) == (None, None)


@pytest.mark.django_db
def test_prints_nobody_outside_and_nothing_to_who_has_no_scope(capsys: pytest.CaptureFixture[str]) -> None:
    home, away = make_unit("S"), make_unit("T")
    paid(away, "A1", effective_from=D(2024, 3, 1))
    make_user(Role.UNIT_OFFICER, unit=home, username="officer")
    make_user(Role.ADMINISTRATOR, username="quantri")
    make_user(Role.CADRE, username="canbo")
    for name in ("officer", "quantri", "canbo"):
        assert run(capsys, "--day", "2026-12-01", "--as", name)[:2] == (0, "[]\n")
    answers = [run(capsys, "--unit", code, "--as", "officer") for code in ("T", "KHONG-CO")]
    assert answers[0][0] == answers[1][0] == 2
    assert answers[0][2].replace("«T»", "#") == answers[1][2].replace("«KHONG-CO»", "#")


@pytest.mark.django_db
def test_discipline_printed_is_logged_as_a_reading(capsys: pytest.CaptureFixture[str]) -> None:
    unit = make_unit("S")
    cadre = leader(unit)
    form = make_code(DisciplineForm, "01", name="Khiển trách", regime=DisciplineRegime.STATE)
    make(Discipline, cadre=cadre, regime=DisciplineRegime.STATE, form=form, effective_from=D(2026, 2, 1))
    make_user(Role.UNIT_OFFICER, unit=unit, username="officer")
    _, out, _ = run(capsys, "--day", "2026-12-01", "--kind", "discipline_lapse", "--as", "officer")
    assert len(json.loads(out)) == 1
    event = AuditEvent.objects.filter(action=AuditEvent.Action.READ_SENSITIVE).latest("id")
    assert (event.details["parts"], event.details["people"]) == (["kỷ luật"], [cadre.pk])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--kind", "la"), "--kind «la» không dùng được"),
        (("--day", "32/1"), "không phải là ngày"),
        (("--format", "xml"), "--format «xml»"),
        (("--as", "ai-do"), "Không có tài khoản"),
        (("--day", "2026-12-01", "--until", "2026-11-30"), "--until"),
        (("--gi",), "Cách dùng: due"),
    ],
)
def test_refuses_in_one_sentence(arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.django_db
def test_says_why_a_list_that_nobody_can_judge_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--day", "2026-12-01", "--kind", "over_deputy_ceiling")
    assert (code, out) == (0, "[]\n")
    assert "Chưa có số liệu được kiểm chứng: Số lượng cấp phó tối đa" in err


@pytest.mark.django_db
def test_every_kind_is_taken_and_a_later_horizon_finds_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paid(make_unit("S"), "A1", effective_from=D(2026, 3, 1))
    for kind in DUE_LISTS.keys():  # noqa: SIM118  a registry is no dict
        assert run(capsys, "--day", "2026-12-01", "--kind", kind)[0] == 0
    file = tmp_path / "viec.json"
    assert run(capsys, "--day", "2026-12-01", "--kind", "pay_step")[1] == "[]\n"
    asked = ("--day", "2026-12-01", "--kind", "pay_step", "--until", "2029-12-31", "--out", str(file))
    assert run(capsys, *asked)[1] == ""
    assert [one["due_on"] for one in json.loads(file.read_text(encoding="utf-8"))] == ["2029-03-01"]
