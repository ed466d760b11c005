"""What each line of a workbook does: same, corrected, added, taken away, refused."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hrdb.kernel.audit import writing
from hrdb.kernel.history import history_model
from hrdb.kernel.models import AuditEvent
from personnel.choices import BatchState, Classification
from personnel.exports.workbook.sheets import RowSheet, record_parts, workbook_sheets
from personnel.models import (
    Assignment,
    Cadre,
    Custody,
    Decision,
    Employment,
    PayStep,
    Qualification,
    Relative,
    RelativeKind,
)
from personnel.policies import Role
from personnel.services.rosters import undo_roster
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_user
from tests.factories.record_workbooks import EditedBook
from tests.personnel.workbook.conftest import (
    AWAY_NUMBER,
    DAY,
    NUMBER,
    Office,
    Send,
    codes,
    counts,
    history_count,
    last_batch,
)

pytestmark = pytest.mark.django_db

PEOPLE, POSTS, STUDIES, PAY, KIN = (
    "Cán bộ",
    "Quá trình công tác",
    "Đào tạo, bồi dưỡng",
    "Diễn biến lương",
    "Quan hệ gia đình",
)
KEPT, EMPLOYED = "Đơn vị quản lý hồ sơ", "Đối tượng, tình trạng"


def newcomer(book: EditedBook, number: str = "010090000009", unit: str = "Sở Nội vụ (SNV)") -> EditedBook:
    """Somebody new, with what every record needs."""
    who = {"Họ và tên khai sinh": "GIÀNG THỊ MỚI", "Ngày sinh": "1990", "Giới tính": "Nữ"}
    book.add(PEOPLE, **who, **{"Số định danh cá nhân": number})
    book.add(KEPT, number, **{"Đơn vị quản lý hồ sơ": unit, "Từ ngày": datetime.date(2020, 5, 1)})
    return book.add(EMPLOYED, number, **{"Đối tượng": "Viên chức", "Từ ngày": "05/2020"})


def test_an_untouched_workbook_says_nothing_new(full: Office, commit: Send) -> None:
    before = history_count()
    book = commit(full.book(), reason="")
    assert counts(book.report) == (0, 0, 15, 0)
    assert book.report.committed
    assert book.report.warnings == []
    assert history_count() == before


def test_a_changed_value_is_a_correction_with_its_reason(full: Office, check: Send, commit: Send) -> None:
    edited = full.book().put(KIN, 2, "Năm sinh", 1956).put(PEOPLE, 2, "Tên gọi khác", "Páo")
    found = [one for verdict in check(edited).compared.verdicts.values() for one in verdict.differences]
    assert [(one.label, one.old, one.new, one.how) for one in found] == [
        ("Tên gọi khác", "", "Páo", "fill"),
        ("Năm sinh", "1955", "1956", "correct"),
    ]
    refused = commit(edited, reason=" ")
    assert codes(refused.report) == [("", 0, "reason-required")]
    assert not refused.report.committed
    report = commit(edited).report
    assert counts(report) == (0, 2, 13, 0)
    assert Relative.objects.get().birth_year == 1956
    row = history_model(Relative)._default_manager.latest("history_id")
    assert row.history_change_reason == "Nhập sổ hồ sơ so.xlsx: sửa theo hồ sơ giấy"
    assert (row.history_user_id, row.event_id) == (full.officer.pk, last_batch().event_id)
    again = commit(edited).report
    assert counts(again) == (0, 0, 15, 0)


def test_an_emptied_cell_empties_the_value_unless_it_is_needed(full: Office, commit: Send) -> None:
    assert commit(full.book().put(KIN, 2, "Năm sinh", None)).report.committed
    assert Relative.objects.get().birth_year is None
    refused = commit(full.book().put(KIN, 2, "Họ và tên", "").put(EMPLOYED, 2, "Tình trạng", ""))
    assert codes(refused.report) == [(KIN, 2, "required"), (EMPLOYED, 2, "required")]


def test_a_row_without_a_key_is_added_once(full: Office, commit: Send) -> None:
    edited = full.book().add(
        STUDIES,
        NUMBER,
        **{"Loại": "lý luận chính trị", "Trình độ": "Sơ cấp", "Có từ ngày": 2019.0, "Chuyên ngành": "Hành  chính"},
    )
    report = commit(edited, reason="").report
    assert counts(report) == (1, 0, 15, 0)
    added = Qualification.objects.get(kind="political_theory")
    assert (added.level and added.level.kind, added.field) == ("political_theory", "Hành chính")
    assert (added.effective_from, added.start_precision) == (datetime.date(2019, 1, 1), "year")
    assert counts(commit(edited, reason="").report) == (0, 0, 16, 0)
    assert Qualification.objects.count() == 2


def test_a_missing_row_takes_nothing_away_and_a_mark_does(full: Office, commit: Send) -> None:
    edited = full.book()
    edited.book[KIN].delete_rows(2)
    assert counts(commit(edited).report) == (0, 0, 14, 0)
    assert Relative.objects.count() == 1
    marked = full.book().mark(KIN)
    assert codes(commit(marked, reason="").report) == [("", 0, "reason-required")]
    assert counts(commit(marked).report) == (0, 1, 14, 0)
    assert not Relative.objects.exists()
    assert history_model(Relative)._default_manager.latest("history_id").history_type == "-"
    assert counts(commit(marked).report) == (0, 0, 15, 0), "the same file again changes nothing"


def test_a_row_that_was_cleared_is_asked_about(full: Office, check: Send) -> None:
    edited = full.book()
    for cell in edited.book[KIN][2][1:]:
        cell.value = None
    assert codes(check(edited).report) == [(KIN, 2, "cleared-row")]
    assert codes(check(full.book().put(KIN, 2, "Xóa", "có")).report) == [(KIN, 2, "bad-mark")]


def test_what_rests_on_a_decision_is_listed_and_kept(full: Office, commit: Send) -> None:
    before = PayStep.objects.values().get()
    edited = full.book().put(PAY, 2, "Hệ số", 3.0).put(PAY, 2, "Bậc", 3)
    book = commit(edited, reason="")
    assert counts(book.report) == (0, 0, 15, 0)
    assert [fault.code for fault in book.report.warnings] == ["rests-on-decision"]
    verdict = next(one for one in book.compared.verdicts.values() if one.differences)
    assert {(one.label, one.how) for one in verdict.differences} == {("Hệ số", "differs"), ("Bậc", "differs")}
    assert commit(full.book().mark(PAY), reason="").report.warnings[0].code == "rests-on-decision"
    assert PayStep.objects.values().get() == before


def test_a_period_on_a_decision_ends_where_the_next_one_has_its_own(full: Office, commit: Send) -> None:
    raised = {"Ngạch, CDNN": "01.003", "Bậc": 3, "Hệ số": 3, "Hưởng từ ngày": "01/03/2018"}
    ended = full.book().put(PAY, 2, "Hưởng đến hết ngày", "28/02/2018")
    plain = commit(ended.add(PAY, NUMBER, **raised))
    assert codes(plain.report) == [(PAY, 3, "period-conflict")]
    signed = {"Số quyết định": "9/QĐ", "Ngày ký": datetime.date(2018, 2, 20), "Cơ quan ban hành": "Sở Nội vụ"}
    edited = full.book().put(PAY, 2, "Hưởng đến hết ngày", "28/02/2018").add(PAY, NUMBER, **raised, **signed)
    book = commit(edited)
    assert counts(book.report) == (1, 1, 14, 0)
    assert book.report.warnings == []
    first, second = PayStep.objects.order_by("effective_from")
    assert first.effective_until == second.effective_from == datetime.date(2018, 3, 1)
    assert second.decision
    assert (second.decision.number, second.decision.effective_on) == ("9/QĐ", datetime.date(2018, 3, 1))
    assert Decision.objects.count() == 2
    assert counts(commit(edited).report) == (0, 0, 16, 0)


def test_a_decision_can_be_named_for_a_row_that_has_none(full: Office, commit: Send) -> None:
    edited = full.book().put(EMPLOYED, 2, "Số quyết định", "15/QĐ").put(EMPLOYED, 2, "Ngày ký", DAY)
    assert codes(commit(edited).report) == [(EMPLOYED, 2, "refused")]
    report = commit(edited.put(EMPLOYED, 2, "Cơ quan ban hành", "Sở Nội vụ")).report
    assert counts(report) == (0, 1, 14, 0)
    assert Employment.objects.get(cadre=full.cadre).decision == Decision.objects.get()
    assert counts(commit(edited).report) == (0, 0, 15, 0)


def test_somebody_new_comes_whole(office: Office, commit: Send) -> None:
    edited = newcomer(EditedBook.template(office.officer))
    report = commit(edited, reason="").report
    assert (counts(report), report.committed) == ((3, 0, 0, 0), True)
    person = Cadre.objects.get(personal_number="010090000009")
    assert (person.full_name, person.search_key, str(person.birth)) == ("Giàng Thị Mới", "giang thi moi", "1990")
    assert Custody.objects.get(cadre=person).unit == office.unit
    assert Employment.objects.get(cadre=person).start_precision == "month"
    assert counts(commit(edited, reason="").report) == (0, 0, 3, 0)
    said = EditedBook.template(office.officer).add(
        PEOPLE, **{"Số định danh cá nhân": "010090000009", "Tên gọi khác": "Mới"}
    )
    assert counts(commit(said).report) == (0, 1, 0, 0)
    person.refresh_from_db()
    assert (person.other_name, person.sex) == ("Mới", "female"), "what a line without a key leaves empty stays"


def test_somebody_new_without_what_every_record_needs_is_refused(office: Office, check: Send) -> None:
    edited = newcomer(EditedBook.template(office.officer))
    edited.book[KEPT].delete_rows(2)
    assert codes(check(edited).report) == [(PEOPLE, 2, "incomplete-person")]
    young = newcomer(EditedBook.template(office.officer)).put(PEOPLE, 2, "Ngày sinh", "10/10/2015")
    assert codes(check(young).report)[0] == (PEOPLE, 2, "under-age")
    ahead = newcomer(EditedBook.template(office.officer)).put(KEPT, 2, "Từ ngày", datetime.date(2150, 1, 1))
    assert codes(check(ahead).report) == [(KEPT, 2, "period-gap")]
    unnumbered = newcomer(EditedBook.template(office.officer)).put(PEOPLE, 2, "Số định danh cá nhân", None)
    assert codes(check(unnumbered).report)[0] == (PEOPLE, 2, "required")


def test_who_is_elsewhere_and_who_is_nowhere_get_one_answer(office: Office, check: Send) -> None:
    row = {"Quan hệ": "Cha", "Họ và tên": "Ai Đó"}
    reports = [check(office.book().add(KIN, number, **row)).report for number in (AWAY_NUMBER, "010080999999")]
    answers = [[(fault.code, fault.message.replace(fault.value, "#")) for fault in one.errors] for one in reports]
    assert answers[0] == answers[1]
    assert answers[0][0][0] == "needs-province"
    taken = check(newcomer(EditedBook.template(office.officer), AWAY_NUMBER)).report
    assert codes(taken)[0] == (PEOPLE, 2, "needs-province")
    assert not any("Lạ Thị Xa" in str(fault) for fault in taken.errors)


def test_a_key_from_elsewhere_reaches_nobody(office: Office, check: Send) -> None:
    make(Relative, cadre=office.stranger, kind=make_relation(), full_name="Cha Người Lạ")
    book = EditedBook.exported([office.stranger], None).put(KIN, 2, "Họ và tên", "Sửa Trộm")
    found = check(book).report
    assert {code for _, _, code in codes(found)} == {"needs-province"}
    assert found.changed == 0


def make_relation() -> Any:
    """The kind of a relative."""
    return RelativeKind.objects.get(code="01")


def test_a_forged_key_is_told_and_does_nothing(full: Office, check: Send) -> None:
    own = make(Relative, cadre=full.cadre, kind=make_relation(), full_name="Mẹ")
    book = full.book()
    key = str(book.get(KIN, 2, "Khóa dòng"))
    person, row, *rest = key.split(".")
    for forged in (
        ".".join([person, str(own.pk), *rest]),
        ".".join([str(full.stranger.pk), row, *rest]),
        key[:-1] + ("A" if key[-1] != "A" else "B"),
        book.get(STUDIES, 2, "Khóa dòng"),
        "x",
    ):
        edited = full.book().put(KIN, 2, "Khóa dòng", forged).put(KIN, 2, "Họ và tên", "Sửa Trộm")
        assert (KIN, 2, "bad-key") in codes(check(edited).report), forged


def test_a_row_is_not_given_to_another_person_by_its_number(full: Office, check: Send) -> None:
    other = make_cadre(unit=full.unit, name="Người Khác", personal_number="010080000077")
    edited = full.book().put(KIN, 2, "Số định danh hoặc mã hồ sơ", other.personal_number)
    assert codes(check(edited).report) == [(KIN, 2, "person-mismatch")]


def test_a_copied_row_is_a_new_one(full: Office, commit: Send) -> None:
    edited = full.book()
    place = edited.copy(KIN)
    edited.put(KIN, place, "Họ và tên", "Giàng Thị Mẹ")
    book = commit(edited, reason="")
    assert counts(book.report) == (1, 0, 15, 0)
    assert [fault.code for fault in book.report.warnings] == ["copied-row"]
    assert set(Relative.objects.values_list("full_name", flat=True)) == {"Giàng A Cha", "Giàng Thị Mẹ"}


def test_a_row_that_was_changed_in_the_meantime_is_not_overwritten(full: Office, commit: Send) -> None:
    edited = full.book().put(KIN, 2, "Năm sinh", 1956)
    relative = Relative.objects.get()
    relative.details = "nông dân"
    with writing(acting_user=None, reason="người khác sửa"):
        relative.save()
    assert codes(commit(edited).report) == [(KIN, 2, "stale-row")]
    assert Relative.objects.get().birth_year == 1955
    with writing(acting_user=None, reason="sửa lại"):
        relative.details = ""
        relative.save()
    assert commit(edited).report.committed, "what stands again as it was exported may be corrected"


def test_everything_is_written_or_nothing(full: Office, commit: Send) -> None:
    before = history_count()
    edited = full.book().put(KIN, 2, "Năm sinh", 1956).put(STUDIES, 2, "Loại", "Không có loại này")
    report = commit(edited).report
    assert codes(report) == [(STUDIES, 2, "unknown-value")]
    assert (report.committed, history_count()) == (False, before)


def test_every_fault_is_at_its_cell(full: Office, check: Send) -> None:
    edited = (
        full.book()
        .put(PEOPLE, 2, "Ngày sinh", "31/02/1980")
        .put(PAY, 2, "Hệ số", "ba phẩy")
        .put(POSTS, 2, "Đơn vị", "Sở Y tế (SYT)")
        .put(STUDIES, 2, "Trình độ", "Tiến sĩ khoa học")
        .put(KIN, 2, "Năm sinh", "=1/0")
        .put(EMPLOYED, 2, "Từ ngày", "01/01/1970")
    )
    found = {(fault.sheet, fault.code): (fault.column, fault.value) for fault in check(edited).report.errors}
    assert found[PEOPLE, "bad-date"] == ("E", "31/02/1980")
    assert found[PAY, "bad-number"] == ("I", "ba phẩy")
    assert found[POSTS, "unknown-value"] == ("H", "Sở Y tế (SYT)")
    assert found[STUDIES, "unknown-value"][1] == "Tiến sĩ khoa học"
    assert found[KIN, "cell-error"][0] == "G"
    assert found[EMPLOYED, "impossible-order"][0] == "F"


def test_periods_that_overlap_and_chains_that_break_are_refused(full: Office, check: Send) -> None:
    again = {"Đối tượng": "Viên chức", "Từ ngày": "01/01/2020"}
    assert codes(check(full.book().add(EMPLOYED, NUMBER, **again)).report) == [(EMPLOYED, 3, "period-conflict")]
    ended = full.book().put(EMPLOYED, 2, "Đến hết ngày", "31/12/2019")
    assert codes(check(ended).report) == [(EMPLOYED, 2, "period-gap")]
    assert codes(check(ended.add(EMPLOYED, NUMBER, **again)).report) == []
    kept = full.book().put(KEPT, 2, "Đến hết ngày", "31/12/2018")
    kept.add(KEPT, NUMBER, **{"Đơn vị quản lý hồ sơ": "SNV", "Từ ngày": datetime.date(2020, 1, 1)})
    assert codes(check(kept).report) == [(KEPT, 3, "period-gap")]


def test_the_record_follows_nobody_out_of_the_scope(full: Office, check: Send) -> None:
    edited = full.book().put(KEPT, 2, "Đơn vị quản lý hồ sơ", "Sở Y tế (SYT)")
    assert codes(check(edited).report) == [(KEPT, 2, "unknown-value")]
    assert "Sở Y tế" not in check(edited).report.errors[0].message.replace("«Sở Y tế (SYT)»", "")


def test_who_may_only_be_read_can_not_be_changed(full: Office, check: Send) -> None:
    make(Assignment, cadre=full.stranger, unit=full.unit, kind="concurrent", effective_from=LONG_AGO)
    book = EditedBook.exported([full.cadre, full.stranger], full.officer)
    assert book.last(PEOPLE) == 3
    assert check(book).report.rejected == 0
    row = next(row for row in (2, 3) if book.get(PEOPLE, row, "Họ và tên khai sinh") == "Lạ Thị Xa")
    assert codes(check(book.put(PEOPLE, row, "Tên gọi khác", "Xa")).report) == [(PEOPLE, row, "needs-province")]


def test_a_stub_stays_a_stub(full: Office, check: Send) -> None:
    secret = make_cadre(
        unit=full.unit, name="Vàng A Mật", classification=Classification.TOP_SECRET, paper_pointer="Tủ 3", phone="0912"
    )
    make(Relative, cadre=secret, kind=make_relation(), full_name="Cha Mật")
    book = EditedBook.exported([secret], full.officer)
    assert (book.get(PEOPLE, 2, "Số điện thoại"), book.get(PEOPLE, 2, "Nơi lưu hồ sơ giấy")) == (None, "Tủ 3")
    assert all(book.last(sheet) == 1 for sheet in (KIN, POSTS, KEPT))
    assert counts(check(book).report) == (0, 0, 1, 0)
    book.put(PEOPLE, 2, "Số điện thoại", "0988").add(
        KIN, secret.personal_number, **{"Quan hệ": "Cha", "Họ và tên": "X"}
    )
    assert codes(check(book).report) == [(PEOPLE, 2, "stub"), (KIN, 2, "stub")]


def test_closed_values_stay_and_are_refused_anew(full: Office, check: Send) -> None:
    full.level.valid_until = datetime.date(2016, 1, 1)
    full.level.save()
    assert check(full.book()).report.rejected == 0
    row = {"Loại": "Chuyên môn", "Trình độ": "Đại học"}
    late = check(full.book().add(STUDIES, NUMBER, **row, **{"Có từ ngày": "2020"})).report
    assert codes(late) == [(STUDIES, 3, "closed-value")]
    assert check(full.book().add(STUDIES, NUMBER, **row, **{"Có từ ngày": "2014"})).report.errors == []


def test_a_number_of_another_is_no_correction(full: Office, check: Send) -> None:
    other = make_cadre(unit=full.unit, name="Người Khác", personal_number="010080000077")
    edited = full.book().put(PEOPLE, 2, "Số định danh cá nhân", other.personal_number)
    assert codes(check(edited).report) == [(PEOPLE, 2, "duplicate")]
    edited = full.book().put(PEOPLE, 2, "Số định danh cá nhân", AWAY_NUMBER)
    assert codes(check(edited).report) == [(PEOPLE, 2, "needs-province")]
    template = newcomer(EditedBook.template(full.officer), NUMBER)
    assert codes(check(template).report)[0] == (PEOPLE, 2, "number-of-another")


def test_rows_follow_a_corrected_number_and_the_file_can_be_sent_again(full: Office, commit: Send) -> None:
    edited = full.book().put(PEOPLE, 2, "Số định danh cá nhân", 10080000055.0)
    edited.add(KIN, "010080000055", **{"Quan hệ": "Cha", "Họ và tên": "Cha Nuôi"})
    assert counts(commit(edited).report) == (1, 1, 14, 0)
    full.cadre.refresh_from_db()
    assert full.cadre.personal_number == "010080000055"
    assert counts(commit(edited).report) == (0, 0, 16, 0)


def test_a_written_workbook_can_be_undone(full: Office, commit: Send) -> None:
    before = {
        model: list(model.objects.order_by("pk").values()) for model in (Cadre, Relative, Qualification, Decision)
    }
    edited = newcomer(full.book()).put(KIN, 2, "Năm sinh", 1956).mark(STUDIES)
    signed = {"Số quyết định": "9/QĐ", "Ngày ký": datetime.date(2018, 2, 20), "Cơ quan ban hành": "Sở Nội vụ"}
    edited.add("Thi đua, khen thưởng", NUMBER, **{"Năm": 2021, "Nội dung": "Giấy khen"}, **signed)
    assert counts(commit(edited).report) == (4, 2, 13, 0)
    batch = last_batch()
    undo_roster(batch=batch, acting_user=full.officer, reason="nhập nhầm tệp")
    batch.refresh_from_db()
    assert batch.state == BatchState.UNDONE
    for model, rows in before.items():
        assert list(model.objects.order_by("pk").values()) == rows
    assert counts(commit(edited).report) == (4, 2, 13, 0), "and written again"


def test_sensitive_sheets_need_the_right_and_are_logged(full: Office, check: Send) -> None:
    approver = make_user(Role.APPROVER, unit=full.unit)
    masked = EditedBook.exported([full.cadre], approver)
    assert not {KIN, "Khám sức khỏe", "Kỷ luật"} & set(masked.book.sheetnames)
    assert masked.get(PEOPLE, 2, "Số định danh cá nhân") == "•••"
    assert str(masked.get(POSTS, 2, "Số định danh hoặc mã hồ sơ")).startswith("HS-")
    assert not AuditEvent.objects.filter(user=approver, action=AuditEvent.Action.READ_SENSITIVE).exists()
    assert check(masked).report.rejected == 0, "what was masked is left as it is"
    full.book()
    exported = AuditEvent.objects.filter(user=full.officer)
    event = exported.get(action=AuditEvent.Action.EXPORT)
    assert (event.details["people"], event.details["what"]) == ([full.cadre.pk], "sổ hồ sơ")
    read = exported.get(action=AuditEvent.Action.READ_SENSITIVE)
    assert {"sức khỏe", "quan hệ gia đình", "kỷ luật"} <= set(read.details["parts"])
    check(full.book().put(KIN, 2, "Năm sinh", 1956))
    assert exported.filter(action=AuditEvent.Action.READ_SENSITIVE).latest("pk").details["people"] == [full.cadre.pk]


def test_columns_and_sheets_may_be_moved_left_out_or_strange(full: Office, check: Send) -> None:
    book = full.book().drop(KIN, "Hướng dẫn", "Danh mục")
    sheet = book.book[PAY]
    sheet.move_range(f"A1:{sheet.cell(2, sheet.max_column).coordinate}", rows=3, cols=2)
    sheet["A1"] = "Sổ của Sở Nội vụ"
    book.book[STUDIES].delete_cols(book.column(STUDIES, "Trình độ"))
    book.book[STUDIES]["Z1"] = "Cột của tôi"
    book.book.create_sheet("Ghi chú riêng")["A1"] = "abc"
    found = check(book).report
    assert counts(found) == (0, 0, 14, 0)
    assert {fault.code for fault in found.warnings} == {"unknown-column", "unknown-sheet"}


@pytest.mark.parametrize("rows", [3, 40])
def test_queries_do_not_grow_with_the_lines(rows: int, full: Office, check: Send) -> None:
    for number in range(rows):
        one = make_cadre(unit=full.unit, name=f"Người {number}", title=full.title)
        make(Relative, cadre=one, kind=make_relation(), full_name="Cha")
    people = list(Cadre.objects.exclude(pk=full.stranger.pk))
    with CaptureQueriesContext(connection) as exporting:
        book = EditedBook.exported(people, full.officer)
    for row in range(2, rows + 2):
        book.put(KIN, row, "Năm sinh", 1950)
        book.add(STUDIES, book.get(KIN, row, "Số định danh hoặc mã hồ sơ"), **{"Loại": "Tin học", "Có từ ngày": "2019"})
        book.put(STUDIES, book.last(STUDIES), "Văn bằng, chứng chỉ", "Tin học cơ bản")
    with CaptureQueriesContext(connection) as comparing:
        report = check(book).report
    assert (report.created, report.changed, report.errors) == (rows, rows, [])
    assert len(exporting) <= 42  # a part of an upper app asks once more
    assert len(comparing) <= 52


def test_sheets_of_other_apps_are_shown_and_may_be_there_to_read_alone(
    full: Office, check: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = record_parts["relatives"]
    for key, label, is_read_only in (("x-own", "Người thân khác", False), ("x-shown", "Chỉ xem", True)):
        sheet = RowSheet(
            key=key,
            label=label,
            noun="người",
            model=part.model,
            form_class=part.form_class,
            sensitive=part.sensitive,
            is_read_only=is_read_only,
        )
        monkeypatch.setitem(workbook_sheets._entries, key, sheet)
    assert counts(check(full.book()).report) == (0, 0, 17, 0)
    edited = full.book().put("Người thân khác", 2, "Năm sinh", 1956).put("Chỉ xem", 2, "Năm sinh", 1957)
    edited.add("Chỉ xem", NUMBER, **{"Quan hệ": "Cha", "Họ và tên": "Ai Đó"})
    report = check(edited).report
    assert counts(report) == (0, 1, 17, 0)
    assert [fault.code for fault in report.warnings] == ["read-only-sheet", "read-only-sheet"]
