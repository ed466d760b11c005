"""Rosters on the web: from the file to the record, who may, and what forged requests get."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.history import history_model
from hrdb.kernel.jobs import JobFailed, Progress
from hrdb.kernel.models import AuditEvent, Job
from personnel.choices import BatchState, EmploymentState
from personnel.imports.kept import checked
from personnel.imports.roster.checking import check_batch, options_of
from personnel.imports.roster.importing import commit_roster, read_roster
from personnel.models import (
    Assignment,
    Cadre,
    ColumnMapping,
    Employment,
    ImportBatch,
    Qualification,
    ReceivingRequest,
    ValueMapping,
)
from personnel.policies import Role
from personnel.services.batches import stored_path
from personnel.services.errors import ServiceRefusal
from personnel.views import roster_acts
from tests.factories.personnel import make_cadre, make_user, move_cadre
from tests.factories.rosters import HEAD, MAI, PAO, TAN, line, roster
from tests.factories.workbooks import rows_of, workbook
from tests.personnel.cadres.pages import show, signed_in, text_of
from tests.personnel.rosters.conftest import Office

DAY = datetime.date(2025, 12, 31)
GOOD = (line(1, "Nguyễn Thị Mai", MAI, sex="Nữ"), line(2, "Giàng A Páo", PAO, ethnicity="Mông"))
LOOKS = ("detail", "progress")
ACTS = ("decide", "confirm", "missing")
PAGES = (*LOOKS, *ACTS, "undo", "rejected")


def page(office: Office, batch: ImportBatch, **query: str) -> str:
    """The text of a batch's page."""
    return show(office.client, "personnel:roster-detail", batch.pk, **query)


def known_line(office: Office, number: int = 9, **cells: str) -> tuple[Any, ...]:
    """The row of the person whom the department keeps already."""
    ordinary = {"born": "10/05/1980", "ethnicity": "", "degree": ""}
    return line(number, office.known.full_name, office.known.personal_number, **(ordinary | cells))


def found_by(batch: ImportBatch) -> dict[str, Any]:
    """What the last check of a batch found."""
    found = checked(batch)
    assert found is not None
    return found


def place_of(batch: ImportBatch, text: str) -> int:
    """The place of an unknown value on the page."""
    return [value["text"] for value in found_by(batch)["unknown_values"]].index(text)


def unknown(batch: ImportBatch) -> set[str]:
    """The values that no list knows."""
    return {value["text"] for value in found_by(batch)["unknown_values"]}


def meaning(batch: ImportBatch, header: str) -> str | None:
    """What the column of a header was understood as."""
    columns = found_by(batch)["tables"][0]["columns"]
    return next(column["column_key"] for column in columns if column["header"] == header)


# From the file to the record ------------------------------------------------------------------------------------------


def test_sending_a_roster_shows_every_row_and_writes_nothing(office: Office) -> None:
    batch = office.send(roster(*GOOD, known_line(office), line(4, "", TAN)))
    assert (batch.state, batch.day, batch.unit, batch.user) == (BatchState.CHECKED, DAY, office.unit, office.officer)
    assert [batch.report[name] for name in ("rows", "created", "changed", "same", "rejected")] == [4, 2, 0, 1, 1]
    text = page(office, batch)
    for told in ("Nguyễn Thị Mai", "Giàng A Páo", "Lò Văn Sẵn", "Mới", "Không đổi", "Lỗi", "tính đến ngày 31/12/2025"):
        assert told in text
    assert list(Cadre.objects.all()) == [office.known]
    assert page(office, batch, outcome="created", q="páo").count("Giàng A Páo") == 1
    assert "Nguyễn Thị Mai" not in page(office, batch, outcome="created", q="páo")
    assert "Không có dòng nào như vậy" in page(office, batch, q="không ai tên thế")


def test_a_confirmed_roster_stands_in_the_record_and_can_be_undone(office: Office) -> None:
    before = {model: list(model.objects.values()) for model in (Cadre, Assignment, Employment)}
    batch = office.post("confirm", office.send(roster(*GOOD, known_line(office, post="Phó Chánh Văn phòng"))))
    assert (batch.state, batch.report["created"], batch.report["changed"]) == (BatchState.COMMITTED, 2, 1)
    mai = Cadre.objects.get(personal_number=MAI)
    assert (mai.full_name, mai.sex, mai.born) == ("Nguyễn Thị Mai", "female", datetime.date(1985, 2, 1))
    assert Assignment.objects.in_force(DAY).get(cadre=office.known).title_text == "Phó Chánh Văn phòng"
    text = page(office, batch)
    assert "Đã ghi vào hồ sơ." in text
    assert reverse("personnel:cadre-detail", args=[office.known.pk]) in text
    assert "Ghi vào hồ sơ</button>" not in text

    asked = show(office.client, "personnel:roster-undo", batch.pk)
    assert "2 hồ sơ mới" in asked
    assert "1 hồ sơ trở lại" in asked
    office.client.post(reverse("personnel:roster-undo", args=[batch.pk]), {"reason": "nhầm danh sách năm trước"})
    batch.refresh_from_db()
    assert batch.state == BatchState.UNDONE
    assert {model: list(model.objects.values()) for model in before} == before
    assert "Đã hoàn tác." in page(office, batch)
    show(office.client, "personnel:roster-undo", batch.pk, status=404)


def test_the_same_file_again_has_nothing_to_write(office: Office) -> None:
    content = roster(*GOOD)
    office.post("confirm", office.send(content))
    written = history_model(Cadre).objects.count()
    again = office.send(content)
    assert [again.report[name] for name in ("created", "changed", "same")] == [0, 0, 2]
    assert "Không có gì để ghi." in page(office, again)
    assert history_model(Cadre).objects.count() == written


def test_undo_is_refused_where_later_changes_stand(office: Office) -> None:
    first = office.post("confirm", office.send(roster(*GOOD)))
    office.post("confirm", office.send(roster(line(1, "Nguyễn Thị Mai", MAI, sex="Nữ", post="Trưởng phòng")),
                                       day="02/01/2026"))  # fmt: skip
    response = office.client.post(reverse("personnel:roster-undo", args=[first.pk]), {"reason": "nhầm danh sách"})
    assert response.status_code == 422
    assert "đã có thay đổi sau đó: Nguyễn Thị Mai" in text_of(response)
    first.refresh_from_db()
    assert first.state == BatchState.COMMITTED


def test_undo_wants_a_reason(office: Office) -> None:
    batch = office.post("confirm", office.send(roster(*GOOD)))
    response = office.client.post(reverse("personnel:roster-undo", args=[batch.pk]), {"reason": " "})
    assert response.status_code == 422
    assert Cadre.objects.filter(personal_number=MAI).exists()


# Faults ---------------------------------------------------------------------------------------------------------------


def test_a_roster_with_faults_is_written_only_without_its_bad_rows(office: Office) -> None:
    batch = office.send(roster(*GOOD, line(3, "Tẩn Sai Ngày", TAN, born="31/02/1990")))
    response = office.client.post(reverse("personnel:roster-confirm", args=[batch.pk]), follow=True)
    assert "Danh sách còn dòng lỗi" in text_of(response)
    assert not Cadre.objects.filter(personal_number=MAI).exists()
    batch = office.post("confirm", batch, skip_bad_rows="on")
    assert (batch.state, batch.report["created"], batch.report["rejected"]) == (BatchState.COMMITTED, 2, 1)
    assert not Cadre.objects.filter(personal_number=TAN).exists()


def test_bad_rows_come_back_with_a_reason_are_mended_and_sent_again(office: Office) -> None:
    batch = office.send(roster(*GOOD, line(3, "Tẩn Sai Ngày", TAN, born="31/02/1990")))
    assert "Tải các dòng lỗi" in page(office, batch)
    response = office.client.get(reverse("personnel:roster-rejected", args=[batch.pk]))
    rows = rows_of(response.content)
    cells = [str(cell) for row in rows for cell in row if cell is not None]
    assert any("Tẩn Sai Ngày" in cell for cell in cells)
    assert any("31/02/1990" in cell and "không" in cell for cell in cells), "the reason names the value"
    assert not any("Nguyễn Thị Mai" in cell for cell in cells)
    logged = AuditEvent.objects.filter(action=AuditEvent.Action.EXPORT).latest("pk")
    assert (logged.user, "danh-sach.xlsx" in str(logged.details)) == (office.officer, True)
    mended = [["28/02/1990" if cell == "31/02/1990" else cell for cell in row] for row in rows]
    again = office.send(workbook([[cell or "" for cell in row] for row in mended]), "dong-loi.xlsx")
    assert (again.report["rows"], again.report["rejected"], again.report["created"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("danh-sach.pdf", b"%PDF-1.7", "Cần tệp bảng tính"),
        ("danh-sach.docx", b"PK\x03\x04", "Cần tệp bảng tính"),
        ("danh-sach.xlsx", b"", "Tệp rỗng"),
        ("danh-sach", b"a;b", "Cần tệp bảng tính"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_the_form(
    office: Office, name: str, content: bytes, sentence: str
) -> None:
    data = {"file": SimpleUploadedFile(name, content), "unit": office.unit.code}
    response = office.client.post(reverse("personnel:roster-upload"), data)
    assert (response.status_code, ImportBatch.objects.exists()) == (422, False)
    assert sentence in text_of(response)


def test_a_form_without_a_file_says_so(office: Office) -> None:
    response = office.client.post(reverse("personnel:roster-upload"), {"day": "40/13/2025"})
    assert response.status_code == 422
    assert "Hãy chọn tệp danh sách." in text_of(response)
    assert "40/13/2025" in text_of(response), "what was typed stays"


def test_a_file_that_cannot_be_read_says_why_and_offers_another(office: Office) -> None:
    batch = office.send(b"%PDF-1.7 " + b"0" * 2000, "dat-ten-nham.xlsx")
    job = Job.objects.get(key=batch.options["job"])
    assert job.state == Job.State.FAILED
    assert job.error in page(office, batch)
    with Progress(job) as progress, pytest.raises(JobFailed):  # outside the savepoint of work that is done at once
        check_batch(batch, office.officer, progress)
    assert batch.state == BatchState.FAILED
    text = page(office, batch)
    assert "Không đọc được tệp." in text
    assert batch.report["sentence"] in text
    assert reverse("personnel:roster-upload") in text
    response = office.client.post(reverse("personnel:roster-confirm", args=[batch.pk]), follow=True)
    assert "chưa kiểm tra xong hoặc đã ghi" in text_of(response)
    response = office.client.get(reverse("personnel:roster-rejected", args=[batch.pk]), follow=True)
    assert response.status_code == 200


def test_the_bad_rows_of_a_long_list_are_a_job(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_acts, "LONG_ROSTER", 2)
    batch = office.send(roster(*GOOD, line(3, "Tẩn Sai Ngày", TAN, born="31/02/1990")))
    url = reverse("personnel:roster-rejected", args=[batch.pk])
    asked = text_of(office.client.get(url))
    assert "Xuất 1 dòng lỗi ra một tệp Excel?" in asked
    assert not Job.objects.filter(kind="roster-rejected").exists()
    response = office.client.post(url)
    job = Job.objects.get(kind="roster-rejected")
    assert response["Location"] == reverse("kernel:job-detail", args=[job.key])
    assert (job.state, job.owner) == (Job.State.DONE, office.officer)
    result = office.client.get(reverse("kernel:job-result", args=[job.key]))
    rows = rows_of(b"".join(result.streaming_content))  # type: ignore[attr-defined]
    assert any("Tẩn Sai Ngày" in str(cell) for row in rows for cell in row)
    monkeypatch.setattr(roster_acts, "LONG_ROSTER", 100)
    assert office.client.post(url).status_code == 405


def test_a_person_kept_elsewhere_becomes_a_receiving_request(office: Office, elsewhere: Office) -> None:
    batch = office.send(roster(*GOOD, line(3, "Ai Đó", elsewhere.known.personal_number)))
    text = page(office, batch)
    assert elsewhere.known.full_name not in text
    assert "cấp tỉnh" in text
    assert not ReceivingRequest.objects.exists(), "nothing is asked before the roster is confirmed"
    office.post("confirm", batch, skip_bad_rows="on")
    request = ReceivingRequest.objects.get()
    assert (request.unit, request.personal_number) == (office.unit, elsewhere.known.personal_number)
    assert Assignment.objects.get(cadre=elsewhere.known).unit == elsewhere.unit


def test_rows_that_only_the_province_can_settle_are_asked_about_when_nothing_else_is_to_write(
    office: Office, elsewhere: Office, province: Client
) -> None:
    number = elsewhere.known.personal_number
    content = roster(known_line(office), line(2, elsewhere.known.full_name, number, born="10/05/1980"))
    batch = office.send(content)
    text = page(office, batch)
    assert "Gửi 1 đề nghị tiếp nhận lên cấp tỉnh?" in text
    assert "Không có gì để ghi. Mọi dòng" not in text
    office.post("confirm", batch, skip_bad_rows="on")
    assert "1 dòng cần cấp tỉnh xử lý đã thành" in page(office, batch)
    request = ReceivingRequest.objects.get()
    province.post(reverse("personnel:receiving-accept", args=[request.pk]), {"day": f"{timezone.localdate():%d/%m/%Y}"})
    request.refresh_from_db()
    assert request.state == "accepted"

    again = office.send(content)
    assert [again.report[name] for name in ("created", "changed", "same", "rejected", "asking")] == [0, 1, 1, 0, 0]
    assert "Đơn vị" in page(office, again)
    office.post("confirm", again)
    assert Assignment.objects.in_force(DAY).get(cadre=elsewhere.known).unit == office.unit


def test_a_roster_of_faults_alone_is_not_said_to_agree_with_the_record(office: Office) -> None:
    text = page(office, office.send(roster(line(1, "", TAN))))
    assert "Không có gì để ghi." in text
    assert "đều đã khớp" not in text


# What the officer decides ---------------------------------------------------------------------------------------------


def test_a_column_is_understood_by_hand_and_remembered_for_the_office(office: Office, elsewhere: Office) -> None:
    head = (*HEAD[:-1], "Nơi làm", "Hồi ký")
    content = roster(*((*row[:-1], "", "Dân tộc Mông") for row in GOOD), head=head)
    batch = office.send(content)
    text = page(office, batch, part="columns")
    assert "Hồi ký" in text
    assert "không đọc" in text
    batch = office.post("decide", batch, kind="columns", **{f"column-0-{head.index('Hồi ký')}": "note"})
    assert (batch.state, meaning(batch, "Hồi ký")) == (BatchState.CHECKED, "note")
    mapping = ColumnMapping.objects.get()
    assert (mapping.unit, mapping.header, mapping.field) == (office.unit, "Hồi ký", "note")
    assert meaning(office.send(content), "Hồi ký") == "note"
    assert meaning(elsewhere.send(content), "Hồi ký") is None


def test_an_unknown_value_is_mapped_once_for_all_rows_and_remembered(office: Office) -> None:
    lines = [line(number, f"Tẩn A {name}", degree="ĐHSP Toán", born=f"0{number}/02/1985")
             for number, name in enumerate(("Một", "Hai", "Ba"), 1)]  # fmt: skip
    batch = office.send(roster(*lines))
    assert "ĐHSP Toán" in page(office, batch, part="values")
    batch = office.post("decide", batch, kind="values", **{f"value-{place_of(batch, 'ĐHSP Toán')}": "04"})
    assert "ĐHSP Toán" not in page(office, batch, part="values")
    office.post("confirm", batch)
    assert [row.level.code for row in Qualification.objects.select_related("level")] == ["04"] * 3
    taught = ValueMapping.objects.get()
    assert (taught.unit, taught.text, taught.code) == (office.unit, "ĐHSP Toán", "04")
    assert "ĐHSP Toán" not in unknown(office.send(roster(line(1, "Tẩn A Tư", degree="ĐHSP Toán"))))


def test_a_value_kept_as_written_stands_without_a_code(office: Office) -> None:
    batch = office.send(roster(line(1, "Tẩn A Một", MAI, sex="Nữ", degree="ĐHSP Toán")))
    office.post(
        "confirm", office.post("decide", batch, kind="values", **{f"value-{place_of(batch, 'ĐHSP Toán')}": "-"})
    )
    assert ValueMapping.objects.get().code == ""
    row = Qualification.objects.get()
    assert (row.level, row.level_text) == (None, "ĐHSP Toán")


@pytest.mark.parametrize("answer", [("other", "KHONG-CO"), ("value", "KHONG-CO"), ("value", "-"), ("other", "-")])
def test_a_needed_code_cannot_be_talked_away(office: Office, answer: tuple[str, str]) -> None:
    batch = office.send(roster(line(1, "Tẩn A Một", MAI, sex="Nữ", ethnicity="Người Lạ")))
    assert batch.report["rejected"] == 1
    batch = office.post("decide", batch, kind="values", **{f"{answer[0]}-{place_of(batch, 'Người Lạ')}": answer[1]})
    assert batch.report["rejected"] == 1
    assert not ValueMapping.objects.exists()


def test_corrections_are_confirmed_one_by_one(office: Office) -> None:
    second = make_cadre(unit=office.unit, name="Vàng Thị Hai", sex="female", title_text="Chuyên viên")
    lines = (
        known_line(office, 1, sex="Nữ"),
        line(2, second.full_name, second.personal_number, born="11/05/1980", sex="Nữ", ethnicity="", degree=""),
    )
    batch = office.send(roster(*lines))
    text = page(office, batch)
    assert "Xác nhận đính chính: Giới tính" in text
    assert "Xác nhận đính chính: Ngày sinh" in text
    rows = ["Danh sách\t4\tGiới tính", "Danh sách\t5\tNgày sinh"]
    batch = office.post("decide", batch, kind="corrections", shown=rows, confirmed=rows[1:])
    office.post("confirm", batch)
    office.known.refresh_from_db()
    second.refresh_from_db()
    assert (office.known.sex, second.born) == ("male", datetime.date(1980, 5, 11))


def test_corrections_are_taken_all_at_once_only_when_asked(office: Office) -> None:
    batch = office.send(roster(known_line(office, 1, sex="Nữ", post="Kế toán")))
    office.post("confirm", batch)
    office.known.refresh_from_db()
    assert office.known.sex == "male"
    batch = office.send(roster(known_line(office, 1, sex="Nữ", post="Kế toán")))
    office.post("confirm", batch, accept_corrections="on")
    office.known.refresh_from_db()
    assert office.known.sex == "female"


def test_doubtful_dates_are_decided_before_anything_is_written(office: Office) -> None:
    excel = [datetime.date(1985, month, day) for month, day in ((2, 1), (3, 4), (5, 6), (7, 8))]
    lines = [(*line(n, f"Tẩn A {n}", f"02508500001{n}")[:3], born, *line(n, "")[4:]) for n, born in enumerate(excel)]
    lines += [line(n, f"Tẩn B {n}", f"02508500002{n}", born=f"2{n}/11/1985") for n in range(4)]
    batch = office.send(roster(*lines))
    assert batch.report["needs_decision"]
    assert "Có cột bị nghi đảo ngày và tháng" in page(office, batch)
    response = office.client.post(
        reverse("personnel:roster-confirm", args=[batch.pk]), {"skip_bad_rows": "on"}, follow=True
    )
    assert "Hãy quyết định về cột bị nghi đảo" in text_of(response)
    assert "Đảo lại ngày và tháng" in page(office, batch, part="columns")
    batch = office.post("decide", batch, kind="columns", **{"dates-birth_date": "swap"})
    assert not batch.report["needs_decision"]
    office.post("confirm", batch, skip_bad_rows="on")
    assert Cadre.objects.get(full_name="Tẩn A 1").born == datetime.date(1985, 4, 3)


# Whom the roster does not list ----------------------------------------------------------------------------------------


def test_who_is_not_listed_is_asked_about_and_ended_by_the_answer_only(office: Office) -> None:
    batch = office.post("confirm", office.send(roster(*GOOD)))
    text = page(office, batch, part="missing")
    assert "Lò Văn Sẵn" in text
    assert Employment.objects.in_force(datetime.date(2026, 3, 1)).get(cadre=office.known).state == "working"
    office.post("missing", batch, cadre=office.known.pk, answer="left", day="01/02/2026")
    states = Employment.objects.filter(cadre=office.known).order_by("effective_from")
    assert [(row.state, row.effective_from, row.effective_until) for row in states] == [
        (EmploymentState.WORKING, datetime.date(2010, 1, 1), datetime.date(2026, 2, 1)),
        (EmploymentState.LEFT, datetime.date(2026, 2, 1), None),
    ]
    assert states[0].category == states[1].category
    assert "Đã thôi việc" in page(office, batch, part="missing")
    response = office.client.post(
        reverse("personnel:roster-missing", args=[batch.pk]),
        {"cadre": office.known.pk, "answer": "retired", "day": "01/03/2026"},
        follow=True,
    )
    assert "Đã trả lời về người này" in text_of(response)
    assert states.count() == 2


def test_nobody_leaves_before_having_begun(office: Office) -> None:
    batch = office.send(roster(*GOOD))
    office.post("missing", batch, cadre=office.known.pk, answer="left", day="01/01/1900")
    assert Employment.objects.get(cadre=office.known).state == EmploymentState.WORKING
    assert "missing" not in batch.options
    assert "01/01/1900 người này chưa công tác" in page(office, batch, part="missing")


def test_a_delimited_roster_goes_by_the_name_that_its_office_gave(office: Office) -> None:
    rows = (
        "Họ và tên;Số định danh;Ngày sinh;Giới tính;Dân tộc;Chức vụ",
        f"Giàng A Páo;{PAO};1/2/1985;Nam;Mông;Kế toán",
    )
    batch = office.send("\n".join(rows).encode(), name="Danh sách tháng 12.csv")
    assert batch.report["created"] == 1
    assert {table["sheet"] for table in found_by(batch)["tables"]} == {"Danh sách tháng 12"}


def test_forgotten_and_moved_people_keep_their_work(office: Office) -> None:
    batch = office.send(roster(*GOOD))
    office.post("missing", batch, cadre=office.known.pk, answer="forgotten")
    assert Employment.objects.get(cadre=office.known).effective_until is None
    assert batch.options["missing"] == {str(office.known.pk): "forgotten"}


def test_an_answer_about_somebody_else_is_refused(office: Office, elsewhere: Office) -> None:
    batch = office.send(roster(known_line(office)))
    colleague = make_cadre(unit=office.unit, state=EmploymentState.RETIRED)
    for cadre in (elsewhere.known.pk, office.known.pk, colleague.pk, 99_999_999):
        url = reverse("personnel:roster-missing", args=[batch.pk])
        assert office.client.post(url, {"cadre": cadre, "answer": "left", "day": "01/02/2026"}).status_code == 404
    response = office.client.post(url, {"cadre": "x", "answer": "shot"}, follow=True)
    assert response.status_code == 200
    assert not Employment.objects.filter(state=EmploymentState.LEFT).exists()


# Who may, and what is forged ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", PAGES)
def test_the_batch_of_somebody_else_does_not_exist(office: Office, elsewhere: Office, act: str) -> None:
    batch = office.send(roster(*GOOD))
    if act == "undo":
        office.post("confirm", batch)
    url = reverse(f"personnel:roster-{act}", args=[batch.pk])
    shown, sent = elsewhere.client.get(url), elsewhere.client.post(url, {"reason": "không phải của tôi"})
    assert shown.status_code == (405 if act in ACTS else 404)
    assert sent.status_code == (405 if act in LOOKS else 404)
    assert "danh-sach.xlsx" not in show(elsewhere.client, "personnel:roster-list")
    batch.refresh_from_db()
    assert batch.state == (BatchState.COMMITTED if act == "undo" else BatchState.CHECKED)


def test_the_province_sees_every_batch(office: Office, province: Client) -> None:
    batch = office.send(roster(*GOOD))
    assert "danh-sach.xlsx" in show(province, "personnel:roster-list")
    assert "Nguyễn Thị Mai" in show(province, "personnel:roster-detail", batch.pk)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.INSPECTOR, Role.CADRE, Role.ADMINISTRATOR])
def test_who_keeps_no_records_sends_no_rosters(office: Office, role: Role) -> None:
    batch = office.send(roster(*GOOD))
    tied = role in (Role.APPROVER, Role.INSPECTOR)
    client = signed_in(make_user(role, unit=office.unit if tied else None))
    for act in PAGES:
        url = reverse(f"personnel:roster-{act}", args=[batch.pk])
        assert 403 == client.post(url).status_code == client.get(url).status_code, act
    for name in ("personnel:roster-list", "personnel:roster-upload"):
        assert client.get(reverse(name)).status_code == 403
    data = {"file": SimpleUploadedFile("a.xlsx", roster(*GOOD)), "unit": office.unit.code}
    assert client.post(reverse("personnel:roster-upload"), data).status_code == 403
    assert ImportBatch.objects.count() == 1


def test_a_roster_is_sent_only_for_an_own_unit(office: Office, elsewhere: Office) -> None:
    upload = show(office.client, "personnel:roster-upload")
    assert "Sở Y tế" not in upload
    answers = []
    for unit in (elsewhere.unit.code, "KHONG-CO"):
        data = {"file": SimpleUploadedFile("a.xlsx", roster(*GOOD)), "unit": unit}
        response = office.client.post(reverse("personnel:roster-upload"), data)
        assert response.status_code == 422
        answers.append("Sở Y tế" in text_of(response))
    assert answers == [False, False]
    assert not ImportBatch.objects.exists()


def test_what_an_office_teaches_stays_with_it_whatever_it_leaves_out(office: Office, elsewhere: Office) -> None:
    batch = office.send(roster(line(1, "Tẩn A Một", MAI, sex="Nữ", degree="ĐHSP Toán")), unit="")
    office.post("decide", batch, kind="values", **{f"value-{place_of(batch, 'ĐHSP Toán')}": "04"})
    assert ValueMapping.objects.get().unit == office.unit
    other = elsewhere.send(roster(line(1, "Tẩn A Hai", TAN, degree="ĐHSP Toán", unit="Sở Y tế")))
    assert "ĐHSP Toán" in unknown(other)


def test_a_batch_is_written_once(office: Office) -> None:
    batch = office.post("confirm", office.send(roster(*GOOD)))
    event, people = batch.event, history_model(Cadre).objects.count()
    response = office.client.post(reverse("personnel:roster-confirm", args=[batch.pk]), follow=True)
    assert "chưa kiểm tra xong hoặc đã ghi" in text_of(response)
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.CHECKED)  # as a second click found it
    stale = ImportBatch.objects.get(pk=batch.pk)
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.COMMITTED)
    read = read_roster(stored_path(stale), user=office.officer, options=options_of(stale))
    with pytest.raises(ServiceRefusal, match="đã ghi rồi"):
        commit_roster(read, batch=stale)
    batch.refresh_from_db()
    assert (batch.event, history_model(Cadre).objects.count()) == (event, people)


@pytest.mark.parametrize("state", [BatchState.COMMITTED, BatchState.UNDONE])
def test_nothing_is_decided_about_a_finished_batch(office: Office, state: BatchState) -> None:
    batch = office.post("confirm", office.send(roster(*GOOD)))
    if state == BatchState.UNDONE:
        office.client.post(reverse("personnel:roster-undo", args=[batch.pk]), {"reason": "nhầm danh sách"})
    response = office.client.post(reverse("personnel:roster-decide", args=[batch.pk]), {"kind": "values"}, follow=True)
    assert "không còn sửa được" in text_of(response)
    batch.refresh_from_db()
    assert batch.state == state


def test_forged_decisions_change_nothing(office: Office) -> None:
    batch = office.send(roster(*GOOD))
    forged: list[dict[str, Any]] = [
        {"kind": "columns", "column-0-1": "password", "column-7-7": "note", "dates-birth_date": "explode"},
        {"kind": "values", "value-77": "04", "other-0": "04"},
        {"kind": "corrections", "confirmed": ["Danh sách\tx\tHọ và tên", "một chữ", "Không có\t4\tGiới tính"]},
    ]
    for data in forged:
        response = office.client.post(reverse("personnel:roster-decide", args=[batch.pk]), data)
        assert response.status_code in (302, 404)
    for kind in ("", "everything"):
        url = reverse("personnel:roster-decide", args=[batch.pk])
        assert office.client.post(url, {"kind": kind}).status_code == 404
    batch = office.post("confirm", batch)
    assert (batch.state, batch.report["created"]) == (BatchState.COMMITTED, 2)
    assert (ColumnMapping.objects.count(), ValueMapping.objects.count()) == (0, 0)


def test_a_part_that_does_not_exist_is_not_found(office: Office) -> None:
    batch = office.send(roster(*GOOD))
    show(office.client, "personnel:roster-detail", batch.pk, part="secrets", status=404)
    show(office.client, "personnel:roster-detail", 99_999_999, status=404)


def test_progress_says_when_to_look_again(office: Office) -> None:
    batch = office.send(roster(*GOOD))
    response = office.client.get(reverse("personnel:roster-progress", args=[batch.pk]))
    assert (response.status_code, response["HX-Refresh"]) == (204, "true")
    Job.objects.filter(key=batch.options["job"]).update(state=Job.State.RUNNING, phase="Đang đọc tệp", finished_at=None)
    assert "Đang đọc tệp" in show(office.client, "personnel:roster-progress", batch.pk)
    response = office.client.post(reverse("personnel:roster-confirm", args=[batch.pk]), follow=True)
    assert "chưa kiểm tra xong" in text_of(response)


def test_an_officer_who_no_longer_keeps_somebody_cannot_undo_over_his_record(office: Office, elsewhere: Office) -> None:
    batch = office.post("confirm", office.send(roster(*GOOD)))
    move_cadre(Cadre.objects.get(personal_number=MAI), elsewhere.unit, datetime.date(2026, 1, 15))
    response = office.client.post(reverse("personnel:roster-undo", args=[batch.pk]), {"reason": "nhầm danh sách"})
    assert response.status_code == 422
    assert "đề nghị cấp tỉnh" in text_of(response)
    assert "Mai" not in text_of(response)
    assert Cadre.objects.filter(personal_number=MAI).exists()


def test_a_batch_sent_by_command_opens_without_its_file(office: Office, province: Client) -> None:
    batch = ImportBatch.objects.create(file_name="dong-lenh.xlsx", sha256="0" * 64, state=BatchState.COMMITTED)
    assert "dong-lenh.xlsx" in show(province, "personnel:roster-detail", batch.pk)
    for part in ("columns", "values", "missing"):
        show(province, "personnel:roster-detail", batch.pk, part=part)
    response = province.get(reverse("personnel:roster-rejected", args=[batch.pk]), follow=True)
    assert response.status_code == 200


def test_a_page_asks_the_same_number_of_queries_for_any_number_of_rows(office: Office) -> None:
    counts = []
    for size in (3, 30):
        lines = [line(n, f"Tẩn A {n}", f"0250850001{n:02d}") for n in range(size)]
        batch = office.send(roster(*lines))
        page(office, batch)
        with CaptureQueriesContext(connection) as queries:
            page(office, batch)
        counts.append(len(queries))
    assert counts[0] == counts[1]
