"""What a discipline blocks, for how long, and when it may be imposed."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import personnel
from hrdb.kernel.dates import PartialDate
from personnel.rules import discipline
from personnel.rules.children import child_under
from personnel.rules.discipline import FORM_LABELS, FORM_OF_CODE, PastDiscipline, findings_of_disciplines
from personnel.rules.judging import RULES
from tests.personnel.rules.findings_of import cases_of, check

DAY = date(2026, 3, 1)
LIST = Path(personnel.__file__).parent / "data" / "lists" / "discipline_forms.json"


@pytest.mark.parametrize(("rule", "given", "case"), cases_of("discipline"))
def test_readable_cases(rule, given, case):
    check(getattr(discipline, rule), given, case)


def test_every_form_of_the_list_but_other_has_its_rules():
    rows = {row["code"]: row["name"] for row in json.loads(LIST.read_text())["items"]}
    assert set(FORM_OF_CODE) == set(rows) - {"99"}
    for code, form in FORM_OF_CODE.items():
        assert rows[code].startswith(FORM_LABELS[form])


def test_no_reason_overrides_what_a_discipline_blocks():
    about = [rule for rule in RULES if "discipline" in rule.key or "corruption" in rule.key]
    assert {rule.key for rule in about if rule.is_overridable} == {"discipline-decided-in-time"}
    assert not RULES["no-pending-procedure"].is_overridable


@given(st.dates(date(2025, 7, 1), date(2040, 1, 1)), st.integers(0, 900))
def test_a_discipline_stands_against_an_appointment_until_it_lapses(effective_on, days):
    day = date.fromordinal(effective_on.toordinal() + days)
    effect = discipline.effect_of_discipline(effective_on=effective_on, day=day)
    serving = discipline.not_serving_discipline(effective_on=effective_on, purpose="appointment", day=day)
    assert serving.is_met == effect.finding.is_met == (day >= effect.lapses_on)


def test_a_new_breach_leaves_no_day_of_lapse():
    found = discipline.effect_of_discipline(effective_on=DAY, repeated_on=date(2026, 8, 1), day=date(2027, 3, 1))
    assert found.lapses_on is None
    assert found.finding.facts["Ngày tái phạm"] == date(2026, 8, 1)


def test_everything_that_applies_to_a_purpose():
    past = PastDiscipline("reprimand", date(2024, 6, 1))
    clear = findings_of_disciplines(disciplines=[], is_pending=False, purpose="appointment", day=DAY)
    assert [found.rule for found in clear] == ["no-pending-procedure"]
    higher = findings_of_disciplines(
        disciplines=[past], is_pending=False, purpose="appointment", is_higher=True, day=DAY
    )
    assert {found.rule: found.outcome for found in higher} == {
        "no-pending-procedure": "met",
        "not-serving-discipline": "met",
        "higher-title-after-discipline": "not_met",
        "no-dismissal-for-corruption": "met",
    }
    moved = findings_of_disciplines(
        disciplines=[past], is_pending=None, purpose="transfer", is_leadership=False, day=DAY
    )
    assert [found.outcome for found in moved] == ["unknown", "met"]


@pytest.mark.parametrize(
    ("born", "day", "is_under"),
    [
        (date(2023, 3, 1), date(2026, 2, 28), True),
        (date(2023, 3, 1), date(2026, 3, 1), False),
        (PartialDate(date(2023, 3, 1), "month"), date(2026, 3, 30), True),
        (PartialDate(date(2023, 3, 1), "month"), date(2026, 3, 31), False),
        (PartialDate(date(2023, 1, 1), "year"), date(2026, 12, 30), True),
        (PartialDate(date(2023, 1, 1), "year"), date(2026, 12, 31), False),
        (date(2026, 5, 1), date(2026, 3, 1), False),
    ],
)
def test_a_child_whose_day_of_birth_is_not_known_counts_as_small_as_long_as_it_may_be(born, day, is_under):
    assert child_under(has_child=True, youngest_born=born, months=36, day=day) is is_under
    assert child_under(has_child=False, youngest_born=None, months=36, day=day) is False
    assert child_under(has_child=None, youngest_born=born, months=36, day=day) is None
