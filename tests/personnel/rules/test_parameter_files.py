"""Every parameter file of every app is loaded and looked at."""

import re
import unicodedata
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import personnel.rules
from hrdb.kernel.findings import CONFIDENCE_LABELS
from hrdb.kernel.parameters import PARAMETER_BOOKS, all_parameters
from personnel.rules.law import LAW, weakest

PARAMETERS = all_parameters()
VIETNAMESE = re.compile(r"[À-ỹĐđ]")


def test_every_yaml_file_belongs_to_a_book():
    for book in PARAMETER_BOOKS:
        on_disk = {str(path.relative_to(book.folder).with_suffix("")) for path in book.folder.rglob("*.y*ml")}
        assert on_disk == set(book.keys())
        assert on_disk


def test_the_page_of_all_parameters_holds_those_of_this_app():
    assert {id(parameter) for parameter in LAW} <= {id(parameter) for parameter in PARAMETERS}
    assert {parameter.group for parameter in LAW} == set(LAW.groups)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.key)
def test_a_parameter_can_be_shown(parameter):
    assert VIETNAMESE.search(parameter.label)
    assert VIETNAMESE.search(parameter.group_label)
    assert parameter.label == unicodedata.normalize("NFC", parameter.label)
    assert date(2026, 1, 1) <= parameter.verified_on <= date.today()
    assert parameter.confidence_label in CONFIDENCE_LABELS.values()
    for value in parameter.values:
        assert re.search(r"\d", value.citation.document)
        assert value.citation.date <= value.effective_from or "kể từ" in parameter.note, "in force before its document"
        assert f"{value.citation.document} ngày " in value.citation.text
        assert value.text
        assert not re.search(r"[a-z]_[a-z]|None|mappingproxy|Decimal", value.text), "not in words"


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.key)
def test_values_that_succeed_one_another_join(parameter):
    for value, after in pairwise(parameter.values):
        assert value.effective_until == after.effective_from > value.effective_from
    assert parameter.values[-1].effective_until is None


def test_ages_of_retirement_change_with_a_month():
    for key in ("age_male", "age_female", "lower_by"):
        assert {value.effective_from.day for value in LAW[f"retirement/{key}"].values} == {1}


def test_the_roadmap_climbs_by_three_and_four_months_a_year():
    for sex, step, first, last in (("male", 3, 723, 744), ("female", 4, 664, 720)):
        ages = [value.value for value in LAW[f"retirement/age_{sex}"].values if value.effective_from.year >= 2021]
        assert ages == list(range(first, last + 1, step))


def test_the_rules_import_no_framework():
    folder = Path(personnel.rules.__file__).parent
    kernel = folder.parent.parent / "hrdb" / "kernel"
    below = [kernel / f"{name}.py" for name in ("dates", "findings", "parameters", "registries")]
    for path in [*folder.glob("*.py"), *below]:
        assert not re.search(r"^\s*(?:from|import) django", path.read_text(), re.MULTILINE), path


def test_a_result_is_as_well_confirmed_as_its_weakest_number():
    assert weakest("two sources", "one source") == "one source"
    assert weakest("unconfirmed", "two sources", "one source") == "unconfirmed"
