"""The tree of units by keyboard in a real browser: branches are fetched when opened, and the focus goes along."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hrdb.kernel.models import User
from personnel.policies import Role
from tests.factories.personnel import make_unit, make_user


@pytest.fixture
def officer(transactional_db: None) -> User:
    """The province's officer, with a committee of two departments, one of which has many divisions."""
    top = make_unit("UB", name="Ủy ban nhân dân tỉnh")
    department = make_unit("SO.1", parent=top, name="Sở Nội vụ", position=1)
    make_unit("SO.2", parent=top, name="Sở Tài chính", position=2)
    for number in range(52):
        make_unit(f"SO.1.{number:02d}", parent=department, name=f"Phòng số {number:02d}", position=number)
    return make_user(Role.PROVINCE_OFFICER)


def test_the_tree_by_keyboard(page: Page, officer: User, sign_in: Callable[[User], None]) -> None:
    sign_in(officer)
    page.goto("/don-vi/")
    page.get_by_role("link", name="Ủy ban nhân dân tỉnh").focus()

    def press(key: str, name: str) -> None:
        """After this key the node of that name has the focus."""
        page.keyboard.press(key)
        expect(page.get_by_role("link", name=name, exact=True)).to_be_focused()

    press("ArrowDown", "Sở Nội vụ")
    press("ArrowRight", "Sở Nội vụ")
    expect(page.get_by_role("link", name="Phòng số 00")).to_be_visible()
    press("ArrowRight", "Phòng số 00")
    press("ArrowLeft", "Sở Nội vụ")
    press("ArrowLeft", "Sở Nội vụ")
    press("ArrowDown", "Sở Tài chính")
    press("ArrowUp", "Sở Nội vụ")
    press("ArrowRight", "Sở Nội vụ")
    press("End", "Sở Tài chính")
    press("ArrowUp", "Xem thêm (còn 2 đơn vị)")
    press("Enter", "Phòng số 50")
    press("ArrowDown", "Phòng số 51")
    expect(page).to_have_url("/don-vi/")
