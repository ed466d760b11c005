"""A category that was inferred is shown among the values to decide about; the decision holds and is remembered."""

from __future__ import annotations

from personnel.imports.roster.checking import checked
from personnel.models import Employment, ValueMapping
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
