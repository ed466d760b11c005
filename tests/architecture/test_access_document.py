"""docs/access.md prints the tables of who may do what; the tables in the code are the truth."""

from __future__ import annotations

from hrdb.kernel.installation import BASE_DIR
from personnel.choices import Bloc
from personnel.policies import (
    MANAGED_ACTIONS,
    NOT_ON_ONESELF,
    ROLE_ACTIONS,
    ROLES_WITH_UNIT,
    ROLES_WITHOUT_UNIT,
    TIER_1_ROLES,
    Action,
    Role,
)
from personnel.services.delegations import default_rows

DOCUMENT = BASE_DIR / "docs" / "access.md"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A table as the document writes it."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def roles() -> str:
    """Role x action."""
    needs = dict.fromkeys(ROLES_WITH_UNIT, "yes") | dict.fromkeys(ROLES_WITHOUT_UNIT, "none")
    return table(
        ["role", "unit", *(str(action) for action in Action), "tier 1"],
        [
            [
                f"`{role.value}` {role.label}",
                needs.get(role, "may"),
                *("x" if action in ROLE_ACTIONS[role] else "" for action in Action),
                "open" if role in TIER_1_ROLES else "masked",
            ]
            for role in Role
        ],
    )


def delegations() -> str:
    """The default of the delegation table."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for row in default_rows():
        bloc = Bloc(row.bloc).label if row.bloc else "every bloc"
        rows.setdefault((row.managing_level.label, bloc, row.role.value), []).append(str(row.action))
    return table(
        ["managing level", "bloc", "role", "actions"],
        [[level, bloc, f"`{role}`", ", ".join(actions)] for (level, bloc, role), actions in rows.items()],
    )


def test_the_document_prints_the_role_table() -> None:
    assert roles() in DOCUMENT.read_text(encoding="utf-8")


def test_the_document_prints_the_default_delegations() -> None:
    assert delegations() in DOCUMENT.read_text(encoding="utf-8")


def test_the_document_names_the_actions_that_levels_govern() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert f"Governed by managing level: {', '.join(sorted(MANAGED_ACTIONS))}." in text
    assert f"Never on oneself: {', '.join(sorted(NOT_ON_ONESELF))}." in text
