"""Coverage: the bench of every seat by day and quarter, who is planned everywhere, and the due lists of planning."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.models import AuditEvent
from personnel.choices import TitleGroup
from personnel.models import Assignment, Cadre, Discipline, DisciplineForm, Seat, Unit
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from personnel.statistics.due import asked, due_counts, due_rows, matters
from planning.models import PlannedSeat
from planning.rules.bench import Bench, Leaving, Successor, by_quarter, quarters, successor_of
from planning.rules.eligibility import Verdict
from planning.statistics.coverage import coverage_for
from tests.factories.personnel import (
    LONG_AGO,
    add_party,
    make,
    make_cadre,
    make_code,
    make_title,
    make_unit,
    make_user,
)
from tests.planning.making import DAY, approve, make_round, make_seat, open_round, put_on
from tests.planning.test_pages import browser, queries, url

D = datetime.date
YOUNG = D(1985, 5, 1)


def bench(*successors: Successor, leaving: tuple[Leaving, ...] = ()) -> Bench:
    return Bench(title_id=1, unit_id=1, title="Trưởng phòng", successors=successors, leaving=leaving)


def test_the_quarters_of_five_years_begin_with_that_of_the_day() -> None:
    found = quarters(DAY)
    assert len(found) == 20
    assert (found[0].label, found[0].first, found[0].last) == ("Q4/26", DAY, D(2026, 12, 31))
    assert (found[-1].label, found[-1].last) == ("Q3/31", D(2031, 9, 30))


@pytest.mark.parametrize(
    ("outcome", "met_from", "met_until", "ends", "found"),
    [
        ("met", None, None, D(2030, 1, 1), ("met", DAY, D(2030, 1, 1))),
        ("met", None, D(2028, 1, 1), D(2030, 1, 1), ("met", DAY, D(2028, 1, 1))),
        ("unknown", None, None, None, ("unknown", DAY, None)),
        ("not_met", D(2028, 1, 1), None, D(2030, 1, 1), ("later", D(2028, 1, 1), D(2030, 1, 1))),
        ("not_met", D(2031, 1, 1), None, D(2030, 1, 1), ("not_met", None, D(2030, 1, 1))),
        ("not_met", None, None, None, ("not_met", None, None)),
        ("met", None, None, DAY, ("not_met", None, DAY)),
    ],
)
def test_a_successor_is_ready_between_two_days(
    outcome: Any, met_from: D | None, met_until: D | None, ends: D | None, found: tuple[Any, ...]
) -> None:
    made = successor_of(7, Verdict(outcome, met_from, met_until, ()), ends, DAY)
    assert (made.standing, made.starts, made.ends) == found


def test_a_bench_is_counted_now_and_years_ahead() -> None:
    one = bench(
        Successor(1, "met", DAY, D(2028, 1, 1)),
        Successor(2, "unknown", DAY, D(2029, 1, 1)),
        Successor(3, "later", D(2029, 6, 1), D(2033, 1, 1)),
        Successor(4, "not_met", None, None),
    )
    assert (one.count(DAY), one.count(DAY, is_sure=True)) == (2, 1)
    assert (one.within(DAY, 1), one.within(DAY, 3), one.after(DAY, 5)) == (2, 3, 1)
    assert one.lost_on(DAY) == D(2033, 1, 1)
    assert bench(Successor(1, "met", DAY, None)).lost_on(DAY) is None
    assert bench().lost_on(DAY) is None


def test_quarters_tell_benches_and_who_leaves() -> None:
    leaving = (Leaving(9, D(2027, 2, 1), "retires"), Leaving(8, D(2027, 3, 1), "term"), Leaving(7, DAY, "rotation"))
    rows = by_quarter([bench(Successor(1, "met", DAY, D(2027, 1, 1)), leaving=leaving), bench()], DAY)
    assert [(row.ready, row.bare, row.single) for row in rows[:2]] == [(1, 1, 1), (0, 2, 0)]
    assert [(row.retires, row.term, row.rotation) for row in rows[:2]] == [(0, 0, 1), (1, 1, 0)]


@pytest.fixture
def office(db: None) -> Unit:
    load_default_delegations()
    return make_unit("SO-A", parent=make_unit("GOC"), name="Sở Anh")


def planned(office: Unit, *births: D, name: str = "Trưởng phòng") -> tuple[PlannedSeat, list[Cadre]]:
    """An approved list with one seat and people of some births."""
    made = make_round()
    title = make_title(name=name, group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8)
    seat, people = make_seat(made, office, title), [make_cadre(unit=office, born=born) for born in births]
    for person in people:
        add_party(person)
    open_round(made)
    put_on(seat, *people)
    approve(made)
    return seat, people


def test_every_planned_and_declared_seat_has_its_bench(office: Unit) -> None:
    seat, (one, _) = planned(office, YOUNG, D(1964, 1, 1))
    other = make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8)
    make(Seat, unit=office, title=other, number=1, effective_from=LONG_AGO)
    holder = make_cadre(unit=office, born=D(1967, 3, 1))
    Assignment.objects.filter(cadre=holder).update(title=seat.title, term_ends_on=D(2028, 5, 1))
    found = {bench.title_id: bench for bench in coverage_for(None, DAY).benches}
    assert {bench.title_id for bench in coverage_for(None, DAY).unplanned} == {other.pk}
    assert [row.cadre_id for row in found[seat.title_id].successors if row.is_ready(DAY)] == [one.pk]
    leaves = found[seat.title_id].next_leaving
    assert leaves is not None
    assert (leaves.cadre_id, leaves.day, leaves.why) == (holder.pk, D(2028, 5, 1), "term")


def test_only_who_plans_or_approves_has_a_coverage(office: Unit) -> None:
    planned(office, YOUNG)
    for role, count in ((Role.PROVINCE_OFFICER, 1), (Role.UNIT_OFFICER, 1), (Role.INSPECTOR, 0)):
        user = make_user(role, unit=None if role == Role.PROVINCE_OFFICER else office)
        assert len(coverage_for(user, DAY).benches) == count
        assert browser(user).get(url("coverage")).status_code == (200 if count else 403)


def test_the_page_names_the_bench_and_narrows_it(office: Unit) -> None:
    _, (one,) = planned(office, YOUNG, name="Chánh Văn phòng")
    client = browser(make_user(Role.PROVINCE_OFFICER))
    page = client.get(url("coverage")).content.decode()
    assert one.full_name in page
    assert "Q3/31" in page
    assert one.full_name in client.get(url("coverage"), {"unit": "SO-A", "q": "chanh van"}).content.decode()
    for narrowed in ({"state": "unplanned"}, {"unit": "KHONG-CO"}, {"q": "giám đốc"}):
        assert one.full_name not in client.get(url("coverage"), narrowed).content.decode()
    for order in ("seat", "-leaves", "now", "-one", "three", "five", "-lost"):
        assert client.get(url("coverage"), {"sort": order}).status_code == 200
    assert client.get(url("coverage"), {"export": "xlsx"}).status_code == 200
    assert AuditEvent.objects.filter(action="export", details__needs="plan").exists()


def test_who_is_planned_for_several_posts_is_listed(office: Unit) -> None:
    made = make_round()
    titles = [make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8) for _ in range(2)]
    seats, both, one = (
        [make_seat(made, office, title) for title in titles],
        make_cadre(unit=office),
        make_cadre(unit=office),
    )
    open_round(made)
    for seat in seats:
        put_on(seat, both)
    put_on(seats[0], one)
    approve(made)
    page = browser(make_user(Role.PROVINCE_OFFICER)).get(url("coverage-people")).content.decode()
    assert both.full_name in page
    assert one.full_name not in page


def test_one_does_not_find_oneself_on_a_bench(office: Unit) -> None:
    _, (person,) = planned(office, YOUNG)
    officer = make_user(Role.UNIT_OFFICER, unit=office)
    Cadre.objects.filter(pk=person.pk).update(account=officer)
    (mine,) = coverage_for(officer, DAY).benches
    assert mine.successors == ()
    assert person.full_name not in browser(officer).get(url("coverage")).content.decode()


def test_coverage_costs_the_same_for_few_and_many(office: Unit) -> None:
    planned(office, YOUNG)
    client = browser(make_user(Role.UNIT_OFFICER, unit=office))
    pages = [reverse(f"planning:{name}") for name in ("coverage", "coverage-people")]
    few = [queries(client, page) for page in pages]
    made = make_round("QH-2")
    for _ in range(6):
        seat = make_seat(made, office, make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8))
        open_round(made) if made.state == "draft" else None
        put_on(seat, *(make_cadre(unit=office, born=YOUNG) for _ in range(2)))
    approve(made)
    many = [queries(client, page) for page in pages]
    assert all(after <= before + 2 for before, after in zip(few, many, strict=True)), (few, many)


def due_of(user: Any, kind: str) -> list[Any]:
    return matters(due_rows(asked(user=user, day=DAY, kinds=[kind])), user=user, day=DAY)


def test_a_seat_whose_last_successor_ages_out_falls_due_for_planners_only(office: Unit) -> None:
    seat, _ = planned(office, D(1970, 5, 1), D(1970, 8, 1))
    user = make_user(Role.UNIT_OFFICER, unit=office)
    (found,) = due_of(user, "last_successor")
    assert (found.unit_code, found.row.cadre_id, found.row.row_id) == ("SO-A", None, seat.pk)
    assert DAY < found.row.due_on < D(2027, 12, 31)
    assert "Trưởng phòng" in found.told.detail
    for role in (Role.INSPECTOR, Role.APPROVER):
        other = make_user(role, unit=office)
        assert asked(user=other, day=DAY, kinds=["last_successor"]).lists == ()
        assert "last_successor" not in browser(other).get(reverse("personnel:due-list")).content.decode()
    assert "last_successor" in browser(user).get(reverse("personnel:due-list")).content.decode()
    assert AuditEvent.objects.filter(details__needs="plan", details__what="Việc đến hạn").exists()


def test_a_seat_that_keeps_somebody_young_is_not_due(office: Unit) -> None:
    planned(office, D(1970, 5, 1), YOUNG)
    assert due_of(None, "last_successor") == []


def test_who_is_disciplined_while_planned_is_to_be_taken_off_at_once(office: Unit) -> None:
    _, (one, two, other) = planned(office, YOUNG, YOUNG, YOUNG)
    form = make_code(DisciplineForm)
    make(Discipline, cadre=one, regime="state", form=form, effective_from=DAY + datetime.timedelta(days=3))
    make(Discipline, cadre=two, regime="state", form=form, effective_from=DAY - datetime.timedelta(days=30))
    day = DAY + datetime.timedelta(days=10)
    user = make_user(Role.PROVINCE_OFFICER)
    rows = due_rows(asked(user=user, day=day, kinds=["planned_disciplined"]))
    assert [row.cadre_id for row in rows] == [one.pk]
    assert other.pk not in {row.cadre_id for row in rows}


def test_due_lists_of_planning_cost_the_same_for_few_and_many(office: Unit) -> None:
    planned(office, D(1970, 5, 1))
    question = asked(user=None, day=DAY, kinds=["last_successor", "planned_disciplined"])

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            due_counts(question)
        return len(caught)

    few = cost()
    made = make_round("QH-2")
    seats = [
        make_seat(made, office, make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8))
        for _ in range(5)
    ]
    open_round(made)
    for seat in seats:
        put_on(seat, make_cadre(unit=office, born=D(1970, 5, 1)))
    approve(made)
    assert cost() == few
