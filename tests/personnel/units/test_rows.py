"""What a unit has, through its page: add, change, correct, end and remove seats, positions, mandates, establishment."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from hrdb.kernel.models import User
from personnel.models import Establishment, JobPosition, Mandate, Rank, Seat, Title, Unit
from personnel.policies import Role
from personnel.views.unit_parts import UNIT_PARTS
from tests.factories.personnel import make, make_cadre, make_code, make_title, make_unit, make_user
from tests.personnel.cadres.pages import send, show, signed_in, text_of, typed

pytestmark = pytest.mark.django_db

D = datetime.date
DECISION = {
    "decision_number": "15/QĐ-UBND",
    "decision_signed_on": "30/06/2025",
    "decision_issuer": "UBND tỉnh",
}


@pytest.fixture
def unit(db: None) -> Unit:
    """A department."""
    return make_unit("SO.01", name="Sở Nội vụ")


@pytest.fixture
def deputy(db: None) -> Title:
    """A leading title."""
    return make_title("PGD", name="Phó Giám đốc", is_leadership=True)


@pytest.fixture
def client(unit: Unit) -> Client:
    """The department's officer."""
    return signed_in(make_user(Role.UNIT_OFFICER, unit=unit, full_name="Hoàng Lan"))


def page(client: Client, tab: str, **query: str) -> str:
    """A tab of the unit's page."""
    return show(client, "personnel:unit-detail", "SO.01", tab=tab, **query)


def row_data(client: Client, act: str, key: str, row: Any, **changed: str) -> dict[str, str]:
    """What the form of a row sends, with some fields typed over."""
    return typed(show(client, f"personnel:unit-row-{act}", "SO.01", key, row.pk)) | changed


def test_a_seat_is_added_changed_corrected_and_ended(client: Client, unit: Unit, deputy: Title) -> None:
    make_title("CV", name="Chuyên viên", is_leadership=False)
    form = show(client, "personnel:unit-row-add", "SO.01", "seats")
    assert "Phó Giám đốc" in form
    assert "Chuyên viên" not in form
    data = typed(form) | {"title": str(deputy.pk), "number": "3", "effective_from": "01/07/2025", **DECISION}
    answer = send(client, "personnel:unit-row-add", "SO.01", "seats", data=data)
    assert answer.headers["Location"] == "/don-vi/SO.01/?tab=posts#seats"
    seat = Seat.objects.get()
    assert (seat.number, seat.effective_from, seat.decision.number) == (3, D(2025, 7, 1), "15/QĐ-UBND")
    make_cadre(unit=unit, title=deputy)
    shown = page(client, "posts")
    for told in ("Ghế chức danh", "15/QĐ-UBND ngày 30/06/2025", "từ 01/07/2025", "Thay đổi từ ngày…", "Kết thúc"):
        assert told in shown
    held = client.get("/don-vi/SO.01/?tab=posts").context["unit_parts"][0].rows[0][0]
    assert [text for column, text in held if column.is_number] == ["3", "1"]

    data = row_data(client, "succeed", "seats", seat, number="4", effective_from="01/01/2026")
    assert "title" not in data
    send(client, "personnel:unit-row-succeed", "SO.01", "seats", seat.pk, data=data)
    later = Seat.objects.get(effective_from=D(2026, 1, 1))
    assert (later.number, later.title) == (4, deputy)

    data = row_data(client, "correct", "seats", later, number="2")
    assert "Lý do" in text_of(
        send(client, "personnel:unit-row-correct", "SO.01", "seats", later.pk, data=data, status=422)
    )
    send(client, "personnel:unit-row-correct", "SO.01", "seats", later.pk, data=data | {"reason": "gõ nhầm số"})
    later.refresh_from_db()
    assert later.number == 2

    asked = show(client, "personnel:unit-row-end", "SO.01", "seats", later.pk)
    assert "Kết thúc «Phó Giám đốc»?" in asked
    assert "Đang có 1 người giữ" in asked
    data = typed(asked) | {"last_day": "30/06/2026", "reason": "theo nghị quyết mới"}
    send(client, "personnel:unit-row-end", "SO.01", "seats", later.pk, data=data)
    later.refresh_from_db()
    assert later.last_day == D(2026, 6, 30)
    assert "01/01/2026 – 30/06/2026" in page(client, "posts", day="2026-06-01")
    show(client, "personnel:unit-row-end", "SO.01", "seats", later.pk, status=404)


def test_a_job_position_a_mandate_and_an_establishment(client: Client, unit: Unit) -> None:
    rank = make_code(Rank, "01.003", name="Chuyên viên")
    for key, data in (
        (
            "job-positions",
            {"code": "CV.01", "name": "Chuyên viên tổ chức", "group": "professional", "required_rank": str(rank.pk),
             "number": "4", "effective_from": "01/01/2026"},
        ),
        ("mandates", {"name": "Nhiệm kỳ 2025-2030", "begins_on": "01/06/2025"}),
        ("establishments", {"year": "2026", "category": "civil_servant", "number": "60"}),
    ):  # fmt: skip
        filled = typed(show(client, "personnel:unit-row-add", "SO.01", key)) | data
        send(client, "personnel:unit-row-add", "SO.01", key, data=filled)
    position, mandate, number = JobPosition.objects.get(), Mandate.objects.get(), Establishment.objects.get()
    assert (position.unit, mandate.body, number.unit) == (unit, unit, unit)
    assert "01.003 · Chuyên viên" in page(client, "positions")
    assert "Nhiệm kỳ 2025-2030" in page(client, "posts")
    assert "chưa có quyết định" in page(client, "establishment")
    for key, row in (("job-positions", position), ("mandates", mandate), ("establishments", number)):
        data = row_data(client, "correct", key, row, reason="xem lại, không đổi gì")
        send(client, "personnel:unit-row-correct", "SO.01", key, row.pk, data=data)
        before = type(row).objects.filter(pk=row.pk).values().get()
        assert before == {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    for key, row in (("mandates", mandate), ("establishments", number)):
        show(client, "personnel:unit-row-succeed", "SO.01", key, row.pk, status=404)
    show(client, "personnel:unit-row-end", "SO.01", "establishments", number.pk, status=404)
    data = row_data(client, "remove", "establishments", number, reason="ghi nhầm đơn vị")
    send(client, "personnel:unit-row-remove", "SO.01", "establishments", number.pk, data=data)
    assert not Establishment.objects.exists()


def test_what_cannot_be_is_refused_in_words_and_what_was_typed_stays(client: Client, unit: Unit, deputy: Title) -> None:
    for key, data, told in (
        ("seats", {"title": str(deputy.pk), "number": "0", "effective_from": "01/07/2025"}, "phải từ 1 đến 50"),
        ("seats", {"title": str(deputy.pk), "number": "2", "effective_from": "01/07/1990"}, "Đơn vị không hoạt động"),
        ("seats", {"title": "99999", "number": "2", "effective_from": "01/07/2025"}, "không có trong danh sách"),
        ("mandates", {"name": "N", "begins_on": "01/07/2025", "ends_on": "01/06/2025"}, "phải sau ngày bắt đầu"),
        ("establishments", {"year": "1989", "category": "cadre", "number": "5"}, "Năm phải từ 1990 đến"),
        ("establishments", {"year": "2026", "category": "outside", "number": "5"}, "không có trong danh sách"),
        (
            "establishments",
            {"year": "2026", "category": "cadre", "number": "5", "decision_number": "7/QĐ"},
            "cần đủ số",
        ),
    ):
        html = text_of(send(client, "personnel:unit-row-add", "SO.01", key, data=data, status=422))
        assert told in html
        assert f'value="{data.get("number", data.get("begins_on"))}"' in html
        assert html.count("autofocus") == 1


def test_the_second_of_two_writers_sees_what_the_first_wrote(client: Client, unit: Unit) -> None:
    row = make(Establishment, unit=unit, year=2026, category="civil_servant", number=60)
    opened = row_data(client, "correct", "establishments", row, number="61", reason="theo quyết định")
    send(client, "personnel:unit-row-correct", "SO.01", "establishments", row.pk, data=opened | {"number": "55"})
    html = text_of(
        send(client, "personnel:unit-row-correct", "SO.01", "establishments", row.pk, data=opened, status=409)
    )
    assert "55" in html
    row.refresh_from_db()
    assert row.number == 55


def test_a_number_smaller_than_those_below_is_told_to_be_added(client: Client, unit: Unit) -> None:
    school = make_unit("TR.01", parent=unit)
    make(Establishment, unit=school, year=2026, category="public_employee", number=70)
    year = str(datetime.date.today().year)
    data = {"year": year, "category": "public_employee", "number": "20"}
    send(client, "personnel:unit-row-add", "SO.01", "establishments", data=data)
    assert "số này được hiểu là của riêng cơ quan và cộng thêm, tổng tính là 90." in page(client, "establishment")


def test_who_only_reads_sees_rows_without_ways_to_change_them(client: Client, unit: Unit, deputy: Title) -> None:
    make(Seat, unit=unit, title=deputy, effective_from=D(2025, 1, 1))
    inspector = signed_in(make_user(Role.INSPECTOR, unit=unit))
    shown = page(inspector, "posts")
    assert "Ghế chức danh" in shown
    assert "Nhiệm kỳ" not in shown
    assert "/them/" not in shown
    assert "Đính chính" not in shown
    assert "Chưa ghi vị trí việc làm" in page(inspector, "positions")
    show(inspector, "personnel:unit-row-add", "SO.01", "seats", status=403)


def test_rows_of_another_unit_are_not_there(client: Client, unit: Unit, deputy: Title) -> None:
    other = make(Seat, unit=make_unit("SO.02"), title=deputy, effective_from=D(2025, 1, 1))
    for act in ("correct", "succeed", "end", "remove"):
        show(client, f"personnel:unit-row-{act}", "SO.01", "seats", other.pk, status=404)
        show(client, f"personnel:unit-row-{act}", "SO.02", "seats", other.pk, status=404)
    show(client, "personnel:unit-row-add", "SO.01", "khong-co", status=404)


@pytest.mark.parametrize("key", UNIT_PARTS)
def test_every_part_has_a_form_for_every_officer(key: str, unit: Unit) -> None:
    officer: User = make_user(Role.PROVINCE_OFFICER)
    assert 'name="decision_number"' in show(signed_in(officer), "personnel:unit-row-add", "SO.01", key)
