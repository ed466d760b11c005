"""How a case is judged: what is missing is named, what rests on weak numbers says so, every rule has its name."""

import importlib
import inspect
import re
import sys
from datetime import date

import pytest

from hrdb.kernel.findings import Finding
from personnel.rules import judging, working_days

RULE = judging.Rule("test-rule", "Quy tắc thử")
KNOWN, BEFORE = date(2026, 3, 1), date(2020, 1, 1)


MODULES = [
    importlib.import_module(f"personnel.rules.{name}")
    for name in (
        "appointment",
        "discipline",
        "dossier",
        "leaving",
        "mobility",
        "pay_steps",
        "procedure",
        "procedure_data",
        "standards",
        "terms",
    )
]


#: Where rules are declared beside.
ABOVE = ("appraisal.", "planning.", "training.", "personnel.rules.retirement")


def functions_of(module):
    """The public functions that a module defines itself."""
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            yield name, function


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_module_begins_with_the_table_of_its_functions(module):
    for name, function in functions_of(module):
        assert f"{name}(" in module.__doc__, name
        assert function.__doc__


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_rule_takes_its_facts_by_name(module):
    for name, function in functions_of(module):
        if function.__annotations__.get("return") in ("Finding", Finding):
            kinds = {parameter.kind for parameter in inspect.signature(function).parameters.values()}
            assert kinds == {inspect.Parameter.KEYWORD_ONLY}, name


def test_every_rule_that_is_declared_is_judged():
    declared = {
        rule.key: name
        for module in MODULES
        for name, rule in vars(module).items()
        if isinstance(rule, judging.Rule) and not name.startswith("_")
    }
    known = {rule.key for rule in judging.RULES}
    assert set(declared) <= known
    assert known - set(declared) <= _declared_above()
    source = "".join(inspect.getsource(module) for module in MODULES)
    for key, name in declared.items():
        assert len(re.findall(rf"\b{name}\b", source)) > 1, key


def _declared_above() -> set[str]:
    """Keys of the rules of upper apps, which are loaded beside, and of retirement, which has its own tests."""
    above = [module for name, module in sys.modules.items() if name.startswith(ABOVE)]
    return {rule.key for module in above for rule in vars(module).values() if isinstance(rule, judging.Rule)}


def test_every_rule_is_named_in_vietnamese():
    assert len(judging.RULES) > 40
    for rule in judging.RULES:
        assert re.fullmatch(r"[a-z][a-z0-9_-]+", rule.key)
        assert re.search(r"[À-ỹĐđ]", rule.label)


def test_a_missing_fact_and_a_missing_number_are_both_named():
    found = judging.judge(RULE, "term/notice_days", BEFORE, {"Ngày": None}, lambda _: True)
    assert (found.outcome, found.missing[0], found.confidence) == ("unknown", "Ngày", "unconfirmed")
    assert found.missing[1].endswith("(ngày 01/01/2020)")


def test_a_verdict_is_as_well_confirmed_as_its_weakest_number():
    judged = judging.judge(RULE, "term/full_months", KNOWN, {}, lambda a, b: True, also=("term/notice_days",))
    assert (judged.value, judged.confidence) == (60, "one source")
    weak = judging.judge(RULE, "term/full_months", KNOWN, {}, lambda _: False, confidence="unconfirmed")
    assert (weak.outcome, weak.confidence) == ("not_met", "unconfirmed")


def test_a_ground_of_which_nothing_is_said_is_not_known():
    found = judging.judge_grounds(RULE, "term/waiting_grounds", KNOWN, {"abroad": False})
    assert found.outcome == "unknown"
    assert len(found.missing) == 3
    assert judging.judge_grounds(RULE, "term/waiting_grounds", BEFORE, {}).outcome == "unknown"


def test_the_finding_that_decides():
    met = judging.judge(RULE, "term/full_months", KNOWN, {}, lambda _: True)
    not_met = judging.judge(RULE, "term/full_months", KNOWN, {}, lambda _: False)
    unknown = judging.judge(RULE, "term/full_months", KNOWN, {"Ngày": None}, lambda _: True)
    assert judging.worst([]) is None
    assert judging.worst([met, unknown]) is unknown
    assert judging.worst([met, unknown, not_met]) is not_met


@pytest.mark.parametrize(
    ("day", "count", "after", "before"),
    [
        (date(2026, 6, 5), 1, date(2026, 6, 8), date(2026, 6, 4)),
        (date(2026, 6, 6), 1, date(2026, 6, 8), date(2026, 6, 5)),
        (date(2026, 6, 1), 10, date(2026, 6, 15), date(2026, 5, 18)),
        (date(2026, 6, 1), 0, date(2026, 6, 1), date(2026, 6, 1)),
    ],
)
def test_working_days(day, count, after, before):
    assert working_days.working_days_after(day, count) == after
    assert working_days.working_days_before(day, count) == before
    assert working_days.working_days_between(day, after) == count
    assert working_days.working_days_between(after, day) == 0


def test_a_holiday_is_no_working_day():
    holiday = {date(2026, 9, 2)}
    assert not working_days.is_working_day(date(2026, 9, 2), holiday)
    assert working_days.working_days_after(date(2026, 9, 1), 1, holiday) == date(2026, 9, 3)
    assert working_days.working_days_between(date(2026, 9, 1), date(2026, 9, 4), holiday) == 2
