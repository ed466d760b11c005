"""Choosing for a class: who is considered, what is proposed, written in one act, refused, undone."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent
from personnel.choices import EmploymentState, Sex, TitleGroup
from personnel.models import Employment, TitleStandard
from personnel.services.delegations import load_default_delegations
from personnel.services.errors import ServiceRefusal
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_title, make_user, minority
from tests.planning.making import approve, make_round, make_seat, open_round, put_on
from tests.training.choosing_world import asked, make_class, nominate
from tests.training.making import DAY, TrainingWorld, make_level, make_programme, training_world
from training.choices import ClassState, MemberState
from training.models import ClassMember, ProposedNeed, TrainingClass
from training.services.choosing import (
    CHANGED,
    STALE,
    Choice,
    choice_of,
    choice_version,
    confirm_choices,
    save_asked,
    seal,
    undo_choice,
    unseal,
)
from training.services.cohort_demonstration import CohortsPart
from training.statistics.choosing.asking import NOMINATED, Asked, asked_of
from training.statistics.choosing.people import people_for
from training.statistics.choosing.proposal import Proposal, costs, propose, propose_many

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def world() -> TrainingWorld:
    return training_world(3)


def _propose(training_class: TrainingClass, wanted: Asked) -> Proposal:
    return propose(training_class, wanted, user=None, day=DAY)


def _choice(training_class: TrainingClass, wanted: Asked) -> Choice:
    return choice_of(_propose(training_class, wanted), choice_version(training_class))


def _confirm(training_class: TrainingClass, wanted: Asked, user: Any = None) -> None:
    confirm_choices(choices=[_choice(training_class, wanted)], acting_user=user, day=DAY)
    training_class.refresh_from_db()


def _states(training_class: TrainingClass) -> dict[int, str]:
    return dict(training_class.members.values_list("cadre_id", "state"))


def test_the_longest_waiting_comes_first_and_everybody_is_told_why(world: TrainingWorld) -> None:
    first, second, third = world.people
    earlier = make_class("CU", begins_on=D(2024, 1, 1), ends_on=D(2024, 2, 1))
    now = make_class("MOI", programme=earlier.programme)
    nominate(earlier, world.home, third, state=MemberState.DECLINED)
    nominate(now, world.home, first, second, third)
    found = _propose(now, asked(2, reserves=1))
    assert [line.person.cadre_id for line in found.chosen] == [third.pk, first.pk]
    assert found.chosen[0].person.priority.text.startswith("Nhu cầu 10 (đơn vị đề nghị) + Số năm chờ 12 (3 năm")
    assert found.chosen[0].sentence.startswith("Được chọn vì điểm ưu tiên 37, đứng thứ 1 trong 3")
    (other,) = found.others
    assert other.sentence == "Không chọn vì hết chỗ: điểm ưu tiên 25, thấp nhất được chọn là 25."
    assert other.is_reserve
    assert found.is_feasible


def test_minima_pins_and_caps_hold_together(world: TrainingWorld) -> None:
    woman = make_cadre(unit=world.away, sex=Sex.FEMALE, born=D(1999, 1, 1), ethnicity=minority())
    one = make_class(capacity=3)
    nominate(one, world.home, *world.people)
    nominate(one, world.away, woman)
    found = _propose(
        one, asked(3, min_women=1, min_minority=1, min_young=1, max_per_unit=2, pinned=frozenset({world.people[2].pk}))
    )
    assert found.picked == {world.people[0].pk, world.people[2].pk, woman.pk}
    assert {line.key: (line.actual, line.is_met) for line in found.quota_lines} == {
        "capacity": ("3", True),
        "min_women": ("1", True),
        "min_minority": ("1", True),
        "min_young": ("1", True),
        "max_per_unit": ("2", True),
    }
    left_out = _propose(one, asked(3, excluded=frozenset({world.people[0].pk})))
    assert world.people[0].pk not in left_out.picked


def test_a_pin_that_a_cap_forbids_is_a_conflict_and_the_nearest_list_can_be_taken(world: TrainingWorld) -> None:
    one = make_class()
    nominate(one, world.home, *world.people)
    wanted = asked(3, min_women=1, max_per_unit=1, pinned=frozenset(cadre.pk for cadre in world.people[:2]))
    found = _propose(one, wanted)
    assert not found.is_feasible
    named = {quota for conflict in found.cohort.conflicts for quota in conflict.quotas}
    assert {"min_women", "pinned", "max_per_unit"} <= named
    with pytest.raises(ServiceRefusal, match="không đạt chỉ tiêu"):
        _confirm(one, wanted)
    nearest = _propose(one, found.nearest())
    assert nearest.is_feasible
    assert nearest.asked.min_women == 0


def test_nobody_barred_is_chosen_and_a_pin_does_not_help(world: TrainingWorld) -> None:
    home = world.home
    away = make_cadre(unit=home, state=EmploymentState.LONG_STUDY)
    suspended = make_cadre(unit=home, state=EmploymentState.SUSPENDED)
    old = make_cadre(unit=home, born=D(1966, 1, 1))
    gone = make_cadre(unit=home, state=EmploymentState.RETIRED)
    busy = world.people[0]
    other = make_class("KHAC", begins_on=D(2027, 3, 31), ends_on=D(2027, 5, 1), state=ClassState.RUNNING)
    nominate(other, home, busy, state=MemberState.CHOSEN)
    one = make_class(capacity=9)
    nominate(one, home, away, suspended, old, gone, *world.people)
    found = _propose(one, asked(9))
    assert found.picked == {cadre.pk for cadre in world.people[1:]}
    told = {line.person.cadre_id: line.sentence for line in found.others}
    assert told[away.pk] == "Đang trong tình trạng «Đi học dài hạn»."
    assert told[suspended.pk].startswith("Đang bị tạm đình chỉ công tác")
    assert told[old.pk].startswith("Nghỉ hưu từ ")
    assert told[gone.pk] == "Không còn công tác."
    assert told[busy.pk] == "Trùng thời gian với lớp «Lớp KHAC»."
    pinned = _propose(one, asked(9, pinned=frozenset({suspended.pk})))
    assert not pinned.is_feasible
    assert pinned.faults[0].startswith(suspended.full_name)
    assert suspended.pk not in pinned.picked


def test_a_class_that_ends_before_the_other_begins_does_not_overlap(world: TrainingWorld) -> None:
    other = make_class("KHAC", begins_on=D(2027, 4, 1), ends_on=D(2027, 5, 1), state=ClassState.CHOSEN)
    cancelled = make_class("HUY", begins_on=D(2027, 1, 4), ends_on=D(2027, 5, 1), state=ClassState.CANCELLED)
    nominate(other, world.home, world.people[0], state=MemberState.CHOSEN)
    nominate(cancelled, world.home, world.people[0], state=MemberState.CHOSEN)
    one = make_class()
    nominate(one, world.home, world.people[0])
    assert _propose(one, asked(1)).picked == {world.people[0].pk}


def test_what_a_quota_costs_is_told_by_solving_without_it(world: TrainingWorld) -> None:
    earlier = make_class("CU", begins_on=D(2022, 1, 1), ends_on=D(2022, 2, 1))
    now = make_class("MOI", programme=earlier.programme, capacity=2)
    nominate(earlier, world.home, *world.people[:2], state=MemberState.DECLINED)
    nominate(now, world.home, *world.people)
    woman = make_cadre(unit=world.away, sex=Sex.FEMALE)
    nominate(now, world.away, woman)
    found = _propose(now, asked(2, min_women=1))
    told = {cost.label: (cost.points, cost.changed) for cost in costs(found, DAY)}
    assert told == {"số nữ tối thiểu": (20, 1), "thêm một chỗ": (45, 1)}


def test_the_list_is_written_in_one_act_and_taken_back(world: TrainingWorld) -> None:
    one = make_class(capacity=2)
    members = nominate(one, world.home, *world.people)
    before = AuditEvent.objects.count()
    _confirm(one, asked(1, reserves=1, min_women=0, excluded=frozenset({world.people[0].pk})), world.officer)
    assert AuditEvent.objects.count() == before + 1
    assert _states(one) == {
        world.people[0].pk: MemberState.DECLINED,
        world.people[1].pk: MemberState.CHOSEN,
        world.people[2].pk: MemberState.RESERVE,
    }
    assert (one.state, one.capacity, one.quotas["reserves"]) == (ClassState.CHOSEN, 1, 1)
    reserve = one.members.get(cadre=world.people[2])
    assert reserve.reason.startswith("Dự bị số 1. Không chọn vì hết chỗ")
    assert reserve.history.first().event == AuditEvent.objects.latest("pk")
    assert one.members.get(cadre=world.people[0]).is_excluded
    with pytest.raises(ServiceRefusal):
        _confirm(one, asked(1))
    undo_choice(training_class=one, version=choice_version(one), acting_user=world.officer)
    one.refresh_from_db()
    assert one.state == ClassState.NOMINATING
    assert set(_states(one).values()) == {MemberState.NOMINATED}
    assert one.members.count() == len(members)
    assert not one.members.exclude(reason="").exists()


def test_taking_a_list_back_restores_what_units_wrote_and_drops_whom_the_choice_added(world: TrainingWorld) -> None:
    one = make_class(programme=make_programme("TRE", kind="talent"))
    nominate(one, world.home, world.people[0], reason="Cán bộ trẻ có triển vọng")
    nominate(one, world.home, world.people[1], state=MemberState.WITHDRAWN)
    for cadre in (world.people[1], world.strangers[0]):
        make(ProposedNeed, cadre=cadre, programme=one.programme, unit=world.home, proposed_on=D(2026, 1, 1))
    found = _propose(one, asked(2))
    assert found.picked == {world.people[0].pk, world.strangers[0].pk}
    _confirm(one, asked(2))
    assert one.members.get(cadre=world.strangers[0]).unit == world.away
    undo_choice(training_class=one, version=None, acting_user=None)
    assert _states(one) == {world.people[0].pk: MemberState.NOMINATED, world.people[1].pk: MemberState.WITHDRAWN}
    assert one.members.get(cadre=world.people[0]).reason == "Cán bộ trẻ có triển vọng"


def test_a_stale_list_is_refused(world: TrainingWorld) -> None:
    one = make_class()
    nominate(one, world.home, *world.people[:2])
    choice = _choice(one, asked(2))
    nominate(one, world.home, world.people[2])
    with pytest.raises(ServiceRefusal, match=STALE[:40]):
        confirm_choices(choices=[choice], acting_user=None, day=DAY)
    choice = _choice(one, asked(2))
    save_asked(training_class=one, asked=asked(3), version=choice.version, acting_user=None)
    with pytest.raises(ServiceRefusal, match=STALE[:40]):
        confirm_choices(choices=[choice], acting_user=None, day=DAY)


def test_who_is_barred_since_the_list_was_made_is_not_written(world: TrainingWorld) -> None:
    one = make_class()
    nominate(one, world.home, *world.people)
    choice = _choice(one, asked(2))
    Employment.objects.filter(cadre=world.people[0]).update(state=EmploymentState.SUSPENDED)
    with pytest.raises(ServiceRefusal, match=CHANGED.split(":")[0]):
        confirm_choices(choices=[choice], acting_user=None, day=DAY)
    assert set(_states(one).values()) == {MemberState.NOMINATED}


def test_the_written_reason_tells_nothing_of_discipline(world: TrainingWorld) -> None:
    suspended = make_cadre(unit=world.home, state=EmploymentState.SUSPENDED)
    one = make_class()
    nominate(one, world.home, suspended, *world.people)
    _confirm(one, asked(2))
    assert one.members.get(cadre=suspended).reason == "Chưa đủ điều kiện cử đi học trong thời gian của lớp."


def test_a_sealed_list_is_the_servers_and_the_readers_own(world: TrainingWorld) -> None:
    one = make_class()
    nominate(one, world.home, *world.people)
    choice = _choice(one, asked(2, pinned=frozenset({world.people[1].pk})))
    text = seal([choice], world.officer)
    assert unseal(text, world.officer) == [choice]
    for wrong in (text[:-2], "", f"{text}x"):
        with pytest.raises(ServiceRefusal):
            unseal(wrong, world.officer)
    with pytest.raises(ServiceRefusal):
        unseal(text, world.unit_officer)


def test_only_who_arranges_the_whole_class_chooses(world: TrainingWorld) -> None:
    one = make_class()
    nominate(one, world.home, *world.people)
    choice = _choice(one, asked(2))
    narrow = make_user("province_officer", unit=world.home)
    nominate(one, world.away, world.strangers[0])
    for user in (world.unit_officer, narrow):
        with pytest.raises(PermissionDenied):
            confirm_choices(choices=[choice], acting_user=user, day=DAY)
        with pytest.raises(PermissionDenied):
            undo_choice(training_class=one, version=None, acting_user=user)
        with pytest.raises(PermissionDenied):
            save_asked(training_class=one, asked=asked(2), version=None, acting_user=user)


def test_people_out_of_scope_are_not_considered(world: TrainingWorld) -> None:
    one = make_class()
    nominate(one, world.home, *world.people)
    nominate(one, world.away, *world.strangers)
    narrow = make_user("province_officer", unit=world.home)
    seen = {person.cadre_id for person in people_for(one, user=narrow, day=DAY)}
    assert seen == {cadre.pk for cadre in world.people}


def test_several_classes_share_nobody_and_are_written_together(world: TrainingWorld) -> None:
    first = make_class("L1", capacity=2)
    second = make_class("L2", capacity=2, programme=first.programme)
    for one in (first, second):
        nominate(one, world.home, *world.people)
        nominate(one, world.away, world.strangers[0])
    save_asked(
        training_class=second, asked=asked(2, pinned=frozenset({world.people[0].pk})), version=None, acting_user=None
    )
    classes = [first, TrainingClass.objects.get(pk=second.pk)]
    found = propose_many(classes, user=None, day=DAY)
    assert found[second.pk].picked >= {world.people[0].pk}
    assert not found[first.pk].picked & found[second.pk].picked
    assert all(len(one.picked) == 2 and one.is_feasible for one in found.values())
    choices = [choice_of(found[one.pk], choice_version(one)) for one in classes]
    confirm_choices(choices=choices, acting_user=None, day=DAY)
    assert set(TrainingClass.objects.values_list("state", flat=True)) == {ClassState.CHOSEN}
    told = first.members.filter(cadre__in=found[second.pk].picked).values_list("reason", flat=True)
    assert all(reason.endswith("Không chọn vì được chọn cho lớp khác.") for reason in told)
    assert all("đứng thứ" in line.sentence for line in found[first.pk].chosen)
    twice = Choice(first.pk, asked(2), (world.people[0].pk,), "0-0")
    with pytest.raises(ServiceRefusal, match="hai lớp"):
        confirm_choices(
            choices=[twice, Choice(second.pk, asked(2), (world.people[0].pk,), "0-0")], acting_user=None, day=DAY
        )


def test_what_was_asked_is_kept_with_the_class(world: TrainingWorld) -> None:
    one = make_class()
    nominate(one, world.home, *world.people)
    wanted = asked(
        5,
        min_women=1,
        max_per_unit=2,
        youth="under-42",
        source=NOMINATED,
        reserves=0,
        pinned=frozenset({world.people[0].pk}),
    )
    save_asked(training_class=one, asked=wanted, version=None, acting_user=None)
    assert asked_of(TrainingClass.objects.get(pk=one.pk)) == wanted


def test_reading_costs_the_same_for_few_and_many(world: TrainingWorld) -> None:
    one = make_class()

    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            _propose(one, asked(2))
        return len(caught)

    nominate(one, world.home, *world.people)
    few = count()
    nominate(one, world.home, *(make_cadre(unit=world.home) for _ in range(27)))
    assert count() == few
    assert ClassMember.objects.count() == 30


def test_who_the_programme_does_not_admit_is_not_chosen(world: TrainingWorld) -> None:
    programme = make_programme("CC", conditions={"max_age": 40})
    one = make_class(programme=programme, capacity=5)
    young = make_cadre(unit=world.home, born=D(1995, 1, 1))
    nominate(one, world.home, young, *world.people)
    found = _propose(one, asked(5))
    assert found.picked == {young.pk}
    assert found.others[0].sentence == "Không đạt điều kiện dự học của chương trình: trong độ tuổi dự học."


def test_a_plan_counts_only_for_who_reads_it_and_leaves_no_word(world: TrainingWorld) -> None:
    """What was planned raises the priority of whoever reads the plan; the written reason does not say so."""
    load_default_delegations()
    level = make_level("political_theory", "x-cc", 1, "Cao cấp")
    title = make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8)
    make(
        TitleStandard,
        title=title,
        requirement="political_theory",
        value=level.code,
        citation="Quy định 1-QĐ/TU",
        effective_from=LONG_AGO,
    )
    planned_round = make_round()
    seat = make_seat(planned_round, world.home, title)
    open_round(planned_round)
    put_on(seat, world.people[2])
    approve(planned_round)
    one = make_class(programme=make_programme("CC", gives="political_theory", level=level), capacity=1)
    nominate(one, world.home, *world.people)
    found = propose(one, asked(1), user=world.officer, day=DAY)
    assert found.picked == {world.people[2].pk}
    assert "Quy hoạch" in found.chosen[0].person.priority.text
    assert "quy hoạch" not in found.chosen[0].person.priority.folded().text.lower()
    confirm_choices(choices=[choice_of(found, choice_version(one))], acting_user=world.officer, day=DAY)
    assert not any("quy hoạch" in reason.lower() for reason in one.members.values_list("reason", flat=True))


def test_who_plans_nowhere_gets_the_same_people_without_the_plan(world: TrainingWorld) -> None:
    one = make_class(capacity=3)
    nominate(one, world.home, *world.people)
    seen = people_for(one, user=world.unit_officer, day=DAY)
    assert all("planned" not in person.case.sources for person in seen)


def test_the_demonstration_has_classes_that_wait_for_their_list(world: TrainingWorld) -> None:
    make_programme("QLNN-CV")
    people = [make_cadre(unit=world.home) for _ in range(30)]
    with writing(acting_user=None, reason="trình diễn"):
        rows = CohortsPart().write(day=DAY)
    classes = TrainingClass.objects.filter(state=ClassState.NOMINATING)
    assert (classes.count(), rows) == (2, 2 + ClassMember.objects.count())
    assert ClassMember.objects.filter(cadre__in=people).exists()
    assert asked_of(classes[0]).min_women == 15
