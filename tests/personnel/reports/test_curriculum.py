"""Printing one record: pages, marks, stubs, what the log keeps, the command."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent
from personnel.choices import AssignmentKind, Classification
from personnel.management.commands.print_cv import Command
from personnel.models import Assignment, Cadre, Unit
from personnel.policies import Role
from personnel.reports.curriculum import curriculum_html, curriculum_name, curriculum_pdf, forms, print_curriculum
from personnel.reports.snapshot import record_snapshot
from tests.factories.personnel import make_unit, make_user
from tests.personnel.reports.reading import pages_of, squeezed, text_of, text_of_html
from tests.personnel.reports.records import DAY, bare_record, full_record, save

D = datetime.date
NOT_FOUND = "Không tìm thấy hồ sơ nào với số này trong phạm vi của bạn."


def test_sixty_posts_flow_over_pages_under_repeated_heads(units: dict[str, Unit]) -> None:
    cadre = full_record(units, name="Công Tằng Tôn Nữ Thị Hồng Ngọc Phương Thảo Nguyễn Đặng Trần Lê Hoàng")
    with writing(acting_user=None, reason="thử"):
        for number in range(60):
            start = D(2016, 1, 1) + datetime.timedelta(days=30 * number)
            title = f"Thành viên Ban chỉ đạo số {number:02d} về chuyển đổi số và cải cách hành chính"
            period = {"effective_from": start, "effective_until": start + datetime.timedelta(days=60)}
            save(Assignment, cadre, kind=AssignmentKind.CONCURRENT, unit=units["school"], title_text=title, **period)
    pages = pages_of(curriculum_pdf(record_snapshot(cadre, DAY, user=None), forms["unified"]))
    head = squeezed("Đơn vị công tác (đảng, chính quyền, đoàn thể, tổ chức xã hội)")
    carrying = [page for page in map(squeezed, pages) if "Thành viên Ban chỉ đạo".replace(" ", "") in page]
    assert len(carrying) >= 4
    assert all(page.count(head) == 1 for page in carrying)
    text = squeezed("".join(pages))
    assert [text.count(f"BanchỉđạoSố{n:02d}") + text.count(f"Banchỉđạosố{n:02d}") for n in range(60)] == [1] * 60
    for number, page in enumerate(pages, 1):
        assert f"Trang {number}/{len(pages)}" in page
    assert squeezed(cadre.full_name.upper()) in text


def test_text_that_looks_like_markup_stays_text(units: dict[str, Unit]) -> None:
    cadre = bare_record(units["school"], other_name="<img src=http://127.0.0.1:9/a.png><b>Ẩn</b>")
    text = text_of_html(curriculum_html(record_snapshot(cadre, DAY, user=None), forms["unified"]))
    assert "<imgsrc=http://127.0.0.1:9/a.png><b>Ẩn</b>" in text


def test_decomposed_letters_are_composed_on_paper(units: dict[str, Unit]) -> None:
    cadre = bare_record(units["school"], home_town="Xa\u0303 Hu\u031b\u0309u Lu\u0303ng")
    assert "Xã Hửu Lũng" in curriculum_html(record_snapshot(cadre, DAY, user=None), forms["unified"])


def test_secret_record_carries_its_mark(full: Cadre) -> None:
    with writing(acting_user=None, reason="thử"):
        full.classification = Classification.SECRET
        full.save()
    text = text_of_html(curriculum_html(record_snapshot(full, DAY, user=None), forms["unified"]))
    assert text.index("MẬT") < text.index("CơquanquảnlýCBCCVC")
    assert "NGUYỄNTHỊHỒNGNHƯỠNG" in text


def test_stub_is_one_page_that_points_to_the_paper(full: Cadre) -> None:
    with writing(acting_user=None, reason="thử"):
        full.classification, full.paper_pointer = Classification.TOP_SECRET, "Tủ 3, ngăn 2"
        full.save()
    pages = pages_of(curriculum_pdf(record_snapshot(full, DAY, user=None), forms["unified"]))
    assert len(pages) == 1
    text = squeezed(pages[0])
    for words in ("TUYỆTMẬT", "PHIẾUCHỈDẪNHỒSƠ", "Nơilưuhồsơgiấy:Tủ3,ngăn2", "NGUYỄNTHỊHỒNGNHƯỠNG"):
        assert words in text
    for words in ("Quêquán", "Trưởngphòng", full.personal_number):
        assert words not in text


def test_print_is_logged_on_the_person(units: dict[str, Unit]) -> None:
    officer, person = make_user(Role.UNIT_OFFICER, unit=units["department"]), bare_record(units["school"])
    _, content = print_curriculum(person, form=forms["2c2008"], day=DAY, acting_user=officer)
    assert content.startswith(b"%PDF")
    event = AuditEvent.objects.get(action=AuditEvent.Action.PRINT)
    assert (event.subject_type, event.subject_id, event.user) == ("personnel.cadre", person.pk, officer)
    assert event.details == {"what": "In sơ yếu lý lịch: Mẫu 2C-BNV/2008", "day": "2026-06-30"}


def test_file_name_is_plain(full: Cadre) -> None:
    record = record_snapshot(full, DAY, user=None)
    assert curriculum_name(record, forms["unified"]) == "So yeu ly lich - Nguyen Thi Hong Nhuong - 2026-06-30.pdf"


# The command ----------------------------------------------------------------------------------------------------------


def print_cv(*arguments: str) -> None:
    """Call the command from code."""
    call_command("print_cv", *arguments, stdout=io.StringIO(), stderr=io.StringIO())


def test_command_writes_the_file_and_logs_the_operator(full: Cadre, tmp_path: Path) -> None:
    target = tmp_path / "cv.pdf"
    print_cv(str(full.personal_number), "--form", "2c2008", "--day", "2026-06-30", "--out", str(target))
    assert "NGUYỄNTHỊHỒNGNHƯỠNG" in text_of(target.read_bytes())
    event = AuditEvent.objects.get(action=AuditEvent.Action.PRINT)
    assert (event.user, event.subject_id) == (None, full.pk)


def test_command_tells_unknown_and_out_of_scope_alike(full: Cadre, tmp_path: Path) -> None:
    stranger = make_user(Role.UNIT_OFFICER, unit=make_unit("NOI-KHAC"))
    sentences = []
    for number in (str(full.personal_number), "999999999999"):
        with pytest.raises(CommandError) as refused:
            print_cv(number, "--out", str(tmp_path / "cv.pdf"), "--as", stranger.username)
        sentences.append((str(refused.value), refused.value.returncode))
    assert sentences == [(NOT_FOUND, 2)] * 2
    assert not (tmp_path / "cv.pdf").exists()
    assert not AuditEvent.objects.filter(action=AuditEvent.Action.PRINT).exists()


def test_masked_number_finds_nobody(full: Cadre, units: dict[str, Unit], tmp_path: Path) -> None:
    approver = make_user(Role.APPROVER, unit=units["department"])
    with pytest.raises(CommandError, match="Không tìm thấy"):
        print_cv(str(full.personal_number), "--out", str(tmp_path / "a.pdf"), "--as", approver.username)
    print_cv("CBCC-0042", "--form", "2c2008", "--out", str(tmp_path / "b.pdf"), "--as", approver.username)
    text = text_of((tmp_path / "b.pdf").read_bytes())
    assert str(full.personal_number) not in text
    assert text.count("(khôngcóquyềnxem)") == 9


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--form", "khac", "--out", "x.pdf"], "Cách dùng"),
        (["--form", "unified"], "Cách dùng"),
        (["--day", "2026-13-01", "--out", "x.pdf"], "không có trong lịch"),
        (["--day", "2026", "--out", "x.pdf"], "chưa đủ ngày"),
        (["--out", "x.pdf", "--as", "khong-ai"], "Không có tài khoản"),
    ],
)
def test_command_refuses_in_a_sentence(full: Cadre, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        print_cv(str(full.personal_number), *arguments)
    assert refused.value.returncode == 2


def test_command_that_cannot_write_says_so(units: dict[str, Unit]) -> None:
    bare_record(units["school"], officer_code="GV-7")
    with pytest.raises(CommandError, match="Không ghi được tệp") as refused:
        print_cv("GV-7", "--form", "2c2008", "--out", "/khong/co/thu/muc.pdf")
    assert refused.value.returncode == 2


def test_command_line_ends_with_two_and_one_sentence(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "print_cv"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("Cách dùng: print_cv")
