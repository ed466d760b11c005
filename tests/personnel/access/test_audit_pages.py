"""The audit trail on screen and as a sealed answer."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent, User
from personnel.models import Cadre, HealthCheck, Unit
from personnel.policies import Role
from personnel.services.cadres import correct_cadre
from personnel.services.reading import log_export, log_reading
from personnel.services.records import add_row
from personnel.views.audit_lines import tell
from tests.factories.personnel import make_cadre, make_unit, make_user

pytestmark = pytest.mark.django_db

LIST = "/nhat-ky/"


@pytest.fixture
def unit() -> Unit:
    return make_unit(parent=make_unit("GOC"))


@pytest.fixture
def inspector(client: Client, unit: Unit) -> User:
    user = make_user(Role.INSPECTOR, unit=unit)
    client.force_login(user)
    return user


def changed(person: Cadre, phone: str = "0912", reason: str = "đổi số điện thoại") -> AuditEvent:
    correct_cadre(cadre=person, values={"phone": phone}, version=None, acting_user=None, reason=reason)
    return AuditEvent.objects.order_by("-id")[0]


def listed(client: Client, **asked: object) -> set[int]:
    text = client.get(LIST, asked).content.decode()
    return {int(pk) for pk in re.findall(r'href="/nhat-ky/(\d+)/"', text)}


def test_the_list_answers_who_what_when_whom_and_why(client: Client, unit: Unit, inspector: User) -> None:
    person, other = make_cadre(unit=unit, name="Lương Thị Hoa"), make_cadre(unit=unit, name="Mạc Văn Bình")
    officer = make_user(Role.PROVINCE_OFFICER, full_name="Phan Thị Tổ Chức")
    mine = changed(person, reason="theo đơn ngày 03/02")
    read = log_reading(user=officer, cadre=other, parts=["sức khỏe"])
    assert read is not None
    everything = listed(client)
    assert {mine.pk, read.pk} <= everything
    assert listed(client, action="read_sensitive") == {read.pk}
    assert listed(client, user="tổ chức") == {read.pk}
    assert mine.pk in listed(client, person="luong thi hoa")
    assert read.pk not in listed(client, person="luong thi hoa")
    assert mine.pk in listed(client, cadre=person.pk)
    assert mine.pk in listed(client, person=person.personal_number)
    assert listed(client, cause="đơn ngày 03/02") == {mine.pk}
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert mine.pk in listed(client, since=today, until=today)
    assert listed(client, until="01/01/2020") == set()
    assert mine.pk not in listed(client, unit=unit.code), "the unit itself, not its people"
    assert listed(client, unit=unit.code)


def test_names_out_of_scope_are_not_to_be_found_in_any_way(client: Client, unit: Unit, inspector: User) -> None:
    inside, outside = make_cadre(unit=unit), make_cadre(name="Thạch Thị Xa Lạ")
    foreign = changed(outside)
    both = log_export(user=None, what="Danh sách cán bộ", people=[inside.pk, outside.pk])
    text = client.get(LIST).content.decode()
    assert "Xa Lạ" not in text
    assert foreign.pk not in listed(client)
    assert both.pk in listed(client)
    for asked in ({"person": "thach thi xa la"}, {"cadre": outside.pk}, {"person": outside.personal_number}):
        answer = client.get(LIST, asked).content.decode()
        assert not re.findall(r'href="/nhat-ky/(\d+)/"', answer)
        assert outside.full_name not in answer
    nobody = client.get(LIST, {"cadre": 999_999_999}).content.decode()
    strange = client.get(LIST, {"cadre": outside.pk}).content.decode()
    assert _same(nobody, "999999999") == _same(strange, str(outside.pk))
    detail = client.get(reverse("personnel:audit-detail", args=[both.pk])).content.decode()
    assert inside.full_name in detail
    assert "Xa Lạ" not in detail
    assert client.get(reverse("personnel:audit-detail", args=[foreign.pk])).status_code == 404


def _same(text: str, number: str) -> str:
    """A page without what differs between any two answers."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", text)
    return re.sub(rf'(cadre=|value="){number}\b', r"\1#", text)


def test_a_change_is_shown_field_by_field(client: Client, unit: Unit, inspector: User) -> None:
    person = make_cadre(unit=unit, name="Lương Thị Hoa", phone="0203")
    text = client.get(reverse("personnel:audit-detail", args=[changed(person).pk])).content.decode()
    assert "Lương Thị Hoa" in text
    assert "<del>0203</del>" in text
    assert "<ins>0912</ins>" in text
    assert "đổi số điện thoại" in text


def test_opening_a_change_of_sensitive_data_is_itself_logged(client: Client, unit: Unit, inspector: User) -> None:
    person = make_cadre(unit=unit)
    plain = changed(person)
    add_row(
        cadre=person,
        model=HealthCheck,
        values={"checked_on": timezone.localdate(), "status": "Tốt"},
        acting_user=None,
        reason="khám định kỳ",
    )
    sensitive = AuditEvent.objects.order_by("-id")[0]
    before = AuditEvent.objects.filter(action=AuditEvent.Action.READ_SENSITIVE).count()
    client.get(reverse("personnel:audit-detail", args=[plain.pk]))
    assert AuditEvent.objects.filter(action=AuditEvent.Action.READ_SENSITIVE).count() == before
    client.get(reverse("personnel:audit-detail", args=[sensitive.pk]))
    logged = AuditEvent.objects.filter(action=AuditEvent.Action.READ_SENSITIVE).get()
    assert logged.user == inspector
    assert logged.details["people"] == [person.pk]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INSPECTOR])
def test_only_an_inspector_opens_the_trail(client: Client, unit: Unit, role: Role) -> None:
    client.force_login(make_user(role, unit=unit if role in {Role.UNIT_OFFICER, Role.APPROVER} else None))
    assert client.get(LIST).status_code == 403
    assert client.get(reverse("personnel:audit-seal")).status_code == 403
    assert client.get(reverse("personnel:audit-detail", args=[1])).status_code == 403


def exported(client: Client, **asked: object) -> bytes:
    response = client.get(LIST, {**asked, "export": "xlsx"})
    assert response.status_code == 200
    return response.content


def test_the_answer_carries_every_change_and_a_seal_that_is_kept(client: Client, unit: Unit, inspector: User) -> None:
    person = make_cadre(unit=unit, name="Lương Thị Hoa", phone="0203")
    event = changed(person, reason="dòng một\r\ndòng hai")
    content = exported(client, cadre=person.pk)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Nhật ký", "Thay đổi", "Dấu xác nhận"]
    rows = list(book["Thay đổi"].values)
    assert any(row[0] == str(event.pk) and row[3] == "Lương Thị Hoa" and row[7:9] == ("0203", "0912") for row in rows)
    seal = book["Dấu xác nhận"]["B1"].value
    issued = AuditEvent.objects.get(action=AuditEvent.Action.EXPORT)
    assert issued.details["seal"] == seal
    assert issued.user == inspector
    assert issued.details["people"] == [person.pk]
    assert issued.details["filters"] == ["Hồ sơ: Lương Thị Hoa"]


def verify(client: Client, content: bytes | None = None, seal: str = "") -> str:
    sent: dict[str, object] = {"seal": seal}
    if content is not None:
        sent["file"] = SimpleUploadedFile("nhat-ky.xlsx", content)
    response = client.post(reverse("personnel:audit-seal"), sent)
    assert response.status_code in {200, 422}
    return response.content.decode()


def test_a_seal_is_verified_by_file_and_by_itself(client: Client, unit: Unit, inspector: User) -> None:
    changed(make_cadre(unit=unit), reason="  lý do có dấu cách thừa,\nvà xuống dòng ")
    content = exported(client)
    seal = openpyxl.load_workbook(io.BytesIO(content))["Dấu xác nhận"]["B1"].value
    by_file = verify(client, content)
    assert "Khớp: nội dung đúng như hệ thống đã xuất." in by_file
    for text in (verify(client, seal=seal), verify(client, seal=f" {seal.upper()} ")):
        assert "Khớp" not in text.split('id="form"')[0], "the printed seal says nothing of the cells beside it"
        assert "nội dung tệp chưa được kiểm tra" in text
        assert inspector.full_name in text
    assert inspector.full_name in by_file
    assert "Không lọc" in by_file


def test_the_page_says_how_a_file_is_verified(client: Client, inspector: User) -> None:
    text = client.get(reverse("personnel:audit-seal")).content.decode()
    assert "Cách kiểm tra" in text
    assert "sửa, thêm hoặc bớt" in text


@pytest.mark.parametrize("cell", ["A2", "G2", "B3"])
def test_one_changed_cell_breaks_the_seal(client: Client, unit: Unit, inspector: User, cell: str) -> None:
    person = make_cadre(unit=unit)
    changed(person)
    changed(person, phone="0999")
    book = openpyxl.load_workbook(io.BytesIO(exported(client)))
    untouched, altered = io.BytesIO(), io.BytesIO()
    book.save(untouched)
    book["Nhật ký"][cell] = "khác"
    book.save(altered)
    assert "Khớp: nội dung" in verify(client, untouched.getvalue()), "saving alone changes nothing"
    assert "Không khớp" in verify(client, altered.getvalue())


def test_a_forged_seal_a_foreign_file_and_an_empty_form_are_told(client: Client, inspector: User) -> None:
    assert "Không khớp" in verify(client, seal="0" * 64)
    assert "Không khớp" in verify(client, seal="không phải dấu")
    assert "PDF" in verify(client, b"%PDF-1.7 ...")
    assert "Hãy chọn tệp hoặc ghi dấu xác nhận" in verify(client)


def test_a_sealed_answer_cannot_be_taken_back(client: Client, unit: Unit, inspector: User) -> None:
    changed(make_cadre(unit=unit))
    exported(client)
    from django.db import DatabaseError, transaction

    event = AuditEvent.objects.get(action=AuditEvent.Action.EXPORT)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(details={})


def test_the_list_and_the_export_cost_the_same_for_any_number(client: Client, unit: Unit, inspector: User) -> None:
    counts = []
    for number in (3, 30):
        for _ in range(number):
            changed(make_cadre(unit=unit))
        with CaptureQueriesContext(connection) as on_screen:
            client.get(LIST)
        with CaptureQueriesContext(connection) as in_file:
            exported(client)
        counts.append((len(on_screen), len(in_file)))
    assert counts[1][0] <= counts[0][0] <= 15, "events of units may have left the first page"
    assert counts[1][1] == counts[0][1]


def test_an_event_that_names_nobody_is_told_by_whose_rows_it_wrote(client: Client, unit: Unit, inspector: User) -> None:
    first = make_cadre(unit=unit, name="Kha Thị Một")
    outside = make_cadre(name="Thạch Thị Xa Lạ")
    with writing(acting_user=None, reason="một mình") as one:
        first.phone = "1"
        first.save()
    with writing(acting_user=None, reason="có người ngoài") as mixed:
        for person in (first, outside):
            person.phone = "2"
            person.save()
    second = make_cadre(unit=unit)
    with writing(acting_user=None, reason="nhiều người") as many:
        for person in (first, second):
            person.phone = "3"
            person.save()
    told = tell([one, mixed, many], inspector)
    assert [told[event.pk].about for event in (one, mixed, many)] == ["Kha Thị Một", "Kha Thị Một", "Nhiều người"]
    text = client.get(LIST).content.decode()
    assert "Xa Lạ" not in text


def test_refused_attempts_are_read_by_the_inspector_of_the_accounts_unit(
    client: Client, unit: Unit, inspector: User
) -> None:
    here, there = make_user(Role.UNIT_OFFICER, unit=unit), make_user(Role.UNIT_OFFICER)
    stranger = make_cadre(name="Thạch Thị Xa Lạ")
    for officer in (here, there):
        visitor = Client()
        visitor.force_login(officer)
        assert visitor.get(reverse("personnel:cadre-detail", args=[stranger.pk])).status_code == 404
        assert visitor.get(reverse("personnel:account-list")).status_code == 403
    found = listed(client, action="refused")
    assert {event.user for event in AuditEvent.objects.filter(pk__in=found)} == {here}
    assert len(found) == 2
    text = client.get(LIST, {"action": "refused"}).content.decode()
    assert f"GET · /can-bo/{stranger.pk}/" in text
    assert "Không có, hoặc ngoài phạm vi" in text
    assert "Xa Lạ" not in text
    assert len(listed(client, url=f"/can-bo/{stranger.pk}")) == 1
    assert 'href="/nhat-ky/?action=refused"' in text
