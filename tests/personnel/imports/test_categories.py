"""The category of people of whom a roster tells none: told by title, rank and unit, and asked about where in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from personnel.imports.roster.importing import (
    ComparedRoster,
    RosterOptions,
    commit_roster,
    compare_roster,
    new_batch,
    read_roster,
)
from personnel.imports.roster.mapping import RosterMapping
from personnel.models import Employment, UnitKind
from personnel.services.reference import load_reference
from tests.factories.personnel import make_unit
from tests.once import made_once

pytestmark = pytest.mark.django_db

HEAD = ["STT", "Họ và tên", "Năm sinh", "Đơn vị công tác", "Chức vụ", "Mã ngạch"]
DEPARTMENT, SCHOOL, WARD = "Sở Kiểm thử", "Trường THPT Kiểm thử", "UBND phường Kiểm thử"


@pytest.fixture(scope="module", autouse=True)
def units(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A department with a division, a school with a division, and a ward."""
    with made_once(django_db_blocker):
        load_reference()
        kinds = {kind.code: kind for kind in UnitKind.objects.all()}
        department = make_unit("S", name=DEPARTMENT, kind=kinds["x-so-ban-nganh"], level="province")
        school = make_unit("T", name=SCHOOL, kind=kinds["x-don-vi-su-nghiep"], level="province")
        make_unit("W", name=WARD, kind=kinds["x-uy-ban-nhan-dan"], level="commune")
        make_unit("S1", parent=department, name="Phòng Tổ chức Sở", kind=kinds["x-phong"], level="province")
        make_unit("T1", parent=school, name="Phòng Hành chính Trường", kind=kinds["x-phong"], level="province")
        yield


def _file(folder: Path, *rows: list[Any]) -> Path:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("DS")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    path = folder / "danh-sach.xlsx"
    path.write_bytes(buffer.getvalue())
    return path


def _listed(folder: Path, *people: tuple[str, str, str], **options: Any) -> ComparedRoster:
    """A roster of people given by unit, title and rank, compared with the record."""
    names = ("An", "Bình", "Cường", "Dung", "Em", "Giang", "Hạnh", "Khoa")
    rows = [[n, f"Nguyễn Văn {names[n]}", "1980", *person] for n, person in enumerate(people)]
    path = _file(folder, HEAD, *rows)
    return compare_roster(read_roster(path, user=None, options=RosterOptions(**options)))


def _told(compared: ComparedRoster) -> list[tuple[str, bool]]:
    """The category of each row, and whether it is asked about."""
    assert compared.report.errors == []
    written = [
        next(row for row in verdict.changes.inserts if isinstance(row, Employment))
        for verdict in compared.verdicts.values()
    ]
    asked = [bool(verdict.category_basis) for verdict in compared.verdicts.values()]
    return [(row.category, is_asked) for row, is_asked in zip(written, asked, strict=True)]


@pytest.mark.parametrize(
    ("unit", "title", "rank", "category", "is_asked"),
    [
        (DEPARTMENT, "Chuyên viên", "01.003", "civil_servant", False),
        (DEPARTMENT, "Giám đốc", "01.002", "civil_servant", False),
        ("Phòng Tổ chức Sở", "Trưởng phòng", "", "civil_servant", False),
        (DEPARTMENT, "Lái xe", "", "contract_111", True),
        (DEPARTMENT, "Lái xe cơ quan", "01.010", "contract_111", True),
        (DEPARTMENT, "Bảo vệ", "", "contract_111", True),
        (DEPARTMENT, "Phục vụ", "01.009", "contract_111", True),
        (SCHOOL, "Tạp vụ", "", "contract_111", True),
        (DEPARTMENT, "", "", "civil_servant", True),
        (DEPARTMENT, "Viên chức", "V.05.02.07", "public_employee", False),
        (WARD, "Bí thư Đảng ủy, Chủ tịch HĐND", "01.002", "cadre", False),
        (WARD, "Chủ tịch UBND phường", "", "cadre", False),
        (WARD, "Ủy viên BTV Đảng ủy, Phó Chủ tịch UBND phường", "01.003", "cadre", False),
        (WARD, "Trưởng phòng Kinh tế; Ủy viên UBND phường", "01.003", "civil_servant", False),
        (SCHOOL, "Hiệu trưởng", "", "public_employee", False),
        (SCHOOL, "Giáo viên", "V.07.05.15", "public_employee", False),
        (SCHOOL, "Kế toán", "06.031", "public_employee", True),
        ("Phòng Hành chính Trường", "Chuyên viên", "01.003", "public_employee", True),
    ],
)
def test_title_rank_and_unit_tell_the_category(
    tmp_path: Path, unit: str, title: str, rank: str, category: str, is_asked: bool
) -> None:
    assert _told(_listed(tmp_path, (unit, title, rank))) == [(category, is_asked)]


def test_what_is_not_certain_is_told_once_for_all_such_people(tmp_path: Path) -> None:
    driver = (DEPARTMENT, "Lái xe", "")
    compared = _listed(tmp_path, (DEPARTMENT, "Chuyên viên", "01.003"), driver, driver, (SCHOOL, "Kế toán", "06.031"))
    warnings = [fault for fault in compared.report.warnings if fault.code == "category-inferred"]
    assert [(fault.row, fault.value) for fault in warnings] == [
        (3, "Hợp đồng theo NĐ 111/2022/NĐ-CP"),
        (5, "Viên chức"),
    ]
    assert "chức danh «Lái xe»" in warnings[0].message
    assert "(2 người)" in warnings[0].message
    groups = [(value.text, value.count, value.nearest[0].code, value.is_error) for value in compared.inferred]
    assert groups == [
        ("Đối tượng suy ra từ chức danh «Lái xe», loại đơn vị «Sở, ban, ngành»", 2, "contract_111", False),
        (
            "Đối tượng suy ra từ chức danh «Kế toán», ngạch 06.031, loại đơn vị «Đơn vị sự nghiệp công lập»",
            1,
            "public_employee",
            False,
        ),
    ]


def test_what_somebody_decided_is_certain(tmp_path: Path) -> None:
    basis = "Đối tượng suy ra từ chức danh «Lái xe», loại đơn vị «Sở, ban, ngành»"
    mapping = RosterMapping(values={"category_basis": {basis: "civil_servant"}})
    compared = _listed(tmp_path, (DEPARTMENT, "Lái xe", ""), mapping=mapping)
    assert _told(compared) == [("civil_servant", False)]
    assert compared.inferred == []


def test_somebody_known_keeps_his_category_and_is_not_asked_about(tmp_path: Path) -> None:
    read = read_roster(_file(tmp_path, HEAD, [1, "Nguyễn Văn An", "1980", DEPARTMENT, "Lái xe", ""]), user=None,
                       options=RosterOptions())  # fmt: skip
    assert commit_roster(read, batch=new_batch(read.path, user=None)).report.committed
    again = compare_roster(read)
    assert (again.report.same, again.inferred) == (1, [])
    assert "category-inferred" not in {fault.code for fault in again.report.warnings}


def test_a_section_that_is_a_category_tells_it(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        HEAD,
        ["I", "CÔNG CHỨC"],
        [1, "Nguyễn Văn An", "1980", DEPARTMENT, "Kế toán", ""],
        ["II", "Hợp đồng theo Nghị định 111"],
        ["1", "Phòng Tổ chức Sở"],
        [2, "Nguyễn Văn Bình", "1981", DEPARTMENT, "Nhân viên", ""],
    )
    compared = compare_roster(read_roster(path, user=None, options=RosterOptions()))
    assert _told(compared) == [("civil_servant", False), ("contract_111", False)]
