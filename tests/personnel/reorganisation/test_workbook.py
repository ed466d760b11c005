"""The workbook: read with every fault by sheet, row and column; carried out whole; the same again changes nothing."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.management import call_command

from hrdb.kernel.models import AuditEvent
from personnel.choices import PlacementOutcome
from personnel.exports.reorganisation import template
from personnel.imports.reorganisation.importing import reorganise
from personnel.models import Assignment, Decision, Reorganisation, Unit
from personnel.policies import Role
from tests.factories.personnel import make_unit, make_user
from tests.personnel.reorganisation.province import DAY, Province, keeper, make_province, open_codes

pytestmark = pytest.mark.django_db

DECISION = ["1685/NQ-TEST", "16/06/2025", "Cơ quan thử nghiệm"]
STEP_HEAD = ["Việc", "Mã đơn vị", "Mã đơn vị nhận", "Tên mới", "Mã đơn vị cấp trên", "Cấp", "Giữ lại đơn vị cũ",
             "Số quyết định", "Ngày ký", "Cơ quan ban hành"]  # fmt: skip
LEADER_HEAD = ["Số định danh", "Họ và tên", "Mã đơn vị cũ", "Bố trí", "Mã đơn vị đến", "Chức danh", "Số quyết định",
               "Ngày ký", "Cơ quan ban hành"]  # fmt: skip
PEOPLE_HEAD = ["Số định danh", "Họ và tên", "Mã đơn vị đến"]
MERGE = ["Sáp nhập", "H1.X1; H1.X2", "X.NEW", "Xã Mới", "UBND", "Xã", "", *DECISION]
CREATE = ["Thành lập", "", "A", "Xã A", "H1", "", "", "", "", ""]
SPLIT = ["Chia, tách", "H1.X3", "A", "", "", "", "x", "", "", ""]


@pytest.fixture
def province() -> Province:
    return make_province()


def _file(
    folder: Path,
    steps: Sequence[Sequence[Any]],
    leaders: Sequence[Sequence[Any]] = (),
    people: Sequence[Sequence[Any]] = (),
) -> Path:
    path = folder / "sap-xep.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, head, rows in (
            ("Các bước", STEP_HEAD, steps), ("Lãnh đạo", LEADER_HEAD, leaders), ("Nhân sự", PEOPLE_HEAD, people),
        ):  # fmt: skip
            sheet = book.add_worksheet(name)
            for place, row in enumerate((["Phương án sắp xếp"], [], head, *rows)):
                sheet.write_row(place, 0, row)
    return path


def test_a_workbook_is_carried_out_with_its_leaders_and_those_who_follow(province: Province, tmp_path: Path) -> None:
    head, second = province.people["H1.X1"][0], province.people["H1.X2"][0]
    staff = province.people["H1.X3"][2]
    path = _file(
        tmp_path,
        [MERGE, CREATE, SPLIT],
        [
            [head.personal_number, head.full_name, "", "Cấp trưởng", "", "", "12/QĐ", "30/06/2025", "Tỉnh"],
            ["", second.full_name, "H1.X2", "Chờ bố trí", "", "", "", "", ""],
        ],
        [[staff.personal_number, staff.full_name, "Xã A (A)"]],
    )
    report = reorganise(path, day=DAY, acting_user=None, commit=False)
    assert (report.rows, report.created, report.changed, report.rejected, report.errors) == (6, 1, 5, 0, [])
    assert (report.committed, Reorganisation.objects.exists(), open_codes(DAY) & {"X.NEW", "A"}) == (
        False,
        False,
        set(),
    )
    assert report.extra["difference"]["people"]["lines"] == 9
    report = reorganise(path, day=DAY, acting_user=None, commit=True)
    assert report.committed
    case = Reorganisation.objects.get(pk=report.extra["case"])
    assert (case.title, case.state, [str(one) for one in case.resolutions.all()]) == (
        "sap-xep", "applied", ["Quyết định 1685/NQ-TEST ngày 16/06/2025"],
    )  # fmt: skip
    assert open_codes(DAY) == {"UBND", "H1", "H1.X3", "X.NEW", "A"}
    assert keeper(staff, DAY) == "A"
    kept = Assignment.objects.in_force(DAY).get(cadre=head)
    assert (kept.title, kept.unit.code, kept.decision) == (province.head, "X.NEW", Decision.objects.get(number="12/QĐ"))
    assert case.placements.get(cadre=second).outcome == PlacementOutcome.AWAITING


def test_the_same_file_again_changes_nothing(province: Province, tmp_path: Path) -> None:
    path = _file(tmp_path, [MERGE])
    reorganise(path, day=DAY, acting_user=None, commit=True)
    events = AuditEvent.objects.count()
    report = reorganise(path, day=DAY, acting_user=None, commit=True)
    assert (report.same, report.created, report.changed, report.errors, report.exit_code) == (1, 0, 0, [], 0)
    assert report.summary.endswith("không có gì phải ghi.")
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (["Bán", *MERGE[1:]], ("Việc", "unknown-value")),
        (["", *MERGE[1:]], ("Việc", "missing-kind")),
        (["Sáp nhập", "H1.X1; KHONG", *MERGE[2:]], ("Mã đơn vị", "unknown-unit")),
        ([*MERGE[:3], "", *MERGE[4:]], ("Tên mới", "missing-name")),
        ([*MERGE[:4], "KHONG", *MERGE[5:]], ("Mã đơn vị cấp trên", "unknown-unit")),
        ([*MERGE[:5], "Liên bang", *MERGE[6:]], ("Cấp", "unknown-value")),
        ([*MERGE[:8], "31/02/2025", "Cơ quan"], ("Ngày ký", "bad-date")),
        ([*MERGE[:8], "", "Cơ quan"], ("Ngày ký", "incomplete-decision")),
        (["Đổi tên", "H1.X1", "", "", "", "", "", "", "", ""], ("Tên mới", "missing-name")),
        (["Thành lập", "", "H1", "Huyện", "UBND", "", "", "", "", ""], ("Mã đơn vị nhận", "code-taken")),
    ],
)
def test_each_fault_of_a_step_is_told_by_row_and_column(
    province: Province, tmp_path: Path, row: list[Any], fault: tuple[str, str]
) -> None:
    report = reorganise(_file(tmp_path, [row]), day=DAY, acting_user=None, commit=True)
    told = [(one.sheet, one.row, one.column, one.code) for one in report.errors]
    assert told == [("Các bước", 4, *fault)]
    assert (report.committed, report.exit_code, report.rejected) == (False, 1, 1)
    assert not Reorganisation.objects.exists()


def test_each_fault_of_a_person_is_told_by_row_and_column(province: Province, tmp_path: Path) -> None:
    head, deputy, staff, other = province.people["H1.X1"]
    elsewhere = province.people["H1.X3"][0]
    rows = [
        [head.personal_number, "Tên Khác Hẳn", "", "Giữ chức cấp trưởng", "", "", "", "", ""],
        ["010080999999", "", "", "Chờ bố trí", "", "", "", "", ""],
        ["12345", "", "", "Chờ bố trí", "", "", "", "", ""],
        ["", deputy.full_name, "", "Chờ bố trí", "", "", "", "", ""],
        [staff.personal_number, "", "", "Nghỉ", "", "", "", "", ""],
        [other.personal_number, "", "", "", "", "", "", "", ""],
        [staff.personal_number, "", "", "Giữ chức cấp trưởng", "", "Vua", "", "", ""],
        [deputy.personal_number, "", "", "Chờ bố trí", "", "", "", "", ""],
        [deputy.personal_number, "", "", "Chờ bố trí", "", "", "", "", ""],
    ]
    report = reorganise(_file(tmp_path, [MERGE], rows), day=DAY, acting_user=None, commit=True)
    assert [(one.row, one.column, one.code) for one in report.errors] == [
        (4, "Họ và tên", "name-mismatch"),
        (5, "Số định danh", "not-in-case"),
        (6, "Số định danh", "bad-personal-number"),
        (7, "Số định danh", "missing-number"),
        (8, "Bố trí", "unknown-value"),
        (9, "Bố trí", "missing-outcome"),
        (10, "Chức danh", "unknown-value"),
        (12, "Họ và tên", "duplicate-in-file"),
    ]
    named = [[elsewhere.personal_number, elsewhere.full_name, "", "Chờ bố trí", "", "", "", "", ""]]
    report = reorganise(_file(tmp_path, [MERGE], named), day=DAY, acting_user=None, commit=True)
    assert [(one.sheet, one.row, one.column, one.code) for one in report.errors] == [
        ("Lãnh đạo", 4, "Số định danh", "not-in-case")
    ]


def test_a_file_without_the_sheet_of_steps_or_its_headings_says_so(province: Province, tmp_path: Path) -> None:
    path = tmp_path / "khac.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Danh sách").write_row(0, 0, ["Họ và tên"])
    assert [one.code for one in reorganise(path, day=DAY, acting_user=None, commit=True).errors] == ["missing-sheet"]
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Các bước").write_row(0, 0, ["Họ và tên"])
    assert [one.code for one in reorganise(path, day=DAY, acting_user=None, commit=True).errors] == ["missing-header"]


def test_the_template_is_read_back_when_it_is_filled_in(province: Province, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    assert book.sheetnames[:4] == ["Các bước", "Lãnh đạo", "Nhân sự", "Hướng dẫn"]
    sheet = book["Các bước"]
    heads = {cell.value: cell.column for row in sheet.iter_rows(max_row=3) for cell in row if cell.value}
    for heading, value in (("Việc *", "Đổi tên"), ("Mã đơn vị", "H1.X1"), ("Tên mới", "Phường Một")):
        sheet.cell(row=2, column=heads[heading], value=value)
    path = tmp_path / "mau.xlsx"
    book.save(path)
    report = reorganise(path, day=DAY, acting_user=None, commit=True)
    assert (report.committed, report.errors) == (True, [])


# The command ----------------------------------------------------------------------------------------------------------


def _run(*arguments: Any) -> tuple[str, str, int]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("reorganise", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        return out.getvalue(), err.getvalue(), int(str(end.code))
    return out.getvalue(), err.getvalue(), 0


def test_the_command_rehearses_reports_and_carries_out(province: Province, tmp_path: Path) -> None:
    path, report = _file(tmp_path, [MERGE]), tmp_path / "bao-cao.json"
    out, _, code = _run(path, "--day", DAY, "--report", report)
    assert code == 0
    assert "Hồ sơ cán bộ: 8 dòng; trước 8, sau 8." in out
    assert out.endswith("Chưa ghi.\n")
    told = json.loads(report.read_text(encoding="utf-8"))
    names = ("file", "sha256", "rows", "created", "changed", "same", "rejected", "committed", "errors", "warnings")
    assert list(told)[: len(names)] == list(names)
    assert told["difference"]["people"]["items"][0]["after"] == "Xã Mới"
    assert told["leaders_waiting"] == 4
    out, _, code = _run(path, "--day", DAY, "--commit", "--title", "Sắp xếp cấp xã")
    assert (code, Reorganisation.objects.get().title) == (0, "Sắp xếp cấp xã")
    assert out.endswith("Đã ghi.\n")


def test_the_command_stops_with_one_sentence(province: Province, tmp_path: Path) -> None:
    path = _file(tmp_path, [MERGE])
    assert _run(path)[2] == 2
    assert "Không có tệp" in _run(tmp_path / "khong.xlsx", "--day", DAY)[1]
    (tmp_path / "hong.xlsx").write_bytes(b"%PDF-1.4")
    assert _run(tmp_path / "hong.xlsx", "--day", DAY)[2] == 2
    reader = make_user(Role.INSPECTOR, unit=province.root)
    assert _run(path, "--day", DAY, "--as", reader.username)[2] == 2
    officer = make_user(Role.UNIT_OFFICER, unit=province.units["H1"])
    assert "Chỉ cấp tỉnh" in _run(path, "--day", DAY, "--as", officer.username)[1]


def test_an_officer_of_a_part_carries_out_his_own_part_alone(province: Province, tmp_path: Path) -> None:
    officer = make_user(Role.UNIT_OFFICER, unit=province.units["H1"])
    make_unit("H2", parent=province.root, name="Huyện Xa")
    inside = [*MERGE[:4], "H1", *MERGE[5:]]
    acting = ("--day", DAY, "--as", officer.username, "--unit", "H1", "--commit")
    out, _, code = _run(_file(tmp_path, [["Đổi tên", "H2", "", "Huyện Khác", "", "", "", "", "", ""]]), *acting)
    assert code == 1
    assert "[unknown-unit]" in out
    assert "Huyện Xa" not in out
    assert _run(_file(tmp_path, [inside]), *acting)[2] == 0
    assert Unit.objects.filter(code="X.NEW").exists()


def test_the_day_of_a_decision_may_be_a_date_of_the_program(province: Province, tmp_path: Path) -> None:
    row = [*MERGE[:8], datetime.date(2025, 6, 16), "Cơ quan thử nghiệm"]
    assert reorganise(_file(tmp_path, [row]), day=DAY, acting_user=None, commit=True).committed
    assert Decision.objects.get().signed_on == datetime.date(2025, 6, 16)
