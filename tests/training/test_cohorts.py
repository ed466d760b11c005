"""The best list under all quotas: proven against every list, explained, and the nearest one where quotas conflict."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from personnel.management.acting import Stop
from training.statistics.cohorts.candidates import Candidate, Course, Quotas
from training.statistics.cohorts.reading import UnreadableCandidates, read_candidates
from training.statistics.cohorts.solving import choose, choose_many


def _person(key: str, priority: float, **values: Any) -> Candidate:
    return Candidate(**{"id": key, "unit": "A", "is_woman": False, "priority": priority, **values})


def _holds(chosen: tuple[Candidate, ...], everybody: list[Candidate], quotas: Quotas) -> bool:
    units = [one.unit for one in chosen]
    return (
        len(chosen) <= quotas.capacity
        and sum(one.is_woman for one in chosen) >= quotas.min_women
        and sum(one.is_minority for one in chosen) >= quotas.min_minority
        and sum(one.is_young for one in chosen) >= quotas.min_young
        and (quotas.max_per_unit is None or all(units.count(unit) <= quotas.max_per_unit for unit in units))
        and all(units.count(one.unit) >= quotas.min_per_unit for one in everybody)
        and all(one in chosen for one in everybody if one.is_pinned)
        and not any(one.is_excluded for one in chosen)
    )


people = st.lists(
    st.builds(
        _person,
        st.just(""),
        st.integers(0, 20),
        unit=st.sampled_from("ABC"),
        is_woman=st.booleans(),
        is_minority=st.booleans(),
        is_young=st.booleans(),
        is_pinned=st.sampled_from([False, False, False, True]),
        is_excluded=st.sampled_from([False, False, False, True]),
    ),
    min_size=1,
    max_size=8,
)
quotas_of = st.builds(
    Quotas,
    capacity=st.integers(0, 6),
    min_women=st.integers(0, 3),
    min_minority=st.integers(0, 2),
    min_young=st.integers(0, 2),
    max_per_unit=st.one_of(st.none(), st.integers(0, 3)),
    min_per_unit=st.integers(0, 1),
)


@settings(max_examples=250, deadline=None)
@given(people, quotas_of)
def test_no_list_is_better_and_a_conflict_is_told_exactly_when_there_is_one(listed: Any, quotas: Quotas) -> None:
    everybody = [
        Candidate(**{**{name: getattr(one, name) for name in one.__slots__}, "id": f"{place:02d}"})
        for place, one in enumerate(listed)
    ]
    lists = itertools.chain.from_iterable(itertools.combinations(everybody, size) for size in range(len(everybody) + 1))
    best = max((sum(one.priority for one in some) for some in lists if _holds(some, everybody, quotas)), default=None)
    found = choose(everybody, quotas)
    chosen = tuple(one for one in everybody if one.id in found.picked)
    if best is None:
        assert found.status == "infeasible"
        assert found.conflicts
        assert all(conflict.message for conflict in found.conflicts)
    else:
        assert found.status in ("optimal", "empty")
        assert found.objective == pytest.approx(best)
        assert _holds(chosen, everybody, quotas)
        assert not found.conflicts
    assert set(found.reasons) == {one.id for one in everybody}


def test_sentences_say_why() -> None:
    listed = [
        _person("a", 90),
        _person("b", 80),
        _person("c", 70),
        _person("d", 10, unit="B", is_woman=True),
        _person("e", 99, is_excluded=True),
        _person("f", 1, is_pinned=True, unit="C"),
    ]
    found = choose(listed, Quotas(capacity=3, min_women=1, max_per_unit=2))
    assert set(found.picked) == {"a", "d", "f"}
    assert found.reasons["a"] == "Được chọn vì điểm ưu tiên 90, đứng thứ 1 trong 5 người có nhu cầu."
    assert found.reasons["b"] == "Không chọn vì chỗ còn lại dành cho số nữ tối thiểu; điểm ưu tiên 80."
    assert found.reasons["d"] == "Được chọn để đạt số nữ tối thiểu; điểm ưu tiên 10."
    assert found.reasons["e"] == "Không chọn vì đã loại khỏi danh sách."
    assert found.reasons["f"] == "Được chọn vì đã ấn định."
    full = choose(listed, Quotas(capacity=4, max_per_unit=1))
    assert full.reasons["b"] == "Không chọn vì đơn vị A đã đủ 1 người."


def test_a_conflict_names_the_quotas_that_cannot_hold_together_and_the_nearest_list_is_offered() -> None:
    listed = [_person(str(place), place, is_woman=place < 2) for place in range(6)]
    found = choose(listed, Quotas(capacity=3, min_women=3))
    assert (found.status, len(found.picked)) == ("infeasible", 3)
    (conflict,) = found.conflicts
    assert (conflict.quotas, conflict.missing) == (("min_women",), 1)
    assert "không đủ người" in conflict.message
    tight = choose(listed, Quotas(capacity=3, min_women=2, max_per_unit=1))
    assert tight.status == "infeasible"
    assert {"min_women", "max_per_unit"} == {quota for one in tight.conflicts for quota in one.quotas}
    pinned = [_person(str(place), 5, is_pinned=True) for place in range(3)]
    over = choose(pinned, Quotas(capacity=2))
    assert {"pinned", "capacity"} == {quota for one in over.conflicts for quota in one.quotas}


def test_nobody_goes_to_two_classes_and_both_are_filled_together() -> None:
    listed = [_person("a", 10), _person("b", 9), _person("c", 8)]
    courses = [
        Course("x", Quotas(capacity=1), {"a": 10, "b": 9}),
        Course("y", Quotas(capacity=1), {"a": 10, "c": 1}),
    ]
    found = choose_many(listed, courses)
    assert (found["x"].picked, found["y"].picked) == (("b",), ("a",))


def test_the_command_prints_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nguoi.csv"
    path.write_text("id,unit,sex,priority,minority,young\n1,A,male,3,0,1\n2,B,female,2.5,1,0\n3,A,male,1,0,0\n")
    call_command("cohort", candidates=str(path), capacity=2, min_women=1)
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"status", "objective", "picked", "reasons", "conflicts"}
    assert (told["status"], told["objective"], told["picked"]) == ("optimal", 5.5, ["1", "2"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("id,unit,sex\n1,A,male\n", "Thiếu cột: priority"),
        ("id,unit,sex,priority\n1,A,nam,3\n", "Dòng 2: sex là «nam»"),
        ("id,unit,sex,priority\n1,A,male,nhiều\n", "Dòng 2: priority"),
        ("id,unit,sex,priority\n1,A,male,nan\n", "Dòng 2: priority"),
        ("id,unit,sex,priority\n1,A,male,1\n1,A,male,2\n", "Dòng 3: mã «1» đã có ở dòng 2"),
        ("id,unit,sex,priority,young\n1,A,male,1,x\n", "Dòng 2: young"),
        ("id,unit,sex,priority\n,A,male,1\n", "Dòng 2: thiếu id"),
    ],
)
def test_bad_files_are_told_by_line(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content)
    with pytest.raises(UnreadableCandidates, match=sentence):
        read_candidates(path)
    with pytest.raises((CommandError, Stop)):
        call_command("cohort", candidates=str(path), capacity=1)


def test_a_missing_or_binary_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCandidates, match="Không đọc được"):
        read_candidates(tmp_path / "khong-co.csv")
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(UnreadableCandidates, match="UTF-8"):
        read_candidates(tmp_path / "b.csv")


def test_no_list_has_more_people_than_seats() -> None:
    people = [_person(f"p{number}", number, unit=f"u{number}", is_pinned=number < 3) for number in range(8)]
    for quotas in (Quotas(capacity=2), Quotas(capacity=3, min_per_unit=1), Quotas(capacity=4, min_women=5)):
        found = choose(people, quotas)
        assert found.status == "infeasible"
        assert len(found.picked) <= quotas.capacity


def test_people_alike_are_taken_in_the_order_of_the_list_and_told_so() -> None:
    people = [_person(f"p{number}", 10.0) for number in range(6)]
    found = choose(people, Quotas(capacity=2, min_women=1))
    assert len(found.picked) <= 2
    found = choose(people, Quotas(capacity=2))
    assert sorted(found.picked) == ["p0", "p1"]
    assert found.reasons["p1"].startswith("Được chọn vì điểm ưu tiên 10")
    assert "bằng người cuối được chọn" in found.reasons["p2"]
