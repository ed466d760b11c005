"""The list of units: read as offices write it, refused whole with every fault, written whole, idempotent."""

from __future__ import annotations

import datetime
from io import StringIO
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import call_command

from hrdb.kernel.history import history_model
from hrdb.kernel.models import AuditEvent
from personnel.imports.units import import_units
from personnel.models import Establishment, Unit, UnitKind, UnitVersion
from personnel.policies import Role
from tests.factories.personnel import make_code, make_unit, make_user

pytestmark = pytest.mark.django_db

D = datetime.date
HEAD = [
    "Mã đơn vị",
    "Tên đơn vị",
    "Mã đơn vị cấp trên",
    "Loại",
    "Cấp",
    "Ngày thành lập",
    "Ngày giải thể",
    "Biên chế công chức",
    "Biên chế viên chức",
]


@pytest.fixture(autouse=True)
def _kinds() -> None:
    for code, name in (("x-phong", "Phòng"), ("x-so-ban-nganh", "Sở, ban, ngành"), ("x-co-quan-dang", "Cơ quan Đảng")):
        make_code(UnitKind, code, name=name)


def _file(folder: Path, *rows: list[object]) -> Path:
    path = folder / "don-vi.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Đơn vị")
        for place, row in enumerate(([], HEAD, *rows)):
            sheet.write_row(place, 0, row)
    return path


GOOD = [
    ["SO.01", "Phòng Tổ chức", "SO", "Phòng", "Tỉnh", "01/07/2025", "", 12, ""],
    ["SO", "Sở  Nội vụ", "", "Sở, ban, ngành", "Tỉnh", "01/07/2025", "", 60, 20],
    ["TU", "Tỉnh ủy", "", "Cơ quan Đảng", "Tỉnh", "01/01/1992", "", "", ""],
    ["TU.1", "Ban Tổ chức", "TU", "Phòng", "Tỉnh", "1992", "", "", ""],
    ["H.01", "Huyện A", "", "", "Huyện", "01/01/1992", "30/06/2025", "", ""],
]


def test_a_list_becomes_a_tree_whatever_the_order_of_its_rows(tmp_path: Path) -> None:
    report = import_units(_file(tmp_path, *GOOD), acting_user=None, commit=True, year=2026)
    assert (report.rows, report.created, report.committed, report.errors) == (5, 5, True, [])
    division = UnitVersion.objects.get(unit__code="SO.01")
    assert (division.name, division.parent, division.kind.name) == (
        "Phòng Tổ chức",
        Unit.objects.get(code="SO"),
        "Phòng",
    )
    assert UnitVersion.objects.get(unit__code="SO").name == "Sở Nội vụ"
    assert UnitVersion.objects.get(unit__code="H.01").last_day == D(2025, 6, 30)
    assert UnitVersion.objects.get(unit__code="TU.1").bloc == "party"
    assert Establishment.objects.get(unit__code="SO", category="public_employee").number == 20


def test_the_same_file_again_writes_nothing(tmp_path: Path) -> None:
    path = _file(tmp_path, *GOOD)
    import_units(path, acting_user=None, commit=True, year=2026)
    before = history_model(UnitVersion).objects.count()
    report = import_units(path, acting_user=None, commit=True, year=2026)
    assert (report.same, report.created, report.changed) == (5, 0, 0)
    assert history_model(UnitVersion).objects.count() == before


def test_a_later_founding_day_with_another_name_is_a_renaming(tmp_path: Path) -> None:
    import_units(_file(tmp_path, *GOOD), acting_user=None, commit=True, year=2026)
    renamed = ["TU.1", "Ban Tổ chức Tỉnh ủy", "TU", "Phòng", "Tỉnh", "01/07/2025", "", "", ""]
    report = import_units(_file(tmp_path, renamed), acting_user=None, commit=True, year=2026)
    unit = Unit.objects.get(code="TU.1")
    assert report.changed == 1
    assert UnitVersion.objects.names_on(D(2025, 6, 30))[unit.pk] == "Ban Tổ chức"
    assert UnitVersion.objects.names_on(D(2025, 7, 1))[unit.pk] == "Ban Tổ chức Tỉnh ủy"


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (["", "Không mã", "", "", "", "", "", "", ""], "missing-code", "Mã đơn vị"),
        (["A", "", "", "", "", "", "", "", ""], "missing-name", "Tên đơn vị"),
        (["A", "A", "KHONG.CO", "", "", "", "", "", ""], "unknown-unit", "Mã đơn vị cấp trên"),
        (["A", "A", "", "Phường hội", "", "", "", "", ""], "unknown-value", "Loại"),
        (["A", "A", "", "", "Liên bang", "", "", "", ""], "unknown-value", "Cấp"),
        (["A", "A", "", "", "", "31/02/2025", "", "", ""], "bad-date", "Ngày thành lập"),
        (["A", "A", "", "", "", "01/07/2025", "30/06/2025", "", ""], "impossible-order", "Ngày giải thể"),
        (["A", "A", "", "", "", "", "", -1, ""], "bad-number", "Biên chế công chức"),
        (["A", "A", "A", "", "", "", "", "", ""], "loop", "Mã đơn vị cấp trên"),
    ],
)
def test_each_fault_is_told_by_row_and_column_and_nothing_is_written(
    tmp_path: Path, row: list[object], code: str, column: str
) -> None:
    report = import_units(_file(tmp_path, GOOD[1], row), acting_user=None, commit=True)
    assert [(fault.row, fault.column, fault.code) for fault in report.errors] == [(4, column, code)]
    assert (report.committed, report.exit_code, Unit.objects.count()) == (False, 1, 0)


def test_a_unit_officer_adds_below_his_own_unit_and_nowhere_else(tmp_path: Path) -> None:
    mine, other = make_unit("MINE"), make_unit("OTHER")
    officer = make_user(Role.UNIT_OFFICER, unit=mine)
    inside = ["MINE.1", "Phòng một", "MINE", "Phòng", "Tỉnh", "2025", "", "", ""]
    outside = ["OTHER.1", "Phòng hai", other.code, "Phòng", "Tỉnh", "2025", "", "", ""]
    root = ["NEW", "Gốc mới", "", "", "", "2025", "", "", ""]
    assert import_units(_file(tmp_path, inside), acting_user=officer, commit=True).committed
    report = import_units(_file(tmp_path, outside, root), acting_user=officer, commit=True)
    assert [(fault.row, fault.code) for fault in report.errors] == [(3, "outside-scope"), (4, "outside-scope")]
    assert not report.committed


def _run(path: Path, *arguments: str) -> tuple[str, str, int]:
    """What the command prints, on standard output and error, and its exit code."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_units", path, *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return out.getvalue(), err.getvalue(), int(str(end.code))
    return out.getvalue(), err.getvalue(), 0


@pytest.mark.parametrize("cells", [["Tên", "Tuổi"], ["Mã đơn vị", "Tên đơn vị"]])
def test_a_file_without_header_or_rows_is_no_list_of_units(tmp_path: Path, cells: list[str]) -> None:
    path = tmp_path / "khac.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet().write_row(0, 0, cells)
    out, err, code = _run(path, "--commit")
    assert (out, code) == ("", 2)
    assert "dòng tiêu đề" in err
    assert len(err.strip().splitlines()) == 1


def test_a_second_time_the_command_says_that_nothing_had_to_be_written(tmp_path: Path) -> None:
    path = _file(tmp_path, *GOOD)
    assert _run(path)[0].endswith("0 lỗi. Chưa ghi.\n")
    assert _run(path, "--commit")[0].endswith("0 lỗi. Đã ghi.\n")
    events = AuditEvent.objects.count()
    out, _, code = _run(path, "--commit")
    assert "Đã ghi" not in out
    assert out.endswith("5 không đổi, 0 lỗi. Mọi dòng đã đúng như đang lưu, không có gì phải ghi.\n")
    assert (code, AuditEvent.objects.count()) == (0, events)
