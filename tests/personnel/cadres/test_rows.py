"""Adding, succeeding, correcting, ending and removing rows of a record through their forms."""

from __future__ import annotations

import datetime

import pytest
import time_machine

from hrdb.kernel.history import history_model
from hrdb.kernel.models import AuditEvent, User
from personnel.models import (
    Allowance,
    Assignment,
    Cadre,
    Custody,
    Decision,
    Employment,
    HealthCheck,
    PayStep,
    Qualification,
    Rank,
    Relative,
    Unit,
)
from personnel.policies import Role
from personnel.record_tables import record_parts
from tests.factories.personnel import make_code, make_title, make_unit, make_user
from tests.personnel.cadres.pages import profile, send, show, signed_in, text_of, typed

pytestmark = pytest.mark.django_db

D = datetime.date
DECISION = {
    "decision_number": "77/QĐ-SNV",
    "decision_signed_on": "20/06/2025",
    "decision_issuer": "Sở Nội vụ",
}


def test_every_part_has_a_form_that_opens_and_can_be_sent_back_unchanged(cadre: Cadre, officer: User) -> None:
    """What a row holds stays as it is when its form is sent as it was shown: only the reason is added."""
    client = signed_in(officer)
    for part in record_parts:
        show(client, "personnel:record-add", cadre.pk, part.key)
        for row in part.model.objects.filter(cadre=cadre):
            before = part.model.objects.filter(pk=row.pk).values().get()
            data = typed(show(client, "personnel:record-correct", cadre.pk, part.key, row.pk))
            send(
                client,
                "personnel:record-correct",
                cadre.pk,
                part.key,
                row.pk,
                data=data | {"reason": "xem lại, không đổi gì"},
            )
            assert part.model.objects.filter(pk=row.pk).values().get() == before, part.key


def test_a_row_is_added_with_the_decision_that_it_rests_on(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    data = typed(show(client, "personnel:record-add", cadre.pk, "assignments"))
    data |= {
        "kind": "concurrent",
        "title_text": "Ủy viên Hội đồng",
        "organisation": "Hội đồng Thi đua tỉnh",
        "effective_from": "07/2025",
        **DECISION,
    }
    answer = send(client, "personnel:record-add", cadre.pk, "assignments", data=data)
    assert answer.headers["Location"] == f"/can-bo/{cadre.pk}/?tab=career#assignments"
    row = Assignment.objects.get(cadre=cadre, kind="concurrent")
    assert (row.effective_from, row.start_precision, row.effective_until) == (D(2025, 7, 1), "month", None)
    assert (row.decision.number, row.decision.signed_on) == ("77/QĐ-SNV", D(2025, 6, 20))
    event = AuditEvent.objects.filter(action=AuditEvent.Action.WRITE).latest("pk")
    assert (event.user, event.subject_id) == (officer, cadre.pk)
    assert history_model(Assignment).objects.get(id=row.pk).event == event
    html = profile(client, cadre, tab="career")
    assert "07/2025 – nay" in html
    page = f"/quyet-dinh/{row.decision_id}/"
    assert f'Hội đồng Thi đua tỉnh · <a href="{page}">Quyết định 77/QĐ-SNV ngày 20/06/2025</a>' in html


def test_a_decision_named_again_is_the_same_and_half_of_one_is_refused(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    for year in ("2021", "2022"):
        data = {"year": year, "detail": "Giấy khen", **DECISION}
        send(client, "personnel:record-add", cadre.pk, "commendations", data=data)
    assert Decision.objects.filter(number="77/QĐ-SNV").count() == 1
    data = {"year": "2023", "detail": "Giấy khen", "decision_number": "78/QĐ-SNV"}
    answer = send(client, "personnel:record-add", cadre.pk, "commendations", data=data, status=422)
    assert "Quyết định cần đủ số, ngày ký và cơ quan ban hành." in text_of(answer)


@pytest.mark.parametrize(
    ("part", "field", "typed", "told"),
    [
        ("relatives", "birth_year", "1849", "Năm sinh phải từ 1850 đến 2026."),
        ("relatives", "birth_year", "2027", "Năm sinh phải từ 1850 đến 2026."),
        ("commendations", "year", "1899", "Năm phải từ 1900 đến 2026."),
        ("health", "height_cm", "1", "Chiều cao phải từ 50 đến 250 cm."),
        ("health", "height_cm", "1580", "Chiều cao phải từ 50 đến 250 cm."),
        ("health", "height_cm", "1,58", "Cần viết một số nguyên."),
        ("health", "weight_kg", "5,5", "Cân nặng phải từ 20 đến 300 kg."),
        ("health", "weight_kg", "520", "Cân nặng phải từ 20 đến 300 kg."),
        ("pay-steps", "step", "0", "Bậc lương phải từ 1 đến 20."),
        ("pay-steps", "coefficient", "474", "Hệ số lương phải từ 0 đến 20."),
        ("pay-steps", "percent", "850", "Phần trăm hưởng phải từ 0 đến 100%."),
        ("allowances", "percent", "-1", "Phần trăm phụ cấp phải từ 0 đến 200%."),
        ("assets", "area_m2", "999999999", "Diện tích phải từ 0 đến 100.000.000 m²."),
        ("assets", "amount", "-5", "Số này không được nhỏ hơn 0."),
        ("relatives", "kind", "987654", "Giá trị «987654» không có trong danh sách; hãy chọn lại."),
        ("relatives", "side", "xx", "Giá trị «xx» không có trong danh sách; hãy chọn lại."),
    ],
)
@time_machine.travel("2026-06-15 09:00 +07:00", tick=False)
def test_numbers_and_choices_that_nobody_means_are_told_in_a_sentence(
    part: str, field: str, typed: str, told: str, cadre: Cadre, officer: User
) -> None:
    client = signed_in(officer)
    html = text_of(send(client, "personnel:record-add", cadre.pk, part, data={field: typed}, status=422))
    assert told in html
    assert "khả thi" not in html


def test_faults_keep_what_was_typed_and_the_first_has_the_focus(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    data = {
        "kind": "concurrent",
        "title_text": "Ủy viên",
        "effective_from": "31/02/2025",
        "last_day": "hôm qua",
        "note": "giữ lại giúp",
    }
    html = text_of(send(client, "personnel:record-add", cadre.pk, "assignments", data=data, status=422))
    assert 'value="31/02/2025"' in html
    assert 'value="hôm qua"' in html
    assert 'value="giữ lại giúp"' in html
    assert html.count("autofocus") == 1
    focused = html[html.rfind("<", 0, html.index("autofocus")) :]
    assert 'name="unit"' in focused[: focused.index(">")] or 'name="effective_from"' in focused[: focused.index(">")]
    assert "Cần chọn đơn vị hoặc ghi cơ quan, tổ chức." in html
    assert not Assignment.objects.filter(cadre=cadre, kind="concurrent").exists()


def test_succeeding_ends_one_period_opens_the_next_and_moves_the_record(
    cadre: Cadre, unit: Unit, officer: User
) -> None:
    client = signed_in(officer)
    division = make_unit("SNV.TC", parent=unit, name="Phòng Tổ chức")
    main = Assignment.objects.get(cadre=cadre, kind="main")
    data = typed(show(client, "personnel:record-succeed", cadre.pk, "assignments", main.pk))
    assert data["term_ends_on"] == ""
    head = make_title("TP", name="Trưởng phòng")
    data |= {"title": str(head.pk), "unit": "phong to chuc", "effective_from": "01/07/2025", **DECISION}
    send(client, "personnel:record-succeed", cadre.pk, "assignments", main.pk, data=data)
    main.refresh_from_db()
    assert main.effective_until == D(2025, 7, 1)
    row = Assignment.objects.get(cadre=cadre, kind="main", effective_until=None)
    assert (row.title, row.unit, row.effective_from) == (head, division, D(2025, 7, 1))
    assert Custody.objects.in_force(D(2025, 7, 1)).get(cadre=cadre).unit == division


def test_only_what_holds_can_be_succeeded(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    party = Assignment.objects.get(cadre=cadre, kind="party")
    show(client, "personnel:record-succeed", cadre.pk, "assignments", party.pk, status=404)
    row = HealthCheck.objects.get(cadre=cadre)
    show(client, "personnel:record-succeed", cadre.pk, "health", row.pk, status=404)


def test_a_second_period_over_the_first_is_refused_with_advice(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    data = {"category": "cadre", "state": "working", "effective_from": "2020"}
    html = text_of(send(client, "personnel:record-add", cadre.pk, "employment", data=data, status=422))
    assert "Đã có đối tượng, tình trạng trong khoảng thời gian này." in html
    assert "dùng «Thay đổi từ ngày…»" in html
    assert Employment.objects.filter(cadre=cadre).count() == 1


def test_a_correction_needs_a_reason_and_stands_in_the_history(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    row = Relative.objects.get(cadre=cadre)
    address = ("personnel:record-correct", cadre.pk, "relatives", row.pk)
    data = typed(show(client, *address)) | {"birth_year": "1956"}
    refused = text_of(send(client, *address, data=data, status=422))
    assert 'value="1956"' in refused
    send(client, *address, data=data | {"reason": "theo giấy khai sinh"})
    row.refresh_from_db()
    assert row.birth_year == 1956
    html = show(client, "personnel:record-history", cadre.pk, "relatives", row.pk)
    for text in ("Hoàng Lan", "Lý do: theo giấy khai sinh", "Năm sinh", "<del>1.955</del>", "<ins>1.956</ins>"):
        assert text in html or text.replace(".", "") in html


def test_a_row_ends_with_its_last_day_and_a_reason(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    row = Allowance.objects.get(cadre=cadre)
    address = ("personnel:record-end", cadre.pk, "allowances", row.pk)
    data = typed(show(client, *address))
    early = data | {"last_day": "01/07/2024", "reason": "thôi hưởng phụ cấp"}
    assert "Ngày cuối phải sau ngày bắt đầu." in text_of(send(client, *address, data=early, status=422))
    send(client, *address, data=data | {"last_day": "06/2026", "reason": "thôi hưởng phụ cấp"})
    row.refresh_from_db()
    assert row.effective_until == D(2026, 7, 1)
    show(client, *address, status=404)


def test_what_always_has_a_successor_can_neither_be_ended_nor_removed(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    custody = Custody.objects.get(cadre=cadre)
    show(client, "personnel:record-end", cadre.pk, "custody", custody.pk, status=404)
    show(client, "personnel:record-remove", cadre.pk, "custody", custody.pk, status=404)
    employment = Employment.objects.get(cadre=cadre)
    show(client, "personnel:record-end", cadre.pk, "employment", employment.pk, status=404)


def test_a_removed_row_is_gone_and_its_history_stays(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    row = Qualification.objects.get(cadre=cadre)
    address = ("personnel:record-remove", cadre.pk, "qualifications", row.pk)
    html = show(client, *address)
    assert "Xóa «Thạc sĩ" in html
    assert "Lịch sử của dòng vẫn giữ." in html
    data = typed(html)
    send(client, *address, data=data | {"reason": ""}, status=422)
    send(client, *address, data=data | {"reason": "nhập nhầm người"})
    assert not Qualification.objects.filter(pk=row.pk).exists()
    show(client, *address, status=404)
    html = show(client, "personnel:record-history", cadre.pk, "qualifications", row.pk)
    assert "Xóa: Đào tạo, bồi dưỡng" in html
    assert "nhập nhầm người" in html
    assert "nhập nhầm người" in profile(client, cadre, tab="changes")


def test_a_row_of_another_person_is_not_found_under_this_one(cadre: Cadre, unit: Unit, officer: User) -> None:
    from tests.factories.personnel import make_cadre

    other = make_cadre(unit=unit)
    row = Assignment.objects.get(cadre=other)
    client = signed_in(officer)
    for verb in ("succeed", "correct", "end", "remove", "history"):
        show(client, f"personnel:record-{verb}", cadre.pk, "assignments", row.pk, status=404)
    show(client, "personnel:record-add", cadre.pk, "khong-co", status=404)


# Choices -------------------------------------------------------------------------------------------------------------


def test_closed_values_are_not_offered_on_new_rows_and_kept_on_old_ones(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    closed = make_code(Rank, "15.113", name="Giáo viên trung học", valid_until=D(2021, 3, 20))
    assert "15.113" not in show(client, "personnel:record-add", cadre.pk, "pay-steps")
    assert "15.113" in show(client, "personnel:record-add", cadre.pk, "pay-steps", day="2020-01-01")
    row = PayStep.objects.get(cadre=cadre)
    PayStep.objects.filter(pk=row.pk).update(rank=closed)
    address = ("personnel:record-correct", cadre.pk, "pay-steps", row.pk)
    data = typed(show(client, *address))
    assert data["rank"] == str(closed.pk)
    send(client, *address, data=data | {"step": "3", "coefficient": "3,00", "reason": "sai bậc lương"})
    row.refresh_from_db()
    assert (row.rank, row.step, row.coefficient) == (closed, 3, 3)


def test_a_closed_value_that_is_sent_all_the_same_is_refused(cadre: Cadre, officer: User) -> None:
    closed = make_code(Rank, "15.113", name="Giáo viên trung học", valid_until=D(2021, 3, 20))
    data = {"scheme": "rank", "rank": str(closed.pk), "effective_from": "01/01/2022"}
    client = signed_in(officer)
    send(client, "personnel:record-add", cadre.pk, "pay-steps", data=data, status=422)
    row = PayStep.objects.get(cadre=cadre)
    address = ("personnel:record-succeed", cadre.pk, "pay-steps", row.pk)
    send(client, *address, data=data, status=422)
    assert PayStep.objects.filter(cadre=cadre).count() == 1


def test_the_coefficient_follows_from_rank_and_step_and_another_one_warns(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    row = PayStep.objects.get(cadre=cadre)
    address = ("personnel:record-succeed", cadre.pk, "pay-steps", row.pk)
    data = typed(show(client, *address))
    assert (data["rank"], data["step"], data["coefficient"]) == (str(row.rank_id), "", "")
    send(client, *address, data=data | {"step": "3", "effective_from": "01/01/2025"})
    new = PayStep.objects.get(cadre=cadre, effective_until=None)
    assert str(new.coefficient) == "5.08"
    data = typed(show(client, "personnel:record-succeed", cadre.pk, "pay-steps", new.pk))
    data |= {"step": "4", "coefficient": "5,00", "effective_from": "01/01/2026"}
    send(client, "personnel:record-succeed", cadre.pk, "pay-steps", new.pk, data=data)
    assert "Bậc 4 của ngạch 01.002 có hệ số 5,42, đã ghi 5,00." in profile(client, cadre, tab="pay")


def test_who_changes_what_another_has_just_changed_is_told_and_loses_nothing(cadre: Cadre, officer: User) -> None:
    client, row = signed_in(officer), PayStep.objects.get(cadre=cadre)
    address = ("personnel:record-succeed", cadre.pk, "pay-steps", row.pk)
    page = typed(show(client, *address))
    send(client, *address, data=page | {"step": "3", "effective_from": "01/01/2025"})
    answer = send(client, *address, data=page | {"step": "4", "effective_from": "01/06/2025"}, status=409)
    again = typed(answer.content.decode())
    assert (again["step"], again["effective_from"]) == ("4", "01/06/2025")
    send(client, *address, data=again)
    steps = PayStep.objects.filter(cadre=cadre).order_by("effective_from").values_list("step", flat=True)
    assert list(steps)[-2:] == [3, 4]


def test_a_change_does_not_begin_before_what_it_changes(cadre: Cadre, officer: User) -> None:
    client, row = signed_in(officer), PayStep.objects.get(cadre=cadre)
    address = ("personnel:record-succeed", cadre.pk, "pay-steps", row.pk)
    data = typed(show(client, *address)) | {"step": "3", "effective_from": "01/07/1999"}
    answer = send(client, *address, data=data, status=422)
    assert "Phải từ ngày bắt đầu giai đoạn đang thay đổi" in text_of(answer)
    assert PayStep.objects.filter(cadre=cadre).count() == 1


def test_units_out_of_scope_are_neither_suggested_nor_accepted(
    cadre: Cadre, unit: Unit, elsewhere: Unit, officer: User
) -> None:
    client = signed_in(officer)
    assert "Sở Nội vụ (SNV)" in show(client, "personnel:lookup", "unit", unit="so")
    assert "Sở Tài chính" not in show(client, "personnel:lookup", "unit", unit="so")
    data = {"kind": "concurrent", "title_text": "Ủy viên", "effective_from": "2024"}
    answers = []
    for text in ("Sở Tài chính (STC)", "STC", "Sở Không Có (SKC)"):
        answer = send(client, "personnel:record-add", cadre.pk, "assignments", data=data | {"unit": text}, status=422)
        answers.append(text_of(answer).count("trong phạm vi được chọn"))
    assert answers[0] == answers[1] == answers[2] > 0


def test_a_unit_of_the_past_that_is_out_of_scope_stays_on_its_row(cadre: Cadre, elsewhere: Unit, officer: User) -> None:
    province = make_user(Role.PROVINCE_OFFICER)
    data = {"kind": "concurrent", "title_text": "Ủy viên", "effective_from": "2024", "unit": "STC"}
    send(signed_in(province), "personnel:record-add", cadre.pk, "assignments", data=data)
    row = Assignment.objects.get(cadre=cadre, kind="concurrent")
    client = signed_in(officer)
    address = ("personnel:record-correct", cadre.pk, "assignments", row.pk)
    shown = typed(show(client, *address))
    assert shown["unit"] == "Sở Tài chính (STC)"
    send(client, *address, data=shown | {"title_text": "Ủy viên Hội đồng", "reason": "ghi thiếu tên"})
    row.refresh_from_db()
    assert (row.unit, row.title_text) == (elsewhere, "Ủy viên Hội đồng")


def test_a_name_that_several_units_bear_is_answered_with_their_codes(cadre: Cadre, unit: Unit, officer: User) -> None:
    for code in ("SNV.A", "SNV.B"):
        make_unit(code, parent=unit, name="Văn phòng")
    client = signed_in(officer)
    data = {"kind": "concurrent", "title_text": "Ủy viên", "effective_from": "2024", "unit": "Văn phòng"}
    html = text_of(send(client, "personnel:record-add", cadre.pk, "assignments", data=data, status=422))
    assert "Có nhiều mục khớp, hãy ghi rõ: Văn phòng (SNV.A); Văn phòng (SNV.B)." in html


def test_an_officer_cannot_send_a_person_out_of_the_own_scope(cadre: Cadre, elsewhere: Unit, unit: Unit) -> None:
    """The unit is not offered; whoever names it as text moves no record."""
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    client = signed_in(officer)
    row = Custody.objects.get(cadre=cadre)
    address = ("personnel:record-succeed", cadre.pk, "custody", row.pk)
    send(client, *address, data={"unit": "STC", "effective_from": "01/01/2026"}, status=422)
    assert Custody.objects.get(cadre=cadre).unit == unit
