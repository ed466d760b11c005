"""The list shape: filters in the address, chips, order, columns, pages, export, fragment."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hrdb.kernel.models.user import User
from hrdb.kernel.screens import Column, export_labels, export_rows
from tests.kernel.screens.gallery.people import make_people

LIST = "/gallery/people/"


def names(response: Any) -> list[str]:
    """The names shown, from top to bottom."""
    return [row.record.full_name for row in response.context["rows"]]


def test_counts_and_pages(page: Client) -> None:
    response = page.get(LIST)
    assert len(names(response)) == 50
    assert response.context["lead"] == "64 người trong Sở Nội vụ và đơn vị trực thuộc"
    second = page.get(LIST, {"page": "2"})
    assert len(names(second)) == 14
    assert "51–64 trong 64 người" in second.content.decode()
    assert names(page.get(LIST, {"page": "99"})) == names(second)


def test_order_and_turning_it(page: Client) -> None:
    up, down = page.get(LIST), page.get(LIST, {"sort": "-name"})
    assert names(up)[0] == min(User.objects.filter(username__startswith="nguoi").values_list("full_name", flat=True))
    assert names(down)[0] != names(up)[0]
    head = next(head for head in up.context["heads"] if head.column.key == "name")
    assert (head.sorted, head.url) == ("ascending", "/gallery/people/?sort=-name")
    assert 'aria-sort="descending"' in down.content.decode()


def test_order_puts_empty_values_last_only_where_they_can_be() -> None:
    plain, nullable = Column(key="a", label="A", sort="full_name"), Column(key="b", label="B", sort="last_login")
    assert plain.order(True, User)[0].nulls_last is None
    assert nullable.order(True, User)[0].nulls_last is True
    assert nullable.order(False, User)[0].nulls_last is None
    assert Column(key="c", label="C", sort=F("last_login").desc()).order(True)[0].descending is False


def test_filters_narrow_and_show_chips(page: Client) -> None:
    response = page.get(LIST, {"q": "Giàng"})
    assert set(names(response)) == {"Giàng Minh Ánh"}
    chips = {chip.key: chip for chip in response.context["chips"]}
    assert chips["q"].text == "Tìm «Giàng»"
    assert chips["q"].remove_url == LIST
    assert chips["state"].text == "Đang làm việc"


def test_default_filter_can_be_switched_off(page: Client) -> None:
    User.objects.filter(full_name="Giàng Minh Ánh").update(is_active=False)
    assert "Giàng Minh Ánh" not in names(page.get(LIST, {"q": "Minh"}))
    chip = page.get(LIST).context["chips"][0]
    assert chip.remove_url == LIST + "?state="
    assert "Giàng Minh Ánh" in names(page.get(chip.remove_url))


def test_unreadable_filter_gives_nothing(page: Client) -> None:
    response = page.get(LIST, {"state": "moon"})
    assert names(response) == []
    assert response.context["chips"][0].is_wrong
    assert "Không có dòng nào khớp với bộ lọc" in response.content.decode()


def test_empty_list_says_what_to_do(page: Client) -> None:
    User.objects.filter(username__startswith="nguoi").delete()
    text = page.get(LIST + "?state=").content.decode()
    assert "Chưa có hồ sơ nào" in text
    assert "<table" not in text


def test_columns_are_chosen_in_the_address(page: Client) -> None:
    shown = [head.column.key for head in page.get(LIST, {"columns": ["born", "full"]}).context["heads"]]
    assert shown == ["name", "born", "full"]
    assert "born" not in [head.column.key for head in page.get(LIST).context["heads"]]


def menu(page: Client, key: str, query: str = "") -> str:
    """The menu of filters as htmx fetches it."""
    headers = {"HX-Request": "true", "HX-Target": f"filter-menu-{key}"}
    return str(page.get(LIST + query, headers=headers).content.decode())


def test_heavy_menus_are_fetched_when_opened(page: Client) -> None:
    text = page.get(LIST).content.decode()
    assert 'id="filter-menu-others"' in text
    assert 'name="age_from"' not in text
    assert 'name="sex"' in text  # light: drawn at once
    fetched = menu(page, "others", "?age_from=30")
    assert '<input type="number" name="age_from" value="30"' in fetched
    assert "<html" not in fetched


def test_menus_that_are_not_drawn_lose_nothing(page: Client) -> None:
    text = page.get(LIST + "?age_from=30&degree=Thạc sĩ&degree=Tiến sĩ").content.decode()
    text = text[text.index('<form class="chips"') : text.index("<table")]
    assert '<input type="hidden" name="age_from" value="30">' in text
    assert text.count('<input type="hidden" name="degree"') == 2


def test_menus_open_without_scripts(page: Client) -> None:
    text = page.get(LIST + "?filters=others").content.decode()
    assert 'name="age_from"' in text
    assert '<input type="hidden" name="filters"' not in text


def test_export_is_what_is_seen(page: Client) -> None:
    response = page.get(LIST, {"q": "Thị", "sort": "-name", "columns": ["title", "born"], "export": "xlsx"})
    assert response["Content-Disposition"].startswith('attachment; filename="can-bo-')
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.values)
    assert rows[3] == ("STT", "Họ và tên", "Chức vụ, đơn vị", "Đơn vị", "Ngày sinh")
    seen = names(page.get(LIST, {"q": "Thị", "sort": "-name"}))
    assert [row[1] for row in rows[4:]] == seen
    assert hasattr(rows[4][4], "year")


def test_unknown_export_is_not_there(page: Client) -> None:
    assert page.get(LIST, {"export": "exe"}).status_code == 404


def test_export_of_hostile_texts_stays_text() -> None:
    from hrdb.kernel.screens.exports import write_workbook

    columns = [Column(key="name", label="Tên", value=lambda row: row)]
    content = write_workbook("T", "L", columns, ["=1+1", "http://example.org", None])
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.values)
    assert [row[1] for row in rows[4:]] == ["=1+1", "http://example.org", None]


def test_fragment_is_part_of_the_page(page: Client) -> None:
    whole = page.get(LIST).content.decode()
    part = page.get(LIST, headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()
    assert "<html" not in part
    assert part.strip().startswith('<section class="card results" id="list"')
    assert 'hx-swap-oob="true"' in part
    assert re.findall(r"<tr>.*</tr>", part)[1:] == re.findall(r"<tr>.*</tr>", whole)[1:]


def test_other_targets_get_the_page(page: Client) -> None:
    assert b"<html" in page.get(LIST, headers={"HX-Request": "true", "HX-Target": "elsewhere"}).content


def test_answer_is_not_kept_by_browsers(page: Client) -> None:
    response = page.get(LIST)
    assert "no-store" in response["Cache-Control"]
    assert "HX-Request" in response["Vary"]


def test_same_queries_at_any_length(gallery: None, reader: User, db: None) -> None:
    client = Client()
    client.force_login(reader)
    client.get(LIST)
    counts = []
    for more in (3, 27, 34):
        make_people(more, since=User.objects.count())
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts
    assert sum("LIMIT 50" in query["sql"] for query in asked) == 1


def test_page_is_light(page: Client) -> None:
    assert len(page.get(LIST).content) < 45_000


def test_cells_escape_what_people_type(page: Client) -> None:
    User.objects.filter(username="nguoi0000").update(full_name="A <script>alert(1)</script>")
    text = page.get(LIST, {"q": "script"}).content.decode()
    assert "<script>alert" not in text
    assert "A &lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_export_rows_feed_any_writer() -> None:
    columns = [
        Column(key="a", label="A", value=lambda row: row["a"], second=lambda row: "x", second_label="A2"),
        Column(key="b", label="B", value=lambda row: row["b"], export=False),
        Column(key="c", label="C", value=lambda row: True, export=lambda row: row["b"]),
    ]
    assert export_labels(columns) == ["A", "A2", "C"]
    assert list(export_rows(columns, [{"a": 1, "b": None}, {"a": "", "b": 2.5}])) == [[1, "x", None], [None, "x", 2.5]]


def test_signed_out_readers_go_to_the_login_page(gallery: None, db: None) -> None:
    response = Client().get(LIST)
    assert response["Location"] == f"/login/?next={LIST}"
