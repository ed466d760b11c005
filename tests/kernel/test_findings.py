"""Citations as they are written, and findings that cannot be a bare yes or no."""

from datetime import date

import pytest

from hrdb.kernel.findings import CONFIDENCE_LABELS, Citation, Finding

DECREE = Citation("135/2020/NĐ-CP", date(2020, 11, 18), "Điều 4")


@pytest.mark.parametrize(
    ("citation", "text"),
    [
        (DECREE, "Nghị định 135/2020/NĐ-CP ngày 18/11/2020, Điều 4"),
        (Citation("83/2022/NĐ-CP", date(2022, 10, 18)), "Nghị định 83/2022/NĐ-CP ngày 18/10/2022"),
        (Citation("26-NQ/TW", date(2018, 5, 19)), "Nghị quyết 26-NQ/TW ngày 19/05/2018"),
        (Citation("28/NQ-CP", date(2021, 3, 3)), "Nghị quyết 28/NQ-CP ngày 03/03/2021"),
        (Citation("377-QĐ/TW", date(2025, 10, 8), "Điều 26"), "Quy định 377-QĐ/TW ngày 08/10/2025, Điều 26"),
        (Citation("402/QĐ-TTg", date(2016, 3, 14)), "Quyết định 402/QĐ-TTg ngày 14/03/2016"),
        (Citation("45-CT/TW", date(2025, 4, 14)), "Chỉ thị 45-CT/TW ngày 14/04/2025"),
        (Citation("45-HD/BTCTW", date(2025, 11, 21)), "Hướng dẫn 45-HD/BTCTW ngày 21/11/2025"),
        (Citation("11/2012/TT-BNV", date(2012, 12, 17)), "Thông tư 11/2012/TT-BNV ngày 17/12/2012"),
        (Citation("80/2025/QH15", date(2025, 6, 24)), "Luật 80/2025/QH15 ngày 24/06/2025"),
        (
            Citation("45/2019/QH14", date(2019, 11, 20), "Điều 169", name="Bộ luật Lao động"),
            "Bộ luật Lao động 45/2019/QH14 ngày 20/11/2019, Điều 169",
        ),
    ],
)
def test_a_citation_names_kind_number_date_and_article(citation, text):
    assert citation.text == str(citation) == text


def test_a_number_that_tells_no_kind_needs_a_name():
    with pytest.raises(ValueError, match="cần ghi name"):
        Citation("35-L/CTN", date(1994, 6, 23))


def test_unknown_says_what_is_missing_and_a_verdict_what_it_rests_on():
    with pytest.raises(ValueError, match="missing"):
        Finding("rule", "unknown")
    with pytest.raises(ValueError, match="missing"):
        Finding("rule", "met", citation=DECREE, missing=("Ngày sinh",))
    with pytest.raises(ValueError, match="citation"):
        Finding("rule", "not_met")
    with pytest.raises(ValueError, match="outcome"):
        Finding("rule", "yes", citation=DECREE)  # type: ignore[arg-type]


def test_a_finding_tells_its_outcome_in_words_and_keeps_its_facts():
    facts = {"Tuổi": 40}
    finding = Finding("rule", "not_met", value=40, facts=facts, citation=DECREE, confidence="one source")
    facts["Tuổi"] = 41
    assert finding.facts["Tuổi"] == 40
    assert (finding.outcome_label, finding.confidence_label, finding.is_met) == ("không đạt", "một nguồn", False)
    assert Finding("rule", "unknown", missing=("Ngày sinh",)).outcome_label == "chưa rõ"


def test_the_confidences_are_a_closed_list():
    assert list(CONFIDENCE_LABELS.values()) == ["hai nguồn", "một nguồn", "chưa kiểm chứng"]
