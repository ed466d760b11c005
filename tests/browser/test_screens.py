"""The four shapes in a real browser: filters, keyboard, search, the asked day, nothing typed is lost, the phone."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from hrdb.kernel.models import User
from hrdb.kernel.screens import search_sources
from tests.browser.conftest import Complaints
from tests.kernel.screens.gallery.people import make_people
from tests.kernel.screens.gallery.serving import serve_gallery
from tests.kernel.screens.test_frame import Names

LIST = "/gallery/people/"

#: The edges that meet when a list stands right below the bar.
EDGES = (("#list", "top"), ("header.bar", "bottom"))


@pytest.fixture
def reader(
    transactional_db: None, settings: Any, sign_in: Callable[[User], None], monkeypatch: pytest.MonkeyPatch
) -> User:
    """A signed-in reader before the gallery with 64 people, of whom the search knows."""
    serve_gallery(settings)
    make_people(64)
    monkeypatch.setattr(search_sources, "_entries", {Names.key: Names})
    user = User.objects.create_user("lan", password="mat-khau-dai-2026", full_name="Hoàng Lan")
    sign_in(user)
    return user


@pytest.mark.usefixtures("reader")
def test_a_list_by_mouse_and_keyboard(page: Page) -> None:
    page.goto(LIST)
    search = page.get_by_placeholder("Tìm theo tên, không cần dấu")
    search.fill("Giàng")
    expect(page.locator("#lead")).to_have_text("5 người trong Sở Nội vụ và đơn vị trực thuộc")
    expect(page.locator("#filter_q")).to_be_focused()
    assert "q=Gi" in page.url
    page.get_by_role("link", name="Chuyên môn").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Chuyên môn")
    page.go_back()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Họ và tên")
    expect(page.locator("#filter_q")).to_have_value("Giàng")
    page.locator("[data-hr-chip=q]").click()
    expect(page.locator("#lead")).to_have_text("64 người trong Sở Nội vụ và đơn vị trực thuộc")
    page.locator("tbody a").first.focus()
    page.keyboard.press("ArrowDown")
    second = page.locator("tbody tr").nth(1).locator("a")
    expect(second).to_be_focused()
    address = second.get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(str(address))


@pytest.mark.usefixtures("reader")
def test_the_next_page_begins_at_its_top_and_the_keyboard_keeps_its_place(page: Page) -> None:
    page.goto(LIST)
    page.get_by_role("link", name="Trang sau").focus()
    page.get_by_role("link", name="Trang sau").scroll_into_view_if_needed()
    page.wait_for_function("scrollY > 500")
    page.keyboard.press("Enter")
    expect(page.locator("nav.pages")).to_contain_text("51–64 trong 64 người")
    expect(page.locator("#list")).to_be_in_viewport()
    top, bar = (page.evaluate(f"document.querySelector('{one}').getBoundingClientRect().{end}") for one, end in EDGES)
    assert top >= bar
    expect(page.locator("tbody a").first).to_be_focused()
    head = page.locator("thead").get_by_role("link", name="Chuyên môn")
    head.focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Chuyên môn")
    expect(head).to_be_focused()


@pytest.mark.usefixtures("reader")
def test_the_buttons_over_a_list_follow_its_filters(page: Page) -> None:
    page.goto(LIST)
    page.get_by_placeholder("Tìm theo tên, không cần dấu").fill("Giàng")
    expect(page.locator("#lead")).to_contain_text("5 người")
    with page.expect_download() as download:
        page.get_by_role("link", name="Xuất Excel").click()
    rows = list(openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active.values)
    assert len(rows) == 4 + 5


@pytest.mark.usefixtures("reader")
def test_finding_anything_by_keyboard(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("hằng")
    expect(page.get_by_role("link", name="Hoàng Thị Bích Hằng").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hoàng Thị Bích Hằng")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()


@pytest.mark.usefixtures("reader")
def test_another_day_is_asked_and_set_back(page: Page) -> None:
    page.goto(LIST)
    page.locator("details.day > summary").click()
    page.get_by_label("Xem dữ liệu tính đến ngày").fill("31/12/2025")
    page.keyboard.press("Enter")
    expect(page.locator(".band")).to_contain_text("ngày 31/12/2025")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Quá trình công tác").click()
    expect(page.get_by_role("heading", name="Quá trình công tác")).to_be_visible()
    assert "day=2025-12-31" in page.url
    page.get_by_role("link", name="Về hôm nay").first.click()
    expect(page.locator(".band")).to_have_count(0)
    assert "day=" not in page.url


@pytest.mark.usefixtures("reader")
def test_a_day_from_the_calendar(page: Page) -> None:
    page.goto("/gallery/people/new/")
    page.get_by_label("Hưởng từ ngày").fill("01/07/2025")
    page.locator("[data-hr-calendar] button").last.click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Hưởng từ ngày")).to_have_value("08/07/2025")


@pytest.mark.usefixtures("reader")
def test_nothing_typed_is_lost(page: Page, complaints: Complaints) -> None:
    complaints.expect("422")
    page.goto("/gallery/people/new/")
    page.get_by_label("Họ và tên khai sinh").fill("Lù A Tính")
    expect(page.get_by_text("Có thay đổi chưa lưu")).to_be_visible()
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Tổng quan").click()
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Họ và tên khai sinh")).to_have_value("Lù A Tính")
    page.get_by_label("Ngày sinh").fill("31/02/1980")
    page.get_by_role("button", name="Tạo hồ sơ").click()
    expect(page.get_by_text("Chưa lưu được, cần sửa 4 chỗ")).to_be_visible()
    expect(page.get_by_label("Ngày sinh")).to_be_focused()
    expect(page.get_by_label("Họ và tên khai sinh")).to_have_value("Lù A Tính")
    page.get_by_label("Ngày sinh").fill("1980")
    page.get_by_label("Giới tính").select_option("male")
    page.get_by_label("Hệ số").fill("4,74")
    page.get_by_label("Hưởng từ ngày").fill("01/07/2025")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lù A Tính")
    expect(page.get_by_text("Đã tạo hồ sơ.")).to_be_visible()


def test_a_form_is_not_sent_into_a_session_that_has_ended(
    page: Page, reader: User, sign_in: Callable[[User], None]
) -> None:
    page.clock.install()
    page.goto("/gallery/people/new/")
    page.get_by_label("Họ và tên khai sinh").fill("Lù A Tính")
    page.get_by_label("Ngày sinh").fill("1980")
    page.get_by_label("Giới tính").select_option("male")
    page.get_by_label("Hệ số").fill("4,74")
    page.get_by_label("Hưởng từ ngày").fill("01/07/2025")
    Session.objects.all().delete()
    page.clock.fast_forward("06:00")
    page.get_by_role("button", name="Tạo hồ sơ").click()
    expect(page.get_by_text("Phiên làm việc đã hết, chưa gửi gì.")).to_be_visible()
    expect(page.get_by_label("Họ và tên khai sinh")).to_have_value("Lù A Tính")
    sign_in(reader)
    page.get_by_role("button", name="Tạo hồ sơ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lù A Tính")


@pytest.mark.usefixtures("reader")
def test_components_at_work(page: Page) -> None:
    page.goto("/gallery/")
    page.get_by_role("button", name="Hủy đợt nhập").click()
    expect(page.get_by_role("dialog", name="Hủy đợt nhập?")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Sở Giáo dục và Đào tạo").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="Trường THPT số 1")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Trường THPT số 1")).to_be_focused()
    page.locator("input[type=file]").set_input_files(
        {"name": "danh sách.xlsx", "mimeType": "application/octet-stream", "buffer": b"x" * 2048}
    )
    expect(page.get_by_text("danh sách.xlsx (2 KB)")).to_be_visible()


@pytest.mark.usefixtures("reader")
def test_phone_has_a_drawer_and_cards(phone: Page) -> None:
    for path in (LIST, "/gallery/", "/gallery/figures/", "/gallery/people/new/", "/"):
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path
    phone.goto(LIST)
    expect(phone.get_by_role("navigation", name="Điều hướng chính")).not_to_be_visible()
    phone.get_by_label("Mở danh mục").click()
    expect(phone.get_by_role("navigation", name="Điều hướng chính")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("navigation", name="Điều hướng chính")).not_to_be_visible()
    cell = phone.locator("tbody tr").first.locator("td").nth(2)
    assert cell.get_attribute("data-label") == "Chuyên môn"
    small = phone.locator("main .btn:visible, .bar a:visible, .bar summary:visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 44).map(one => one.textContent)"
    )
    assert small == []


@pytest.mark.usefixtures("reader")
def test_site_works_without_scripts(page: Page, context: BrowserContext) -> None:
    page.goto(LIST)
    plain = context.browser.new_context(java_script_enabled=False, storage_state=context.storage_state())  # type: ignore[union-attr]
    site = page.url.removesuffix(LIST)
    bare = plain.new_page()
    bare.goto(f"{site}{LIST}?day=2025-12-31")
    bare.locator("#filter_q").fill("Giàng")
    bare.keyboard.press("Enter")
    expect(bare.locator("#lead")).to_contain_text("5 người")
    assert "day=2025-12-31" in bare.url
    bare.get_by_role("searchbox", name="Tìm kiếm").fill("hằng")
    bare.keyboard.press("Enter")
    bare.get_by_role("link", name="Hoàng Thị Bích Hằng").first.click()
    expect(bare.get_by_role("heading", level=1)).to_have_text("Hoàng Thị Bích Hằng")
    bare.get_by_role("link", name="Quá trình công tác").click()
    expect(bare.get_by_role("heading", name="Quá trình công tác")).to_be_visible()
    plain.close()
