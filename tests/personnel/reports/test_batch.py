"""Printing a selection: one file, every person logged, scope asked again when the job runs."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from pypdf import PdfReader

from hrdb.kernel.jobs import run_job
from hrdb.kernel.models import AuditEvent, Job, User
from personnel.models import Cadre, Unit
from personnel.policies import Role
from personnel.reports import batch, roster_list
from personnel.reports.batch import Order, start_printing
from personnel.reports.curriculum import forms
from personnel.reports.roster_list import TooManyRows, list_rows, roster_list_pdf, start_list_printing
from tests.factories.personnel import make_unit, make_user
from tests.personnel.reports.reading import families, pages_of, squeezed, text_of
from tests.personnel.reports.records import DAY, bare_record

NAMES = ("Chu Đỗ Ẵm", "Lò Ặt", "Đinh Ngọc Ợ", "An Thị Ửng", "Bàn Văn Ỷ")


@pytest.fixture
def people(units: dict[str, Unit]) -> list[Cadre]:
    """Five people of a school, in Vietnamese order."""
    return [bare_record(units["school"], name=name) for name in reversed(NAMES)][::-1]


@pytest.fixture
def officer(units: dict[str, Unit]) -> User:
    """Who keeps the records of the department."""
    return make_user(Role.UNIT_OFFICER, unit=units["department"])


def result_of(job: Job) -> Path:
    """The file that a finished job left."""
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
    return Path(settings.RESULTS_ROOT) / job.result_file


def test_selection_becomes_one_pdf_with_an_outline(people: list[Cadre], officer: User) -> None:
    job = start_printing(people=Cadre.objects.all(), form=forms["2c2008"], day=DAY, as_zip=False, acting_user=officer)
    file = result_of(job)
    document = PdfReader(file)
    assert [entry.title for entry in document.outline] == list(NAMES)
    assert (job.result["people"], job.result_name) == (5, "So yeu ly lich 2C-2008 - 5 ho so - 2026-06-30.pdf")
    events = AuditEvent.objects.filter(action=AuditEvent.Action.PRINT)
    assert sorted(events.values_list("subject_id", flat=True)) == sorted(person.pk for person in people)
    assert {(e.user, e.subject_type, e.cause_type, e.cause_id) for e in events} == {
        (officer, "personnel.cadre", "kernel.job", job.pk)
    }
    assert [path.name for path in file.parent.iterdir()] == ["ho-so.pdf"]


def test_selection_becomes_a_zip_of_single_documents(people: list[Cadre], officer: User) -> None:
    two = Cadre.objects.filter(pk__in=[person.pk for person in people[:2]])
    job = start_printing(people=two, form=forms["2c2008"], day=DAY, as_zip=True, acting_user=officer)
    with zipfile.ZipFile(result_of(job)) as archive:
        names = archive.namelist()
        assert names[0] == "0001 So yeu ly lich 2C-2008 - Chu Do Am - 2026-06-30.pdf"
        texts = [text_of(archive.read(name)) for name in names]
    assert [squeezed(name.upper()) in text for name, text in zip(NAMES[:2], texts, strict=True)] == [True] * 2


def test_many_people_become_volumes(people: list[Cadre], officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "PEOPLE_IN_VOLUME", 2)
    monkeypatch.setattr(batch, "READ_AT_ONCE", 2)
    three = Cadre.objects.filter(pk__in=[person.pk for person in people[:3]])
    job = start_printing(people=three, form=forms["2c2008"], day=DAY, as_zip=False, acting_user=officer)
    with zipfile.ZipFile(result_of(job)) as archive:
        assert archive.namelist() == ["Tap 01 (1-2).pdf", "Tap 02 (3-3).pdf"]
        first = PdfReader(io.BytesIO(archive.read("Tap 01 (1-2).pdf")))
        assert [entry.title for entry in first.outline] == list(NAMES[:2])


def test_nobody_out_of_scope_is_printed(people: list[Cadre], officer: User) -> None:
    hidden = bare_record(make_unit("NOI-KHAC"), name="Người Ngoài Phạm Vi")
    chosen = Cadre.objects.filter(pk__in=[people[0].pk, hidden.pk])
    job = start_list_printing(people=chosen, title="Danh sách thử", day=DAY, acting_user=officer)
    assert job.parameters["people"] == [people[0].pk]
    assert "NgườiNgoàiPhạmVi" not in text_of(result_of(job).read_bytes())


def test_scope_is_asked_again_when_the_job_runs(people: list[Cadre]) -> None:
    outsider = make_user(Role.UNIT_OFFICER, unit=make_unit("NOI-KHAC"))
    order = Order(tuple(person.pk for person in people), "unified", DAY, False)
    job = Job.objects.create(kind=batch.KIND, owner=outsider, parameters=order.as_json())
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, batch.NOBODY)
    assert not AuditEvent.objects.filter(action=AuditEvent.Action.PRINT).exists()


def test_empty_and_enormous_selections_are_refused(
    people: list[Cadre], officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = {"form": forms["unified"], "day": DAY, "as_zip": False, "acting_user": officer}
    with pytest.raises(ValidationError, match="Không có hồ sơ nào"):
        start_printing(people=Cadre.objects.none(), **order)
    monkeypatch.setattr(batch, "MOST_PEOPLE", 4)
    with pytest.raises(ValidationError, match="nhiều nhất 4 hồ sơ"):
        start_printing(people=Cadre.objects.all(), **order)
    assert not Job.objects.exists()


def test_order_survives_its_journey() -> None:
    order = Order((3, 1, 2), "2c2008", datetime.date(2025, 12, 31), True)
    assert Order.from_json(order.as_json()) == order


# Danh sách trích ngang ------------------------------------------------------------------------------------------------


def test_list_shows_each_person_on_a_line(full: Cadre, people: list[Cadre]) -> None:
    content = roster_list_pdf(list_rows([full, *people], DAY, None), "Danh sách thử", DAY)
    text = text_of(content)
    for words in (
        "DANHSÁCHTHỬ",
        "(Tínhđếnngày30/06/2026)",
        "1NguyễnThịHồngNhưỡng08/03/1983Tày",
        "01.00286,78",
        "6BànVănỶ",
        "Danhsáchcó6người.",
        "THỦTRƯỞNGCƠQUAN,ĐƠNVỊ",
    ):
        assert words in text
    assert len(families(content)) == 1
    width, height = PdfReader(io.BytesIO(content)).pages[0].mediabox[2:]
    assert width > height


def test_list_that_is_too_long_points_to_excel_and_to_the_job(people: list[Cadre]) -> None:
    rows = list_rows(people, DAY, None) * 61
    with pytest.raises(TooManyRows, match=r"305 dòng.*Excel.*việc chạy nền"):
        roster_list_pdf(rows, "Dài", DAY)


def test_long_list_is_printed_in_parts_with_running_numbers(
    people: list[Cadre], officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_list, "ROWS_IN_PART", 2)
    job = start_list_printing(people=Cadre.objects.all(), title="Danh sách thử", day=DAY, acting_user=officer)
    pages = [squeezed(page) for page in pages_of(result_of(job).read_bytes())]
    assert len(pages) == 3
    assert [page.count("Họvàtên") for page in pages] == [1, 1, 1]
    assert "DANHSÁCHTHỬ" in pages[0]
    assert "DANHSÁCHTHỬ" not in pages[1]
    assert "3ĐinhNgọcỢ" in pages[1]
    assert "Phần3/3" in pages[2] or "Trang1/1" in pages[2]
    assert "Danhsáchcó5người." in pages[2]
    assert "Danhsáchcó5người." not in pages[0]
    assert AuditEvent.objects.filter(action=AuditEvent.Action.PRINT, cause_id=job.pk).count() == 5
