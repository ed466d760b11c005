"""New records: duplicates are shown first, who may be kept elsewhere is asked of the province."""

from __future__ import annotations

import datetime

import pytest

from hrdb.kernel.models import User
from personnel.models import Assignment, Cadre, Custody, Employment, ReceivingRequest, Unit
from personnel.policies import Role
from tests.factories.personnel import make_cadre, make_title, make_user
from tests.personnel.cadres.pages import profile, send, show, signed_in, text_of, typed
from tests.personnel.cadres.records import kinh

pytestmark = pytest.mark.django_db

D = datetime.date
ADDRESS = "personnel:cadre-create"
NEW = {
    "full_name": "TRẦN  THỊ MAI",
    "personal_number": "010190000777",
    "born": "08/1990",
    "sex": "female",
    "unit": "SNV",
    "day": "01/03/2026",
    "category": "civil_servant",
    "state": "working",
    "title_text": "Chuyên viên",
    "first_recruited_on": "01/10/2014",
}


def test_a_record_is_opened_with_category_post_and_decision(unit: Unit, officer: User) -> None:
    client = signed_in(officer)
    title = make_title("CV", name="Chuyên viên")
    data = typed(show(client, ADDRESS)) | NEW
    data |= {
        "title": str(title.pk),
        "title_text": "",
        "ethnicity": str(kinh().pk),
        "decision_number": "12/QĐ-SNV",
        "decision_signed_on": "20/02/2026",
        "decision_issuer": "Sở Nội vụ",
    }
    answer = send(client, ADDRESS, data=data)
    cadre = Cadre.objects.get(personal_number="010190000777")
    assert answer.headers["Location"] == f"/can-bo/{cadre.pk}/"
    assert (cadre.full_name, cadre.born, cadre.born_precision) == ("Trần Thị Mai", D(1990, 8, 1), "month")
    post = Assignment.objects.get(cadre=cadre)
    assert (post.title, post.unit, post.effective_from, post.decision.number) == (
        title,
        unit,
        D(2026, 3, 1),
        "12/QĐ-SNV",
    )
    assert Employment.objects.get(cadre=cadre).effective_from == D(2014, 10, 1)
    assert Custody.objects.get(cadre=cadre).unit == unit
    html = profile(client, cadre)
    assert "Đã tạo hồ sơ." in html
    assert "08/1990" in html


def test_the_form_begins_with_the_only_unit_of_the_scope(unit: Unit, officer: User) -> None:
    assert typed(show(signed_in(officer), ADDRESS))["unit"] == "Sở Nội vụ (SNV)"
    assert typed(show(signed_in(make_user(Role.PROVINCE_OFFICER)), ADDRESS))["unit"] == ""


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"full_name": ""}, "Họ và tên khai sinh"),
        ({"born": "30/02/1990"}, "Cần viết dd/mm/yyyy"),
        ({"born": "2030"}, "Ngày sinh chưa đến."),
        ({"personal_number": "123"}, "phải gồm 12 chữ số"),
        ({"first_recruited_on": "01/01/1980"}, "Phải sau ngày sinh."),
        ({"first_recruited_on": "01/01/2027"}, "Không thể trước ngày tuyển dụng."),
        ({"decision_number": "1/QĐ"}, "Quyết định cần đủ số, ngày ký và cơ quan ban hành."),
        ({"category": ""}, "Đối tượng"),
        (
            {"born": "01/05/2015", "first_recruited_on": ""},
            "Sinh 01/05/2015: chưa đủ 15 tuổi khi bắt đầu làm việc (ngày 01/03/2026).",
        ),
        (
            {"born": "02/03/2008", "first_recruited_on": "01/06/2025"},
            "Sinh 02/03/2008: chưa đủ 18 tuổi khi về đơn vị (ngày 01/03/2026).",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    changed: dict[str, str], text: str, unit: Unit, officer: User
) -> None:
    html = text_of(send(signed_in(officer), ADDRESS, data=NEW | changed, status=422))
    assert text in html
    assert 'value="Chuyên viên"' in html
    assert html.count("autofocus") == 1
    assert not Cadre.objects.exists()


def test_who_has_the_age_on_the_day_is_taken(unit: Unit, officer: User) -> None:
    young = NEW | {"born": "01/03/2008", "first_recruited_on": "01/06/2025"}
    send(signed_in(officer), ADDRESS, data=young)
    assert Cadre.objects.get().born == D(2008, 3, 1)


def test_who_is_too_young_is_not_asked_of_the_province_either(unit: Unit, officer: User) -> None:
    send(signed_in(officer), ADDRESS, data=NEW | {"born": "2015", "first_recruited_on": "", "ask": "1"}, status=422)
    assert not ReceivingRequest.objects.exists()


def test_a_number_that_does_not_fit_warns_and_is_saved(unit: Unit, officer: User) -> None:
    client = signed_in(officer)
    send(client, ADDRESS, data=NEW | {"sex": "male"})
    cadre = Cadre.objects.get()
    assert "không khớp với giới tính hoặc năm sinh" in profile(client, cadre)


def test_possible_duplicates_of_the_scope_are_shown_before_anything_is_written(unit: Unit, officer: User) -> None:
    twin = make_cadre(unit=unit, name="Trần Thị Mai", sex="female", born=D(1990, 8, 15))
    make_cadre(unit=unit, name="Trần Thị Mái", sex="female", born=D(1990, 8, 15))
    make_cadre(unit=unit, name="Trần Thị Mai", sex="female", born=D(1990, 9, 15))
    client = signed_in(officer)
    html = text_of(send(client, ADDRESS, data=NEW, status=422))
    assert "Có thể đã có hồ sơ của người này" in html
    assert f'href="/can-bo/{twin.pk}/"' in html
    assert html.count('target="_blank"') == 1
    assert 'value="010190000777"' in html
    assert Cadre.objects.count() == 3
    send(client, ADDRESS, data=NEW | {"is_another": "1"})
    assert Cadre.objects.count() == 4


def test_duplicates_elsewhere_are_not_told(elsewhere: Unit, unit: Unit, officer: User) -> None:
    make_cadre(unit=elsewhere, name="Trần Thị Mai", sex="female", born=D(1990, 8, 15))
    send(signed_in(officer), ADDRESS, data=NEW)
    assert Cadre.objects.count() == 2


def test_who_is_kept_elsewhere_becomes_a_receiving_request_and_nothing_is_told(
    elsewhere: Unit, unit: Unit, officer: User
) -> None:
    held = make_cadre(unit=elsewhere, name="Phạm Thị Kín", personal_number=NEW["personal_number"], sex="female")
    client = signed_in(officer)
    html = text_of(send(client, ADDRESS, data=NEW, status=422))
    assert "Trường hợp này cần cấp tỉnh xử lý" in html
    assert "Gửi đề nghị tiếp nhận" in html
    assert 'value="010190000777"' in html
    for secret in ("Phạm Thị Kín", "Sở Tài chính", f"/can-bo/{held.pk}/"):
        assert secret not in html
    assert not ReceivingRequest.objects.exists()
    answer = send(client, ADDRESS, data=NEW | {"ask": "1"})
    request = ReceivingRequest.objects.get()
    assert (request.unit, request.personal_number, request.full_name) == (unit, NEW["personal_number"], "Trần Thị Mai")
    told = {"Ngày sinh": "08/1990", "Giới tính": "Nữ", "Đối tượng": "Công chức"}
    assert told.items() <= request.details.items()
    assert request.cadre is None
    page = text_of(client.get(answer.headers["Location"]))
    assert "Đã gửi đề nghị tiếp nhận đến cấp tỉnh." in page
    assert "Phạm Thị Kín" not in page
    assert Cadre.objects.count() == 1


def test_a_number_of_the_own_scope_is_told_by_name(unit: Unit, officer: User) -> None:
    make_cadre(unit=unit, name="Phạm Thị Rõ", personal_number=NEW["personal_number"], sex="female")
    html = text_of(send(signed_in(officer), ADDRESS, data=NEW, status=422))
    assert "Số định danh này đã có ở hồ sơ của Phạm Thị Rõ." in html
    assert "Gửi đề nghị tiếp nhận" not in html


def test_a_unit_out_of_scope_does_not_exist(elsewhere: Unit, unit: Unit, officer: User) -> None:
    client = signed_in(officer)
    first = text_of(send(client, ADDRESS, data=NEW | {"unit": "STC"}, status=422))
    second = text_of(send(client, ADDRESS, data=NEW | {"unit": "XYZ"}, status=422))
    assert first.count("trong phạm vi được chọn") == second.count("trong phạm vi được chọn") > 0
    assert typed(show(client, ADDRESS, unit="STC"))["unit"] == typed(show(client, ADDRESS, unit="XYZ"))["unit"] == ""


@pytest.mark.parametrize("role", [Role.APPROVER, Role.INSPECTOR])
def test_who_only_reads_makes_no_records(role: Role, unit: Unit) -> None:
    show(signed_in(make_user(role, unit=unit)), ADDRESS, status=403)
