"""A draft on its pages: changed by two people, checked, passed over, submitted, returned, signed, dropped; by whom."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hrdb.kernel.findings import Citation, Finding
from hrdb.kernel.history import version_of
from hrdb.kernel.models import AuditEvent
from personnel.models import Assignment, Decision
from personnel.policies import Role
from personnel.rules.judging import RULES
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.register import check_draft, submit_decision
from tests.factories.personnel import make_cadre, make_unit, make_user
from tests.factories.workbooks import workbook
from tests.personnel.decisions.making import D
from tests.personnel.decisions.pages import PAPER, SINCE, Office, browser, draft_of, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_conditions")]


def _text(response: Any) -> str:
    return html.unescape(response.content.decode())


def _own(draft: Decision, *values: dict[str, str]) -> dict[str, Any]:
    """What the page of the people sends."""
    items = list(draft.items.order_by("position"))
    data: dict[str, Any] = {"row": [item.pk for item in items], "record_version": version_of(draft)}
    for item, said in zip(items, values, strict=False):
        data |= {f"p{item.pk}-{key}": value for key, value in said.items()}
    return data


def test_head_and_terms_are_changed(office: Office) -> None:
    draft = draft_of(office)
    shown = _text(office.client.get(page("decision-edit", draft)))
    assert 'value="01/04/2026"' in shown
    data = {
        "effective_on": "15/04/2026", "classification": "plain", "summary": "Về việc điều động",
        "t-unit": "Phòng Mẫu", "record_version": version_of(draft),
    }  # fmt: skip
    assert office.client.post(page("decision-edit", draft), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.effective_on, draft.summary, draft.terms) == (
        D(2026, 4, 15), "Về việc điều động", {"unit": office.division.pk},
    )  # fmt: skip
    again = _text(office.client.get(page("decision-edit", draft)))
    assert 'value="Phòng Mẫu (PHONG-MAU)"' in again


def test_the_second_of_two_who_change_the_head_is_told_and_shown(office: Office) -> None:
    draft = draft_of(office)
    version = version_of(draft)
    data = {"effective_on": "15/04/2026", "classification": "plain", "record_version": version}
    assert office.client.post(page("decision-edit", draft), data | {"t-unit": "Phòng Mẫu"}).status_code == 302
    response = office.client.post(page("decision-edit", draft), data | {"summary": "bản của tôi"})
    assert response.status_code == 409
    assert response.context["differs"] == [
        ("Đơn vị đến", "Phòng Mẫu (PHONG-MAU)", ""),
        ("Trích yếu", "", "bản của tôi"),
    ]
    assert "bản của tôi" in _text(response)
    fresh = data | {"summary": "bản của tôi", "record_version": response.context["version"]}
    assert office.client.post(page("decision-edit", draft), fresh).status_code == 302
    draft.refresh_from_db()
    assert (draft.summary, draft.terms) == ("bản của tôi", {})


def test_own_values_are_changed_in_place_and_a_stale_page_is_refused(office: Office) -> None:
    draft = draft_of(office)
    sent = _own(draft, {"unit": "Phòng Mẫu"}, {"title": "không có chức danh này"})
    response = office.client.post(page("decision-people", draft), sent)
    assert response.status_code == 422
    assert "Không có «không có chức danh này»" in _text(response)
    sent = _own(draft, {"unit": "Phòng Mẫu"})
    assert office.client.post(page("decision-people", draft), sent).status_code == 302
    assert [item.values for item in draft.items.order_by("position")] == [{"unit": office.division.pk}, {}, {}]
    stale = office.client.post(page("decision-people", draft), sent | {f"p{sent['row'][0]}-unit": ""})
    assert stale.status_code == 409
    assert "Đang có trong dự thảo: Phòng Mẫu (PHONG-MAU)" in _text(stale)


def test_items_of_another_decision_are_never_touched(office: Office) -> None:
    draft, other = draft_of(office), draft_of(office, people=office.people[:1])
    foreign = other.items.get()
    data = {"row": [foreign.pk], f"p{foreign.pk}-unit": "Phòng Mẫu", "record_version": version_of(draft)}
    office.client.post(page("decision-people", draft), data)
    office.client.post(page("decision-people", draft), data | {"action": f"remove:{foreign.pk}"})
    foreign.refresh_from_db()
    assert foreign.values == {}
    told = office.client.post(
        page("decision-override", draft), {"item": foreign.pk, "rule": next(iter(RULES)).key, "reason": "cho qua"}
    )
    assert told.status_code == 404


def test_people_are_added_taken_off_and_read_from_a_workbook(office: Office) -> None:
    draft = draft_of(office, "pay_step", people=office.people[:1])
    client, url = office.client, page("decision-people", draft)
    added = client.post(url, {"who": "Nông Thị Bình", "action": "add", "record_version": version_of(draft)})
    assert added.status_code == 302
    first = draft.items.order_by("position")[0]
    client.post(url, {"action": f"remove:{first.pk}", "record_version": version_of(draft)})
    assert [item.cadre for item in draft.items.all()] == [office.people[1]]
    heads = ("Số định danh cá nhân", "Bậc mới", "Hệ số mới")
    rows = [heads, (office.people[1].personal_number, 5, 3.66), (office.people[2].personal_number, 6, "")]
    bad = [heads, (office.people[1].personal_number, "năm", ""), ("000000000001", 5, "")]
    refused = client.post(url, {"action": "upload", "list_file": SimpleUploadedFile("a.xlsx", workbook(bad))})
    assert [(fault.row, fault.code) for fault in refused.context["list_faults"]] == [
        (2, "bad-value"), (3, "unknown-person"),
    ]  # fmt: skip
    assert draft.items.count() == 1
    taken = client.post(url, {"action": "upload", "list_file": SimpleUploadedFile("a.xlsx", workbook(rows))})
    assert taken.status_code == 302
    said = {item.cadre: item.values for item in draft.items.all()}
    assert said == {office.people[1]: {"step": 5, "coefficient": "3.66"}, office.people[2]: {"step": 6}}


def test_hundreds_of_people_are_paged(office: Office) -> None:
    crowd = [make_cadre(unit=office.unit, since=SINCE) for _ in range(60)]
    draft = draft_of(office, people=crowd)
    client = office.client
    for name in ("decision", "decision-people", "decision-check"):
        assert client.get(page(name, draft), {"page": 2}).status_code == 200
    second = client.get(page("decision-people", draft), {"page": 2})
    assert len(second.context["table"].rows) == 10


def _blocking(monkeypatch: pytest.MonkeyPatch) -> str:
    rule = next(one for one in RULES if one.is_overridable)
    finding = Finding(
        rule=rule.key, outcome="not_met", value=60, facts={"Tuổi": 61}, citation=Citation("1/QH15", D(2026, 1, 1)),
        confidence="unconfirmed",
    )  # fmt: skip
    unknown = Finding(rule=rule.key, outcome="unknown", missing=("Ngày sinh",))
    act = type(decision_acts["transfer"])
    monkeypatch.setattr(act, "findings", lambda self, case: [finding] if "An" in case.cadre.full_name else [unknown])
    return rule.key


def test_the_check_tells_every_finding_and_the_difference(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = _blocking(monkeypatch)
    draft = draft_of(office, unit=office.division)
    client, url = office.client, page("decision-check", draft)
    response = client.get(url)
    sums = response.context["sums"]
    assert (sums.people, sums.faults, sums.blocked, sums.unknown, sums.met) == (3, 0, 1, 2, 0)
    faults_first = _text(response)
    assert "Lò Văn An" in faults_first
    assert "Nông Thị Bình" not in faults_first
    assert "Tuổi: 61; quy định: 60" in faults_first
    assert "Luật 1/QH15 ngày 01/01/2026 · chưa kiểm chứng" in faults_first
    assert "Quản lý hồ sơ" in faults_first
    everybody = _text(client.get(url, {"show": "all"}))
    assert "Thiếu: Ngày sinh" in everybody
    assert client.post(url, {"action": "submit"}).status_code == 422
    item = draft.items.get(cadre=office.people[0])
    client.post(page("decision-override", draft), {"item": item.pk, "rule": rule, "reason": "sắp xếp bộ máy"})
    assert client.post(url, {"action": "submit"}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "submitted"
    read = AuditEvent.objects.filter(action=AuditEvent.Action.READ_SENSITIVE, user=office.officer)
    assert read.exists()


def _submitted(office: Office) -> Decision:
    draft = draft_of(office, unit=office.division)
    check_draft(decision=draft, acting_user=office.officer)
    return submit_decision(decision=draft, acting_user=office.officer)


def test_who_approves_reads_and_returns_with_a_comment(office: Office) -> None:
    draft, approver = _submitted(office), browser(office.user(Role.APPROVER))
    assert approver.get(page("decision", draft)).status_code == 200
    assert approver.get(page("decision-check", draft)).status_code == 403
    assert approver.post(page("decision-return", draft), {"note": ""}).status_code == 422
    assert approver.post(page("decision-return", draft), {"note": "Thiếu hồ sơ"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.return_note) == ("draft", "Thiếu hồ sơ")
    assert "Thiếu hồ sơ" in _text(office.client.get(page("decision", draft)))
    again = approver.post(page("decision-return", draft), {"note": "lần nữa"})
    assert again.status_code == 422


def test_a_submitted_draft_is_not_changed_and_leads_back(office: Office) -> None:
    draft = _submitted(office)
    for name in ("decision-edit", "decision-people"):
        assert office.client.get(page(name, draft)).status_code == 302
        assert office.client.post(page(name, draft), {"action": "save"}).status_code == 302
    assert office.client.get(page("decision-check", draft)).status_code == 200


def test_signing_writes_and_a_refusal_names_people(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = draft_of(office, unit=office.unit)
    response = office.client.post(page("decision-sign", draft), PAPER)
    assert response.status_code == 422
    assert "Lò Văn An: Đơn vị đến trùng với đơn vị đang công tác." in _text(response)
    good = _submitted(office)
    assert office.client.post(page("decision-sign", good), PAPER).status_code == 302
    good.refresh_from_db()
    assert (good.state, good.number) == ("signed", "12/QĐ-SO")
    assert Assignment.objects.filter(decision=good).count() == 3
    shown = _text(office.client.get(page("decision", good)))
    assert "4 thay đổi" in shown
    assert "Ghi vào hồ sơ" in shown


def test_a_draft_is_dropped_with_its_people(office: Office) -> None:
    draft = draft_of(office)
    assert "danh sách 3 người" in _text(office.client.get(page("decision-drop", draft)))
    assert office.client.post(page("decision-drop", draft)).status_code == 302
    assert not Decision.objects.filter(pk=draft.pk).exists()


def test_roles_and_offices_get_what_is_theirs(office: Office) -> None:
    draft = draft_of(office)
    above = make_unit("TREN", name="Cấp trên")
    stranger = make_user(Role.UNIT_OFFICER, unit=above)
    for name in ("decision", "decision-edit", "decision-people", "decision-check", "decision-sign", "decision-drop"):
        url = page(name, draft)
        assert browser(stranger).get(url).status_code == 404, name
        assert browser(make_user(Role.PROVINCE_OFFICER)).get(url).status_code == 200, name
        reads = 200 if name == "decision" else 403
        for role in (Role.APPROVER, Role.INSPECTOR):
            assert browser(office.user(role)).get(url).status_code == reads, (name, role)
        assert browser(make_user(Role.ADMINISTRATOR)).get(url).status_code == 403, name
        assert browser(make_user(Role.CADRE)).get(url).status_code == 403, name
    buttons = _text(browser(office.user(Role.INSPECTOR)).get(page("decision", draft)))
    assert reverse("personnel:decision-check", args=[draft.pk]) not in buttons


def test_a_check_costs_the_same_queries_for_any_number_of_people(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for size in (2, 12):
        crowd = [make_cadre(unit=office.unit, since=SINCE) for _ in range(size)]
        draft = draft_of(office, people=crowd, unit=office.division)
        for name in ("decision-check", "decision-people", "decision"):
            with django_assert_max_num_queries(60) as queries:
                assert office.client.get(page(name, draft)).status_code == 200
            counts.append((name, len(queries)))
    assert dict(counts[:3]) == dict(counts[3:])
