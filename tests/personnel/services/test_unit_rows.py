"""Seats, job positions, mandates and establishment of a unit: what holds, what is refused, who may write."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.history import history_model, version_of
from hrdb.kernel.models import AuditEvent
from personnel.models import Assignment, Decision, Establishment, JobPosition, Mandate, Seat, Title, Unit
from personnel.policies import Role
from personnel.services.citing import CitedDecision
from personnel.services.errors import StaleVersion
from personnel.services.unit_rows import (
    add_unit_row,
    correct_unit_row,
    end_unit_row,
    remove_unit_row,
    succeed_unit_row,
)
from tests.factories.personnel import make, make_cadre, make_title, make_unit, make_user

pytestmark = pytest.mark.django_db

D = datetime.date
CITED = CitedDecision(number="15/QĐ-UBND", signed_on=D(2025, 6, 30), issuer="UBND tỉnh")


@pytest.fixture
def unit(db: None) -> Unit:
    """A department that exists since 2020."""
    return make_unit("SO", name="Sở Nội vụ", effective_from=D(2020, 1, 1))


@pytest.fixture
def deputy(db: None) -> Title:
    """A leading title."""
    return make_title("PGD", name="Phó Giám đốc", is_leadership=True)


def add(unit: Unit, model: Any, **values: Any) -> Any:
    """Add a row as the operator."""
    return add_unit_row(unit=unit, model=model, values=values, acting_user=None)


def add_position(unit: Unit, **values: Any) -> JobPosition:
    """A job position."""
    named = {"code": "CV.01", "name": "Chuyên viên", "group": "professional", "effective_from": D(2025, 1, 1)}
    return add(unit, JobPosition, **{**named, **values})


def refusal(unit: Unit, model: Any, **values: Any) -> dict[str, list[str]]:
    """The faults with which a row is refused."""
    with pytest.raises(ValidationError) as refused:
        add(unit, model, **values)
    return dict(refused.value.message_dict)


def test_a_row_rests_on_the_decision_that_is_named_and_is_one_event(unit: Unit, deputy: Title) -> None:
    values = {"title": deputy, "number": 3, "effective_from": D(2025, 7, 1)}
    seat = add_unit_row(unit=unit, model=Seat, values=values, decision=CITED, acting_user=None)
    assert (seat.decision.number, seat.decision.effective_on) == ("15/QĐ-UBND", D(2025, 7, 1))
    event = AuditEvent.objects.filter(action=AuditEvent.Action.WRITE).latest("pk")
    assert (event.subject_type, event.subject_id) == ("personnel.unit", unit.pk)
    assert history_model(Seat).objects.get(id=seat.pk).event == event
    add_unit_row(unit=unit, model=Mandate, values={"name": "A", "begins_on": D(2025, 1, 1)}, decision=CITED,
                 acting_user=None)  # fmt: skip
    assert Decision.objects.count() == 1


def test_periods_of_one_track_do_not_overlap(unit: Unit, deputy: Title) -> None:
    add(unit, Seat, title=deputy, effective_from=D(2025, 1, 1))
    add_position(unit)
    faults = refusal(unit, Seat, title=deputy, effective_from=D(2026, 1, 1))
    assert "Chức danh của đơn vị đã có trong khoảng thời gian này." in str(faults)
    with pytest.raises(ValidationError, match="Vị trí việc làm đã có trong khoảng thời gian này"):
        add_position(unit, effective_from=D(2026, 1, 1))
    add_position(unit, code="CV.02")
    add(unit, Establishment, year=2026, category="civil_servant", number=60)
    assert "Biên chế của năm và đối tượng này đã có." in str(
        refusal(unit, Establishment, year=2026, category="civil_servant", number=61)
    )


def test_a_seat_is_of_a_leader_and_of_a_unit_that_is_there(unit: Unit, deputy: Title) -> None:
    clerk = make_title("CV", name="Chuyên viên", is_leadership=False)
    assert "title" in refusal(unit, Seat, title=clerk, effective_from=D(2025, 1, 1))
    assert refusal(unit, Seat, title=deputy, effective_from=D(2019, 12, 31)) == {
        "effective_from": ["Đơn vị không hoạt động vào ngày 31/12/2019."]
    }
    assert refusal(unit, Establishment, year=2019, category="civil_servant", number=3) == {
        "year": ["Đơn vị không hoạt động trong năm 2019."]
    }
    add(unit, Establishment, year=2020, category="civil_servant", number=3)


def test_the_next_period_takes_over_and_keeps_what_is_not_said(unit: Unit) -> None:
    position = add_position(unit, number=4, competence="Soạn thảo văn bản")
    following = succeed_unit_row(
        row=position, values={"number": 6}, effective_from=D(2026, 1, 1), decision=CITED, acting_user=None
    )
    position.refresh_from_db()
    assert (position.effective_until, position.number, position.decision) == (D(2026, 1, 1), 4, None)
    assert (following.code, following.number, following.competence) == ("CV.01", 6, "Soạn thảo văn bản")
    assert (following.effective_from, following.effective_until) == (D(2026, 1, 1), None)
    assert following.decision.number == "15/QĐ-UBND"
    again = succeed_unit_row(row=following, values={"number": 7}, effective_from=D(2026, 1, 1), acting_user=None)
    assert (again.pk, again.number, JobPosition.objects.count()) == (following.pk, 7, 2)
    with pytest.raises(ValidationError, match="Không có hiệu lực vào ngày 01/06/2026"):
        succeed_unit_row(row=position, values={"number": 9}, effective_from=D(2026, 6, 1), acting_user=None)


def test_a_correction_needs_a_reason_and_the_version_that_was_shown(unit: Unit) -> None:
    row = add(unit, Establishment, year=2026, category="civil_servant", number=60)
    shown = version_of(row)
    with pytest.raises(ValidationError, match="lý do"):
        correct_unit_row(row=row, values={"number": 61}, version=shown, acting_user=None, reason=" ")
    correct_unit_row(row=row, values={"number": 61}, version=shown, acting_user=None, reason="gõ nhầm số")
    with pytest.raises(StaleVersion):
        correct_unit_row(row=row, values={"number": 62}, version=shown, acting_user=None, reason="gõ nhầm số")
    kept = history_model(Establishment).objects.filter(id=row.pk).order_by("history_id")
    assert [(item.number, item.history_change_reason) for item in kept] == [(60, ""), (61, "gõ nhầm số")]


def test_seats_and_mandates_end(unit: Unit, deputy: Title) -> None:
    seat = add(unit, Seat, title=deputy, effective_from=D(2025, 1, 1))
    mandate = add(unit, Mandate, name="Nhiệm kỳ 2025-2030", begins_on=D(2025, 6, 1))
    for row in (seat, mandate):
        end_unit_row(row=row, ended_from=D(2026, 7, 1), version=None, acting_user=None, reason="theo nghị quyết")
        row.refresh_from_db()
    assert seat.last_day == mandate.ends_on == D(2026, 6, 30)
    with pytest.raises(ValidationError):
        end_unit_row(row=seat, ended_from=D(2025, 1, 1), version=None, acting_user=None, reason="theo nghị quyết")


def test_mandates_of_a_body_follow_one_another(unit: Unit) -> None:
    add(unit, Mandate, name="Nhiệm kỳ 2020-2025", begins_on=D(2020, 6, 1), ends_on=D(2025, 9, 30))
    assert "Đã có «Nhiệm kỳ 2020-2025»" in str(refusal(unit, Mandate, name="N", begins_on=D(2025, 9, 29)))
    following = add(unit, Mandate, name="Nhiệm kỳ 2025-2030", begins_on=D(2025, 9, 30))
    assert "Đã có «Nhiệm kỳ 2025-2030»" in str(refusal(unit, Mandate, name="N", begins_on=D(2031, 1, 1)))
    assert "begins_on" in refusal(unit, Mandate, name="N", begins_on=D(2019, 1, 1), ends_on=D(2020, 7, 1))
    add(unit, Mandate, name="Trước đó", begins_on=D(2015, 1, 1), ends_on=D(2020, 6, 1))
    correct_unit_row(row=following, values={"name": "Nhiệm kỳ XVII"}, version=None, acting_user=None, reason="tên đúng")
    add(make_unit("HD"), Mandate, name="Của tổ chức khác", begins_on=D(2025, 9, 1))


def test_what_people_rest_on_is_not_removed_and_the_history_of_what_is_stays(unit: Unit) -> None:
    position, other = add_position(unit), add_position(unit, code="CV.02")
    holder = make_cadre(unit=unit)
    make(Assignment, cadre=holder, unit=unit, kind="concurrent", job_position=position, effective_from=D(2025, 2, 1))
    with pytest.raises(ValidationError, match="hồ sơ cán bộ đang dẫn đến dòng này"):
        remove_unit_row(row=position, version=None, acting_user=None, reason="ghi nhầm đơn vị")
    remove_unit_row(row=other, version=version_of(other), acting_user=None, reason="ghi nhầm đơn vị")
    kept = history_model(JobPosition).objects.filter(id=other.pk).order_by("history_id")
    assert [item.history_type for item in kept] == ["+", "-"]


def test_a_unit_out_of_scope_does_not_exist(unit: Unit, deputy: Title) -> None:
    officer = make_user(Role.UNIT_OFFICER, unit=make_unit("NGOAI"))
    reader = make_user(Role.INSPECTOR, unit=unit)
    seat = add(unit, Seat, title=deputy, effective_from=D(2025, 1, 1))
    for user in (officer, reader):
        acts: list[Any] = [
            lambda user=user: add_unit_row(unit=unit, model=Mandate, values={"name": "N", "begins_on": D(2025, 1, 1)},
                                           acting_user=user),
            lambda user=user: succeed_unit_row(row=seat, values={"number": 2}, effective_from=D(2026, 1, 1),
                                               acting_user=user),
            lambda user=user: correct_unit_row(row=seat, values={"number": 2}, version=None, acting_user=user,
                                               reason="thử xem"),
            lambda user=user: remove_unit_row(row=seat, version=None, acting_user=user, reason="thử xem"),
        ]  # fmt: skip
        for act in acts:
            with pytest.raises((Unit.DoesNotExist, PermissionDenied)):
                act()
    seat.refresh_from_db()
    assert (seat.number, Seat.objects.count(), Mandate.objects.count()) == (1, 1, 0)
