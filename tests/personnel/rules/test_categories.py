"""What title, rank and unit tell of the category of a person, and when that is certain."""

from datetime import date

import pytest

from personnel.choices import EmploymentCategory
from personnel.data import read_list, read_titles
from personnel.rules.categories import CategoryEvidence, category_by
from personnel.rules.law import LAW

DAY = date(2026, 11, 24)
CADRE, CIVIL, PUBLIC, CONTRACT = "cadre", "civil_servant", "public_employee", "contract_111"


@pytest.mark.parametrize(
    ("title", "rank", "unit", "category", "is_certain"),
    [
        (CADRE, CIVIL, CIVIL, CADRE, True),
        (CADRE, "", "", CADRE, True),
        (CADRE, PUBLIC, CIVIL, CADRE, False),
        (CONTRACT, "", CIVIL, CONTRACT, False),
        (CONTRACT, CONTRACT, PUBLIC, CONTRACT, False),
        ("", CONTRACT, CIVIL, CONTRACT, False),
        ("", PUBLIC, CIVIL, PUBLIC, True),
        (PUBLIC, PUBLIC, PUBLIC, PUBLIC, True),
        (CIVIL, PUBLIC, CIVIL, PUBLIC, False),
        ("", CIVIL, CIVIL, CIVIL, True),
        (CIVIL, "", CIVIL, CIVIL, True),
        ("", CIVIL, PUBLIC, PUBLIC, False),
        (CIVIL, CIVIL, PUBLIC, PUBLIC, False),
        (PUBLIC, "", PUBLIC, PUBLIC, True),
        (PUBLIC, CIVIL, CIVIL, PUBLIC, False),
        (PUBLIC, "", CIVIL, PUBLIC, False),
        ("", "", PUBLIC, PUBLIC, False),
        ("", "", CIVIL, CIVIL, False),
        ("", "", "", CIVIL, False),
    ],
)
def test_title_rank_and_unit_together_tell_the_category(
    title: str, rank: str, unit: str, category: str, is_certain: bool
) -> None:
    found = category_by(CategoryEvidence(title, rank, unit), DAY)
    assert (found.category, found.is_certain) == (category, is_certain)


def test_a_day_before_the_first_known_law_is_judged_as_by_it() -> None:
    assert category_by(CategoryEvidence(rank=PUBLIC), date(2020, 1, 1)).category == PUBLIC


def test_the_table_of_every_day_names_categories_and_ends_with_what_fits_all() -> None:
    for held in LAW["categories/evidence"].values:
        for row in held.value:
            told = {row["category"], *(row[name] for name in ("title", "rank", "unit") if name in row)}
            assert told <= set(EmploymentCategory)
        assert not {"title", "rank", "unit"} & set(held.value[-1])
        assert held.confidence == "unconfirmed"


def test_the_lists_say_what_titles_ranks_and_units_tell() -> None:
    titles = {item["code"]: item["category"] for item in read_titles()["items"]}
    ranks = {item["code"]: item["category"] for item in read_list("ranks")["items"]}
    kinds = {item["code"]: item["category"] for item in read_list("unit_kinds")["items"]}
    for told in (titles, ranks, kinds):
        assert set(told.values()) <= {"", *EmploymentCategory}
    assert {titles[code] for code in ("BT-DU-XA", "CT-HDND-XA", "CT-UBND-XA", "PCT-UBND-TINH", "CT-MTTQ-XA")} == {CADRE}
    assert {titles[code] for code in ("GD-SO", "TP-SO", "CV", "TP-KT-XA")} == {CIVIL}
    assert {titles[code] for code in ("HT", "GV", "BS", "DD")} == {PUBLIC}
    assert {titles[code] for code in ("LX", "BV", "TV")} == {CONTRACT}
    assert titles["KTV"] == ""
    assert {category for code, category in ranks.items() if code.startswith("V.")} == {PUBLIC}
    assert [ranks[code] for code in ("01.003", "01.010", "15.113", "CT01")] == [CIVIL, CONTRACT, PUBLIC, CADRE]
    assert (kinds["x-don-vi-su-nghiep"], kinds["x-so-ban-nganh"], kinds["x-phong"]) == (PUBLIC, CIVIL, "")
