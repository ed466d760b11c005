"""The pages of decisions for tests: an office with its officer, what a form carries, signed-in browsers."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfWriter

from hrdb.kernel.models import User
from personnel.models import Cadre, Decision, DecisionKind, Unit
from personnel.policies import Role
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.register import draw_up
from personnel.services.delegations import load_default_delegations
from tests.factories.personnel import make_cadre, make_code, make_unit, make_user
from tests.personnel.decisions.making import EFFECTIVE, D

SINCE = D(2015, 1, 1)

#: What a signed paper says, as it is typed.
PAPER = {"number": "12/QĐ-SO", "signed_on": "20/03/2026", "issuer": "Sở Mẫu", "classification": "plain"}


def browser(user: User) -> Client:
    """A signed-in browser."""
    client = Client()
    client.force_login(user)
    return client


@dataclass
class Office:
    """A department with a division, its people and the accounts that work in it."""

    unit: Unit
    division: Unit
    officer: User
    people: list[Cadre] = field(default_factory=list)

    @property
    def client(self) -> Client:
        """The officer's browser."""
        return browser(self.officer)

    def user(self, role: Role) -> User:
        """Another account of the office."""
        return make_user(role, unit=self.unit)


def make_office(*, people: int = 3) -> Office:
    """An office that decides on its people itself."""
    load_default_delegations()
    unit = make_unit("SO-MAU", name="Sở Mẫu")
    division = make_unit("PHONG-MAU", parent=unit, name="Phòng Mẫu")
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    names = ["Lò Văn An", "Nông Thị Bình", "Trần Đức Cường", "Đỗ Thị Dung", "Hà Văn Em"]
    made = [make_cadre(unit=unit, name=names[place % 5], since=SINCE) for place in range(people)]
    for act in decision_acts:
        make_code(DecisionKind, act.code, name=act.label)
    return Office(unit, division, officer, made)


def sent(people: Sequence[Cadre | None], own: Sequence[Mapping[str, str]] = (), **values: Any) -> dict[str, Any]:
    """What the page of a decision sends: rows of people with their own values, and everything else."""
    data: dict[str, Any] = {"row": [str(place) for place in range(1, len(people) + 1)]}
    for place, cadre in enumerate(people, 1):
        data[f"p{place}-cadre"] = str(cadre.pk) if cadre is not None else ""
        said = own[place - 1] if place <= len(own) else {}
        data |= {f"p{place}-{key}": value for key, value in said.items()}
    return data | values


def enter_url(kind: str, **query: Any) -> str:
    """The page of entry after the fact."""
    return reverse("personnel:decision-enter", query={"kind": kind, **query})


def page(name: str, decision: Decision) -> str:
    """One of a decision's pages."""
    return reverse(f"personnel:{name}", args=[decision.pk])


def draft_of(office: Office, key: str = "transfer", *, people: Sequence[Cadre] | None = None, **terms: Any) -> Decision:
    """A draft of the office's own."""
    return draw_up(
        act=decision_acts[key],
        unit=office.unit,
        effective_on=EFFECTIVE,
        terms=terms,
        people=[(cadre, {}) for cadre in (office.people if people is None else people)],
        acting_user=office.officer,
    )


def pdf(*, pages: int = 1, name: str = "ban-quet.pdf") -> SimpleUploadedFile:
    """A PDF of blank pages."""
    writer, buffer = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    writer.write(buffer)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="application/pdf")
