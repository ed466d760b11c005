"""Results: noted by page and sheet, carried into the record at the end, corrected and taken back with their record."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.history import history_model
from hrdb.kernel.models import User
from personnel.models import Assignment, Qualification
from personnel.policies import Role
from personnel.services.errors import ServiceRefusal, StaleVersion
from tests.factories.personnel import make, make_cadre, make_title, make_user
from tests.factories.workbooks import workbook
from tests.training.class_making import BEGINS, ENDS, make_class, put_in
from tests.training.making import DAY, TrainingWorld, make_level, make_programme, training_world
from training.choices import ClassState, MemberState
from training.imports.classes import read_results
from training.models import ClassMember, Programme, TrainingClass
from training.services.certificates import change_certificate, issue_certificates
from training.services.results import (
    correct_result,
    finish_class,
    note_follow_up,
    record_results,
    reopen_class,
    versions_of,
)
from training.statistics.following import after_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> TrainingWorld:
    return training_world()


@pytest.fixture
def programme() -> Programme:
    level = make_level("political_theory", "09", 2, "Cao cấp")
    return make_programme(gives="political_theory", level=level, certificate="Bằng tốt nghiệp", valid_months=60)


@pytest.fixture
def running(world: TrainingWorld, programme: Programme) -> TrainingClass:
    one = make_class(programme, state=ClassState.RUNNING)
    put_in(one, *world.people)
    return one


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def members(one: TrainingClass) -> list[ClassMember]:
    return list(one.members.order_by("pk"))


def pass_all(one: TrainingClass, *, but: int = 0) -> None:
    """Everybody passes, but so many of the first."""
    results = {
        row.pk: {"state": "failed" if place < but else "passed", "score": Decimal("81.5"), "grade": "Giỏi"}
        for place, row in enumerate(members(one))
    }
    record_results(training_class=one, results=results, acting_user=None)


def finished(one: TrainingClass, user: User | None = None, *, but: int = 0) -> TrainingClass:
    pass_all(one, but=but)
    return finish_class(training_class=one, day=DAY, acting_user=user)


def test_the_end_of_a_class_writes_what_was_passed_in_one_event(world: TrainingWorld, running: TrainingClass) -> None:
    pass_all(running, but=1)
    finish_class(training_class=running, day=DAY, acting_user=world.officer)
    rows = members(running)
    assert [row.qualification_id is not None for row in rows] == [False, True, True]
    held = Qualification.objects.get(cadre=world.people[1])
    assert (held.kind, held.level.code, held.school) == ("political_theory", "09", "Trường Chính trị tỉnh")
    assert (held.studied_from, held.effective_from, held.effective_until) == (BEGINS, ENDS, datetime.date(2031, 11, 20))
    assert (held.score, held.basis) == ("81,5 · Giỏi", "Lớp LLCT-2026-01: Lớp LLCT-2026-01")
    written = history_model(Qualification)._default_manager.filter(id__in=Qualification.objects.values("pk"))
    (event,) = set(written.values_list("event_id", flat=True))
    told = history_model(TrainingClass)._default_manager.filter(event_id=event).get()
    assert (told.state, told.history_user_id) == (ClassState.FINISHED, world.officer.pk)
    assert "ghi kết quả vào hồ sơ" in written.first().history_change_reason


def test_a_class_ends_only_with_all_results_and_after_its_last_day(running: TrainingClass) -> None:
    rows = members(running)
    one = {rows[0].pk: {"state": "passed"}}
    record_results(training_class=running, results=one, acting_user=None)
    with pytest.raises(ServiceRefusal, match="Còn 2 học viên"):
        finish_class(training_class=running, day=DAY, acting_user=None)
    pass_all(running)
    with pytest.raises(ServiceRefusal, match="chưa đến ngày"):
        finish_class(training_class=running, day=ENDS - datetime.timedelta(days=1), acting_user=None)
    assert not Qualification.objects.exists()


def test_who_may_not_write_every_record_does_not_end_the_class(world: TrainingWorld, running: TrainingClass) -> None:
    put_in(running, world.strangers[0])
    pass_all(running)
    with pytest.raises(PermissionDenied):
        finish_class(training_class=running, day=DAY, acting_user=make_user(Role.PROVINCE_OFFICER, unit=world.home))
    with pytest.raises(PermissionDenied):
        finish_class(training_class=running, day=DAY, acting_user=world.unit_officer)
    assert not Qualification.objects.exists()


def test_what_the_record_has_already_is_not_written_twice_nor_taken_away(
    world: TrainingWorld, running: TrainingClass
) -> None:
    given = {"kind": "political_theory", "level": running.programme.level, "studied_until": ENDS}
    before = make(Qualification, cadre=world.people[0], effective_from=ENDS, basis="Nhập tay", **given)
    finished(running)
    assert Qualification.objects.filter(cadre=world.people[0]).get() == before
    assert members(running)[0].qualification == before
    reopen_class(training_class=running, reason="Ghi nhầm điểm", acting_user=world.officer)
    assert list(Qualification.objects.all()) == [before]


def test_reopening_takes_back_what_was_written_and_history_keeps_it(
    world: TrainingWorld, running: TrainingClass
) -> None:
    finished(running)
    with pytest.raises(ValidationError):
        reopen_class(training_class=running, reason="", acting_user=world.officer)
    reopen_class(training_class=running, reason="Ghi nhầm điểm", acting_user=world.officer)
    assert not Qualification.objects.exists()
    gone = history_model(Qualification)._default_manager.filter(history_type="-")
    assert {row.history_change_reason for row in gone} == {"Mở lại lớp Lớp LLCT-2026-01: Ghi nhầm điểm"}
    running.refresh_from_db()
    assert running.state == ClassState.RUNNING


def test_a_corrected_result_corrects_the_record(world: TrainingWorld, running: TrainingClass) -> None:
    finished(running, but=1)
    failed, passed, _ = members(running)
    values = {"state": "failed", "score": Decimal(40), "grade": ""}
    with pytest.raises(ValidationError):
        correct_result(member=passed, values=values, reason=" ", version=None, acting_user=world.officer)
    issue_certificates(training_class=running, pattern="#/X", first=1, day=DAY, acting_user=None)
    passed.refresh_from_db()
    assert passed.certificate_number
    with pytest.raises(StaleVersion):
        correct_result(member=passed, values=values, reason="Phúc khảo", version=1, acting_user=world.officer)
    correct_result(member=passed, values=values, reason="Phúc khảo", version=None, acting_user=world.officer)
    passed.refresh_from_db()
    assert (passed.state, passed.certificate_number, passed.qualification) == (MemberState.FAILED, "", None)
    assert not Qualification.objects.filter(cadre=passed.cadre).exists()
    raised = {"state": "passed", "score": Decimal(75), "grade": "Khá"}
    correct_result(member=failed, values=raised, reason="Phúc khảo", version=None, acting_user=world.officer)
    assert Qualification.objects.get(cadre=failed.cadre).score == "75 · Khá"
    again = {**raised, "score": Decimal("75.5")}
    correct_result(member=failed, values=again, reason="Cộng nhầm", version=None, acting_user=world.officer)
    assert Qualification.objects.get(cadre=failed.cadre).score == "75,5 · Khá"
    with pytest.raises(PermissionDenied):
        correct_result(member=failed, values=raised, reason="x", version=None, acting_user=world.unit_officer)


def test_certificates_are_numbered_in_order_and_never_twice(world: TrainingWorld, running: TrainingClass) -> None:
    finished(running)
    with pytest.raises(ValidationError, match="#"):
        issue_certificates(training_class=running, pattern="12", first=1, day=DAY, acting_user=world.officer)
    with pytest.raises(ValidationError, match="ngày kết thúc"):
        issue_certificates(training_class=running, pattern="#", first=1, day=BEGINS, acting_user=world.officer)
    issue_certificates(training_class=running, pattern="#/CC-TCT", first=9, day=DAY, acting_user=world.officer)
    numbers = [row.certificate_number for row in running.members.order_by("cadre__sort_key")]
    assert numbers == ["009/CC-TCT", "010/CC-TCT", "011/CC-TCT"]
    held = Qualification.objects.get(cadre=world.people[0])
    assert (held.certificate_number, held.issued_on, held.effective_from) == ("009/CC-TCT", DAY, DAY)
    with pytest.raises(ServiceRefusal, match="Không còn"):
        issue_certificates(training_class=running, pattern="#", first=1, day=DAY, acting_user=world.officer)
    other = make_class(running.programme, code="L2", state=ClassState.RUNNING)
    put_in(other, *world.strangers)
    finished(other)
    with pytest.raises(ValidationError, match="011/CC-TCT"):
        issue_certificates(training_class=other, pattern="#/CC-TCT", first=11, day=DAY, acting_user=world.officer)
    with pytest.raises(ServiceRefusal, match="chứng chỉ"):
        reopen_class(training_class=running, reason="x", acting_user=world.officer)
    row = running.members.get(cadre=world.people[0])
    given = {"member": row, "version": None, "acting_user": world.officer}
    with pytest.raises(ValidationError, match="cả số và ngày"):
        change_certificate(number="1", day=None, reason="x", **given)
    change_certificate(number="", day=None, reason="In hỏng", **given)
    held.refresh_from_db()
    assert (held.certificate_number, held.issued_on, held.effective_from) == ("", None, ENDS)


def test_the_grid_writes_what_was_typed_and_says_what_is_wrong(world: TrainingWorld, running: TrainingClass) -> None:
    client, url = browser(world.officer), reverse("training:class-results", args=[running.pk])
    first, second, third = members(running)
    versions = versions_of([first, second, third])
    data = {f"v-{row.pk}": versions[row.pk] for row in (first, second, third)}
    data |= {f"{key}-{row.pk}": "" for key in "sgr" for row in (second, third)}
    good = {**data, f"s-{first.pk}": "81,5", f"g-{first.pk}": "Giỏi", f"r-{first.pk}": "passed"}
    bad = client.post(url, {**good, f"s-{second.pk}": "101"})
    assert bad.status_code == 422
    assert 'value="101"' in bad.content.decode()
    assert client.post(url, good).status_code == 302
    first.refresh_from_db()
    assert (first.score, first.grade, first.state) == (Decimal("81.50"), "Giỏi", MemberState.PASSED)
    stale = client.post(url, {**good, f"s-{first.pk}": "90"})
    assert "vừa được người khác sửa" in stale.content.decode()
    assert browser(world.unit_officer).post(url, good).status_code == 404
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    put_in(running, *[make_cadre(unit=world.home, name=f"Người {number}") for number in range(30)])
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_the_sheet_of_results_goes_out_and_comes_back(world: TrainingWorld, running: TrainingClass) -> None:
    client = browser(world.officer)
    sent = client.get(reverse("training:result-sheet", args=[running.pk])).content
    book = openpyxl.load_workbook(io.BytesIO(sent))
    page = book.active
    head = next(row for row in page.iter_rows() if row[0].value == "Mã")
    for offset, (score, words) in enumerate([(81.5, "Đạt"), (40, "Không đạt"), (None, None)], 1):
        page.cell(head[0].row + offset, 4).value = score
        page.cell(head[0].row + offset, 6).value = words
    buffer = io.BytesIO()
    book.save(buffer)
    url = reverse("training:result-import", args=[running.pk])
    assert client.post(url, {"file": SimpleUploadedFile("a.xlsx", buffer.getvalue())}).status_code == 302
    kept = [(row.state, row.score) for row in running.members.order_by("cadre__sort_key")]
    assert kept == [("passed", Decimal("81.50")), ("failed", Decimal("40.00")), ("chosen", None)]


def test_a_sheet_with_faults_names_every_cell_and_writes_nothing(running: TrainingClass) -> None:
    rows = list(running.members.select_related("cadre").order_by("pk"))
    lines = [
        ["Mã", "Họ và tên", "Điểm", "Xếp loại", "Kết quả"],
        [rows[0].pk, rows[0].cadre.full_name, "cao", "", "Đạt"],
        [rows[1].pk, rows[0].cadre.full_name, 70, "", "Đạt"],
        [rows[2].pk, rows[2].cadre.full_name, "70,25", "", "Tốt"],
    ]
    read = read_results(workbook(lines), rows=rows)
    found = [(fault.row, fault.code) for fault in read.faults]
    assert found == [(2, "bad-score"), (3, "unknown-member"), (4, "bad-result")]
    assert read.results[rows[2].pk] == {"score": Decimal("70.25")}
    assert [fault.code for fault in read_results(workbook([["Tên"]]), rows=rows).faults] == ["no-heading"]


def test_what_became_of_people_is_read_from_their_posts(world: TrainingWorld, running: TrainingClass) -> None:
    lead = make_title(is_leadership=True, rank=8, name="Trưởng phòng")
    stays, rises, moves = world.people
    since = ENDS + datetime.timedelta(days=1)
    make(Assignment, cadre=rises, unit=world.home, title=lead, kind="concurrent", effective_from=since)
    Assignment.objects.filter(cadre=moves).update(effective_until=since)
    make(Assignment, cadre=moves, unit=world.away, title_text="Chuyên viên", kind="main", effective_from=since)
    found = after_class([cadre.pk for cadre in world.people], ENDS, DAY)
    assert not found[stays.pk].posts
    assert found[rises.pk].is_promoted
    assert "Trưởng phòng" in found[rises.pk].posts[0]
    assert (found[moves.pk].is_promoted, found[moves.pk].is_moved) == (False, True)
    assert not after_class([rises.pk], ENDS, ENDS)[rises.pk].is_promoted
    finished(running)
    row = running.members.get(cadre=rises)
    note_follow_up(member=row, text="Phát huy tốt", version=None, acting_user=world.unit_officer)
    page = browser(world.unit_officer).get(reverse("training:class-following", args=[running.pk])).content.decode()
    assert "Phát huy tốt" in page
    assert "Giữ chức vụ cao hơn" in page
    stranger = put_in(running, world.strangers[0], state=MemberState.PASSED)[0]
    with pytest.raises(PermissionDenied):
        note_follow_up(member=stranger, text="x", version=None, acting_user=world.unit_officer)
