"""What stands in the way: the unit first, the heads' cap, Party levels, sums, a second person, corrections."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from appraisal.choices import CycleState
from appraisal.models import Rating, RatingCycle, UnitSubmission
from appraisal.services.correcting import correct_rating
from appraisal.services.cycles import open_cycle, set_deadline, set_state
from appraisal.services.entering import enter_rating, rate_unit
from appraisal.services.submitting import approve_unit, is_intact, strays, submit_unit
from appraisal.statistics.checking import check_unit
from hrdb.kernel.history import history_model
from hrdb.kernel.models import User
from personnel.models import Cadre, Decision, DecisionKind, Discipline, DisciplineForm, Grant, Unit, UnitKind
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from personnel.services.errors import ServiceRefusal
from tests.appraisal.making import D, correction, head_title, join_party, make_cycle, rate_own, staff
from tests.factories.personnel import make, make_cadre, make_code, make_unit, make_user

pytestmark = pytest.mark.django_db

DAY = D(2026, 12, 10)


@pytest.fixture(autouse=True)
def _delegated() -> None:
    load_default_delegations()


def _enter(cycle: RatingCycle, cadre: Cadre, **values: Any) -> Rating:
    return enter_rating(cycle=cycle, cadre=cadre, values=values, version=None, acting_user=None)


def _rate(cycle: RatingCycle, cadre: Cadre, level: str) -> Rating:
    scores = {"excellent": 95, "good": 80, "completed": 60, "not_completed": 40}
    return _enter(cycle, cadre, level=level, score=Decimal(scores[level]))


def _submit(cycle: RatingCycle, unit: Unit, user: User | None = None) -> None:
    submit_unit(cycle=cycle, unit=unit, acting_user=user)


def _approve(cycle: RatingCycle, unit: Unit, user: User | None = None) -> UnitSubmission:
    return approve_unit(cycle=cycle, unit=unit, day=DAY, acting_user=user)


# The unit first -------------------------------------------------------------------------------------------------------


def test_a_unit_without_a_level_of_its_own_is_not_submitted_where_its_rules_rate_units() -> None:
    cycle, unit = make_cycle(), make_unit()
    school = make_unit(kind=make_code(UnitKind, "x-don-vi-su-nghiep", name="Đơn vị sự nghiệp"))
    party = make_unit(bloc="party")
    for one in (unit, school, party):
        for cadre in staff(one, 2):
            _rate(cycle, cadre, "good")
    with pytest.raises(ServiceRefusal, match="Đơn vị chưa được xếp loại"):
        _submit(cycle, unit)
    rate_own(cycle, unit)
    _submit(cycle, unit)
    for one in (school, party):  # the number of the law is not known: it stands against nothing, and says so
        assert "chưa kiểm chứng" in " ".join(check_unit(cycle, one.pk).unclear)
        _submit(cycle, one)
    before = make_cycle(2025)
    for cadre in Cadre.objects.filter(custody_set__unit=unit):
        _enter(before, cadre, level="good")
    _submit(before, unit)


def test_the_level_of_a_unit_follows_its_score_and_what_it_has_done() -> None:
    cycle, unit = make_cycle(), make_unit()
    _rate(cycle, *staff(unit, 1), "good")
    for values, told in (
        ({"level": "excellent", "score": Decimal(60), "percent_done": None}, "không đúng với điểm của đơn vị"),
        ({"level": "good", "score": None, "percent_done": Decimal("69.9")}, "không đúng với tỷ lệ hoàn thành"),
        ({"level": "good", "score": None, "percent_done": 99, "targets_missed": 5}, "chỉ tiêu không đạt"),
    ):
        rate_unit(cycle=cycle, unit=unit, values=values, version=None, acting_user=None)
        with pytest.raises(ServiceRefusal, match=told):
            _submit(cycle, unit)
    rate_own(cycle, unit)
    _submit(cycle, unit)


# Heads ----------------------------------------------------------------------------------------------------------------


def _heads(cycle: RatingCycle, levels: list[str]) -> tuple[Unit, list[Unit]]:
    above, title = make_unit(name="UBND tỉnh"), head_title()
    units = []
    for level in levels:
        unit = make_unit(parent=above)
        _rate(cycle, make_cadre(unit=unit, title=title, name=f"Thủ Trưởng {len(units)}"), level)
        rate_own(cycle, unit, "excellent")
        _submit(cycle, unit)
        units.append(unit)
    return above, units


def test_heads_are_approved_within_their_cap_over_those_approved_already() -> None:
    cycle = make_cycle()
    _, units = _heads(cycle, ["good"] * 5 + ["excellent", "excellent"])
    for unit in units[:4]:
        _approve(cycle, unit)
    with pytest.raises(ServiceRefusal, match=r"1 xuất sắc, tối đa 0 .*vượt 1 người.*Thủ Trưởng 5"):
        _approve(cycle, units[5])
    for unit in (units[4], units[5]):
        _approve(cycle, unit)
    with pytest.raises(ServiceRefusal, match=r"2 xuất sắc, tối đa 1 .*vượt 1 người.*Thủ Trưởng 5, Thủ Trưởng 6"):
        _approve(cycle, units[6])


def test_a_cycle_is_not_closed_while_its_heads_exceed_their_cap() -> None:
    cycle = make_cycle()
    _, units = _heads(cycle, ["good"] * 4 + ["excellent"])
    args: dict[str, Any] = {"cycle": cycle, "acting_user": None, "reason": "hết hạn"}
    with pytest.raises(ServiceRefusal, match=r"thuộc UBND tỉnh: 1 xuất sắc, tối đa 0"):
        set_state(**args, state=CycleState.CLOSED)
    Rating.objects.filter(unit=units[4]).update(level="good")
    assert set_state(**args, state=CycleState.CLOSED).state == CycleState.CLOSED


def test_where_the_cap_is_not_known_nothing_is_in_the_way() -> None:
    cycle, title = make_cycle(2025), head_title()
    unit = make_unit(parent=make_unit())
    _enter(cycle, make_cadre(unit=unit, title=title), level="excellent")
    _submit(cycle, unit)
    assert _approve(cycle, unit).state == "approved"
    assert set_state(cycle=cycle, acting_user=None, reason="xong", state=CycleState.CLOSED).state == CycleState.CLOSED


# A second person ------------------------------------------------------------------------------------------------------


def test_who_submits_does_not_approve() -> None:
    cycle, unit = make_cycle(), make_unit()
    _rate(cycle, *staff(unit, 1), "good")
    rate_own(cycle, unit)
    both = make_user(Role.UNIT_OFFICER, unit=unit)
    make(Grant, user=both, role=Role.APPROVER, unit=unit, effective_from=D(2000, 1, 1))
    _submit(cycle, unit, both)
    with pytest.raises(ServiceRefusal, match="Bạn là người trình"):
        _approve(cycle, unit, both)
    assert _approve(cycle, unit, make_user(Role.APPROVER, unit=unit)).state == "approved"


# Members of the Party -------------------------------------------------------------------------------------------------


def test_members_of_the_party_and_nobody_else_get_a_party_level() -> None:
    cycle, unit = make_cycle(), make_unit()
    member, other = staff(unit, 2)
    join_party(member)
    rate_own(cycle, unit)
    for cadre in (member, other):
        _rate(cycle, cadre, "good")
    with pytest.raises(ServiceRefusal, match="Còn 1 đảng viên chưa có mức xếp loại đảng viên"):
        _submit(cycle, unit)
    with pytest.raises(ValidationError, match="không phải là đảng viên"):
        _enter(cycle, other, party_level="good")
    _enter(cycle, member, party_level="excellent")
    check = check_unit(cycle, unit.pk)
    (party,) = [group for group in check.groups if group.regime == "party"]
    assert (party.people, party.excellent) == (1, 1)
    Rating.objects.filter(cadre=other).update(party_level="excellent")  # as it could be before it was refused
    check = check_unit(cycle, unit.pk)
    (party,) = [group for group in check.groups if group.regime == "party"]
    assert (party.people, [one.rule for one in check.wrong_of(other.pk)]) == (1, ["rating-party"])
    Rating.objects.filter(cadre=other).update(party_level="")
    _submit(cycle, unit)


def test_a_cycle_without_the_party_asks_for_no_party_level() -> None:
    cycle, unit = make_cycle(rates_party=False), make_unit()
    (member,) = staff(unit, 1)
    join_party(member)
    rate_own(cycle, unit)
    _rate(cycle, member, "good")
    _submit(cycle, unit)


# What is entered ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"general_score": 20, "results_score": 40, "score": 95}, "không bằng tổng"),
        ({"general_score": 31}, "từ 0 đến 30"),
        ({"results_score": 71}, "từ 0 đến 70"),
        ({"results_score": -1}, "từ 0 đến 70"),
        ({"score": 80, "exclusion": "leave"}, "thì không có điểm"),
        ({"grounds": {"off_duty": True}}, "vì sao kỷ luật không liên quan"),
    ],
)
def test_what_the_sheet_refuses_the_grid_refuses_too(values: dict[str, Any], told: str) -> None:
    cycle, cadre = make_cycle(), make_cadre()
    said = {name: Decimal(value) if isinstance(value, int) else value for name, value in values.items()}
    with pytest.raises(ValidationError, match=told):
        _enter(cycle, cadre, **said)
    assert not Rating.objects.exists()


def test_parts_that_came_first_make_the_score_and_one_part_leaves_it() -> None:
    cycle, cadre = make_cycle(), make_cadre()
    _enter(cycle, cadre, score=Decimal(95))
    assert _enter(cycle, cadre, general_score=Decimal(20)).score == 95
    assert _enter(cycle, cadre, results_score=Decimal(40)).score == 60
    with pytest.raises(ValidationError, match=r"Điểm 95 không bằng .* \(20 \+ 40 = 60\)"):
        _enter(cycle, cadre, score=Decimal(95))
    assert _enter(cycle, cadre, results_score=None).score is None


def test_a_discipline_off_duty_counts_as_such_with_its_reason_and_is_frozen_with_it() -> None:
    cycle, unit = make_cycle(), make_unit()
    (cadre,) = staff(unit, 1)
    form = make_code(DisciplineForm, "01", name="Khiển trách", regime="state")
    make(Discipline, cadre=cadre, regime="state", form=form, effective_from=D(2026, 5, 1))
    rate_own(cycle, unit)
    _rate(cycle, cadre, "good")
    Rating.objects.update(grounds={"off_duty": True})  # as it could be said before without a reason
    assert [one.rule for one in check_unit(cycle, unit.pk).wrong_of(cadre.pk)] == ["rating-forced"]
    _enter(cycle, cadre, grounds={"off_duty": True, "off_duty_reason": "vi phạm giao thông ngày nghỉ"})
    assert check_unit(cycle, unit.pk).off_duty() == [(cadre.pk, "vi phạm giao thông ngày nghỉ")]
    _submit(cycle, unit)
    (kept,) = _approve(cycle, unit).content["people"]
    assert kept["grounds"]["off_duty_reason"] == "vi phạm giao thông ngày nghỉ"


# Corrections ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def approved() -> tuple[RatingCycle, Unit, list[Cadre]]:
    """Six people of a unit, five good, one completed, approved on DAY."""
    cycle, unit = make_cycle(), make_unit(parent=make_unit())
    people = staff(unit, 6)
    for place, cadre in enumerate(people):
        _rate(cycle, cadre, "good" if place else "completed")
    rate_own(cycle, unit)
    _submit(cycle, unit)
    _approve(cycle, unit)
    return cycle, unit, people


def _correct(cadre: Cadre, decision: Decision, user: User | None = None, **values: Any) -> Rating:
    given = values or {"level": "good", "score": Decimal(75)}
    row = Rating.objects.get(cadre=cadre)
    return correct_rating(rating=row, values=given, decision=decision, acting_user=user, reason="khiếu nại đúng")


def test_a_correction_rests_on_a_fitting_decision_alone(approved: tuple[RatingCycle, Unit, list[Cadre]]) -> None:
    _, unit, people = approved
    cadre = people[0]
    other_kind = make_code(DecisionKind, "x-khen-thuong", name="Khen thưởng")
    for decision, told in (
        (correction(unit, cadre, kind=other_kind), "phải thuộc loại"),
        (correction(unit, people[1]), "không nói về người này"),
        (correction(unit, cadre, signed_on=D(2026, 12, 9)), r"từ ngày kết quả được duyệt \(10/12/2026\)"),
        (correction(make_unit(), cadre), "do đơn vị xếp loại hoặc cấp trên"),
        (correction(unit, cadre, state="annulled"), "không còn hiệu lực"),
    ):
        with pytest.raises(ValidationError, match=told):
            _correct(cadre, decision)
    assert Rating.objects.get(cadre=cadre).level == "completed"


def test_a_correction_is_an_approvers_and_never_of_himself(approved: tuple[RatingCycle, Unit, list[Cadre]]) -> None:
    _, unit, (cadre, *_) = approved
    decision = correction(unit, cadre)
    leader = make_user(Role.APPROVER, unit=unit)
    for user in (make_user(Role.UNIT_OFFICER, unit=unit), make_user(Role.APPROVER, unit=make_unit())):
        with pytest.raises(Cadre.DoesNotExist):
            _correct(cadre, decision, user)
    Cadre.objects.filter(pk=cadre.pk).update(account=leader)
    with pytest.raises(Cadre.DoesNotExist):
        _correct(cadre, decision, leader)
    Cadre.objects.filter(pk=cadre.pk).update(account=None)
    assert _correct(cadre, decision, leader).decision == decision


def test_what_blocks_at_entry_blocks_a_correction(approved: tuple[RatingCycle, Unit, list[Cadre]]) -> None:
    _, unit, (first, second, *_) = approved
    decision = correction(unit, first)
    with pytest.raises(ServiceRefusal, match="không đúng với điểm"):
        _correct(first, decision, level="excellent", score=Decimal(75))
    _correct(first, decision, level="excellent", score=Decimal(95))  # one beside five «tốt»
    with pytest.raises(ServiceRefusal, match=r"2 xuất sắc, tối đa 0 .* vượt 2 người"):
        _correct(second, correction(unit, second), level="excellent", score=Decimal(95))


def test_a_correction_freezes_anew_and_keeps_what_was(approved: tuple[RatingCycle, Unit, list[Cadre]]) -> None:
    cycle, unit, (cadre, other, *_) = approved
    before = UnitSubmission.objects.get(cycle=cycle, unit=unit)
    _correct(cadre, correction(unit, cadre))
    after = UnitSubmission.objects.get(pk=before.pk)
    assert after.sha256 != before.sha256
    assert is_intact(after)
    assert strays(after) == []
    (told,) = after.content["corrections"]
    assert (told["cadre"], told["was"]["level"], told["previous_sha256"]) == (cadre.pk, "completed", before.sha256)
    assert {one["level"] for one in after.content["people"]} == {"good"}
    kept = history_model(UnitSubmission).objects.filter(id=before.pk).values_list("sha256", flat=True)
    assert {before.sha256, after.sha256} <= set(kept)
    Rating.objects.filter(cadre=other).update(level="excellent")
    assert strays(after) == [other.full_name]
    _correct(cadre, correction(unit, cadre), note="rõ hơn")  # what was touched past the software is not covered up
    assert strays(UnitSubmission.objects.get(pk=before.pk)) == [other.full_name]


# Cycles ---------------------------------------------------------------------------------------------------------------


def test_two_cycles_of_one_kind_do_not_share_days_and_a_deadline_comes_after_the_start() -> None:
    quarter = {"kind": "quarter", "begins_on": D(2026, 1, 1), "ends_on": D(2026, 3, 31), "acting_user": None}
    open_cycle(code="Q1", name="Quý I", **quarter)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="Đã có kỳ «Quý I» cùng loại"):
        open_cycle(code="Q1b", name="Quý I nữa", **quarter)  # type: ignore[arg-type]
    year = make_cycle()
    with pytest.raises(ValidationError, match="Hạn phải sau ngày đầu kỳ"):
        set_deadline(cycle=year, due_on=D(2025, 12, 31), acting_user=None, reason="nhầm")
    with pytest.raises(ValidationError, match="Hạn phải sau ngày đầu kỳ"):
        make_cycle(2027, due_on=D(2026, 12, 1))
