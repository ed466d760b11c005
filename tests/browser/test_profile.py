"""A journey through a record: read it, add a post, correct a row, see what was written, on a desktop and a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from hrdb.kernel.models import User
from personnel.models import Assignment, Cadre, Relative
from personnel.policies import Role
from tests.browser.conftest import Complaints
from tests.factories.personnel import make_unit, make_user
from tests.personnel.cadres.records import make_full_cadre

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cadre(live_server: LiveServer) -> Cadre:
    """A person whose record holds something in every part."""
    department = make_unit("SNV", name="Sở Nội vụ")
    make_unit("SNV.TC", parent=department, name="Phòng Tổ chức – Cán bộ")
    return make_full_cadre(department, photo="")


@pytest.fixture
def officer(cadre: Cadre) -> User:
    """The officer who keeps the record."""
    return make_user(Role.UNIT_OFFICER, unit=cadre.custody_set.get().unit, full_name="Hoàng Lan")


def _is_wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def test_an_officer_reads_and_writes_a_record(
    page: Page, cadre: Cadre, officer: User, sign_in: Callable[[User], None], complaints: Complaints
) -> None:
    complaints.expect("422")  # the browser reports the form that is refused
    sign_in(officer)
    page.goto(f"/can-bo/{cadre.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nông Thị Ái")

    # Tabs change the panel and the address, and go back; the rest stands in a menu.
    page.get_by_role("link", name="Quá trình công tác").click()
    expect(page).to_have_url(re.compile("tab=career"))
    expect(page.locator("#panel")).to_contain_text("Phó Giám đốc")
    page.get_by_text("Phần khác").click()
    page.locator("#tabs").get_by_role("link", name="Tiêu chuẩn chính trị").click()
    expect(page.locator("#panel")).to_contain_text("12-KL/BTCTU")
    page.go_back()
    expect(page.locator("#panel")).to_contain_text("Thời gian công tác")

    # A new post, with a unit that is found while typing, by keyboard alone.
    page.get_by_role("link", name="Thêm giai đoạn").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Loại").select_option("concurrent")
    page.get_by_label("Chức vụ (ghi theo văn bản)").fill("Ủy viên Tổ công tác")
    unit = page.get_by_label("Đơn vị", exact=False).first
    unit.press_sequentially("to chuc")
    expect(page.locator("datalist option")).to_have_attribute("value", "Phòng Tổ chức – Cán bộ (SNV.TC)")
    unit.fill("Phòng Tổ chức – Cán bộ (SNV.TC)")
    page.get_by_label("Từ ngày").fill("31/02/2025")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Chưa lưu được")
    expect(page.get_by_label("Từ ngày")).to_be_focused()
    expect(page.get_by_label("Chức vụ (ghi theo văn bản)")).to_have_value("Ủy viên Tổ công tác")
    page.get_by_label("Từ ngày").fill("02/2025")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("status").filter(has_text="Đã thêm.")).to_be_visible()
    entry = page.locator("li").filter(has_text="Ủy viên Tổ công tác")
    expect(entry).to_contain_text("02/2025 – nay")
    expect(entry).to_contain_text("chưa có quyết định")
    assert Assignment.objects.get(kind="concurrent").unit.code == "SNV.TC"

    # Correcting it needs a reason; its history tells both values.
    entry.get_by_label("Thao tác với dòng này").click()
    entry.get_by_role("link", name="Đính chính").click()
    page.get_by_label("Chức vụ (ghi theo văn bản)").fill("Tổ phó Tổ công tác")
    page.get_by_label("Lý do").fill("ghi nhầm chức vụ")
    page.get_by_role("button", name="Lưu đính chính").click()
    entry = page.locator("li").filter(has_text="Tổ phó Tổ công tác")
    entry.get_by_label("Thao tác với dòng này").click()
    entry.get_by_role("link", name="Lịch sử").click()
    expect(page.locator("main")).to_contain_text("ghi nhầm chức vụ")
    expect(page.locator("del")).to_have_text("Ủy viên Tổ công tác")
    expect(page.locator("ins").first).to_have_text("Tổ phó Tổ công tác")

    # On paper there is the content alone.
    page.goto(f"/can-bo/{cadre.pk}/?tab=career")
    page.emulate_media(media="print")
    expect(page.locator("#tabs")).to_be_hidden()
    expect(page.get_by_label("Thao tác với dòng này").first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_record_fits_a_phone_and_works_without_javascript(
    phone: Page, cadre: Cadre, officer: User, sign_in: Callable[[User], None], live_server: LiveServer
) -> None:
    sign_in(officer)
    for tab in ("identity", "career", "training", "family", "changes"):
        phone.goto(f"/can-bo/{cadre.pk}/?tab={tab}")
        assert not _is_wider_than_the_screen(phone), tab
    phone.goto(f"/can-bo/{cadre.pk}/?tab=family")
    phone.get_by_label("Thao tác với dòng này").click()
    expect(phone.get_by_role("link", name="Đính chính")).to_be_in_viewport()
    assert phone.get_by_role("link", name="Đính chính").bounding_box()["height"] >= 44
    browser = phone.context.browser
    assert browser is not None
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(phone.context.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto(f"/can-bo/{cadre.pk}/?tab=family")
    page.get_by_label("Thao tác với dòng này").click()
    page.get_by_role("link", name="Đính chính").click()
    page.get_by_label("Năm sinh").fill("1956")
    page.get_by_label("Lý do").fill("theo giấy khai sinh")
    page.get_by_role("button", name="Lưu đính chính").click()
    expect(page.locator("#panel")).to_contain_text("1956")
    plain.close()
    assert Relative.objects.get().birth_year == 1956
