"""Headers, throttling and the client's address."""

import logging
import os
import subprocess
import sys

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from hrdb.kernel import audit
from hrdb.kernel.installation import BASE_DIR
from hrdb.kernel.middleware import ClientAddressMiddleware
from hrdb.kernel.models import User

ADDRESS = "/csp-report/"


def test_policy_allows_nothing_from_elsewhere_and_nothing_inline(client: Client) -> None:
    policy = dict(part.strip().split(" ", 1) for part in client.get(ADDRESS)["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["report-uri"] == ADDRESS
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)


def test_report_is_logged_and_cut_short(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    told = {"csp-report": {"violated-directive": "style-src", "blocked-uri": "inline" + "x" * 1000}}
    with caplog.at_level(logging.WARNING, logger="hrdb.csp"):
        answer = client.post(ADDRESS, told, content_type="application/json")
    assert answer.status_code == 204
    (line,) = [record.getMessage() for record in caplog.records if record.name == "hrdb.csp"]
    assert "style-src" in line
    assert len(line) < 500


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"csp-report": 1}', b'{"csp-report":' + b" " * 100_000])
def test_nonsense_report_is_refused_quietly(client: Client, body: bytes) -> None:
    assert client.post(ADDRESS, body, content_type="application/csp-report").status_code == 400


def _served_address(**meta: str) -> tuple[str, str | None]:
    """What the application sees as the client's address, on the request and in the audit trail."""
    seen: list[tuple[str, str | None]] = []

    def serve(request: HttpRequest) -> HttpResponse:
        seen.append((request.META["REMOTE_ADDR"], audit._address.get()))
        return HttpResponse()

    ClientAddressMiddleware(serve)(RequestFactory().get("/", **meta))
    assert audit._address.get() is None
    return seen[0]


def test_forwarded_address_is_believed_behind_a_proxy_only(settings: Settings) -> None:
    sent = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 192.168.1.7"}
    settings.BEHIND_PROXY = False
    assert _served_address(**sent) == ("10.0.0.1", "10.0.0.1")
    settings.BEHIND_PROXY = True
    assert _served_address(**sent) == ("192.168.1.7", "192.168.1.7")
    assert _served_address(REMOTE_ADDR="10.0.0.1") == ("10.0.0.1", "10.0.0.1")


@pytest.mark.django_db
def test_guessing_a_password_is_slowed_down(client: Client, settings: Settings) -> None:
    settings.AXES_ENABLED = True
    User.objects.create_user("lan", password="mat-khau-dung")
    address = reverse("kernel:login")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post(address, {"username": "lan", "password": "sai"})
    locked = client.post(address, {"username": "lan", "password": "mat-khau-dung"})
    assert locked.status_code == 429
    assert "_auth_user_id" not in client.session
    elsewhere = client.post(address, {"username": "lan", "password": "mat-khau-dung"}, REMOTE_ADDR="10.1.1.1")
    assert elsewhere.status_code == 302


def _settings(**environment: str) -> dict[str, str]:
    """Security settings under an environment, as a fresh process reads them."""
    names = ("SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG", "ALLOWED_HOSTS")
    code = f"from hrdb import settings; [print(n, getattr(settings, n), sep='=') for n in {names}]"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HRDB_")}
    command = [sys.executable, "-c", code]
    answer = subprocess.run(
        command, cwd=BASE_DIR, env=kept | environment, check=True, capture_output=True, text=True
    ).stdout
    return dict(line.split("=", 1) for line in answer.splitlines())


def test_site_is_closed_unless_opened() -> None:
    usual = _settings()
    assert usual["DEBUG"] == "False"
    assert usual["SESSION_COOKIE_SECURE"] == usual["SECURE_SSL_REDIRECT"] == "True"
    assert int(usual["SECURE_HSTS_SECONDS"]) >= 31536000
    plain = _settings(HRDB_HTTPS="0", HRDB_HOSTS="canbo.tinh.vn, 10.0.0.5")
    assert plain["SESSION_COOKIE_SECURE"] == plain["SECURE_SSL_REDIRECT"] == "False"
    assert plain["SECURE_HSTS_SECONDS"] == "0"
    assert "canbo.tinh.vn" in plain["ALLOWED_HOSTS"]
    assert "10.0.0.5" in plain["ALLOWED_HOSTS"]
