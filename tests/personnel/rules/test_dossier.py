"""Dossiers: what is missing, what has expired, what the record provides."""

from datetime import date

import pytest

from hrdb.kernel.parameters import ParameterError, ParameterUnknown
from personnel.rules.dossier import HeldPaper, _read_paper, check_dossier, dossier

DAY = date(2026, 3, 1)
FRESH = HeldPaper(date(2026, 1, 15))


def whole(**changes: HeldPaper | None) -> dict[str, HeldPaper]:
    """All ten papers, with some changed or taken away."""
    held = {paper.key: FRESH for paper in dossier(kind="appointment", day=DAY).papers} | changes
    return {key: paper for key, paper in held.items() if paper is not None}


def test_the_ten_papers_of_an_appointment():
    found = dossier(kind="appointment", day=DAY)
    assert len(found.papers) == 10
    assert {paper.record for paper in found.papers if paper.record} == {
        "cv",
        "ratings",
        "political_review",
        "assets",
        "qualifications",
        "health",
    }
    assert found.citation.article == "Điều 35"


def test_a_dossier_that_has_everything():
    found = check_dossier(kind="appointment", held=whole(), day=DAY)
    assert (found.finding.outcome, found.finding.value) == ("met", "10/10")
    assert found.finding.confidence == "one source"
    assert found.labels("held") == tuple(one.paper.label for one in found.papers)


def test_what_is_missing_is_named():
    found = check_dossier(kind="appointment", held=whole(residence=None, minutes=None), day=DAY)
    assert (found.finding.outcome, found.finding.value) == ("not_met", "8/10")
    assert found.labels("missing") == (
        "Biên bản hội nghị, biên bản kiểm phiếu ở các bước",
        "Nhận xét của chi ủy hoặc chính quyền nơi cư trú",
    )


@pytest.mark.parametrize(
    ("issued_on", "state", "outcome"),
    [
        (date(2025, 8, 31), "expired", "not_met"),
        (date(2025, 9, 1), "held", "met"),
        (date(2026, 3, 1), "held", "met"),
        (date(2026, 3, 2), "expired", "not_met"),
        (None, "undated", "unknown"),
    ],
)
@pytest.mark.parametrize("key", ["health", "cv"])
def test_the_age_of_a_paper(key, issued_on, state, outcome):
    found = check_dossier(kind="appointment", held=whole(**{key: HeldPaper(issued_on)}), day=DAY)
    (paper,) = [one for one in found.papers if one.paper.key == key]
    assert (paper.state, paper.finding.outcome, found.finding.outcome) == (state, outcome, outcome)
    if issued_on == date(2025, 9, 1):
        assert paper.finding.met_until == date(2026, 3, 2)
    if issued_on is None:
        assert found.finding.missing == (f"ngày của {paper.paper.label}",)


def test_papers_without_an_age_need_no_date():
    found = check_dossier(kind="appointment", held=whole(diplomas=HeldPaper()), day=DAY)
    assert found.finding.is_met


def test_what_the_record_provides_says_so():
    found = check_dossier(kind="appointment", held=whole(assets=HeldPaper(is_from_record=True)), day=DAY)
    (paper,) = [one for one in found.papers if one.paper.key == "assets"]
    assert paper.finding.facts["Nguồn"] == "hồ sơ trong cơ sở dữ liệu"


def test_a_dossier_read_in_part_is_never_complete():
    found = check_dossier(kind="rotation", held={"health": FRESH}, day=DAY)
    assert found.finding.missing == ("các thành phần khác của Hồ sơ luân chuyển",)
    lacking = check_dossier(kind="rotation", held={}, day=DAY)
    assert lacking.finding.outcome == "not_met"


@pytest.mark.parametrize("kind", ["reappointment", "extension"])
def test_a_dossier_that_was_not_read_is_unknown(kind):
    found = check_dossier(kind=kind, held={}, day=DAY)
    assert (found.finding.outcome, found.papers) == ("unknown", ())
    with pytest.raises(ParameterUnknown):
        dossier(kind=kind, day=DAY)


def test_a_kind_that_asks_for_no_papers():
    assert dossier(kind="commendation", day=DAY) is None
    with pytest.raises(KeyError):
        check_dossier(kind="commendation", held={}, day=DAY)


@pytest.mark.parametrize(
    ("day", "confidence"),
    [(date(2025, 7, 1), "one source"), (date(2026, 7, 31), "one source"), (date(2026, 8, 1), "unconfirmed")],
)
def test_the_law_of_the_day(day, confidence):
    assert dossier(kind="appointment", day=day).confidence == confidence
    assert check_dossier(kind="appointment", held={}, day=date(2025, 6, 30)).finding.outcome == "unknown"


def test_a_paper_of_another_dossier_is_refused():
    with pytest.raises(ValueError, match="minutes"):
        check_dossier(kind="rotation", held={"minutes": FRESH}, day=DAY)


@pytest.mark.parametrize(
    "row", [{"key": "a"}, {"key": "a", "label": "b", "x": 1}, {"key": "a", "label": "b", "record": "x"}, "a"], ids=str
)
def test_a_paper_is_read_strictly(row):
    with pytest.raises(ParameterError):
        _read_paper(row, "tệp")


def test_the_age_of_a_paper_is_a_row_of_the_ages():
    with pytest.raises(ParameterError, match="age"):
        _read_paper({"key": "a", "label": "b", "age": "c"}, "tệp")
