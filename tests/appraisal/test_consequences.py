"""What ratings lead to: facts of decisions, due lists, the dimension of statistics, the summary whose numbers open."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from appraisal.models import ConfidenceVote, Rating, RatingCycle
from appraisal.services.entering import Entry, enter_many
from appraisal.services.facts import Ratings
from appraisal.services.submitting import approve_unit, submit_unit
from appraisal.statistics.summary import summary
from personnel.models import Cadre, Unit, UnitKind
from personnel.policies import Role
from personnel.services.decisions.kinds import fact_sources
from personnel.statistics import structure
from personnel.statistics.due import DueRow, asked, due_rows, matters
from tests.appraisal.making import D, head_title, join_party, make_cycle, rate_own, staff
from tests.factories.personnel import make, make_cadre, make_code, make_unit, make_user
from tests.factories.workbooks import rows_of

pytestmark = pytest.mark.django_db

LEVELS = ("excellent", "good", "good", "good", "good", "good", "completed", "not_completed")
SCORES = {"excellent": 95, "good": 80, "completed": 60, "not_completed": 40}


def rate(cycle: RatingCycle, unit: Unit, people: list[Cadre], *, approve: bool = True) -> None:
    """Rate people by LEVELS, the rest excluded; submit and approve the unit."""
    entries = [
        Entry(cadre.pk, {"level": level, "score": Decimal(SCORES[level])})
        for cadre, level in zip(people, LEVELS, strict=False)
    ]
    entries += [Entry(cadre.pk, {"exclusion": "leave"}) for cadre in people[len(LEVELS) :]]
    enter_many(cycle=cycle, entries=entries, acting_user=None, reason="nhập")
    if approve:
        rate_own(cycle, unit)
        submit_unit(cycle=cycle, unit=unit, acting_user=None)
        approve_unit(cycle=cycle, unit=unit, day=D(cycle.ends_on.year, 12, 10), acting_user=None)


def due(key: str, day: Any, user: Any = None) -> list[DueRow]:
    """The matters of one list."""
    return due_rows(asked(user=user, day=day, kinds=[key]))


class _Case:
    """As much of a case as the source asks."""

    def __init__(self, place: int, cadre: Cadre, day: Any) -> None:
        self.place, self.cadre, self.day = place, cadre, day


def test_approved_years_are_facts_of_decisions(django_assert_num_queries: Any) -> None:
    unit = make_unit()
    people = staff(unit, 8)
    for year in (2024, 2025):
        rate(make_cycle(year), unit, people)
    rate(make_cycle(2026), unit, people, approve=False)
    stranger = make_cadre()
    cases: list[Any] = [_Case(place, cadre, D(2026, 6, 1)) for place, cadre in enumerate([*people, stranger])]
    assert any(isinstance(one, Ratings) for one in fact_sources)
    with django_assert_num_queries(1):
        found = Ratings().facts(cases)
    word = "Hoàn thành tốt nhiệm vụ"
    assert found[1] == {2024: word, 2025: word}
    assert 8 not in found
    assert Ratings().facts([_Case(0, people[1], D(2025, 6, 1))])[0] == {2024: word}  # type: ignore[list-item]
    approved_on = D(2025, 12, 10)  # counts from its approval, for its own year
    for day, years in ((approved_on, {2024, 2025}), (D(2025, 12, 9), {2024})):
        assert set(Ratings().facts([_Case(0, people[1], day)])[0]) == years  # type: ignore[list-item]


def test_units_that_have_not_submitted_are_due_until_they_have() -> None:
    top = make_unit("UBND")
    unit, idle = make_unit("A", parent=top), make_unit("B", parent=top)
    division = make_unit("A.1", parent=unit, kind=make_code(UnitKind, "x-phong", name="Phòng"))
    people = [*staff(unit, 4), *staff(division, 4)]
    staff(idle, 1)
    make_cadre(unit=make_unit("C", parent=top), category="contract_111")
    cycle = make_cycle()
    day = D(2026, 11, 24)
    rows = due("ratings_owed", day)
    assert {row.unit_id for row in rows} == {unit.pk, idle.pk}
    assert {(row.due_on, row.act_by, row.cadre_id) for row in rows} == {(D(2026, 12, 14), D(2026, 12, 14), None)}
    told = matters(rows, user=None, day=day)[0].told
    assert told.detail == "Năm 2026"
    assert "335/2025/NĐ-CP" in told.citation
    rate(cycle, unit, people)
    assert {row.unit_id for row in due("ratings_owed", day)} == {idle.pk}
    school = make_unit("D", parent=top, kind=make_code(UnitKind, "x-don-vi-su-nghiep", name="Đơn vị sự nghiệp"))
    party = make_unit("E", bloc="party")
    for one in (school, party):
        staff(one, 1)
    cited = {one.row.unit_id: one.told.citation for one in matters(due("ratings_owed", day), user=None, day=day)}
    assert "129/2025/QH15" in cited[school.pk]
    assert "366-QĐ/TW" in cited[party.pk]
    assert all("335/2025" not in cited[one.pk] and "chưa kiểm chứng" in cited[one.pk] for one in (school, party))
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    assert due("ratings_owed", day, officer) == []


def test_the_lowest_level_of_the_last_approved_year_has_consequences() -> None:
    unit = make_unit()
    people = staff(unit, 8)
    rate(make_cycle(2025), unit, people)
    day = D(2027, 1, 10)
    assert due("not_completed", day) == []
    rate(make_cycle(2026), unit, people)
    (row,) = due("not_completed", day)
    assert row.cadre_id == people[-1].pk
    told = matters([row], user=None, day=day)[0].told
    assert "vị trí việc làm thấp hơn" in told.detail
    assert "80/2025/QH15" in told.citation
    assert told.decision_kind == "leaving"
    Rating.objects.filter(cadre=people[-1]).update(title_group="head")
    (told,) = [one.told for one in matters(due("not_completed", day), user=None, day=day)]
    assert told.decision_kind == "dismissal"
    Rating.objects.filter(cadre=people[-1]).update(category="public_employee")
    (told,) = [one.told for one in matters(due("not_completed", day), user=None, day=day)]
    assert "chưa rõ hệ quả" in told.detail
    assert "80/2025/QH15" not in told.citation
    assert "129/2025/QH15" in told.citation
    assert told.decision_kind == ""
    assert due("not_completed", D(2026, 12, 9)) == []


def test_low_votes_of_the_last_year_ask_for_resignation_or_removal() -> None:
    unit = make_unit()
    half, more, most = staff(unit, 3)
    for cadre, low in ((half, 15), (more, 16), (most, 21)):
        make(ConfidenceVote, cadre=cadre, held_on=D(2026, 6, 1), body="Hội nghị", summoned=32, cast=30, low=low)
    day = D(2026, 11, 24)
    rows = due("low_votes", day)
    assert {row.cadre_id for row in rows} == {more.pk, most.pk}
    details = sorted(one.told.detail for one in matters(rows, user=None, day=day))
    assert [text.partition(":")[0] for text in details] == ["Xem xét miễn nhiệm", "Xem xét từ chức"]
    kinds = {one.told.decision_kind for one in matters(rows, user=None, day=day)}
    assert kinds == {"dismissal", "resignation"}
    make(ConfidenceVote, cadre=most, held_on=D(2026, 10, 1), body="Hội nghị", summoned=32, cast=30, low=2)
    assert {row.cadre_id for row in due("low_votes", day)} == {more.pk}
    assert due("low_votes", D(2027, 7, 1)) == []


def test_statistics_divide_by_the_approved_rating_of_the_last_year() -> None:
    unit = make_unit()
    people = staff(unit, 10)
    rate(make_cycle(2025), unit, people)
    rate(make_cycle(2026), unit, people, approve=False)
    for day, counts in (
        (D(2026, 6, 1), {"excellent": 1, "good": 5, "completed": 1, "not_completed": 1, "excluded": 2}),
        (D(2026, 12, 31), {"unknown": 10}),
    ):
        table = structure(user=None, day=day, rows="rating")
        assert {row.key or "unknown": row.total for row in table.rows if row.total} == counts


def test_the_summary_counts_what_was_approved_and_its_numbers_open() -> None:
    top = make_unit("UBND", name="UBND tỉnh")
    one, two = make_unit("A", name="Sở Một", parent=top), make_unit("B", name="Sở Hai", parent=top)
    cycle = make_cycle(2025)
    rate(cycle, one, staff(one, 10))
    rate(cycle, two, staff(two, 8), approve=False)
    found = summary(cycle, user=None)
    assert [(row.label, row.people, row.levels, row.excluded, row.waiting) for row in found.by_unit] == [
        ("Sở Một", 10, (1, 5, 1, 1), 2, 0),
        ("Sở Hai", 8, (0, 0, 0, 0), 0, 8),
    ]
    assert (found.total.people, found.total.rated, found.approved, found.units) == (18, 8, 1, 2)
    client = Client()
    client.force_login(make_user(Role.PROVINCE_OFFICER))
    url = reverse("appraisal:summary", args=[cycle.code])
    page = client.get(url).content.decode()
    opened = reverse("personnel:cadre-list") + "?structure=present%3Aunit%3DA%3Brating%3Dgood&amp;day=2025-12-31"
    assert opened in page
    people = client.get(opened.replace("&amp;", "&")).content.decode()
    assert "5 người" in people
    book = rows_of(client.get(url, {"export": "xlsx"}).content)
    assert ("Sở Một", 10, 8, 1, 5, 1, 1, 2, 0, 0.125, 0.625, 0.125, 0.125) in book
    assert client.get(url, {"export": "pdf"}).content.startswith(b"%PDF")
    officer = Client()
    officer.force_login(make_user(Role.UNIT_OFFICER, unit=two))
    assert "Sở Một" not in officer.get(url).content.decode()
    assert officer.get(url, {"unit": "A"}).status_code == 404


def test_the_summary_tells_units_members_of_the_party_and_heads_with_their_excess() -> None:
    top = make_unit("UBND", name="UBND tỉnh")
    one = make_unit("A", name="Sở Một", parent=top)
    cycle = make_cycle()
    people = staff(one, 6)
    join_party(*people[:2])
    entries = [Entry(cadre.pk, {"level": "good", "score": Decimal(80)}) for cadre in people]
    entries[:2] = [Entry(cadre.pk, {**entries[0].values, "party_level": "good"}) for cadre in people[:2]]
    enter_many(cycle=cycle, entries=entries, acting_user=None, reason="nhập")
    rate_own(cycle, one, "excellent")
    submit_unit(cycle=cycle, unit=one, acting_user=None)
    approve_unit(cycle=cycle, unit=one, day=D(2026, 12, 10), acting_user=None)
    head = make_cadre(unit=make_unit("B", name="Sở Hai", parent=top), title=head_title())
    best = [Entry(head.pk, {"level": "excellent", "score": Decimal(95)})]
    enter_many(cycle=cycle, entries=best, acting_user=None, reason="nhập")
    found = summary(cycle, user=None)
    assert [(row.label, row.people, row.levels) for row in found.party] == [("Sở Một", 2, (0, 2, 0, 0))]
    assert [(row.units, row.approved, row.levels, row.without) for row in found.unit_levels] == [
        (2, 1, (1, 0, 0, 0), 0)
    ]
    assert [(group.excellent, group.allowed, group.too_many) for group in found.heads] == [(1, 0, 1)]
    client = Client()
    client.force_login(make_user(Role.PROVINCE_OFFICER))
    url = reverse("appraisal:summary", args=[cycle.code])
    page = client.get(url).content.decode()
    book = client.get(url, {"export": "xlsx"}).content
    for text in ("Người đứng đầu các đơn vị (cán bộ, công chức)", "Cơ quan nhà nước"):
        assert text in page
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    rows = [row for name in ("Đảng viên", "Xếp loại đơn vị", "Nhóm người đứng đầu") for row in sheets[name].values]
    assert ("Cơ quan nhà nước", 2, 1, 1, 0, 0, 0, 0) in rows
    assert any(row[:7] == ("Người đứng đầu các đơn vị (cán bộ, công chức)", "UBND tỉnh", 1, 1, 0, 0, 1) for row in rows)
    assert client.get(url, {"export": "pdf"}).content.startswith(b"%PDF")
    cycle_page = client.get(reverse("appraisal:cycle-detail", args=[cycle.code])).content.decode()
    assert "Nhóm người đứng đầu vượt tỷ lệ xuất sắc" in cycle_page
    switch = client.get(reverse("appraisal:cycle-switch", args=[cycle.code])).content.decode()
    assert "Chưa khóa được" in switch


def test_the_summary_of_a_unit_is_the_same_on_page_in_excel_and_on_paper() -> None:
    unit = make_unit("A", name="Sở Một", parent=make_unit("UBND"))
    cycle = make_cycle()
    people = staff(unit, 8)
    rate(cycle, unit, people)
    client = Client()
    client.force_login(make_user(Role.INSPECTOR, unit=unit))
    url = reverse("appraisal:unit-summary", args=[cycle.code, "A"])
    page = client.get(url).content.decode()
    for cadre in people:
        assert cadre.full_name in page
    assert "Hoàn thành tốt nhiệm vụ: 5" in page
    book = rows_of(client.get(url, {"export": "xlsx"}).content)
    assert sum(row[5] == "Hoàn thành tốt nhiệm vụ" for row in book) == 5
    assert client.get(url, {"export": "pdf"}).content.startswith(b"%PDF")
