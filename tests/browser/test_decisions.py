"""A decision in a real browser: entered after the fact by keyboard for three people, seen in the record, annulled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from hrdb.kernel.models import User
from personnel.models import Cadre, Decision
from tests.personnel.decisions.pages import Office, make_office

NAMES = ("Lò Văn An", "Nông Thị Bình", "Trần Đức Cường")


@pytest.fixture
def office(transactional_db: None, sign_in: Callable[[User], None]) -> Office:
    """An office whose officer is signed in."""
    made = make_office()
    sign_in(made.officer)
    return made


def add_by_keyboard(page: Page, name: str, count: int) -> None:
    """Type a name, press Enter, go on typing."""
    page.locator("#id_who").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator(".people-table input[name=row]")).to_have_count(count)
    expect(page.locator("#id_who")).to_be_focused()


def test_from_the_signed_paper_to_the_record_and_back(page: Page, office: Office) -> None:
    page.goto("/quyet-dinh/")
    page.get_by_role("link", name="Vào sổ quyết định đã ký").first.click()
    page.get_by_role("searchbox", name="Tìm loại quyết định").fill("dieu dong")
    page.get_by_role("link", name="Điều động", exact=True).click()
    for field, text in (("number", "12/QĐ-SO"), ("signed_on", "20/03/2026"), ("issuer", "Sở Mẫu"),
                        ("summary", "Về việc điều động ba công chức"), ("t-unit", "Phòng Mẫu")):  # fmt: skip
        page.locator(f"[name='{field}']").fill(text)
    for place, name in enumerate(NAMES, 1):
        add_by_keyboard(page, name, place)
    assert page.locator("#id_number").input_value() == "12/QĐ-SO"
    first = page.locator(".people-table tbody tr").first.locator("input[type=text]").first
    first.fill("Sở Mẫu")
    first.press("Enter")
    expect(page.locator(".people-table tbody tr").nth(1).locator("input[type=text]").first).to_be_focused()

    page.get_by_role("button", name="Kiểm tra").click()
    faulty = page.locator("tr.faulty")
    expect(faulty).to_have_count(1)
    expect(faulty).to_contain_text("Đơn vị đến trùng với đơn vị đang công tác.")
    expect(page.locator("#id_summary")).to_have_value("Về việc điều động ba công chức")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    faulty.locator("input[type=text]").first.fill("")
    page.get_by_role("button", name="Ghi vào sổ và hồ sơ").last.click()
    for reason in page.locator("#obstacles input").all():
        reason.fill("Thực hiện sắp xếp tổ chức bộ máy")
    if page.locator("#obstacles").count():
        page.get_by_role("button", name="Ghi vào sổ và hồ sơ").last.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Quyết định 12/QĐ-SO ngày 20/03/2026")
    page.get_by_role("link", name="Lò Văn An").click()
    page.locator(".tabs a[href*='tab=career']").click()
    expect(page.locator(".timeline")).to_contain_text("Phòng Mẫu")
    page.locator(".timeline").get_by_role("link", name="Quyết định 12/QĐ-SO ngày 20/03/2026").click()

    page.get_by_role("link", name="Hủy bỏ").click()
    for field, text in (("number", "13/QĐ-SO"), ("signed_on", "25/03/2026"), ("issuer", "Sở Mẫu"),
                        ("t-cause", "Ban hành trái thẩm quyền")):  # fmt: skip
        page.locator(f"[name='{field}']").fill(text)
    page.get_by_role("button", name="Ghi vào sổ và hồ sơ").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quyết định 13/QĐ-SO ngày 25/03/2026")
    page.get_by_role("link", name="Quyết định 12/QĐ-SO ngày 20/03/2026").click()
    expect(page.get_by_text("Đã hủy bỏ").first).to_be_visible()
    units = {one.assignment_set.in_force(date(2026, 4, 1)).get().unit for one in Cadre.objects.all()}
    assert units == {office.unit}
    assert Decision.objects.count() == 2


def test_the_page_fits_a_phone(phone: Page, office: Office) -> None:
    phone.goto(f"/quyet-dinh/vao-so/?kind=transfer&cadre={','.join(str(one.pk) for one in office.people)}")
    expect(phone.locator("input[name=row]")).to_have_count(3)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.goto("/quyet-dinh/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
