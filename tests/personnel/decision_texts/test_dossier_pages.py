"""The pages of dossiers and procedures: for who decides or approves alone, entered in few steps, on paper."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.history import version_of
from hrdb.kernel.models import AuditEvent
from personnel.models import Asset, Decision, HealthCheck, Title, Unit
from personnel.policies import Role
from personnel.services.decisions.procedures import recorded_procedure
from tests.factories.personnel import make, make_cadre, make_title, make_unit, make_user
from tests.personnel.decision_texts.papers import draft
from tests.personnel.reports.reading import squeezed, text_of

pytestmark = pytest.mark.django_db

PAGES = ("decision-dossier", "decision-dossier-print", "decision-procedures")


@pytest.fixture
def office() -> Unit:
    return make_unit("SNV", parent=make_unit("TINH", name="Ủy ban nhân dân tỉnh"), name="Sở Nội vụ")


@pytest.fixture
def officer(office: Unit) -> Any:
    return make_user(Role.UNIT_OFFICER, unit=office)


@pytest.fixture
def leader() -> Title:
    return make_title(name="Trưởng phòng", is_leadership=True, rank=9, group="division_head")


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _draft(office: Unit, leader: Title, *names: str) -> Decision:
    people = [make_cadre(unit=office, name=name) for name in names or ("Nguyễn Văn Một",)]
    return draft("appointment", people, unit=office, title=leader)


def _page(client: Client, view: str, decision: Decision, *args: Any) -> Any:
    return client.get(reverse(f"personnel:{view}", args=[decision.pk, *args]))


def test_only_who_decides_or_approves_opens_them(office: Unit, officer: Any, leader: Title) -> None:
    decision = _draft(office, leader, "Một", "Hai")
    inspector = make_user(Role.INSPECTOR, unit=office)
    approver, stranger = make_user(Role.APPROVER, unit=office), make_user(Role.UNIT_OFFICER, unit=make_unit())
    for view in PAGES:
        assert _page(_client(officer), view, decision).status_code in (200, 302)
        assert _page(_client(approver), view, decision).status_code in (200, 302)
        assert _page(_client(inspector), view, decision).status_code == 403
        assert _page(_client(stranger), view, decision).status_code == 404
    without = draft("leaving", [make_cadre(unit=office)], unit=office)
    for view in PAGES:
        assert _page(_client(officer), view, without).status_code == 404


def test_an_approver_reads_but_does_not_enter(office: Unit, leader: Title) -> None:
    decision = _draft(office, leader)
    item = decision.items.get()
    client = _client(make_user(Role.APPROVER, unit=office))
    for view in ("decision-dossier-person", "decision-procedure"):
        answer = _page(client, view, decision, item.pk)
        assert answer.status_code == 200
        sent = client.post(reverse(f"personnel:{view}", args=[decision.pk, item.pk]), {"step": "leadership-list"})
        assert sent.status_code == 404
    item.refresh_from_db()
    assert (item.dossier, item.tallies) == ({}, [])


def test_papers_are_entered_person_by_person_and_saving_leads_to_the_next(
    office: Unit, officer: Any, leader: Title
) -> None:
    decision = _draft(office, leader, "Một", "Hai")
    first, second = decision.items.order_by("position")
    client = _client(officer)
    address = reverse("personnel:decision-dossier-person", args=[decision.pk, first.pk])
    sent = {"there_proposal": "on", "note_proposal": "12/TTr", "day_health": "01/03/2026", "next": "1"}
    answer = client.post(address, {**sent, "record_version": version_of(decision)})
    assert answer["Location"] == reverse("personnel:decision-dossier-person", args=[decision.pk, second.pk])
    first.refresh_from_db()
    assert first.dossier["proposal"] == {"there": True, "day": None, "note": "12/TTr"}
    assert first.dossier["health"]["day"] == "2026-03-01"
    assert first.dossier["minutes"]["there"] is False
    page = client.get(address).content.decode()
    assert "Còn thiếu" in page
    stale = client.post(address, {**sent, "record_version": "1"})
    assert stale.status_code == 409
    assert "12/TTr" in stale.content.decode()
    faulty = client.post(address, {"day_health": "31/02/2026"})
    assert faulty.status_code == 422
    client.post(address, {"all": "1"})
    first.refresh_from_db()
    assert all(paper["there"] for paper in first.dossier.values())


def test_papers_that_came_for_all_are_entered_at_once(office: Unit, officer: Any, leader: Title) -> None:
    decision = _draft(office, leader, "Một", "Hai", "Ba")
    client, address = _client(officer), reverse("personnel:decision-dossier", args=[decision.pk])
    assert client.post(address, {}).status_code == 422
    sent = {"papers": ["proposal", "minutes"], "day": "01/03/2026", "note": "chung"}
    assert client.post(address, sent).status_code == 302
    told = [item.dossier for item in decision.items.all()]
    assert all(set(one) == {"proposal", "minutes"} for one in told)
    assert "Chưa kiểm" not in client.get(address).content.decode()


def test_dates_of_the_record_are_shown_to_who_reads_them_and_it_is_logged(
    office: Unit, officer: Any, leader: Title
) -> None:
    decision = _draft(office, leader)
    item = decision.items.get()
    make(HealthCheck, cadre=item.cadre, checked_on=datetime.date(2026, 2, 17), status="Tốt")
    make(Asset, cadre=item.cadre, kind="house_bought", declared_on=datetime.date(2025, 12, 1))
    before = AuditEvent.objects.filter(action=AuditEvent.Action.READ_SENSITIVE).count()
    page = _page(_client(officer), "decision-dossier-person", decision, item.pk).content.decode()
    assert "17/02/2026" in page
    assert AuditEvent.objects.filter(action=AuditEvent.Action.READ_SENSITIVE).count() == before + 1
    closed = _page(_client(make_user(Role.APPROVER, unit=office)), "decision-dossier-person", decision, item.pk)
    assert "17/02/2026" not in closed.content.decode()
    assert "Đã có trong cơ sở dữ liệu" in closed.content.decode()


def test_a_step_is_judged_while_one_types_and_nothing_is_written(office: Unit, officer: Any, leader: Title) -> None:
    decision = _draft(office, leader)
    item = decision.items.get()
    client, address = _client(officer), reverse("personnel:decision-procedure", args=[decision.pk, item.pk])
    sent = {"step": "leadership-vote", "summoned": "10", "present": "9", "name_0": "Nguyễn Văn Một"}
    htmx = {"HX-Request": "true", "HX-Target": "verdict"}
    for votes, told in (
        ("6", "Hoàn thành quy trình"),
        ("5", "Người đứng đầu quyết định"),
        ("4", "Dừng, báo cáo cấp có thẩm quyền"),
        ("10", "không thể nhiều hơn số người dự"),
        ("", "Còn thiếu"),
    ):
        answer = client.post(address, {**sent, "votes_0": votes}, headers=htmx).content.decode()
        assert told in answer
        assert "<html" not in answer
    few = client.post(address, {**sent, "present": "6", "votes_0": "6"}, headers=htmx).content.decode()
    assert "Không đủ số người dự" in few
    item.refresh_from_db()
    assert item.tallies == []


def test_steps_are_kept_for_everybody_of_the_seat_and_lead_on(office: Unit, officer: Any, leader: Title) -> None:
    decision = _draft(office, leader, "Nguyễn Văn Một", "Lê Thị Hai")
    first, second = decision.items.order_by("position")
    client = _client(officer)
    assert _page(client, "decision-procedures", decision)["Location"] == reverse(
        "personnel:decision-procedure", args=[decision.pk, first.pk]
    )
    address = reverse("personnel:decision-procedure", args=[decision.pk, first.pk])
    sent = {
        "step": "extended-leadership", "summoned": "20", "present": "20", "held_on": "02/03/2026", "minutes": "2/BB",
        "name_0": "Nguyễn Văn Một", "votes_0": "12", "name_1": "Lê Thị Hai", "votes_1": "5",
        "name_2": "Người Nơi Khác", "votes_2": "3",
    }  # fmt: skip
    answer = client.post(address, sent)
    assert answer["Location"].endswith("?step=leadership-choice")
    for item in (first, second):
        item.refresh_from_db()
        kept = recorded_procedure(item)
        assert kept is not None
        assert [(vote.name, vote.count, vote.item) for vote in kept.steps[0].votes] == [
            ("Nguyễn Văn Một", 12, first.pk),
            ("Lê Thị Hai", 5, second.pk),
            ("Người Nơi Khác", 3, None),
        ]
    assert client.post(address, {**sent, "votes_0": "21"}).status_code == 422
    twice = client.post(address, {**sent, "name_1": "Nguyễn Văn Một"})
    assert "đã có ở dòng trên" in twice.content.decode()
    cleared = client.post(address, {"step": "extended-leadership", "clear": "1"})
    assert cleared.status_code == 302
    first.refresh_from_db()
    assert recorded_procedure(first).steps == ()  # type: ignore[union-attr]


def test_the_beginning_and_another_procedure_are_kept_and_begin_anew(office: Unit, officer: Any, leader: Title) -> None:
    decision = _draft(office, leader)
    item = decision.items.get()
    client, address = _client(officer), reverse("personnel:decision-procedure", args=[decision.pk, item.pk])
    client.post(address, {"step": "leadership-list", "summoned": "9", "present": "9", "name_0": "Nguyễn Văn Một"})
    sent = {"settings": "1", "procedure": "on_site_five_steps", "seats": "1", "proposed_on": "02/02/2026"}
    assert client.post(address, sent).status_code == 302
    item.refresh_from_db()
    kept = recorded_procedure(item)
    assert kept is not None
    assert (len(kept.steps), kept.proposed_on) == (1, datetime.date(2026, 2, 2))
    client.post(address, {**sent, "procedure": "elsewhere_three_steps"})
    item.refresh_from_db()
    assert item.tallies[0]["steps"] == []
    unknown = client.post(address, {**sent, "procedure": "special_three_steps"})
    assert unknown.status_code == 422
    assert "chưa được kiểm chứng" in unknown.content.decode()


def test_both_are_printed_and_logged(office: Unit, officer: Any, leader: Title) -> None:
    decision = _draft(office, leader)
    item = decision.items.get()
    client, address = _client(officer), reverse("personnel:decision-procedure", args=[decision.pk, item.pk])
    assert _page(client, "decision-procedure-print", decision, item.pk).status_code == 404, "nothing to print yet"
    sent = {"step": "leadership-vote", "summoned": "12", "present": "11", "minutes": "5/BB-SNV"}
    client.post(address, {**sent, "name_0": "Nguyễn Văn Một", "votes_0": "10"})
    votes = _page(client, "decision-procedure-print", decision, item.pk)
    assert AuditEvent.objects.order_by("-pk")[0].details["people"] == [item.cadre_id]
    text = text_of(votes.content)
    for told in ("TỔNG HỢP KẾT QUẢ KIỂM PHIẾU", "5/BB-SNV", "Nguyễn Văn Một", "83,33%", "chưa hoàn thành"):
        assert squeezed(told) in text
    client.post(reverse("personnel:decision-dossier-person", args=[decision.pk, item.pk]), {"there_proposal": "on"})
    text = text_of(_page(client, "decision-dossier-print", decision).content)
    for told in ("DANH MỤC THÀNH PHẦN HỒ SƠ", "Tờ trình về việc bổ nhiệm", "Còn thiếu", "1/10 thành phần"):
        assert squeezed(told) in text


def test_the_lists_cost_as_many_queries_for_many_people(office: Unit, officer: Any, leader: Title) -> None:
    counts = []
    for number in (2, 8):
        decision = _draft(office, leader, *[f"Nguyễn Văn {letter}" for letter in "ABCDEFGH"[:number]])
        client = _client(officer)
        with CaptureQueriesContext(connection) as queries:
            assert _page(client, "decision-dossier", decision).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_of_a_decision_offers_them_to_who_may(office: Unit, officer: Any, leader: Title) -> None:
    decision = _draft(office, leader)
    for user, is_offered in ((officer, True), (make_user(Role.INSPECTOR, unit=office), False)):
        page = _page(_client(user), "decision", decision).content.decode()
        for view in ("decision-dossier", "decision-procedures"):
            assert (reverse(f"personnel:{view}", args=[decision.pk]) in page) == is_offered
