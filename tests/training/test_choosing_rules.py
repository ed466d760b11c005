"""Points and bars: sums that explain themselves, need that tells no plan when folded, what the law bars."""

from __future__ import annotations

import datetime
import itertools

import pytest

from personnel.rules.discipline import PastDiscipline
from training.rules.barring import Served, bars_of
from training.rules.priority import SOURCE_LABELS, Case, Priority, points_of, weights_on

D = datetime.date
DAY, OPENS, ENDS = D(2026, 11, 24), D(2027, 1, 4), D(2027, 3, 31)


def _points(*sources: str, **values: D | None) -> Priority:
    return points_of(Case(frozenset(sources), **values), day=DAY, opens_on=OPENS, ends_on=ENDS)  # type: ignore[arg-type]


def test_points_are_a_sum_in_words() -> None:
    found = _points("rank", since=D(2024, 1, 1), due_on=D(2027, 12, 1), retires_from=D(2035, 1, 1))
    assert found.total == 30 + 10 + 12 + 8
    assert found.text == (
        "Nhu cầu 30 (tiêu chuẩn ngạch, chức danh nghề nghiệp) + Thời hạn 10 (phải có trước 01/12/2027)"
        " + Số năm chờ 12 (3 năm, từ 01/01/2024) + Số năm còn công tác 8 (còn 7 năm)"
    )
    assert _points("post", "office").total == 40
    assert _points("post", "planned").text == (
        "Nhu cầu 40 (tiêu chuẩn chức vụ đang giữ) + Quy hoạch 10 (tiêu chuẩn chức danh quy hoạch, nhu cầu tối đa 50)"
    )
    assert _points().total == 0


@pytest.mark.parametrize(
    ("due_on", "points"),
    [(D(2026, 1, 1), 10), (D(2028, 1, 3), 10), (D(2028, 1, 4), 5), (D(2029, 1, 3), 5), (D(2029, 1, 4), 0), (None, 0)],
)
def test_the_nearer_the_day_the_more_points(due_on: D | None, points: int) -> None:
    assert _points("post", due_on=due_on).total == 40 + points


def test_waiting_counts_whole_years_up_to_a_most() -> None:
    assert _points("office", since=D(2025, 1, 5)).total == 10 + 4
    assert _points("office", since=D(2025, 1, 4)).total == 10 + 8
    assert _points("office", since=D(1999, 1, 1)).total == 10 + 20
    assert _points("office", since=D(2027, 5, 1)).total == 10


def test_a_folded_need_says_nothing_of_a_plan() -> None:
    """Every figure that occurs with a plan occurs without one too, so a reader of folded points learns nothing."""
    figures: dict[bool, set[int]] = {True: set(), False: set()}
    dues = (None, D(2027, 6, 1), D(2028, 6, 1))
    for size in range(1, len(SOURCE_LABELS) + 1):
        for sources in itertools.combinations(SOURCE_LABELS, size):
            for due_on in dues:
                folded = _points(*sources, due_on=due_on).folded()
                assert "quy hoạch" not in folded.text.lower()
                assert len(folded.parts) == 1
                figures["planned" in sources].add(folded.total)
    assert figures[True] <= figures[False]


def test_every_weight_says_that_no_document_sets_it() -> None:
    for label, held in weights_on(DAY):
        assert label
        assert held.citation.text.startswith("Quy ước của tỉnh bản 1 (chưa có văn bản)")
        assert held.confidence == "unconfirmed"


def test_what_bars() -> None:
    def told(served: Served, day: D = DAY, ends_on: D = ENDS) -> list[str]:
        return [one.why for one in bars_of(served, day=day, ends_on=ends_on)]

    assert told(Served("working")) == []
    assert told(Served(None)) == ["absent"]
    assert told(Served("maternity", "Nghỉ thai sản")) == ["state"]
    assert told(Served("suspended")) == ["discipline"]
    assert told(Served("working", retires_from=D(2029, 3, 31))) == []
    assert told(Served("working", retires_from=D(2029, 3, 30))) == ["retiring"]
    assert told(Served("working", overlapping=("Lớp khác",))) == ["overlap"]
    (bar,) = bars_of(Served("suspended"), day=DAY, ends_on=ENDS)
    assert bar.citation == "Luật Cán bộ, công chức 80/2025/QH15 ngày 24/06/2025, Điều 38 khoản 2"
    assert bar.is_sensitive


def test_a_discipline_bars_only_under_the_law_that_said_so() -> None:
    """From 01/07/2020 to 30/06/2025 nobody disciplined was sent to training for a year; the law since is silent."""
    past = (PastDiscipline("warning", D(2026, 10, 1)),)
    assert bars_of(Served("working", disciplines=past), day=DAY, ends_on=ENDS) == []
