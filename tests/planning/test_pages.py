"""The pages of planning: who finds what, that they cost the same for few and many, what is logged, what is hidden."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.models import AuditEvent, User
from personnel.choices import ManagingLevel, TitleGroup
from personnel.models import Cadre, QualificationLevel, Seat, Title, TitleStandard, Unit
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from planning.choices import CandidateState, RoundKind, RoundState
from planning.models import Candidate, PlannedSeat, PlanningRound, StructureTarget, UnitPlan
from planning.statistics.announced import announced_titles
from planning.statistics.judging import judge_candidates
from tests.factories.personnel import LONG_AGO, add_party, make, make_cadre, make_title, make_unit, make_user
from tests.planning.making import DAY, approve, make_round, make_seat, open_round, put_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Unit:
    load_default_delegations()
    return make_unit("SO-A", parent=make_unit("GOC"), name="Sở Anh")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"planning:{name}", args=args)


def opened(office: Unit) -> PlannedSeat:
    made = make_round()
    seat = make_seat(made, office)
    open_round(made)
    return seat


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_a_round_goes_from_its_form_to_approval_by_its_pages(office: Unit) -> None:
    planner, leader = make_user(Role.PROVINCE_OFFICER), make_user(Role.APPROVER, unit=Unit.objects.get(code="GOC"))
    title = make_title("TP", group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8)
    make(Seat, unit=office, title=title, number=2, effective_from=LONG_AGO)
    client = browser(planner)
    sent = {
        "code": "QH30",
        "name": "Quy hoạch 2030",
        "term": "2030-2035",
        "level": "unit",
        "day": "24/11/2026",
        "due_on": "24/12/2026",
        "reference_state": "05/2031",
    }
    assert client.post(url("round-create"), {**sent, "term": "2035-2030"}).status_code == 422
    assert client.post(url("round-create"), sent).status_code == 302
    made = PlanningRound.objects.get()
    assert (made.kind, made.level, made.reference_days) == (RoundKind.FIRST, ManagingLevel.UNIT, {"state": "2031-05"})
    assert "1 ghế" in client.get(url("seat-add", made.pk)).content.decode()
    answered = client.post(url("seat-add", made.pk), {"titles": [title.pk], "unit": "KHONG-CO"})
    assert answered.status_code == 422
    assert client.post(url("seat-add", made.pk), {"titles": [title.pk]}).status_code == 302
    seat = PlannedSeat.objects.get()
    assert (seat.number, seat.part.unit) == (2, office)
    assert client.post(url("round-move", made.pk, "open")).status_code == 302
    person = make_cadre(unit=office)
    client.post(url("seat-propose", seat.pk), {"people": [person.pk], "object": "2", "do": "propose"})
    row = Candidate.objects.get()
    assert (row.object, row.source) == (2, "on_site")
    changed = {"object": "1", "source": "elsewhere", "training_plan": "Cao cấp 2027", "reason": "nguồn lâu dài"}
    assert client.post(url("candidate-change", row.pk), {**changed, "record_version": "0"}).status_code == 409
    version = client.get(url("candidate-change", row.pk)).context["version"]
    assert client.post(url("candidate-change", row.pk), {**changed, "record_version": version}).status_code == 302
    assert client.post(url("round-move", made.pk, "submitted")).status_code == 302
    assert browser(leader).get(url("round-approve", made.pk)).status_code == 200
    approved = {"day": "24/11/2026", "number": "15-QĐ/SNV", "signed_on": "23/11/2026", "issuer": "Sở Anh"}
    assert browser(leader).post(url("round-approve", made.pk), approved).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.decision.number, len(made.sha256)) == (RoundState.APPROVED, "15-QĐ/SNV", 64)
    assert made.decision.summary == ""
    assert client.post(url("round-announce", made.pk)).status_code == 302
    review = {"code": "RS", "name": "Rà soát 2027", "day": "01/03/2027"}
    assert client.post(url("review-create", made.pk), review).status_code == 302
    assert PlanningRound.objects.get(code="RS").follows == made


def test_the_list_of_a_seat_is_put_in_order_overridden_and_taken_off(office: Unit) -> None:
    seat, client = opened(office), browser(make_user(Role.UNIT_OFFICER, unit=office))
    one, two = put_on(seat, make_cadre(unit=office), make_cadre(unit=office))
    client.post(url("seat-detail", seat.pk), {"row": two.pk, "move": "up"})
    assert list(seat.candidates.values_list("pk", flat=True)) == [two.pk, one.pk]
    page = client.get(url("seat-detail", seat.pk)).content.decode()
    assert "Cho qua «Là đảng viên»" in page
    assert (
        client.post(url("candidate-override", one.pk, "party_member"), {"reason": "cấp ủy đồng ý"}).status_code == 302
    )
    one.refresh_from_db()
    assert one.overrides == {"party_member": "cấp ủy đồng ý"}
    assert client.get(url("candidate-override", one.pk, "planning_discipline")).status_code == 404
    assert client.post(url("candidate-take-off", two.pk), {"reason": ""}).status_code == 422
    assert client.post(url("candidate-take-off", two.pk), {"reason": "xin rút"}).status_code == 302
    two.refresh_from_db()
    assert (two.state, two.reason) == (CandidateState.REJECTED, "xin rút")


def test_a_unit_sends_its_part_and_the_province_returns_it(office: Unit) -> None:
    seat = opened(office)
    part, officer = UnitPlan.objects.get(), browser(make_user(Role.UNIT_OFFICER, unit=office))
    (row,) = put_on(seat, make_cadre(unit=office))
    assert officer.post(url("part-send", part.pk)).status_code == 302
    assert officer.get(url("candidate-change", row.pk)).status_code == 404
    assert officer.get(url("part-return", part.pk)).status_code == 404
    planner = browser(make_user(Role.PROVINCE_OFFICER))
    assert planner.post(url("part-return", part.pk), {"reason": "thiếu người"}).status_code == 302
    part.refresh_from_db()
    assert (part.state, part.comment) == (UnitPlan.State.RETURNED, "thiếu người")
    assert "thiếu người" in officer.get(url("part-list", seat.round_id)).content.decode()


def test_everybody_is_ranked_and_the_filters_narrow(office: Unit) -> None:
    seat = opened(office)
    member = make_cadre(unit=office, name="Lê Thị Đảng Viên", sex="female")
    add_party(member)
    other = make_cadre(unit=office, name="Trần Văn Ngoài")
    client = browser(make_user(Role.UNIT_OFFICER, unit=office))
    page = client.get(url("seat-find", seat.pk))
    assert [row.record.pk for row in page.context["rows"]] == [member.pk, other.pk]
    assert [row.record.ranked.standing for row in page.context["rows"]] == ["unknown", "not_met"]
    assert "Phần lớn chưa kết luận được" in page.content.decode()
    narrowed = client.get(url("seat-find", seat.pk), {"outcome": "not_met"})
    assert [row.record.pk for row in narrowed.context["rows"]] == [other.pk]
    women = client.get(url("seat-find", seat.pk), {"sex": "female", "age_from": "30", "unit": "SO-A"})
    assert [row.record.pk for row in women.context["rows"]] == [member.pk]
    both = client.get(url("seat-compare", seat.pk), {"people": f"{member.pk},{other.pk}"})
    assert [one.cadre.pk for one, _ in both.context["people"]] == [member.pk, other.pk]
    assert len(both.context["findings"]) > 10
    outside = client.get(url("seat-compare", seat.pk), {"people": make_cadre().pk})
    assert outside.status_code == 404
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("seat-find", seat.pk), {"export": "xlsx"}).content))
    assert "Lê Thị Đảng Viên" in {cell.value for row in book.active for cell in row}


def test_somebody_sees_neither_his_own_place_nor_himself_among_the_found(office: Unit) -> None:
    planner = make_user(Role.UNIT_OFFICER, unit=office)
    me, seat = make_cadre(unit=office, name="Phạm Tự Mình", account=planner), opened(office)
    put_on(seat, me)
    client = browser(planner)
    for name in ("seat-detail", "seat-find", "seat-missing"):
        assert "Phạm Tự Mình" not in client.get(url(name, seat.pk)).content.decode(), name
    for name in ("round-detail", "candidate-list", "round-history"):
        page = client.get(url(name, seat.round_id)).content.decode()
        assert "Phạm Tự Mình" not in page, name
    assert client.get(url("candidate-change", Candidate.objects.get().pk)).status_code == 404
    assert client.get(url("person-seats", me.pk)).status_code == 404
    profile = client.get(reverse("personnel:cadre-detail", args=[me.pk])).content.decode()
    assert "tab=planning" not in profile
    assert "Có thể quy hoạch" not in profile


def test_what_was_announced_stands_on_the_own_record_and_in_item_24(office: Unit) -> None:
    account = make_user(Role.CADRE)
    me, seat = make_cadre(unit=office, account=account), opened(office)
    put_on(seat, me)
    approve(seat.round)
    planner = make_user(Role.PROVINCE_OFFICER)
    assert announced_titles([me.pk], DAY, None) == {}
    PlanningRound.objects.update(is_announced=True)
    told = f"{seat.title.name}, Sở Anh (nhiệm kỳ 2030-2035)"
    for user in (account, planner, None):
        assert announced_titles([me.pk], DAY, user) == {me.pk: [told]}
    for user in (make_user(Role.INSPECTOR, unit=office), make_user(Role.APPROVER, unit=office), make_user()):
        assert announced_titles([me.pk], DAY, user) == {}
    own = browser(account).get(reverse("personnel:cadre-detail", args=[me.pk]), {"tab": "career"}).content.decode()
    assert told in own


def test_the_profile_shows_planning_to_planners_only(office: Unit) -> None:
    seat = opened(office)
    person = make_cadre(unit=office)
    put_on(seat, person)
    address = reverse("personnel:cadre-detail", args=[person.pk])
    shown = {
        role: "tab=planning" in browser(make_user(role, unit=office)).get(address).content.decode()
        for role in (Role.UNIT_OFFICER, Role.APPROVER, Role.INSPECTOR)
    }
    assert shown == {Role.UNIT_OFFICER: True, Role.APPROVER: True, Role.INSPECTOR: False}
    officer = browser(make_user(Role.UNIT_OFFICER, unit=office))
    assert seat.title.name in officer.get(address, {"tab": "planning"}).content.decode()
    leader = browser(make_user(Role.APPROVER, unit=office))
    assert seat.title.name not in leader.get(address, {"tab": "planning"}).content.decode()
    assert browser(make_user(Role.INSPECTOR, unit=office)).get(address, {"tab": "planning"}).status_code == 404


def test_every_showing_is_logged_where_only_planners_read_it(office: Unit) -> None:
    seat = opened(office)
    person = make_cadre(unit=office)
    add_party(person)
    put_on(seat, person)
    user = make_user(Role.UNIT_OFFICER, unit=office)
    client = browser(user)
    for name, key in (
        ("seat-detail", seat.pk),
        ("seat-find", seat.pk),
        ("seat-missing", seat.pk),
        ("candidate-list", seat.round_id),
        ("round-history", seat.round_id),
    ):
        before = AuditEvent.objects.count()
        assert client.get(url(name, key)).status_code == 200
        events = AuditEvent.objects.order_by("pk")[before:]
        shown = [one for one in events if person.pk in one.details.get("people", ())]
        assert [(one.action, one.details["needs"], one.user) for one in shown] == [("read_sensitive", "plan", user)], (
            name
        )


def test_pages_cost_the_same_for_few_and_for_many(office: Unit) -> None:
    made = make_round()
    seats = [make_seat(made, office, make_title(group="division_head", is_leadership=True, rank=8)) for _ in range(3)]
    open_round(made)
    put_on(seats[0], make_cadre(unit=office), make_cadre(unit=office))
    client = browser(make_user(Role.UNIT_OFFICER, unit=office))
    addresses = [
        url("round-list"),
        url("round-detail", made.pk),
        url("seat-list", made.pk),
        url("candidate-list", made.pk),
        url("round-structure", made.pk),
        url("part-list", made.pk),
        url("seat-detail", seats[0].pk),
        url("seat-find", seats[0].pk),
        url("seat-missing", seats[0].pk),
    ]
    few = [queries(client, address) for address in addresses]
    for seat in seats:
        put_on(seat, *[make_cadre(unit=office) for _ in range(6)])
    many = [queries(client, address) for address in addresses]
    assert few == many
    assert max(few) < 70


def test_what_is_missing_is_told_with_the_sheet_that_fills_it_in(office: Unit) -> None:
    seat = opened(office)
    for _ in range(3):
        add_party(make_cadre(unit=office))
    client = browser(make_user(Role.UNIT_OFFICER, unit=office))
    page = client.get(url("seat-missing", seat.pk))
    groups = {key: {one.label: one.count for one in rows} for key, _, rows in page.context["groups"]}
    assert groups["record"]["Kết luận tiêu chuẩn chính trị"] == 3
    assert groups["ratings"]["Xếp loại năm 2025"] == 3
    assert set(groups["standards"]) >= {"Trình độ chuyên môn", "Trình độ lý luận chính trị"}
    answered = client.post(url("seat-missing", seat.pk))
    assert answered.status_code == 302
    assert "/viec/" in answered["Location"] or "job" in answered["Location"]


def test_standards_are_set_by_form_and_by_sheet(office: Unit) -> None:
    title = make_title("GD-SO", name="Giám đốc sở", is_leadership=True, rank=4)
    for kind, code, rank in (("professional", "04", 6), ("political_theory", "09", 2), ("political_theory", "07", 3)):
        QualificationLevel.objects.get_or_create(kind=kind, code=code, defaults={"name": f"Bậc {code}", "rank": rank})
    client = browser(make_user(Role.PROVINCE_OFFICER))
    sent = {
        "professional_level": "04",
        "political_theory": "09",
        "effective_from": "01/12/2025",
        "confidence": "one_source",
        "citation": "Quy định 09-QĐ/TU ngày 13/11/2025",
    }
    assert client.post(url("standard-edit", title.pk), {**sent, "citation": ""}).status_code == 422
    assert client.post(url("standard-edit", title.pk), sent).status_code == 302
    assert TitleStandard.objects.filter(title=title).count() == 2
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(url("standard-sheet")).content))
    cells = {cell.value: cell for cell in sheet.active[4] if cell.value} or {}
    heads = cells or {cell.value: cell for row in sheet.active for cell in row if cell.value == "Mã chức danh"}
    row_of_head = next(iter(heads.values())).row
    columns = {cell.value: cell.column for cell in sheet.active[row_of_head] if cell.value}
    line = next(row[0].row for row in sheet.active.iter_rows() if row[0].value == "GD-SO")
    theory = columns["Trình độ lý luận chính trị"]
    assert (
        sheet.active.cell(line, theory).value == QualificationLevel.objects.get(code="09", kind="political_theory").name
    )
    sheet.active.cell(line, theory).value = "không có bậc này"
    assert "Không có trình độ này" in _send(client, sheet)
    sheet.active.cell(line, theory).value = QualificationLevel.objects.get(code="07", kind="political_theory").name
    sheet.active.cell(line, columns["Áp dụng từ ngày"]).value = "01/06/2026"
    _send(client, sheet)
    rows = TitleStandard.objects.filter(title=title, requirement="political_theory").order_by("effective_from")
    assert [(row.value, str(row.effective_until)) for row in rows] == [("09", "2026-06-01"), ("07", "None")]
    assert browser(make_user(Role.UNIT_OFFICER, unit=office)).get(url("standard-edit", title.pk)).status_code == 403


def _send(client: Client, sheet: Any) -> str:
    file = io.BytesIO()
    sheet.save(file)
    file.seek(0)
    file.name = "tieu-chuan.xlsx"
    return client.post(url("standard-import"), {"file": file}).content.decode()


def test_the_structure_is_measured_against_the_own_target_else_the_national_one(office: Unit) -> None:
    seat = opened(office)
    client = browser(make_user(Role.PROVINCE_OFFICER))
    put_on(seat, make_cadre(unit=office), make_cadre(unit=office), make_cadre(unit=office, sex="female"))
    page = client.get(url("round-structure", seat.round_id)).content.decode()
    assert "chưa kiểm chứng" in page
    target = {
        "level": "unit",
        "metric": "female",
        "percent": "50",
        "effective_from": "01/01/2026",
        "basis": "Quy định 01-QĐ/TU",
        "confidence": "confirmed",
    }
    assert client.post(url("target-create"), target).status_code == 302
    page = client.get(url("round-structure", seat.round_id)).content.decode()
    assert "thiếu 1 người" in page
    assert client.post(url("target-end", StructureTarget.objects.get().pk)).status_code == 302


def test_every_seat_for_a_person_the_reachable_first(office: Unit) -> None:
    for code, rank in (("CAO", 2), ("THAP", 9)):
        title = make_title(code, name=f"Chức danh {code}", is_leadership=True, rank=rank)
        make(Seat, unit=office, title=title, effective_from=LONG_AGO)
    person = make_cadre(unit=office)
    add_party(person)
    client = browser(make_user(Role.PROVINCE_OFFICER))
    page = client.get(url("person-seats", person.pk))
    assert [row.record.seat.title.code for row in page.context["rows"]] == ["THAP", "CAO"]
    assert Title.objects.count() == 2
    assert Cadre.objects.count() == 1


def test_one_too_many_is_told_at_once_and_found_of_the_last_alone(office: Unit) -> None:
    seat, client = opened(office), browser(make_user(Role.PROVINCE_OFFICER))
    people = [make_cadre(unit=office) for _ in range(4)]
    sent = {"people": [one.pk for one in people], "object": "1", "do": "propose"}
    shown = client.post(url("seat-propose", seat.pk), sent, follow=True).content.decode()
    assert "Đã giới thiệu 4 người." in shown
    assert "có 4 người, tối đa 3" in shown
    again = client.post(url("seat-propose", seat.pk), {**sent, "people": [people[0].pk]}, follow=True).content.decode()
    assert "1 người đã có trong danh sách" in again
    forged = client.post(url("seat-propose", seat.pk), {**sent, "object": "9"}, follow=True).content.decode()
    assert "phải là 1 hoặc 2" in forged
    rows = list(Candidate.objects.select_related("seat__title", "seat__unit", "seat__round").order_by("position"))
    found = judge_candidates(rows, day=DAY, user=None)
    full = [next(one.outcome for one in found[row.pk].findings if one.rule == "people_per_seat") for row in rows]
    assert full == ["met", "met", "met", "not_met"]
