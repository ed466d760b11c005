"""Who needs what: one judgement for one person and for many, plans kept from who does not plan."""

from __future__ import annotations

import datetime
import random

import pytest
from django.urls import reverse

from hrdb.kernel.models import AuditEvent
from personnel.choices import RankGroup
from personnel.models import Cadre, Qualification, QualificationLevel, Rank, TitleStandard
from personnel.models.scope import scope_of
from personnel.policies import ROLE_ACTIONS, Action, Role
from personnel.services.delegations import load_default_delegations
from tests.factories.personnel import (
    add_pay_step,
    make,
    make_cadre,
    make_code,
    make_title,
    make_unit,
    make_user,
    move_cadre,
)
from tests.planning.making import approve, make_round, make_seat, open_round, put_on
from tests.training.making import DAY, TrainingWorld, make_level, make_programme, training_world
from training.choices import NeedState
from training.models import ClassMember, Programme, ProposedNeed, RankStandard, TrainingClass
from training.rules.needs import Asked, Held, judge_need, needed_by
from training.statistics.asking import Asking, people_on
from training.statistics.needs import counts_by, needing, needs_for
from training.statistics.person_needs import needs_of

SINCE = datetime.date(2020, 1, 1)
pytestmark = pytest.mark.django_db


def standard(title, requirement: str, value: str | None) -> TitleStandard:
    """What a title asks."""
    return make(
        TitleStandard,
        title=title,
        requirement=requirement,
        value=value,
        citation="Quy định 09-QĐ/TU ngày 13/11/2025",
        effective_from=SINCE,
    )


def give(cadre: Cadre, level: QualificationLevel, **values) -> Qualification:
    """A qualification that is held since long."""
    return make(Qualification, cadre=cadre, **{"kind": level.kind, "level": level, "effective_from": SINCE, **values})


@pytest.fixture
def levels() -> dict[str, QualificationLevel]:
    """Three levels of political theory, one without an order, one that says there is none."""
    kind = "political_theory"
    return {
        "senior": make_level(kind, "09", 2, "Cao cấp"),
        "middle": make_level(kind, "07", 3, "Trung cấp"),
        "unordered": make(QualificationLevel, kind=kind, code="x", rank=None, name="Bồi dưỡng", group=""),
        "none": make(QualificationLevel, kind=kind, code="n", rank=None, name="Chưa qua", group="none"),
    }


@pytest.fixture
def world(levels) -> TrainingWorld:
    """A province whose directors are asked for senior political theory."""
    return training_world()


def states(people, day=DAY, reader=None) -> dict[int, str]:
    """How the requirement of senior theory stands, by person."""
    programme = Programme.objects.filter(code="LLCT-CC").first() or make_programme(
        gives="political_theory", level=QualificationLevel.objects.get(code="09")
    )
    frame = needs_for(programme, people, day, reader=reader)
    return dict(zip(frame["cadre_id"], frame["state"], strict=True))


class TestOfManyAndOfOne:
    """The query of many people and the rule of one person say the same."""

    def test_they_agree(self, levels):
        draw = random.Random(7)
        unit, rank = make_unit(), make_code(Rank, "01.002", name="Chuyên viên chính", group=RankGroup.PRINCIPAL)
        title, unset = make_title(), make_title()
        standard(title, "political_theory", "09")
        standard(unset, "political_theory", None)
        make(
            RankStandard,
            group=RankGroup.PRINCIPAL,
            requirement="political_theory",
            value="07",
            citation="Quy định",
            effective_from=SINCE,
        )
        programmes = [make_programme("KN"), make_programme("CC", gives="political_theory", level=levels["senior"])]
        klass = make(TrainingClass, code="L1", name="Lớp", programme=programmes[0], capacity=5)
        soon, late = DAY + datetime.timedelta(days=90), DAY + datetime.timedelta(days=900)
        for number in range(60):
            cadre = make_cadre(unit=unit, title=draw.choice([title, unset, None]))
            if draw.random() < 0.5:
                add_pay_step(cadre, rank)
            for _ in range(draw.randrange(4)):
                until = draw.choice([None, soon, late, DAY])
                give(cadre, draw.choice(list(levels.values())), effective_until=until)
            if draw.random() < 0.2:
                make(Qualification, cadre=cadre, kind="political_theory", level_text="Lớp", effective_from=SINCE)
            if draw.random() < 0.5:
                proposed = draw.choice(programmes)
                make(ProposedNeed, cadre=cadre, programme=proposed, unit=unit, proposed_on=SINCE, reason="Cần")
            if number % 9 == 0:
                make(ClassMember, training_class=klass, cadre=cadre, unit=unit, state="passed")
        people = Cadre.objects.all()
        judged = {
            (pk, need.asked.requirement, need.state)
            for pk, needs in needs_of(ids(people), DAY, None).items()
            for need in needs
        }
        asked = {
            (pk, requirement, state)
            for requirement in {key for _, key, _ in judged}
            for state in NeedState.values
            for pk in needing(Asking(people, DAY), requirements=[requirement], states=[state])
        }
        assert asked == judged
        assert {state for _, _, state in judged} == set(NeedState.values)
        assert len({key for _, key, _ in judged}) == 4

    def test_an_expiring_certificate_is_none_for_the_coming_year(self, levels):
        title = make_title()
        standard(title, "political_theory", "09")
        lasting, ending = (make_cadre(title=title) for _ in range(2))
        give(lasting, levels["senior"], effective_until=datetime.date(2027, 11, 25))
        give(ending, levels["senior"], effective_until=datetime.date(2027, 11, 24))
        assert states(Cadre.objects.all()) == {lasting.pk: "held", ending.pk: "expiring"}

    def test_a_higher_level_holds_a_lower_one(self, levels):
        title = make_title()
        standard(title, "political_theory", "07")
        give(make_cadre(title=title), levels["senior"])
        give(make_cadre(title=title), levels["none"])
        counts = counts_by(Asking(Cadre.objects.all(), DAY), "unit")
        assert sorted(counts["state"]) == ["held", "missing"]

    def test_what_was_asked_later_is_not_asked_before(self, levels):
        title = make_title()
        standard(title, "political_theory", "09")
        make_cadre(title=title, since=datetime.date(2015, 1, 1))
        assert states(Cadre.objects.all(), datetime.date(2019, 12, 31)) == {}


def ids(people) -> list[int]:
    """The ids of a queryset."""
    return list(people.values_list("pk", flat=True))


class TestPlans:
    """What only a plan explains is there for who reads the plan."""

    @pytest.fixture
    def planned(self, world: TrainingWorld, levels) -> Cadre:
        """Somebody of the first department planned for a post of a department's own level."""
        load_default_delegations()
        planning_round = make_round()
        seat = make_seat(planning_round, world.home)
        standard(seat.title, "political_theory", "09")
        open_round(planning_round)
        put_on(seat, world.people[0], object=2)
        approve(planning_round)
        return world.people[0]

    def test_who_plans_counts_it_with_object_and_day(self, world, planned):
        programme = make_programme(gives="political_theory", level=QualificationLevel.objects.get(code="09"))
        frame = needs_for(programme, people_on(None, DAY), DAY)
        (row,) = frame.to_dict("records")
        assert (row["cadre_id"], row["source"], row["state"], row["object"]) == (planned.pk, "planned", "missing", 2)
        assert row["needed_by"] > DAY
        own_office = people_on(world.unit_officer, DAY)
        assert states(own_office, reader=world.unit_officer) == {planned.pk: "missing"}
        assert row["admission"] == "met"

    def test_showing_it_is_told_to_who_plans_only(self, world, planned, client):
        client.force_login(world.unit_officer)
        for url in ("training:need-people", "training:person-needs"):
            before = AuditEvent.objects.count()
            page = client.get(reverse(url, args=[planned.pk] if url.endswith("person-needs") else []))
            assert f"quy hoạch {planned.candidate_set.get().seat.title.name}" in page.content.decode()
            (event,) = AuditEvent.objects.order_by("pk")[before:]
            assert event.details["needs"] == "plan"

    def test_who_only_trains_does_not_meet_it(self, world, planned, monkeypatch):
        monkeypatch.setitem(ROLE_ACTIONS, Role.UNIT_OFFICER, frozenset({Action.VIEW, Action.TRAIN}))
        user = make_user(Role.UNIT_OFFICER, unit=world.home)
        assert not scope_of(user, Action.TRAIN).is_empty
        people = people_on(user, DAY)
        assert states(people, reader=user) == {}
        assert needs_of(ids(people), DAY, user) == {}
        assert counts_by(Asking(people, DAY, user), "unit").empty
        assert counts_by(Asking(people, DAY, user), "round").empty

    def test_nobody_meets_his_own_plan(self, world, planned):
        user = make_user(Role.UNIT_OFFICER, unit=world.home)
        Cadre.objects.filter(pk=planned.pk).update(account=user)
        assert states(people_on(user, DAY), reader=user) == {}

    def test_the_office_of_another_unit_does_not_meet_it(self, world, planned):
        user = make_user(Role.UNIT_OFFICER, unit=world.away)
        assert counts_by(Asking(people_on(user, DAY), DAY, user), "unit").empty
        assert counts_by(Asking(Cadre.objects.all(), DAY, user), "unit").empty


def test_who_has_moved_away_is_listed_for_the_past_day_without_a_way_to_him(world, client):
    title = make_title()
    standard(title, "political_theory", "09")
    gone = make_cadre(unit=world.home, title=title, name="Lò Thị Đã Đi")
    move_cadre(gone, world.away, datetime.date(2026, 6, 1))
    client.force_login(world.unit_officer)
    url = reverse("training:need-people")
    assert "Lò Thị Đã Đi" not in client.get(url).content.decode()
    page = client.get(url, {"day": "2026-01-31"}).content.decode()
    assert "Lò Thị Đã Đi" in page
    assert reverse("training:person-needs", args=[gone.pk]) not in page


class TestRule:
    """By when, and what is not known."""

    def test_theory_of_object_two_may_follow_until_the_term(self):
        given = {"round_day": DAY, "reference_day": datetime.date(2030, 1, 1), "day": DAY}
        assert needed_by(kind="political_theory", object_=2, **given) == datetime.date(2030, 1, 1)
        assert needed_by(kind="political_theory", object_=1, **given) == DAY
        assert needed_by(kind="state_management", object_=2, **given) == DAY
        before = {**given, "day": datetime.date(2025, 11, 20)}
        assert needed_by(kind="political_theory", object_=2, **before) == DAY

    def test_a_level_that_was_not_set_is_not_known(self):
        from personnel.rules.standards import written_citation

        cited = written_citation("Quy định 09-QĐ/TU ngày 13/11/2025", day=DAY)
        asked = Asked("defence:", "Quốc phòng", "defence", None, "post", "Giám đốc", cited)
        need = judge_need(asked, [Held("defence", None)], DAY)
        assert need.state == "unknown"
        assert need.finding.missing == ("mức yêu cầu: Quốc phòng",)
        assert need.finding.citation == cited
