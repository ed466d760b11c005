"""The role x action table, walked role by role against the queries, and tier 1 and tier 2."""

from __future__ import annotations

import itertools

import pytest

from personnel.models import Cadre
from personnel.models.scope import has_role, sees_tier_1, sees_tier_2
from personnel.policies import (
    MANAGED_ACTIONS,
    NOT_ON_ONESELF,
    ROLE_ACTIONS,
    ROLES_WITH_UNIT,
    ROLES_WITHOUT_UNIT,
    TIER_1_ROLES,
    Action,
    Role,
    roles_allowing,
)
from tests.factories.personnel import make_cadre, make_unit, make_user

#: The table as design and law want it, written down a second time so that a slip in one of them shows.
EXPECTED = {
    Role.PROVINCE_OFFICER: "view edit view_sensitive decide plan train appraise",
    Role.UNIT_OFFICER: "view edit view_sensitive decide plan train appraise",
    Role.APPROVER: "view approve",
    Role.INSPECTOR: "view view_sensitive audit",
    Role.ADMINISTRATOR: "",
    Role.CADRE: "",
}


def test_every_role_has_its_row_in_the_table() -> None:
    assert set(ROLE_ACTIONS) == set(Role)
    assert {role: {str(action) for action in actions} for role, actions in ROLE_ACTIONS.items()} == {
        role: set(actions.split()) for role, actions in EXPECTED.items()
    }


def test_nobody_writes_and_approves_with_one_role() -> None:
    for role, actions in ROLE_ACTIONS.items():
        assert not {Action.EDIT, Action.APPROVE} <= actions, role
        assert not {Action.EDIT, Action.AUDIT} <= actions, role


def test_sets_of_roles_and_actions_fit_together() -> None:
    assert not ROLES_WITH_UNIT & ROLES_WITHOUT_UNIT
    assert NOT_ON_ONESELF <= MANAGED_ACTIONS
    assert all(Action.VIEW in ROLE_ACTIONS[role] for role in TIER_1_ROLES)
    for action in Action:
        assert set(roles_allowing(action)) == {role for role in Role if action in ROLE_ACTIONS[role]}


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_the_query_gives_a_role_exactly_the_actions_of_its_row(role: Role, action: Action) -> None:
    unit = make_unit()
    inside, outside = make_cadre(unit=unit), make_cadre()
    user = make_user(role, unit=unit if role not in ROLES_WITHOUT_UNIT else None)
    found = set(Cadre.objects.visible_to(user, action))
    allowed = action in ROLE_ACTIONS[role]
    assert found == ({inside} if allowed else set())
    assert outside not in found
    assert has_role(user, role)


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_tiers_of_sensitive_data_open_by_role(role: Role) -> None:
    unit = make_unit()
    person = make_cadre(unit=unit)
    user = make_user(role, unit=unit if role not in ROLES_WITHOUT_UNIT else None)
    assert sees_tier_1(user, person) is (role in TIER_1_ROLES)
    assert sees_tier_2(user, person) is (Action.VIEW_SENSITIVE in ROLE_ACTIONS[role])
    annotated = Cadre.objects.with_tier_1(user).get(pk=person.pk)
    assert annotated.is_tier_1_open is (role in TIER_1_ROLES)
