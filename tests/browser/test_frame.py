"""The frame of the site in a real browser: signing in, and that nothing is loaded or run from where it must not."""

import pytest
from playwright.sync_api import Page, expect

from hrdb.kernel.models import User
from tests.browser.conftest import Complaints


@pytest.fixture
def officer(transactional_db: None) -> User:
    """An account without any rights."""
    return User.objects.create_user("lan", password="mat-khau-dai-2026", full_name="Nguyễn Thị Lan")


def test_signing_in_and_out(page: Page, officer: User) -> None:
    page.goto("/jobs/")
    expect(page).to_have_url("/login/?next=/jobs/")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu", exact=True).fill("sai")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tên đăng nhập hoặc mật khẩu không đúng")).to_be_visible()
    assert page.get_by_label("Tên đăng nhập").input_value() == "lan"
    page.get_by_label("Mật khẩu", exact=True).fill("mat-khau-dai-2026")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/jobs/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc chạy nền của tôi")


def test_policy_refuses_what_is_inline_and_tells_the_server(page: Page, complaints: Complaints) -> None:
    complaints.expect("style-src")
    complaints.expect("Content Security Policy")
    page.goto("/login/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    page.wait_for_timeout(500)
    assert [line for line in complaints.heard if line.startswith("CSP:")], "the browser's report reached the log"


def test_page_fits_a_phone(phone: Page, officer: User, sign_in: object) -> None:
    sign_in(officer)  # type: ignore[operator]
    phone.goto("/jobs/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
