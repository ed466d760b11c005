"""Papers of classes: roster, summons, decision, report, certificates; who gets which, and what they say."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from hrdb.kernel.models import AuditEvent, User
from personnel.policies import Role
from tests.factories.personnel import make_cadre, make_user
from tests.training.class_making import approved, line_of, make_class, make_plan, put_in
from tests.training.making import DAY, TrainingWorld, make_programme, training_world
from training.choices import ClassState, MemberState
from training.models import TrainingClass

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> TrainingWorld:
    return training_world()


@pytest.fixture
def ended(world: TrainingWorld) -> TrainingClass:
    """A finished class with people of both departments, some with certificates."""
    programme = make_programme(certificate="Giấy chứng nhận bồi dưỡng")
    one = make_class(programme, planned=line_of(approved(make_plan(programme))), state=ClassState.FINISHED)
    for place, cadre in enumerate([*world.people, *world.strangers]):
        number = {"certificate_number": f"{place:03d}/CN", "certified_on": DAY} if place % 2 == 0 else {}
        put_in(one, cadre, state=MemberState.PASSED if place else MemberState.FAILED, grade="Khá", **number)
    return one


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def paper(one: TrainingClass, kind: str, form: str) -> str:
    return reverse("training:class-paper", args=[one.pk, kind, form])


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def docx_text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    lines = [one.text for one in document.paragraphs]
    for table in document.tables:
        lines += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def test_the_roster_names_whom_the_reader_sees(world: TrainingWorld, ended: TrainingClass) -> None:
    whole = pdf_text(browser(world.officer).get(paper(ended, "danh-sach", "pdf")).content)
    assert "Nguyễn Văn A2" in whole
    assert "Trần Thị B2" in whole
    narrow = browser(world.unit_officer).get(paper(ended, "danh-sach", "xlsx")).content
    cells = {cell for row in openpyxl.load_workbook(io.BytesIO(narrow)).active.values for cell in row}
    assert "Nguyễn Văn A2" in cells
    assert "Trần Thị B2" not in cells
    event = AuditEvent.objects.filter(user=world.unit_officer, action=AuditEvent.Action.EXPORT).latest("pk")
    assert event.details["people"] == sorted(cadre.pk for cadre in world.people)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("trieu-tap", "GIẤY TRIỆU TẬP"),
        ("quyet-dinh", "Cử 6 cán bộ, công chức, viên chức"),
        ("bao-cao", "5 người đạt, 1 người không đạt"),
    ],
)
def test_letters_say_the_same_in_word_and_on_paper(
    world: TrainingWorld, ended: TrainingClass, kind: str, said: str
) -> None:
    client = browser(world.officer)
    word = docx_text(client.get(paper(ended, kind, "docx")).content)
    printed = pdf_text(client.get(paper(ended, kind, "pdf")).content)
    assert said.lower() in word.lower()
    assert said.lower() in printed.lower()
    for name in ("Nguyễn Văn A0", "Trần Thị B2"):
        assert name in word
        assert name in printed


def test_the_workbook_of_a_report_begins_with_what_the_report_says(world: TrainingWorld, ended: TrainingClass) -> None:
    content = browser(world.officer).get(paper(ended, "bao-cao", "xlsx")).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Báo cáo", "Học viên"]
    told = [str(cell.value) for row in book["Báo cáo"] for cell in row]
    assert any("5 người đạt, 1 người không đạt" in text for text in told)


def test_papers_of_the_whole_are_for_who_arranges_it_whole(world: TrainingWorld, ended: TrainingClass) -> None:
    for kind in ("trieu-tap", "quyet-dinh", "bao-cao"):
        assert browser(world.unit_officer).get(paper(ended, kind, "pdf")).status_code == 404
        narrow = make_user(Role.PROVINCE_OFFICER, unit=world.home)
        assert browser(narrow).get(paper(ended, kind, "pdf")).status_code == 404
    client = browser(world.officer)
    assert client.get(paper(ended, "trieu-tap", "xlsx")).status_code == 404
    assert client.get(paper(ended, "la", "pdf")).status_code == 404
    open_class = make_class(ended.programme, code="MO")
    assert client.get(paper(open_class, "danh-sach", "pdf")).status_code == 404


def test_certificates_are_printed_one_and_all_and_by_the_person_himself(
    world: TrainingWorld, ended: TrainingClass
) -> None:
    client, row = browser(world.officer), ended.members.get(certificate_number="002/CN")
    one = pdf_text(client.get(reverse("training:certificate-print", args=[row.pk])).content)
    assert "002/CN" in one
    assert "Nguyễn Văn A2" in one
    assert "GIẤY CHỨNG NHẬN" in one.upper()
    everybody = client.get(reverse("training:certificates-print", args=[ended.pk])).content
    assert len(PdfReader(io.BytesIO(everybody)).pages) == 3
    account = make_user(Role.CADRE)
    own = make_cadre(unit=world.home, name="Tự Xem", account=account)
    (mine,) = put_in(ended, own, state=MemberState.PASSED, certificate_number="099/CN", certified_on=DAY)
    himself = browser(account)
    assert "Tự Xem" in pdf_text(himself.get(reverse("training:certificate-print", args=[mine.pk])).content)
    assert himself.get(reverse("training:certificate-print", args=[row.pk])).status_code == 404
    assert himself.get(reverse("training:certificates-print", args=[ended.pk])).status_code == 403


def test_the_register_lists_certificates_in_scope(world: TrainingWorld, ended: TrainingClass) -> None:
    url = reverse("training:certificate-list")
    text = browser(world.unit_officer).get(url, {"q": "CN"}).content.decode()
    assert "002/CN" in text
    assert "004/CN" not in text
    book = browser(world.officer).get(url, {"export": "xlsx"}).content
    numbers = {cell for row in openpyxl.load_workbook(io.BytesIO(book)).active.values for cell in row}
    assert {"000/CN", "002/CN", "004/CN"} <= numbers
