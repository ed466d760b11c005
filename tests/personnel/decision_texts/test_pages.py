"""The pages of texts and templates: who gets a text, how a template is put in place and taken away, many at once."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from hrdb.kernel.jobs import Progress
from hrdb.kernel.jobs.kinds import job_kinds
from hrdb.kernel.models import AuditEvent, Job
from personnel.choices import Classification
from personnel.exports.decision_templates import default_template
from personnel.exports.decision_texts import sample_contexts
from personnel.models import Decision, DecisionTemplate, Unit
from personnel.policies import Role
from personnel.reports.decision_texts.batch import KIND, start_texts
from personnel.reports.decision_texts.reading import readable_texts
from personnel.reports.decision_texts.wording import text_kinds
from personnel.services.decision_templates import drop_template, put_template, template_for
from tests.factories.personnel import make_cadre, make_title, make_unit, make_user
from tests.personnel.decision_texts.papers import draft, paragraphs

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Unit:
    return make_unit("SNV", parent=make_unit("TINH", name="Ủy ban nhân dân tỉnh"), name="Sở Nội vụ")


@pytest.fixture
def officer(office: Unit) -> Any:
    return make_user(Role.UNIT_OFFICER, unit=office)


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _word(*lines: str, name: str = "mau.docx") -> SimpleUploadedFile:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return SimpleUploadedFile(name, file.getvalue())


def _text(client: Client, decision: Decision, ending: str = "") -> Any:
    return client.get(reverse(f"personnel:decision-text{ending}", args=[decision.pk]))


def _put(unit: Unit | None, *lines: str, user: Any = None) -> DecisionTemplate:
    return put_template(
        unit=unit,
        kind="leaving",
        kind_label="Thôi việc",
        upload=_word(*lines),
        samples=sample_contexts(text_kinds["leaving"]),
        acting_user=user,
    )


def test_word_and_pdf_are_given_to_who_sees_everybody_and_it_is_logged(office: Unit, officer: Any) -> None:
    person = make_cadre(unit=office, name="Nguyễn Văn Hai")
    decision = draft("leaving", [person], unit=office)
    for ending, kind, action in (("", "wordprocessingml", "export"), ("-pdf", "application/pdf", "print")):
        answer = _text(_client(officer), decision, ending)
        assert answer.status_code == 200
        assert kind in answer["Content-Type"]
        event = AuditEvent.objects.order_by("-pk")[0]
        assert (event.action, event.user, event.details["people"]) == (action, officer, [person.pk])


def test_a_text_that_names_somebody_out_of_scope_does_not_exist(office: Unit, officer: Any) -> None:
    away = make_unit("SO-XA", name="Sở Ở Xa")
    mixed = draft("leaving", [make_cadre(unit=office), make_cadre(unit=away)], unit=office)
    elsewhere = draft("leaving", [make_cadre(unit=away)], unit=away)
    for decision in (mixed, elsewhere):
        assert _text(_client(officer), decision).status_code == 404
        assert not readable_texts(officer).filter(pk=decision.pk).exists()
    assert _text(_client(make_user(Role.PROVINCE_OFFICER)), mixed).status_code == 200


def test_a_text_of_discipline_needs_the_right_to_read_it(office: Unit) -> None:
    decision = draft("discipline", [make_cadre(unit=office)], unit=office, regime="state")
    assert _text(_client(make_user(Role.APPROVER, unit=office)), decision).status_code == 404
    assert _text(_client(make_user(Role.INSPECTOR, unit=office)), decision).status_code == 200


def test_what_has_no_text_says_so_on_the_decisions_page(office: Unit, officer: Any) -> None:
    client = _client(officer)
    death = draft("death", [make_cadre(unit=office)], unit=office)
    answer = client.get(reverse("personnel:decision-text", args=[death.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("personnel:decision", args=[death.pk]), 302)]
    page = answer.content.decode()
    assert "không có mẫu văn bản" in page
    assert reverse("personnel:decision-text", args=[death.pk]) not in page
    secret = draft(
        "leaving", [make_cadre(unit=office)], unit=office, head={"classification": Classification.TOP_SECRET}
    )
    assert _text(client, secret).status_code == 404
    stub = make_cadre(unit=office, classification=Classification.TOP_SECRET, paper_pointer="Kho 1")
    about = draft("leaving", [stub], unit=office)
    answer = client.get(reverse("personnel:decision-text", args=[about.pk]), follow=True)
    assert "chỉ có trên giấy" in answer.content.decode()


def test_an_office_writes_by_its_own_template_else_by_the_common_one(office: Unit, officer: Any) -> None:
    decision = draft("leaving", [make_cadre(unit=office, name="Lê Thị Ba")], unit=office)
    client = _client(officer)
    assert "QUYẾT ĐỊNH:" in paragraphs(_text(client, decision).content)
    _put(None, "Mẫu tỉnh: {{ ho_ten }}")
    assert paragraphs(_text(client, decision).content) == ["Mẫu tỉnh: Lê Thị Ba"]
    own = _put(office, "Mẫu sở: {{ ho_ten|upper }} & {{ don_vi_hien_nay }}", user=officer)
    assert paragraphs(_text(client, decision).content) == ["Mẫu sở: LÊ THỊ BA & Sở Nội vụ"]
    drop_template(template=own, reason="Trở lại mẫu chung", acting_user=officer)
    assert paragraphs(_text(client, decision).content) == ["Mẫu tỉnh: Lê Thị Ba"]
    kept = DecisionTemplate.history.filter(unit=office)
    assert sorted(kept.values_list("history_type", flat=True)) == ["+", "-"]


def test_a_template_is_tried_before_it_takes_the_place_of_the_one_before(office: Unit, officer: Any) -> None:
    client, address = _client(officer), reverse("personnel:decision-template-put", args=["leaving"])
    first = client.post(address, {"file": _word("{{ ho_ten }}")})
    assert first.status_code == 302
    for upload, told in (
        (_word("{{ ho_tenn }}"), "không có trường «ho_tenn»"),
        (_word("{{ ho_ten }}", name="mau.doc"), "đuôi .docx"),
        (SimpleUploadedFile("mau.docx", b"%PDF-1.7"), "không phải là văn bản Word"),
        (SimpleUploadedFile("mau.docx", b"0" * 2_000_001), "lớn hơn 2 MB"),
    ):
        answer = client.post(address, {"file": upload})
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert DecisionTemplate.objects.get().file_name == "mau.docx"
    assert template_for(office.pk, "leaving") is not None


def test_the_templates_of_one_office_are_closed_to_another(office: Unit, officer: Any) -> None:
    away = make_unit("SO-XA", name="Sở Ở Xa")
    _put(away, "Mẫu mật của sở khác")
    client = _client(officer)
    for view, kind in (("list", []), ("file", ["leaving"]), ("put", ["leaving"]), ("drop", ["leaving"])):
        address = reverse(f"personnel:decision-template-{view}", args=kind)
        assert client.get(address, {"unit": "SO-XA"}).status_code == 404
        assert client.get(address, {"unit": ""}).status_code == 404, "the common ones are the province's"
    page = client.get(reverse("personnel:decision-template-list"))
    assert page.status_code == 200
    assert "Sở Ở Xa" not in page.content.decode()
    drop = reverse("personnel:decision-template-drop", args=["leaving"])
    assert client.get(drop).status_code == 404, "without an own one there is nothing to take away"


def test_the_pages_of_templates_show_what_is_in_place_and_every_field(office: Unit, officer: Any) -> None:
    _put(office, "{{ ho_ten }}", user=officer)
    client = _client(officer)
    page = client.get(reverse("personnel:decision-template-list")).content.decode()
    assert "Mẫu riêng" in page
    assert all(kind.label in page for kind in text_kinds)
    fields = client.get(reverse("personnel:decision-template-fields")).content.decode()
    assert "{{ chuc_vu }}" in fields
    built_in = client.get(reverse("personnel:decision-template-file", args=["leaving"]), {"built_in": "1"})
    assert built_in.content == default_template("leaving", is_party=False)
    own = client.get(reverse("personnel:decision-template-file", args=["leaving"]))
    assert paragraphs(own.content) == ["{{ ho_ten }}"]
    answer = client.post(reverse("personnel:decision-template-drop", args=["leaving"]), {"reason": "Mẫu đã cũ"})
    assert answer.status_code == 302
    assert not DecisionTemplate.objects.exists()


def _run(job: Job) -> tuple[Any, list[str]]:
    with Progress(job) as progress:
        result = job_kinds[KIND].run(job, progress)
    assert result is not None
    assert result.file is not None
    with zipfile.ZipFile(result.file) as archive:
        return result, archive.namelist()


def test_texts_of_many_decisions_and_of_each_person_come_as_one_zip(office: Unit, officer: Any) -> None:
    people = [make_cadre(unit=office, name=f"Nguyễn Văn {letter}") for letter in "ABC"]
    many = draft("leaving", people, unit=office)
    one = draft("appointment", people[:1], unit=office, title=make_title())
    bare = draft("death", people[:1], unit=office)
    client = _client(officer)
    address = reverse("personnel:decision-texts") + "?" + "&".join(f"decision={d.pk}" for d in (many, one, bare))
    assert "3 quyết định" in client.get(address).content.decode()
    parameters = {"decisions": [many.pk, one.pk, bare.pk], "by_person": True, "formats": ["docx", "pdf"]}
    result, names = _run(Job.objects.create(owner=officer, kind=KIND, parameters=parameters))
    assert result.values == {"texts": 4, "refused": 1}
    assert len([name for name in names if name.endswith(".docx")]) == 4
    assert len([name for name in names if name.endswith(".pdf")]) == 4
    assert "Khong lap duoc.txt" in names
    event = AuditEvent.objects.filter(action=AuditEvent.Action.EXPORT).order_by("-pk")[0]
    assert sorted(event.details["people"]) == sorted(person.pk for person in people)


def test_a_job_writes_only_what_its_owner_may_read(office: Unit, officer: Any) -> None:
    away = make_unit("SO-XA")
    mine = draft("leaving", [make_cadre(unit=office, name="Người Trong")], unit=office)
    other = draft("leaving", [make_cadre(unit=away, name="Người Ngoài")], unit=away)
    parameters = {"decisions": [mine.pk, other.pk], "by_person": False, "formats": ["docx"]}
    _, names = _run(Job.objects.create(owner=officer, kind=KIND, parameters=parameters))
    assert len(names) == 1
    assert "Nguoi Trong" in names[0]
    client = _client(officer)
    assert client.get(reverse("personnel:decision-texts"), {"decision": other.pk}).status_code == 404
    with pytest.raises(Exception, match="Không có quyết định nào"):
        start_texts(
            decisions=Decision.objects.filter(pk=other.pk), by_person=False, formats=["docx"], acting_user=officer
        )


def test_a_long_list_is_asked_for_as_a_job(office: Unit, officer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("personnel.views.decision_texts.LONGEST_AT_ONCE", 1)
    decision = draft("leaving", [make_cadre(unit=office) for _ in range(2)], unit=office)
    answer = _text(_client(officer), decision, "-pdf")
    assert answer.status_code == 302
    assert reverse("personnel:decision-texts") in answer["Location"]
    assert "format=pdf" in answer["Location"]


def test_the_page_of_a_decision_offers_its_texts(office: Unit, officer: Any) -> None:
    decision = draft("leaving", [make_cadre(unit=office) for _ in range(2)], unit=office)
    page = _client(officer).get(reverse("personnel:decision", args=[decision.pk])).content.decode()
    for view in ("decision-text", "decision-text-pdf"):
        assert reverse(f"personnel:{view}", args=[decision.pk]) in page
    assert f"{reverse('personnel:decision-texts')}?decision={decision.pk}" in page
