"""Every number opens exactly its people, for every reader, and never more."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from personnel.models import Assignment, Cadre, Unit
from personnel.policies import Role
from personnel.statistics import DIMENSIONS, POPULATIONS, UNKNOWN, describe, narrow, structure
from personnel.statistics.people import Selection, Unreadable, part, text_of
from tests.factories.personnel import make, make_cadre, make_unit, make_user, minority

DAY = date(2025, 12, 31)


@pytest.mark.django_db
def test_every_number_of_a_table_is_the_length_of_its_list(province: None) -> None:
    officer = make_user(Role.UNIT_OFFICER, unit=Unit.objects.get(code="G.002"))
    for user, unit, rows in ((None, "G.003", "unit"), (officer, None, "rank_group")):
        table = structure(user=user, day=DAY, rows=rows, unit=unit)
        list_of_all = Cadre.objects.held_on(user, DAY)
        assert table.total.total > 10
        for row in table.rows:
            assert narrow(list_of_all, table.text(row), DAY, user).count() == row.total
        for row in (table.rows[1], table.total):
            for column, count in zip(table.columns, row.counts, strict=True):
                if count or row is table.total:
                    text = table.text(row, column)
                    assert narrow(list_of_all, text, DAY, user).count() == count, text


@pytest.mark.django_db
def test_whole_province_unknown_and_pyramid_open_their_people(province: None) -> None:
    table = structure(user=None, day=DAY, population="leaders", youth="under-45")
    everyone = Cadre.objects.held_on(None, DAY)
    assert narrow(everyone, table.text(table.total), DAY, None).count() == table.total.total > 0
    for column, count in table.unknown:
        assert narrow(everyone, table.text(table.total, column), DAY, None).count() == count
    for step in table.pyramid:
        for sex, count in (("male", step.male), ("female", step.female)):
            assert narrow(everyone, table.pyramid_text(step, sex), DAY, None).count() == count


@pytest.mark.django_db
def test_the_list_keeps_its_own_filters(province: None) -> None:
    women = Cadre.objects.held_on(None, DAY).filter(sex="female")
    found = narrow(women, "present:party=yes", DAY, None)
    assert 0 < found.count() < narrow(Cadre.objects.all(), "present:party=yes", DAY, None).count()
    assert set(found.values_list("sex", flat=True)) == {"female"}


@pytest.mark.django_db
def test_a_text_opens_nobody_outside_the_scope(province: None) -> None:
    officer = make_user(Role.UNIT_OFFICER, unit=Unit.objects.get(code="G.002"))
    own = set(narrow(Cadre.objects.all(), "present:", DAY, officer).values_list("pk", flat=True))
    assert own == set(narrow(Cadre.objects.all(), "present:unit=G.002", DAY, None).values_list("pk", flat=True))
    for text in ("present:unit=G.003", "present:own_unit=G.003", "present:unit=UBND", "present:unit=KHONG"):
        assert not narrow(Cadre.objects.all(), text, DAY, officer).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["", "nobody:", "present:sex", "present:unit=A;unit=B", "present:colour=red", "present:sex=female;x=1", ";;", ":"],
)
def test_an_unreadable_text_opens_nobody(province: None, text: str) -> None:
    with pytest.raises(Unreadable):
        Selection.parse(text)
    assert not narrow(Cadre.objects.all(), text, DAY, None).exists()
    assert describe(text, DAY) == ""


@pytest.mark.django_db
def test_values_are_never_part_of_the_query(code_lists: None) -> None:
    strange = "A'; DROP--%s;=(100%)"
    make_cadre(unit=make_unit(strange, name="Đơn vị lạ"))
    text = text_of(POPULATIONS["present"], [part("unit", strange), part("sex", "male' OR '1'='1")])
    assert not narrow(Cadre.objects.all(), text, DAY, None).exists()
    text = text_of(POPULATIONS["present"], [part("unit", strange), part("own_unit", strange), part("sex", "male")])
    assert narrow(Cadre.objects.all(), text, DAY, None).count() == 1
    assert describe(text, DAY).startswith("Toàn bộ người đang công tác · Đơn vị lạ · ")


@pytest.mark.django_db
def test_tier_1_fields_open_people_only_to_those_who_see_them(code_lists: None) -> None:
    unit = make_unit("UBND")
    make_cadre(unit=unit, ethnicity=minority())
    approver, officer = make_user(Role.APPROVER, unit=unit), make_user(Role.UNIT_OFFICER, unit=unit)
    tier_1 = [dimension for dimension in DIMENSIONS if dimension.is_tier_1]
    assert {dimension.key for dimension in tier_1} >= {"ethnic_minority", "ethnic_group"}
    for text in ("present:ethnic_minority=yes", "present:ethnic_group=02"):
        assert narrow(Cadre.objects.all(), text, DAY, officer).count() == 1
        assert narrow(Cadre.objects.all(), text, DAY, approver).count() == 0
    assert narrow(Cadre.objects.all(), "present:", DAY, approver).count() == 1


@pytest.mark.django_db
def test_guests_on_the_list_of_today_are_not_among_those_counted(code_lists: None) -> None:
    home, host = make_unit("A"), make_unit("B")
    guest = make_cadre(unit=home)
    make(Assignment, cadre=guest, unit=host, kind="concurrent", effective_from=date(2020, 1, 1))
    officer, today = make_user(Role.UNIT_OFFICER, unit=host), timezone.localdate()
    assert Cadre.objects.held_on(officer, today).count() == 1
    assert narrow(Cadre.objects.held_on(officer, today), "present:", today, officer).count() == 0


@pytest.mark.django_db
def test_a_text_is_said_in_words(code_lists: None) -> None:
    make_unit("SNV", name="Sở Nội vụ")
    text = f"leaders:unit=SNV;sex=female;degree={UNKNOWN}"
    assert describe(text, DAY) == (
        "Cán bộ lãnh đạo, quản lý · Sở Nội vụ · Giới tính: Nữ · Trình độ chuyên môn: Chưa rõ"
    )
