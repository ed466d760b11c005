"""The page of structure: what it shows, to whom, and where its numbers lead."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from hrdb.kernel.models import AuditEvent, Job
from personnel.models import Cadre, Unit
from personnel.policies import Role
from personnel.statistics import narrow, structure
from tests.factories.personnel import make_cadre, make_unit, make_user

DAY = date(2025, 12, 31)
LINK = re.compile(r'<td class="num" data-label="([^"]+)"><a href="([^"]+)">([\d.]+)</a>')


def signed_in(role: Role, unit: Unit | None = None) -> Client:
    """A browser of a user with a role."""
    client = Client()
    client.force_login(make_user(role, unit=unit))
    return client


def page(client: Client, **asked: str) -> str:
    """The page's text."""
    response = client.get(reverse("personnel:structure"), {"day": DAY.isoformat(), **asked})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_every_number_leads_to_a_list_of_that_length(province: None) -> None:
    client = signed_in(Role.PROVINCE_OFFICER)
    text = page(client, rows="rank_group", show="age_band", unit="G.002")
    links = LINK.findall(text)
    assert len(links) > 30
    everyone = Cadre.objects.held_on(None, DAY)
    for _, address, number in links:
        url = urlsplit(html.unescape(address))
        asked = parse_qs(url.query)
        assert url.path == reverse("personnel:cadre-list")
        assert asked["day"] == [DAY.isoformat()]
        assert narrow(everyone, asked["structure"][0], DAY, None).count() == int(number.replace(".", ""))


@pytest.mark.django_db
def test_the_opened_list_says_the_same_number(province: None) -> None:
    client = signed_in(Role.PROVINCE_OFFICER)
    for label, address, number in LINK.findall(page(client, population="leaders"))[:6]:
        opened = client.get(html.unescape(address))
        assert opened.status_code == 200
        assert opened.context["page"].paginator.count == int(number.replace(".", "")), label


@pytest.mark.django_db
def test_the_page_tells_the_table(province: None) -> None:
    text = page(signed_in(Role.PROVINCE_OFFICER))
    table = structure(user=None, day=DAY)
    assert f"Toàn tỉnh · {table.total.total} cán bộ, công chức, viên chức" in text
    for row in table.rows:
        assert html.escape(row.label) in text
    assert 'class="chart"' in text
    assert "26-NQ/TW" in text
    assert "Chưa rõ" in text
    assert "So chỉ tiêu" not in text
    assert "So chỉ tiêu" in page(signed_in(Role.PROVINCE_OFFICER), population="provincial_leaders")


@pytest.mark.django_db
def test_several_tops_stand_under_their_names(code_lists: None) -> None:
    for top in ("UBND", "TU"):
        make_cadre(unit=make_unit(f"{top}.01", parent=make_unit(top, name=f"Khối {top}")))
    text = page(signed_in(Role.PROVINCE_OFFICER))
    assert re.findall(r'scope="rowgroup">([^<]+)<', text) == ["Khối TU", "Khối UBND"]


@pytest.mark.django_db
def test_a_long_table_leaves_out_rows_without_people_and_says_so(
    code_lists: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("personnel.views.statistics.MANY_ROWS", 4)
    root = make_unit("UBND")
    units = [make_unit(f"DV{number}", parent=root) for number in range(5)]
    make_cadre(unit=units[3])
    text = page(signed_in(Role.PROVINCE_OFFICER))
    assert len(re.findall(r"unit=DV\d", text.partition("<tbody>")[2])) == 1
    assert "Còn 4 dòng chưa có người" in text


@pytest.mark.django_db
def test_a_unit_leads_one_level_down_and_keeps_what_is_asked(province: None) -> None:
    text = page(signed_in(Role.PROVINCE_OFFICER), population="leaders")
    found = re.search(r'href="([^"]+unit=G\.003)"', text)
    assert found
    asked = parse_qs(urlsplit(html.unescape(found[1])).query)
    assert asked == {"day": [DAY.isoformat()], "population": ["leaders"], "unit": ["G.003"]}


@pytest.mark.django_db
def test_out_of_scope_is_not_there(province: None) -> None:
    client = signed_in(Role.UNIT_OFFICER, Unit.objects.get(code="G.003"))
    text = page(client)
    assert "G.004" not in text
    assert "Ủy ban nhân dân tỉnh" not in text
    for asked in ({"unit": "G.004"}, {"unit": "KHONG-CO"}, {"rows": "colour"}, {"population": "x"}, {"export": "doc"}):
        assert client.get(reverse("personnel:structure"), asked).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CADRE])
def test_who_has_no_unit_may_not_open_it(province: None, role: Role) -> None:
    assert signed_in(role).get(reverse("personnel:structure")).status_code == 403


@pytest.mark.django_db
def test_tier_1_numbers_lead_nowhere_for_those_who_do_not_see_it(province: None) -> None:
    unit = Unit.objects.get(code="G.003")
    approver, officer = signed_in(Role.APPROVER, unit), signed_in(Role.UNIT_OFFICER, unit)
    for asked in ({}, {"rows": "ethnic_group"}):
        opened = [address for _, address, _ in LINK.findall(page(officer, **asked)) if "ethnic" in address]
        hidden = [address for _, address, _ in LINK.findall(page(approver, **asked)) if "ethnic" in address]
        assert len(opened) > 3
        assert hidden == []


@pytest.mark.django_db
def test_workbook_and_paper_are_sent_and_logged(province: None) -> None:
    client = signed_in(Role.PROVINCE_OFFICER)
    address = reverse("personnel:structure")
    for kind, start, action in (("xlsx", b"PK", "export"), ("pdf", b"%PDF", "print")):
        response = client.get(address, {"day": DAY.isoformat(), "unit": "G.002", "export": kind})
        assert response.content.startswith(start)
        assert f"co-cau-20251231.{kind}" in response["Content-Disposition"]
        assert AuditEvent.objects.latest("id").action == action


@pytest.mark.django_db
def test_a_long_table_is_printed_as_a_job(
    province: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RESULTS_ROOT = tmp_path
    monkeypatch.setattr("personnel.views.statistics.LONG_TABLE", 3)
    client = signed_in(Role.PROVINCE_OFFICER)
    response = client.get(reverse("personnel:structure"), {"day": DAY.isoformat(), "unit": "G.002", "export": "pdf"})
    job = Job.objects.get()
    assert response["Location"] == reverse("kernel:job-detail", args=[job.key])
    assert (job.state, job.result_name) == (Job.State.DONE, "co-cau-20251231.pdf"), job.error
    assert (tmp_path / job.result_file).read_bytes().startswith(b"%PDF")
    assert AuditEvent.objects.filter(action=AuditEvent.Action.PRINT).count() == 1


@pytest.mark.django_db
def test_the_same_number_of_queries_for_3_units_and_for_30(code_lists: None) -> None:
    root = make_unit("UBND")
    client = signed_in(Role.UNIT_OFFICER, root)
    taken = []
    for more in (3, 27):
        for _ in range(more):
            make_cadre(unit=make_unit(parent=root))
        page(client)
        with CaptureQueriesContext(connection) as caught:
            page(client, rows="title", show="all")
        taken.append(len(caught))
    assert taken[0] == taken[1] <= 15
