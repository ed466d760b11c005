"""What an officer chooses from on the pages of a roster: values with what was inferred, columns, units."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from personnel.imports.kept import checked
from personnel.models import Employment, ValueMapping
from tests.factories.personnel import make_unit
from tests.factories.rosters import MAI, PAO, line, roster
from tests.personnel.cadres.pages import show
from tests.personnel.rosters.conftest import Office

BASIS = "Đối tượng suy ra từ chức danh «Lái xe»"
ROSTER = roster(line(1, "Nguyễn Thị Mai", MAI, sex="Nữ", post="Lái xe"), line(2, "Giàng A Páo", PAO, post="Lái xe"))


def test_an_inferred_category_is_asked_about_once_decided_and_remembered(office: Office) -> None:
    batch = office.send(ROSTER)
    found = checked(batch)
    assert found is not None
    assert [(value["text"], value["count"]) for value in found["unknown_values"]] == [("Lái xe", 2), (BASIS, 2)]
    page = show(office.client, "personnel:roster-detail", batch.pk, part="values")
    assert f"{BASIS} </td>" in page
    assert "Công chức (suy ra)" in page
    assert page.count("Giữ nguyên chữ") == 1

    office.post("decide", batch, kind="values", **{"value-1": "-"})
    assert not ValueMapping.objects.exists()
    batch = office.post("decide", batch, kind="values", **{"value-1": "contract_111"})
    assert [value["text"] for value in (checked(batch) or {})["unknown_values"]] == ["Lái xe"]
    assert ValueMapping.objects.get().code == "contract_111"
    office.post("confirm", batch)
    assert set(Employment.objects.exclude(cadre=office.known).values_list("category", flat=True)) == {"contract_111"}


def test_columns_are_offered_by_part_of_the_record_and_units_in_vietnamese_order(
    office: Office, province: Client
) -> None:
    batch = office.send(ROSTER)
    page = show(office.client, "personnel:roster-detail", batch.pk, part="columns")
    first = page[page.index("<select") : page.index("</select>")]
    assert first.count("<optgroup") == 8
    assert (
        first.index("Không đọc cột này") < first.index("Họ và tên") < first.index("Dân tộc") < first.index("Bậc lương")
    )
    assert first.count(" selected") == 1
    for name in ("Ủy ban Mặt trận", "Đảng ủy", "Sở Y tế", "Ban Dân tộc"):
        make_unit(name=name)
    sent = province.get(reverse("personnel:roster-upload")).content.decode()
    names = [name for name in re.findall(r'<option value="[^"]*"[^>]*>([^<]+)</option>', sent) if name != "Theo tệp"]
    wanted = ["Ban Dân tộc", "Đảng ủy", "Sở Nội vụ", "Sở Y tế", "Ủy ban Mặt trận", "Ủy ban nhân dân tỉnh"]
    assert [name for name in names if name in wanted] == wanted
