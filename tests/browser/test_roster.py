"""A roster in a real browser: from the office's file to the record, and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hrdb.kernel.models import User
from personnel.models import Cadre
from personnel.policies import Role
from tests.factories.personnel import make_cadre, make_unit, make_user
from tests.factories.rosters import MAI, PAO, TAN, line, make_named_lists, roster
from tests.factories.workbooks import rows_of


@pytest.fixture
def _office(transactional_db: None, settings: Any, tmp_path: Path, sign_in: Callable[[User], None]) -> None:
    """A signed-in officer of a department that keeps one person; uploads lie on disk."""
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = settings.STORAGES | {"default": on_disk}
    make_named_lists()
    unit = make_unit("SNV", name="Sở Nội vụ")
    make_cadre(unit=unit, name="Lò Văn Sẵn", title_text="Chuyên viên")
    sign_in(make_user(Role.UNIT_OFFICER, unit=unit, full_name="Hoàng Lan"))


def open_part(page: Page, part: str) -> None:
    """Open a part of the batch by its tab."""
    page.locator(f".tabs a[href*='part={part}']").click()
    expect(page.locator(".tabs a[aria-current=page]")).to_have_attribute("href", re.compile(f"part={part}"))


@pytest.mark.usefixtures("_office")
def test_from_the_file_to_the_record_and_back(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "Danh sách Sở.xlsx"
    file.write_bytes(
        roster(
            line(1, "Nguyễn Thị Mai", MAI, sex="Nữ", degree="ĐHSP Toán"),
            line(2, "Giàng A Páo", PAO, ethnicity="Mông"),
            line(3, "Tẩn Sai Ngày", TAN, born="31/02/1990"),
        )
    )
    page.goto("/can-bo/")
    page.get_by_role("link", name="Nhập danh sách").first.click()
    page.get_by_role("link", name="Nhập danh sách mới").click()
    page.get_by_label("Kéo danh sách vào đây").set_input_files(file)
    page.locator("#id_day").fill("31/12/2025")
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danh sách Sở.xlsx")
    expect(page.locator("tbody tr").filter(has_text="Tẩn Sai Ngày")).to_contain_text("Lỗi")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366

    with page.expect_download() as caught:
        page.get_by_role("link", name="Tải các dòng lỗi").click()
    assert "Tẩn Sai Ngày" in str(rows_of(Path(caught.value.path()).read_bytes()))

    open_part(page, "values")
    page.get_by_label("ĐHSP Toán nghĩa là").select_option(label="Đại học")
    page.get_by_role("button", name="Lưu và kiểm tra lại").click()
    page.get_by_label("Bỏ qua các dòng lỗi").check()
    page.get_by_role("button", name="Ghi vào hồ sơ").click()
    expect(page.get_by_text("Đã ghi vào hồ sơ.")).to_be_visible()
    assert set(Cadre.objects.values_list("full_name", flat=True)) == {"Nguyễn Thị Mai", "Giàng A Páo", "Lò Văn Sẵn"}

    open_part(page, "missing")
    page.get_by_label("Lý do Lò Văn Sẵn không có tên").select_option("forgotten")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("tbody tr").filter(has_text="Lò Văn Sẵn")).to_contain_text("Bỏ sót trong danh sách")

    page.get_by_role("link", name="Hoàn tác").click()
    page.get_by_label("Lý do").fill("nhầm danh sách năm trước")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã hoàn tác.")).to_be_visible()
    assert [one.full_name for one in Cadre.objects.all()] == ["Lò Văn Sẵn"]


@pytest.mark.usefixtures("_office")
def test_a_checked_roster_fits_a_phone(phone: Page, tmp_path: Path) -> None:
    file = tmp_path / "danh-sach.xlsx"
    file.write_bytes(roster(line(1, "Nguyễn Thị Mai", MAI, sex="Nữ"), line(2, "Tẩn Sai Ngày", TAN, born="31/02/1990")))
    phone.goto("/nhap-danh-sach/moi/")
    phone.get_by_label("Kéo danh sách vào đây").set_input_files(file)
    phone.get_by_role("button", name="Tải lên và kiểm tra").click()
    expect(phone.get_by_text("Nguyễn Thị Mai")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    for part in ("columns", "values", "missing"):
        open_part(phone, part)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
