"""The home page and the side bar, for every role: what is shown opens, what would not open is not shown."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from hrdb.kernel.models import Job, User
from hrdb.navigation import GROUPS
from personnel.models import ImportBatch, Unit
from personnel.policies import ROLES_WITH_UNIT, Role
from tests.factories.personnel import make_cadre, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Unit:
    """A unit with three people, one of them a woman."""
    unit = make_unit("UBND.02", name="Sở Nội vụ")
    for sex in ("male", "male", "female"):
        make_cadre(unit=unit, sex=sex)
    return unit


def signed_in(user: User) -> Client:
    """A client of this user."""
    client = Client()
    client.force_login(user)
    return client


def reader(role: Role, office: Unit) -> User:
    """An account with a role, over the office where the role asks for a unit."""
    user = make_user(role, unit=office if role in ROLES_WITH_UNIT else None)
    if role == Role.CADRE:
        make_cadre(unit=office, account=user)
    return user


def side_links(text: str) -> list[str]:
    """Addresses in the side bar."""
    return re.findall(r'<li><a href="([^"]+)"', text[text.index('<nav class="side"') : text.index("</nav>")])


@pytest.mark.parametrize("role", list(Role))
def test_every_entry_of_the_side_bar_opens(role: Role, office: Unit) -> None:
    client = signed_in(reader(role, office))
    links = side_links(client.get("/").content.decode())
    assert links[0] == "/"
    answers = {link: client.get(link, follow=True).status_code for link in links}
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("role", list(Role))
def test_what_does_not_open_is_not_in_the_side_bar(role: Role, office: Unit) -> None:
    client = signed_in(reader(role, office))
    links = side_links(client.get("/").content.decode())
    hidden = []
    for item in (item for group in GROUPS for item in group.items):
        try:
            address = reverse(item.view)
        except NoReverseMatch:
            continue
        if address not in links:
            hidden.append((item.label, client.get(address).status_code))
    assert [label for label, status in hidden if status == 200] == []


def test_officer_sees_the_structure_of_the_own_people(office: Unit) -> None:
    make_cadre(unit=make_unit("UBND.03", name="Sở khác"))
    text = signed_in(reader(Role.UNIT_OFFICER, office)).get("/").content.decode()
    assert "33,3%" in text
    assert "1 người" in text
    assert 'href="/thong-ke/co-cau/"' in text


def test_figures_are_of_the_asked_day(office: Unit) -> None:
    text = signed_in(reader(Role.UNIT_OFFICER, office)).get("/?day=1999-12-31").content.decode()
    assert "33,3%" not in text
    assert 'href="/thong-ke/co-cau/?day=1999-12-31"' in text


def test_administrator_sees_no_figure_of_people(office: Unit) -> None:
    text = signed_in(reader(Role.ADMINISTRATOR, office)).get("/").content.decode()
    assert 'class="tiles"' not in text
    assert "Danh sách nhập gần đây" not in text


def test_newest_rosters_within_scope(office: Unit) -> None:
    officer, other = reader(Role.UNIT_OFFICER, office), make_user(Role.UNIT_OFFICER, unit=make_unit("UBND.04"))
    ImportBatch.objects.create(kind="roster", user=officer, file_name="của mình.xlsx", sha256="0" * 64)
    ImportBatch.objects.create(kind="roster", user=other, file_name="của người khác.xlsx", sha256="1" * 64)
    text = signed_in(officer).get("/").content.decode()
    assert "của mình.xlsx" in text
    assert "của người khác.xlsx" not in text


def test_own_jobs_only(office: Unit) -> None:
    officer, other = reader(Role.UNIT_OFFICER, office), make_user()
    Job.objects.create(owner=officer, kind="none", scope="việc của mình")
    Job.objects.create(owner=other, kind="none", scope="việc của người khác")
    text = signed_in(officer).get("/").content.decode()
    assert "việc của mình" in text
    assert "việc của người khác" not in text


def test_home_page_asks_the_same_at_any_size(office: Unit) -> None:
    client = signed_in(reader(Role.UNIT_OFFICER, office))
    client.get("/")
    counts = []
    for more in (0, 12):
        for _ in range(more):
            make_cadre(unit=office)
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 18  # two of them ask what the province rules about rotation
