"""The strict loader of dated parameters."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hrdb.kernel.parameters import (
    ParameterBook,
    ParameterError,
    ParameterUnknown,
    format_value,
    load_parameter,
)

GOOD = """
label: Tuổi tối đa
unit: months
verified_on: 2026-11-24
confidence: two sources
values:
  2021-01-01:
    value: 723
    citation: {document: 135/2020/NĐ-CP, date: 2020-11-18, article: Điều 4}
  2022-01-01:
    value: null
    citation: {document: 136/2021/NĐ-CP, date: 2021-11-18, article: null}
  2023-01-01:
    value: 2.34
    citation: {document: 137/2022/NĐ-CP, date: 2022-11-18, article: Điều 5}
    confidence: one source
"""


def load(tmp_path: Path, text: str):
    path = tmp_path / "sample.yaml"
    path.write_text(text, encoding="utf-8")
    return load_parameter(path, "group/sample")


def test_values_hold_from_their_day_until_the_next(tmp_path):
    parameter = load(tmp_path, GOOD)
    assert parameter.at(date(2020, 12, 31)) is None
    assert parameter.at(date(2021, 1, 1)).value == 723
    assert parameter.at(date(2021, 12, 31)).value == 723
    assert parameter.at(date(2022, 1, 1)).value is None
    assert parameter.at(date(2030, 1, 1)).value == Decimal("2.34")
    assert [value.effective_until for value in parameter.values] == [date(2022, 1, 1), date(2023, 1, 1), None]


def test_each_value_says_how_well_it_is_confirmed(tmp_path):
    parameter = load(tmp_path, GOOD)
    labels = [value.confidence_label for value in parameter.values]
    assert labels == ["hai nguồn", "chưa kiểm chứng", "một nguồn"]
    assert [value.text for value in parameter.values] == ["723 tháng (60 năm 3 tháng)", "chưa kiểm chứng", "2,34 tháng"]
    assert parameter.measure_label == "tháng"


@pytest.mark.parametrize("day", [date(2020, 12, 31), date(2022, 6, 1)])
def test_a_number_that_is_missing_is_unknown_and_named(tmp_path, day):
    parameter = load(tmp_path, GOOD)
    with pytest.raises(ParameterUnknown, match="Tuổi tối đa") as caught:
        parameter.require(day)
    finding = caught.value.finding("some-rule", {"Tuổi": 40})
    assert finding.outcome == "unknown"
    assert finding.missing == (f"Tuổi tối đa (ngày {day:%d/%m/%Y})",)
    assert finding.facts == {"Tuổi": 40}
    assert (finding.citation is None) == (day.year == 2020)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("label: Tuổi tối đa\n", "", "thiếu label"),
        ("label: Tuổi tối đa\n", "label: ''\n", "label"),
        ("unit: months\n", "unit: bananas\n", "bananas"),
        ("unit: months\n", "unit: months\nunit: years\n", "lặp lại"),
        ("unit: months\n", "unit: months\ncolour: red\n", "khóa lạ colour"),
        ("verified_on: 2026-11-24\n", "verified_on: yesterday\n", "verified_on"),
        ("confidence: two sources\n", "confidence: high\n", "high"),
        ("    value: 723\n", "    value: 723\n    value: 724\n", "lặp lại"),
        ("    value: 723\n", "", "thiếu value"),
        ("    value: 723\n", "    value: 723\n    source: me\n", "khóa lạ source"),
        ("    citation: {document: 135/2020/NĐ-CP, date: 2020-11-18, article: Điều 4}\n", "", "thiếu citation"),
        (", article: Điều 4}", "}", "thiếu article"),
        ("date: 2020-11-18, article: Điều 4", "article: Điều 4", "thiếu date"),
        ("document: 135/2020/NĐ-CP, date: 2020-11-18", "date: 2020-11-18", "thiếu document"),
        ("135/2020/NĐ-CP", "so 135", "cần ghi name"),
        (", article: Điều 4}", ", article: Điều 4, page: 3}", "khóa lạ page"),
        (
            "136/2021/NĐ-CP, date: 2021-11-18, article: null",
            "136/2021/NĐ-CP, date: 2021-11-18, article: Điều 1",
            "null",
        ),
        ("  2022-01-01:", "  2020-01-01:", "tăng dần"),
        ("  2022-01-01:", "  2021-01-01:", "lặp lại"),
        ("  2022-01-01:", "  from 2022:", "ngày"),
        ("    confidence: one source\n", "    confidence: memory\n", "memory"),
    ],
)
def test_what_breaks_the_form_is_refused_with_the_files_name(tmp_path, old, new, complaint):
    assert GOOD.count(old) >= 1
    with pytest.raises(ParameterError, match=complaint) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert "sample.yaml" in str(caught.value)


@pytest.mark.parametrize("text", ["", "values", "label: x", "[1, 2]", "{a: &b [*b]}", "a: !!python/name:os.system x"])
def test_other_yaml_is_refused(tmp_path, text):
    with pytest.raises(ParameterError):
        load(tmp_path, text)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("31_40", "31_40"), ("010", "010"), ("1:30", "1:30"), ("yes", "yes"), ("0x1F", "0x1F"), ("1e3", "1e3"),
        ("15", 15), ("-3", -3), ("1.50", Decimal("1.50")), ("true", True), ("2026-01-01", date(2026, 1, 1)),
    ],
)  # fmt: skip
def test_an_unquoted_word_means_what_it_looks_like(tmp_path, word, value):
    parameter = load(tmp_path, GOOD.replace("unit: months", "unit: text").replace("723", word, 1))
    assert parameter.values[0].value == value
    assert type(parameter.values[0].value) is type(value)


def test_tables_are_read_only_and_told_in_words(tmp_path):
    text = GOOD.replace("unit: months", "unit: table\nlabels: {first: lần đầu, yes: có}").replace(
        "value: 723", "value: {first: [1, 2.50], second: {low: 1, high: 2}, third: 'yes'}", 1
    )
    value = load(tmp_path, text).values[0]
    with pytest.raises(TypeError):
        value.value["first"] = 3
    assert value.value["first"] == (1, Decimal("2.50"))
    assert value.text == "lần đầu: 1 | 2,50; second (1–2); third: có"


@pytest.mark.parametrize(
    ("value", "measure", "text"),
    [
        (2530000, "dong", "2.530.000 đồng"),
        (Decimal("2.34"), "coefficient", "2,34"),
        ({"low": 15, "high": 20}, "percent", "15–20 %"),
        (6, "months", "6 tháng"),
        (744, "months", "744 tháng (62 năm)"),
        (40, "years", "40 tuổi"),
        ("Phù hợp với cơ cấu dân cư", "text", "Phù hợp với cơ cấu dân cư"),
        (None, "percent", "chưa kiểm chứng"),
        ((True, date(2026, 1, 2)), "table", "có | 02/01/2026"),
        (({"code": "a", "label": "Nhóm A"}, {"code": "b", "label": "Nhóm B"}), "table", "Nhóm A | Nhóm B"),
    ],
)
def test_values_in_vietnamese(value, measure, text):
    assert format_value(value, measure) == text


def test_a_book_reads_its_groups_in_their_order(tmp_path):
    for key in ("second/b", "second/a", "first/c"):
        path = tmp_path / f"{key}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(GOOD, encoding="utf-8")
    book = ParameterBook("sample", tmp_path, groups={"first": "Nhóm một", "second": "Nhóm hai"})
    assert [parameter.key for parameter in book] == ["first/c", "second/a", "second/b"]
    assert [parameter.group_label for parameter in book.under("second")] == ["Nhóm hai", "Nhóm hai"]
    assert book["second/a"] is book["second/a"]
    with pytest.raises(KeyError):
        book["second/none"]


def test_a_file_outside_the_named_groups_is_refused(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ParameterError, match="other"):
        ParameterBook("sample", tmp_path, groups={"first": "Nhóm một"})["other/x"]
