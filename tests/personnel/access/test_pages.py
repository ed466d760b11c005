"""The pages of accounts, delegation and receiving requests, as their users go through them."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.models import User
from personnel.choices import ReceivingState
from personnel.models import Cadre, Delegation, Grant, ReceivingRequest
from personnel.policies import ROLE_ACTIONS, Action, Role
from personnel.services.delegations import load_default_delegations
from personnel.services.receiving import ask
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_unit, make_user

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
TODAY_TEXT = f"{TODAY:%d/%m/%Y}"
NUMBER = "010080000555"


@pytest.fixture
def administrator(client: Client) -> User:
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def page(client: Client, name: str, *args: object, status: int = 200) -> str:
    response = client.get(reverse(f"personnel:{name}", args=args))
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, name: str, *args: object, status: int = 302, **values: object) -> str:
    response = client.post(reverse(f"personnel:{name}", args=args), values)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def test_an_administrator_opens_an_account_with_a_role_and_sees_the_password_once(
    client: Client, administrator: User
) -> None:
    unit = make_unit("SO-K", name="Sở Khoa học và Công nghệ")
    shown = send(
        client, "account-create", status=200, username="canbo.k", full_name="Lê Thị Kim", role="unit_officer",
        unit="Sở Khoa học và Công nghệ (SO-K)", effective_from=TODAY_TEXT, last_day="31/12/2099", basis="QĐ 12",
        reason="Phân công nhiệm vụ",
    )  # fmt: skip
    password = re.search(r'<output class="once">([^<]+)</output>', shown)
    assert password is not None
    user = User.objects.get(username="canbo.k")
    assert user.check_password(password[1])
    grant = Grant.objects.get(user=user)
    assert (grant.unit, grant.role, f"{grant.last_day:%d/%m/%Y}") == (unit, Role.UNIT_OFFICER, "31/12/2099")
    again = page(client, "account-detail", user.pk)
    assert password[1] not in again
    assert "Sở Khoa học và Công nghệ" in again
    assert "canbo.k" in page(client, "account-list")


def test_a_faulty_account_form_keeps_what_was_typed_and_writes_nothing(client: Client, administrator: User) -> None:
    before = User.objects.count()
    shown = send(
        client, "account-create", status=422, username="canbo.k", full_name="Lê Thị Kim", role="unit_officer",
        effective_from=TODAY_TEXT, reason="Phân công nhiệm vụ",
    )  # fmt: skip
    assert "cần chỉ rõ đơn vị" in shown
    assert "Lê Thị Kim" in shown
    taken = send(
        client, "account-create", status=422, username=administrator.username.upper(), full_name="Lê Thị Kim",
        role="administrator", effective_from=TODAY_TEXT, reason="Phân công nhiệm vụ",
    )  # fmt: skip
    assert "Tên đăng nhập này đã có" in taken
    forged = send(
        client, "account-create", status=422, username="canbo.k", full_name="Lê Thị Kim", role="cadre",
        effective_from=TODAY_TEXT, reason="Phân công nhiệm vụ",
    )  # fmt: skip
    assert "do người quản lý hồ sơ cấp, từ trang hồ sơ" in forged
    assert User.objects.count() == before
    user = make_user()
    told = send(
        client, "account-grant", user.pk, status=422, role="cadre", effective_from=TODAY_TEXT, reason="Phân công"
    )
    assert "chưa gắn với hồ sơ nào" in told
    assert not Grant.objects.filter(user=user).exists()


def test_roles_are_given_and_ended_from_the_account(client: Client, administrator: User) -> None:
    user, unit = make_user(), make_unit("SO-L")
    values = {"role": "inspector", "unit": "SO-L", "effective_from": TODAY_TEXT, "reason": "Kế hoạch kiểm tra"}
    told = send(client, "account-grant", user.pk, status=422, **values)
    assert "Vai trò này mở dữ liệu cán bộ: hãy ghi số, ngày" in told
    values["basis"] = "Kế hoạch 07/KH-TTr ngày 03/02/2026"
    send(client, "account-grant", user.pk, **values)
    grant = Grant.objects.get(user=user)
    assert grant.unit == unit
    send(client, "account-grant", user.pk, status=422, **values)
    send(client, "grant-end", grant.pk, first_day_without=TODAY_TEXT, reason="Kết thúc kiểm tra")
    assert not Grant.objects.filter(user=user).in_force(TODAY).exists()


def test_an_account_is_closed_reopened_and_given_another_password(client: Client, administrator: User) -> None:
    user = make_user(Role.PROVINCE_OFFICER)
    send(client, "account-close", user.pk, reason="Nghỉ hưu từ tháng này")
    user.refresh_from_db()
    assert not user.is_active
    assert "Đã khóa" in page(client, "account-detail", user.pk)
    send(client, "account-reopen", user.pk, reason="Khóa nhầm người")
    shown = send(client, "account-password", user.pk, status=200, reason="Quên mật khẩu")
    user.refresh_from_db()
    assert user.is_active
    assert user.must_change_password
    password = re.search(r'<output class="once">([^<]+)</output>', shown)
    assert password is not None
    assert user.check_password(password[1])
    assert password[1] not in page(client, "account-detail", user.pk)


def test_nothing_is_done_to_the_own_account(client: Client, administrator: User) -> None:
    shown = page(client, "account-detail", administrator.pk)
    for name in ("account-close", "account-password", "account-grant", "account-reopen", "account-unlink"):
        assert reverse(f"personnel:{name}", args=[administrator.pk]) not in shown
        page(client, name, administrator.pk, status=404)
    own = Grant.objects.get(user=administrator)
    page(client, "grant-end", own.pk, status=404)


def test_the_administrators_pages_show_no_personnel_data(client: Client, administrator: User) -> None:
    account = make_user(Role.CADRE, full_name="")
    person = make_cadre(name="Vũ Thị Kín Đáo", personal_number="010080000321", account=account)
    for text in (page(client, "account-list"), page(client, "account-detail", account.pk)):
        assert "Kín Đáo" not in text
        assert "010080000321" not in text
    assert "Đã gắn" in page(client, "account-detail", account.pk)
    send(client, "account-unlink", account.pk, reason="Gắn nhầm người")
    person.refresh_from_db()
    assert person.account is None


def test_accounts_are_found_by_name_role_and_state(client: Client, administrator: User) -> None:
    officer = make_user(Role.PROVINCE_OFFICER, full_name="Trần Văn Tỉnh")
    closed = make_user(full_name="Hồ Thị Khóa", is_active=False)
    where = reverse("personnel:account-list")
    assert "Trần Văn Tỉnh" in client.get(where, {"q": "tỉnh"}).content.decode()
    by_role = client.get(where, {"role": "province_officer"}).content.decode()
    assert officer.username in by_role
    assert closed.username not in by_role
    by_state = client.get(where, {"state": "closed"}).content.decode()
    assert closed.username in by_state
    assert officer.username not in by_state


def test_the_list_of_accounts_costs_the_same_for_any_number(client: Client, administrator: User) -> None:
    counts = []
    for number in (3, 27):
        for _ in range(number):
            make_user(Role.UNIT_OFFICER)
        with CaptureQueriesContext(connection) as asked:
            page(client, "account-list")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_the_role_table_shows_every_role_and_action_to_everybody(client: Client) -> None:
    client.force_login(make_user(Role.CADRE))
    text = page(client, "role-table")
    for role in Role:
        assert role.label in text
    for action in Action:
        assert action.label in text
    assert text.count('aria-label="được"') == sum(len(actions) for actions in ROLE_ACTIONS.values())


def test_the_delegation_table_is_read_by_officers_and_changed_by_the_administrator(client: Client) -> None:
    load_default_delegations()
    client.force_login(make_user(Role.UNIT_OFFICER))
    shown = page(client, "delegation-list")
    assert "Diện Ban Thường vụ Tỉnh ủy quản lý" in shown
    assert "ket-thuc" not in shown
    page(client, "delegation-create", status=403)
    client.force_login(make_user(Role.CADRE))
    page(client, "delegation-list", status=403)
    client.force_login(make_user(Role.ADMINISTRATOR))
    make_unit("SO-M")
    send(
        client, "delegation-create", managing_level="provincial_committee", bloc="", action="appraise",
        role="unit_officer", unit="SO-M", effective_from=TODAY_TEXT, basis="Quy định 05-QĐ/TU",
    )  # fmt: skip
    row = Delegation.objects.get(basis="Quy định 05-QĐ/TU")
    assert row.unit is not None
    send(client, "delegation-end", row.pk, first_day_without=TODAY_TEXT, reason="Quy định mới")
    assert not Delegation.objects.filter(pk=row.pk).exists()


def test_the_delegation_table_is_filtered_and_tells_the_administrator_the_way_to_an_end(client: Client) -> None:
    load_default_delegations()
    client.force_login(make_user(Role.ADMINISTRATOR))
    where = reverse("personnel:delegation-list")
    rows = Delegation.objects.in_force(timezone.localdate())
    assert page(client, "delegation-list").count(">Kết thúc</a>") == min(rows.count(), 50)
    for asked, kept in (
        ({"action": "approve"}, rows.filter(action="approve")),
        ({"managing_level": "central"}, rows.filter(managing_level="central")),
        ({"role": "approver"}, rows.filter(role="approver")),
        ({"bloc": "party"}, rows.filter(bloc__in=["party", ""])),
    ):
        text = client.get(where, asked).content.decode()
        assert text.count(">Kết thúc</a>") == kept.count() > 0, asked
    text = client.get(where, {"action": "edit"}).content.decode()
    assert "giá trị không dùng được" in text
    client.force_login(make_user(Role.UNIT_OFFICER))
    assert ">Kết thúc</a>" not in page(client, "delegation-list")


def test_a_request_goes_from_the_unit_to_the_province_and_back(client: Client) -> None:
    unit = make_unit("SO-N", name="Sở Nông nghiệp")
    officer, province = make_user(Role.UNIT_OFFICER, unit=unit), make_user(Role.PROVINCE_OFFICER)
    kept = make_unit(name="Sở Giữ Hồ Sơ")
    person = make_cadre(unit=kept, name="Đặng Thị Khuất", personal_number=NUMBER)
    client.force_login(officer)
    send(client, "receiving-ask", unit="SO-N", personal_number=NUMBER, full_name="Đặng Khuất", note="QĐ điều động 15")
    row = ReceivingRequest.objects.get()
    for text in (page(client, "receiving-list"), page(client, "receiving-detail", row.pk)):
        assert "Đặng Thị Khuất" not in text
        assert "Sở Giữ Hồ Sơ" not in text
    page(client, "receiving-accept", row.pk, status=404)
    client.force_login(province)
    shown = page(client, "receiving-detail", row.pk)
    assert "Đặng Thị Khuất" in shown
    assert "Sở Giữ Hồ Sơ" in shown
    assert "QĐ điều động 15" in shown
    send(client, "receiving-accept", row.pk, day=TODAY_TEXT, answer="Đồng ý")
    assert list(Cadre.objects.visible_to(officer, Action.EDIT)) == [person]
    page(client, "receiving-accept", row.pk, status=404)
    client.force_login(officer)
    assert "Đặng Thị Khuất" in page(client, "receiving-detail", row.pk)


def test_the_asking_unit_reads_the_same_page_for_somebody_and_for_nobody(client: Client) -> None:
    unit = make_unit("SO-P")
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    make_cadre(personal_number=NUMBER)
    client.force_login(officer)
    pages = []
    for number in (NUMBER, "010080000556"):
        row = ask(unit=unit, personal_number=number, full_name="Đặng Khuất", acting_user=officer)
        text = page(client, "receiving-detail", row.pk)
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", text)
        text = re.sub(r"\d\d:\d\d \d\d/\d\d/\d{4}", "", text)
        pages.append(text.replace(number, "#").replace(f"/{row.pk}/", "/#/"))
    assert pages[0] == pages[1]


def test_a_bloc_officer_learns_nothing_by_accepting(client: Client) -> None:
    unit = make_unit()
    bloc = make_user()
    make(Grant, user=bloc, role=Role.PROVINCE_OFFICER, unit=unit, effective_from=LONG_AGO)
    make_cadre(personal_number=NUMBER)
    client.force_login(bloc)
    texts = []
    for number in (NUMBER, "010080000556"):
        row = ask(unit=unit, personal_number=number, full_name="Đặng Khuất", acting_user=bloc)
        shown = send(client, "receiving-accept", row.pk, status=422, day=TODAY_TEXT)
        texts.append(re.findall(r"Trường hợp này cần cấp tỉnh xử lý[^<]*", shown))
    assert texts[0] == texts[1] != []


def test_a_refusal_needs_a_sentence_and_reaches_the_unit(client: Client) -> None:
    unit = make_unit()
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    row = ask(unit=unit, personal_number=NUMBER, full_name="Đặng Khuất", acting_user=officer)
    client.force_login(make_user(Role.PROVINCE_OFFICER))
    send(client, "receiving-refuse", row.pk, status=422, answer="")
    send(client, "receiving-refuse", row.pk, answer="Chưa đủ hồ sơ điều động")
    row.refresh_from_db()
    assert row.state == ReceivingState.REFUSED
    client.force_login(officer)
    assert "Chưa đủ hồ sơ điều động" in page(client, "receiving-detail", row.pk)


def test_a_unit_asks_only_for_itself(client: Client) -> None:
    make_unit("SO-Q")
    client.force_login(make_user(Role.UNIT_OFFICER))
    send(client, "receiving-ask", status=422, unit="SO-Q", personal_number=NUMBER, full_name="Đặng Khuất")
    assert not ReceivingRequest.objects.exists()


def test_who_keeps_a_record_opens_the_account_of_its_person(client: Client) -> None:
    unit = make_unit()
    person = make_cadre(unit=unit, officer_code="CB.0042")
    client.force_login(make_user(Role.UNIT_OFFICER, unit=unit))
    assert 'value="CB.0042"' in page(client, "cadre-account", person.pk)
    shown = send(client, "cadre-account", person.pk, status=200, username="CB.0042")
    account = User.objects.get(username="CB.0042")
    assert Cadre.objects.get(account=account) == person
    assert 'class="once"' in shown
    page(client, "cadre-account", make_cadre().pk, status=404)
