"""The profile: what it shows to whom, on which day, in how many queries."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.models import User
from personnel.models import Cadre, Unit
from personnel.policies import Role
from personnel.record_tables import record_parts
from personnel.views.tabs import cadre_tabs
from tests.factories.personnel import make_unit, make_user
from tests.personnel.cadres.records import make_full_cadre

pytestmark = pytest.mark.django_db

D = datetime.date
MOST_QUERIES = 25
SENSITIVE_TABS = ("family", "health", "political", "life", "assets")


@pytest.fixture
def unit() -> Unit:
    return make_unit("SNV", name="Sở Nội vụ")


@pytest.fixture
def cadre(unit: Unit) -> Cadre:
    return make_full_cadre(unit)


@pytest.fixture
def officer(unit: Unit) -> User:
    return make_user(Role.UNIT_OFFICER, unit=unit)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, cadre: Cadre, status: int = 200, **query: str) -> str:
    response = client.get(reverse("personnel:cadre-detail", args=[cadre.pk]), query)
    assert response.status_code == status
    return response.content.decode()


def test_the_head_says_who_the_person_is(cadre: Cadre, officer: User) -> None:
    html = page(signed_in(officer), cadre)
    for text in (
        "Nông Thị Ái",
        "Phó Giám đốc, Sở Nội vụ · từ 01/09/2006, hết thời hạn bổ nhiệm 31/07/2029",
        "Chức vụ Đảng: Phó Bí thư, Đảng bộ Sở Nội vụ",
        "Công chức",
        "Đảng viên",
        "Diện Ban Thường vụ Tỉnh ủy quản lý",
        "15/03/1984",
        "Tày",
        "01.002 · 4,74",
        "Nghị định 135/2020/NĐ-CP",
    ):
        assert text in html


@pytest.mark.parametrize("tab", cadre_tabs.keys())
def test_every_tab_opens_in_few_queries(tab: str, cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    page(client, cadre, tab=tab)
    with CaptureQueriesContext(connection) as queries:
        page(client, cadre, tab=tab)
    assert len(queries) <= MOST_QUERIES, "\n".join(query["sql"][:200] for query in queries)


def test_every_part_shows_its_row(cadre: Cadre, officer: User) -> None:
    client = signed_in(officer)
    for part in record_parts:
        html = page(client, cadre, tab=part.tab)
        assert part.label in html
        row = part.model.objects.filter(cadre=cadre).first()
        assert f'id="{part.key}-{row.pk}"' in html
