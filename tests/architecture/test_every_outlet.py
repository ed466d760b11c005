"""Every way by which people leave the server or enter it, beside the addresses: registries and commands.

A registry hands out what the apps add to it: searches, jobs, forms, cards, tabs, populations. Each must be named in
REGISTRIES with how its entries are tried; each job in JOBS; each command in COMMANDS. What is new and not named fails.
"""

from __future__ import annotations

import datetime
import gc
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

import hrdb.urls  # noqa: F401  with the addresses everything that registers itself is loaded
from hrdb.kernel.daily import daily_works
from hrdb.kernel.jobs import JobFailed, Progress, job_kinds
from hrdb.kernel.models import AuditEvent, Job
from hrdb.kernel.registries import Registry
from hrdb.kernel.screens import home_cards, search_sources
from hrdb.kernel.text import fold
from personnel.exports.workbook.sheets import workbook_sheets
from personnel.forms.lookups import lookup_sources
from personnel.models import Rank
from personnel.policies import Role
from personnel.record_parts import cadre_tabs, record_parts
from personnel.reports.curriculum import forms
from personnel.statistics import DIMENSIONS, POPULATIONS
from personnel.statistics.due import DUE_LISTS
from personnel.views.units import unit_tabs
from tests.architecture.url_answers import address, leaks, readable, same, text_of
from tests.architecture.url_table import READERS
from tests.architecture.url_world import (
    ASKED_NUMBER,
    INSIDE_NAME,
    INSIDE_NUMBER,
    LIMITED,
    NO_CODE,
    NO_ID,
    NOBODY,
    SECRET_NAME,
    SECRET_NUMBER,
    SECRET_TEXTS,
    SHARED,
    VISITORS,
    World,
)
from tests.factories.personnel import add_pay_step, make, make_cadre, make_code
from training.models import ClassMember

OFFICERS = ("province_officer", "unit_officer")
OUTSIDE_UNIT = "Sở Ở Xa"


def try_searches(world: World, visitor: str, key: str) -> list[str]:
    """Search by name, by folded name, by number and by unit."""
    source = search_sources[key](_request(world, visitor))
    words = (SECRET_NAME, fold(SECRET_NAME), SECRET_NUMBER, ASKED_NUMBER, "SO-NGOAI", OUTSIDE_UNIT)
    if not source.may_search():
        return []
    found = [hit for text in words for hit in source.search(text, 8)]
    return [f"finds {hit.label}" for hit in found] if visitor in LIMITED else []


def try_cards(world: World, visitor: str, key: str) -> list[str]:
    """The home page draws them; the walk over addresses reads it."""
    card = home_cards[key](_request(world, visitor))
    return leaks(world, visitor, str(card.context())) if card.is_shown() else []


def try_lookups(world: World, visitor: str, key: str) -> list[str]:
    """Suggestions name no person, and no unit outside to who writes no records there."""
    text = text_of(world.client(visitor).get(address("personnel:lookup", (key,), q="So O Xa")))
    told = leaks(world, visitor, text)
    return told + ([OUTSIDE_UNIT] if OUTSIDE_UNIT in text and visitor in LIMITED - {"administrator"} else [])


def try_tabs_of_people(world: World, visitor: str, key: str) -> list[str]:
    """Each tab of a person inside tells nothing of others; of one outside it does not exist."""
    return _try_page(world, visitor, "personnel:cadre-detail", world.inside.person.pk, world.outside.person.pk, tab=key)


def try_tabs_of_units(world: World, visitor: str, key: str) -> list[str]:
    """The same for units."""
    return _try_page(world, visitor, "personnel:unit-detail", "SO-TRONG", "SO-NGOAI", tab=key)


def try_parts(world: World, visitor: str, key: str) -> list[str]:
    """The form of each part of a record."""
    wrong = []
    client = world.client(visitor)
    inside = client.get(address("personnel:record-add", (world.inside.person.pk, key)))
    outside = client.get(address("personnel:record-add", (world.outside.person.pk, key)))
    if inside.status_code != (200 if visitor in OFFICERS else 403 if visitor in {"approver", "inspector"} else 404):
        wrong.append(f"{inside.status_code} inside")
    if visitor in LIMITED and outside.status_code != 404:
        wrong.append(f"{outside.status_code} outside")
    return wrong + leaks(world, visitor, text_of(inside)) + leaks(world, visitor, text_of(outside))


def try_forms(world: World, visitor: str, key: str) -> list[str]:
    """Each form on paper."""
    return _try_page(world, visitor, "personnel:cadre-print", world.inside.person.pk, world.outside.person.pk, form=key)


def try_populations(world: World, visitor: str, key: str) -> list[str]:
    """A statistic counts nobody outside: with and without somebody more there, it is the same."""
    return _try_statistics(world, visitor, population=key)


def try_dimensions(world: World, visitor: str, key: str) -> list[str]:
    """The same by each dimension that may make rows."""
    return _try_statistics(world, visitor, rows=key) if DIMENSIONS[key].may_be_rows else []


def try_due_lists(world: World, visitor: str, key: str) -> list[str]:
    """A due list tells nothing of outside, and finds as much with and without somebody more there."""
    client, where = world.client(visitor), address("personnel:due-list", kind=key)
    before = same(client.get(where), ())
    if visitor not in LIMITED or before[0] != 200:
        return leaks(world, visitor, before[1])
    with transaction.atomic():
        more = make_cadre(unit=world.outside.unit, name=SECRET_NAME, born=datetime.date(1960, 1, 1))
        add_pay_step(more, make_code(Rank, "x-outlet", scale="A1"))
        after = same(client.get(where), ())
        transaction.set_rollback(True)
    return leaks(world, visitor, before[1]) + ([] if before == after else ["counts somebody outside"])


def try_jobs(world: World, visitor: str, key: str) -> list[str]:
    """Long work started with the ids of people or batches outside hands out none of them."""
    return JOBS[key](world, visitor, key)


Try = Callable[[World, str, str], list[str]]

#: Registries by the name they give themselves, and how their entries are tried; None: they hand out no person's data.
REGISTRIES: dict[str, Try | None] = {
    search_sources.name: try_searches,
    home_cards.name: try_cards,
    lookup_sources.name: try_lookups,
    cadre_tabs.name: try_tabs_of_people,
    unit_tabs.name: try_tabs_of_units,
    record_parts.name: try_parts,
    forms.name: try_forms,
    POPULATIONS.name: try_populations,
    DIMENSIONS.name: try_dimensions,
    DUE_LISTS.name: try_due_lists,
    job_kinds.name: try_jobs,
    daily_works.name: None,  # what the worker does for itself
    "SOURCES": None,  # tables that dimensions join, asked only through a population within scope
    "PARAMETER_BOOKS": None,  # values of law
    "phần của tỉnh trình diễn": None,  # what is written once, by the machine's operator
    "danh mục của phần mềm kèm theo": None,  # lists without people, written by the machine's operator
    "chức danh quy hoạch trên sơ yếu lý lịch": None,  # a line of the forms, which are tried
    "kết quả xếp loại trên sơ yếu lý lịch": None,  # a line of the forms, which are tried
    "loại quyết định": None,  # what decisions do, shown by the pages of decisions, which the walk reads
    "nguồn dữ kiện xét điều kiện": None,  # facts of cases, shown by the check of a draft, which the walk reads
    "RULES": None,  # names of rules
    "số liệu quy hoạch hằng năm": None,  # figures of one page, which the walk over addresses reads
    "bảng chỉ người có quyền riêng mới thấy": None,  # which tables the trail hides, tried beside the trail
    "văn bản quyết định": None,  # wordings, which the texts of decisions are made of
    "trường của văn bản quyết định": None,  # names of fields of those texts
    "văn bản của quyết định": None,  # buttons of the page of a decision, which the walk reads
    "nút của trang hồ sơ": None,  # buttons of the profile, which the walk over addresses reads
    workbook_sheets.name: None,  # sheets of upper apps, made of the people whom COMMANDS and JOBS try
    "thẻ bên của trang hồ sơ": None,  # cards of the profile, which the walk over addresses reads
}


#: Registries whose entries all answer by the same scoped query: one visitor of a unit, and one beside him, tell enough.
TRIED_BY: dict[str, tuple[str, ...]] = {
    POPULATIONS.name: ("unit_officer",),
    DIMENSIONS.name: ("unit_officer",),
    DUE_LISTS.name: ("unit_officer", "approver"),
    cadre_tabs.name: ("unit_officer", "approver", "cadre"),
    record_parts.name: ("unit_officer", "inspector", "administrator"),
    job_kinds.name: ("unit_officer", "inspector", "cadre"),
}


def registries() -> dict[str, Registry[Any]]:
    """Every registry of the site by its name."""
    return {
        one.name: one
        for one in gc.get_objects()
        if type(one) is Registry and not one.name.startswith(("thử", "tab của trang mẫu"))
    }


def test_every_registry_says_what_it_hands_out() -> None:
    found = registries()
    assert found.keys() - REGISTRIES.keys() == set(), "new registries: say in REGISTRIES how their entries are tried"
    assert REGISTRIES.keys() - found.keys() == set(), "these registries are gone"


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("name", [name for name, attempt in REGISTRIES.items() if attempt is not None])
def test_no_entry_of_a_registry_tells_what_is_outside(name: str, world: World) -> None:
    registry, attempt, wrong = registries()[name], REGISTRIES[name], []
    assert attempt is not None
    assert len(registry) > 0
    for key in registry.keys():  # noqa: SIM118  a registry is no dict
        for visitor in TRIED_BY.get(name, VISITORS[1:]):
            wrong += [f"{key}, {visitor}: {told}" for told in attempt(world, visitor, key)]
    assert wrong == []


@pytest.mark.usefixtures("_apart")
def test_searching_finds_who_is_inside(world: World) -> None:
    """The walk over searches finds nothing outside not because it finds nothing at all."""
    for visitor in ("province_officer", "unit_officer", "approver", "inspector"):
        sources = [source(_request(world, visitor)) for source in search_sources]
        found = {hit.label for source in sources if source.may_search() for hit in source.search(fold(INSIDE_NAME), 8)}
        assert INSIDE_NAME in found, visitor
    sources = [source(_request(world, "province_officer")) for source in search_sources]
    assert any(hit.label == SECRET_NAME for one in sources if one.may_search() for hit in one.search(SECRET_NAME, 8))


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("visitor", ["unit_officer", "inspector", "province_officer"])
def test_opening_a_sensitive_part_of_a_record_is_logged_and_a_closed_one_is_not_shown(
    visitor: str, world: World
) -> None:
    for part in [one for one in record_parts if one.sensitive is not None]:
        last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
        where = address("personnel:cadre-detail", (world.inside.person.pk,), tab=part.tab)
        assert world.client(visitor).get(where).status_code == 200
        logged = AuditEvent.objects.filter(pk__gt=last, action=AuditEvent.Action.READ_SENSITIVE)
        told = logged.filter(user=world.users[visitor], subject_id=world.inside.person.pk)
        assert any(str(part.sensitive) in event.details["parts"] for event in told), part.key
        last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
        text = text_of(world.client("approver").get(where))
        assert world.inside.relative.full_name not in text
        assert not AuditEvent.objects.filter(pk__gt=last, action=AuditEvent.Action.READ_SENSITIVE).exists()


# Jobs -----------------------------------------------------------------------------------------------------------------


def print_people(world: World, visitor: str, key: str) -> list[str]:
    """A print started over ids from outside prints nobody of them."""
    inside = [world.inside.person.pk] if visitor == "unit_officer" else []
    parameters = {
        "people": [*inside, world.outside.person.pk],
        "title": "Danh sách",
        "day": timezone.localdate().isoformat(),
        "form": "unified",
        "as_zip": False,
        "zip": False,
    }
    before = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
    text = _work(world, visitor, key, parameters)
    logged = list(AuditEvent.objects.filter(pk__gt=before))
    wrong = leaks(world, visitor, text) + [f"logs {event.details}" for event in logged if _shows_outside(world, event)]
    if inside and not any(_shows(world.inside.person.pk, event) for event in logged):
        wrong.append(f"does not print who is inside: {text[:200]}")
    return wrong


def read_batch(world: World, visitor: str, key: str) -> list[str]:
    """A batch of somebody else is not read nor written, except by who sees the whole province."""
    side = world.outside
    batches = side.workbooks if key.startswith("workbook") else side.batches
    batches = side.ratings if key.startswith("ratings") else batches
    text = _work(world, visitor, key, {"batch": batches[visitor].pk})
    return [] if text == "refused" else [f"works on it: {text[:200]}"]


def print_due(world: World, visitor: str, key: str) -> list[str]:
    """The matters of a unit outside are not printed, and of all units nobody outside."""
    asked = {"day": timezone.localdate().isoformat(), "kinds": None, "when": [], "words": "", "is_own": False}
    outside = _work(world, visitor, key, {**asked, "unit": "SO-NGOAI"})
    wrong = [] if outside == "refused" else [f"prints it: {outside[:200]}"]
    before = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
    _work(world, visitor, key, {**asked, "unit": None})
    logged = AuditEvent.objects.filter(pk__gt=before)
    return wrong + [f"logs {event.details}" for event in logged if _shows_outside(world, event)]


def print_structure(world: World, visitor: str, key: str) -> list[str]:
    """The structure of a unit outside is not printed."""
    parameters = {
        "day": timezone.localdate().isoformat(),
        "unit": "SO-NGOAI",
        "population": "present",
        "rows": "unit",
        "youth": "under-40",
    }
    text = _work(world, visitor, key, parameters)
    return [] if text == "refused" else [f"prints it: {text[:200]}"]


def export_list(world: World, visitor: str, key: str) -> list[str]:
    """A workbook holds who is in the owner's scope when it is made; where the list is closed there is none."""
    wrong = []
    for name, opens in (("personnel:cadre-list", READERS), ("personnel:audit-list", "inspector")):
        text = _work(world, visitor, key, {"url": address(name, export="xlsx"), "address": None})
        wrong += leaks(world, visitor, text)
        if (text == "refused") == (visitor in opens.split()):
            wrong.append(f"{name}: {text[:200]}")
    return wrong


def work_on_case(world: World, visitor: str, key: str) -> list[str]:
    """A reorganisation of a unit outside is neither rehearsed nor carried out nor undone."""
    text = _work(world, visitor, key, {"case": world.outside.cases["case"][0], "digest": "", "reason": "thử"})
    return [] if text == "refused" else [f"works on it: {text[:200]}"]


def print_plan(world: World, visitor: str, key: str) -> list[str]:
    """The list of a round outside is not printed; that of one inside names nobody outside."""
    asked = {"paper": "trich-ngang", "columns": []}
    outside = _work(world, visitor, key, {**asked, "round": world.outside.plans["plan_round"][0]})
    inside = _work(world, visitor, key, {**asked, "round": world.inside.plans["plan_round"][0]})
    wrong = [] if outside == "refused" else [f"prints it: {outside[:200]}"]
    if (inside == "refused") == (visitor == "unit_officer"):
        wrong.append(f"inside: {inside[:200]}")
    return wrong + leaks(world, visitor, inside)


def write_texts(world: World, visitor: str, key: str) -> list[str]:
    """Texts of decisions started over ids from outside name nobody of them."""
    inside = [world.inside.draft.pk] if visitor == "unit_officer" else []
    parameters = {"decisions": [*inside, world.outside.draft.pk], "by_person": True, "formats": ["docx", "pdf"]}
    text = _work(world, visitor, key, parameters)
    wrong = leaks(world, visitor, text)
    if visitor in LIMITED and (text == "refused") == bool(inside):
        wrong.append(f"writes {text[:200]}")
    if inside and INSIDE_NAME not in text:
        wrong.append("does not write who is inside")
    return wrong


def propose_cohorts(world: World, visitor: str, key: str) -> list[str]:
    """Nobody chooses for a class with somebody outside in it."""
    with transaction.atomic():
        (one,) = SHARED["cohort_class"](world)
        make(ClassMember, training_class_id=one, cadre=world.outside.person, unit=world.outside.unit)
        text = _work(world, visitor, key, {"classes": [one]})
        transaction.set_rollback(True)
    wrong = leaks(world, visitor, text)
    return [*wrong, *([f"proposes {text[:200]}"] if visitor in LIMITED and text != "refused" else [])]


#: Kinds of long work, and how they are tried.
JOBS: dict[str, Try] = {
    "cohorts-propose": propose_cohorts,
    "decision-texts": write_texts,
    "list-export": export_list,
    "print-curricula": print_people,
    "print-due": print_due,
    "print-planning": print_plan,
    "print-roster-list": print_people,
    "print-structure": print_structure,
    "ratings-check": read_batch,
    "ratings-commit": read_batch,
    "reorganisation-apply": work_on_case,
    "reorganisation-rehearse": work_on_case,
    "reorganisation-undo": work_on_case,
    "roster-check": read_batch,
    "roster-commit": read_batch,
    "roster-rejected": read_batch,
    "workbook-export": print_people,
    "workbook-check": read_batch,
    "workbook-commit": read_batch,
}


def test_every_kind_of_job_is_tried() -> None:
    assert set(job_kinds.keys()) == set(JOBS), "say in JOBS how a new kind of long work is tried"


def _work(world: World, visitor: str, key: str, parameters: dict[str, Any]) -> str:
    """What one piece of long work leaves for its owner: file and values, or «refused»."""
    job = Job.objects.create(owner=world.users[visitor], kind=key, parameters=parameters)
    try:
        with Progress(job) as progress:
            result = job_kinds[key].run(job, progress)
    except (JobFailed, PermissionDenied, ObjectDoesNotExist, LookupError, ValueError):
        return "refused"
    content = readable(Path(result.file).read_bytes()) if result and result.file else ""
    return content + json.dumps(result.values if result else {}, ensure_ascii=False, default=str)


def _shows(pk: int, event: AuditEvent) -> bool:
    """Whether an event showed a person."""
    return pk in (event.subject_id, *event.details.get("people", ()))


def _shows_outside(world: World, event: AuditEvent) -> bool:
    return _shows(world.outside.person.pk, event)


# Commands -------------------------------------------------------------------------------------------------------------


def _request(world: World, visitor: str) -> Any:
    """A request of a visitor, as the middleware leaves it."""
    request = RequestFactory().get("/")
    request.user = world.users[visitor]
    today = timezone.localdate()
    request.day = request.today = today  # type: ignore[attr-defined]
    request.is_other_day = request.is_past_day = False  # type: ignore[attr-defined]
    return request


def _try_page(world: World, visitor: str, name: str, inside: Any, outside: Any, **query: str) -> list[str]:
    """A page with one parameter: inside no leak and no fault, outside the answer of nothing."""
    client, wrong = world.client(visitor), []
    answered = client.get(address(name, (inside,), **query))
    if answered.status_code >= 500:
        wrong.append(f"{answered.status_code} inside")
    wrong += leaks(world, visitor, text_of(answered))
    if visitor in LIMITED:
        nothing = NO_ID if isinstance(outside, int) else NO_CODE
        strange, nobody = client.get(address(name, (outside,), **query)), client.get(address(name, (nothing,), **query))
        wrong += leaks(world, visitor, text_of(strange))
        if same(strange, (outside,)) != same(nobody, (nothing,)):
            wrong.append(f"{strange.status_code} outside differs from {nobody.status_code} for nothing")
    return wrong


def _try_statistics(world: World, visitor: str, **asked: str) -> list[str]:
    """The page of structure before and after one more person outside."""
    client, where = world.client(visitor), address("personnel:structure", **asked)
    before = same(client.get(where), ())
    if visitor not in LIMITED or before[0] != 200:
        return []
    with transaction.atomic():
        make_cadre(unit=world.outside.unit, name=SECRET_NAME)
        after = same(client.get(where), ())
        transaction.set_rollback(True)
    return [] if before == after else ["counts somebody outside"]


def test_the_roles_that_are_tried_are_all_roles() -> None:
    assert {role.value for role in Role} | {NOBODY} == set(VISITORS[1:])
    assert INSIDE_NUMBER not in SECRET_TEXTS
