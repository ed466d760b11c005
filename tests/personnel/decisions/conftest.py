"""What the tests of the decision pages stand on."""

from __future__ import annotations

import pytest

from personnel.services.decisions.kinds import decision_acts
from tests.personnel.decisions.pages import Office, make_office


@pytest.fixture
def office(db: None) -> Office:
    """An office with three people."""
    return make_office()


@pytest.fixture
def no_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody meets what the law asks; that is tested beside."""
    for act in decision_acts:
        monkeypatch.setattr(type(act), "findings", lambda self, case: ())
