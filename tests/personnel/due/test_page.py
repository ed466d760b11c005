"""The page of due matters: counts that lead to their rows, filters in the address, what leaves, the home page."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from time_machine import travel

from hrdb.kernel.jobs import Progress, job_kinds
from hrdb.kernel.models import AuditEvent, Job
from personnel.choices import DisciplineRegime
from personnel.models import Discipline, DisciplineForm, Unit
from personnel.policies import Role
from personnel.statistics.due import DUE_LISTS, OVERDUE, STANDING
from personnel.views import due as view
from tests.factories.personnel import make, make_code, make_unit, make_user
from tests.factories.workbooks import rows_of
from tests.personnel.cadres.pages import signed_in
from tests.personnel.due.people import D, leader, paid

NOW = datetime.datetime(2026, 12, 1, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with travel(NOW, tick=False):
        yield


@pytest.fixture
def units(db: None) -> dict[str, Unit]:
    """A department with a division, and another one."""
    home = make_unit("S", name="Sở Nhà")
    return {"S": home, "S.1": make_unit("S.1", parent=home, name="Phòng Một"), "T": make_unit("T", name="Sở Xa")}


def officer(unit: Unit, role: Role = Role.UNIT_OFFICER) -> Client:
    """The browser of somebody who acts in a unit."""
    return signed_in(make_user(role, unit=unit))


def ask(client: Client, **asked: Any) -> Any:
    """The answer of the page."""
    response = client.get(reverse("personnel:due-list"), asked)
    assert response.status_code == 200, response.content[:500]
    return response


def kinds(response: Any) -> list[str]:
    """The lists of the rows shown."""
    return [row.record.matter.row.kind for row in response.context["rows"]]


def total(response: Any) -> int:
    """How many matters the list has."""
    return int(response.context["page"].paginator.count)


def follow(client: Client, url: str) -> Any:
    """The page at the address of a count."""
    response = client.get(html.unescape(url))
    assert response.status_code == 200
    return response


def test_every_count_leads_to_as_many_rows(units: dict[str, Unit]) -> None:
    for place in range(8):
        unit = units["S.1"] if place % 2 else units["S"]
        leader(unit, term_ends_on=D(2026 + place % 3, 1 + place, 1))
        paid(unit, "A1", effective_from=D(2023 + place % 2, 1 + place, 1))
    client = officer(units["S"])
    page = ask(client)
    times, lists, by_unit = (page.context[name] for name in ("times", "lists", "units"))
    assert times[0].is_overdue
    assert sum(one.number for one in times) == total(page) == sum(one.number for one in by_unit.rows)
    for one in (*times, *by_unit.rows, *(one for one in lists if one.url and one.is_counted)):
        assert total(follow(client, one.url)) == one.number, one
    assert {one.label for one in by_unit.rows} == {"Trực thuộc Sở Nhà", "Phòng Một"}
    overdue = follow(client, times[0].url)
    assert all(row.record.matter.is_overdue(D(2026, 12, 1)) for row in overdue.context["rows"])
    unjudged = {one.key: one.note for one in lists if not one.url}
    assert all(
        "Chưa có số liệu được kiểm chứng" in unjudged[key] for key in ("over_deputy_ceiling", "seniority_allowance")
    )
    assert all(unjudged.values())


def test_standing_lists_are_shown_where_they_are_asked_for(units: dict[str, Unit]) -> None:
    leader(units["S"], term_ends_on=D(2027, 5, 1))
    client = officer(units["S"])
    assert set(kinds(ask(client))) == {"reappointment", "no_job_position"}
    assert set(kinds(ask(client, when=STANDING))) == {"incomplete_records"}
    assert set(kinds(ask(client, kind="incomplete_records"))) == {"incomplete_records"}
    assert set(kinds(ask(client, when=[STANDING, "2027-01"]))) == {"incomplete_records", "reappointment"}


def test_filters_narrow_and_what_cannot_be_read_finds_nobody(units: dict[str, Unit]) -> None:
    first, second = leader(units["S"], term_ends_on=D(2027, 5, 1)), leader(units["S.1"], term_ends_on=D(2026, 5, 1))
    leader(units["T"], term_ends_on=D(2027, 5, 1))
    client = officer(units["S"])

    def found(**asked: Any) -> list[int | None]:
        response = ask(client, kind="reappointment", **asked)
        return [row.record.matter.row.cadre_id for row in response.context["rows"]]

    assert found() == [second.pk, first.pk]
    assert found(when=OVERDUE) == [second.pk]
    assert found(when="2027-01") == [first.pk]
    assert found(unit="S.1") == [second.pk]
    assert found(q=first.full_name) == [first.pk]
    for wrong in ({"unit": "T"}, {"unit": "KHONG-CO"}, {"when": "2027-13"}, {"kind": "gi-do"}):
        response = ask(client, **({"kind": "reappointment"} | wrong))
        assert kinds(response) == []
        assert "giá trị không dùng được" in html.unescape(response.content.decode())


def test_a_page_past_the_end_is_the_last_one(units: dict[str, Unit]) -> None:
    for _ in range(60):
        leader(units["S"], term_ends_on=D(2027, 5, 1))
    client = officer(units["S"])
    first, last = ask(client, kind="reappointment"), ask(client, kind="reappointment", page="9" * 6)
    assert (len(kinds(first)), len(kinds(last)), last.context["page"].number) == (50, 10, 2)
    assert len(kinds(ask(client, kind="reappointment", page="9" * 5000))) == 50


def test_costs_the_same_queries_for_three_people_and_for_thirty(units: dict[str, Unit]) -> None:
    client, counts = officer(units["S"]), []
    ask(client)
    for number in (3, 27):
        for place in range(number):
            leader(units["S"], term_ends_on=D(2027, 1 + place % 12, 1))
            paid(units["S"], "A1", effective_from=D(2024, 1 + place % 12, 1))
        with CaptureQueriesContext(connection) as page:
            ask(client)
        with CaptureQueriesContext(connection) as home:
            assert client.get(reverse("home")).status_code == 200
        counts.append((len(page), len(home)))
    assert counts[0] == counts[1]


def test_an_empty_list_says_so(units: dict[str, Unit]) -> None:
    text = html.unescape(ask(officer(units["S"])).content.decode())
    assert "Không có việc nào đến hạn trong 12 tháng tới" in text


def test_another_day_is_asked_by_the_address(units: dict[str, Unit]) -> None:
    leader(units["S"], term_ends_on=D(2028, 5, 1))
    client = officer(units["S"])
    assert kinds(ask(client, kind="reappointment")) == []
    assert kinds(ask(client, kind="reappointment", day="2027-06-01")) == ["reappointment"]


def test_htmx_gets_the_list_with_the_counts_that_follow_it(units: dict[str, Unit]) -> None:
    leader(units["S"], term_ends_on=D(2027, 5, 1))
    client = officer(units["S"])
    headers = {"HX-Request": "true", "HX-Target": "list"}
    text = client.get(reverse("personnel:due-list"), headers=headers).content.decode()
    assert "<html" not in text
    assert re.search(r'id="due-summary" hx-swap-oob="true"', text)
    assert 'id="list"' in text


# What leaves ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "is_open"), [(Role.UNIT_OFFICER, True), (Role.APPROVER, False)])
def test_the_workbook_holds_what_is_seen_and_is_logged(units: dict[str, Unit], role: Role, is_open: bool) -> None:
    cadre = leader(units["S"], term_ends_on=D(2027, 5, 1))
    client = officer(units["S"], role)
    response = client.get(
        reverse("personnel:due-list"), {"kind": "reappointment", "columns": "name,kind,act_by,number", "export": "xlsx"}
    )
    values = [row for row in rows_of(response.content) if cadre.full_name in row]
    assert len(values) == 1
    assert (cadre.personal_number in values[0]) == is_open
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.details["people"], event.details["format"]) == ("export", [cadre.pk], "xlsx")


def test_paper_of_a_short_list_at_once_and_of_a_long_one_as_a_job(
    units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    people = [leader(units["S"], term_ends_on=D(2027, 5, 1)) for _ in range(3)]
    user = make_user(Role.UNIT_OFFICER, unit=units["S"])
    client = signed_in(user)
    where = {"kind": "reappointment", "export": "pdf"}
    response = client.get(reverse("personnel:due-list"), where)
    assert (response["Content-Type"], response.content[:4]) == ("application/pdf", b"%PDF")
    assert AuditEvent.objects.latest("id").details["people"] == sorted(cadre.pk for cadre in people)
    monkeypatch.setattr(view, "LONG_LIST", 2)
    started = client.get(reverse("personnel:due-list"), where)
    job = Job.objects.get(owner=user, kind="print-due")
    assert started["Location"].endswith(reverse("kernel:job-detail", args=[job.key]))
    with Progress(job) as progress:
        result = job_kinds["print-due"].run(job, progress)
    assert result is not None
    assert result.values["rows"] == 3
    monkeypatch.setattr(view, "MOST_ROWS", 2)
    assert client.get(reverse("personnel:due-list"), where)["Content-Type"].startswith("text/html")


def test_discipline_shown_is_logged_and_hidden_from_who_may_not_read_it(units: dict[str, Unit]) -> None:
    cadre = leader(units["S"])
    form = make_code(DisciplineForm, "01", name="Khiển trách", regime=DisciplineRegime.STATE)
    make(Discipline, cadre=cadre, regime=DisciplineRegime.STATE, form=form, effective_from=D(2026, 2, 1))
    before = AuditEvent.objects.filter(action="read_sensitive").count()
    assert "discipline_lapse" in kinds(ask(officer(units["S"])))
    event = AuditEvent.objects.filter(action="read_sensitive").latest("id")
    assert (event.details["parts"], event.details["people"]) == (["kỷ luật"], [cadre.pk])
    assert "Khiển trách" not in ask(officer(units["S"], Role.APPROVER), kind="discipline_lapse").content.decode()
    assert AuditEvent.objects.filter(action="read_sensitive").count() == before + 1


# The way on -----------------------------------------------------------------------------------------------------------


def test_a_matter_leads_to_the_record_and_to_its_decision(
    units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    cadre = leader(units["S"], term_ends_on=D(2027, 5, 1))
    monkeypatch.setattr(view, "decisions_url", lambda: "/quyet-dinh/lap/")
    text = html.unescape(ask(officer(units["S"]), kind="reappointment").content.decode())
    assert f"/can-bo/{cadre.pk}/?tab=career" in text
    assert f'href="/quyet-dinh/lap/?kind=reappointment&cadre={cadre.pk}"' in text
    assert "/quyet-dinh/lap/" not in ask(officer(units["S"], Role.APPROVER), kind="reappointment").content.decode()


def test_without_a_register_of_decisions_nothing_leads_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any, **__: Any) -> str:
        raise NoReverseMatch

    monkeypatch.setattr(view, "reverse", missing)
    assert view.decisions_url() == ""
    assert view.decision_url("reappointment", 1) == ""


def test_a_kind_that_the_register_does_not_know_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "decisions_url", lambda: "/quyet-dinh/lap/")
    assert view.decision_url("gi-do", 1) == ""
    assert view.decision_url("reappointment") == ""


def test_the_people_of_one_list_may_share_a_decision(units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch) -> None:
    people = [paid(units["S"], "A1", effective_from=D(2024, 3, 1)) for _ in range(3)]
    monkeypatch.setattr(view, "decisions_url", lambda: "/quyet-dinh/lap/")
    client = officer(units["S"])
    text = html.unescape(ask(client, kind="pay_step").content.decode())
    ids = "%2C".join(str(cadre.pk) for cadre in people)
    assert f'href="/quyet-dinh/lap/?kind=pay_step&cadre={ids}"' in text
    assert "Lập quyết định cho 3 người" in text
    assert "Lập quyết định cho" not in ask(client).content.decode(), "several lists want several decisions"
    assert "Lập quyết định cho" not in ask(officer(units["S"], Role.APPROVER), kind="pay_step").content.decode()


def test_the_home_page_shows_the_overdue_first(units: dict[str, Unit]) -> None:
    leader(units["S"], term_ends_on=D(2026, 5, 1))
    leader(units["S.1"], term_ends_on=D(2027, 5, 1))
    client = officer(units["S"])
    text = html.unescape(client.get(reverse("home")).content.decode())
    card = text[text.index("Mở danh sách") :]
    links = re.findall(r'href="(/viec-den-han/\?[^"]+)"', card)
    assert links[0] == f"/viec-den-han/?when={OVERDUE}"
    for url in links:
        assert total(follow(client, url)) > 0
    assert "Sở Xa" not in text


def test_who_has_no_scope_has_no_page_and_no_card(units: dict[str, Unit]) -> None:
    for role in (Role.ADMINISTRATOR, Role.CADRE):
        client = signed_in(make_user(role))
        assert client.get(reverse("personnel:due-list")).status_code == 403
        assert "Việc đến hạn" not in client.get(reverse("home")).content.decode()
    assert len(DUE_LISTS) >= 15
