"""The sheet of ratings from the command line: rows, faults, caps, and what it leaves behind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from appraisal.models import Rating, RatingCycle
from appraisal.services.batches import undo_ratings
from appraisal.services.cycles import set_state
from appraisal.services.entering import enter_rating
from appraisal.services.submitting import submit_unit
from hrdb.kernel.models import AuditEvent, User
from personnel.models import Cadre, ImportBatch, Unit
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from personnel.services.errors import ServiceRefusal
from tests.appraisal.making import head_title, join_party, make_cycle, rate_own, rating_levels, staff
from tests.factories.personnel import make_cadre, make_unit, make_user
from tests.factories.workbooks import rows_of, workbook

pytestmark = pytest.mark.django_db

HEADS = ("STT", "Họ và tên", "Số CCCD", "Điểm", "Mức xếp loại", "Ghi chú")


@dataclass
class Office:
    """A unit with its officer and people, in an open cycle."""

    cycle: RatingCycle
    unit: Unit
    officer: User
    people: list[Cadre]


@pytest.fixture
def office() -> Office:
    """Ten people of a department, in the cycle of 2026."""
    load_default_delegations()
    rating_levels()
    unit = make_unit("SNV", name="Sở Nội vụ", parent=make_unit("UBND", name="UBND tỉnh"))
    return Office(make_cycle(), unit, make_user(Role.UNIT_OFFICER, unit=unit), staff(unit, 10))


def line(place: int, cadre: Cadre, score: Any, level: Any, note: str = "") -> tuple[Any, ...]:
    """A row for a person."""
    return place, cadre.full_name, cadre.personal_number, score, level, note


def run(office: Office, folder: Path, rows: list[tuple[Any, ...]], *arguments: str, **sheet: Any) -> tuple[int, Any]:
    """Run the command as the officer; answers its exit code and its report."""
    path, report = folder / "xep-loai.xlsx", folder / "report.json"
    path.write_bytes(workbook(rows, **sheet))
    report.unlink(missing_ok=True)
    given = ["--cycle", office.cycle.code, "--as", office.officer.username, "--report", str(report), *arguments]
    try:
        call_command("import_ratings", str(path), *given)
        code = 0
    except SystemExit as end:
        code = int(str(end.code))
    return code, json.loads(report.read_text()) if report.exists() else None


def test_a_sheet_is_written_once_and_a_second_time_nothing_has_to_be(office: Office, tmp_path: Path) -> None:
    mai, pao, tam = office.people[:3]
    rows = [
        ("UBND TỈNH", "", "", "", "", ""),
        ("BẢNG XẾP LOẠI NĂM 2026", "", "", "", "", ""),
        HEADS,
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"),
        line(1, mai, 91.5, "HTXSNV"),
        line(2, pao, "85,25", "Hoàn thành tốt nhiệm vụ", "có sáng kiến"),
        line(3, tam, 70, "02"),
        ("", "Tổng cộng: 3 người", "", "", "", ""),
        ("", "", "", "", "GIÁM ĐỐC", ""),
    ]
    code, report = run(office, tmp_path, rows)
    assert (code, report["rows"], report["created"], report["committed"]) == (0, 3, 3, False)
    assert not Rating.objects.exists()
    code, report = run(office, tmp_path, rows, "--commit")
    assert (code, report["created"], report["committed"]) == (0, 3, True)
    found = {row.cadre_id: (row.score, row.level, row.note) for row in Rating.objects.all()}
    assert found == {
        mai.pk: (Decimal("91.5"), "excellent", ""),
        pao.pk: (Decimal("85.25"), "good", "có sáng kiến"),
        tam.pk: (Decimal(70), "good", ""),
    }
    events = AuditEvent.objects.count()
    code, report = run(office, tmp_path, rows, "--commit")
    assert (code, report["same"], report["committed"], AuditEvent.objects.count()) == (0, 3, True, events)
    assert ImportBatch.objects.count() == 1


def test_every_fault_has_its_place_and_nothing_is_written(office: Office, tmp_path: Path) -> None:
    one, two, three, four, five = office.people[:5]
    elsewhere, guest = make_cadre(), make_cadre(unit=office.unit, category="contract_111")
    head = make_cadre(unit=office.unit, title=head_title())
    own = make_cadre(unit=office.unit, account=office.officer)
    rows = [
        HEADS,
        line(1, one, 80, "Giỏi"),
        line(2, two, 101, "HTTNV"),
        line(3, three, 65, "HTTNV"),
        line(4, four, 80, "HTTNV"),
        line(5, four, 81, "HTTNV"),
        (6, "Người Khác", five.personal_number, 80, "HTTNV", ""),
        (7, "Ai đó", elsewhere.personal_number, 80, "HTTNV", ""),
        (8, "Ai đó", "010085999999", 80, "HTTNV", ""),
        line(9, guest, 80, "HTTNV"),
        line(10, head, 80, "HTTNV"),
        line(11, own, 80, "HTTNV"),
        (12, "Thiếu số", "", 80, "HTTNV", ""),
        (13, "Sai số", "12345", 80, "HTTNV", ""),
    ]
    code, report = run(office, tmp_path, rows, "--commit")
    told = [(fault["row"], fault["column"], fault["code"]) for fault in report["errors"]]
    assert told == [
        (2, "E", "unknown-level"),
        (3, "D", "bad-score"),
        (4, "E", "level-score-mismatch"),
        (6, "C", "duplicate-in-file"),
        (7, "B", "name-mismatch"),
        (8, "C", "unknown-person"),
        (9, "C", "unknown-person"),
        (10, "C", "not-rated"),
        (11, "C", "managed-above"),
        (12, "C", "own-rating"),
        (13, "C", "missing-personal-number"),
        (14, "C", "bad-personal-number"),
    ]
    neutral = {fault["message"] for fault in report["errors"] if fault["code"] == "unknown-person"}
    assert len(neutral) == 1
    assert (code, report["committed"], report["rejected"]) == (1, False, 12)
    assert not Rating.objects.exists()
    assert not ImportBatch.objects.exists()


def test_caps_are_told_by_group_and_do_not_stop_entering(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [HEADS, *(line(place, cadre, 95, "HTXSNV") for place, cadre in enumerate(office.people[:3]))]
    rows += [line(place, cadre, 80, "HTTNV") for place, cadre in enumerate(office.people[3:8])]
    for arguments in ((), ("--commit",)):
        code, report = run(office, tmp_path, rows, *arguments)
        (group,) = report["groups"]
        assert {
            name: group[name] for name in ("key", "unit", "people", "excellent", "good", "allowed", "too_many")
        } == {
            "key": "specialist:SNV:civil_servant",
            "unit": "SNV",
            "people": 8,
            "excellent": 3,
            "good": 5,
            "allowed": 1,
            "too_many": 2,
        }
        assert "335/2025/NĐ-CP" in group["citation"]
        assert (code, report["caps_exceeded"], report["errors"]) == (0, 1, [])
        assert report["units"] == [{"unit": "SNV", "name": "Sở Nội vụ", "people": 10, "done": 8, "missing": 2}]
        assert "vượt 2 người" in capsys.readouterr().out
    assert Rating.objects.count() == 8
    with pytest.raises(ServiceRefusal, match="vượt 2 người xuất sắc"):
        submit_unit(cycle=office.cycle, unit=office.unit, acting_user=office.officer)


def test_columns_in_groups_and_parts_that_make_the_score(office: Office, tmp_path: Path) -> None:
    one, two = office.people[:2]
    join_party(one)
    rows = [
        ("TT", "Số định danh cá nhân", "Điểm", "", "", "", "Xếp loại", "", "Ý kiến của tập thể"),
        ("", "", "Tự chấm", "Tiêu chí chung (30)", "Kết quả (70)", "Tổng điểm", "Công chức", "Đảng viên", ""),
        (1, one.personal_number, 95, 28, 60, 88, "", "HTT", "nhất trí"),
        (2, two.personal_number, 90, 25.5, 60, "", "HTTNV", "", ""),
    ]
    code, report = run(office, tmp_path, rows, "--commit")
    assert (code, report["errors"]) == (0, [])
    first, second = Rating.objects.get(cadre=one), Rating.objects.get(cadre=two)
    assert (first.self_score, first.score, first.level, first.party_level) == (95, 88, "good", "good")
    assert first.collective_opinion == "nhất trí"
    assert (second.score, second.level) == (Decimal("85.5"), "good")
    rows[2] = (1, one.personal_number, 95, 31, 60, 88, "", "HTT", "nhất trí")
    _, report = run(office, tmp_path, rows)
    assert [fault["code"] for fault in report["errors"]] == ["score-sum-mismatch", "bad-score"]


def test_the_unit_is_told_by_column_section_or_sheet(office: Office, tmp_path: Path) -> None:
    other = make_unit("STC", name="Sở Tài chính", parent=Unit.objects.get(code="UBND"))
    cadre, moved = office.people[0], make_cadre(unit=other)
    province = make_user(Role.PROVINCE_OFFICER)
    both = Office(office.cycle, office.unit, province, office.people)
    heads = ("Số CCCD", "Đơn vị", "Mức xếp loại", "Điểm")
    code, report = run(both, tmp_path, [heads, (cadre.personal_number, "Sở Tài chính", "HTTNV", 80)])
    assert [(fault["column"], fault["code"]) for fault in report["errors"]] == [("B", "wrong-unit")]
    assert "Sở Nội vụ" in report["errors"][0]["message"]
    _, report = run(both, tmp_path, [heads, (cadre.personal_number, "Sở Không Có", "HTTNV", 80)])
    assert [fault["code"] for fault in report["errors"]] == ["unknown-unit"]
    sections = [
        HEADS,
        ("I", "Sở Nội vụ", "", "", "", ""),
        line(1, cadre, 80, "HTTNV"),
        ("II", "Sở Tài chính", "", "", "", ""),
        line(1, moved, 80, "HTTNV"),
    ]
    assert run(both, tmp_path, sections)[1]["errors"] == []
    _, report = run(both, tmp_path, [HEADS, line(1, cadre, 80, "HTTNV")], sheet="Sở Tài chính")
    assert [fault["code"] for fault in report["errors"]] == ["wrong-unit"]
    assert code == 1


def test_who_is_not_rated_needs_a_reason(office: Office, tmp_path: Path) -> None:
    one, two, three = office.people[:3]
    rows = [
        HEADS,
        line(1, one, "", "Không xếp loại", "nghỉ thai sản từ tháng 3"),
        line(2, two, "", "Không xếp loại (công tác chưa đủ 6 tháng)"),
        line(3, three, "", "Không xếp loại", "xem lại"),
    ]
    code, report = run(office, tmp_path, rows)
    assert [(fault["row"], fault["code"]) for fault in report["errors"]] == [(4, "missing-reason")]
    assert code == 1
    assert run(office, tmp_path, rows[:3], "--commit")[0] == 0
    assert {row.cadre_id: row.exclusion for row in Rating.objects.all()} == {one.pk: "leave", two.pk: "short"}


def test_who_has_no_number_on_record_is_known_by_the_only_name_in_the_unit(office: Office, tmp_path: Path) -> None:
    alone = make_cadre(unit=office.unit, name="Sùng A Pháo", personal_number=None)
    for _ in range(2):
        make_cadre(unit=office.unit, name="Hà Thị Mai", personal_number=None)
    rows = [
        HEADS,
        (1, "Sùng A Pháo", "", 80, "HTTNV", ""),
        (2, "Hà Thị Mai", "", 80, "HTTNV", ""),
        (3, office.people[0].full_name, "", 80, "HTTNV", ""),
        (4, "Sùng A Pháo", "", 81, "HTTNV", ""),
    ]
    _, report = run(office, tmp_path, rows)
    assert [(fault["row"], fault["code"]) for fault in report["errors"]] == [
        (3, "ambiguous"),
        (4, "missing-personal-number"),
        (5, "duplicate-in-file"),
    ]
    assert run(office, tmp_path, rows[:2], "--commit")[0] == 0
    assert Rating.objects.get().cadre == alone


def test_the_sheet_that_is_downloaded_changes_nothing_when_it_comes_back(office: Office, tmp_path: Path) -> None:
    make_cadre(unit=office.unit, name="Sùng A Pháo", personal_number=None)
    first, second = office.people[:2]
    join_party(first)
    head = make_cadre(unit=office.unit, title=head_title())  # rated above: not on the sheet
    args: dict[str, Any] = {"cycle": office.cycle, "version": 0, "acting_user": office.officer}
    enter_rating(cadre=first, values={"score": Decimal("80.25"), "note": "x", "party_level": "good"}, **args)
    enter_rating(cadre=second, values={"exclusion": "leave"}, **args)
    client = Client()
    client.force_login(office.officer)
    content = client.get(reverse("appraisal:unit-template", args=[office.cycle.code, "SNV"])).content
    path, report = tmp_path / "xep-loai.xlsx", tmp_path / "report.json"
    path.write_bytes(content)
    assert head.full_name not in str(rows_of(content))
    sheet = ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count('<dataValidation type="list"') == 4
    given = ["--cycle", office.cycle.code, "--as", office.officer.username, "--report", str(report)]
    call_command("import_ratings", str(path), *given)
    told = json.loads(report.read_text())
    assert (told["rows"], told["created"], told["changed"], told["errors"]) == (10, 0, 0, [])


def test_what_was_submitted_or_closed_stays(office: Office, tmp_path: Path) -> None:
    for cadre in office.people:
        values = {"level": "good", "score": Decimal(80)}
        enter_rating(cycle=office.cycle, cadre=cadre, values=values, version=0, acting_user=office.officer)
    rate_own(office.cycle, office.unit)
    submit_unit(cycle=office.cycle, unit=office.unit, acting_user=office.officer)
    same, other = line(1, office.people[0], 80, "HTTNV"), line(2, office.people[1], 75, "HTTNV")
    assert run(office, tmp_path, [HEADS, same], "--commit")[0] == 0
    code, report = run(office, tmp_path, [HEADS, same, other], "--commit")
    assert (code, [fault["code"] for fault in report["errors"]]) == (1, ["frozen"])
    set_state(cycle=office.cycle, state="closed", acting_user=None, reason="hết hạn")  # type: ignore[arg-type]
    code, report = run(office, tmp_path, [HEADS, other])
    assert (code, [fault["code"] for fault in report["errors"]]) == (
        1,
        [
            "frozen",
        ],
    )


def test_a_batch_is_undone_as_long_as_nothing_was_submitted(office: Office, tmp_path: Path) -> None:
    values = {"level": "good", "score": Decimal(80)}
    first = office.people[0]
    enter_rating(cycle=office.cycle, cadre=first, values=values, version=0, acting_user=office.officer)
    rows = [HEADS, *(line(place, cadre, 70, "HTTNV") for place, cadre in enumerate(office.people))]
    run(office, tmp_path, rows, "--commit")
    batch = ImportBatch.objects.get()
    rate_own(office.cycle, office.unit)
    submit_unit(cycle=office.cycle, unit=office.unit, acting_user=office.officer)
    with pytest.raises(ServiceRefusal, match="đã trình"):
        undo_ratings(batch=batch, acting_user=office.officer, reason="nhầm tệp")
    office.unit.rating_submissions.update(state="returned")
    undo_ratings(batch=batch, acting_user=office.officer, reason="nhầm tệp")
    assert [(row.cadre_id, row.score) for row in Rating.objects.all()] == [(first.pk, 80)]


def test_an_unknown_cycle_or_a_file_without_ratings_ends_with_two(office: Office, tmp_path: Path) -> None:
    assert run(office, tmp_path, [("Họ và tên", "Ngày sinh"), ("A", "01/01/1980")])[0] == 2
    assert run(office, tmp_path, [HEADS], "--cycle", "khong-co")[0] == 2
    inspector = Office(office.cycle, office.unit, make_user(Role.INSPECTOR, unit=office.unit), office.people)
    assert run(inspector, tmp_path, [HEADS, line(1, office.people[0], 80, "HTTNV")])[0] == 2


def test_the_heads_of_units_outside_are_not_counted_for_who_does_not_see_them(office: Office, tmp_path: Path) -> None:
    title, above = head_title(), Unit.objects.get(code="UBND")
    for score in (95, 80):
        head = make_cadre(unit=make_unit(parent=above), title=title)
        values = {"score": Decimal(score)}
        enter_rating(cycle=office.cycle, cadre=head, values=values, version=0, acting_user=None)
    _, report = run(office, tmp_path, [HEADS, line(1, office.people[0], 80, "HTTNV")])
    assert [group["key"] for group in report["groups"]] == ["specialist:SNV:civil_servant"]


def test_many_rows_cost_as_many_queries_as_few(
    office: Office, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    for some in (office.people[:2], office.people):
        rows = [HEADS, *(line(place, cadre, 80, "HTTNV") for place, cadre in enumerate(some))]
        with django_assert_max_num_queries(77):
            assert run(office, tmp_path, rows)[0] == 0


def test_a_year_is_opened_by_its_number_and_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("open_cycle", "2027")
    assert (
        capsys.readouterr().out == "Đã mở kỳ Đánh giá, xếp loại năm 2027 (mã 2027), phải xong trước ngày 15/12/2027.\n"
    )
    for wrong in (["2027"], ["2027-Q1", "--kind", "quarter"], ["2028", "--as", make_user(Role.UNIT_OFFICER).username]):
        with pytest.raises(SystemExit) as end:
            call_command("open_cycle", *wrong)
        assert end.value.code == 2
    call_command("open_cycle", "2027-Q1", "--kind", "quarter", "--from", "2027-01-01", "--to", "2027-03-31")
    assert RatingCycle.objects.get(code="2027-Q1").due_on is None
