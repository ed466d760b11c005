"""Entry after the fact on one page: saved at once, refused with everything typed, faults beside each person."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Model
from django.urls import reverse

from hrdb.kernel.findings import Citation, Finding
from personnel.choices import AssignmentKind
from personnel.models import Assignment, Cadre, Decision, DecisionItem, Rank
from personnel.policies import Role
from personnel.rules.judging import RULES
from personnel.services.decisions.kinds import decision_acts
from tests.factories.personnel import add_pay_step, make, make_cadre, make_code, make_unit, make_user
from tests.factories.workbooks import rows_of, workbook
from tests.personnel.decisions.making import D
from tests.personnel.decisions.pages import PAPER, SINCE, Office, browser, enter_url, pdf, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_conditions")]

DAY = D(2026, 3, 20)


def _unit_on(cadre: Cadre, day: Any = DAY) -> Any:
    return Assignment.objects.filter(cadre=cadre, kind=AssignmentKind.MAIN).in_force(day).get().unit


def _text(response: Any) -> str:
    return html.unescape(response.content.decode())


def test_a_list_of_people_is_entered_at_once(office: Office) -> None:
    other = make_unit("PHONG-KHAC", parent=office.unit, name="Phòng Khác")
    data = sent(
        office.people, [{}, {}, {"unit": "Phòng Khác (PHONG-KHAC)"}], **PAPER, unit="Sở Mẫu (SO-MAU)",
        **{"t-unit": "phong mau"}, summary="Về việc điều động",
    )  # fmt: skip
    response = office.client.post(enter_url("transfer"), data)
    decision = Decision.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("personnel:decision", args=[decision.pk])
    assert (decision.number, decision.state, decision.effective_on, decision.unit) == (
        "12/QĐ-SO", "signed", DAY, office.unit,
    )  # fmt: skip
    assert [_unit_on(one) for one in office.people] == [office.division, office.division, other]
    assert decision.terms == {"unit": office.division.pk}
    assert decision.drafted_by == office.officer


def test_what_is_refused_keeps_everything_typed_and_stands_beside_the_person(office: Office) -> None:
    data = sent(office.people, [{"unit": "Đơn Vị Không Có"}], **{**PAPER, "signed_on": "20/03/2026"},
                unit="Sở Mẫu (SO-MAU)", summary="Điều động ba người", **{"t-unit": "Sở Mẫu"})  # fmt: skip
    response = office.client.post(enter_url("transfer"), data)
    assert response.status_code == 422
    page = _text(response)
    assert 'value="12/QĐ-SO"' in page
    assert "Điều động ba người" in page
    assert 'value="Đơn Vị Không Có"' in page
    assert "Không có «Đơn Vị Không Có» trong danh mục." in page
    assert page.count('name="row"') == 3
    data["p1-unit"] = ""
    response = office.client.post(enter_url("transfer"), data)
    page = _text(response)
    assert response.status_code == 422
    assert page.count("Đơn vị đến trùng với đơn vị đang công tác.") == 3
    assert "3 người chưa đủ điều kiện" in page
    assert not Decision.objects.exists()


def test_the_first_fault_has_the_focus_and_a_number_twice_is_said_at_the_number(office: Office) -> None:
    data = sent(office.people[:1], **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu"})
    assert office.client.post(enter_url("transfer"), data).status_code == 302
    again = sent(office.people[1:2], **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu"})
    response = office.client.post(enter_url("transfer"), again)
    assert response.status_code == 422
    assert "đã có" in response.context["form"].errors["number"][0]
    assert Decision.objects.count() == 1


def _not_met(monkeypatch: pytest.MonkeyPatch, *, is_overridable: bool) -> str:
    waiver = "special" if is_overridable else "never"
    rule = next(one for one in RULES if one.waiver == waiver)
    finding = Finding(rule=rule.key, outcome="not_met", facts={"Tuổi": 59}, citation=Citation("1/QH15", DAY))
    act = type(decision_acts["transfer"])
    monkeypatch.setattr(act, "findings", lambda self, case: [finding] if "An" in case.cadre.full_name else [])
    return rule.key


def test_a_condition_is_passed_over_with_a_reason_on_the_same_page(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = _not_met(monkeypatch, is_overridable=True)
    data = sent(office.people, **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu"})
    response = office.client.post(enter_url("transfer"), data)
    assert response.status_code == 422
    (obstacle,) = response.context["obstacles"]
    assert (obstacle.key, obstacle.names) == (rule, ["Lò Văn An"])
    assert f'name="reason-{rule}"' in _text(response)
    response = office.client.post(enter_url("transfer"), data | {f"reason-{rule}": "Sắp xếp tổ chức bộ máy"})
    assert response.status_code == 302
    said = {item.cadre.full_name: item.overrides for item in Decision.objects.get().items.all()}
    assert said == {"Lò Văn An": {rule: "Sắp xếp tổ chức bộ máy"}, "Nông Thị Bình": {}, "Trần Đức Cường": {}}


def test_what_the_law_does_not_let_pass_stays_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = _not_met(monkeypatch, is_overridable=False)
    data = sent(office.people, **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu", f"reason-{rule}": "xin"})
    response = office.client.post(enter_url("transfer"), data)
    assert response.status_code == 422
    assert "luật không cho bỏ qua" in _text(response)


def test_checking_writes_nothing_and_tells_what_would_be_written(office: Office) -> None:
    data = sent(office.people, **PAPER, unit="Sở Mẫu (SO-MAU)", action="check", **{"t-unit": "Phòng Mẫu"})
    response = office.client.post(enter_url("transfer"), data)
    assert response.status_code == 200
    page = _text(response)
    assert "Không có vướng mắc." in page
    assert page.count("Ghi 4 thay đổi vào hồ sơ") == 3
    assert "Đơn vị quản lý hồ sơ" in page
    assert not Decision.objects.exists()
    assert _unit_on(office.people[0]) == office.unit


@pytest.mark.parametrize("typed", ["lo van an", "Lò Văn An", "(KEY)", "NUMBER"])
def test_people_are_added_as_they_are_written(office: Office, typed: str) -> None:
    person = office.people[0]
    text = typed.replace("KEY", str(person.pk)).replace("NUMBER", str(person.personal_number))
    data = sent([], **PAPER, who=text, action="add", summary="đang gõ dở")
    response = office.client.post(enter_url("transfer"), data)
    assert response.status_code == 200
    assert [row.cadre for row in response.context["table"].rows] == [person]
    assert "đang gõ dở" in _text(response)
    assert not response.context["form"].is_bound


def test_a_pasted_list_tells_namesakes_and_strangers_apart(office: Office) -> None:
    twin = make_cadre(unit=office.unit, name="Nông Thị Bình", since=SINCE)
    outside = make_cadre(name="Thạch Sùng", since=SINCE)
    lines = f"Trần Đức Cường\n{office.people[0].personal_number}\nNông Thị Bình\n{outside.full_name}\nKhông Có Ai"
    response = office.client.post(enter_url("transfer"), sent([], paste=lines, action="add"))
    assert [row.name for row in response.context["table"].rows] == ["Trần Đức Cường", "Lò Văn An"]
    found = response.context["found"]
    assert found.nobody == ["Thạch Sùng", "Không Có Ai"]
    assert [{one.pk for one in people} for _, people in found.several] == [{twin.pk, office.people[1].pk}]
    ticked = office.client.post(
        enter_url("transfer"), sent(office.people[:1], pick=[twin.pk, outside.pk], action="add")
    )
    assert [row.cadre for row in ticked.context["table"].rows] == [office.people[0], twin]


def test_people_of_a_unit_are_offered_and_rows_taken_off(office: Office) -> None:
    response = office.client.post(enter_url("transfer"), sent([], pick_unit="Sở Mẫu (SO-MAU)", action="find"))
    ((_, people),) = response.context["found"].several
    assert people == office.people
    left = office.client.post(enter_url("transfer"), sent(office.people, action="remove:2"))
    assert [row.cadre for row in left.context["table"].rows] == [office.people[0], office.people[2]]


def test_the_rows_alone_are_drawn_for_htmx(office: Office) -> None:
    response = office.client.post(
        enter_url("transfer"), sent([], who="Lò Văn An", action="add"),
        headers={"HX-Request": "true", "HX-Target": "decision-people"},
    )  # fmt: skip
    page = _text(response)
    assert page.lstrip().startswith("<section")
    assert "autofocus" in page
    assert "<html" not in page


def test_who_is_out_of_scope_is_neither_taken_from_the_address_nor_from_a_forged_form(office: Office) -> None:
    outside = make_cadre(name="Thạch Sùng", since=SINCE)
    response = office.client.get(enter_url("transfer", cadre=f"{office.people[0].pk},{outside.pk}"))
    assert [row.cadre for row in response.context["table"].rows] == [office.people[0]]
    assert "Thạch Sùng" not in _text(response)
    data = sent([office.people[0], outside], **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu"})
    assert office.client.post(enter_url("transfer"), data).status_code == 302
    assert [item.cadre for item in Decision.objects.get().items.all()] == [office.people[0]]


def test_a_selection_of_the_list_of_people_comes_along(office: Office) -> None:
    response = office.client.get(enter_url("pay_step", list=1, unit="SO-MAU", q="thi"))
    assert [row.name for row in response.context["table"].rows] == ["Nông Thị Bình"]
    assert response.context["shared_cells"][0].value is None


def test_another_kind_keeps_what_both_say(office: Office) -> None:
    data = sent(office.people, **PAPER, kind="secondment", action="kind", summary="đổi loại", **{"t-unit": "Phòng Mẫu"})
    response = office.client.post(enter_url("transfer"), data)
    assert response.context["act"].key == "secondment"
    page = _text(response)
    assert "đổi loại" in page
    assert len(response.context["table"].rows) == 3
    assert re.search(r'name="t-unit"[^>]*value="Phòng Mẫu"|value="Phòng Mẫu"[^>]*name="t-unit"', page)


def test_somebody_new_gets_a_record(office: Office) -> None:
    blank = office.client.post(enter_url("recruitment"), sent([], action="blank"))
    (row,) = blank.context["table"].rows
    assert row.cadre is None
    new = {"full_name": "PHẠM THỊ MỚI", "born": "03/02/2000", "sex": "female", "personal_number": "010300123456"}
    data = sent(
        [None], [new], **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu", "t-category": "civil_servant"}
    )
    assert office.client.post(enter_url("recruitment"), data).status_code == 302
    person = Cadre.objects.get(personal_number="010300123456")
    assert person.full_name == "Phạm Thị Mới"
    assert _unit_on(person) == office.division


def test_a_number_kept_elsewhere_needs_the_province(office: Office) -> None:
    elsewhere = make_cadre(name="Thạch Sùng", since=SINCE)
    new = {"full_name": "A B", "born": "03/02/2000", "sex": "female", "personal_number": elsewhere.personal_number}
    data = sent(
        [None], [new], **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu", "t-category": "civil_servant"}
    )
    response = office.client.post(enter_url("recruitment"), data)
    assert response.status_code == 422
    assert "cần cấp tỉnh xử lý" in _text(response)
    assert "Thạch Sùng" not in _text(response)


def test_a_scan_waits_for_a_refused_form_and_is_kept_with_the_decision(office: Office) -> None:
    data = sent(office.people[:1], **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Sở Mẫu"}, scan=pdf(pages=2))
    response = office.client.post(enter_url("transfer"), data)
    assert response.status_code == 422
    scan = response.context["scan"]
    assert (scan.name, scan.pages) == ("ban-quet.pdf", 2)
    data = sent(office.people[:1], **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu"}, scan_token=scan.token)
    assert office.client.post(enter_url("transfer"), data).status_code == 302
    decision = Decision.objects.get()
    taken = office.client.get(reverse("personnel:decision-scan", args=[decision.pk]))
    assert b"".join(taken.streaming_content).startswith(b"%PDF")


def test_a_workbook_brings_people_and_their_values(office: Office) -> None:
    template = office.client.get(reverse("personnel:decision-list-template", query={"kind": "pay_step"}))
    heads = next(row for row in rows_of(template.content) if "Số định danh cá nhân" in row)
    assert list(heads[:3]) == ["Số định danh cá nhân", "Họ và tên", "Ngày sinh"]
    rows = [
        ("Danh sách nâng bậc", "", "", ""),
        heads,
        (office.people[0].personal_number, "", "", 4, "3,33"),
        ("", "Nông Thị Bình", "", "bốn", ""),
        ("", "Không Có Ai", "", 3, ""),
    ]
    upload = SimpleUploadedFile("ds.xlsx", workbook([row + ("",) * (len(heads) - len(row)) for row in rows]))
    data = sent([], **PAPER, action="upload", list_file=upload)
    response = office.client.post(enter_url("pay_step"), data)
    table = response.context["table"]
    assert [(row.name, row.raw["step"]) for row in table.rows] == [("Lò Văn An", "4"), ("Nông Thị Bình", "bốn")]
    assert [(fault.row, fault.column, fault.code) for fault in response.context["list_faults"]] == [
        (4, "Bậc mới", "bad-value"),
        (5, "Họ và tên", "unknown-person"),
    ]
    broken = sent([], action="upload", list_file=SimpleUploadedFile("ds.xlsx", b"%PDF-1.4"))
    assert "PDF" in office.client.post(enter_url("pay_step"), broken).context["list_refused"]


def test_a_draft_is_kept_from_the_same_page(office: Office) -> None:
    data = sent(office.people, effective_on="01/12/2026", classification="plain", unit="Sở Mẫu (SO-MAU)",
                action="draft", **{"t-unit": "Phòng Mẫu"})  # fmt: skip
    url = reverse("personnel:decision-create", query={"kind": "transfer"})
    assert office.client.post(url, data).status_code == 302
    draft = Decision.objects.get()
    assert (draft.state, draft.items.count(), draft.effective_on) == ("draft", 3, D(2026, 12, 1))
    assert _unit_on(office.people[0]) == office.unit


def _after_many_years(model: type[Model]) -> None:
    """Keys stand where the register of a whole province will bring them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 40000000)", [model._meta.db_table])


def test_annulment_and_correction_start_from_the_decision(office: Office) -> None:
    _after_many_years(DecisionItem)
    data = sent(office.people, **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu"})
    office.client.post(enter_url("transfer"), data)
    target = Decision.objects.get()
    other = make_unit("PHONG-DUNG", parent=office.unit, name="Phòng Đúng")
    shown = office.client.get(enter_url("correction", target=target.pk))
    rows = shown.context["table"].rows
    assert [row.cadre for row in rows] == office.people
    assert rows[0].raw["unit"] == "Phòng Mẫu (PHONG-MAU)"
    keys = [row.key for row in rows]
    correct: dict[str, Any] = {"row": keys, "of": target.pk, "unit": "Sở Mẫu (SO-MAU)", "t-cause": "ghi nhầm"}
    for row in rows:
        assert row.cadre is not None
        correct |= {f"p{row.key}-cadre": row.cadre.pk, f"p{row.key}-unit": "Phòng Mẫu (PHONG-MAU)"}
    correct[f"p{keys[1]}-unit"] = "Phòng Đúng (PHONG-DUNG)"
    response = office.client.post(enter_url("correction"), correct | PAPER | {"number": "13/QĐ-SO"})
    assert response.status_code == 302
    assert [_unit_on(one) for one in office.people] == [office.division, other, office.division]
    annul = {"of": target.pk, "unit": "Sở Mẫu (SO-MAU)", "t-cause": "trái thẩm quyền", **PAPER, "number": "14/QĐ-SO"}
    checked = office.client.post(enter_url("annulment"), annul | {"action": "check"})
    assert "Không có vướng mắc." in _text(checked)
    target.refresh_from_db()
    assert target.state == "signed"
    assert office.client.post(enter_url("annulment"), annul).status_code == 302
    assert [_unit_on(one) for one in office.people] == [office.unit] * 3
    target.refresh_from_db()
    assert target.state == "annulled"


def test_a_decision_of_another_office_is_not_revised(office: Office) -> None:
    data = sent(office.people[:1], **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu"})
    office.client.post(enter_url("transfer"), data)
    target = Decision.objects.get()
    stranger = browser(make_user(Role.UNIT_OFFICER))
    for asked in (target.pk, 999_999, "x"):
        assert stranger.get(enter_url("annulment", target=asked)).status_code == 404


def test_any_number_of_people_costs_the_same_queries(office: Office, django_assert_max_num_queries: Any) -> None:
    rank = make_code(Rank, "01.003", name="Chuyên viên", scale="A1")
    client, counts = office.client, []
    for size in (2, 12):
        people = [make_cadre(unit=office.unit, since=SINCE) for _ in range(size)]
        for cadre in people:
            add_pay_step(cadre, rank, step=3, coefficient="3.00", effective_from=SINCE)
        data = sent(people, **PAPER, unit="Sở Mẫu (SO-MAU)", action="check")
        with django_assert_max_num_queries(90) as queries:
            assert client.post(enter_url("pay_step"), data).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_is_checked_or_kept_as_a_draft_needs_no_paper_yet(office: Office) -> None:
    bare = {"classification": "plain", "unit": "Sở Mẫu (SO-MAU)", "t-unit": "Phòng Mẫu"}
    data = sent(office.people, **bare, action="check")  # type: ignore[arg-type]
    response = office.client.post(enter_url("transfer"), data)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"effective_on"}
    data |= {"effective_on": "01/04/2026", "signer": "Trần A"}
    assert office.client.post(enter_url("transfer"), data).status_code == 200
    assert office.client.post(enter_url("transfer"), data | {"action": "draft"}).status_code == 302
    assert Decision.objects.get().signer == "Trần A"
    refused = office.client.post(enter_url("transfer"), data | {"action": "save"})
    assert {"number", "signed_on", "issuer"} <= set(refused.context["form"].errors)


def test_of_a_stub_no_summary_is_kept(office: Office) -> None:
    data = sent(office.people, **PAPER | {"classification": "top_secret"}, summary="điều bí mật",  # type: ignore[arg-type]
                unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu"})  # fmt: skip
    response = office.client.post(enter_url("transfer"), data)
    assert set(response.context["form"].errors) == {"summary"}


def test_more_people_than_a_page_takes_are_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("personnel.views.decisions.drawn_up.MOST_ROWS", 2)
    response = office.client.get(enter_url("pay_step", list=1))
    assert len(response.context["table"].rows) == 2
    assert "Trang này nhận tối đa" in _text(response)


def test_one_number_is_one_number_however_it_is_spelt(office: Office) -> None:
    data = sent(office.people[:1], **PAPER, unit="Sở Mẫu (SO-MAU)", **{"t-unit": "Phòng Mẫu"})
    assert office.client.post(enter_url("transfer"), data).status_code == 302
    for number, issuer in (("12/qđ-so", "SỞ  MẪU"), ("012 / QĐ - SO", "Sở Mẫu")):
        again = sent(office.people[1:2], **PAPER | {"number": number, "issuer": issuer}, unit="Sở Mẫu (SO-MAU)",
                     **{"t-unit": "Phòng Mẫu"})  # fmt: skip
        response = office.client.post(enter_url("transfer"), again)
        assert response.status_code == 422
        assert "Quyết định cùng số, ngày ký và cơ quan ban hành đã có." in _text(response)
    hostile = sent(office.people[1:2], **PAPER | {"number": "=cmd|<script>"}, unit="Sở Mẫu (SO-MAU)",
                   **{"t-unit": "Phòng Mẫu"})  # fmt: skip
    assert "Số, ký hiệu gồm chữ, số" in _text(office.client.post(enter_url("transfer"), hostile))
    assert Decision.objects.count() == 1


def test_a_replacement_begins_with_what_its_target_said(office: Office) -> None:
    other = make_unit("PHONG-KHAC", parent=office.unit, name="Phòng Khác")
    data = sent(office.people, [{}, {"unit": "Phòng Khác (PHONG-KHAC)"}], **PAPER, unit="Sở Mẫu (SO-MAU)",
                **{"t-unit": "Phòng Mẫu"})  # fmt: skip
    office.client.post(enter_url("transfer"), data)
    target = Decision.objects.get()
    shown = office.client.get(enter_url("transfer", target=target.pk))
    assert [(row.cadre, row.raw["unit"]) for row in shown.context["table"].rows] == [
        (office.people[0], None), (office.people[1], f"Phòng Khác ({other.code})"), (office.people[2], None),
    ]  # fmt: skip
    assert 'value="Phòng Mẫu (PHONG-MAU)"' in _text(shown)


def test_a_decision_that_is_only_cited_says_how_it_is_mended(office: Office) -> None:
    cited = make(Decision, number="7/QĐ", signed_on=D(2014, 9, 26), effective_on=D(2014, 9, 26), issuer="Sở cũ")
    make(DecisionItem, decision=cited, cadre=office.people[0])
    response = office.client.get(enter_url("annulment", target=cited.pk))
    assert (response.status_code, response["Location"]) == (302, reverse("personnel:decision", args=[cited.pk]))
    assert "chỉ được viện dẫn" in _text(office.client.get(response["Location"]))
