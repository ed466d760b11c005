"""Conditions of an appointment and standards of a title."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdb.kernel.findings import Citation
from personnel.rules import appointment
from personnel.rules.retirement import retirement
from personnel.rules.standards import (
    NO_LEVEL,
    REQUIREMENTS,
    Level,
    Standard,
    confidence_of,
    meets_standard,
    written_citation,
)
from tests.personnel.rules.findings_of import cases_of, check

DAY = date(2026, 3, 1)
DECISION = Citation("12/QĐ-UBND", date(2026, 1, 5))
STANDARD_LAW = Citation("365-QĐ/TW", date(2025, 8, 30), "Điều 5")
MIDDLE, HIGH = Level("Trung cấp", 3), Level("Cao cấp", 2)
RATINGS = ("Xuất sắc", "Tốt", "Hoàn thành", "Không hoàn thành")


@pytest.mark.parametrize(("rule", "given", "case"), cases_of("appointment"))
def test_readable_cases(rule, given, case):
    check(getattr(appointment, rule), given, case)


@pytest.mark.parametrize(
    ("held", "sought", "holds", "change"),
    [
        (None, 5, False, "first"),
        (7, 6, True, "higher"),
        (7, 7, True, "equivalent"),
        (6, 7, True, "lower"),
        (None, 7, True, None),
        (7, None, True, None),
    ],
)
def test_the_lower_number_is_the_higher_title(held, sought, holds, change):
    assert appointment.change_of_title(held_rank=held, sought_rank=sought, holds_a_title=holds) == change


@given(st.dates(date(1965, 1, 1), date(1990, 1, 1)), st.sampled_from(["male", "female"]), st.integers(0, 9000))
def test_who_has_not_five_years_left_is_too_old_whatever_the_birth(born, sex, later):
    day = date(2025, 7, 1) + timedelta(days=later)
    found = appointment.age_for_title(sex=sex, born=born, change="higher", day=day)
    assert found.is_met == (day < found.met_until)
    assert (found.met_until - timedelta(days=1)).year + 5 == retirement(sex=sex, born=born).retired_from.year


def test_a_decision_that_gave_the_number_is_the_citation():
    found = appointment.free_seat(seats=2, holders=1, citation=DECISION, day=DAY)
    assert (found.outcome, found.citation, found.confidence) == ("met", DECISION, "two sources")
    found = appointment.within_establishment(assigned=2, present=2, citation=DECISION, day=DAY)
    assert (found.outcome, found.citation) == ("not_met", DECISION)
    assert appointment.free_seat(seats=None, holders=1, citation=DECISION, day=DAY).missing == ("Số ghế",)


@pytest.mark.parametrize(("deputies", "outcome"), [(3, "met"), (4, "not_met"), (None, "unknown")])
def test_the_province_may_set_its_own_ceiling_on_deputies(deputies, outcome):
    found = appointment.deputies_within_ceiling(deputies=deputies, ceiling=3, citation=DECISION, day=DAY)
    assert found.outcome == outcome


@pytest.mark.parametrize(("worst", "outcome"), [("Tốt", "met"), ("Hoàn thành", "not_met")])
def test_a_minimum_of_ratings_needs_its_citation(worst, outcome):
    asked = {"ratings": {2023: "Tốt", 2024: "Xuất sắc", 2025: worst}, "order": RATINGS, "day": DAY}
    assert appointment.ratings_good_enough(**asked).outcome == "unknown"
    assert appointment.ratings_good_enough(**asked, minimum="Tốt", citation=DECISION).outcome == outcome
    lacking = appointment.ratings_good_enough(ratings=None, order=RATINGS, day=DAY, minimum="Tốt", citation=DECISION)
    assert "Xếp loại năm 2023" in lacking.missing


@pytest.mark.parametrize(
    ("kind", "required", "held", "outcome"),
    [
        ("political_theory", HIGH, HIGH, "met"),
        ("political_theory", HIGH, MIDDLE, "not_met"),
        ("political_theory", MIDDLE, HIGH, "met"),
        ("political_theory", MIDDLE, NO_LEVEL, "not_met"),
        ("political_theory", MIDDLE, None, "unknown"),
        ("political_theory", None, HIGH, "unknown"),
        ("foreign_language", Level("Bậc 3", 5), Level("Chứng chỉ B", None), "unknown"),
        ("foreign_language", Level("Chứng chỉ B", None), Level("Chứng chỉ B", None), "met"),
        ("party_member", True, True, "met"),
        ("party_member", True, False, "not_met"),
        ("party_member", True, None, "unknown"),
        ("min_years", 5, 5, "met"),
        ("min_years", 5, 4, "not_met"),
        ("professional_field", ["Luật", "Hành chính"], "luật", "met"),
        ("professional_field", ["Luật"], ["Kế toán"], "not_met"),
        ("một điều khác", 1, 1, "unknown"),
    ],
)
def test_a_standard_against_what_is_held(kind, required, held, outcome):
    found = meets_standard(standard=Standard(kind, required, STANDARD_LAW, "one source"), held=held, day=DAY)
    assert (found.outcome, found.citation, found.confidence) == (outcome, STANDARD_LAW, "one source")


def test_what_a_standard_lacks_is_named():
    asked = Standard("political_theory", None, STANDARD_LAW)
    found = meets_standard(standard=asked, held=None, day=DAY)
    assert found.missing == ("mức yêu cầu của tiêu chuẩn «Trình độ lý luận chính trị»", "Trình độ lý luận chính trị")
    assert all(kind.label for kind in REQUIREMENTS.values())


@pytest.mark.parametrize(
    ("written", "document", "signed", "shown"),
    [
        (
            "Quy định 365-QĐ/TW ngày 30/8/2025, Điều 5",
            "365-QĐ/TW",
            date(2025, 8, 30),
            "Quy định 365-QĐ/TW ngày 30/08/2025, Điều 5",
        ),
        (
            "Nghị định số 170/2025/NĐ-CP ngày 30/06/2025",
            "170/2025/NĐ-CP",
            date(2025, 6, 30),
            "Nghị định 170/2025/NĐ-CP ngày 30/06/2025",
        ),
        ("Quy định 365-QĐ/TW", "Quy định 365-QĐ/TW", DAY, "Quy định 365-QĐ/TW"),
        ("Quy định 365-QĐ/TW ngày 31/02/2025", "Quy định 365-QĐ/TW ngày 31/02/2025", DAY, None),
        ("Đề án của tỉnh", "Đề án của tỉnh", DAY, "Đề án của tỉnh"),
    ],
)
def test_a_citation_as_an_officer_wrote_it(written, document, signed, shown):
    found = written_citation(written, day=DAY)
    assert (found.document, found.date, str(found)) == (document, signed, shown or written)


def test_how_well_a_row_of_the_record_is_confirmed():
    assert [confidence_of(code) for code in ("confirmed", "one_source", "unconfirmed", "")] == [
        "two sources",
        "one source",
        "unconfirmed",
        "unconfirmed",
    ]
