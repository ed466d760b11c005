"""One computation, many outlets: what page, JSON, workbook and paper say of a table is the same."""

from __future__ import annotations

import io
import json
from datetime import date

import openpyxl
import pytest
from pypdf import PdfReader

from personnel.reports.structure import StructureReport, share_of
from personnel.reports.structure_workbook import structure_workbook
from personnel.statistics import structure
from tests.factories.personnel import make_cadre, make_title, make_unit

DAY = date(2025, 12, 31)


@pytest.fixture
def report(province: None) -> StructureReport:
    """The report of the made-up province."""
    return StructureReport(structure(user=None, day=DAY))


@pytest.fixture
def leaders(code_lists: None) -> StructureReport:
    """Ten provincial leaders in one department, one of them under 40."""
    root = make_unit("UBND", name="Ủy ban nhân dân tỉnh")
    title = make_title(group="head", is_leadership=True)
    department = make_unit("SNV", parent=root, name="Sở Nội vụ")
    for number in range(10):
        make_cadre(unit=department, title=title, born=date(1990 if number == 0 else 1975, 1, 1))
    return StructureReport(structure(user=None, day=DAY, population="provincial_leaders"))


@pytest.mark.django_db
def test_json_has_the_agreed_keys_and_adds_up(report: StructureReport) -> None:
    content = json.loads(json.dumps(report.as_json(), ensure_ascii=False))
    assert (content["day"], content["unit"]) == ("2025-12-31", "UBND")
    for row in (*content["rows"], content["total"]):
        assert set(row) >= {"key", "label", "total", "female", "ethnic_minority", "young", "party", "shares"}
        for group in ("age_band", "degree", "political_theory", "state_management", "rank_group"):
            assert sum(row[group].values()) == row["total"]
    for key in ("total", "female", "ethnic_minority", "young", "party", "retiring"):
        assert sum(row[key] for row in content["rows"]) == content["total"][key]
    total = content["total"]
    assert total["shares"]["female"] == round(total["female"] / total["total"] * 100, 1)
    assert total["shares"]["degree"]["master"] == round(total["degree"]["master"] / total["total"] * 100, 1)
    assert sum(step["male"] + step["female"] for step in content["pyramid"]) <= total["total"]


@pytest.mark.django_db
def test_an_empty_unit_has_no_shares(code_lists: None) -> None:
    make_unit("UBND")
    content = StructureReport(structure(user=None, day=DAY)).as_json()
    assert (content["total"]["total"], content["total"]["shares"]["female"]) == (0, None)


@pytest.mark.django_db
def test_workbook_holds_every_count_and_share(report: StructureReport) -> None:
    table = report.table
    book = openpyxl.load_workbook(io.BytesIO(structure_workbook(report)))
    assert book.sheetnames == ["Cơ cấu", "Tháp tuổi", "Căn cứ"]
    sheet = book["Cơ cấu"]
    body = list(sheet.iter_rows(min_row=7, values_only=True))
    assert [line[1] for line in body] == [row.label for row in table.all_rows()]
    for line, row in zip(body, table.all_rows(), strict=True):
        assert line[2] == row.total
        assert line[3::2] == row.counts
        shares = [row.share(place) for place in range(len(row.counts))]
        assert [round(one, 9) for one in line[4::2]] == [round(float(one), 9) for one in shares]
    assert sheet["A2"].value == report.lead
    assert book["Tháp tuổi"]["B2"].value == table.pyramid[0].male
    assert any("26-NQ/TW" in str(cell.value) for cell in book["Căn cứ"]["A"])


@pytest.mark.django_db
def test_paper_is_a4_across_with_repeated_heads_and_all_numbers(report: StructureReport) -> None:
    pages = PdfReader(io.BytesIO(report.pdf())).pages
    first = pages[0].mediabox
    assert (round(float(first.width)), round(float(first.height))) == (842, 595)
    texts = [page.extract_text() for page in pages]
    text = "\n".join(texts)
    assert "Cơ cấu đội ngũ cán bộ" in texts[0]
    assert "Tháp tuổi" in texts[0]
    for row in report.table.rows:
        assert row.label in text
    assert "26-NQ/TW" in text
    assert "11/2012/TT-BNV" in text
    total = report.table.total
    share = share_of(total.counts[0], total.total)
    assert f"{total.counts[0]} ({share})" in text
    assert sum("Trình độ chuyên môn" in one and "Tiến sĩ" in one for one in texts[1:]) >= 1


@pytest.mark.django_db
def test_long_tables_repeat_their_head_on_every_page(code_lists: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("personnel.reports.structure.SHEETS", (("age_band",),))
    root = make_unit("UBND")
    for number in range(40):
        make_unit(f"DV{number:02}", parent=root)
    pages = PdfReader(io.BytesIO(StructureReport(structure(user=None, day=DAY)).pdf())).pages
    with_units = [page.extract_text() for page in pages if "DV" in page.extract_text()]
    assert len(with_units) >= 2
    assert all("Tổng số" in text and "Nhóm tuổi" in text for text in with_units)


@pytest.mark.django_db
def test_a_target_is_measured_where_it_is_set(leaders: StructureReport) -> None:
    young = next(card for card in leaders.cards() if card.column.key == "young")
    assert (young.figure, young.alarm, young.tone) == ("10%", "thiếu 1 người", "bad")
    assert "15–20%" in young.text
    assert "26-NQ/TW" in young.text
    assert "mark" in young.chart
    verdict = leaders.verdict(leaders.table.rows[0])
    assert verdict is not None
    assert (verdict.text, verdict.tone) == ("Trẻ: thiếu 1", "warn")


@pytest.mark.django_db
def test_no_target_is_claimed_for_people_it_is_not_set_for(leaders: StructureReport) -> None:
    for population, youth in (("present", "under-40"), ("provincial_leaders", "under-45")):
        other = StructureReport(structure(user=None, day=DAY, population=population, youth=youth))
        young = next(card for card in other.cards() if card.column.key == "young")
        assert (young.alarm, young.goal) == ("", None)
        assert not other.has_verdicts
        assert other.verdict(other.table.rows[0]) is None
    ethnic = next(card for card in other.cards() if card.column.key == "ethnic_minority")
    assert ethnic.goal is None
    present = StructureReport(structure(user=None, day=DAY))
    ethnic = next(card for card in present.cards() if card.column.key == "ethnic_minority")
    assert "chưa có chỉ tiêu được kiểm chứng" in ethnic.text


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [(0, 0, ""), (0, 9, ""), (1, 8, "13%"), (1, 3, "33%"), (2, 3, "67%"), (1, 1, "100%"), (1, 1000, "0%")],
)
def test_shares_are_rounded_half_up(count: int, total: int, text: str) -> None:
    assert share_of(count, total) == text
