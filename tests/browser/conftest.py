"""A real Chromium against a live site: isolated, and strict about everything that the browser complains of."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from hrdb.kernel.models import User
from hrdb.kernel.screens.fonts import build_fonts

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
]
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}

#: A busy machine answers late, and late is not wrong.
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser, so `-m "not browser"` leaves it out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium(playwright: Playwright) -> str | None:
    """The Chromium of the system, else the one that Playwright brought, if any."""
    named = [os.environ.get("HRDB_CHROMIUM"), *map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))]
    brought = playwright.chromium.executable_path
    return next((path for path in [*named, brought] if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run; the tests are skipped only where no Chromium can be had."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread; nothing else uses it
    with sync_playwright() as playwright:
        path = chromium(playwright)
        if path is None:
            pytest.skip("Không có Chromium: apt-get install -y chromium")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def live_server(live_server: LiveServer, django_db_blocker: DjangoDbBlocker) -> Iterator[LiveServer]:
    """The live site; threads that still wait on a browser's open connection let go of the database at the end."""
    yield live_server
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
    connection.close()  # Playwright's event loop gives its side of the thread a connection of its own


@pytest.fixture(scope="session")
def _fonts() -> None:
    """The cut typeface, as `prepare` makes it."""
    build_fonts(Path(settings.VAR_DIR) / "assets" / "fonts")


class Complaints(logging.Handler):
    """What went wrong in a page without the test looking for it."""

    def __init__(self, site: str) -> None:
        super().__init__(logging.WARNING)
        self.site = site
        self.heard: list[str] = []
        self.expected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """A report of the content policy reached the server."""
        self.heard.append(record.getMessage())

    def listen(self, page: Page) -> None:
        """Hear the page's own errors and every request that leaves the site."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"error: {error}"))
        page.on("request", self._request)

    def expect(self, text: str) -> None:
        """The test provokes a complaint with these words."""
        self.expected.append(text)

    def unexpected(self) -> list[str]:
        """What nobody provoked."""
        return [line for line in self.heard if not any(text in line for text in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.heard.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:", "about:")):
            self.heard.append(f"request: {request.url}")


@pytest.fixture
def complaints(live_server: LiveServer) -> Iterator[Complaints]:
    """Fails the test when a page complained: policy reports, script errors, requests to elsewhere."""
    heard = Complaints(live_server.url)
    logger = logging.getLogger("hrdb.csp")
    logger.addHandler(heard)
    yield heard
    logger.removeHandler(heard)
    assert heard.unexpected() == []


@pytest.fixture
def context(
    browser: Browser, live_server: LiveServer, _fonts: None, complaints: Complaints
) -> Iterator[BrowserContext]:
    """A fresh browser of a user in Vietnam on an ordinary screen; relative addresses lead to the live site."""
    made = browser.new_context(
        base_url=live_server.url,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport=DESKTOP,
        accept_downloads=True,
    )
    made.set_default_timeout(10_000)
    made.on("page", complaints.listen)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page on an ordinary screen."""
    return context.new_page()


@pytest.fixture
def phone(context: BrowserContext) -> Page:
    """A page on a phone."""
    made = context.new_page()
    made.set_viewport_size(PHONE)
    return made


@pytest.fixture
def sign_in(context: BrowserContext, live_server: LiveServer) -> Callable[[User], None]:
    """Sign a user in without the sign-in page, which has a test of its own."""

    def enter(user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return enter
