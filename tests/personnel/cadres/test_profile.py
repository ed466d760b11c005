"""The profile: what it shows to whom, on which day, in how many queries."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent, User
from personnel.choices import Classification
from personnel.models import Cadre, Unit
from personnel.policies import Role
from personnel.record_parts import RecordPart
from personnel.record_tables import record_parts
from personnel.views.tabs import cadre_tabs
from tests.factories.personnel import make_cadre, make_user, move_cadre
from tests.personnel.cadres.pages import profile, show, signed_in

pytestmark = pytest.mark.django_db

D = datetime.date
MOST_QUERIES = 25
SENSITIVE_TABS = ("family", "health", "political", "life", "assets")
SECRETS = ("Nông Văn Bình", "Chậm báo cáo", "Loại I", "chú ruột ở Pháp", "Nhà riêng ở tổ 12", "12-KL/BTCTU")
#: How the pages of a form are named in their addresses.
WRITING = ("/them/", "/dinh-chinh/", "/thay-doi/", "/ket-thuc/", "/xoa/", "/ly-lich/", "/anh/thay/")


def test_the_head_says_who_the_person_is(cadre: Cadre, officer: User) -> None:
    html = profile(signed_in(officer), cadre)
    for text in (
        "Nông Thị Ái",
        "Phó Giám đốc, Sở Nội vụ · từ 01/09/2006, hết thời hạn bổ nhiệm 31/07/2029",
        "Chức vụ Đảng: Phó Bí thư, Đảng bộ Sở Nội vụ",
        "Công chức",
        "Đảng viên",
        "Diện Ban Thường vụ Tỉnh ủy quản lý",
        "15/03/1984",
        "Tày",
        "01.002 · 4,74",
        "31/03/2044",
        "60 tuổi · 135/2020/NĐ-CP, Điều 4",
        "Nghị định 135/2020/NĐ-CP ngày 18/11/2020, Điều 4",
    ):
        assert text in html


#: The tabs of this app; those of upper apps are tried with them.
TABS = [tab.key for tab in cadre_tabs if tab.__module__.startswith("personnel.")]


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_in_few_queries(tab: str, cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    profile(client, cadre, tab=tab)
    with CaptureQueriesContext(connection) as queries:
        profile(client, cadre, tab=tab)
    assert len(queries) <= MOST_QUERIES, "\n".join(query["sql"][:200] for query in queries)


def own_parts() -> list[RecordPart]:
    """The parts of this app; those of upper apps are tried with them."""
    return [part for part in record_parts if part.model._meta.app_label == "personnel"]


def test_every_part_shows_its_row_and_belongs_to_a_tab(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    for part in own_parts():
        assert part.tab in cadre_tabs
        html = profile(client, cadre, tab=part.tab)
        assert part.label in html
        row = part.model.objects.filter(cadre=cadre).first()
        assert f'id="{part.key}-{row.pk}"' in html


def test_a_fragment_is_the_panel_alone(cadre: Cadre, officer: User) -> None:
    response = signed_in(officer).get(
        reverse("personnel:cadre-detail", args=[cadre.pk]),
        {"tab": "training"},
        headers={"HX-Request": "true", "HX-Target": "panel"},
    )
    html = response.content.decode()
    assert "Thạc sĩ" in html
    assert 'hx-swap-oob="true"' in html
    assert "<html" not in html
    assert "record-name" not in html


# Who sees what -------------------------------------------------------------------------------------------------------


def test_out_of_scope_does_not_exist(cadre: Cadre, elsewhere: Unit) -> None:
    client = signed_in(make_user(Role.UNIT_OFFICER, unit=elsewhere))
    profile(client, cadre, status=404)
    show(client, "personnel:cadre-photo", cadre.pk, status=404)
    for part in own_parts():
        row = part.model.objects.filter(cadre=cadre).first()
        show(client, "personnel:record-add", cadre.pk, part.key, status=404)
        for verb in ("succeed", "correct", "end", "remove", "history"):
            show(client, f"personnel:record-{verb}", cadre.pk, part.key, row.pk, status=404)


def test_the_approver_sees_tier_1_masked_and_tier_2_not_at_all(cadre: Cadre, unit: Unit) -> None:
    client = signed_in(make_user(Role.APPROVER, unit=unit))
    pages = [profile(client, cadre, tab=tab) for tab in TABS if tab not in SENSITIVE_TABS]
    for html in pages:
        assert not [secret for secret in (*SECRETS, cadre.personal_number, "Tày") if secret in html]
        assert not [tab for tab in SENSITIVE_TABS if f"tab={tab}" in html]
        assert not [address for address in WRITING if address in html]
    for tab in SENSITIVE_TABS:
        profile(client, cadre, status=404, tab=tab)
    assert "Phần này cần quyền xem dữ liệu nhạy cảm" in profile(client, cadre, tab="awards")
    for part in own_parts():
        if part.sensitive is not None:
            row = part.model.objects.filter(cadre=cadre).first()
            show(client, "personnel:record-history", cadre.pk, part.key, row.pk, status=404)


def test_the_inspector_reads_everything_and_writes_nothing(cadre: Cadre, unit: Unit) -> None:
    client = signed_in(make_user(Role.INSPECTOR, unit=unit))
    seen = ""
    for tab in TABS:
        html = profile(client, cadre, tab=tab)
        assert not [address for address in WRITING if address in html]
        seen += html
    assert [secret for secret in (*SECRETS, "Tày") if secret not in seen] == []
    for part in own_parts():
        row = part.model.objects.filter(cadre=cadre).first()
        show(client, "personnel:record-add", cadre.pk, part.key, status=403)
        show(client, "personnel:record-correct", cadre.pk, part.key, row.pk, status=403)
        show(client, "personnel:record-history", cadre.pk, part.key, row.pk)


def test_a_person_reads_the_own_record_and_changes_nothing(cadre: Cadre, elsewhere: Unit) -> None:
    account = make_user(Role.CADRE)
    with writing(acting_user=None):
        cadre.account = account
        cadre.save()
    client = signed_in(account)
    response = client.get(reverse("personnel:own-record"))
    assert response.headers["Location"] == reverse("personnel:cadre-detail", args=[cadre.pk])
    html = profile(client, cadre, tab="family")
    assert "Nông Văn Bình" in html
    assert not [address for address in WRITING if address in html]
    assert "Hồ sơ của tôi" in show(client, "home")
    assert f'href="{reverse("personnel:cadre-list")}"' not in html
    profile(client, make_cadre(unit=elsewhere), status=404)


def test_who_has_no_own_record_has_no_such_page(officer: User) -> None:
    client = signed_in(officer)
    show(client, "personnel:own-record", status=404)
    assert "Hồ sơ của tôi" not in show(client, "home")


def test_opening_sensitive_parts_is_logged_and_others_are_not(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    for tab in ("identity", "career", "training", "pay", "party", "employment"):
        profile(client, cadre, tab=tab)
    logged = AuditEvent.objects.filter(action=AuditEvent.Action.READ_SENSITIVE, user=officer)
    assert not logged.exists()
    for tab in ("health", "awards"):
        profile(client, cadre, tab=tab)
    assert [event.details["parts"] for event in logged.order_by("pk")] == [["sức khỏe"], ["kỷ luật"]]
    assert {event.subject_id for event in logged} == {cadre.pk}


def test_the_photograph_is_served_only_to_who_sees_the_record(cadre: Cadre, officer: User, elsewhere: Unit) -> None:
    path = default_storage.save("photos/thu.jpg", ContentFile(b"jpeg"))
    with writing(acting_user=None):
        cadre.photo = path
        cadre.save()
    response = signed_in(officer).get(reverse("personnel:cadre-photo", args=[cadre.pk]))
    assert b"".join(response.streaming_content) == b"jpeg"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in response.headers["Cache-Control"]
    assert reverse("personnel:cadre-photo", args=[cadre.pk]) in profile(signed_in(officer), cadre)
    show(signed_in(make_user(Role.UNIT_OFFICER, unit=elsewhere)), "personnel:cadre-photo", cadre.pk, status=404)
    response = signed_in(make_user()).get(reverse("personnel:cadre-photo", args=[cadre.pk]))
    assert response.status_code == 404


def test_of_a_highly_secret_record_only_the_pointer_is_shown(cadre: Cadre, officer: User) -> None:
    with writing(acting_user=None):
        cadre.classification = Classification.HIGHLY_SECRET
        cadre.paper_pointer = "Tủ 3, ngăn 2, Phòng Hồ sơ"
        cadre.save()
    client = signed_in(officer)
    html = profile(client, cadre)
    assert "Tủ 3, ngăn 2, Phòng Hồ sơ" in html
    assert "Sở Nội vụ" in html
    for text in ("Tày", "15/03/1984", "tab=career", "Phó Giám đốc"):
        assert text not in html
    profile(client, cadre, status=404, tab="career")
    show(client, "personnel:record-add", cadre.pk, "assignments", status=404)


# Days ----------------------------------------------------------------------------------------------------------------


def test_a_past_day_shows_what_held_and_hides_what_came_later(cadre: Cadre, officer: User, elsewhere: Unit) -> None:
    client = signed_in(officer)
    html = profile(client, cadre, tab="career", day="2015-06-30")
    assert "31 tuổi" in html
    assert "Phó Bí thư" not in html
    assert "Đang xem dữ liệu như đã có hiệu lực ngày 30/06/2015" in html
    assert "Khiển trách" in profile(client, cadre, tab="awards", day="2015-06-30")
    assert "Bằng khen" not in profile(client, cadre, tab="awards", day="2015-06-30")
    assert "Loại I" not in profile(client, cadre, tab="health", day="2015-06-30")


def test_the_end_of_a_period_that_lies_after_a_past_day_is_not_told(cadre: Cadre, elsewhere: Unit) -> None:
    province = make_user(Role.PROVINCE_OFFICER)
    move_cadre(cadre, elsewhere, D(2026, 3, 1))
    html = profile(signed_in(province), cadre, tab="career", day="2025-12-31")
    assert "09/2006 – nay" in html
    assert "Sở Tài chính" not in html
    today = profile(signed_in(province), cadre, tab="career")
    assert "09/2006 – 02/2026" in today
    assert "Sở Tài chính" in today


def test_who_has_moved_elsewhere_opens_as_of_the_past_day_alone(cadre: Cadre, officer: User, elsewhere: Unit) -> None:
    move_cadre(cadre, elsewhere, D(2026, 3, 1))
    client = signed_in(officer)
    profile(client, cadre, status=404)
    profile(client, cadre, status=404, day="2026-03-01")
    html = profile(client, cadre, day="2025-12-31")
    assert "Người này nay do đơn vị khác quản lý" in html
    assert "Sở Tài chính" not in html
    for secret in (cadre.personal_number, "Tày", "0912 345 678", "phường Cam Đường", "Công tác tổ chức, cán bộ"):
        assert secret not in html
    for tab in (*SENSITIVE_TABS, "changes"):
        profile(client, cadre, status=404, day="2025-12-31", tab=tab)
    career = profile(client, cadre, tab="career", day="2025-12-31")
    assert "Phó Giám đốc" in career
    assert "/lich-su/" not in career
    assert not [address for address in WRITING if address in career]
    awards = profile(client, cadre, tab="awards", day="2025-12-31")
    assert "Bằng khen" in awards
    assert "Khiển trách" not in awards
    show(client, "personnel:cadre-photo", cadre.pk, status=404, day="2025-12-31")
    show(client, "personnel:cadre-correct", cadre.pk, "person", status=404, day="2025-12-31")


# What is missing -----------------------------------------------------------------------------------------------------


def test_a_new_record_says_what_it_lacks_and_where_it_is_filled_in(unit: Unit, officer: User) -> None:
    bare = make_cadre(unit=unit, personal_number=None)
    html = profile(signed_in(officer), bare)
    assert "Còn thiếu" in html
    for label in ("Số định danh cá nhân", "Khám sức khỏe", "Trình độ chuyên môn"):
        assert f">{label}</a></li>" in html
    full = profile(signed_in(officer), bare, tab="career")
    assert "thiếu" in full


def test_who_lacks_sex_or_birth_is_told_so_instead_of_a_retirement_day(unit: Unit, officer: User) -> None:
    bare = make_cadre(unit=unit)
    with writing(acting_user=None):
        bare.sex, bare.born = "", None
        bare.save()
    html = profile(signed_in(officer), bare)
    assert "Thiếu: giới tính, ngày sinh" in html
    assert "chưa tính được" in html
