"""Every address of the site for every kind of visitor: inside the scope, outside it, and leading to nothing.

The table of who gets what is `url_table.py`; its head says how to add a page.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from hrdb.kernel.models import AuditEvent
from tests.architecture.url_answers import address, leaks, same, text_of
from tests.architecture.url_table import PAGES, Page
from tests.architecture.url_world import (
    ANONYMOUS,
    FIRST_ID,
    LIMITED,
    MIXED,
    NO_ID,
    NOBODY,
    NOTHING,
    SECRET_TEXTS,
    SHARED,
    THINGS,
    VISITORS,
    World,
)

#: Asked of every page beside itself: a past day, the workbook of a list.
QUERIES: tuple[dict[str, str], ...] = ({"day": "2015-06-30"}, {"export": "xlsx"})


def names(patterns: Any, prefix: str = "") -> Iterator[str]:
    """Full names of every address below some patterns; an address without a name is told by its path."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}" if pattern.name else f"{prefix}?{pattern.pattern}"


def test_every_address_is_in_the_table_and_the_table_has_no_other() -> None:
    found = set(names(get_resolver().url_patterns))
    assert found - PAGES.keys() == set(), "new addresses: add a line to tests/architecture/url_table.py"
    assert PAGES.keys() - found == set(), "these addresses are gone: take their lines out of url_table.py"


def test_the_table_speaks_of_visitors_and_things_that_exist() -> None:
    for name, page in PAGES.items():
        assert set(page.opens.split()) | set(page.own.split()) <= set(VISITORS), name
        assert not page.thing or page.thing in THINGS or page.thing in SHARED, name
        assert set(page.asks.values()) <= THINGS.keys(), name
    assert THINGS.keys() == NOTHING.keys()


def inside(world: World, page: Page, visitor: str) -> tuple[Any, ...]:
    """What fills the address for a visitor, inside the scope."""
    if page.thing in SHARED:
        return SHARED[page.thing](world)  # type: ignore[no-any-return]
    key = visitor if visitor in world.users else NOBODY
    return THINGS[page.thing](world.inside, key) if page.thing else ()


def ask(world: World, visitor: str, page: Page, url: str) -> Any:
    """Ask for an address as the page is asked for."""
    client = world.client(visitor)
    return client.post(url) if page.post else client.get(url)


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("name", sorted(PAGES))
def test_who_opens_it_and_what_the_others_get(name: str, world: World) -> None:
    page, wrong = PAGES[name], []
    for visitor in VISITORS:
        url = address(name, inside(world, page, visitor))
        response = ask(world, visitor, page, url)
        if visitor == ANONYMOUS and not page.public:
            if response.status_code != 302 or not response["Location"].startswith("/login/"):
                wrong.append(f"{visitor}: {response.status_code}, not sent to sign in")
            continue
        if visitor == ANONYMOUS:
            expected = {page.status, 200}
        else:
            expected = {page.status if page.may_open(visitor) else page.refusal(visitor)}
        if response.status_code not in expected:
            wrong.append(f"{visitor}: {response.status_code}, expected {sorted(expected)}")
        wrong += [f"{visitor}: tells «{secret}»" for secret in leaks(world, visitor, text_of(response))]
    assert wrong == [], name


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("name", sorted(name for name, page in PAGES.items() if page.own))
def test_the_own_record_opens_to_its_person(name: str, world: World) -> None:
    page = PAGES[name]
    assert page.thing == "person"
    for visitor in page.own.split():
        response = ask(world, visitor, page, address(name, (world.own.pk,)))
        assert response.status_code in {page.status, 404} if "photo" in name else {page.status}
        assert leaks(world, visitor, text_of(response)) == []


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("name", sorted(name for name, page in PAGES.items() if page.thing in THINGS))
def test_what_is_outside_the_scope_does_not_exist(name: str, world: World) -> None:
    """Outside is 404, and the answer is the one that an address leading to nothing gets."""
    page, wrong = PAGES[name], []
    for visitor in sorted((LIMITED | ({"province_officer"} if page.thing == "job" else set())) & world.users.keys()):
        outside, nothing = THINGS[page.thing](world.outside, visitor), NOTHING[page.thing]
        for query in ({}, {"day": "2020-01-31"}) if page.may_open(visitor) else ({},):
            strange = ask(world, visitor, page, address(name, outside, **query))
            nobody = ask(world, visitor, page, address(name, nothing, **query))
            if page.may_open(visitor) and strange.status_code != 404:
                wrong.append(f"{visitor}{query}: {strange.status_code} for what is outside")
            wrong += [f"{visitor}{query}: tells «{secret}»" for secret in leaks(world, visitor, text_of(strange))]
            if same(strange, outside) != same(nobody, nothing):
                wrong.append(f"{visitor}{query}: {strange.status_code} differs from {nobody.status_code} for nothing")
        if page.thing in MIXED and page.may_open(visitor):
            mixed = ask(world, visitor, page, address(name, MIXED[page.thing](world)))
            if mixed.status_code != 404:
                wrong.append(f"{visitor}: {mixed.status_code} for an outside row of an inside person")
    assert wrong == [], name


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("name", sorted(name for name, page in PAGES.items() if not page.post))
def test_an_empty_form_and_another_day_never_break_a_page(name: str, world: World) -> None:
    """POST with nothing in it, another day, the workbook of a list: no fault, no leak, no way in."""
    page, wrong = PAGES[name], []
    for visitor in VISITORS[1:]:
        arguments = inside(world, page, visitor)
        tried = [("POST", world.client(visitor).post(address(name, arguments)))]
        for query in QUERIES if visitor in LIMITED else QUERIES[:1]:
            if page.may_open(visitor):
                tried.append((str(query), world.client(visitor).get(address(name, arguments, **query))))
        for what, response in tried:
            if response.status_code >= 500:
                wrong.append(f"{visitor} {what}: {response.status_code}")
            if not page.may_open(visitor) and response.status_code in {200, 302} and not page.public:
                wrong.append(f"{visitor} {what}: {response.status_code} for one to whom the page is closed")
            wrong += [f"{visitor} {what}: tells «{secret}»" for secret in leaks(world, visitor, text_of(response))]
    assert wrong == [], name


#: Files that hold no person's data and leave without a line in the trail.
NOT_LOGGED = frozenset({"personnel:delegation-list", "personnel:cadre-photo"})

LEAVING = (AuditEvent.Action.EXPORT, AuditEvent.Action.PRINT)


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("name", sorted(name for name, page in PAGES.items() if not page.post))
def test_whatever_leaves_as_a_file_is_in_the_audit_trail(name: str, world: World) -> None:
    """Workbooks and papers are logged as exports and prints of the one who took them."""
    page, wrong = PAGES[name], []
    for visitor in [one for one in ("unit_officer", "inspector", "administrator") if page.may_open(one)][:1]:
        where = address(name, inside(world, page, visitor))
        offered = re.findall(r'<a [^>]*href="([^"]+)"[^>]* download', text_of(world.client(visitor).get(where)))
        for url in dict.fromkeys([where, f"{where}?export=xlsx", f"{where}?export=pdf", *offered]):
            last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
            response = world.client(visitor).get(url)
            kind, content = response.get("Content-Type", "text/html"), text_of(response)
            wrong += [f"{visitor} {url}: tells «{secret}»" for secret in leaks(world, visitor, content)]
            if response.status_code != 200 or not content or kind.startswith(("text/html", "application/json")):
                continue
            logged = AuditEvent.objects.filter(pk__gt=last, action__in=LEAVING, user=world.users[visitor])
            if name not in NOT_LOGGED and not logged.exists():
                wrong.append(f"{visitor} {url}: {kind} leaves without a trace")
    assert wrong == [], name


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize(
    ("name", "parameter"), sorted((name, parameter) for name, page in PAGES.items() for parameter in page.asks)
)
def test_a_parameter_that_names_what_is_outside_says_what_it_says_of_nothing(
    name: str, parameter: str, world: World
) -> None:
    page, wrong = PAGES[name], []
    thing = page.asks[parameter]
    for visitor in sorted(LIMITED & set(page.opens.split())):
        outside, nothing = THINGS[thing](world.outside, visitor)[0], NOTHING[thing][0]
        strange = ask(world, visitor, page, address(name, inside(world, page, visitor), **{parameter: outside}))
        nobody = ask(world, visitor, page, address(name, inside(world, page, visitor), **{parameter: nothing}))
        if same(strange, (outside,)) != same(nobody, (nothing,)):
            wrong.append(f"{visitor}: another answer for what is outside ({strange.status_code}, {nobody.status_code})")
        wrong += [f"{visitor}: tells «{secret}»" for secret in leaks(world, visitor, text_of(strange))]
    assert wrong == [], name


@pytest.mark.usefixtures("_apart")
def test_the_walk_would_notice_a_leak(world: World) -> None:
    """What the walk looks for is really there: whoever sees the whole province finds it on the same pages."""
    text = text_of(world.client("province_officer").get(address("personnel:cadre-list")))
    assert SECRET_TEXTS[0] in text
    assert leaks(world, "unit_officer", text)
    assert leaks(world, "province_officer", text) == []


def test_ids_that_lead_to_nothing_lead_to_nothing(world: World) -> None:
    assert NO_ID not in {world.inside.person.pk, world.outside.person.pk}
    assert min(world.inside.person.pk, world.inside.event.pk) > FIRST_ID
    assert uuid.UUID(int=9) not in {job.key for job in world.inside.jobs.values()}
