"""The list of people beside naive Python: who is listed, in what order, with which columns, and what leaves with it."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.models import AuditEvent
from personnel.choices import PRESENT_STATES, EmploymentCategory, RankGroup, TitleGroup
from personnel.policies import Role
from personnel.views.cadre_list import CadreList
from tests.factories.personnel import make_cadre, make_unit, make_user
from tests.factories.workbooks import rows_of
from tests.personnel.cadres.pages import signed_in
from tests.personnel.people.conftest import PAST, TODAY, Person, Province

MINORITIES = {"02", "05"}
HIRED = ["public_employee", "contract_111"]


def ask(client: Client, **asked: Any) -> Any:
    """The answer of the list."""
    response = client.get(reverse("personnel:cadre-list"), asked)
    assert response.status_code == 200
    return response


def listed(client: Client, **asked: Any) -> list[str]:
    """Names in the order of the list."""
    return [row.record.full_name for row in ask(client, **asked).context["rows"]]


def found(client: Client, **asked: Any) -> set[str]:
    """Names of everybody listed."""
    names = listed(client, **asked)
    assert len(names) == len(set(names))
    return set(names)


def age(person: Person, day: datetime.date = TODAY) -> int:
    """Age by counting birthdays."""
    return day.year - person.born.year - ((day.month, day.day) < (person.born.month, person.born.day))


def is_present(person: Person) -> bool:
    """In the workforce, by the default of the list."""
    return person.state in PRESENT_STATES and person.category != EmploymentCategory.OUTSIDE


@pytest.fixture
def everywhere(province: Province) -> Client:
    """The browser of an officer of the whole province."""
    return signed_in(make_user(Role.PROVINCE_OFFICER))


@pytest.fixture
def at_home(province: Province) -> Client:
    """The browser of the officer of department A."""
    return signed_in(make_user(Role.UNIT_OFFICER, unit=province.units["A"]))


#: What is asked, and what it means of one person.
FILTERS: list[tuple[dict[str, Any], Callable[[Person], bool]]] = [
    ({"unit": "A"}, lambda one: one.unit in ("A", "A.1")),
    ({"unit": "A.1"}, lambda one: one.unit == "A.1"),
    ({"unit": "UBND"}, lambda one: True),
    ({"state": "maternity"}, lambda one: one.state == "maternity"),
    ({"state": "retired"}, lambda one: one.state == "retired"),
    ({"state": "all"}, lambda one: True),
    ({"category": "public_employee"}, lambda one: one.category == "public_employee"),
    ({"category": HIRED}, lambda one: one.category in HIRED),
    ({"group": TitleGroup.HEAD}, lambda one: one.group == TitleGroup.HEAD),
    ({"group": [TitleGroup.HEAD, TitleGroup.DEPUTY]}, lambda one: one.group in (TitleGroup.HEAD, TitleGroup.DEPUTY)),
    ({"title": "PGD"}, lambda one: one.title == "PGD"),
    ({"leader": "on"}, lambda one: one.is_leader),
    ({"sex": "female"}, lambda one: one.sex == "female"),
    ({"minority": "on"}, lambda one: one.ethnicity in MINORITIES),
    ({"ethnicity": "05"}, lambda one: one.ethnicity == "05"),
    ({"age_from": "40"}, lambda one: age(one) >= 40),
    ({"age_to": "29"}, lambda one: age(one) <= 29),
    ({"age_from": "30", "age_to": "40"}, lambda one: 30 <= age(one) <= 40),
    ({"party": "yes"}, lambda one: one.is_party),
    ({"party": "no"}, lambda one: not one.is_party),
    ({"degree": "dh"}, lambda one: "dh" in one.levels),
    ({"theory": "cao-cap"}, lambda one: "cao-cap" in one.levels),
    ({"rank_group": RankGroup.PRINCIPAL}, lambda one: one.rank_group == RankGroup.PRINCIPAL),
    ({"incomplete": "on"}, lambda one: True),
    ({"sex": "female", "minority": "on", "unit": "B"}, lambda one: (one.sex, one.unit) == ("female", "B")),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "means"), FILTERS, ids=lambda given: str(given) if isinstance(given, dict) else "")
def test_each_filter_says_what_counting_one_by_one_says(
    asked: dict[str, Any], means: Callable[[Person], bool], province: Province, everywhere: Client, at_home: Client
) -> None:
    fitting = {one.name for one in province.people if means(one) and ("state" in asked or is_present(one))}
    assert fitting, "the sample has somebody for each filter"
    assert found(everywhere, **asked) == fitting
    scope = province.below("A")
    here = {one.name for one in province.people if one.name in fitting and one.unit in scope}
    assert found(at_home, **asked) == (set() if asked.get("unit") in ("UBND", "B") else here)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("an", {"Ân Văn Đạt", "Bế Thị Ánh", "Chu Đức An", "Giàng A Tủa", "Hạ An", "Ma Văn Tài"}),
        ("dao", {"Đào Thị Hà", "Lò Thị Đào"}),
        ("ĐÀO", {"Đào Thị Hà", "Lò Thị Đào"}),
        ("ly a su", {"Lý A Sử"}),
        ("sh-02", {"Chu Đức An"}),
        ("SH-0", set()),
        ("không ai", set()),
    ],
)
def test_people_are_found_without_diacritics_and_by_their_code(
    words: str, names: set[str], province: Province, everywhere: Client
) -> None:
    assert found(everywhere, q=words) == {name for name in names if is_present(province.person(name))}


def test_people_are_found_by_the_number_however_it_is_grouped(province: Province, everywhere: Client) -> None:
    person = province.person("Chu Đức An")
    number = str(person.cadre.personal_number)
    for words in (
        number,
        f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}",
        number[:11],
        f"{number[:6]}.{number[6:]}",
    ):
        assert person.name in found(everywhere, q=words)
    assert found(everywhere, q=number[1:]) == set()


def test_the_order_is_vietnamese_by_given_name(everywhere: Client) -> None:
    names = listed(everywhere, state="all")
    assert names == [
        "Chu Đức An", "Hạ An", "Bế Thị Ánh", "Nông Văn Dền", "Lò Thị Đào", "Ân Văn Đạt", "Đào Thị Hà", "Hà Nguyễn",
        "Lý A Sử", "Ma Văn Tài", "Giàng A Tủa", "Ông Thị Yên",
    ]  # fmt: skip
    assert listed(everywhere, state="all", sort="-name") == names[::-1]


@pytest.mark.parametrize("key", ["born", "sex", "officer_code", "completeness", "recruited"])
def test_each_sortable_column_sorts_both_ways(key: str, province: Province, everywhere: Client) -> None:
    columns = {column.key for column in CadreList.columns if column.sort}
    assert columns == {"name", "born", "sex", "officer_code", "completeness", "recruited"}
    up, down = (
        [row.record for row in ask(everywhere, state="all", sort=sign + key, columns=key).context["rows"]]
        for sign in ("", "-")
    )
    field = {"recruited": "first_recruited_on"}.get(key, key)
    values = [getattr(one, field) for one in up]
    assert values == sorted(values, key=lambda value: (value is None, value))
    assert [getattr(one, field) for one in down] == sorted(values, key=lambda value: (value is not None, value))[::-1]


def test_an_order_nobody_knows_is_the_usual_one(everywhere: Client) -> None:
    assert listed(everywhere, sort="password") == listed(everywhere)


def test_columns_are_chosen_in_the_address_and_the_name_stays(everywhere: Client) -> None:
    heads = [head.column.key for head in ask(everywhere, columns="rank,party").context["heads"]]
    assert heads == ["name", "rank", "party"]
    shown = [head.column.key for head in ask(everywhere).context["heads"]]
    assert shown == [column.key for column in CadreList.columns if not column.hidden]
    assert [head.column.key for head in ask(everywhere, columns="nothing").context["heads"]] == shown


def test_every_column_can_be_shown_and_exported(everywhere: Client) -> None:
    keys = ",".join(column.key for column in CadreList.columns)
    text = ask(everywhere, columns=keys).content.decode()
    for column in CadreList.columns:
        assert html.escape(column.label) in text
    assert len(rows_of(ask(everywhere, columns=keys, export="xlsx").content)[3]) >= len(CadreList.columns)


# What leaves the server -----------------------------------------------------------------------------------------------


def test_the_export_is_exactly_what_is_seen_and_is_logged(province: Province, everywhere: Client) -> None:
    asked = {"unit": "A", "sex": "male", "sort": "-born", "columns": "born,number,party"}
    response = ask(everywhere, **asked, export="xlsx")
    rows = rows_of(response.content)
    assert rows[3] == ("STT", "Họ và tên", "Số định danh", "Ngày sinh", "Ngày vào Đảng")
    assert [row[1] for row in rows[4:]] == listed(everywhere, **asked)
    for place, row in enumerate(rows[4:], 1):
        person = province.person(row[1])
        joined = datetime.date(2012, 2, 3) if person.is_party else None
        assert row[0] == place
        assert row[2] == person.cadre.personal_number
        assert row[3].date() == person.born
        assert (row[4].date() if row[4] else None) == joined
    event = AuditEvent.objects.filter(action=AuditEvent.Action.EXPORT).get()
    assert event.details["what"] == "danh sách cán bộ"
    assert event.details["columns"] == ["Họ và tên", "Số định danh", "Ngày sinh", "Ngày vào Đảng"]
    assert event.details["filters"]["unit"] == "A"
    assert set(event.details["people"]) == {province.person(row[1]).cadre.pk for row in rows[4:]}


def test_what_looks_like_a_formula_stays_text(province: Province, everywhere: Client) -> None:
    make_cadre(unit=province.units["A"], name="Tẩn A", title_text='=HYPERLINK("http://x","y")')
    rows = rows_of(ask(everywhere, q="tan a", export="xlsx").content)
    assert any(cell == '=HYPERLINK("http://x","y")' for row in rows[4:] for cell in row)
    assert b"<f>" not in ask(everywhere, q="tan a", export="xlsx").content


def test_another_kind_of_export_does_not_exist(everywhere: Client) -> None:
    assert everywhere.get(reverse("personnel:cadre-list"), {"export": "csv"}).status_code == 404
    assert not AuditEvent.objects.filter(action=AuditEvent.Action.EXPORT).exists()


# Another day, another scope -------------------------------------------------------------------------------------------


def test_a_past_day_lists_whom_the_scope_held_then(province: Province, everywhere: Client, at_home: Client) -> None:
    scope = province.below("A")
    assert found(at_home, day=PAST.isoformat()) == {
        one.name for one in province.people if one.past_unit in scope and is_present(one)
    }
    for unit in ("A", "A.1", "B"):
        assert found(everywhere, day=PAST.isoformat(), unit=unit) == {
            one.name for one in province.people if one.past_unit in province.below(unit) and is_present(one)
        }
    young = {one.name for one in province.people if age(one, PAST) <= 30 and is_present(one)}
    assert found(everywhere, day=PAST.isoformat(), age_to="30") == young
    assert found(everywhere, day="2009-12-31") == set()


def test_links_of_a_past_day_keep_it(everywhere: Client) -> None:
    text = html.unescape(ask(everywhere, day=PAST.isoformat()).content.decode())
    links = re.findall(r'href="(/[^"]*can-bo/\d+/[^"]*)"', text)
    assert links
    assert all(f"day={PAST.isoformat()}" in link for link in links)


def test_what_is_outside_the_scope_is_not_listed_named_or_counted(province: Province, at_home: Client) -> None:
    inside = {one.name for one in province.people if one.unit in province.below("A")}
    outside = {one.name for one in province.people} - inside
    for asked in (
        {},
        {"state": "all"},
        {"unit": "B"},
        {"unit": "UBND"},
        {"unit": "B", "state": "all", "export": "xlsx"},
    ):
        content = ask(at_home, **asked).content
        text = str(rows_of(content)) if "export" in asked else content.decode()
        assert not [name for name in outside if name in text]
    stranger = province.person("Lò Thị Đào").cadre
    for words in (stranger.full_name, str(stranger.personal_number), stranger.officer_code):
        assert found(at_home, q=words, state="all") == set()
    assert ask(at_home, unit="B").content.decode().count("Sở Y tế") == 0


# Masked numbers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def approver(province: Province) -> Client:
    """The browser of the leader who approves in department A: he sees numbers masked."""
    return signed_in(make_user(Role.APPROVER, unit=province.units["A"]))


def test_numbers_are_masked_on_the_screen_and_whole_in_the_export_of_who_may_see_them(
    province: Province, at_home: Client, approver: Client
) -> None:
    number = str(province.person("Chu Đức An").cadre.personal_number)
    asked = {"q": "chu duc an", "columns": "number,ethnicity,religion"}
    for client, cell in ((at_home, number), (approver, f"{number[0]}{'•' * 8}{number[-3:]}")):
        text = ask(client, **asked).content.decode()
        assert number not in text
        row = rows_of(ask(client, **asked, export="xlsx").content)[4]
        assert cell in row
    text = ask(approver, **asked).content.decode()
    assert "Kinh" not in text
    assert "Kinh" in ask(at_home, **asked).content.decode()


@pytest.mark.parametrize("shape", ["{0}", "{1}.{2}", "{1} {2}", " {0} ", "{1}"])
def test_searching_a_number_tells_nothing_to_who_sees_it_masked(
    shape: str, province: Province, at_home: Client, approver: Client
) -> None:
    number = str(province.person("Chu Đức An").cadre.personal_number)
    words = shape.format(number, number[:6], number[6:])
    assert found(approver, q=words) == set()
    assert "Chu Đức An" in found(at_home, q=words)
    for client, is_told in ((approver, False), (at_home, True)):
        text = client.post(reverse("kernel:search"), {"q": words}).content.decode()
        assert ("Chu Đức An" in text) is is_told


def test_filters_on_ethnicity_tell_nothing_to_who_sees_it_masked(province: Province, approver: Client) -> None:
    for asked in ({"minority": "on"}, {"ethnicity": "05"}, {"ethnicity": "01"}):
        assert found(approver, **asked) == set()


# Edges ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        {"sex": "other"},
        {"state": "asleep"},
        {"category": "king"},
        {"age_from": "many"},
        {"age_from": "-1"},
        {"ethnicity": "99"},
        {"degree": "x' OR 1=1"},
        {"structure": "{"},
        {"unit": "KHONG-CO"},
        {"q": "\x00"},
    ],
)
def test_a_value_nobody_knows_lists_nobody_and_says_so(asked: dict[str, str], everywhere: Client) -> None:
    response = ask(everywhere, **asked)
    assert response.context["rows"] == []
    assert [chip.key for chip in response.context["chips"] if chip.key in asked]


def test_an_empty_list_says_what_to_do_next(province: Province) -> None:
    client = signed_in(make_user(Role.UNIT_OFFICER, unit=make_unit()))
    text = ask(client, state="all").content.decode()
    assert "Bỏ" in text, "a filter in force can be taken off"
    text = ask(client, state="").content.decode()
    assert "Chưa có hồ sơ nào" in text
    assert reverse("personnel:roster-list") in text


@pytest.mark.parametrize("columns", ["", ",".join(column.key for column in CadreList.columns)])
def test_the_list_and_its_export_cost_the_same_for_any_number(
    columns: str, province: Province, everywhere: Client
) -> None:
    asked = {"columns": columns} if columns else {}
    counts: dict[str, set[int]] = {"page": set(), "xlsx": set()}
    for more in (0, 30):
        for _ in range(more):
            make_cadre(unit=province.units["A.1"])
        ask(everywhere, **asked)
        with CaptureQueriesContext(connection) as queries:
            ask(everywhere, **asked)
        counts["page"].add(len(queries))
        with CaptureQueriesContext(connection) as queries:
            ask(everywhere, **asked, export="xlsx")
        counts["xlsx"].add(len(queries))
    assert [len(numbers) for numbers in counts.values()] == [1, 1]
    assert max(counts["page"]) <= 12


def test_a_page_holds_fifty_and_one_past_the_end_is_the_last(province: Province, everywhere: Client) -> None:
    for _ in range(60):
        make_cadre(unit=province.units["B"])
    everybody = 60 + sum(is_present(one) for one in province.people)
    first, second = ask(everywhere), ask(everywhere, page="99")
    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, everybody - 50)
    names = {row.record.pk for page in (first, second) for row in page.context["rows"]}
    assert len(names) == everybody
