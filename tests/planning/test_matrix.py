"""All people x all titles at once says of each pair what the rules say of it alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hrdb.kernel.dates import PartialDate
from personnel.rules.discipline import PastDiscipline
from personnel.rules.standards import Level, Standard, written_citation
from planning.rules.eligibility import Person, Target, judge
from planning.statistics.matrix import OUTCOMES, STANDINGS, columns_of, matrix, standings_and_unclear

CITATION = written_citation("Quy định 365-QĐ/TW ngày 30/08/2025", day=date(2025, 8, 30))
LEVELS = [Level("Tiến sĩ", 1), Level("Thạc sĩ", 2), Level("Đại học", 3), Level("Khác", None)]
KINDS = ["professional_level", "state_management", "foreign_language", "political_theory"]

births = st.one_of(
    st.none(),
    st.dates(date(1955, 1, 1), date(2000, 1, 1)),
    st.dates(date(1955, 1, 1), date(2000, 1, 1)).map(lambda day: PartialDate(day.replace(month=1, day=1), "year")),
)
disciplines = st.builds(
    PastDiscipline,
    st.sampled_from(["reprimand", "warning", "dismissal", None]),
    st.dates(date(2023, 1, 1), date(2027, 6, 1)),
)
people = st.builds(
    Person,
    sex=st.sampled_from(["male", "female", None]),
    born=births,
    is_minority=st.sampled_from([True, False, None]),
    holds_title=st.booleans(),
    title_rank=st.one_of(st.none(), st.integers(1, 12)),
    is_party_member=st.sampled_from([True, False, None]),
    disciplines=st.lists(disciplines, max_size=2),
    review=st.sampled_from(
        [
            (None, None, None),
            ("met", date(2026, 1, 1), None),
            ("not_met", date(2026, 1, 1), None),
            ("met", date(2020, 1, 1), date(2026, 1, 1)),
        ]
    ),
    ratings=st.one_of(st.none(), st.dictionaries(st.integers(2022, 2026), st.sampled_from(["good", "not_completed"]))),
    levels=st.dictionaries(st.sampled_from(KINDS), st.sampled_from(LEVELS)),
    has_proposal=st.booleans(),
    missing_rows=st.sampled_from([(), ("Ảnh",)]),
    classification=st.sampled_from(["plain", "secret", "top_secret"]),
    planned_seats=st.integers(0, 4),
)
standards = st.dictionaries(
    st.sampled_from(KINDS), st.sampled_from(LEVELS).map(lambda level: Standard("professional_level", level, CITATION))
).map(lambda found: {kind: Standard(kind, one.required, CITATION) for kind, one in found.items()})
targets = st.builds(
    Target,
    title=st.just("x"),
    code=st.sampled_from(["GD-SO", "CT-UBND-TINH", "UVBTV-TU"]),
    rank=st.one_of(st.none(), st.integers(1, 12)),
    object=st.sampled_from([1, 2]),
    reference_day=st.sampled_from([None, date(2030, 7, 1), date(2031, 3, 1)]),
    is_body=st.booleans(),
    standards=standards,
    seats=st.one_of(st.none(), st.integers(1, 3)),
    planned_people=st.one_of(st.none(), st.integers(0, 9)),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(people, min_size=1, max_size=6),
    st.lists(targets, min_size=1, max_size=4),
    st.sampled_from([date(2026, 11, 24), date(2025, 10, 30), date(2024, 1, 1)]),
)
def test_every_cell_is_what_the_rules_say_of_the_pair(someone: Any, some: Any, day: date) -> None:
    columns = columns_of(dict(enumerate(someone)), day)
    cells = matrix(columns, some)
    for row, target in enumerate(some):
        for column, person in enumerate(someone):
            found = judge(person=person, target=target, day=day)
            expected = min((one.outcome for one in found.findings), key=OUTCOMES.index)
            assert OUTCOMES[cells[row, column]] == expected, (person, target, found)
        codes, unclear = standings_and_unclear(columns, target)
        for column, code in enumerate(codes):
            found = judge(person=someone[column], target=target, day=day)
            assert unclear[column] == sum(one.outcome == "unknown" for one in found.findings)
            assert STANDINGS[code] == ("later" if found.is_later(day) else found.outcome), (someone[column], target)
