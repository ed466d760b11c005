"""Targets of structure: what they ask, and how many people are short."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personnel.rules.targets import Target, measure_target, people_short, target, targets
from personnel.rules.youth import youth_definitions

DAY = date(2026, 6, 30)


def on(key: str, day: date = DAY) -> Target:
    found = target(key, day)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("key", "wording", "low", "high", "confidence"),
    [
        ("nq26_province_young", "khoảng 15–20 %", 15, 20, "một nguồn"),
        ("nq26_strategic_young", "trên 15 %", 15, None, "một nguồn"),
        ("nq26_female_standing", "từ 1 người", 1, None, "một nguồn"),
        ("ct45_young_committee", "từ 10 %", 10, None, "một nguồn"),
        ("ct45_female_committee", "từ 15 %", 15, None, "hai nguồn"),
        ("nq28_female_leaders_2030", "từ 75 %", 75, None, "hai nguồn"),
        ("planning_young", "chưa kiểm chứng", None, None, "chưa kiểm chứng"),
        ("ethnic_service", "chưa kiểm chứng", None, None, "chưa kiểm chứng"),
        ("nq26_ethnic_leaders", "Phù hợp với cơ cấu dân cư", None, None, "chưa kiểm chứng"),
    ],
)
def test_what_a_target_asks(key, wording, low, high, confidence):
    found = on(key)
    assert (found.wording, found.low, found.high) == (wording, low, high)
    assert measure_target(found, count=1, total=2).confidence_label == confidence


def test_every_target_is_whole():
    found = targets(DAY)
    assert len(found) == len({one.key for one in found}) > 20
    definitions = youth_definitions(DAY)
    for one in found:
        assert one.scope
        assert one.wording
        assert (one.youth in definitions) if one.metric == "young_share" else one.youth is None
        assert one.low is not None or one.measure == "text" or one.confidence == "unconfirmed"


def test_the_day_before_and_the_day_of_the_regulation_that_left_the_number_open():
    before, after = on("planning_young", date(2025, 10, 7)), on("planning_young", date(2025, 10, 8))
    assert (before.low, before.citation.document) == (15, "50-QĐ/TW")
    assert (after.low, after.citation.document) == (None, "377-QĐ/TW")
    assert measure_target(before, count=15, total=100).is_met
    finding = measure_target(after, count=15, total=100)
    assert (finding.outcome, finding.missing) == ("unknown", ("Tỷ lệ cán bộ trẻ trong quy hoạch: con số của chỉ tiêu",))


def test_before_its_document_there_is_no_target():
    assert target("ct45_young_committee", date(2025, 4, 13)) is None
    assert target("ct45_young_committee", date(2025, 4, 14)) is not None
    assert not targets(date(2016, 3, 13))
    with pytest.raises(KeyError):
        target("none", DAY)


@pytest.mark.parametrize(
    ("percent", "count", "total", "options", "short"),
    [
        (15, 15, 100, {}, 0),
        (15, 14, 100, {}, 1),
        (15, 0, 7, {}, 2),  # 1.05 people are two
        (15, 15, 100, {"is_strict": True}, 1),
        (15, 16, 100, {"is_strict": True}, 0),
        (15, 1, 7, {"is_strict": True}, 1),
        (100, 9, 10, {}, 1),
        (100, 9, 10, {"grows": True}, None),
        (100, 10, 10, {"grows": True}, 0),
        (100, 10, 10, {"is_strict": True}, None),
        (50, 4, 10, {"grows": True}, 2),  # 6 of 12
        (50, 4, 10, {"grows": True, "is_strict": True}, 3),
        (15, 0, 0, {}, 0),
        (Decimal("12.5"), 0, 8, {}, 1),
    ],
)
def test_people_short(percent, count, total, options, short):
    assert people_short(percent, count, total, **options) == short


def test_more_than_all_is_a_fault():
    with pytest.raises(ValueError, match="11 of 10"):
        people_short(15, 11, 10)


@given(
    percent=st.integers(0, 100),
    total=st.integers(1, 500),
    part=st.integers(0, 500),
    is_strict=st.booleans(),
    grows=st.booleans(),
)
def test_so_many_are_enough_and_one_fewer_is_not(percent, total, part, is_strict, grows):
    count = min(part, total)
    short = people_short(percent, count, total, is_strict=is_strict, grows=grows)

    def reaches(more: int) -> bool:
        share = Fraction(count + more, total + more * grows) * 100
        return share > percent if is_strict else share >= percent

    if short is None:
        assert not reaches(total - count)
    else:
        assert reaches(short)
        assert short == 0 or not reaches(short - 1)


def test_a_measured_target_tells_share_gap_and_citation():
    finding = measure_target(on("nq26_province_young"), count=12, total=100)
    assert finding.outcome == "not_met"
    assert finding.facts == {
        "Số lượng": 12,
        "Tổng số": 100,
        "Tỷ lệ (%)": Decimal(12),
        "Yêu cầu": "khoảng 15–20 %",
        "Còn thiếu (người)": 3,
    }
    assert finding.citation.text == "Nghị quyết 26-NQ/TW ngày 19/05/2018"
    assert measure_target(on("nq26_province_young"), count=15, total=100).is_met


def test_a_strict_target_is_not_met_by_its_number():
    goal = on("nq26_female_deputies")
    assert measure_target(goal, count=35, total=100).facts["Còn thiếu (người)"] == 1
    assert measure_target(goal, count=36, total=100).is_met


def test_a_target_in_people_needs_no_total():
    goal = on("nq26_female_standing")
    assert measure_target(goal, count=0, total=0).facts["Còn thiếu (người)"] == 1
    assert measure_target(goal, count=1, total=13).is_met


def test_a_share_of_nobody_is_unknown():
    finding = measure_target(on("ct45_young_committee"), count=0, total=0)
    assert (finding.outcome, finding.missing) == ("unknown", ("Tổng số người để tính tỷ lệ",))
