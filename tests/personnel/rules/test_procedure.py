"""Personnel procedures: the data, the votes of each step, whole procedures."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hrdb.kernel.parameters import ParameterError, ParameterUnknown
from personnel.rules import procedure_data
from personnel.rules.procedure import BadTally, Tally, judge_procedure, judge_step, judge_working_days
from personnel.rules.procedure_data import procedure, procedures, whole_staff_is_summoned

DAY = date(2026, 3, 1)
AMENDED = date(2026, 8, 1)
STEPS = yaml.safe_load((Path(__file__).parent / "cases" / "procedure_steps.yaml").read_text())
FIVE = procedure(key="on_site_five_steps", day=DAY)


def five_tallies(**changes: Tally) -> list[Tally]:
    """A five-step procedure that An passes, with some steps changed."""
    held = [
        Tally("leadership-list", 9, 9, {"An": None, "Bình": None}, date(2026, 3, 2)),
        Tally("extended-leadership", 20, 20, {"An": 12, "Bình": 8}, date(2026, 3, 3)),
        Tally("leadership-choice", 9, 9, {"An": 6, "Bình": 3}, date(2026, 3, 4)),
        Tally("key-staff", 60, 50, {"An": 30}, date(2026, 3, 5)),
        Tally("leadership-vote", 8, 8, {"An": 7}, date(2026, 3, 5)),
    ]
    return [changes.get(tally.step.replace("-", "_"), tally) for tally in held]


@pytest.mark.parametrize("case", STEPS, ids=lambda case: case["case"])
def test_readable_votes(case):
    tally = Tally(case["step"], case["summoned"], case["present"], case["votes"], head_chose=case.get("head_chose"))
    found = judge_step(
        procedure=procedure(key=case["procedure"], day=DAY),
        step=case["step"],
        tally=tally,
        previous=case.get("previous"),
        seats=case.get("seats", 1),
    )
    assert (list(found.passed), found.move) == (case["passed"], case["move"])
    outcome = "unknown" if found.move == "head_decides" else "met" if found.passed else "not_met"
    assert found.finding.outcome == outcome
    assert (found.next_step is not None) == (found.move == "next")


def test_the_facts_of_a_step_say_the_share_of_those_summoned():
    tally = Tally("extended-leadership", 30, 25, {"An": 19, "Bình": 6})
    found = judge_step(procedure=FIVE, step=tally.step, tally=tally).finding
    assert (found.value, found.facts["An"], found.facts["Bình"]) == (
        "1/2",
        "19/30 phiếu (63,33 %)",
        "6/30 phiếu (20 %)",
    )
    assert found.facts["Kết quả"] == "Chuyển bước sau"
    assert found.citation.text == "Nghị định 170/2025/NĐ-CP ngày 30/06/2025, Điều 33"


@pytest.mark.parametrize(
    ("tally", "missing"),
    [
        (Tally("extended-leadership", None, 20, {"An": 11}), "Số người được triệu tập"),
        (Tally("extended-leadership", 20, None, {"An": 11}), "Số người dự"),
        (Tally("extended-leadership", 20, 20, {"An": None}), "An"),
        (Tally("extended-leadership", 20, 20, {}), "Nhân sự được giới thiệu"),
    ],
)
def test_what_was_not_recorded_is_named(tally, missing):
    found = judge_step(procedure=FIVE, step=tally.step, tally=tally)
    assert (found.move, found.finding.outcome) == (None, "unknown")
    assert missing in found.finding.missing


@pytest.mark.parametrize(("present", "votes"), [(21, 5), (15, 16), (15, -1), (-1, 0)])
def test_numbers_that_cannot_be_are_refused(present, votes):
    with pytest.raises(BadTally, match=r"không thể nhiều hơn"):
        judge_step(procedure=FIVE, step="key-staff", tally=Tally("key-staff", 20, present, {"An": votes}))


def test_a_step_that_no_source_tells_is_not_known():
    elsewhere = procedure(key="elsewhere_three_steps", day=DAY)
    tally = Tally("receiving-unit", 9, 9, {"An": 9})
    found = judge_step(procedure=elsewhere, step=tally.step, tally=tally)
    assert (found.finding.outcome, found.passed) == ("unknown", ("An",))
    assert found.finding.missing == ("cách xét: Bước thực hiện ở nơi tiếp nhận (chưa kiểm chứng)",)


def test_without_a_confirmed_quorum_the_result_is_unconfirmed():
    again = procedure(key="reappointment", day=DAY)
    found = judge_step(procedure=again, step="key-staff", tally=Tally("key-staff", 40, 21, {"An": 21}))
    assert (found.finding.outcome, found.finding.confidence) == ("met", "unconfirmed")


def test_a_whole_procedure():
    found = judge_procedure(procedure=FIVE, tallies=five_tallies(), candidate="An")
    assert (found.finding.outcome, found.passed) == ("met", ("An",))
    assert [verdict.move for verdict in found.steps.values()] == ["next"] * 4 + ["finished"]
    assert judge_procedure(procedure=FIVE, tallies=five_tallies(), candidate=None).finding.is_met
    assert judge_procedure(procedure=FIVE, tallies=five_tallies(), candidate="Bình").finding.outcome == "not_met"


def test_a_procedure_lacking_a_step_names_it():
    found = judge_procedure(procedure=FIVE, tallies=five_tallies()[:3], candidate="An")
    assert found.finding.missing == ("kết quả: Bước 4: Lấy ý kiến cán bộ chủ chốt",)
    assert len(found.steps) == 3


def test_a_procedure_stops_where_nobody_passes():
    stopped = Tally("leadership-choice", 9, 9, {"Chi": 5})
    found = judge_procedure(procedure=FIVE, tallies=five_tallies(leadership_choice=stopped), candidate="An")
    assert (found.finding.outcome, found.passed, len(found.steps)) == ("not_met", (), 3)


def test_a_tie_waits_for_the_head():
    tied = Tally("leadership-vote", 8, 8, {"An": 4})
    found = judge_procedure(procedure=FIVE, tallies=five_tallies(leadership_vote=tied), candidate="An")
    assert found.finding.missing == ("quyết định của người đứng đầu",)
    chosen = Tally("leadership-vote", 8, 8, {"An": 4}, head_chose=["An"])
    assert judge_procedure(procedure=FIVE, tallies=five_tallies(leadership_vote=chosen), candidate="An").finding.is_met


def test_of_two_reappointed_together_one_may_wait_for_the_head():
    again = procedure(key="reappointment", day=DAY)
    tallies = [
        Tally("key-staff", 40, 40, {"An": 30, "Bình": 20}),
        Tally("leadership-vote", 8, 8, {"An": 8}),
    ]
    assert judge_procedure(procedure=again, tallies=tallies, candidate="An").finding.is_met
    waiting = judge_procedure(procedure=again, tallies=tallies, candidate="Bình").finding
    assert waiting.missing == ("quyết định của người đứng đầu",)


def test_steps_out_of_order_do_not_count():
    early = Tally("key-staff", 60, 50, {"An": 30}, date(2026, 3, 1))
    found = judge_procedure(procedure=FIVE, tallies=five_tallies(key_staff=early), candidate="An").finding
    assert found.outcome == "not_met"
    assert found.facts["Trình tự"] == "bước sau được tổ chức trước bước trước"


def test_a_procedure_with_steps_unread_stays_unknown():
    elsewhere = procedure(key="elsewhere_three_steps", day=DAY)
    tallies = [Tally(step.key, 9, 9, {"An": 9}) for step in elsewhere.steps]
    found = judge_procedure(procedure=elsewhere, tallies=tallies, candidate="An")
    assert found.finding.outcome == "unknown"
    assert found.steps["present-unit"].finding.is_met


def test_a_step_of_another_procedure_is_refused():
    with pytest.raises(KeyError):
        judge_procedure(procedure=FIVE, tallies=[Tally("present-unit", 9, 9, {"An": 9})], candidate="An")


@given(st.integers(1, 60), st.data())
def test_more_votes_never_hurt(summoned, data):
    votes = data.draw(st.integers(0, summoned - 1))
    order = ["stopped", "head_decides", "finished"]
    moves = [
        judge_step(
            procedure=FIVE,
            step="leadership-vote",
            tally=Tally("leadership-vote", summoned, summoned, {"An": count}),
            previous=["An"],
        ).move
        for count in (votes, votes + 1)
    ]
    assert order.index(moves[0]) <= order.index(moves[1])
    assert (moves[0] == "finished") == (Fraction(votes, summoned) > Fraction(1, 2))


@pytest.mark.parametrize(
    ("policy_on", "finished_on", "outcomes"),
    [
        (date(2026, 3, 20), date(2026, 5, 1), ["met", "met"]),
        (date(2026, 3, 23), date(2026, 5, 5), ["not_met", "not_met"]),
        (None, date(2026, 5, 1), ["unknown", "unknown"]),
    ],
)
def test_the_working_days_of_a_procedure(policy_on, finished_on, outcomes):
    found = judge_working_days(
        procedure=FIVE, proposed_on=date(2026, 2, 27), policy_on=policy_on, finished_on=finished_on
    )
    assert [finding.outcome for finding in found] == outcomes
    assert [finding.value for finding in found if finding.outcome != "unknown"] in ([15, 30], [])


def test_where_no_days_are_known_none_are_judged():
    again = procedure(key="reappointment", day=DAY)
    assert judge_working_days(procedure=again, proposed_on=DAY, policy_on=DAY, finished_on=DAY) == ()


@pytest.mark.parametrize(
    ("people", "has_divisions", "whole"),
    [(29, True, True), (30, True, False), (100, False, True), (None, True, None), (30, None, None), (29, None, True)],
)
def test_when_the_whole_staff_is_summoned(people, has_divisions, whole):
    step = FIVE.step("key-staff")
    assert whole_staff_is_summoned(step=step, people=people, has_divisions=has_divisions) is whole
    other = FIVE.step("leadership-vote")
    assert whole_staff_is_summoned(step=other, people=5, has_divisions=False) is False


def test_the_procedures_of_a_kind_on_a_day():
    assert [one.key for one in procedures(kind="appointment", day=DAY)] == [
        "elsewhere_three_steps",
        "on_site_five_steps",
    ]
    assert [one.key for one in procedures(kind="extension", day=DAY)] == ["reappointment"]
    assert procedures(kind="appointment", day=date(2025, 6, 30)) == ()
    assert len(procedures(kind="appointment", day=date(2025, 7, 1))) == 2
    with pytest.raises(ParameterUnknown, match="trường hợp đặc biệt"):
        procedure(key="special_three_steps", day=DAY)


@pytest.mark.parametrize(("day", "confidence"), [(date(2026, 7, 31), "one source"), (AMENDED, "unconfirmed")])
def test_from_the_amendment_on_the_procedure_is_unconfirmed(day, confidence):
    assert procedure(key="on_site_five_steps", day=day).confidence == confidence


def test_every_procedure_can_be_walked():
    for one in (*procedures(kind="appointment", day=DAY), *procedures(kind="reappointment", day=DAY)):
        assert one.label
        assert all(step.label and step.summoned for step in one.steps)
        assert all(one.after(step) is after for step, after in pairwise(one.steps))
        assert one.after(one.steps[-1]) is None


@pytest.mark.parametrize(
    "change",
    [{"rule": "no such rule"}, {"over": None}, {"strange": 1}, {"label": None}],
    ids=lambda change: str(change),
)
def test_a_step_is_read_strictly(change):
    row = {"key": "one", "label": "Một", "summoned": "Tập thể lãnh đạo", "rule": "majority", "over": "1/2"} | change
    row = {key: value for key, value in row.items() if value is not None}
    with pytest.raises(ParameterError):
        procedure_data._step(row, "tệp")


def test_who_fell_out_is_out_whatever_the_others_still_wait_for():
    tied = Tally("leadership-vote", 8, 8, {"An": 4}, date(2026, 3, 5))
    found = judge_procedure(procedure=FIVE, tallies=five_tallies(leadership_vote=tied), candidate="An")
    assert found.finding.outcome == "unknown"
    found = judge_procedure(procedure=FIVE, tallies=five_tallies(leadership_vote=tied), candidate="Bình")
    assert found.finding.outcome == "not_met"
    found = judge_procedure(procedure=FIVE, tallies=five_tallies()[:2], candidate="Bình")
    assert found.finding.outcome == "not_met"
    found = judge_procedure(procedure=FIVE, tallies=five_tallies()[:2], candidate="An")
    assert found.finding.outcome == "unknown"
