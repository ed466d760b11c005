"""Ratings in a real browser: entered by keyboard, the network lost and found again, submitted, approved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from appraisal.models import Rating, RatingCycle, UnitSubmission
from appraisal.services.entering import enter_rating, rate_unit
from hrdb.kernel.models import User
from personnel.models import Cadre, Unit
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from tests.appraisal.making import make_cycle
from tests.browser.conftest import Complaints
from tests.factories.personnel import make_cadre, make_unit, make_user

NAMES = ("Nguyễn Thị An", "Giàng A Bình", "Tôn Nữ Hoàng Ngọc Phương Quỳnh Anh Thư")


@pytest.fixture
def office(transactional_db: None) -> tuple[RatingCycle, Unit, list[Cadre]]:
    """Three people of a department below the People's Committee, in an open cycle."""
    load_default_delegations()
    unit = make_unit("SNV", name="Sở Nội vụ", parent=make_unit("UBND", name="Ủy ban nhân dân tỉnh"))
    return make_cycle(), unit, [make_cadre(unit=unit, name=name) for name in NAMES]


def cell(page: Page, field: str, name: str) -> Any:
    """The cell of a person."""
    return page.get_by_label(f"{field}, {name}", exact=True)


@pytest.mark.usefixtures("_fonts")
def test_entered_by_keyboard_through_a_lost_network_submitted_and_approved(
    page: Page,
    office: tuple[RatingCycle, Unit, list[Cadre]],
    sign_in: Callable[[User], None],
    complaints: Complaints,
) -> None:
    cycle, unit, (an, binh, thu) = office
    sign_in(make_user(Role.UNIT_OFFICER, unit=unit, full_name="Hoàng Lan"))
    page.goto("/danh-gia/")
    page.get_by_role("link", name="Năm 2026").click()
    page.get_by_role("link", name="Sở Nội vụ").click()
    bar = page.locator("[data-hr-cells-bar]")

    # Typing scores down the column: Enter goes on, each cell saves itself and the level follows.
    cell(page, "Điểm", an.full_name).click()
    page.keyboard.type("95")
    page.keyboard.press("Enter")
    expect(cell(page, "Điểm", binh.full_name)).to_be_focused()
    page.keyboard.type("85,5")
    page.keyboard.press("ArrowDown")
    expect(cell(page, "Điểm", thu.full_name)).to_be_focused()
    expect(bar).to_have_text("Đã lưu mọi ô.")
    expect(cell(page, "Mức xếp loại", an.full_name)).to_have_value("excellent")
    expect(page.locator("#checks")).to_contain_text("vượt 1 người")
    expect(page.locator("#lead")).to_contain_text("đã xếp loại 2 / 3 người")

    # Without a network nothing typed is lost; it goes when the network is back.
    complaints.expect("net::ERR_FAILED")
    complaints.expect("console: htmx:")
    lost = re.compile(r"/don-vi/SNV/o/")

    def drop(route: Route) -> None:
        route.abort()

    page.route(lost, drop)
    page.keyboard.type("72")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(cell(page, "Mức xếp loại", thu.full_name)).to_be_focused()
    page.keyboard.press("t")
    expect(bar).to_contain_text("2 ô chưa lưu")
    assert not Rating.objects.filter(cadre=thu).exists()
    page.unroute(lost, drop)
    expect(bar).to_have_text("Đã lưu mọi ô.", timeout=15_000)
    assert Rating.objects.get(cadre=thu).score == 72

    # Somebody else changed the row: told, kept as typed, overwritten only knowingly.
    enter_rating(cycle=cycle, cadre=an, values={"note": "của người khác"}, version=None, acting_user=None)
    cell(page, "Điểm", an.full_name).fill("88")
    complaints.expect("409 (Conflict)")
    page.keyboard.press("Tab")
    expect(bar).to_contain_text("Người khác vừa sửa dòng này")
    expect(cell(page, "Điểm", an.full_name)).to_have_value("88")
    expect(cell(page, "Ghi chú", an.full_name)).to_have_value("của người khác")
    cell(page, "Điểm", an.full_name).focus()
    page.keyboard.press("Enter")
    expect(bar).to_have_text("Đã lưu mọi ô.")
    assert (Rating.objects.get(cadre=an).score, Rating.objects.get(cadre=an).level) == (88, "good")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366

    rate_unit(cycle=cycle, unit=unit, values={"level": "good", "score": 80}, version=None, acting_user=None)
    page.get_by_role("link", name="Trình duyệt").click()
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.get_by_text("Đã trình, chờ duyệt.")).to_be_visible()

    sign_in(make_user(Role.APPROVER, unit=Unit.objects.get(code="UBND"), full_name="Trần Duyệt"))
    page.goto("/danh-gia/cho-duyet/")
    page.get_by_role("link", name="Sở Nội vụ").click()
    page.get_by_role("link", name="Duyệt", exact=True).click()
    page.get_by_role("button", name="Duyệt").click()
    expect(page.get_by_text("Nội dung khớp mã băm.")).to_be_visible()
    assert UnitSubmission.objects.get().state == "approved"


@pytest.mark.usefixtures("_fonts")
def test_leaving_with_unsaved_cells_warns_and_the_page_says_so_afterwards(
    page: Page,
    office: tuple[RatingCycle, Unit, list[Cadre]],
    sign_in: Callable[[User], None],
    complaints: Complaints,
) -> None:
    _, unit, (an, *_) = office
    sign_in(make_user(Role.UNIT_OFFICER, unit=unit))
    page.goto("/danh-gia/ky/2026/don-vi/SNV/")
    complaints.expect("net::ERR_FAILED")
    complaints.expect("console: htmx:")
    page.route(re.compile(r"/don-vi/SNV/o/"), lambda route: route.abort())
    cell(page, "Điểm", an.full_name).fill("80")
    page.keyboard.press("Tab")
    bar = page.locator("[data-hr-cells-bar]")
    expect(bar).to_contain_text("1 ô chưa lưu")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]
    expect(bar).to_contain_text("Trang vừa được tải lại khi còn 1 ô chưa lưu")


@pytest.mark.usefixtures("_fonts")
def test_a_phone_shows_the_sheet_and_saves_a_cell(
    phone: Page, office: tuple[RatingCycle, Unit, list[Cadre]], sign_in: Callable[[User], None]
) -> None:
    _, unit, (an, *_) = office
    sign_in(make_user(Role.UNIT_OFFICER, unit=unit))
    phone.goto("/danh-gia/ky/2026/don-vi/SNV/")
    cell(phone, "Mức xếp loại", an.full_name).select_option("good")
    expect(phone.locator("[data-hr-cells-bar]")).to_have_text("Đã lưu mọi ô.")
    assert Rating.objects.get(cadre=an).level == "good"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
