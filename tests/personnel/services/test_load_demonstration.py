"""Loading the demonstration province: it refuses a real record's database, and the command says what it did."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from personnel.models import Cadre
from personnel.services.demonstration import PASSWORD, NotEmpty, demonstration_event, load_demonstration
from personnel.services.reference import load_reference
from tests.factories.personnel import make_cadre, make_unit

pytestmark = [pytest.mark.database, pytest.mark.django_db]

DAY = datetime.date(2026, 11, 24)
USERNAMES = ("tinh", "sonoivu", "phuongxa", "duyet", "thanhtra", "quantri", "canbo")


def test_it_refuses_a_database_with_people_of_its_own() -> None:
    """A real record is never mixed with made-up ones: a sentence, and nothing is written."""
    load_reference()
    make_cadre(unit=make_unit())
    with pytest.raises(NotEmpty, match="chưa có hồ sơ"):
        load_demonstration(size=80, seed=1, day=DAY)
    with pytest.raises(CommandError, match="chưa có hồ sơ"):
        call_command("load_demonstration", size=80)
    assert Cadre.objects.count() == 1
    assert demonstration_event() is None


def test_the_command_prints_the_accounts_and_refuses_what_makes_no_sense() -> None:
    """Accounts and password on standard output, progress on standard error; bad sizes and days are sentences."""
    load_reference()
    said, aside = StringIO(), StringIO()
    call_command("load_demonstration", size=80, seed=2, day=DAY, stdout=said, stderr=aside)
    assert PASSWORD in said.getvalue()
    assert all(
        name in said.getvalue() for name in ("tinh", "sonoivu", "phuongxa", "duyet", "thanhtra", "quantri", "canbo")
    )
    assert said.getvalue().count("hồ sơ của mình") == 1
    assert "80/80" in aside.getvalue()
    with pytest.raises(CommandError, match="từ 40"):
        call_command("load_demonstration", size=3)
    with pytest.raises(CommandError, match="cấp huyện"):
        call_command("load_demonstration", size=80, day=datetime.date(2024, 1, 1))
