"""A case carried out: units, people, posts, and what stood before stays readable."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from hrdb.kernel.history import history_model, tracked_models
from hrdb.kernel.models import AuditEvent
from personnel.choices import (
    EmploymentState,
    PlacementOutcome,
    ReorganisationState,
    StepKind,
    UnitSuccessionKind,
)
from personnel.models import Assignment, Custody, Employment, Unit, UnitSuccession, UnitVersion
from personnel.policies import Role
from personnel.services.citing import CitedDecision
from personnel.services.errors import ServiceRefusal
from personnel.services.records import add_row
from personnel.services.reorganisation.applying import apply_case, rehearse_case, undo_case
from personnel.services.reorganisation.cases import remove_case
from personnel.services.reorganisation.people import leading_posts
from personnel.services.undo import LaterChangesStand
from tests.factories.personnel import make_cadre, make_user
from tests.personnel.reorganisation.province import (
    DAY,
    EVE,
    Province,
    keeper,
    make_case,
    make_province,
    open_codes,
    place,
)

pytestmark = pytest.mark.django_db

MERGE = (StepKind.MERGE, ["H1.X1", "H1.X2", "H1.X3"], ["X.NEW"], {"name": "Xã Mới", "parent": "UBND"})
DISSOLVE = (StepKind.DISSOLVE, ["H1"], ["X.NEW"], {})


@pytest.fixture
def province() -> Province:
    return make_province()


def test_communes_become_one_and_the_district_is_gone(province: Province) -> None:
    case = make_case([MERGE, DISSOLVE])
    outcome = apply_case(case=case, acting_user=None)
    assert open_codes(EVE) == {"UBND", "H1", "H1.X1", "H1.X2", "H1.X3"}
    assert open_codes(DAY) == {"UBND", "X.NEW"}
    for code, people in province.people.items():
        for cadre in people:
            assert (keeper(cadre, EVE), keeper(cadre, DAY)) == (code, "X.NEW")
    kinds = set(UnitSuccession.objects.values_list("predecessor__code", "successor__code", "kind"))
    assert kinds == {
        *((f"H1.X{n}", "X.NEW", UnitSuccessionKind.MERGE) for n in (1, 2, 3)),
        ("H1", "X.NEW", UnitSuccessionKind.TRANSFER),
    }
    decisions = set(UnitVersion.objects.filter(unit__code="X.NEW").values_list("decision__number", flat=True))
    assert decisions == {"1685/NQ-TEST"}
    case.refresh_from_db()
    assert (case.state, case.applying) == (ReorganisationState.APPLIED, outcome.event)


def test_staff_keep_their_posts_and_nobody_is_made_a_leader(province: Province) -> None:
    apply_case(case=make_case([MERGE, DISSOLVE]), acting_user=None)
    held = Assignment.objects.in_force(DAY).filter(unit__code="X.NEW")
    assert held.count() == 4 * 2
    assert set(held.values_list("title", flat=True)) == {province.staff.pk}
    before = Assignment.objects.in_force(EVE)
    assert before.count() == 3 * 4 + 2
    assert before.filter(title=province.head).count() == 3


def test_leaders_go_on_as_the_case_says_by_name(province: Province) -> None:
    case = make_case([MERGE, DISSOLVE])
    (first_head, first_deputy, *_), (second_head, *_), _ = (province.people[f"H1.X{n}"] for n in (1, 2, 3))
    cited = CitedDecision(number="12/QĐ-TEST", signed_on=datetime.date(2025, 6, 30), issuer="Tỉnh thử nghiệm")
    place(case, first_head, PlacementOutcome.HEAD, cited=cited)
    place(case, second_head, PlacementOutcome.DEPUTY, title=province.deputy)
    place(case, first_deputy, PlacementOutcome.AWAITING)
    outcome = rehearse_case(case=case, acting_user=None)
    assert [fault.code for fault in outcome.plan.warnings] == ["no-decision", "leaders-waiting"]
    assert {line.note for line in outcome.difference.parts["leaders"].lines} == {
        "Cần quyết định riêng", "Quyết định 12/QĐ-TEST ngày 30/06/2025", "Chưa có quyết định",
    }  # fmt: skip
    assert len(outcome.plan.people.waiting) == 3
    apply_case(case=case, acting_user=None)
    head = Assignment.objects.in_force(DAY).get(cadre=first_head)
    assert (head.title, head.unit.code, str(head.decision), head.basis) == (
        province.head, "X.NEW", "Quyết định 12/QĐ-TEST ngày 30/06/2025", "",
    )  # fmt: skip
    deputy = Assignment.objects.in_force(DAY).get(cadre=second_head)
    assert (deputy.title, deputy.decision) == (province.deputy, None)
    assert "chưa có quyết định riêng" in deputy.basis
    assert not Assignment.objects.in_force(DAY).filter(cadre=first_deputy).exists()
    states = {day: Employment.objects.in_force(day).get(cadre=first_deputy).state for day in (EVE, DAY)}
    assert states == {EVE: EmploymentState.WORKING, DAY: EmploymentState.AWAITING_POSTING}


def test_a_leading_post_that_is_only_written_ends_as_one_that_is_mapped(province: Province) -> None:
    written = make_cadre(unit=province.units["H1.X1"], title_text="CHỦ TỊCH UBND XÃ")
    clerk = make_cadre(unit=province.units["H1.X1"], title_text="Văn thư")
    case = make_case([MERGE, DISSOLVE])
    outcome = apply_case(case=case, acting_user=None)
    assert written.pk in {leader.cadre_id for leader in outcome.plan.people.waiting}
    assert not Assignment.objects.in_force(DAY).filter(cadre=written).exists()
    assert Assignment.objects.in_force(DAY).get(cadre=clerk).title_text == "Văn thư"
    assert written in {post.cadre for post in leading_posts([province.units["H1.X1"].pk], EVE)}


def _content() -> dict[Any, Any]:
    skipped = {"applying_id", "undoing_id", "state", "summary", "digest"}
    return {
        model: [
            {k: v for k, v in row.items() if k not in skipped} for row in model._default_manager.order_by("pk").values()
        ]
        for model in tracked_models()
    }


def test_a_rehearsal_writes_nothing_and_carrying_out_is_undone(province: Province) -> None:
    case = make_case([MERGE, DISSOLVE])
    place(case, province.people["H1.X1"][0], PlacementOutcome.HEAD)
    before = _content()
    outcome = rehearse_case(case=case, acting_user=None)
    assert outcome.faults == []
    assert _content() == before
    case.refresh_from_db()
    assert case.state == ReorganisationState.REHEARSED
    events = AuditEvent.objects.count()
    apply_case(case=case, acting_user=None, expected=case.digest)
    assert AuditEvent.objects.count() == events + 1
    assert _content() != before
    undo_case(case=case, acting_user=None, reason="nhầm phương án")
    assert _content() == before
    case.refresh_from_db()
    assert case.state == ReorganisationState.UNDONE


def test_what_later_facts_stand_on_is_not_undone_and_they_are_named(province: Province) -> None:
    case = make_case([MERGE, DISSOLVE])
    apply_case(case=case, acting_user=None)
    person = province.people["H1.X1"][0]
    values = {"kind": "main", "unit": Unit.objects.get(code="X.NEW"), "title": province.head}
    add_row(
        cadre=person, model=Assignment, values={**values, "effective_from": DAY}, acting_user=None, reason="bổ nhiệm"
    )
    with pytest.raises(LaterChangesStand, match=person.full_name):
        undo_case(case=case, acting_user=None, reason="nhầm phương án")
    assert "X.NEW" in open_codes(DAY)


def test_a_case_that_was_undone_is_mended_and_carried_out_again(province: Province) -> None:
    case = make_case([MERGE, DISSOLVE])
    apply_case(case=case, acting_user=None)
    with pytest.raises(ServiceRefusal, match="đã thực hiện rồi"):
        apply_case(case=case, acting_user=None)
    undo_case(case=case, acting_user=None, reason="nhầm phương án")
    with pytest.raises(ServiceRefusal, match="đã hoàn tác"):
        undo_case(case=case, acting_user=None, reason="nhầm phương án")
    place(case, province.people["H1.X1"][0], PlacementOutcome.HEAD)
    apply_case(case=case, acting_user=None)
    assert Assignment.objects.in_force(DAY).filter(unit__code="X.NEW", title=province.head).count() == 1
    with pytest.raises(ServiceRefusal, match="không xóa được"):
        remove_case(case=case, acting_user=None, reason="không dùng")


def test_history_bears_the_resolution_and_one_event_of_who_carried_it_out(province: Province) -> None:
    officer = make_user(Role.PROVINCE_OFFICER)
    case = make_case([MERGE, DISSOLVE])
    event = apply_case(case=case, acting_user=officer).event
    assert event is not None
    assert (event.user, event.cause_type, event.cause_id) == (officer, "personnel.reorganisation", case.pk)
    for model in (Unit, UnitVersion, UnitSuccession, Custody, Assignment):
        written = history_model(model)._default_manager.filter(event=event)
        assert written.exists(), model
        assert set(written.values_list("history_user", flat=True)) == {officer.pk}
    new = Custody.objects.in_force(DAY).values_list("decision__number", flat=True)
    assert set(new) == {"1685/NQ-TEST"}
