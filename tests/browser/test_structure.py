"""The page of structure in a real browser: the table scrolls with the page, its head and its total stay in sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hrdb.kernel.models import User
from personnel.policies import Role
from tests.factories.personnel import make_cadre, make_unit, make_user


@pytest.fixture
def officer(transactional_db: None) -> User:
    """The province's officer, with a committee of thirty departments."""
    top = make_unit("UB", name="Ủy ban nhân dân tỉnh")
    for number in range(30):
        make_cadre(unit=make_unit(f"SO.{number:02d}", parent=top, name=f"Sở số {number:02d}", position=number))
    return make_user(Role.PROVINCE_OFFICER)


@pytest.mark.parametrize("shown", ["", "?show=age_band"])
def test_the_table_scrolls_with_the_page(
    shown: str, page: Page, officer: User, sign_in: Callable[[User], None]
) -> None:
    sign_in(officer)
    page.goto(f"/thong-ke/co-cau/{shown}")
    wrap = page.locator(".table-wrap").first
    assert wrap.evaluate("box => box.clientHeight === box.scrollHeight && box.clientHeight > 800")
    page.get_by_role("link", name="Sở số 25").scroll_into_view_if_needed()
    expect(page.get_by_role("columnheader", name="Tổng số")).to_be_in_viewport()
    expect(page.get_by_role("cell", name="Tổng số")).to_be_in_viewport()
    head = page.get_by_role("columnheader", name="Tổng số").bounding_box()
    assert head is not None
    assert abs(head["y"] - 57) < 2
