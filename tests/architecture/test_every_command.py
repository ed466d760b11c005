"""Every command that acts for a user, tried from outside his scope: it tells nothing of what lies beyond."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError

import hrdb.urls  # noqa: F401  with the addresses everything that registers itself is loaded
from personnel.models import Cadre, ReceivingRequest
from personnel.services.batches import stored_path
from tests.architecture.url_answers import leaks, readable
from tests.architecture.url_world import (
    ASKED_NUMBER,
    INSIDE_NUMBER,
    LIMITED,
    NO_CODE,
    SECRET_NAME,
    SECRET_NUMBER,
    SECRET_TEXTS,
    World,
)
from tests.factories.record_workbooks import EditedBook
from tests.factories.workbooks import workbook

OUTSIDE_UNIT = "Sở Ở Xa"


def _name(world: World, visitor: str) -> str:
    return str(world.users[visitor].username)


def command(*words: object) -> tuple[str, str]:
    """What a command prints, and the sentence with which it refuses."""
    out, err, refused = io.StringIO(), io.StringIO(), ""
    try:
        call_command(*map(str, words), stdout=out, stderr=err)
    except CommandError as error:
        refused = str(error)
    except SystemExit as end:
        refused = f"exit {end.code}"
    return out.getvalue() + err.getvalue(), refused


def print_cv(world: World, visitor: str, folder: Path) -> list[str]:
    """Printing somebody outside ends as printing nobody does."""
    answers = []
    for number in (SECRET_NUMBER, "046099900000"):
        file = folder / f"{visitor}.pdf"
        printed, refused = command("print_cv", number, "--out", file, "--as", _name(world, visitor))
        answers.append((printed.replace(number, "#"), refused.replace(number, "#"), file.exists()))
    return [] if answers[0] == answers[1] else [f"{answers[0]} differs from {answers[1]}"]


def structure(world: World, visitor: str, folder: Path) -> list[str]:
    """The structure of a unit outside is that of a unit that does not exist; a total counts nobody outside."""
    answers = []
    for code in ("SO-NGOAI", NO_CODE):
        printed, refused = command("structure", "--unit", code, "--as", _name(world, visitor))
        answers.append((printed.replace(code, "#"), refused.replace(code, "#")))
    wrong = [] if answers[0] == answers[1] else [f"{answers[0]} differs from {answers[1]}"]
    printed, _ = command("structure", "--as", _name(world, visitor))
    return wrong + ([OUTSIDE_UNIT] if OUTSIDE_UNIT in printed else [])


def due(world: World, visitor: str, folder: Path) -> list[str]:
    """The matters of a unit outside are those of a unit that does not exist; all of them name nobody outside."""
    answers = []
    for code in ("SO-NGOAI", NO_CODE):
        printed, refused = command("due", "--unit", code, "--as", _name(world, visitor))
        answers.append((printed.replace(code, "#"), refused.replace(code, "#")))
    wrong = [] if answers[0] == answers[1] else [f"{answers[0]} differs from {answers[1]}"]
    file = folder / f"{visitor}-due.json"
    command("due", "--as", _name(world, visitor), "--out", file)
    return wrong + leaks(world, visitor, file.read_text(encoding="utf-8"))


def eligibility(world: World, visitor: str, folder: Path) -> list[str]:
    """Whether somebody outside may be planned is answered as it is of nobody, and without planning of nobody at all."""
    answers = []
    for number in (SECRET_NUMBER, "046099900000", INSIDE_NUMBER):
        asked = ("--cadre", number, "--title", "GD", "--object", "1", "--as", _name(world, visitor))
        printed, refused = command("eligibility", *asked)
        answers.append((printed.replace(number, "#"), refused))
    wrong = [] if answers[0] == answers[1] else [f"{answers[0]} differs from {answers[1]}"]
    if (answers[2][1] == "") != (visitor == "unit_officer"):
        wrong.append(f"inside: {answers[2]}")
    return wrong + leaks(world, visitor, str(answers))


def import_roster(world: World, visitor: str, folder: Path) -> list[str]:
    """A roster that lists somebody of elsewhere gets the neutral answer and learns no name."""
    batch = world.inside.batches["unit_officer"]
    report = folder / f"{visitor}.json"
    file = folder / f"{visitor}.xlsx"
    file.write_bytes(stored_path(batch).read_bytes())
    printed, refused = command(
        "import_roster", file, "--as", _name(world, visitor), "--unit", "SO-TRONG", "--report", report
    )
    text = printed + refused + (report.read_text(encoding="utf-8") if report.exists() else "")
    wrong = leaks(world, visitor, text)
    if visitor == "unit_officer" and "needs-province" not in text:
        wrong.append("no neutral answer")
    return wrong


def export_workbook(world: World, visitor: str, folder: Path) -> list[str]:
    """The whole records of a unit outside are those of a unit that does not exist; nobody outside is in the file."""
    file, answers = folder / f"{visitor}.xlsx", []
    for code in ("SO-NGOAI", NO_CODE):
        printed, refused = command("export_workbook", "--out", file, "--unit", code, "--as", _name(world, visitor))
        answers.append((printed.replace(code, "#"), refused.replace(code, "#"), file.exists()))
    wrong = [] if answers[0] == answers[1] else [f"{answers[0]} differs from {answers[1]}"]
    command("export_workbook", "--out", file, "--as", _name(world, visitor))
    return wrong + (leaks(world, visitor, readable(file.read_bytes())) if file.exists() else [])


def import_workbook(world: World, visitor: str, folder: Path) -> list[str]:
    """A workbook of people outside, signed keys and all, reaches nobody of them and learns no name."""
    report, person, relative = folder / f"{visitor}.json", world.outside.person, world.outside.relative
    book = EditedBook.exported([person], None).mark("Quan hệ gia đình").put("Cán bộ", 2, "Tên gọi khác", "Sửa Trộm")
    for sheet, heading in (("Cán bộ", "Họ và tên khai sinh"), ("Quan hệ gia đình", "Họ và tên")):
        book.put(sheet, 2, heading, "Tên Trong Tệp")
    asked = ("--as", _name(world, visitor), "--report", report, "--commit", "--reason", "sửa theo hồ sơ giấy")
    printed, refused = command("import_workbook", book.save(folder / f"{visitor}.xlsx"), *asked)
    told = printed + refused + (report.read_text(encoding="utf-8") if report.exists() else "")
    person.refresh_from_db()
    is_kept = person.other_name == "" and type(relative).objects.filter(pk=relative.pk).exists()
    wrong = [name for name in (SECRET_NAME, SECRET_TEXTS[2]) if name in told]
    return wrong + ([] if is_kept else ["changes somebody outside"])


def reorganise(world: World, visitor: str, folder: Path) -> list[str]:
    """A reorganisation of a unit outside is that of a unit that does not exist, and nobody outside is named."""
    answers = []
    for code in ("SO-NGOAI", NO_CODE):
        file = folder / f"{visitor}.xlsx"
        rows = [("Việc", "Mã đơn vị", "Tên mới"), ("Đổi tên", code, "Sở Đổi Tên")]
        file.write_bytes(workbook(rows, sheet="Các bước"))
        acting = ("--day", "2030-01-01", "--as", _name(world, visitor), "--unit", "SO-TRONG", "--commit")
        printed, refused = command("reorganise", file, *acting)
        answers.append((printed.replace(code, "#"), refused.replace(code, "#")))
    wrong = leaks(world, visitor, "".join(answers[0]))
    return wrong + ([] if answers[0] == answers[1] else [f"{answers[0]} differs from {answers[1]}"])


def import_units(world: World, visitor: str, folder: Path) -> list[str]:
    """The list of units is no way to people."""
    file = folder / f"{visitor}.xlsx"
    file.write_bytes(workbook([("Mã đơn vị", "Tên đơn vị", "Mã đơn vị cấp trên"), ("SO-NGOAI", "Sở Đổi Tên", "GOC")]))
    printed, refused = command("import_units", file, "--as", _name(world, visitor), "--commit")
    world.outside.unit.refresh_from_db()
    names = set(world.outside.unit.versions.values_list("name", flat=True))
    return leaks(world, visitor, printed + refused) + ([f"renames {names}"] if names != {OUTSIDE_UNIT} else [])


def import_ratings(world: World, visitor: str, folder: Path) -> list[str]:
    """A sheet of ratings answers the same for somebody outside as for nobody, and counts nobody there."""
    answers = []
    for number in (world.outside.person.personal_number, "046099900000"):
        file, report = folder / f"{visitor}.xlsx", folder / f"{visitor}-ratings.json"
        file.write_bytes(workbook([("Số CCCD", "Điểm", "Mức xếp loại", "Ghi chú"), (number, 80, "HTTNV", "")]))
        given = ("--cycle", world.cycle.code, "--as", _name(world, visitor), "--commit", "--report", report)
        text = "".join(command("import_ratings", file, *given))
        text += report.read_text(encoding="utf-8") if report.exists() else ""
        answers.append(re.sub(r'"sha256": "\w+"', "", text.replace(str(number), "#")))
    wrong = leaks(world, visitor, "".join(answers))
    return wrong + ([] if answers[0] == answers[1] else [f"{answers[0]} differs from {answers[1]}"])


def open_cycle(world: World, visitor: str, folder: Path) -> list[str]:
    """Only the province opens a cycle."""
    printed, _ = command("open_cycle", "2031", "--as", _name(world, visitor))
    return [f"opens it: {printed}"] if ("Đã mở" in printed) != (visitor == "province_officer") else []


#: Commands of the project: how those that act for a user are tried; None: the machine's operator alone.
COMMANDS: dict[str, Callable[[World, str, Path], list[str]] | None] = {
    "add_user": None,
    "cohort": None,  # reads a file of its caller alone
    "due": due,
    "eligibility": eligibility,
    "import_ratings": import_ratings,
    "import_roster": import_roster,
    "export_workbook": export_workbook,
    "import_units": import_units,
    "open_cycle": open_cycle,
    "import_workbook": import_workbook,
    "load_demonstration": None,
    "prepare": None,
    "print_cv": print_cv,
    "reorganise": reorganise,
    "retirement": None,
    "serve": None,
    "stop": None,
    "structure": structure,
    "worker": None,
}


def test_every_command_is_named() -> None:
    own = {"hrdb", "personnel", "appraisal", "planning", "training"}
    ours = {name for name, app in get_commands().items() if app.partition(".")[0] in own}
    assert ours - COMMANDS.keys() == set(), "say in COMMANDS how a new command is tried"
    assert COMMANDS.keys() - ours == set(), "these commands are gone"


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("name", [name for name, attempt in COMMANDS.items() if attempt is not None])
def test_a_command_acting_for_a_user_tells_nothing_of_outside(name: str, world: World, tmp_path: Path) -> None:
    attempt, wrong = COMMANDS[name], []
    assert attempt is not None
    for visitor in sorted(LIMITED & world.users.keys()):
        wrong += [f"{visitor}: {told}" for told in attempt(world, visitor, tmp_path)]
    assert wrong == []


@pytest.mark.usefixtures("_apart")
def test_a_number_that_is_held_elsewhere_is_asked_of_the_province_and_not_written(world: World, tmp_path: Path) -> None:
    file = tmp_path / "danh-sach.xlsx"
    file.write_bytes(stored_path(world.inside.batches["unit_officer"]).read_bytes())
    acting = ("--as", _name(world, "unit_officer"), "--unit", "SO-TRONG")
    printed, _ = command("import_roster", file, *acting, "--commit", "--skip-bad-rows")
    assert leaks(world, "unit_officer", printed) == []
    assert Cadre.objects.filter(full_name="Người Mới Đến").exists(), "the good row is written"
    assert Cadre.objects.get(personal_number=ASKED_NUMBER).full_name == SECRET_TEXTS[5]
    request = ReceivingRequest.objects.get(personal_number=ASKED_NUMBER)
    assert (request.unit, request.full_name, request.cadre) == (world.inside.unit, "Lạ Thị Lẫm", None)


# ----------------------------------------------------------------------------------------------------------------------
