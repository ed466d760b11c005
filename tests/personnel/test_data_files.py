"""The data files say what they must, unambiguously, and fit the models that hold them."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import Counter, defaultdict
from itertools import pairwise, product
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from personnel.choices import Confidence, EmploymentCategory, ManagingLevel, TitleBranch, TitleGroup, UnitLevel
from personnel.data import list_names, read_form, read_list, read_titles
from personnel.models import CODE_LISTS, Title
from personnel.services.reference import load_reference

LISTS = list_names()
COMMON_KEYS = {
    "code",
    "name",
    "short_name",
    "aliases",
    "position",
    "valid_from",
    "valid_until",
    "confidence",
    "is_official_code",
}
#: Lists whose names repeat by nature and are told apart by another field.
NAMES_REPEAT = {"communes"}


def strict_key(text: str) -> str:
    """Letters and digits alone, without diacritics: two spellings that any matcher might confuse have one key."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", plain)


def spellings(item: dict[str, Any]) -> set[str]:
    """Every key by which an item may be written: code, name, short name, aliases."""
    texts = [item["code"], item["name"], item.get("short_name", ""), *item["aliases"]]
    return {strict_key(text) for text in texts if text}


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether both items may be used on some day."""
    starts = max(one["valid_from"] or "0001-01-01", other["valid_from"] or "0001-01-01")
    return starts < min(one["valid_until"] or "9999-12-31", other["valid_until"] or "9999-12-31")


def ambiguous(items: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Spellings that two items of one day share."""
    holders: dict[str, list[dict[str, Any]]] = defaultdict(list)
    found = []
    for item in items:
        for spelling in spellings(item):
            found += [(spelling, other["code"], item["code"]) for other in holders[spelling] if overlap(other, item)]
            holders[spelling].append(item)
    return found


def resolve(name: str, text: str) -> str | None:
    """The code that a spelling stands for today."""
    today = [item for item in read_list(name)["items"] if not item["valid_until"]]
    codes = [item["code"] for item in today if strict_key(text) in spellings(item)]
    assert len(codes) < 2
    return codes[0] if codes else None


@pytest.mark.parametrize("name", LISTS)
def test_list_is_well_formed(name: str) -> None:
    """Head, keys, NFC text, unique codes, growing positions, ordered validity, our own codes marked."""
    content = read_list(name)
    assert content["list"] == name
    assert content["label"]
    assert content["source"]
    items = content["items"]
    assert len({item["code"] for item in items}) == len(items)
    assert all(one["position"] < other["position"] for one, other in pairwise(items))
    for item in items:
        assert set(item) >= COMMON_KEYS, item["code"]
        assert item["is_official_code"] is not item["code"].startswith("x-"), item["code"]
        assert Confidence(item["confidence"])
        assert item["name"] == item["name"].strip() != ""
        for text in (item["name"], item["short_name"], *item["aliases"]):
            assert text == unicodedata.normalize("NFC", text) == " ".join(text.split())
        for day in (item["valid_from"], item["valid_until"]):
            assert day is None or datetime.date.fromisoformat(day)
        assert not item["valid_from"] or not item["valid_until"] or item["valid_from"] < item["valid_until"]


@pytest.mark.parametrize("name", [name for name in LISTS if name not in NAMES_REPEAT])
def test_no_spelling_is_ambiguous(name: str) -> None:
    """Neither code, name, short name nor alias stands for two items of one day."""
    assert ambiguous(read_list(name)["items"]) == []


def test_communes_are_told_apart_inside_a_province() -> None:
    """The name of a commune, with xã or phường, is unique in its province."""
    names = Counter((item["province"], item["name"]) for item in read_list("communes")["items"])
    assert [name for name, count in names.items() if count > 1] == []


def test_every_code_list_has_a_file_that_fits_its_model() -> None:
    """Each model of the code lists is fed, and each attribute of an item that the model knows is one it accepts."""
    assert {read_list(name)["model"] for name in LISTS} == {model.__name__ for model in CODE_LISTS}
    for name in LISTS:
        content = read_list(name)
        model = apps.get_model("personnel", content["model"])
        fields = {field.name: field for field in model._meta.concrete_fields}
        own = set(fields) - COMMON_KEYS - {"id"}
        for item in content["items"]:
            assert own <= set(item), f"{name} {item['code']}: thiếu {own - set(item)}"
            for key in own:
                field = fields[key]
                if isinstance(field, models.ForeignKey):
                    continue
                assert item[key] is not None or field.null, f"{name} {item['code']}: {key}"
                if item[key] not in (None, ""):
                    field.clean(field.to_python(item[key]), None)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("ethnic_groups", "Việt", "01"),
        ("ethnic_groups", "KINH", "01"),
        ("ethnic_groups", "H'Mông", "08"),
        ("ethnic_groups", "Hmông", "08"),
        ("ethnic_groups", "Mông", "08"),
        ("ethnic_groups", "Tu Dí", "48"),
        ("ethnic_groups", "Kinhh", None),
        ("religions", "Không", "99"),
        ("religions", "không tôn giáo", "99"),
        ("religions", "Đạo Thiên Chúa", "02"),
        ("schooling", "12/12", "22"),
        ("degree_levels", "Th.S", "03"),
        ("degree_levels", "Thạc sỹ", "03"),
        ("degree_levels", "ĐH", "04"),
        ("degree_levels", "Cử nhân", "04"),
        ("degree_levels", "Kỹ sư", "05"),
        ("degree_levels", "Bác sỹ", "04"),
        ("degree_levels", "BS CKII", "12"),
        ("political_theory_levels", "CC", "09"),
        ("political_theory_levels", "cao cấp LLCT", "09"),
        ("political_theory_levels", "Cử nhân", "x-cu-nhan"),
        ("state_management_levels", "CVC", "x-chuyen-vien-chinh"),
        ("state_management_levels", "Chuyên viên", "x-chuyen-vien"),
        ("languages", "Tiếng Trung", "05"),
        ("language_levels", "B1", "x-bac-3"),
        ("language_levels", "bậc 3/6", "x-bac-3"),
        ("language_levels", "A2", "x-bac-2"),
        ("language_levels", "ĐH", "x-dai-hoc"),
        ("ranks", "CVCC", "01.001"),
        ("ranks", "01.003", "01.003"),
        ("ranks", "Giáo viên THPT hạng III", "V.07.05.15"),
        ("ranks", "Kỹ sư", "V.05.02.07"),
        ("rating_levels", "HTXSNV", "01"),
        ("discipline_forms", "Khiển trách", "01"),
        ("discipline_forms", "Khai trừ", "x-dang-khai-tru"),
        ("discipline_forms", "Giáng chức", None),
        ("relative_kinds", "Bố đẻ", "03"),
    ],
)
def test_what_offices_write_is_understood(name: str, text: str, code: str | None) -> None:
    """Spellings met in rosters stand for the right item; what is misspelt or closed stands for none."""
    assert resolve(name, text) == code


def test_provinces_are_the_34_of_today_and_the_63_of_before() -> None:
    """34 are open; the 63 of before are continued or closed with a successor that is open; 63 prefixes of numbers."""
    items = {item["code"]: item for item in read_list("provinces")["items"]}
    today = [item for item in items.values() if not item["valid_until"]]
    closed = [item for item in items.values() if item["valid_until"]]
    continued = [item for item in today if not item["valid_from"]]
    assert (len(today), len(continued), len(continued) + len(closed)) == (34, 11, 63)
    assert all(item["valid_until"] == "2025-07-01" and items[item["successor"]] in today for item in closed)
    assert items["x-63-15"]["name"] == "Tỉnh Yên Bái"
    assert items["x-63-15"]["successor"] == items["x-63-10"]["successor"] == "15"
    prefixes = [prefix for item in items.values() for prefix in item["birth_number_codes"]]
    assert len(prefixes) == len(set(prefixes)) == 63


def test_communes_are_the_3321_of_today() -> None:
    """3.321 units with five digits, each in a province of today."""
    items = read_list("communes")["items"]
    open_provinces = {item["code"] for item in read_list("provinces")["items"] if not item["valid_until"]}
    assert len(items) == 3321
    assert all(re.fullmatch(r"\d{5}", item["code"]) for item in items)
    assert {item["province"] for item in items} == open_provinces
    assert Counter(item["kind"] for item in items) == {"commune": 2611, "ward": 697, "special_zone": 13}
    assert sum(item["province"] == "15" for item in items) == 99


def test_closed_forms_of_discipline() -> None:
    """Demotion and lowering of pay ended with June 2025; who disciplines whom names categories of employment."""
    items = {item["name"]: item for item in read_list("discipline_forms")["items"]}
    assert {name for name, item in items.items() if item["valid_until"]} == {"Hạ bậc lương", "Giáng chức"}
    assert items["Cách chức"]["severity"] > items["Cảnh cáo"]["severity"] > items["Khiển trách"]["severity"]
    for item in items.values():
        assert all(EmploymentCategory(category) for category in item["categories"])


def test_titles_are_well_formed() -> None:
    """Choices, kinds of unit and levels exist; leaders of the commune have the confirmed place in the list."""
    items = read_titles()["items"]
    kinds = {item["code"] for item in read_list("unit_kinds")["items"]}
    fields = {field.name for field in Title._meta.concrete_fields} - {"id"}
    assert len({item["code"] for item in items}) == len(items)
    for item in items:
        assert fields <= set(item), item["code"]
        assert TitleBranch(item["branch"])
        assert TitleGroup(item["group"])
        assert ManagingLevel(item["managing_level"])
        assert set(item["unit_kinds"]) <= kinds
        assert all(UnitLevel(level) for level in item["unit_levels"])
        assert item["is_leadership"] or item["rank"] is None
    rank = {item["code"]: (item["rank"], item["confidence"]) for item in items}
    assert {rank[code] for code in ("BT-DU-XA",)} == {(6, "one_source")}
    assert {rank[code] for code in ("PBT-DU-XA", "CT-HDND-XA", "CT-UBND-XA")} == {(7, "one_source")}
    assert {rank[code] for code in ("UVBTV-DU-XA", "PCT-UBND-XA", "PCT-HDND-XA", "CT-MTTQ-XA")} == {(8, "one_source")}
    assert {rank[code] for code in ("UVBCH-DU-XA", "TP-KT-XA")} == {(9, "one_source")}
    assert rank["GD-SO"][1] == "unconfirmed"


def titles_at(kind: str, level: str) -> list[dict[str, Any]]:
    """Titles that a spelling may stand for in a unit of this kind and level."""
    return [
        item
        for item in read_titles()["items"]
        if (not item["unit_kinds"] or kind in item["unit_kinds"])
        and (not item["unit_levels"] or level in item["unit_levels"])
    ]


def test_no_title_is_ambiguous_in_a_unit() -> None:
    """«Giám đốc» may be many things, but in one kind of unit at one level it is one."""
    kinds = [item["code"] for item in read_list("unit_kinds")["items"]]
    for kind, level in product(kinds, UnitLevel.values):
        assert ambiguous(titles_at(kind, level)) == [], (kind, level)


@pytest.mark.parametrize(
    ("kind", "level", "text", "code"),
    [
        ("x-so-ban-nganh", "province", "Giám đốc", "GD-SO"),
        ("x-so-ban-nganh", "province", "Phó Trưởng phòng", "PTP-SO"),
        ("x-so-ban-nganh", "province", "Chánh Thanh tra", "CTT-TINH"),
        ("x-van-phong", "province", "Chánh Văn phòng", "CVP-UBND-TINH"),
        ("x-don-vi-su-nghiep", "province", "Giám đốc", "GD-DVSN"),
        ("x-don-vi-su-nghiep", "commune", "Hiệu trưởng", "HT"),
        ("x-uy-ban-nhan-dan", "commune", "Phó Chủ tịch UBND xã", "PCT-UBND-XA"),
        ("x-uy-ban-nhan-dan", "commune", "Bí thư Đảng ủy", "BT-DU-XA"),
        ("x-uy-ban-nhan-dan", "commune", "Ủy viên Ban Thường vụ Đảng ủy", "UVBTV-DU-XA"),
        ("x-uy-ban-nhan-dan", "commune", "Trưởng phòng Kinh tế", "TP-KT-XA"),
        ("x-uy-ban-nhan-dan", "commune", "Công chức", "CC"),
    ],
)
def test_titles_of_rosters_are_understood(kind: str, level: str, text: str, code: str) -> None:
    """What rosters write under Chức vụ, in the unit that they name."""
    assert [item["code"] for item in titles_at(kind, level) if strict_key(text) in spellings(item)] == [code]


def resolves(place: str) -> bool:
    """Whether a place such as `Cadre.full_name` or `Qualification` exists in the models."""
    model_name, _, field = place.partition(".")
    model = apps.get_model("personnel", model_name)
    return not field or field in {item.name for item in model._meta.get_fields()}


def test_every_row_of_the_unified_form_has_its_place() -> None:
    """93 rows with stable keys; each stands in the record, save the planned titles, which the planning app adds."""
    rows = read_form("unified_2023")["rows"]
    assert len({row["key"] for row in rows}) == len(rows) == 93
    assert [row["key"] for row in rows if row["place"] is None] == ["planned_titles"]
    assert all(resolves(row["place"]) for row in rows if row["place"])
    assert all(len(row["columns"]) > 1 for row in rows if row["type"] == "table")
    assert all(row["list"] in LISTS or row["list"] == "titles" for row in rows if "list" in row)


def test_items_of_the_form_of_2008_stand_in_order() -> None:
    """Items 1 to 32, none missing, in order; every row has its place in the record."""
    rows = read_form("form_2c_2008")["rows"]
    numbers = [int(re.match(r"\d+", row["item"])[0]) for row in rows if row["item"] != "H"]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 33))
    assert len({row["key"] for row in rows}) == len(rows)
    assert all(resolves(row["place"]) for row in rows)


@pytest.mark.database
@pytest.mark.django_db
def test_prepare_loads_every_item_once() -> None:
    """All items of all lists and all titles arrive; a second run writes nothing."""
    load_reference()
    for model in CODE_LISTS:
        wanted = sum(len(read_list(name)["items"]) for name in LISTS if read_list(name)["model"] == model.__name__)
        assert model._default_manager.count() == wanted, model.__name__
    assert Title.objects.count() == len(read_titles()["items"])
    again = load_reference()
    assert set(again.added.values()) == set(again.changed.values()) == {0}
