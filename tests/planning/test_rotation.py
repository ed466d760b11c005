"""Rotation from the plan of a year to its end: who may what, what is frozen, what the register carries out."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent, User
from personnel.choices import AssignmentKind, DecisionState, ManagingLevel, TitleGroup
from personnel.models import Assignment, Cadre, Decision, DecisionItem, DecisionKind, Title, Unit
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from personnel.services.errors import ServiceRefusal, StaleVersion
from planning.choices import RotationOutcome, RotationState
from planning.models import RotationItem, RotationPlan
from planning.services.rotation.course import (
    drop_evaluation,
    end_item,
    evaluate,
    link_decision,
    link_found,
    reopen_item,
    unlink_decision,
)
from planning.services.rotation.items import add_item, change_item, drop_item, override_rule
from planning.services.rotation.plans import (
    approve_plan,
    change_plan,
    create_plan,
    drop_plan,
    is_intact,
    plan_offices,
    return_plan,
    submit_plan,
)
from planning.statistics.rotation import judge_items
from planning.statistics.rotation_course import clocks
from tests.factories.personnel import make, make_cadre, make_code, make_title, make_unit, make_user, move_cadre

pytestmark = pytest.mark.django_db

D = datetime.date
DAY = D(2026, 11, 24)
BEGINS, ENDS = D(2027, 1, 1), D(2030, 1, 1)


@dataclass
class Place:
    """A department with two divisions, another department beside it, a title that the department itself manages."""

    top: Unit
    office: Unit
    first: Unit
    second: Unit
    other: Unit
    title: Title
    officer: User
    province: User


@pytest.fixture
def place() -> Place:
    load_default_delegations()
    top = make_unit("GOC", name="Tỉnh Mẫu")
    office = make_unit("SO-A", parent=top, name="Sở Anh")
    title = make_title("TP", name="Trưởng phòng", group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8)
    return Place(
        top=top,
        office=office,
        first=make_unit("SO-A.1", parent=office, name="Phòng Một"),
        second=make_unit("SO-A.2", parent=office, name="Phòng Hai"),
        other=make_unit("SO-B", parent=top, name="Sở Bình"),
        title=title,
        officer=make_user(Role.UNIT_OFFICER, unit=office),
        province=make_user(Role.PROVINCE_OFFICER),
    )


def make_plan(place: Place, user: User | None = None, **values: Any) -> RotationPlan:
    given = {"year": 2027, "level": ManagingLevel.UNIT, "name": "Luân chuyển 2027"}
    unit = values.pop("unit", place.office)
    return create_plan(values={**given, **values}, unit=unit, acting_user=user or place.officer, day=DAY)


def put_on(plan: RotationPlan, place: Place, cadre: Cadre, user: User | None = None, **values: Any) -> RotationItem:
    said = {"to_unit": place.second, "title": place.title, "begins_on": BEGINS, "is_clear": True, "is_movable": True}
    return add_item(plan=plan, cadre=cadre, values={**said, **values}, day=DAY, acting_user=user or place.officer)


def pass_over(item: RotationItem, user: User | None = None) -> None:
    """Give a reason for everything that stands in the way."""
    item = RotationItem.objects.select_related("title", "from_title", "plan", "cadre").get(pk=item.pk)
    verdict = judge_items([item], day=DAY, user=None)[item.pk]
    for found in verdict.findings:
        if found.outcome == "not_met":
            override_rule(item=item, rule=found.rule, reason="cấp có thẩm quyền đồng ý", acting_user=user)


def approved(place: Place, cadre: Cadre | None = None) -> RotationItem:
    """An approved rotation of somebody of the first division."""
    plan = make_plan(place)
    item = put_on(plan, place, cadre or make_cadre(unit=place.first, title=place.title))
    pass_over(item)
    submit_plan(plan=plan, day=DAY, acting_user=place.officer)
    approve_plan(plan=plan, values={"day": DAY}, acting_user=None)
    item.refresh_from_db()
    return item


def carry_out(item: RotationItem, day: D = BEGINS, *, until: D = ENDS, number: str = "01") -> Decision:
    """The signed decision of rotation with its post, as the register writes them."""
    kind = make_code(DecisionKind, "x-luan-chuyen", name="Luân chuyển")
    decision: Decision = make(
        Decision, kind=kind, number=number, signed_on=day, issuer="Sở", effective_on=day, unit=item.plan.unit
    )
    make(DecisionItem, decision=decision, cadre=item.cadre, position=1)
    move_cadre(item.cadre, item.to_unit, day)
    post = Assignment.objects.get(cadre=item.cadre, kind=AssignmentKind.MAIN, effective_from=day)
    post.title, post.decision, post.term_ends_on = item.title, decision, until
    with writing(acting_user=None, reason="dữ liệu kiểm thử"):
        post.save()
    return decision


def test_two_offices_have_each_their_plan_and_a_further_one_only_after_approval(place: Place) -> None:
    other = make_user(Role.UNIT_OFFICER, unit=place.other)
    mine, theirs = make_plan(place), make_plan(place, other, unit=place.other)
    assert (mine.issue, theirs.issue) == (1, 1)
    with pytest.raises(ServiceRefusal):
        make_plan(place)
    with pytest.raises(PermissionDenied):
        make_plan(place, unit=place.other)
    with pytest.raises(PermissionDenied):
        make_plan(place, level=ManagingLevel.PROVINCIAL_STANDING)
    item = put_on(mine, place, make_cadre(unit=place.first, title=place.title))
    pass_over(item)
    submit_plan(plan=mine, day=DAY, acting_user=place.officer)
    approve_plan(plan=mine, values={"day": DAY}, acting_user=None)
    assert make_plan(place).issue == 2
    assert set(RotationPlan.objects.visible_to(place.officer).values_list("unit", flat=True)) == {place.office.pk}
    assert RotationPlan.objects.visible_to(place.province).count() == 3
    assert list(plan_offices(place.officer, DAY)) == [place.office.pk]
    assert plan_offices(place.officer, DAY)[place.office.pk] == [ManagingLevel.UNIT]
    assert list(plan_offices(place.province, DAY)) == [place.top.pk]


def test_where_somebody_comes_from_and_how_long_it_lasts_follow_from_record_and_law(place: Place) -> None:
    item = put_on(make_plan(place), place, make_cadre(unit=place.first, title=place.title))
    assert (item.from_unit, item.from_title, item.from_post) == (place.first, place.title, "Trưởng phòng")
    assert (item.direction, item.ends_on) == ("division", D(2030, 1, 1))


def test_who_is_not_the_user_s_to_rotate_is_not_there(place: Place) -> None:
    plan = make_plan(place)
    me = make_cadre(unit=place.first, title=place.title, account=place.officer)
    for stranger in (make_cadre(unit=place.other, title=place.title), me):
        with pytest.raises(Cadre.DoesNotExist):
            put_on(plan, place, stranger)
    person = make_cadre(unit=place.first, title=place.title)
    with pytest.raises(ValidationError, match="Nơi đến trùng"):
        put_on(plan, place, person, to_unit=place.first)
    with pytest.raises(ServiceRefusal):
        put_on(plan, place, person, to_unit=place.other)
    high = make_title(
        "GD", name="Giám đốc", is_leadership=True, rank=4, managing_level=ManagingLevel.PROVINCIAL_STANDING
    )
    with pytest.raises(ValidationError, match="cao hơn cấp phê duyệt"):
        put_on(plan, place, person, title=high)
    put_on(plan, place, person)
    with pytest.raises(ServiceRefusal, match="đã có"):
        put_on(plan, place, person)


def test_a_plan_with_a_condition_not_met_is_not_submitted(place: Place) -> None:
    plan = make_plan(place)
    item = put_on(plan, place, make_cadre(unit=place.first, title=place.title, name="Lê Văn Chưa"))
    with pytest.raises(ServiceRefusal, match="Lê Văn Chưa"):
        submit_plan(plan=plan, day=DAY, acting_user=place.officer)
    with pytest.raises(ServiceRefusal):
        override_rule(item=item, rule="not-serving-discipline", reason="x", acting_user=place.officer)
    pass_over(item, place.officer)
    submit_plan(plan=plan, day=DAY, acting_user=place.officer)
    with pytest.raises(ServiceRefusal):
        override_rule(item=item, rule="rotation-in-planning", reason="khác", acting_user=place.officer)
    with pytest.raises(ServiceRefusal):
        change_item(item=item, values={"reason": "x"}, version=None, day=DAY, acting_user=place.officer)
    with pytest.raises(ServiceRefusal):
        drop_item(item=item, reason="xin thôi", acting_user=place.officer)
    with pytest.raises(ServiceRefusal):
        drop_plan(plan=plan, acting_user=place.officer)
    return_plan(plan=plan, reason="thiếu nhận xét", acting_user=place.officer)
    plan.refresh_from_db()
    assert (plan.submitted_on, plan.return_note) == (None, "thiếu nhận xét")
    change_item(item=item, values={"reason": "thay đổi"}, version=None, day=DAY, acting_user=place.officer)
    with pytest.raises(StaleVersion):
        change_plan(plan=plan, values={"name": "khác"}, version=0, acting_user=place.officer)


def test_nobody_approves_his_own_rotation_nor_what_is_not_delegated_to_him(place: Place) -> None:
    leader = make_user(Role.APPROVER, unit=place.office)
    me = make_cadre(unit=place.first, title=place.title, account=leader)
    plan = make_plan(place)
    item = put_on(plan, place, me, place.province)
    pass_over(item)
    submit_plan(plan=plan, day=DAY, acting_user=place.officer)
    assert not RotationItem.objects.all().visible_to(leader).exists()
    with pytest.raises(PermissionDenied):
        approve_plan(plan=plan, values={"day": DAY}, acting_user=leader)
    for user in (place.officer, make_user(Role.APPROVER, unit=place.other)):
        with pytest.raises(PermissionDenied):
            approve_plan(plan=plan, values={"day": DAY}, acting_user=user)
    other = make_user(Role.APPROVER, unit=place.office)
    approve_plan(plan=plan, values={"day": DAY}, acting_user=other)
    plan.refresh_from_db()
    assert plan.is_approved


def test_what_was_approved_stays_as_it_was(place: Place) -> None:
    item = approved(place)
    plan = item.plan
    plan.refresh_from_db()
    assert item.state == RotationState.APPROVED
    assert {found["rule"] for found in item.findings} >= {"rotation-length", "may-be-moved", "rotation-time-left"}
    (kept,) = plan.content["items"]
    assert (kept["name"], kept["from_unit"], kept["to_unit"]) == (
        item.cadre.full_name,
        "Phòng Một, Sở Anh",
        "Phòng Hai, Sở Anh",
    )
    assert kept["outcomes"]["rotation-length"] == "met"
    assert is_intact(plan)
    before = (plan.content, plan.sha256)
    with pytest.raises(ServiceRefusal):
        change_plan(plan=plan, values={"name": "khác"}, version=None, acting_user=place.officer)
    drop_item(item=item, reason="có quyết định nghỉ", acting_user=place.officer)
    plan.refresh_from_db()
    assert (plan.content, plan.sha256) == before
    plan.content["items"][0]["name"] = "Người khác"
    assert not is_intact(plan)


def test_the_signed_decision_of_the_register_carries_the_rotation_out(place: Place) -> None:
    item = approved(place)
    assert link_found(acting_user=None) == 0
    decision = carry_out(item)
    wrong = make(Decision, number="9", signed_on=BEGINS, issuer="Sở", effective_on=BEGINS, unit=place.office)
    with pytest.raises(ServiceRefusal):
        link_decision(item=item, decision=wrong, acting_user=place.officer)
    assert link_found(acting_user=place.officer) == 1
    item.refresh_from_db()
    assert (item.state, item.decision) == (RotationState.DECIDED, decision)
    assert link_found(acting_user=None) == 0
    unlink_decision(item=item, reason="gắn nhầm", acting_user=place.officer)
    Decision.objects.filter(pk=decision.pk).update(state=DecisionState.ANNULLED)
    assert link_found(acting_user=None) == 0
    with pytest.raises(ServiceRefusal):
        link_decision(item=item, decision=decision, acting_user=place.officer)


def test_a_decision_to_another_place_carries_nothing_out(place: Place) -> None:
    item = approved(place)
    elsewhere = make_unit("SO-A.3", parent=place.office)
    kept = item.to_unit
    item.to_unit = elsewhere
    carry_out(item)
    item.to_unit = kept
    assert link_found(acting_user=None) == 0


def test_the_clock_runs_from_the_post_that_the_decision_wrote(place: Place) -> None:
    item = approved(place)
    decision = carry_out(item, D(2027, 2, 15), until=D(2030, 3, 1))
    link_decision(item=item, decision=decision, acting_user=place.officer)
    item.refresh_from_db()
    clock = clocks([item], D(2030, 2, 14))[item.pk]
    assert (clock.began_on, clock.ends_on, clock.least_until) == (D(2027, 2, 15), D(2030, 3, 1), D(2030, 2, 15))
    assert clock.length.outcome == "not_met"
    assert clocks([item], D(2030, 2, 15))[item.pk].length.outcome == "met"


def test_the_receiving_unit_evaluates_every_year_and_nobody_else(place: Place) -> None:
    item = approved(place)
    said = {"year": 2026, "level": "good", "text": "Hoàn thành tốt", "is_final": False}
    with pytest.raises(ServiceRefusal):
        evaluate(item=item, values=said, version=None, acting_user=place.officer)
    link_decision(item=item, decision=carry_out(item, D(2026, 3, 1)), acting_user=place.officer)
    receiving = make_user(Role.UNIT_OFFICER, unit=place.second)
    assert list(RotationItem.objects.all().visible_to(receiving)) == [item]
    assert not RotationItem.objects.managed_by(receiving).exists()
    evaluate(item=item, values=said, version=None, acting_user=receiving)
    evaluate(item=item, values={**said, "text": "Tốt hơn"}, version=None, acting_user=receiving)
    item.refresh_from_db()
    assert item.evaluations == [{"year": 2026, "level": "good", "text": "Tốt hơn", "is_final": False}]
    for year in (2025, 2031):
        with pytest.raises(ValidationError, match="thời gian luân chuyển"):
            evaluate(item=item, values={**said, "year": year}, version=None, acting_user=receiving)
    for user in (make_user(Role.UNIT_OFFICER, unit=place.first), make_user(Role.UNIT_OFFICER, unit=place.other)):
        assert not RotationItem.objects.all().visible_to(user).exists()
        with pytest.raises(PermissionDenied):
            evaluate(item=item, values=said, version=None, acting_user=user)
    drop_evaluation(item=item, year=2026, reason="ghi nhầm", acting_user=receiving)
    item.refresh_from_db()
    assert item.evaluations == []


def test_a_rotation_ends_with_its_outcome_and_early_only_with_a_reason(place: Place) -> None:
    item = approved(place)
    link_decision(item=item, decision=carry_out(item), acting_user=place.officer)
    values = {"ended_on": D(2029, 12, 31), "outcome_kind": RotationOutcome.RETURN, "outcome": ""}
    common: dict[str, Any] = {"item": item, "decision": None, "version": None, "acting_user": place.officer}
    with pytest.raises(ValidationError, match="lý do"):
        end_item(values=values, **common)
    with pytest.raises(ValidationError, match="sau ngày bắt đầu"):
        end_item(values={**values, "ended_on": BEGINS}, **common)
    end_item(values={**values, "outcome": "yêu cầu nhiệm vụ"}, **common)
    reopen_item(item=item, reason="ghi nhầm ngày", acting_user=place.officer)
    end_item(values={**values, "ended_on": D(2030, 1, 1)}, **common)
    item.refresh_from_db()
    assert (item.state, item.outcome_kind, item.ended_on) == (RotationState.ENDED, "return", D(2030, 1, 1))


def test_everything_is_kept_from_who_does_not_plan(place: Place) -> None:
    account = make_user(Role.CADRE)
    me = make_cadre(unit=place.first, title=place.title, account=account)
    item = approved(place, me)
    for user in (
        account,
        make_user(),
        make_user(Role.INSPECTOR, unit=place.top),
        make_user(Role.ADMINISTRATOR),
        make_user(Role.UNIT_OFFICER, unit=place.other),
        make_user(Role.APPROVER, unit=place.other),
    ):
        assert not RotationItem.objects.all().visible_to(user).exists()
        assert not RotationPlan.objects.visible_to(user).exists()
    assert RotationItem.objects.all().visible_to(place.officer).filter(pk=item.pk).exists()
    events = AuditEvent.objects.filter(pk__in=RotationItem.history.values("event_id"))  # type: ignore[attr-defined]
    assert events.exists()
    assert all(event.details.get("needs") == "plan" for event in events)


def test_who_approves_sees_a_plan_from_the_day_it_is_submitted(place: Place) -> None:
    leader = make_user(Role.APPROVER, unit=place.office)
    plan = make_plan(place)
    item = put_on(plan, place, make_cadre(unit=place.first, title=place.title))
    assert not RotationPlan.objects.visible_to(leader).exists()
    pass_over(item)
    submit_plan(plan=plan, day=DAY, acting_user=place.officer)
    assert list(RotationItem.objects.all().visible_to(leader)) == [item]
    return_plan(plan=plan, reason="chưa đủ hồ sơ", acting_user=leader)
    assert not RotationPlan.objects.visible_to(leader).exists()
