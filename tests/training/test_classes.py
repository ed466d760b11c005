"""Classes: opened and moved on, people sent in time by page and by sheet, sessions, attendance, documents."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.pdf import render_pdf
from personnel.policies import Role
from personnel.services.errors import NeedsProvince, ServiceRefusal
from tests.factories.personnel import make_cadre, make_user
from tests.factories.workbooks import workbook
from tests.training.class_making import BEGINS, ENDS, make_class, make_session, put_in
from tests.training.making import TrainingWorld, make_programme, training_world
from training.choices import ClassState, MemberState
from training.imports.classes import read_nominations
from training.models import ClassDocument, ClassMember, TrainingClass
from training.services.classes import (
    add_session,
    cancel_class,
    change_class,
    drop_class,
    drop_session,
    move_class,
)
from training.services.nominations import nominate, withdraw
from training.services.results import record_attendance

pytestmark = pytest.mark.django_db

EARLY, LATE = datetime.date(2026, 9, 1), datetime.date(2026, 9, 16)


@pytest.fixture
def world() -> TrainingWorld:
    return training_world()


@pytest.fixture(autouse=True)
def _early(world: TrainingWorld) -> object:
    with time_machine.travel(datetime.datetime(2026, 9, 1, 3, tzinfo=datetime.UTC), tick=False):
        yield


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_unit_sends_its_own_people_until_the_deadline(world: TrainingWorld) -> None:
    one = make_class()
    sent = nominate(training_class=one, people=world.people, day=EARLY, acting_user=world.unit_officer)
    assert [row.unit_id for row in sent] == [world.home.pk] * 3
    with pytest.raises(NeedsProvince):
        nominate(training_class=one, people=world.strangers[:1], day=EARLY, acting_user=world.unit_officer)
    with pytest.raises(ServiceRefusal, match="quá hạn"):
        nominate(training_class=one, people=world.people, day=LATE, acting_user=world.unit_officer)
    assert len(nominate(training_class=one, people=world.strangers, day=LATE, acting_user=world.officer)) == 3
    assert nominate(training_class=one, people=world.strangers, day=LATE, acting_user=world.officer) == []
    with pytest.raises(PermissionDenied):
        nominate(training_class=one, people=world.people, day=EARLY, acting_user=make_user(Role.INSPECTOR))


def test_a_class_that_is_not_open_takes_nobody(world: TrainingWorld) -> None:
    planned = make_class(state=ClassState.PLANNED)
    with pytest.raises(ServiceRefusal, match="không mở cử người"):
        nominate(training_class=planned, people=world.people, day=EARLY, acting_user=world.officer)


def test_who_was_taken_back_is_sent_again_and_late_only_by_the_province(world: TrainingWorld) -> None:
    one = make_class()
    (row, *_) = nominate(training_class=one, people=world.people, day=EARLY, acting_user=world.unit_officer)
    with pytest.raises(ValidationError):
        withdraw(member=row, reason=" ", day=EARLY, acting_user=world.unit_officer)
    withdraw(member=row, reason="Bận công tác", day=EARLY, acting_user=world.unit_officer)
    row.refresh_from_db()
    assert (row.state, row.reason) == (MemberState.WITHDRAWN, "Bận công tác")
    (again,) = nominate(training_class=one, people=[row.cadre], day=EARLY, acting_user=world.unit_officer)
    assert again.pk == row.pk
    with pytest.raises(ServiceRefusal):
        withdraw(member=again, reason="Muộn", day=LATE, acting_user=world.unit_officer)
    assert withdraw(member=again, reason="Muộn", day=LATE, acting_user=world.officer).state == MemberState.WITHDRAWN
    with pytest.raises(PermissionDenied):
        withdraw(member=put_in(one, world.strangers[0])[0], reason="x", day=EARLY, acting_user=world.unit_officer)


def test_a_sheet_answers_the_same_of_a_stranger_and_of_nobody(world: TrainingWorld) -> None:
    mine, stranger = world.people[0], world.strangers[0]
    nobody = "010080999999"
    head = ["STT", "Số định danh cá nhân", "Họ và tên", "Ghi chú"]
    rows = [[1, mine.personal_number, mine.full_name, "Cần học"], [2, stranger.personal_number, stranger.full_name, ""]]
    rows.append([3, nobody, "Người Không Có", ""])
    read = read_nominations(workbook([head, *rows]), user=world.unit_officer)
    assert [(fault.row, fault.code) for fault in read.faults] == [(3, "needs-province"), (4, "needs-province")]
    assert read.faults[0].message == read.faults[1].message
    assert read.notes == {mine.pk: "Cần học"}
    wrong = read_nominations(workbook([head, [1, mine.personal_number, "Tên Khác", ""]]), user=world.unit_officer)
    assert [fault.code for fault in wrong.faults] == ["another-name"]
    lost = read_nominations(workbook([head, *[[1, int(mine.personal_number), "", ""]] * 2]), user=world.unit_officer)
    assert [fault.code for fault in lost.faults] == ["twice"]
    assert lost.people == [mine]


def test_a_sheet_with_a_fault_sends_nobody(world: TrainingWorld) -> None:
    one, client = make_class(), browser(world.unit_officer)
    url = reverse("training:member-import", args=[one.pk])
    head = ["Số định danh cá nhân", "Họ và tên"]
    good = [[cadre.personal_number, cadre.full_name] for cadre in world.people]
    bad = client.post(url, {"file": SimpleUploadedFile("a.xlsx", workbook([head, *good, ["12", ""]]))})
    assert bad.status_code == 422
    assert one.members.count() == 0
    assert client.post(url, {"file": SimpleUploadedFile("a.xlsx", workbook([head, *good]))}).status_code == 302
    assert one.members.count() == 3
    assert client.post(url, {"file": SimpleUploadedFile("a.xlsx", b"x")}).status_code == 422


def test_the_page_of_sending_marks_findings_and_sends_only_ones_own(world: TrainingWorld) -> None:
    programme = make_programme(conditions={"max_age": 30, "party": True})
    one, client = make_class(programme), browser(world.unit_officer)
    url = reverse("training:member-send", args=[one.pk])
    text = client.get(url).content.decode()
    assert "Nguyễn Văn A0" in text
    assert "Trong độ tuổi dự học" in text
    assert "Trần Thị B0" not in text
    assert client.post(url, {"people": [world.strangers[0].pk]}).status_code == 404
    assert client.post(url, {"people": [world.people[0].pk]}).status_code == 302
    assert [row.cadre for row in one.members.all()] == [world.people[0]]
    with time_machine.travel(datetime.datetime(2026, 9, 20, 3, tzinfo=datetime.UTC), tick=False):
        assert browser(world.unit_officer).get(url).status_code == 404


def test_the_list_shows_each_reader_his_own_in_constant_queries(world: TrainingWorld) -> None:
    one, client = make_class(), browser(world.unit_officer)
    put_in(one, *world.people, *world.strangers)
    url = reverse("training:member-list", args=[one.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        text = client.get(url).content.decode()
    assert "Nguyễn Văn A0" in text
    assert "Trần Thị B0" not in text
    put_in(one, *[make_cadre(unit=world.home, name=f"Người {number}") for number in range(30)])
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)
    inspector = browser(make_user(Role.INSPECTOR, unit=world.away))
    assert "Trần Thị B0" in inspector.get(url).content.decode()
    assert browser(make_user(Role.APPROVER, unit=world.top)).get(url).status_code == 403


def test_a_class_moves_on_only_when_it_is_ready(world: TrainingWorld) -> None:
    one = make_class(state=ClassState.PLANNED, nominate_by=None)
    with pytest.raises(ServiceRefusal, match="hạn cử người"):
        move_class(training_class=one, to=ClassState.NOMINATING, acting_user=world.officer)
    with pytest.raises(ServiceRefusal, match="bước này"):
        move_class(training_class=one, to=ClassState.RUNNING, acting_user=world.officer)
    with pytest.raises(ValidationError, match="Hạn cử"):
        change_class(training_class=one, values={"nominate_by": ENDS}, version=None, acting_user=world.officer)
    change_class(training_class=one, values={"nominate_by": EARLY}, version=None, acting_user=world.officer)
    move_class(training_class=one, to=ClassState.NOMINATING, acting_user=world.officer)
    with pytest.raises(PermissionDenied):
        move_class(training_class=one, to=ClassState.PLANNED, acting_user=world.unit_officer)
    put_in(one, world.people[0], state=MemberState.NOMINATED)
    one.refresh_from_db()
    with pytest.raises(ServiceRefusal, match="hủy lớp"):
        move_class(training_class=one, to=ClassState.PLANNED, acting_user=world.officer)
    with pytest.raises(ServiceRefusal, match="hủy lớp"):
        drop_class(training_class=one, acting_user=world.officer)
    cancel_class(training_class=one, reason="Thiếu kinh phí", acting_user=world.officer)
    with pytest.raises(ServiceRefusal, match="đã hủy"):
        change_class(training_class=one, values={"name": "x"}, version=None, acting_user=world.officer)
    assert AuditEvent.objects.filter(reason="Hủy lớp: Thiếu kinh phí").exists()


def test_who_does_not_train_all_members_does_not_move_the_class(world: TrainingWorld) -> None:
    party = make_user(Role.PROVINCE_OFFICER, unit=world.home)
    one = make_class(state=ClassState.CHOSEN)
    put_in(one, *world.people)
    move_class(training_class=one, to=ClassState.RUNNING, acting_user=party)
    put_in(one, world.strangers[0])
    one.refresh_from_db()
    with pytest.raises(PermissionDenied):
        move_class(training_class=one, to=ClassState.CHOSEN, acting_user=party)


def test_attendance_is_kept_by_session_and_keeps_the_session(world: TrainingWorld) -> None:
    one = make_class(state=ClassState.RUNNING)
    values = {"day": ENDS + datetime.timedelta(days=1), "subject": "x"}
    with pytest.raises(ValidationError, match="thời gian của lớp"):
        add_session(training_class=one, values=values, acting_user=world.officer)
    first, second = make_session(one), make_session(one, BEGINS + datetime.timedelta(days=1))
    (row, other) = put_in(one, *world.people[:2])
    marks = {(row.pk, first.pk): "present", (row.pk, second.pk): "absent", (other.pk, first.pk): ""}
    assert record_attendance(training_class=one, marks=marks, acting_user=world.officer) == 1
    row.refresh_from_db()
    assert (row.attended, row.attendance) == (1, {str(first.pk): "present", str(second.pk): "absent"})
    with pytest.raises(ServiceRefusal, match="điểm danh"):
        drop_session(session=first, acting_user=world.officer)
    with pytest.raises(ValueError, match="later"):
        record_attendance(training_class=one, marks={(row.pk, first.pk): "later"}, acting_user=world.officer)
    gone = put_in(one, world.people[2], state=MemberState.WITHDRAWN)[0]
    with pytest.raises(PermissionDenied):
        record_attendance(training_class=one, marks={(gone.pk, first.pk): "present"}, acting_user=world.officer)


def test_the_grid_of_attendance_marks_a_whole_session(world: TrainingWorld) -> None:
    one = make_class(state=ClassState.RUNNING)
    session = make_session(one)
    rows = put_in(one, *world.people)
    client, url = browser(world.officer), reverse("training:class-attendance", args=[one.pk])
    assert client.post(url, {f"a-{rows[0].pk}-{session.pk}": "excused", "all": session.pk}).status_code == 302
    kept = [row.attendance[str(session.pk)] for row in one.members.order_by("pk")]
    assert kept == ["excused", "present", "present"]
    assert browser(world.unit_officer).post(url, {"all": session.pk}).status_code == 404
    assert "Vắng có phép" in browser(world.unit_officer).get(url).content.decode()


def test_documents_are_checked_and_closed_to_who_does_not_read_classes(world: TrainingWorld) -> None:
    one, client = make_class(), browser(world.officer)
    url = reverse("training:document-add", args=[one.pk])
    fake = SimpleUploadedFile("x.pdf", b"no pdf")
    assert client.post(url, {"title": "Lịch học", "scan": fake}).status_code == 422
    assert not ClassDocument.objects.exists()
    paper = SimpleUploadedFile("x.pdf", render_pdf("<html><body><p>Lịch</p></body></html>"))
    assert client.post(url, {"title": "Lịch học", "scan": paper}).status_code == 302
    document = ClassDocument.objects.get()
    file = reverse("training:document-file", args=[document.pk])
    answer = browser(world.unit_officer).get(file)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert browser(make_user(Role.CADRE)).get(file).status_code == 403
    assert AuditEvent.objects.filter(details__what="tài liệu Lịch học").exists()


def test_a_class_is_opened_by_its_form_and_told_of_another_change(world: TrainingWorld) -> None:
    programme, client = make_programme(), browser(world.officer)
    form = {
        "programme": programme.pk, "code": "L9", "name": "Lớp chín", "capacity": "20", "mode": "full_time",
        "begins_on": "01/10/2026", "ends_on": "20/11/2026", "nominate_by": "15/09/2026",
    }  # fmt: skip
    assert client.post(reverse("training:class-create"), {**form, "ends_on": "01/09/2026"}).status_code == 422
    unknown = client.post(reverse("training:class-create"), {**form, "number": "1/QĐ", "signed_on": "01/09/2026"})
    assert "Không có quyết định" in unknown.content.decode()
    assert client.post(reverse("training:class-create"), form).status_code == 302
    one = TrainingClass.objects.get()
    url = reverse("training:class-change", args=[one.pk])
    shown = client.get(url).context["version"]
    key = client.get(url).context["version_key"]
    change_class(training_class=one, values={"capacity": 25}, version=None, acting_user=world.officer)
    stale = client.post(url, {**form, key: shown, "name": "Lớp mười"})
    assert stale.status_code == 409
    one.refresh_from_db()
    assert (one.name, one.capacity) == ("Lớp chín", 25)


def test_the_profile_tells_the_person_of_a_class_once_he_was_chosen(world: TrainingWorld) -> None:
    account = make_user(Role.CADRE)
    cadre = make_cadre(unit=world.home, name="Vàng Thị Học", account=account)
    one = make_class(name="Lớp bồi dưỡng kín")
    (row,) = put_in(one, cadre, state=MemberState.NOMINATED)
    url = reverse("personnel:cadre-detail", args=[cadre.pk]) + "?tab=training"
    mine, officer = browser(account), browser(world.unit_officer)
    assert "Lớp bồi dưỡng kín" not in mine.get(url).content.decode()
    assert "Lớp bồi dưỡng kín" in officer.get(url).content.decode()
    ClassMember.objects.filter(pk=row.pk).update(state=MemberState.CHOSEN)
    TrainingClass.objects.filter(pk=one.pk).update(state=ClassState.CHOSEN)
    assert "Lớp bồi dưỡng kín" in mine.get(url).content.decode()


def test_who_was_chosen_is_sent_by_a_draft_that_knows_the_class(world: TrainingWorld) -> None:
    one = make_class(state=ClassState.CHOSEN)
    put_in(one, *world.people)
    shown = browser(world.officer).get(reverse("training:class-detail", args=[one.pk]))
    draft = browser(world.officer).get(shown.context["sending_url"])
    assert draft.status_code == 200
    assert {row.cadre for row in draft.context["table"].rows} == set(world.people)
    assert f'value="{one.name}"' in draft.content.decode()
