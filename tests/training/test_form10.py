"""Form 10 and training in statistics: every number is that of its people, in scope, by the class's last day."""

from __future__ import annotations

import datetime
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hrdb.kernel.models import AuditEvent
from personnel.choices import Sex, TitleGroup, UnitLevel
from personnel.models import Cadre, UnitVersion
from personnel.policies import Role
from personnel.statistics import DIMENSIONS, POPULATIONS, narrow, structure
from tests.factories.personnel import make_cadre, make_title, make_user, minority
from tests.training.choosing_world import make_class, nominate
from tests.training.making import TrainingWorld, make_level, make_programme, training_world
from tests.training.test_choosing_pages import browser
from training.choices import ClassState, MemberState, StudyMode
from training.statistics.form10 import COLUMN_LABELS, ROWS, Period, form10, people_behind, row_of

pytestmark = pytest.mark.django_db
D = datetime.date
YEAR = Period(D(2026, 1, 1), D(2026, 12, 31))


@pytest.fixture
def world() -> TrainingWorld:
    return training_world(2)


def finished(code: str, world: TrainingWorld, *people: Cadre, **values) -> None:
    """A class that these people passed."""
    given = {"begins_on": D(2026, 2, 1), "ends_on": D(2026, 6, 1), "state": ClassState.FINISHED}
    one = make_class(code, **{**given, **values})
    nominate(one, world.home, *people, state=MemberState.PASSED)


def counts(**values) -> dict[str, tuple[int, int]]:
    """Rows with classes and people."""
    found = form10(**{"user": None, "period": YEAR, **values})
    return {row.kind.key: (row.classes, row.counts["people"]) for row in (*found.rows, found.total) if row.classes}


def test_rows_follow_what_the_programme_gives_and_how_it_is_held(world: TrainingWorld) -> None:
    senior = make_level("political_theory", "x-cc", 2, "Cao cấp")
    senior.group = "senior"
    senior.save()
    theory = make_programme("CC", gives="political_theory", level=senior)
    finished("A", world, *world.people, programme=theory)
    finished("B", world, world.strangers[0], programme=theory, mode=StudyMode.PART_TIME)
    finished("C", world, world.people[0], programme=make_programme("XDD", kind="professional"))
    finished(
        "D",
        world,
        world.people[0],
        programme=make_programme(
            "QP", kind="defence", gives="defence", level=make_level("defence", "x-doi-tuong-3", 3)
        ),
    )
    finished(
        "E",
        world,
        world.people[0],
        programme=make_programme("LA", kind="professional"),
        ends_on=D(2025, 12, 31),
        begins_on=D(2025, 12, 1),
    )
    assert counts() == {
        "theory": (2, 3),
        "senior_full": (1, 2),
        "senior_part": (1, 1),
        "courses": (2, 2),
        "party_building": (1, 1),
        "defence_3": (1, 1),
        "total": (4, 5),
    }


def test_who_failed_or_still_attends_is_not_counted(world: TrainingWorld) -> None:
    one = make_class("A", begins_on=D(2026, 2, 1), ends_on=D(2026, 6, 1), state=ClassState.FINISHED)
    nominate(one, world.home, world.people[0], state=MemberState.FAILED)
    running = make_class("B", begins_on=D(2026, 2, 1), ends_on=D(2026, 6, 1), state=ClassState.RUNNING)
    nominate(running, world.home, world.people[0], state=MemberState.PASSED)
    assert counts() == {}


def test_columns_and_their_people_agree(world: TrainingWorld) -> None:
    title = make_title(group=TitleGroup.HEAD, is_leadership=True, rank=3)
    UnitVersion.objects.filter(unit=world.home).update(level=UnitLevel.PROVINCE)
    UnitVersion.objects.filter(unit=world.away).update(level=UnitLevel.COMMUNE)
    people = [
        make_cadre(unit=world.home, title=title, sex=Sex.FEMALE, ethnicity=minority()),
        make_cadre(unit=world.away, title=title),
        *world.people,
    ]
    finished("A", world, *people)
    finished("B", world, people[0])
    found = form10(user=None, period=YEAR)
    assert found.total.counts == {
        "people": 5,
        "women": 2,
        "minority": 2,
        "province": 2,
        "district": 0,
        "commune": 1,
        "others": 2,
    }
    assert "district" not in found.columns
    assert "district" in form10(user=None, period=Period(D(2025, 1, 1), D(2025, 12, 31))).columns
    for row in (*found.rows, found.total):
        for column in COLUMN_LABELS:
            behind = people_behind(user=None, period=YEAR, row=row.kind.key, column=column)
            assert behind.count() == row.counts[column]


def test_only_who_is_in_scope_counts_and_units_narrow(world: TrainingWorld) -> None:
    finished("A", world, *world.people, *world.strangers)
    assert counts(user=world.officer)["total"] == (1, 4)
    assert counts(user=world.unit_officer)["total"] == (1, 2)
    assert counts(user=make_user(Role.APPROVER, unit=world.home)) == {}
    client = browser(world.unit_officer)
    page = client.get(reverse("training:form10-people"), {"first": "2026-01-01", "last": "2026-12-31"}).content.decode()
    assert world.people[0].full_name in page
    assert not any(cadre.full_name in page for cadre in world.strangers)
    for view in ("training:form10", "training:form10-people"):
        assert client.get(reverse(view), {"unit": "SO-B"}).status_code == 404
        assert client.get(reverse(view), {"unit": "KHONG-CO"}).status_code == 404
        assert client.get(reverse(view), {"unit": "SO-A"}).status_code == 200
        assert browser(make_user(Role.APPROVER, unit=world.home)).get(reverse(view)).status_code == 403


def test_page_workbook_and_paper_hold_the_same_numbers_and_open_people(world: TrainingWorld) -> None:
    finished("A", world, *world.people, *world.strangers, programme=make_programme("XDD", kind="professional"))
    client, asked = browser(world.officer), {"first": "01/01/2026", "last": "31/12/2026"}
    page = client.get(reverse("training:form10"), asked).content.decode()
    link = re.search(r'href="([^"]*row=party_building[^"]*column=people[^"]*)">4<', page)
    assert link
    opened = client.get(link.group(1).replace("&amp;", "&")).content.decode()
    assert all(cadre.full_name in opened for cadre in (*world.people, *world.strangers))
    answer = client.get(reverse("training:form10"), {**asked, "export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row][:3] for row in sheet.iter_rows()]
    assert ["– Xây dựng Đảng", 1, 4] in rows
    assert client.get(reverse("training:form10"), {**asked, "export": "pdf"}).content[:4] == b"%PDF"
    assert AuditEvent.objects.filter(action__in=("export", "print")).count() == 2
    wrong = client.get(reverse("training:form10"), {"first": "31/12/2026", "last": "01/01/2026"})
    assert wrong.status_code == 422
    assert "không trước ngày đầu" in wrong.content.decode()
    for bad in ({"row": "x"}, {"column": "x"}):
        assert client.get(reverse("training:form10-people"), bad).status_code == 404


def test_the_form_costs_the_same_for_few_and_many(world: TrainingWorld) -> None:
    client = browser(world.officer)

    def count(view: str) -> int:
        asked = {"first": "2026-01-01", "last": "2026-12-31"}
        client.get(reverse(view), asked)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(view), asked).status_code == 200
        return len(caught)

    finished("A", world, *world.people)
    few = [count(view) for view in ("training:form10", "training:form10-people")]
    for number in range(5):
        finished(f"B{number}", world, *(make_cadre(unit=world.home) for _ in range(6)))
    assert [count(view) for view in ("training:form10", "training:form10-people")] == few


def test_every_row_that_a_class_can_fall_under_is_on_the_form() -> None:
    keys = {row.key for row in ROWS}
    names = (
        "training_class__programme__code",
        "training_class__programme__kind",
        "training_class__programme__gives",
        "training_class__programme__level__code",
        "training_class__programme__level__group",
        "training_class__mode",
    )
    kinds = (
        "political_theory",
        "state_management",
        "defence",
        "language",
        "informatics",
        "position",
        "leaders",
        "professional",
        "talent",
    )
    for kind in kinds:
        for gives in ("", "professional", kind):
            for group in (None, "", "university", "senior", "elementary"):
                for code in ("X", "KTM"):
                    line = dict(zip(names, (code, kind, gives, "x-doi-tuong-9", group, "online"), strict=True))
                    assert row_of(line) in keys


def test_classes_cohorts_and_results_are_populations_and_dimensions(world: TrainingWorld) -> None:
    day = D(2026, 3, 1)
    held = make_class("H", begins_on=D(2026, 2, 1), ends_on=D(2026, 6, 1), state=ClassState.RUNNING)
    nominate(held, world.home, *world.people, state=MemberState.CHOSEN)
    soon = make_class("S", begins_on=D(2026, 5, 1), ends_on=D(2026, 6, 1), state=ClassState.CHOSEN)
    nominate(soon, world.home, world.strangers[0], state=MemberState.CHOSEN)
    nominate(soon, world.home, world.strangers[1], state=MemberState.RESERVE)
    finished("F", world, world.strangers[0], begins_on=D(2026, 1, 5), ends_on=D(2026, 2, 1))

    def people(text: str, at: D = day) -> set[int]:
        return set(narrow(Cadre.objects.all(), text, at, None).values_list("pk", flat=True))

    home = {cadre.pk for cadre in world.people}
    assert people("class:") == home
    assert people("cohort:") == {world.strangers[0].pk}
    assert people("trained:") == {world.strangers[0].pk}
    assert people("class:", D(2026, 6, 2)) == set()
    assert people(f"present:training_class={held.pk}") == home
    assert people("present:training_kind=political_theory") == home | {world.strangers[0].pk}
    assert people("present:training_result=passed") == {world.strangers[0].pk}
    assert people("present:training_result=none") == {world.strangers[1].pk}
    approver = make_user(Role.APPROVER, unit=world.top)
    assert not POPULATIONS["class"].is_open(approver)
    assert POPULATIONS["class"].people(Cadre.objects.all(), day, world.unit_officer).count() == 2
    away = make_user(Role.UNIT_OFFICER, unit=world.away)
    assert not POPULATIONS["class"].people(Cadre.objects.all(), day, away).exists()
    table = structure(user=None, day=day, population="class", rows="training_class")
    assert (table.total.total, [row.label for row in table.rows]) == (2, ["Lớp H"])
    assert {"class", "cohort", "trained"} <= set(POPULATIONS.keys())
    assert {"training_class", "training_kind", "training_result"} <= set(DIMENSIONS.keys())
