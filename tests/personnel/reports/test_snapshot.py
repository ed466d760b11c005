"""Snapshots: constant queries, what had begun by the day, what the reader may see."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hrdb.kernel.audit import writing
from hrdb.kernel.periods import StartPrecision
from personnel.choices import AssignmentKind, Classification, PayScheme
from personnel.models import Assignment, Cadre, Commendation, HealthCheck, PayStep, Relative, RelativeKind, Unit
from personnel.policies import Role
from personnel.reports.curriculum import curriculum_html, forms
from personnel.reports.rows import CLOSED
from personnel.reports.snapshot import printable, record_snapshot, record_snapshots
from tests.factories.personnel import make_code, make_unit, make_user, move_cadre
from tests.personnel.reports.records import DAY, bare_record, full_record, save

D = datetime.date


def test_queries_do_not_grow_with_people(units: dict[str, Unit], full: Cadre) -> None:
    officer = make_user(Role.UNIT_OFFICER, unit=units["department"])
    people = [full, *(full_record(units, name=f"Người {n}", photo="") for n in range(6))]
    counts = []
    for some in (people[:1], people):
        officer.__dict__.pop("_grants_in_force", None)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(record_snapshots(some, DAY, officer)) == len(some)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_order_is_kept(units: dict[str, Unit]) -> None:
    people = [bare_record(units["school"], name=name) for name in ("Vũ Ả", "An Ử", "Mai Ỡ")]
    assert [record.full_name for record in record_snapshots(people, DAY, None)] == ["Vũ Ả", "An Ử", "Mai Ỡ"]


def test_only_what_had_begun_is_shown_and_the_present_of_that_day(full: Cadre) -> None:
    record = record_snapshot(full, D(2017, 5, 1), user=None)
    main = record.held_posts(AssignmentKind.MAIN)
    assert [post.title for post in main] == ["Phó Trưởng phòng"]
    assert main[0].period.last_day is None
    assert main[0].reappointed_on is None
    assert record.held_posts(AssignmentKind.PARTY) == []
    pay = record.pay(PayScheme.RANK)
    assert pay is not None
    assert (pay.step, str(pay.coefficient)) == (4, "3.33")
    assert record.pay(PayScheme.POSITION) is None
    assert record.identity.id_issued_on is None
    assert record.identity.recruited_by == "Ủy ban nhân dân huyện Quảng Uyên"
    assert record.health is None
    assert record.praises == ()
    assert [study.level for study in record.studies][-2:] != ["Cao cấp", "Chuyên viên chính"]
    assert all(study.period.last_day is None or study.period.last_day <= D(2017, 5, 1) for study in record.studies)


def test_before_party_and_before_official(full: Cadre) -> None:
    assert record_snapshot(full, D(2009, 5, 18), user=None).party is None
    candidate = record_snapshot(full, D(2009, 12, 1), user=None).party
    assert candidate is not None
    assert (candidate.joined_on, candidate.official_on) == (D(2009, 5, 19), None)


def test_units_are_named_as_they_were_called(units: dict[str, Unit], full: Cadre) -> None:
    version = units["department"].versions.get()
    with writing(acting_user=None, reason="đổi tên"):
        version.effective_until = D(2021, 3, 1)
        version.save()
        fields = {"parent": units["root"], "search_key": "so giao duc", "name": "Sở Giáo dục"}
        units["department"].versions.create(effective_from=D(2021, 3, 1), **fields)
    earlier, now = (record_snapshot(full, day, user=None) for day in (D(2020, 12, 1), DAY))
    assert (earlier.managing_agency, now.managing_agency) == ("Sở Giáo dục và Đào tạo", "Sở Giáo dục")
    ended = [post.place for post in now.posts if post.title == "Phó Trưởng phòng"]
    assert ended == ["Phòng Tổ chức cán bộ, Sở Giáo dục và Đào tạo"]
    held = [post.place for post in now.posts if post.title == "Trưởng phòng"]
    assert held == ["Phòng Tổ chức cán bộ, Sở Giáo dục"]


def test_relative_not_yet_born_and_praise_not_yet_decided_are_left_out(full: Cadre) -> None:
    child = make_code(RelativeKind, "x-con", name="Con")
    with writing(acting_user=None, reason="thử"):
        save(Relative, full, kind=child, full_name="Nguyễn Út", birth_year=2026)
        save(Commendation, full, year=2026, detail="Năm nay")
    assert "Nguyễn Út" not in {kin.full_name for kin in record_snapshot(full, D(2025, 12, 31), user=None).kin}
    assert "Nguyễn Út" in {kin.full_name for kin in record_snapshot(full, DAY, user=None).kin}
    assert [praise.year for praise in record_snapshot(full, D(2025, 12, 31), user=None).praises] == [2019]


def test_newest_health_check_by_the_day(full: Cadre) -> None:
    with writing(acting_user=None, reason="thử"):
        save(HealthCheck, full, checked_on=D(2025, 3, 1), status="Loại III")
    assert record_snapshot(full, D(2025, 12, 31), user=None).health.status == "Loại III"  # type: ignore[union-attr]
    assert record_snapshot(full, DAY, user=None).health.status.startswith("Loại II,")  # type: ignore[union-attr]


def test_start_that_is_only_known_from_a_list_is_worded_so(units: dict[str, Unit]) -> None:
    from personnel.reports.wording import from_until

    cadre = bare_record(units["school"])
    with writing(acting_user=None, reason="thử"):
        values = {"unit": units["school"], "title_text": "Giáo viên", "start_precision": StartPrecision.KNOWN_FROM}
        save(Assignment, cadre, kind=AssignmentKind.MAIN, effective_from=D(2026, 1, 1), **values)
    post = record_snapshot(cadre, DAY, user=None).posts[0]
    assert from_until(post.period) == ("trước 01/2026", "nay")


# Who sees what -------------------------------------------------------------------------------------------------------


def test_approver_sees_neither_tier(units: dict[str, Unit], full: Cadre) -> None:
    approver = make_user(Role.APPROVER, unit=units["department"])
    record = record_snapshot(full, DAY, user=approver)
    assert (record.is_tier_1_open, record.is_sensitive_open) == (False, False)
    assert full.personal_number not in repr(record)
    assert (record.identity.ethnicity, record.identity.religion) == (CLOSED, CLOSED)
    assert (record.kin, record.life, record.penalties, record.properties, record.health) == ((), (), (), (), None)


def test_own_record_is_open(full: Cadre) -> None:
    account = make_user(Role.CADRE)
    with writing(acting_user=None, reason="thử"):
        full.account = account
        full.save()
    record = record_snapshot(full, DAY, user=account)
    assert (record.is_tier_1_open, record.is_sensitive_open) == (True, True)
    assert record.kin


def test_closed_parts_are_not_even_asked_for(units: dict[str, Unit], full: Cadre) -> None:
    approver = make_user(Role.APPROVER, unit=units["department"])
    with CaptureQueriesContext(connection) as asked:
        record_snapshot(full, DAY, user=approver)
    read = " ".join(query["sql"] for query in asked)
    for table in ("relative", "asset", "discipline", "healthcheck", "lifehistory"):
        assert f'FROM "personnel_{table}"' not in read


def test_moved_person_opens_as_of_the_past_day_without_sensitive_parts(units: dict[str, Unit], full: Cadre) -> None:
    today = timezone.localdate()
    old, elsewhere = make_user(Role.UNIT_OFFICER, unit=units["department"]), make_unit("NOI-KHAC")
    with writing(acting_user=None, reason="hết các chức vụ ở sở"):
        for post in Assignment.objects.filter(cadre=full, effective_until=None).exclude(kind=AssignmentKind.MAIN):
            post.effective_until = today - datetime.timedelta(days=10)
            post.save()
    move_cadre(full, elsewhere, today - datetime.timedelta(days=5))
    assert full not in printable(old, today)
    past = today - datetime.timedelta(days=30)
    assert full in printable(old, past)
    record = record_snapshot(full, past, user=old)
    assert (record.is_tier_1_open, record.is_sensitive_open) == (False, False)
    assert record.managing_agency == "Sở Giáo dục và Đào tạo"
    person = record.identity
    assert person.photo is None
    assert person.phone == person.agency_remark == person.current_residence == person.policy_status == CLOSED
    assert (person.full_name, person.born, person.home_town) == (full.full_name, full.born, full.home_town)
    for form in forms:
        html = curriculum_html(record, form)
        assert "data:image" not in html
        assert full.phone not in html
    for reader in (make_user(Role.UNIT_OFFICER, unit=elsewhere), None):
        seen = record_snapshot(full, past, user=reader).identity
        assert (seen.photo is None, seen.phone) == (False, full.phone)
    stranger = make_user(Role.UNIT_OFFICER, unit=make_unit("XA"))
    assert full not in printable(stranger, past)


@pytest.mark.parametrize("classification", [Classification.HIGHLY_SECRET, Classification.TOP_SECRET])
def test_stub_holds_only_the_way_to_the_paper(full: Cadre, classification: str) -> None:
    with writing(acting_user=None, reason="thử"):
        full.classification, full.paper_pointer = classification, "Tủ 3, ngăn 2, Phòng Tổ chức cán bộ"
        full.save()
    record = record_snapshot(full, DAY, user=None)
    assert record.is_stub
    assert (record.posts, record.kin, record.identity.personal_number, record.identity.photo) == ((), (), "", None)
    assert record.paper_pointer == "Tủ 3, ngăn 2, Phòng Tổ chức cán bộ"


def test_photo_that_cannot_be_read_is_left_out(units: dict[str, Unit]) -> None:
    lost = bare_record(units["school"], photo="photos/khong-co.jpg")
    assert record_snapshot(lost, DAY, user=None).identity.photo is None


def test_pay_step_of_a_later_day_is_not_told(full: Cadre) -> None:
    with writing(acting_user=None, reason="thử"):
        PayStep.objects.filter(cadre=full).get(step=8).save()
    day = D(2023, 12, 31)
    assert [pay.step for pay in record_snapshot(full, day, user=None).pays] == [4, 5, 1]
