"""The tree of units and the page of one unit: on any day, within the scope, with counts that add up."""

from __future__ import annotations

import datetime
import html
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from personnel.choices import EmploymentCategory, EmploymentState, UnitSuccessionKind
from personnel.models import Assignment, Cadre, Decision, Establishment, Seat, Unit, UnitSuccession, UnitVersion
from personnel.policies import Role
from personnel.views.units import unit_tabs
from tests.factories.personnel import make, make_cadre, make_title, make_unit, make_user, move_cadre
from tests.personnel.cadres.pages import show, signed_in

D = datetime.date
TODAY, PAST = D(2026, 6, 1), D(2024, 6, 1)
MERGED = D(2025, 7, 1)


@dataclass
class Tree:
    """The units by code, and those who look at them."""

    units: dict[str, Unit]
    everywhere: Client
    at_home: Client
    director: Cadre


@pytest.fixture
def tree(db: None, time_machine: Any) -> Tree:
    """A committee, two departments, divisions, a unit that was merged away; people in each."""
    time_machine.move_to(datetime.datetime(2026, 6, 1, 9, tzinfo=datetime.UTC), tick=False)
    top = make_unit("UBND", name="Ủy ban nhân dân tỉnh")
    units = {"UBND": top}
    for code, name in (("A", "Sở Nội vụ"), ("B", "Sở Y tế")):
        units[code] = make_unit(code, parent=top, name=name, short_name=f"SO {code}")
    units["A1"] = make_unit("A1", parent=units["A"], name="Phòng Tổ chức cán bộ")
    units["B1"] = make_unit("B1", parent=units["B"], name="Bệnh viện đa khoa")
    units["OLD"] = make_unit("OLD", parent=top, name="Ban Dân tộc", effective_until=MERGED)
    make(UnitSuccession, predecessor=units["OLD"], successor=units["A"], kind=UnitSuccessionKind.MERGE, day=MERGED)
    _rename(units["A1"], "Phòng Công chức, viên chức", D(2025, 1, 1), units["A"])
    for code, count in (("UBND", 1), ("A", 2), ("A1", 3), ("B", 1), ("B1", 4)):
        for _ in range(count):
            make_cadre(unit=units[code])
    make_cadre(unit=units["A1"], state=EmploymentState.RETIRED)
    make_cadre(unit=units["A1"], category=EmploymentCategory.CONTRACT_OTHER)
    make(Establishment, unit=units["A"], year=2026, category=EmploymentCategory.CIVIL_SERVANT, number=4)
    make(Establishment, unit=units["B1"], year=2025, category=EmploymentCategory.PUBLIC_EMPLOYEE, number=10)
    title = make_title("GD", name="Giám đốc", is_leadership=True, rank=1)
    make(Seat, unit=units["A"], title=title, number=1, effective_from=D(2020, 1, 1))
    director = make_cadre(unit=units["A"], name="Vàng A Giám", title=title, since=D(2022, 1, 1))
    return Tree(
        units,
        signed_in(make_user(Role.PROVINCE_OFFICER)),
        signed_in(make_user(Role.UNIT_OFFICER, unit=units["A"])),
        director,
    )


def _rename(unit: Unit, name: str, day: datetime.date, parent: Unit) -> None:
    """Another name from a day on."""
    UnitVersion.objects.filter(unit=unit).update(effective_until=day)
    make_unit(unit.code, parent=parent, name=name, effective_from=day)


def page(client: Client, **asked: str) -> str:
    """The text of the tree."""
    return show(client, "personnel:unit-tree", **asked)


def unit_page(client: Client, code: str, **asked: str) -> str:
    """The text of a unit's page."""
    return show(client, "personnel:unit-detail", code, **asked)


def counts(client: Client, **asked: str) -> dict[str, str]:
    """People and establishment at the end of each node of the tree, by the unit's code."""
    waiting = list(client.get(reverse("personnel:unit-tree"), asked).context["nodes"])
    found = {}
    while waiting:
        node = waiting.pop()
        found[node.key] = ", ".join(node.end)
        waiting += node.children
    return found


# The tree -------------------------------------------------------------------------------------------------------------


def test_the_tree_shows_units_with_people_against_their_establishment(tree: Tree) -> None:
    text = page(tree.everywhere)
    for name in ("Ủy ban nhân dân tỉnh", "Sở Nội vụ", "Sở Y tế"):
        assert name in text
    assert "Ban Dân tộc" not in text
    found = counts(tree.everywhere)
    assert found["UBND"] == "13 người, biên chế 12 / 14"
    assert found["A"] == "7 người, biên chế 6 / 4"
    assert found["B"] == "5 người, biên chế 5 / 10"
    assert "vượt 2" in text


def test_children_are_fetched_when_a_node_is_opened_and_without_scripts_too(tree: Tree) -> None:
    text = page(tree.everywhere)
    assert "below=A" in text
    opened = tree.everywhere.get(
        reverse("personnel:unit-tree"), {"below": "A"}, headers={"HX-Request": "true", "HX-Target": "x"}
    ).content.decode()
    assert "Phòng Công chức, viên chức" in opened
    assert "<html" not in opened
    assert "Phòng Công chức, viên chức" in page(tree.everywhere, below="A")


def wide_tree(tree: Tree, count: int) -> list[str]:
    """Many more units directly below the committee, with long names; answers their codes."""
    name = "Trường Phổ thông dân tộc bán trú Tiểu học và Trung học cơ sở xã Nậm Pung số"
    codes = [f"TR.{number:05d}.BT{number:03d}" for number in range(count)]
    for code in codes:
        below = make_unit(code, parent=tree.units["UBND"], name=f"{name} {code}", position=1)
        make_unit(f"{code}.1", parent=below)
        make(Establishment, unit=below, year=2026, category=EmploymentCategory.CIVIL_SERVANT, number=1200)
    return codes


def test_a_page_and_its_fragments_stay_small_and_all_units_are_reached(tree: Tree) -> None:
    codes = wide_tree(tree, 130)
    address = reverse("personnel:unit-tree")
    response = tree.everywhere.get(address)
    assert len(response.content) < 60_000
    (top,) = response.context["nodes"]
    seen, more, parts = [node.key for node in top.children], top.more, 0
    while more:
        whole = tree.everywhere.get(more.url)
        assert len(whole.content) < 60_000
        assert "<html" in whole.content.decode()
        part = tree.everywhere.get(more.url, headers={"HX-Request": "true"})
        assert "<html" not in part.content.decode()
        assert part.content.decode().count("<details") == len(part.context["nodes"]) == len(whole.context["nodes"])
        seen += [node.key for node in part.context["nodes"]]
        more, parts = part.context["more"], parts + 1
    assert seen == ["A", "B", *codes]
    assert parts == 2
    for asked in ({"below": "UBND"}, {"q": "dan toc ban tru"}):
        assert len(tree.everywhere.get(address, asked).content) < 60_000
    assert len(tree.everywhere.get(reverse("personnel:unit-detail", args=["UBND"])).content) < 60_000


def test_a_search_goes_on_and_names_the_unit_above(tree: Tree) -> None:
    codes = wide_tree(tree, 60)
    response = tree.everywhere.get(reverse("personnel:unit-tree"), {"q": "ban tru"})
    assert response.context["nodes"][0].detail == f"{codes[0]} · Ủy ban nhân dân tỉnh"
    assert "60 đơn vị" in response.content.decode()
    rest = tree.everywhere.get(response.context["more"].url, headers={"HX-Request": "true"})
    assert [node.key for node in rest.context["nodes"]] == codes[50:]
    assert rest.context["more"] is None


@pytest.mark.parametrize("typed", ["-1", "x", "²", "99999", "9" * 30])
def test_a_place_beyond_the_tree_shows_nothing_and_breaks_nothing(typed: str, tree: Tree) -> None:
    assert tree.everywhere.get(reverse("personnel:unit-tree"), {"from": typed}).status_code == 200


def test_branches_open_without_scripts_by_their_link(tree: Tree) -> None:
    text = page(tree.everywhere, day=PAST.isoformat())
    (way,) = re.findall(r'href="(/don-vi/\?below=A&day=[^"]+)"', text)
    opened = html.unescape(tree.everywhere.get(way).content.decode())
    assert "Đơn vị trực thuộc Sở Nội vụ" in opened
    assert "Phòng Tổ chức cán bộ" in opened
    assert "Ủy ban nhân dân tỉnh" in opened  # the way back


@pytest.mark.parametrize(
    ("words", "found"),
    [("so noi", {"A"}), ("Y TẾ", {"B"}), ("b1", {"B1"}), ("cong chuc", {"A1"}), ("ban dan toc", set()), ("x?", set())],
)
def test_units_are_found_by_name_and_code(words: str, found: set[str], tree: Tree) -> None:
    text = page(tree.everywhere, q=words)
    assert {code for code in tree.units if reverse("personnel:unit-detail", args=[code]) in text} == found
    if not found:
        assert "Không có đơn vị nào khớp" in text


def test_a_past_day_shows_names_units_and_people_of_then(tree: Tree) -> None:
    text = page(tree.everywhere, day=PAST.isoformat())
    assert "Ban Dân tộc" in text
    assert "Phòng Tổ chức cán bộ" in page(tree.everywhere, day=PAST.isoformat(), q="phong")
    assert "Phòng Công chức" not in page(tree.everywhere, day=PAST.isoformat(), q="phong")
    move_cadre(tree.director, tree.units["B"], D(2025, 6, 1))
    assert counts(tree.everywhere)["B"] == "6 người, biên chế 6 / 10"
    assert counts(tree.everywhere, day=PAST.isoformat())["B"] == "5 người, biên chế 5 / —"
    assert "Chưa có đơn vị nào" in page(tree.everywhere, day="1990-01-01")


def test_the_tree_ends_at_the_scope(tree: Tree) -> None:
    text = page(tree.at_home)
    assert "Sở Nội vụ" in text
    for name in ("Sở Y tế", "Bệnh viện", "Ủy ban nhân dân tỉnh"):
        assert name not in text
    for asked in ({"q": "so y te"}, {"q": "B1"}, {"below": "B"}, {"below": "UBND"}):
        assert "Bệnh viện" not in page(tree.at_home, **asked)
        assert "Sở Y tế" not in page(tree.at_home, **asked)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.INSPECTOR])
def test_readers_see_the_tree_and_the_page(role: Role, tree: Tree) -> None:
    client = signed_in(make_user(role, unit=tree.units["A"]))
    assert "Sở Nội vụ" in page(client)
    assert "Sở Nội vụ" in unit_page(client, "A")
    assert client.get(reverse("personnel:unit-detail", args=["B"])).status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CADRE])
def test_others_see_neither(role: Role, tree: Tree) -> None:
    client = signed_in(make_user(role))
    assert client.get(reverse("personnel:unit-tree")).status_code == 403
    assert client.get(reverse("personnel:unit-detail", args=["A"])).status_code == 403


# One unit -------------------------------------------------------------------------------------------------------------


def test_the_page_of_a_unit_says_what_it_is_and_leads_on(tree: Tree) -> None:
    text = unit_page(tree.at_home, "A")
    for told in ("Sở Nội vụ", "Mã đơn vị", "Có mặt", "Đang tính biên chế", "vượt 2 người"):
        assert told in text
    for url in (
        reverse("personnel:cadre-list") + "?unit=A",
        reverse("personnel:structure") + "?unit=A",
        reverse("personnel:unit-detail", args=["A1"]),
    ):
        assert url in text
    assert "Ủy ban nhân dân tỉnh" not in re.sub(r"<title>.*?</title>", "", unit_page(tree.at_home, "A1"))
    assert "Ủy ban nhân dân tỉnh" in unit_page(tree.everywhere, "A1")


def test_the_count_of_a_unit_is_the_length_of_the_list_it_leads_to(tree: Tree) -> None:
    found = counts(tree.everywhere)
    assert found.keys() == {"UBND", "A", "B"}
    for code, counted in found.items():
        response = tree.everywhere.get(reverse("personnel:cadre-list"), {"unit": code})
        assert response.context["page"].paginator.count == int(counted.split(" ")[0]), code


def test_the_number_on_the_establishment_opens_its_people(tree: Tree) -> None:
    facts = tree.at_home.get(reverse("personnel:unit-detail", args=["A"])).context["summary_facts"]
    shown = {fact.label: fact for fact in facts}
    assert (shown["Đang tính biên chế"].value, shown["Biên chế được giao"].value) == (6, 4)
    listed = tree.at_home.get(shown["Đang tính biên chế"].url)
    assert listed.context["page"].paginator.count == 6


def test_the_page_says_how_numbers_of_a_unit_and_of_those_below_are_added(tree: Tree) -> None:
    rule = "được tính là đã gồm các đơn vị trực thuộc khi không nhỏ hơn tổng"
    assert rule in page(tree.everywhere)
    make(Establishment, unit=tree.units["A1"], year=2026, category=EmploymentCategory.CIVIL_SERVANT, number=3)
    covering = unit_page(tree.at_home, "A", tab="establishment")
    assert rule in covering
    assert "Số giao cho đơn vị đã gồm các đơn vị trực thuộc" in covering
    make(Establishment, unit=tree.units["B"], year=2026, category=EmploymentCategory.PUBLIC_EMPLOYEE, number=3)
    adding = unit_page(tree.everywhere, "B", tab="establishment")
    assert "là của riêng cơ quan, cộng thêm các đơn vị trực thuộc" in adding
    assert counts(tree.everywhere)["B"] == "5 người, biên chế 5 / 13"


@pytest.mark.parametrize("key", unit_tabs.keys())
def test_every_tab_opens_on_any_day_and_for_a_unit_that_is_gone(key: str, tree: Tree) -> None:
    for code in ("A", "A1", "OLD", "UBND"):
        for day in (TODAY, PAST, D(1990, 1, 1)):
            unit_page(tree.everywhere, code, tab=key, day=day.isoformat())
    assert tree.everywhere.get(reverse("personnel:unit-detail", args=["A"]), {"tab": "secrets"}).status_code == 404


def test_posts_are_those_of_the_day_with_seats_terms_and_decisions(tree: Tree) -> None:
    decision = make(Decision, number="12/QĐ-UBND", signed_on=D(2025, 5, 5), issuer="UBND", effective_on=D(2025, 6, 1))
    move_cadre(tree.director, tree.units["B"], D(2025, 6, 1))
    title = tree.units["A"].seats.get().title
    after = make_cadre(unit=tree.units["A"], name="Lý Thị Sau", title=title, since=D(2025, 6, 1))
    Assignment.objects.filter(cadre=after).update(decision=decision, term_ends_on=D(2030, 6, 1))
    text = unit_page(tree.at_home, "A", tab="posts")
    for told in ("Lý Thị Sau", "12/QĐ-UBND", "01/06/2030", "Ghế chức danh"):
        assert told in text
    assert "Vàng A Giám" not in text
    then = unit_page(tree.at_home, "A", tab="posts", day=PAST.isoformat())
    assert "Vàng A Giám" in then
    assert "Lý Thị Sau" not in then
    assert f"{reverse('personnel:cadre-detail', args=[tree.director.pk])}?day={PAST.isoformat()}" in then


def test_history_tells_names_and_successions(tree: Tree) -> None:
    text = unit_page(tree.everywhere, "A1", tab="history")
    assert "Phòng Tổ chức cán bộ" in text
    assert "Phòng Công chức, viên chức" in text
    assert "Ban Dân tộc" in unit_page(tree.everywhere, "A", tab="history")
    gone = unit_page(tree.everywhere, "OLD", tab="history")
    assert "Sở Nội vụ" in gone
    assert "kết thúc 30/06/2025" in gone


def test_establishment_is_listed_by_year(tree: Tree) -> None:
    text = unit_page(tree.at_home, "A", tab="establishment")
    assert "2026" in text
    assert "Công chức" in text
    assert "Chưa ghi biên chế" in unit_page(tree.at_home, "A1", tab="establishment")


@pytest.mark.parametrize("code", ["B", "B1", "UBND", "OLD", "KHONG-CO"])
def test_a_unit_outside_the_scope_does_not_exist(code: str, tree: Tree) -> None:
    answers = [tree.at_home.get(reverse("personnel:unit-detail", args=[one])) for one in (code, "KHONG-CO")]
    assert [answer.status_code for answer in answers] == [404, 404]
    name = tree.units[code].versions.get().name if code in tree.units else code
    assert name not in html.unescape(answers[0].content.decode())


def test_units_are_found_by_the_search_of_everything_within_the_scope(tree: Tree) -> None:
    def hits(client: Client, words: str) -> str:
        return html.unescape(client.post(reverse("kernel:search"), {"q": words}).content.decode())

    assert "Sở Y tế" in hits(tree.everywhere, "so y te")
    assert reverse("personnel:unit-detail", args=["B"]) not in hits(tree.at_home, "so y te")
    assert reverse("personnel:unit-detail", args=["A"]) in hits(tree.at_home, "noi vu")


def test_pages_cost_the_same_for_any_number_of_units_and_people(tree: Tree) -> None:
    detail = reverse("personnel:unit-detail", args=["A"])
    urls = [reverse("personnel:unit-tree"), *(f"{detail}?tab={tab.key}" for tab in unit_tabs)]
    seen: list[list[int]] = []
    for more in (0, 20):
        title = tree.units["A"].seats.get().title
        for number in range(more):
            below = make_unit(f"A.N{number}", parent=tree.units["A"])
            make_cadre(unit=below)
            make_cadre(unit=tree.units["A"], title=title)
        costs = []
        for url in urls:
            tree.everywhere.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert tree.everywhere.get(url).status_code == 200
            costs.append(len(queries))
        seen.append(costs)
    assert seen[0] == seen[1]
    assert max(seen[0]) <= 15
