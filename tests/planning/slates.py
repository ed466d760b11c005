"""Slates for tests: an office with a head, a deputy and a specialist, the seats between them, and moves in one call."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from personnel.choices import TitleGroup
from personnel.models import Cadre, Decision, DecisionKind, Establishment, Seat, Title, Unit
from personnel.services.decisions.kinds import decision_acts
from personnel.services.delegations import load_default_delegations
from planning.models import Slate, SlateMove
from planning.services.slates.rehearsing import RehearsedSlate, rehearse_slate
from planning.services.slates.writing import add_move, draw_slate
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_code, make_title, make_unit

DAY = datetime.date(2026, 12, 1)


@dataclass
class Team:
    """A department with two divisions: its head of division leaves, the deputy moves up, a specialist follows."""

    unit: Unit
    division: Unit
    head_title: Title
    deputy_title: Title
    head: Cadre
    deputy: Cadre
    other: Cadre


def make_team(code: str = "SO-A") -> Team:
    """The team, with one seat of head and one of deputy given by a decision, and eight places."""
    load_default_delegations()
    unit = make_unit(code, parent=make_unit(f"GOC-{code}"), name=f"Sở {code}")
    division = make_unit(f"{code}.01", parent=unit, name="Phòng Tổ chức")
    head_title = make_title(
        f"TP-{code}", name="Trưởng phòng", group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8
    )
    deputy_title = make_title(
        f"PTP-{code}", name="Phó Trưởng phòng", group=TitleGroup.DIVISION_DEPUTY, is_leadership=True, rank=9
    )
    head = make_cadre(unit=division, name="Lê Văn Trưởng", title=head_title, born=datetime.date(1966, 3, 1))
    deputy = make_cadre(unit=division, name="Trần Thị Phó", title=deputy_title, sex="female")
    other = make_cadre(unit=division, name="Phạm Văn Viên")
    cited = make(
        Decision,
        number=f"{Decision.objects.count() + 1}/QĐ-UBND",
        signed_on=LONG_AGO,
        effective_on=LONG_AGO,
        issuer="UBND tỉnh",
    )
    for title in (head_title, deputy_title):
        make(Seat, unit=division, title=title, number=1, effective_from=LONG_AGO, decision=cited)
    make(Establishment, unit=division, year=2026, category="civil_servant", number=8, decision=cited)
    return Team(unit, division, head_title, deputy_title, head, deputy, other)


def make_slate(user: Any = None, **values: Any) -> Slate:
    """An empty slate of a user."""
    return draw_slate(values={"name": "Phương án 1", "day": DAY, **values}, acting_user=user)


def put(slate: Slate, key: str, cadre: Cadre, user: Any = None, **values: Any) -> SlateMove:
    """One more move."""
    act = decision_acts[key]
    make_code(DecisionKind, act.code, name=act.label)
    return add_move(slate=slate, act=act, cadre=cadre, values=values, version=None, acting_user=user)


def judged(slate: Slate, user: Any = None) -> RehearsedSlate:
    """The slate as it stands, judged."""
    slate.refresh_from_db()
    return rehearse_slate(slate, user=user)
