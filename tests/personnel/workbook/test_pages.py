"""The workbook on the web and from the command line: export, send, see, write with a reason, undo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from hrdb.kernel.history import history_model
from hrdb.kernel.models import Job
from hrdb.kernel.spreadsheets.reading import read_workbook
from personnel.choices import BatchState
from personnel.models import ImportBatch, Relative
from personnel.policies import Role
from personnel.services.batches import stored_path
from tests.factories.personnel import make_cadre, make_user
from tests.factories.record_workbooks import EditedBook
from tests.factories.workbooks import workbook
from tests.personnel.cadres.pages import signed_in
from tests.personnel.workbook.conftest import AWAY_NUMBER, NUMBER, Office, last_batch
from tests.personnel.workbook.test_lines import KIN, PEOPLE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_disk(tmp_path: Path) -> Iterator[None]:
    """Uploads and results lie in folders, as they do in service."""
    where = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    with override_settings(STORAGES=settings.STORAGES | {"default": where}, RESULTS_ROOT=tmp_path / "results"):
        yield


@pytest.fixture
def client(full: Office) -> Client:
    """The officer's browser."""
    return signed_in(full.officer)


def send(client: Client, book: EditedBook | bytes) -> ImportBatch:
    """Send a workbook through the page; answers its batch, which was compared at once."""
    content = book if isinstance(book, bytes) else book.content
    answer = client.post(reverse("personnel:workbook-upload"), {"file": SimpleUploadedFile("so.xlsx", content)})
    assert answer.status_code == 302, answer.content.decode()
    batch = last_batch()
    assert answer["Location"] == reverse("personnel:workbook-detail", args=[batch.pk])
    return batch


def page(client: Client, batch: ImportBatch, **query: str) -> str:
    """The batch's page."""
    answer = client.get(reverse("personnel:workbook-detail", args=[batch.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, name: str, batch: ImportBatch, **data: str) -> Any:
    """Post to a page of the batch; the batch is read again."""
    answer = client.post(reverse(f"personnel:workbook-{name}", args=[batch.pk]), data)
    batch.refresh_from_db()
    return answer


def test_from_sending_to_undoing(full: Office, client: Client) -> None:
    batch = send(client, full.book().put(KIN, 2, "Năm sinh", 1956))
    text = page(client, batch)
    for told in ("1 thay đổi", "Năm sinh", "1955", "1956", "đính chính", "Lý do đính chính"):
        assert told in text
    refused = act(client, "confirm", batch, reason="x")
    assert refused.status_code == 422
    assert "Lý do cần nói rõ hơn" in refused.content.decode()
    assert act(client, "confirm", batch, reason="theo giấy khai sinh").status_code == 302
    assert batch.state == BatchState.COMMITTED
    assert Relative.objects.get().birth_year == 1956
    reason = history_model(Relative)._default_manager.latest("history_id").history_change_reason
    assert reason == "Nhập sổ hồ sơ so.xlsx: theo giấy khai sinh"
    text = page(client, batch)
    assert "Đã ghi vào hồ sơ" in text
    assert reverse("personnel:workbook-undo", args=[batch.pk]) in text
    assert act(client, "confirm", batch, reason="lần nữa xem sao").status_code == 302
    assert act(client, "undo", batch, reason="nhập nhầm tệp").status_code == 302
    assert batch.state == BatchState.UNDONE
    assert Relative.objects.get().birth_year == 1955
    assert "Đã hoàn tác" in page(client, batch)


def test_a_file_with_faults_can_not_be_written(full: Office, client: Client) -> None:
    batch = send(client, full.book().put(KIN, 2, "Năm sinh", "không rõ").put(PEOPLE, 2, "Tên gọi khác", "Sín"))
    text = page(client, batch)
    assert "Cột G: " in text
    assert "Tệp còn 1 lỗi" in text
    assert "Ghi vào hồ sơ</button>" not in text
    assert act(client, "confirm", batch, reason="cứ ghi đi nhé").status_code == 302
    assert batch.state == BatchState.CHECKED
    assert "Sín" in page(client, batch, sheet=PEOPLE, outcome="changed")
    assert "Sín" not in page(client, batch, outcome="rejected")
    assert "Không có dòng nào như vậy" in page(client, batch, q="không ai")


def test_what_is_no_workbook_is_told(client: Client, full: Office) -> None:
    batch = send(client, workbook([("STT", "Họ và tên"), (1, "A")]))
    assert "không phải là sổ hồ sơ" in page(client, batch)
    answer = client.post(reverse("personnel:workbook-upload"), {"file": SimpleUploadedFile("so.pdf", b"%PDF")})
    assert answer.status_code == 422


def test_a_comparison_that_was_cut_off_begins_anew(full: Office, client: Client) -> None:
    batch = send(client, workbook([("STT", "Họ và tên"), (1, "A")]))
    assert "Đối chiếu lại" in page(client, batch)
    Path(stored_path(batch)).write_bytes(full.book().content)
    assert act(client, "confirm", batch, again="").status_code == 302
    assert (batch.state, batch.report["same"]) == (BatchState.CHECKED, 15)


def test_nothing_to_write_offers_nothing(full: Office, client: Client) -> None:
    text = page(client, send(client, full.book()))
    assert "Không có gì để ghi." in text
    assert "Mọi dòng đều đúng như hồ sơ" in text


def test_a_batch_is_its_senders(full: Office, client: Client) -> None:
    batch = send(client, full.book())
    other = signed_in(make_user(Role.UNIT_OFFICER, unit=full.away))
    for name in ("detail", "progress", "undo"):
        assert other.get(reverse(f"personnel:workbook-{name}", args=[batch.pk])).status_code == 404
    assert client.get(reverse("personnel:roster-detail", args=[batch.pk])).status_code == 404
    assert "so.xlsx" in client.get(reverse("personnel:workbook-list")).content.decode()
    assert "so.xlsx" not in client.get(reverse("personnel:roster-list")).content.decode()


def test_a_selection_is_exported_in_the_background(full: Office, client: Client) -> None:
    make_cadre(unit=full.unit, name="Vàng Thị Khác")
    url = reverse("personnel:cadre-workbook")
    assert reverse("personnel:cadre-workbook") in client.get(reverse("personnel:cadre-list")).content.decode()
    assert "Xuất cả hồ sơ của 1 người" in client.get(url, {"q": "giang a pao"}).content.decode()
    answer = client.post(f"{url}?q=giang+a+pao")
    job = Job.objects.latest("pk")
    assert answer["Location"] == reverse("kernel:job-detail", args=[job.key])
    assert (job.state, job.error, job.result["people"]) == (Job.State.DONE, "", 1)
    result = client.get(reverse("kernel:job-result", args=[job.key]))
    content = b"".join(result.streaming_content)  # type: ignore[attr-defined]
    sheets = {sheet.name: sheet.rows for sheet in read_workbook(content).sheets}
    assert [row[2] for row in sheets[PEOPLE][1:]] == ["Giàng A Páo"]
    assert client.post(f"{url}?q=khong+co+ai").status_code == 422


def test_the_template_has_lists_checks_and_a_guide(full: Office, client: Client) -> None:
    answer = client.get(reverse("personnel:workbook-template"))
    book = EditedBook(answer.content).book
    assert book.sheetnames[0] == "Hướng dẫn"
    assert book.sheetnames[-1] == "Danh mục"
    checks = {str(one.sqref): one for one in book[PEOPLE].data_validations.dataValidation}
    assert any(one.type == "list" and "Danh mục" in one.formula1 for one in checks.values())
    assert book[PEOPLE].column_dimensions["A"].hidden
    assert "Sở Nội vụ (SNV)" in [cell.value for column in book["Danh mục"].columns for cell in column]
    assert "Sở Y tế (SYT)" not in [cell.value for column in book["Danh mục"].columns for cell in column]
    guide = [[cell.value for cell in row] for row in book["Hướng dẫn"].rows]
    assert ["Quan hệ gia đình", "Năm sinh", None, "Số nguyên", None] in guide
    assert ["Quan hệ gia đình", "Bên", None, "Chọn trong danh sách", "Bản thân; Bên vợ hoặc chồng"] in guide


# From the command line -----------------------------------------------------------------------------------------------


def run(*words: object) -> int:
    """The exit code of a command."""
    try:
        call_command(*map(str, words))
    except SystemExit as end:
        return int(str(end.code))
    return 0


def test_commands_export_compare_and_write(full: Office, tmp_path: Path) -> None:
    file, report = tmp_path / "so.xlsx", tmp_path / "r.json"
    acting = ("--as", full.officer.username)
    assert run("export_workbook", "--out", file, *acting) == 0
    assert run("import_workbook", file, *acting, "--report", report) == 0
    told = json.loads(report.read_text(encoding="utf-8"))
    assert {name: told[name] for name in ("rows", "created", "changed", "same", "rejected", "committed")} == {
        "rows": 15, "created": 0, "changed": 0, "same": 15, "rejected": 0, "committed": False,
    }  # fmt: skip
    assert (told["file"], told["missing"], told["errors"], len(told["sha256"])) == ("so.xlsx", [], [], 64)
    EditedBook(file.read_bytes()).put(KIN, 2, "Năm sinh", 1956).save(file)
    assert run("import_workbook", file, *acting, "--commit", "--report", report) == 1
    fault = json.loads(report.read_text(encoding="utf-8"))["errors"][0]
    assert fault["code"] == "reason-required"
    assert not ImportBatch.objects.exists()
    assert run("import_workbook", file, *acting, "--commit", "--reason", "theo giấy khai sinh") == 0
    assert Relative.objects.get().birth_year == 1956
    assert last_batch().kind == "workbook"


def test_commands_refuse_in_a_sentence(full: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "so.xlsx"
    inspector = make_user(Role.INSPECTOR, unit=full.unit)
    assert run("import_workbook", file, "--as", full.officer.username) == 2
    file.write_bytes(b"khong phai bang tinh\x00\x01")
    assert run("import_workbook", file, "--as", full.officer.username) == 2
    assert run("import_workbook", file, "--as", inspector.username) == 2
    assert run("export_workbook", "--out", file, "--unit", "SYT", "--as", full.officer.username) == 2
    assert run("export_workbook", "--out", tmp_path / "a" / "b.xlsx", "--as", full.officer.username) == 2
    assert "Không có đơn vị mã «SYT» trong phạm vi được giao." in capsys.readouterr().err


def test_a_past_day_is_there_to_be_read_alone(full: Office, tmp_path: Path) -> None:
    file = tmp_path / "so.xlsx"
    acting = ("--as", full.officer.username)
    assert run("export_workbook", "--out", file, "--day", "2016-06-30", *acting) == 0
    book = EditedBook(file.read_bytes())
    assert book.last("Thi đua, khen thưởng") == 1
    assert book.last("Khám sức khỏe") == 2
    assert book.get(KIN, 2, "Số định danh hoặc mã hồ sơ") == NUMBER
    assert "Danh mục" not in book.book.sheetnames
    assert run("import_workbook", file, *acting) == 2


def test_a_template_from_the_command_line_holds_nobody(full: Office, tmp_path: Path) -> None:
    file = tmp_path / "mau.xlsx"
    assert run("export_workbook", "--out", file, "--template", "--as", full.officer.username) == 0
    cells = [str(cell) for sheet in read_workbook(file).sheets for row in sheet.rows for cell in row]
    assert not {NUMBER, AWAY_NUMBER, "Giàng A Páo"} & set(cells)
    assert run("import_workbook", file, "--as", full.officer.username, "--commit") == 0
