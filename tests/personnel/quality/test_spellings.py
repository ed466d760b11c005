"""Headers taught to every office: added, used by the next roster, taken back, and only by those who may."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse

from personnel.imports.roster.importing import RosterOptions, read_roster
from personnel.models import ColumnMapping
from personnel.policies import Role
from tests.factories.personnel import make_unit, make_user

pytestmark = pytest.mark.django_db

URL = "personnel:spellings"


def _birth(folder: Path) -> object:
    path = folder / "danh-sach.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Trang")
        sheet.write_row(0, 0, ["TT", "Họ và tên", "Chào đời", "Số CCCD"])
        sheet.write_row(1, 0, [1, "Lò Thị Mai", "10/05/1980", "010180000001"])
    options = RosterOptions(unit=make_unit())
    return read_roster(path, user=None, options=options).facts[0].born


def test_a_header_that_is_taught_is_understood_and_one_that_is_taken_back_is_not(
    client: Client, tmp_path: Path
) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR))
    assert _birth(tmp_path) is None
    client.post(reverse(URL), {"header": "Chào đời", "column": "birth_date"})
    assert _birth(tmp_path).value == datetime.date(1980, 5, 10)
    assert "Chào đời" in client.get(reverse(URL)).content.decode()
    client.post(reverse(URL), {"remove": ColumnMapping.objects.get().pk})
    assert _birth(tmp_path) is None


@pytest.mark.parametrize("given", [{"header": "", "column": "name"}, {"header": "Chào đời", "column": "khong-co"}])
def test_what_makes_no_sense_is_refused_with_a_sentence(client: Client, given: dict[str, str]) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR))
    assert "Hãy ghi tiêu đề cột" in client.post(reverse(URL), given, follow=True).content.decode()
    assert not ColumnMapping.objects.exists()


def test_an_officer_of_one_unit_teaches_nobody_else(client: Client) -> None:
    client.force_login(make_user(Role.UNIT_OFFICER))
    assert client.post(reverse(URL), {"header": "Chào đời", "column": "birth_date"}).status_code == 403
    assert not ColumnMapping.objects.exists()


def test_headers_stand_in_vietnamese_order_and_columns_in_their_parts(client: Client) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR))
    for header in ("Ước", "Đây", "Ánh", "Zê", "Ao", "Ấu", "Dời"):
        client.post(reverse(URL), {"header": header, "column": "note"})
    page = client.get(reverse(URL)).content.decode()
    assert re.findall(r'data-label="Tiêu đề trong tệp">(\w+)<', page) == ["Ánh", "Ao", "Ấu", "Dời", "Đây", "Ước", "Zê"]
    parts = re.findall(r'<optgroup label="([^"]+)">', page)
    assert parts[0] == "Họ tên, nhân thân"
    assert "Ngạch, lương" in parts
