"""Votes of planning: shares of those summoned, ties and re-votes by their rule, entry by hand and by sheet, minutes."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from hrdb.kernel.models import AuditEvent, User
from personnel.models import Unit
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from personnel.services.errors import ServiceRefusal
from planning.choices import RoundState
from planning.models import Candidate, UnitPlan, VoteStep
from planning.rules.votes import (
    BadTally,
    StepRule,
    StepTally,
    default_steps,
    judge_step,
    judge_steps,
)
from planning.services.rounds import move_round
from planning.services.votes import add_step, change_step, drop_step, prepare_steps, record_tallies
from planning.statistics.votes import PartVotes
from tests.factories.personnel import make_cadre, make_unit, make_user
from tests.planning.making import make_round, make_seat, open_round, put_on

RULE = StepRule(Decimal(50), Decimal("66.67"), "head")


def outcome(votes: int | None, *, rule: StepRule = RULE, present: int | None = 20, head: bool | None = None) -> str:
    tally = StepTally(summoned=20, present=present, votes={1: votes}, head={1: head})
    return judge_step(rule, tally).outcomes[1]


@pytest.mark.parametrize(
    ("votes", "expected"), [(11, "passed"), (10, "tied_head"), (9, "failed"), (None, "unknown"), (20, "passed")]
)
def test_more_than_half_of_those_summoned_pass(votes: int | None, expected: str) -> None:
    assert outcome(votes) == expected


def test_ties_go_as_the_rule_says() -> None:
    assert outcome(10, head=True) == "passed"
    assert outcome(10, head=False) == "failed"
    assert outcome(10, rule=StepRule(Decimal(50), None, "revote")) == "tied_revote"
    assert outcome(10, rule=StepRule(Decimal(50), None, "none")) == "failed"
    assert outcome(10, rule=StepRule(None, None)) == "unknown"


def test_two_thirds_must_come_and_shares_are_of_those_summoned() -> None:
    assert outcome(11, present=13) == "no_quorum"
    assert outcome(11, present=14) == "passed"
    assert outcome(11, present=None) == "unknown"
    six_of_nine = StepTally(summoned=9, present=6, votes={1: 6})
    assert judge_step(RULE, six_of_nine).has_quorum
    assert judge_step(RULE, six_of_nine).shares[1] == Decimal("66.67")


@pytest.mark.parametrize(
    "tally",
    [
        StepTally(summoned=9, present=10),
        StepTally(summoned=9, present=8, cast=9),
        StepTally(summoned=9, present=8, cast=8, invalid=9),
        StepTally(summoned=9, present=8, cast=8, invalid=1, votes={1: 8}),
        StepTally(summoned=9, present=8, votes={1: 9}),
    ],
)
def test_numbers_that_cannot_be_are_refused(tally: StepTally) -> None:
    with pytest.raises(BadTally):
        judge_step(RULE, tally)


def test_a_step_that_is_not_passed_ends_it_and_a_revote_stands_for_the_tie() -> None:
    rule = StepRule(Decimal(50), None, "revote")
    first = judge_step(rule, StepTally(summoned=20, present=20, votes={1: 15, 2: 10, 3: 4}))
    again = judge_step(rule, StepTally(summoned=20, present=20, votes={2: 12}))
    second = judge_step(rule, StepTally(summoned=20, present=20, votes={1: 9, 2: 15}))
    steps = [(1, None, first), (2, None, second), (3, 1, again)]
    found = {key: judge_steps(steps, key) for key in (1, 2, 3)}
    assert {key: (one.outcome, one.step) for key, one in found.items()} == {
        1: ("failed", 2),
        2: ("passed", 2),
        3: ("failed", 1),
    }


def test_the_usual_steps_say_that_nobody_confirmed_them() -> None:
    usual = default_steps(date(2026, 11, 24))
    assert usual is not None
    assert (len(usual.steps), usual.confidence) == (4, "unconfirmed")
    assert default_steps(date(2020, 1, 1)) is None


# Services and pages --------------------------------------------------------------------------------------------------


@pytest.fixture
def part() -> UnitPlan:
    load_default_delegations()
    office = make_unit("SO-A", parent=make_unit("GOC"), name="Sở Anh")
    made = make_round()
    seat = make_seat(made, office)
    open_round(made)
    put_on(seat, make_cadre(unit=office, name="Lê Thị Một"), make_cadre(unit=office, name="Trần Văn Hai"))
    return UnitPlan.objects.select_related("round", "unit").get()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def officer(part: UnitPlan) -> User:
    return make_user(Role.UNIT_OFFICER, unit=part.unit)


def held(step: VoteStep, **values: Any) -> VoteStep:
    given = {"held_on": date(2026, 12, 1), "summoned": 20, "present": 18, "cast": 18, **values}
    return change_step(step=step, values=given, version=None, acting_user=None)


@pytest.mark.django_db
def test_an_office_votes_step_by_step(part: UnitPlan) -> None:
    user = officer(part)
    steps = prepare_steps(part=part, acting_user=user)
    with pytest.raises(ServiceRefusal, match="đã có các bước"):
        prepare_steps(part=part, acting_user=user)
    held(steps[0])
    one, two = Candidate.objects.order_by("pk")
    with pytest.raises(ValidationError, match="Lê Thị Một"):
        record_tallies(part=part, votes={(one.pk, 1): 19, (two.pk, 1): 3}, acting_user=user)
    assert not Candidate.objects.exclude(tallies={}).exists(), "all or nothing"
    assert record_tallies(part=part, votes={(one.pk, 1): 15, (two.pk, 1): 10}, acting_user=user) == 2
    rows = list(Candidate.objects.order_by("pk"))
    votes = PartVotes(list(VoteStep.objects.order_by("number")), rows)
    assert [votes.outcomes[row.pk].outcome for row in rows] == ["unknown", "tied_head"]
    record_tallies(part=part, votes={}, head={(two.pk, 1): False}, acting_user=user)
    with pytest.raises(ServiceRefusal, match="đã có số phiếu"):
        drop_step(step=steps[0], acting_user=user)
    again = add_step(part=part, values={"name": "Lại", "body": "Lãnh đạo"}, repeats=steps[0], acting_user=user)
    assert (again.number, again.repeats) == (5, steps[0])
    with pytest.raises(PermissionDenied):
        record_tallies(part=part, votes={}, acting_user=make_user(Role.UNIT_OFFICER))
    move_round(planning_round=part.round, to=RoundState.SUBMITTED, acting_user=None)
    with pytest.raises(ServiceRefusal, match="không ở bước"):
        record_tallies(part=part, votes={(one.pk, 1): 1}, acting_user=user)


@pytest.mark.django_db
def test_the_grid_keeps_what_was_typed_and_writes_all_or_nothing(part: UnitPlan) -> None:
    (first, *_) = prepare_steps(part=part, acting_user=None)
    held(first)
    one, two = Candidate.objects.order_by("pk")
    client, address = browser(officer(part)), reverse("planning:vote-part", args=[part.pk])
    wrong = client.post(address, {f"v-{one.pk}-1": "mười", f"v-{two.pk}-1": "12"})
    assert wrong.status_code == 422
    assert 'value="mười"' in wrong.content.decode()
    endless = client.post(address, {f"v-{one.pk}-1": "9" * 5_000})
    assert (endless.status_code, Candidate.objects.get(pk=one.pk).tallies) == (422, {})
    too_many = client.post(address, {f"v-{one.pk}-1": "20"})
    assert (too_many.status_code, Candidate.objects.get(pk=one.pk).tallies) == (422, {})
    assert client.post(address, {f"v-{one.pk}-1": "14", f"v-{two.pk}-1": ""}).status_code == 302
    page = client.get(address).content.decode()
    assert "70%" in page
    assert Candidate.objects.get(pk=one.pk).tallies == {"1": {"votes": 14}}
    shown = AuditEvent.objects.filter(action="read_sensitive", details__needs="plan").last()
    assert shown is not None
    assert set(shown.details["people"]) == {one.cadre_id, two.cadre_id}


@pytest.mark.django_db
def test_the_sheet_goes_out_and_comes_back_with_faults_by_cell(part: UnitPlan) -> None:
    (first, *_) = prepare_steps(part=part, acting_user=None)
    held(first)
    client = browser(officer(part))
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("planning:vote-sheet", args=[part.pk])).content))
    sheet = book.active
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Mã")
    column = next(cell.column for cell in sheet[head] if str(cell.value).startswith("Bước 1"))
    sheet.cell(head + 1, column).value = "rất nhiều"
    assert "Cần một số nguyên" in _send(client, part, book)
    sheet.cell(head + 1, column).value = 17
    sheet.cell(head + 2, 2).value = "Người Khác"
    assert "Không có nhân sự này" in _send(client, part, book)
    assert not Candidate.objects.exclude(tallies={}).exists()
    sheet.cell(head + 2, 2).value = "Trần Văn Hai"
    _send(client, part, book)
    assert Candidate.objects.order_by("pk")[0].tallies == {"1": {"votes": 17}}


def _send(client: Client, part: UnitPlan, book: Any) -> str:
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "phieu.xlsx"
    return client.post(reverse("planning:vote-import", args=[part.pk]), {"file": file}).content.decode()


@pytest.mark.django_db
def test_minutes_and_ballots_name_everybody_and_are_logged(part: UnitPlan) -> None:
    (first, *_) = prepare_steps(part=part, acting_user=None)
    held(first, chair="Nguyễn Văn Chủ Trì")
    one = Candidate.objects.order_by("pk")[0]
    record_tallies(part=part, votes={(one.pk, 1): 14}, acting_user=None)
    client = browser(officer(part))
    texts = {}
    for name in ("vote-minutes", "vote-ballots"):
        answered = client.get(reverse(f"planning:{name}", args=[part.pk, 1]))
        assert answered["Content-Type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(answered.content)).pages
        texts[name] = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Lê Thị Một" in texts["vote-minutes"]
    assert "70%" in texts["vote-minutes"]
    assert "chưa kiểm chứng" in texts["vote-minutes"]
    assert "Trần Văn Hai" in texts["vote-ballots"]
    assert AuditEvent.objects.filter(action="print", details__needs="plan").count() == 2
    assert client.get(reverse("planning:vote-minutes", args=[part.pk, 9])).status_code == 404
    assert Unit.objects.count() == 2
