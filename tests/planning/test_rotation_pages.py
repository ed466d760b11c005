"""The pages of rotation: a plan from its form to its end, what they cost and log, the table, the due lists."""

from __future__ import annotations

import datetime
import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.urls import reverse

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent
from personnel.choices import ManagingLevel, TitleGroup
from personnel.models import Assignment, JobPosition, Title, Unit
from personnel.policies import Role
from personnel.statistics.due import asked, due_rows, matters
from planning.choices import RotationRuleKind, RotationState
from planning.models import RotationItem, RotationPlan, RotationRule
from planning.services.rotation.rules import end_rule, set_rule
from planning.statistics.rotation_table import rotation_table
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_title, make_user
from tests.planning.test_pages import browser, queries, url
from tests.planning.test_rotation import BEGINS, DAY, Place, approved, carry_out, make_plan, place, put_on

__all__ = ["place"]
pytestmark = pytest.mark.django_db

D = datetime.date


def test_a_rotation_goes_from_the_plan_s_form_to_its_end_by_the_pages(place: Place) -> None:
    client, leader = browser(place.officer), browser(make_user(Role.APPROVER, unit=place.office))
    sent = {"year": "2026", "level": "unit", "unit": place.office.pk, "name": "Luân chuyển 2026", "aims": "Đào tạo"}
    assert client.post(url("rotation-create"), {**sent, "level": "provincial_standing"}).status_code == 422
    assert client.post(url("rotation-create"), sent).status_code == 302
    plan = RotationPlan.objects.get()
    person = make_cadre(unit=place.first, title=place.title, name="Lê Thị Đi")
    found = client.get(url("rotation-find", plan.pk), {"source": "leaders"}).content.decode()
    assert "Lê Thị Đi" in found
    assert "Lê Thị Đi" not in client.get(url("rotation-find", plan.pk)).content.decode()
    said = {"to_unit": "SO-A.2", "title": place.title.pk, "purpose": "planned", "begins_on": "01/03/2026"}
    add = url("rotation-add", plan.pk, person.pk)
    assert client.post(add, {**said, "to_unit": "SO-B"}).status_code == 422
    assert client.post(add, {**said, "ends_on": "01/03/2025"}).status_code == 422
    assert client.post(add, {**said, "is_clear": "on", "is_movable": "on", "is_local": "no"}).status_code == 302
    item = RotationItem.objects.get()
    assert (item.ends_on, item.is_local, item.direction) == (D(2029, 3, 1), False, "division")
    assert client.post(add, said).status_code == 422
    page = client.get(url("rotation-item", item.pk)).content.decode()
    assert "Cho qua «Được quy hoạch khi luân chuyển để đào tạo»" in page
    assert client.post(url("rotation-submit", plan.pk)).status_code == 422
    reason = {"reason": "Ban Thường vụ đồng ý", "record_version": _version(client, "rotation-override", item)}
    override = url("rotation-override", item.pk, "rotation-in-planning")
    assert client.post(override, {**reason, "record_version": "0"}).status_code == 409
    assert client.post(override, reason).status_code == 302
    assert client.get(url("rotation-override", item.pk, "not-serving-discipline")).status_code == 404
    (row,) = client.get(url("rotation-detail", plan.pk)).context["shown"]
    assert "quy hoạch" not in row.reasons
    assert [words for words, _ in row.passed] == ["Được quy hoạch khi luân chuyển để đào tạo"]
    assert client.post(url("rotation-submit", plan.pk)).status_code == 302
    for name in ("rotation-item-change", "rotation-item-drop"):
        assert client.get(url(name, item.pk)).status_code == 404
    assert client.get(url("rotation-approve", plan.pk)).status_code == 404
    approve = {"day": "24/11/2026", "number": "15-QĐ/SNV", "signed_on": "23/11/2026", "issuer": "Sở Anh"}
    assert leader.post(url("rotation-approve", plan.pk), approve).status_code == 302
    plan.refresh_from_db()
    assert (plan.is_approved, plan.decision.number, len(plan.sha256)) == (True, "15-QĐ/SNV", 64)
    _drawn_up_and_carried_out(place, client)


def _version(client: Any, name: str, item: RotationItem) -> str:
    return str(client.get(url(name, item.pk, "rotation-in-planning")).context["version"])


def _drawn_up_and_carried_out(place: Place, client: Any) -> None:
    """The decision is drawn up from the item, found in the register, linked; then evaluated and ended."""
    item = RotationItem.objects.get()
    page = client.get(url("rotation-item", item.pk))
    (draft,) = [button.url for button in page.context["actions"] if button.label == "Lập quyết định"]
    asked_for = {key: values[0] for key, values in parse_qs(urlsplit(draft).query).items()}
    assert asked_for["kind"] == "rotation"
    assert asked_for["t-unit"] == "Phòng Hai (SO-A.2)"
    assert (asked_for["t-title"], asked_for["t-term_ends_on"]) == ("Trưởng phòng", "01/03/2029")
    form = client.get(draft).content.decode()
    for words in ("Lê Thị Đi", "Phòng Hai (SO-A.2)", "Trưởng phòng", "01/03/2029", "01/03/2026"):
        assert words in form, words
    decision = carry_out(item, D(2026, 3, 1), until=D(2029, 3, 1))
    page = client.get(url("rotation-item", item.pk)).content.decode()
    assert "Sổ quyết định đã có quyết định khớp kế hoạch" in page
    item.refresh_from_db()
    assert item.state == RotationState.APPROVED, "reading writes nothing"
    assert client.post(url("rotation-link", item.pk), {"decision": ""}).status_code == 422
    assert client.post(url("rotation-link", item.pk), {"decision": decision.pk}).status_code == 302
    receiving = browser(make_user(Role.UNIT_OFFICER, unit=place.second))
    evaluate = url("rotation-evaluate", item.pk)
    version = receiving.get(evaluate).context["version"]
    said = {"year": "2026", "level": "good", "text": "Hoàn thành tốt", "record_version": version}
    assert receiving.post(evaluate, {**said, "text": ""}).status_code == 422
    assert receiving.post(evaluate, said).status_code == 302
    assert "Hoàn thành tốt nhiệm vụ" in receiving.get(url("rotation-item", item.pk)).content.decode()
    for name in ("rotation-end", "rotation-unlink", "rotation-item-drop"):
        assert receiving.get(url(name, item.pk)).status_code == 404
    end = url("rotation-end", item.pk)
    version = client.get(end).context["version"]
    values = {"ended_on": "01/11/2026", "outcome_kind": "return", "record_version": version}
    assert client.post(end, values).status_code == 422
    assert client.post(end, {**values, "outcome": "yêu cầu nhiệm vụ"}).status_code == 302
    item.refresh_from_db()
    assert item.state == RotationState.ENDED
    assert client.post(url("rotation-reopen", item.pk), {"reason": "ghi nhầm ngày"}).status_code == 302


def test_pages_cost_the_same_for_few_and_for_many(place: Place) -> None:
    plan = make_plan(place)
    for _ in range(3):
        put_on(plan, place, make_cadre(unit=place.first, title=place.title))
    client = browser(place.officer)
    addresses = [
        url("rotation-list"),
        url("rotation-detail", plan.pk),
        url("rotation-find", plan.pk) + "?source=leaders",
        url("rotation-items"),
        url("rotation-table"),
        url("rotation-item", RotationItem.objects.first().pk),
    ]
    few = [queries(client, address) for address in addresses]
    for _ in range(27):
        put_on(plan, place, make_cadre(unit=place.first, title=place.title))
    assert [queries(client, address) for address in addresses] == few
    assert max(few) < 75


def test_every_showing_is_logged_where_only_planners_read_it(place: Place) -> None:
    item = approved(place)
    client = browser(place.officer)
    for name, key in (
        ("rotation-detail", item.plan_id),
        ("rotation-item", item.pk),
        ("rotation-print", item.plan_id),
        ("rotation-sheet", item.plan_id),
    ):
        before = AuditEvent.objects.latest("pk").pk
        assert client.get(url(name, key)).status_code == 200
        shown = [
            one for one in AuditEvent.objects.filter(pk__gt=before) if item.cadre_id in one.details.get("people", ())
        ]
        assert [(one.details["needs"], one.user) for one in shown] == [("plan", place.officer)], name


def test_the_document_of_an_approved_plan_says_what_was_approved(place: Place) -> None:
    item = approved(place, make_cadre(unit=place.first, title=place.title, name="Trần Văn Cũ"))
    with writing(acting_user=None, reason="đổi tên"):
        item.cadre.full_name = "Trần Văn Mới"
        item.cadre.save()
    client = browser(place.officer)
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("rotation-sheet", item.plan_id)).content))
    cells = {cell.value for row in book.active for cell in row}
    assert "Trần Văn Cũ" in cells
    assert "Trưởng phòng, Phòng Hai, Sở Anh" in cells
    assert client.get(url("rotation-print", item.plan_id)).content.startswith(b"%PDF")


def test_page_workbook_and_people_tell_the_same_numbers(place: Place) -> None:
    man = approved(place, make_cadre(unit=place.first, title=place.title, born=D(1990, 1, 1)))
    carry_out(man)
    woman = put_on(
        make_plan(place), place, make_cadre(unit=place.first, title=place.title, sex="female", born=D(1984, 3, 1))
    )
    RotationItem.objects.filter(pk=woman.pk).update(state=RotationState.DECIDED, decision=carry_out(woman, number="02"))
    RotationItem.objects.filter(pk=man.pk).update(state=RotationState.DECIDED, decision=_decision_of(man))
    table = rotation_table(None, year=2027, basis="done", day=D(2027, 12, 31))
    found = {row.key: (row.total, dict(zip(dict(table.columns), row.counts, strict=True))) for row in table.rows}
    assert found["total"] == (2, {**dict.fromkeys(dict(table.columns), 0), "division": 2})
    assert (found["female"][0], found["age_low"][0], found["age_middle"][0]) == (1, 1, 1)
    assert sum(found[key][0] for key in ("doctor", "master", "university", "below")) == 2
    client, asked_for = browser(place.province), {"year": "2027", "day": "2027-12-31"}
    page = client.get(url("rotation-table"), asked_for)
    addresses = [cell.url for _, rows in page.context["sections"] for row in rows for cell in row.cells if cell.url]
    counts = [int(cell.text) for _, rows in page.context["sections"] for row in rows for cell in row.cells if cell.url]
    assert addresses
    for address, count in zip(addresses, counts, strict=True):
        listed = client.get(f"{address}&day=2027-12-31")
        assert len(listed.context["rows"]) == count, address
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("rotation-table-sheet"), asked_for).content))
    totals = {row[0].value: row[1].value for row in book.active.iter_rows() if isinstance(row[1].value, int)}
    assert (totals["Tổng số"], totals["Nữ"]) == (2, 1)
    assert client.get(url("rotation-table-print"), asked_for).content.startswith(b"%PDF")
    nobody = rotation_table(make_user(Role.UNIT_OFFICER, unit=place.other), year=2027, basis="done", day=DAY)
    assert nobody.total == 0


def _decision_of(item: RotationItem) -> Any:
    post = Assignment.objects.filter(cadre=item.cadre, decision__isnull=False).get()
    return post.decision


def due(kind: str, user: Any, day: D) -> list[tuple[int | None, D | None]]:
    question = asked(user=user, day=day, kinds=[kind])
    return [(row.cadre_id, row.due_on) for row in due_rows(question)]


def head(place: Place, code: str = "CT-UBND-XA", unit: Unit | None = None, **values: Any) -> Any:
    title = Title.objects.filter(code=code).first() or make_title(
        code, name=f"Chức danh {code}", group=TitleGroup.HEAD, is_leadership=True, rank=7,
        managing_level=ManagingLevel.PROVINCIAL_STANDING,
    )  # fmt: skip
    return make_cadre(unit=unit or place.other, title=title, since=D(2017, 3, 1), **values)


def test_a_head_of_two_terms_in_one_place_is_due_on_the_day_to_who_plans_him(place: Place) -> None:
    cadre = head(place)
    with writing(acting_user=None, reason="bổ nhiệm lại"):
        post = cadre.assignment_set.get()
        post.effective_until = D(2022, 3, 1)
        post.save()
        Assignment.objects.create(
            cadre=cadre, kind="main", unit=post.unit, title=post.title, effective_from=D(2022, 3, 1)
        )
    head(place, "GD-SO")
    assert due("two_terms", place.province, DAY) == [(cadre.pk, D(2027, 3, 1))]
    assert due("two_terms", place.province, D(2026, 2, 27)) == []
    for user in (
        make_user(Role.UNIT_OFFICER, unit=place.other),
        make_user(Role.INSPECTOR, unit=place.top),
        place.officer,
    ):
        assert due("two_terms", user, DAY) == []
    rule = set_rule(
        values={
            "kind": RotationRuleKind.TWO_TERMS,
            "title": Title.objects.get(code="GD-SO"),
            "unit": place.other,
            "effective_from": D(2026, 1, 1),
            "basis": "Quy định 05-QĐ/TU",
        },
        acting_user=place.province,
    )
    assert len(due("two_terms", place.province, DAY)) == 2
    end_rule(rule=rule, day=D(2026, 6, 1), acting_user=None)
    assert len(due("two_terms", place.province, DAY)) == 1


def test_the_planner_himself_is_told_nothing_of_his_own_terms(place: Place) -> None:
    planner = make_user(Role.PROVINCE_OFFICER)
    head(place, account=planner)
    assert due("two_terms", planner, DAY) == []
    assert len(due("two_terms", make_user(Role.PROVINCE_OFFICER), DAY)) == 1


def test_posts_to_be_changed_are_due_by_the_province_s_rule_and_unjudged_without_it(place: Place) -> None:
    title = make_title("KTV", name="Kế toán viên")
    person = make_cadre(unit=place.first, title=title, since=D(2025, 1, 1))
    assert due("periodic_change", place.officer, DAY) == []
    with pytest.raises(Exception, match="cấp tỉnh"):
        set_rule(values={"kind": "periodic"}, acting_user=place.officer)
    common = {"kind": RotationRuleKind.PERIODIC, "effective_from": D(2026, 1, 1), "basis": "Quyết định 7/QĐ-UBND"}
    set_rule(values={**common, "title": title, "months": 24}, acting_user=place.province)
    for user in (place.officer, place.province):
        assert due("periodic_change", user, DAY) == [(person.pk, D(2027, 1, 1))]
    rows = due_rows(asked(user=place.officer, day=DAY, kinds=["periodic_change"]))
    (told,) = matters(rows, user=place.officer, day=DAY)
    assert "Quyết định 7/QĐ-UBND: 24 tháng" in str(told)
    for user in (make_user(Role.UNIT_OFFICER, unit=place.other), make_user(Role.INSPECTOR, unit=place.top)):
        assert due("periodic_change", user, DAY) == []
    job = make(JobPosition, unit=place.second, code="KT-01", name="Kế toán", group="shared", effective_from=LONG_AGO)
    other = make_cadre(unit=place.second, since=D(2024, 5, 1))
    with writing(acting_user=None, reason="bố trí"):
        post = other.assignment_set.get()
        post.job_position = job
        post.save()
    set_rule(values={**common, "job_code": "KT-01", "months": 36}, acting_user=place.province)
    assert (other.pk, D(2027, 5, 1)) in due("periodic_change", place.officer, DAY)


def test_the_province_writes_its_rules_and_a_new_one_ends_the_one_before(place: Place) -> None:
    client = browser(place.province)
    sent = {
        "kind": "periodic",
        "effective_from": "01/01/2026",
        "basis": "Quyết định 7/QĐ-UBND",
        "confidence": "confirmed",
    }
    assert client.post(url("rotation-rule-add"), sent).status_code == 422
    sent |= {"title": place.title.pk, "months": "36"}
    assert client.post(url("rotation-rule-add"), sent).status_code == 302
    assert client.post(url("rotation-rule-add"), sent).status_code == 422
    assert client.post(url("rotation-rule-add"), {**sent, "effective_from": "01/06/2026"}).status_code == 302
    assert [str(row.effective_until) for row in RotationRule.objects.order_by("effective_from")] == [
        "2026-06-01",
        "None",
    ]
    assert "Quyết định 7/QĐ-UBND" in browser(place.officer).get(url("rotation-rules")).content.decode()
    assert browser(place.officer).get(url("rotation-rule-add")).status_code == 403


def test_who_is_rotated_sees_nothing_of_it_on_any_page(place: Place) -> None:
    account = make_user(Role.UNIT_OFFICER, unit=place.office)
    me = make_cadre(unit=place.first, title=place.title, account=account, name="Phạm Tự Mình")
    plan = make_plan(place)
    item = put_on(plan, place, me, place.province)
    client = browser(account)
    for address in (url("rotation-detail", plan.pk), url("rotation-items"), url("rotation-find", plan.pk)):
        assert "Phạm Tự Mình" not in client.get(address, {"source": ""}).content.decode(), address
    assert client.get(url("rotation-item", item.pk)).status_code == 404
    profile = client.get(reverse("personnel:cadre-detail", args=[me.pk])).content.decode()
    assert "Luân chuyển 2027" not in profile
    assert BEGINS > DAY


def test_the_profile_shows_rotation_beside_planning_to_planners_only(place: Place) -> None:
    item = approved(place)
    address = reverse("personnel:cadre-detail", args=[item.cadre_id])
    shown = browser(place.officer).get(address, {"tab": "planning"}).content.decode()
    assert url("rotation-item", item.pk) in shown
    assert url("rotation-item", item.pk) not in browser(place.officer).get(address).content.decode()
    inspector = browser(make_user(Role.INSPECTOR, unit=place.top))
    assert inspector.get(address, {"tab": "planning"}).status_code == 404
