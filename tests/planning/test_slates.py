"""A slate as a whole: what one move frees is there for the next, what it changes, copies, drafts, who may."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from personnel.choices import DecisionState, TitleGroup
from personnel.models import Cadre, Decision
from personnel.policies import Role
from personnel.services.decisions.kinds import Case, FactSource, decision_acts, fact_sources
from personnel.services.decisions.register import drop_draft, remove_people
from personnel.services.decisions.signing import sign_decision
from personnel.services.errors import ServiceRefusal, StaleVersion
from planning.choices import SlateState
from planning.models import Slate, SlateMove
from planning.rules.slates import Stand, Step, into_decisions, shift
from planning.services.slates.drawing import choose_slate, decisions_of, drop_slate, undraw
from planning.services.slates.rehearsing import rehearse_slate
from planning.services.slates.writing import change_move, copy_slate, order_move, remove_move, restore_slate
from tests.factories.personnel import make_cadre, make_title, make_unit, make_user
from tests.personnel.decisions.making import signature
from tests.planning.slates import DAY, Team, judged, make_slate, make_team, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team()


def rules(slate: Slate, place: int) -> set[str]:
    """The conditions that a move does not meet."""
    return {found.rule for found in judged(slate).moves[place].blocking}


def up_and_out(team: Team) -> Slate:
    """The head retires, the deputy moves up, a specialist follows as deputy."""
    slate = make_slate()
    put(slate, "retirement", team.head)
    put(slate, "appointment", team.deputy, title=team.head_title, unit=team.division)
    put(slate, "appointment", team.other, title=team.deputy_title, unit=team.division)
    return slate


def test_a_seat_that_one_move_frees_is_free_for_the_next(team: Team) -> None:
    slate = up_and_out(team)
    assert "free-seat" not in rules(slate, 1) | rules(slate, 2)
    assert [post.title for post in judged(slate).moves[1].after.posts] == ["Trưởng phòng"]


def test_order_matters_and_says_which_move_has_to_come_first(team: Team) -> None:
    slate = up_and_out(team)
    order_move(move=slate.moves.get(cadre=team.head), by=1, version=None, acting_user=None)
    first = judged(slate).moves[0]
    assert first.move.cadre == team.deputy
    assert "free-seat" in {found.rule for found in first.blocking}
    assert first.hints == ["Ghế này được giải phóng ở bước 2: chuyển bước 2 lên trước."]


def test_a_seat_taken_twice_is_over_filled(team: Team) -> None:
    slate = up_and_out(team)
    late = make_cadre(unit=team.division, name="Đỗ Văn Muộn")
    put(slate, "appointment", late, title=team.head_title, unit=team.division)
    assert "free-seat" in rules(slate, 3)
    (over,) = judged(slate).effects.over_filled
    assert (over.title, over.seats, len(over.after), over.over) == ("Trưởng phòng", 1, 2, 1)


def test_establishment_is_counted_with_the_moves_before(team: Team) -> None:
    slate = make_slate()
    guests = [make_cadre(unit=make_unit()) for _ in range(7)]
    for guest in guests[:6]:
        put(slate, "transfer", guest, unit=team.division)
    assert "within-establishment" in rules(slate, 5), "three are there, five places are free"
    assert "within-establishment" not in rules(slate, 4)
    put(slate, "retirement", team.head)
    put(slate, "transfer", guests[6], unit=team.division)
    quota = next(row for row in judged(slate).effects.quotas if row.unit_id == team.division.pk)
    assert (quota.assigned, quota.before, quota.after, quota.over) == (8, 3, 9, 1)


def test_effects_tell_the_team_and_the_deputies_before_and_after(team: Team) -> None:
    (change,) = judged(up_and_out(team)).effects.teams
    assert (change.before.people, change.after.people) == (2, 2)
    assert (change.before.female, change.after.female) == (1, 1)
    assert change.before.mean_age is not None
    assert change.after.mean_age is not None
    assert change.after.mean_age < change.before.mean_age
    assert (change.deputies_before, change.deputies_after) == (1, 1)
    assert change.ceiling.outcome == "unknown", "no figure is confirmed"


def test_what_upper_rooms_know_reaches_every_move(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    class Planned(FactSource):
        key = "is_planned"

        def facts(self, cases: Sequence[Case]) -> dict[int, Any]:
            return {case.place: case.cadre == team.deputy for case in cases}

    monkeypatch.setattr(fact_sources, "_entries", {"is_planned": Planned()})
    slate = up_and_out(team)
    planned = "planned-for-title"
    assert planned not in rules(slate, 1)
    assert planned in rules(slate, 2)
    first = judged(slate).moves[1].planned
    assert first is not None
    assert next(found.outcome for found in first.findings if found.rule == planned) == "met"


def test_what_is_missing_is_a_fault_and_changes_nothing(team: Team) -> None:
    slate = make_slate()
    put(slate, "appointment", team.deputy)
    (only,) = judged(slate).moves
    assert only.faults
    assert only.shift == shift(Stand(), Stand())
    with pytest.raises(ServiceRefusal, match="Bước 1"):
        choose_slate(slate=slate, unit=team.unit, version=None, acting_user=None)
    assert not Decision.objects.exclude(state=DecisionState.SIGNED).exists()


def test_queries_do_not_grow_with_the_moves(team: Team) -> None:
    slate = make_slate()

    def grow(count: int) -> int:
        for _ in range(count):
            home = make_unit(parent=team.unit)
            title = make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8)
            put(slate, "appointment", make_cadre(unit=home), title=title, unit=home)
            put(slate, "transfer", make_cadre(unit=home, title=title), unit=team.division)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            judged(slate)
        return len(seen)

    few = grow(2)
    assert grow(13) == few


def test_a_copy_varies_and_leaves_the_original(team: Team) -> None:
    slate = up_and_out(team)
    choose_slate(slate=slate, unit=team.unit, version=None, acting_user=None)
    copy = copy_slate(slate=slate, name="Phương án 2", acting_user=None)
    assert copy.copied_from == slate
    assert copy.state == SlateState.DRAFT
    assert [move.act for move in copy.moves.all()] == [move.act for move in slate.moves.all()]
    assert not copy.moves.filter(decision__isnull=False).exists(), "drafts belong to the chosen one"
    remove_move(move=copy.moves.get(cadre=team.other), version=None, acting_user=None)
    assert slate.moves.count() == 3


def test_choosing_draws_up_drafts_by_authority_and_in_order(team: Team) -> None:
    slate = up_and_out(team)
    other = make_cadre(unit=make_unit(), born=datetime.date(1965, 1, 1))
    put(slate, "retirement", other)
    drafts = choose_slate(slate=slate, unit=team.unit, version=None, acting_user=None, issuers={"unit": "Sở A"})
    told = [(one.kind.code, sorted(item.cadre_id for item in one.items.all())) for one in drafts if one.kind]
    assert told == [
        ("x-nghi-huu", sorted([team.head.pk, other.pk])),
        ("x-bo-nhiem", [team.deputy.pk]),
        ("x-bo-nhiem", [team.other.pk]),
    ], "who follows into the seat that the deputy leaves comes by a later decision"
    assert {one.state for one in drafts} == {DecisionState.DRAFT}
    assert {one.issuer for one in drafts} == {"Sở A"}
    assert {one.effective_on for one in drafts} == {DAY}
    assert not any(slate.name in one.summary for one in drafts), "the register is read by others"
    slate.refresh_from_db()
    assert slate.state == SlateState.CHOSEN
    assert decisions_of(slate) == drafts
    with pytest.raises(ServiceRefusal, match="không còn bước nào"):
        choose_slate(slate=slate, unit=team.unit, version=None, acting_user=None)


def test_what_is_signed_stays_whatever_becomes_of_the_slate(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    slate = up_and_out(team)
    first, second, third = choose_slate(slate=slate, unit=team.unit, version=None, acting_user=None)
    monkeypatch.setattr(type(decision_acts["retirement"]), "findings", lambda self, case: ())
    sign_decision(decision=first, signature=signature(), acting_user=None)
    again = judged(slate)
    assert again.moves[0].planned is None
    assert again.moves[0].faults == []
    assert "free-seat" not in {found.rule for found in again.moves[1].blocking}, "the record has it now"
    with pytest.raises(ServiceRefusal, match="đã lập dự thảo"):
        remove_move(move=slate.moves.get(cadre=team.head), version=None, acting_user=None)
    with pytest.raises(ServiceRefusal, match="đã trình hoặc đã ký"):
        undraw(slate=slate, decision=Decision.objects.get(pk=first.pk), version=None, acting_user=None)
    drop_slate(slate=slate, reason="Chọn phương án khác", with_drafts=True, version=None, acting_user=None)
    left = Decision.objects.filter(pk__in=[first.pk, second.pk, third.pk])
    assert [one.pk for one in left] == [first.pk]
    assert left[0].state == DecisionState.SIGNED
    slate.refresh_from_db()
    assert slate.state == SlateState.DROPPED
    copy = copy_slate(slate=slate, name="Phương án 2", acting_user=None)
    assert copy.moves.get(cadre=team.head).decision_id == first.pk
    restore_slate(slate=slate, version=None, acting_user=None)
    slate.refresh_from_db()
    assert slate.state == SlateState.CHOSEN


def test_a_draft_of_a_slate_is_thrown_away_from_the_slate(team: Team) -> None:
    slate = up_and_out(team)
    drafts = choose_slate(slate=slate, unit=team.unit, version=None, acting_user=None)
    with pytest.raises(ServiceRefusal, match="bước của phương án"):
        drop_draft(decision=drafts[0], acting_user=None)
    for decision in drafts:
        undraw(slate=slate, decision=decision, version=None, acting_user=None)
    slate.refresh_from_db()
    assert slate.state == SlateState.DRAFT
    assert not Decision.objects.filter(state=DecisionState.DRAFT).exists()
    change_move(
        move=slate.moves.get(cadre=team.other),
        act=decision_acts["transfer"],
        values={"unit": team.unit},
        version=None,
        acting_user=None,
    )
    assert slate.moves.get(cadre=team.other).act == "transfer"


def test_whom_the_register_takes_off_a_draft_is_free_to_be_drawn_again(team: Team) -> None:
    slate = up_and_out(team)
    drafts = choose_slate(slate=slate, unit=team.unit, version=None, acting_user=None)
    last = drafts[-1]
    remove_people(decision=last, items=[item.pk for item in last.items.all()], acting_user=None)
    assert [one.move.cadre for one in judged(slate).undrawn] == [team.other]
    (again,) = choose_slate(slate=slate, unit=team.unit, version=None, acting_user=None)
    assert slate.moves.get(cadre=team.other).decision == again
    assert slate.moves.get(cadre=team.deputy).decision == drafts[1]


def test_a_stale_version_is_refused(team: Team) -> None:
    slate = up_and_out(team)
    with pytest.raises(StaleVersion):
        order_move(move=slate.moves.first(), by=1, version=1, acting_user=None)
    with pytest.raises(StaleVersion):
        choose_slate(slate=slate, unit=team.unit, version=1, acting_user=None)


def test_the_same_person_moves_once(team: Team) -> None:
    slate = up_and_out(team)
    with pytest.raises(ValidationError, match="đã có trong phương án"):
        put(slate, "release", team.head)


class TestAccess:
    """Every person and unit in scope, or it does not exist; the persons themselves never see it."""

    @pytest.fixture
    def officer(self, team: Team) -> Any:
        return make_user(Role.UNIT_OFFICER, unit=team.unit)

    def seen(self, slate: Slate, user: Any) -> bool:
        return bool(Slate.objects.all().visible_to(user).filter(pk=slate.pk).exists())

    def test_owner_and_who_may_plan_everybody(self, team: Team, officer: Any) -> None:
        slate = make_slate(officer)
        elsewhere = make_user(Role.UNIT_OFFICER, unit=make_unit())
        colleague = make_user(Role.UNIT_OFFICER, unit=team.unit)
        assert self.seen(slate, officer)
        assert not self.seen(slate, colleague), "empty, it is its owner's"
        put(slate, "appointment", team.other, officer, title=team.deputy_title, unit=team.division)
        assert self.seen(slate, officer)
        assert self.seen(slate, colleague)
        assert not self.seen(slate, elsewhere)
        assert not self.seen(slate, make_user(Role.APPROVER, unit=team.unit))
        assert not self.seen(slate, make_user(Role.INSPECTOR, unit=team.unit))

    def test_one_person_or_unit_out_of_scope_hides_all_of_it(self, team: Team, officer: Any) -> None:
        slate = make_slate(officer)
        put(slate, "appointment", team.other, officer, title=team.deputy_title, unit=team.division)
        outside = make_unit()
        with pytest.raises(Cadre.DoesNotExist):
            put(slate, "transfer", make_cadre(unit=outside), officer, unit=team.division)
        with pytest.raises(PermissionDenied):
            put(slate, "transfer", team.deputy, officer, unit=outside)
        with pytest.raises(PermissionDenied):
            put(slate, "release", team.head, officer, new_unit=outside)
        assert slate.moves.count() == 1
        for values in ({"unit": outside}, {"new_unit": outside}):
            operator = put(slate, "release" if "new_unit" in values else "transfer", team.deputy, None, **values)
            assert not self.seen(slate, officer)
            remove_move(move=operator, version=None, acting_user=None)
        assert self.seen(slate, officer)

    def test_a_title_of_the_level_above_is_not_planned(self, team: Team, officer: Any) -> None:
        slate = make_slate(officer)
        boss = make_title(group=TitleGroup.HEAD, is_leadership=True, rank=5, managing_level="provincial_standing")
        with pytest.raises(PermissionDenied):
            put(slate, "appointment", team.head, officer, title=boss, unit=team.unit)
        director = make_cadre(unit=team.unit, title=boss)
        with pytest.raises(Cadre.DoesNotExist):
            put(slate, "retirement", director, officer)

    def test_never_the_person_himself(self, team: Team, officer: Any) -> None:
        slate = make_slate(officer)
        put(slate, "appointment", team.other, officer, title=team.deputy_title, unit=team.division)
        Cadre.objects.filter(pk=team.other.pk).update(account=officer)
        assert not self.seen(slate, officer)
        assert not SlateMove.objects.all().visible_to(officer).exists()
        with pytest.raises(Cadre.DoesNotExist):
            put(make_slate(officer), "appointment", team.other, officer, title=team.deputy_title, unit=team.division)


class TestDecisions:
    """Which moves make one decision."""

    def step(self, place: int, kind: str = "appointment", **more: Any) -> Step:
        return Step(place, "unit", kind, **{key: frozenset(value) for key, value in more.items()})

    def test_one_kind_and_authority_each(self) -> None:
        steps = [self.step(1), self.step(2, "retirement"), self.step(3), Step(4, "central", "appointment")]
        assert [[one.place for one in group] for group in into_decisions(steps)] == [[1, 3], [2], [4]]

    def test_a_move_comes_after_what_it_depends_on(self) -> None:
        steps = [
            self.step(1, frees=[(1, 1)]),
            self.step(2, takes=[(1, 1)], frees=[(1, 2)]),
            self.step(3, takes=[(1, 2)]),
            self.step(4),
        ]
        assert [[one.place for one in group] for group in into_decisions(steps)] == [[1, 4], [2], [3]]

    def test_a_full_unit_is_left_before_it_is_joined(self) -> None:
        steps = [self.step(1, leaves=[7]), self.step(2, joins=[7, 9])]
        assert len(into_decisions(steps)) == 2


def test_the_reader_who_may_not_read_tier_2_sees_findings_without_facts(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    slate = up_and_out(team)
    monkeypatch.setattr("planning.services.slates.rehearsing.readable", lambda ids, user: set())
    for one in rehearse_slate(slate, user=None).moves:
        assert one.planned is not None
        assert all(not found.facts for found in one.planned.findings)
