"""Accounts: opening, closing, passwords, the account of a cadre; and `manage.py add_user`."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from hrdb.kernel.accounts import change_own_password
from hrdb.kernel.models import AuditEvent, User
from personnel.models import Cadre, Grant
from personnel.policies import Action, Role
from personnel.services.accounts import (
    close_account,
    create_account,
    generated_password,
    open_own_record,
    reset_password,
    unlink_account,
)
from personnel.services.grants import grant
from tests.factories.personnel import make_cadre, make_unit, make_user

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def run(*words: str) -> str:
    out = StringIO()
    call_command("add_user", *words, stdout=out)
    return out.getvalue()


def refusal(*words: str) -> CommandError:
    with pytest.raises(CommandError) as refused:
        call_command("add_user", *words, stdout=StringIO())
    assert refused.value.returncode == 2
    return refused.value


def test_add_user_opens_an_account_with_a_role_and_a_printed_password() -> None:
    unit = make_unit("SO-B")
    out = run("canbo.b", "--role", "unit_officer", "--unit", "SO-B", "--full-name", "NGUYỄN THỊ BÌNH")
    user = User.objects.get(username="canbo.b")
    granted = Grant.objects.get(user=user)
    assert (granted.role, granted.unit, granted.effective_from) == (Role.UNIT_OFFICER, unit, TODAY)
    assert user.full_name == "Nguyễn Thị Bình"
    assert user.must_change_password
    password = out.rsplit(": ", 1)[1].strip()
    assert user.check_password(password)


def test_add_user_takes_a_given_password_and_prints_none() -> None:
    out = run("tinh", "--role", "province_officer", "--password", "mat-khau-cho-san")
    user = User.objects.get(username="tinh")
    assert user.check_password("mat-khau-cho-san")
    assert not user.must_change_password
    assert "mat-khau" not in out
    assert Grant.objects.get(user=user).unit is None


def test_add_user_gives_an_existing_account_one_more_role_and_repeats_harmlessly() -> None:
    make_unit("SO-C")
    run("haivai", "--role", "unit_officer", "--unit", "SO-C", "--password", "mat-khau-thu-1")
    run("haivai", "--role", "approver", "--unit", "SO-C")
    again = run("haivai", "--role", "approver", "--unit", "SO-C")
    user = User.objects.get(username="haivai")
    assert {row.role for row in Grant.objects.filter(user=user)} == {Role.UNIT_OFFICER, Role.APPROVER}
    assert user.check_password("mat-khau-thu-1")
    assert "đã có sẵn" in again


@pytest.mark.parametrize("role", list(Role))
def test_add_user_knows_every_role(role: Role) -> None:
    unit = make_unit("SO-D")
    words = ["--unit", unit.code] if role in {Role.UNIT_OFFICER, Role.APPROVER, Role.INSPECTOR} else []
    if role is Role.CADRE:
        words = ["--cadre", str(make_cadre(unit=unit).personal_number)]
    run("nguoi", "--role", role.value, *words)
    assert Grant.objects.get(user__username="nguoi").role == role


def test_add_user_ties_the_own_record() -> None:
    person = make_cadre(personal_number="010080000001")
    run("hoso", "--role", "cadre", "--cadre", "010080000001")
    user = User.objects.get(username="hoso")
    assert list(Cadre.objects.visible_to(user)) == [person]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["x"], "Thiếu vai trò"),
        (["x", "--role", "boss"], "Không có vai trò «boss»"),
        (["x", "--role", "unit_officer"], "cần mã đơn vị"),
        (["x", "--role", "unit_officer", "--unit", "KHONG-CO"], "Không có đơn vị mã «KHONG-CO»"),
        (["x", "--role", "administrator", "--unit", "SO-E"], "không gắn với đơn vị"),
        (["x", "--role", "cadre", "--cadre", "000000000000"], "Không có hồ sơ"),
        (["x", "--role", "cadre"], "thêm --cadre SỐ_ĐỊNH_DANH"),
        (["x", "--role", "administrator", "--password", "ngan"], "Mật khẩu cần từ 10 ký tự."),
        (["x", "--role", "administrator", "--password", "1234567890123"], "Mật khẩu không được toàn chữ số."),
        (["x", "--role", "administrator", "--password", "Mật khẩu 2026"], "quá phổ biến, dễ đoán"),
        (["x.quantri", "--role", "administrator", "--password", "XQuanTri-2026"], "quá giống tên đăng nhập"),
        (["tên có dấu cách", "--role", "administrator"], "Tên đăng nhập chỉ gồm"),
        ([], "Cách dùng"),
    ],
)
def test_add_user_refuses_in_one_vietnamese_sentence_and_writes_nothing(words: list[str], sentence: str) -> None:
    make_unit("SO-E")
    assert sentence in str(refusal(*words))
    assert not User.objects.exists()


def test_add_user_does_not_take_a_record_from_another_account() -> None:
    account = make_user(Role.CADRE)
    make_cadre(personal_number="010080000001", account=account)
    sentence = str(refusal("khac", "--role", "cadre", "--cadre", "010080000001"))
    assert f"đã gắn với tài khoản «{account.username}»" in sentence
    assert not User.objects.filter(username="khac").exists()
    run(account.username, "--role", "cadre")
    assert Grant.objects.filter(user=account).count() == 1, "an account that has its record needs it no second time"


def test_a_weak_password_for_an_existing_account_changes_nothing() -> None:
    user = make_user()
    assert "Mật khẩu cần từ 10 ký tự." in str(refusal(user.username, "--role", "administrator", "--password", "ngan"))
    user.refresh_from_db()
    assert user.check_password("mat-khau-thu-9")
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("hoa-sua-mua-thu-7", True),
        ("nguyenvanan99", False),
        ("Nguyễn Văn An", False),
        ("ngoi nha cua nguyen van an ben song", True),
        ("quantri@2026!!", False),
        ("", False),
        ("emyêuanh-1990", False),
        ("áo dài Hội An xưa", True),
    ],
)
def test_what_a_password_must_be_like(password: str, is_good: bool) -> None:
    user = User(username="an.nv", full_name="Nguyễn Văn An")
    if is_good:
        validate_password(password, user)
        return
    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)
    assert all("ật khẩu" in sentence for sentence in refused.value.messages), "no sentence of the library's"


def test_the_role_of_the_cadre_is_not_given_to_an_account_without_a_record() -> None:
    user = make_user()
    with pytest.raises(ValidationError) as refused:
        grant(user=user, role=Role.CADRE, effective_from=TODAY, acting_user=make_user(Role.ADMINISTRATOR), reason="x")
    assert "chưa gắn với hồ sơ nào" in str(refused.value.message_dict["role"])
    make_cadre(account=user)
    grant(user=user, role=Role.CADRE, effective_from=TODAY, acting_user=None, reason="x")
    assert Grant.objects.filter(user=user, role=Role.CADRE).exists()


def test_add_user_acts_as_an_administrator_and_as_nobody_else() -> None:
    administrator, officer = make_user(Role.ADMINISTRATOR), make_user(Role.PROVINCE_OFFICER)
    acting = ["moi", "--role", "province_officer", "--as", administrator.username]
    assert "quyết định hoặc văn bản phân công" in str(refusal(*acting))
    run(*acting, "--basis", "Công văn 15/SNV ngày 03/02/2026")
    event = AuditEvent.objects.filter(subject_id=User.objects.get(username="moi").pk).first()
    assert event is not None
    assert event.user == administrator
    for name in (officer.username, "khong-co"):
        refusal("khac", "--role", "province_officer", "--as", name)
    make_cadre(personal_number="010080000001")
    refusal("khac", "--role", "cadre", "--cadre", "010080000001", "--as", administrator.username)
    assert not User.objects.filter(username="khac").exists()


def test_add_user_does_not_revive_a_closed_account() -> None:
    user = make_user(is_active=False)
    assert "đã khóa" in str(refusal(user.username, "--role", "administrator"))
    assert not Grant.objects.exists()


def test_the_account_of_a_cadre_is_opened_by_who_keeps_the_record() -> None:
    unit = make_unit()
    officer, person = make_user(Role.UNIT_OFFICER, unit=unit), make_cadre(unit=unit)
    user, password = open_own_record(cadre=person, username="cb.01", acting_user=officer)
    assert user.check_password(password)
    assert user.must_change_password
    assert list(Cadre.objects.visible_to(user)) == [person]
    assert not Cadre.objects.visible_to(user, Action.EDIT).exists()
    person.refresh_from_db()
    with pytest.raises(ValidationError, match="đã có tài khoản"):
        open_own_record(cadre=person, username="cb.02", acting_user=officer)


def test_nobody_else_opens_the_account_of_a_cadre() -> None:
    person = make_cadre()
    others = [make_user(Role.ADMINISTRATOR), make_user(Role.UNIT_OFFICER), make_user(Role.INSPECTOR)]
    for other in others:
        with pytest.raises(Cadre.DoesNotExist):
            open_own_record(cadre=person, username="cb.03", acting_user=other)
    assert not User.objects.filter(username="cb.03").exists()


def test_an_administrator_takes_the_own_record_away_from_an_account() -> None:
    account = make_user(Role.CADRE)
    make_cadre(account=account)
    unlink_account(user=account, acting_user=make_user(Role.ADMINISTRATOR), reason="Nhầm người")
    assert not Cadre.objects.visible_to(User.objects.get(pk=account.pk)).exists()


def test_a_closed_account_is_signed_out_at_once_and_kept(client: Client) -> None:
    user = make_user(Role.PROVINCE_OFFICER)
    client.force_login(user)
    close_account(user=user, acting_user=make_user(Role.ADMINISTRATOR), reason="Nghỉ hưu")
    assert not client.session.get("_auth_user_id") or not _is_signed_in(client)
    assert User.objects.filter(pk=user.pk, is_active=False).exists()
    event = AuditEvent.objects.filter(action=AuditEvent.Action.ACCESS, subject_id=user.pk).first()
    assert event is not None
    assert event.reason == "Nghỉ hưu"
    assert event.details == {"act": "Khóa tài khoản"}


def _is_signed_in(client: Client) -> bool:
    from django.contrib.auth import get_user
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = client.session
    return get_user(request).is_authenticated


@pytest.mark.parametrize("act", [close_account, reset_password, unlink_account])
def test_account_acts_ask_an_administrator_another_person_and_a_reason(act: Any) -> None:
    administrator, user = make_user(Role.ADMINISTRATOR), make_user()
    with pytest.raises(PermissionDenied):
        act(user=user, acting_user=make_user(Role.PROVINCE_OFFICER), reason="x")
    with pytest.raises(PermissionDenied):
        act(user=administrator, acting_user=administrator, reason="x")
    with pytest.raises(ValidationError):
        act(user=user, acting_user=administrator, reason="  ")
    with pytest.raises(PermissionDenied):
        create_account(username="moi", acting_user=make_user(Role.UNIT_OFFICER))


def test_a_reset_password_is_generated_and_must_be_changed() -> None:
    user = make_user()
    password = reset_password(user=user, acting_user=make_user(Role.ADMINISTRATOR), reason="Quên mật khẩu")
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password
    change_own_password(user=user, password="hoa-sua-mua-thu-7")
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password("hoa-sua-mua-thu-7")


@pytest.mark.parametrize("password", ["ngan", "1234567890123", "mat-khau-thu-9"])
def test_a_weak_or_unchanged_password_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        change_own_password(user=make_user(), password=password)


def test_generated_passwords_differ_and_are_long() -> None:
    made = {generated_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password) == 19 for password in made)


def test_a_password_never_enters_the_audit_trail() -> None:
    _, password = create_account(username="moi", acting_user=None, reason="Phân công")
    told = " ".join(f"{event.reason} {event.details}" for event in AuditEvent.objects.all())
    assert password not in told
