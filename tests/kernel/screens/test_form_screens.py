"""The form and action shapes: nothing typed is lost, nobody's change is overwritten unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hrdb.kernel.models.user import User

GOOD = {
    "full_name": "Lù A Tính",
    "born": "1988",
    "sex": "male",
    "people": "Mông",
    "coefficient": "4,74",
    "from_day": "01/07/2025",
}


@pytest.fixture
def person(people: None) -> User:
    """One of the people."""
    return User.objects.get(username="nguoi0001")


def test_saved_form_says_so_and_goes_on(page: Client) -> None:
    response = page.post("/gallery/people/new/", GOOD, follow=True)
    made = User.objects.get(full_name="Lù A Tính")
    assert response.redirect_chain == [(f"/gallery/people/{made.pk}/", 302)]
    assert "Đã tạo hồ sơ." in response.content.decode()


def test_going_on_keeps_the_asked_day(page: Client) -> None:
    response = page.post("/gallery/people/new/?day=2025-12-31", GOOD)
    assert response["Location"].endswith("?day=2025-12-31")


def test_faults_keep_what_was_typed_and_focus_the_first(page: Client) -> None:
    response = page.post("/gallery/people/new/", GOOD | {"born": "31/02/1980", "coefficient": "nhiều"})
    text = response.content.decode()
    assert response.status_code == 422
    assert 'value="31/02/1980"' in text
    assert 'value="nhiều"' in text
    assert 'value="Lù A Tính"' in text
    assert "Chưa lưu được, cần sửa 2 chỗ" in text
    assert '<a href="#id_born">' in text
    assert text.count(" autofocus") == 1
    assert 'id="id_born_error"' in text
    assert not User.objects.filter(full_name="Lù A Tính").exists()


def test_service_errors_stand_at_their_field(page: Client) -> None:
    response = page.post("/gallery/people/new/", GOOD | {"full_name": "Trùng"})
    assert response.status_code == 422
    assert response.context["form"].errors == {"full_name": ["Đã có hồ sơ mang tên này."]}


def test_htmx_is_sent_on_by_header(page: Client) -> None:
    response = page.post("/gallery/people/new/", GOOD, headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response["HX-Redirect"].startswith("/gallery/people/")


def edit(page: Client, person: User, **changes: Any) -> Any:
    """Send the edit form with the version that it was opened with."""
    return page.post(f"/gallery/people/{person.pk}/edit/", {"record_version": person.full_name, "email": ""} | changes)


def test_version_travels_with_the_form(page: Client, person: User) -> None:
    text = page.get(f"/gallery/people/{person.pk}/edit/").content.decode()
    assert f'name="record_version" value="{person.full_name}"' in text
    assert edit(page, person, full_name="Tên mới").status_code == 302
    person.refresh_from_db()
    assert person.full_name == "Tên mới"


@pytest.mark.parametrize("version", ["bản cũ", ""])
def test_changed_record_is_not_overwritten_unseen(page: Client, person: User, version: str) -> None:
    response = edit(page, person, full_name="Tên của tôi", record_version=version)
    text = response.content.decode()
    assert response.status_code == 409
    assert [(one.current, one.typed) for one in response.context["differences"]] == [(person.full_name, "Tên của tôi")]
    assert 'value="Tên của tôi"' in text
    assert "Vẫn ghi theo bản của tôi" in text
    again = edit(page, person, full_name="Tên của tôi")
    assert again.status_code == 302


def test_service_that_finds_the_record_changed(page: Client, person: User) -> None:
    response = edit(page, person, full_name="Chậm")
    assert response.status_code == 409
    assert 'name="record_version" value="Người khác vừa ghi"' in response.content.decode()
    assert response.context["differences"][0].current == "Người khác vừa ghi"


def test_record_out_of_scope_is_404(page: Client, reader: User) -> None:
    assert page.get(f"/gallery/people/{reader.pk}/edit/").status_code == 404
    assert page.post(f"/gallery/people/{reader.pk}/close/", {"reason": "một lý do"}).status_code == 404


def test_act_names_what_happens_and_needs_a_reason(page: Client, person: User) -> None:
    address = f"/gallery/people/{person.pk}/close/"
    text = page.get(address).content.decode()
    assert "48 hồ sơ trở lại như trước khi nhập." in text
    assert 'class="btn harm"' in text
    assert page.post(address, {"reason": " a "}).status_code == 422
    person.refresh_from_db()
    assert person.is_active
    assert page.post(address, {"reason": "Danh sách gửi nhầm"}).status_code == 302
    person.refresh_from_db()
    assert not person.is_active


def test_looking_writes_nothing(page: Client, person: User) -> None:
    page.get(f"/gallery/people/{person.pk}/close/")
    person.refresh_from_db()
    assert person.is_active
