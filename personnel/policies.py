"""Names of actions and roles, and the one table that joins them. The scope query stands in models/scope.py."""

from __future__ import annotations

from django.db.models import TextChoices


class Action(TextChoices):
    """What one may do to the people of a unit."""

    VIEW = "view", "Xem"
    EDIT = "edit", "Sửa hồ sơ"
    VIEW_SENSITIVE = "view_sensitive", "Xem dữ liệu nhạy cảm"
    DECIDE = "decide", "Lập quyết định"
    PLAN = "plan", "Quy hoạch"
    TRAIN = "train", "Đào tạo"
    APPRAISE = "appraise", "Đánh giá"
    APPROVE = "approve", "Phê duyệt"
    AUDIT = "audit", "Xem nhật ký"


class Role(TextChoices):
    """Vai trò of a grant."""

    PROVINCE_OFFICER = "province_officer", "Cán bộ tổ chức cấp tỉnh"
    UNIT_OFFICER = "unit_officer", "Cán bộ tổ chức đơn vị"
    APPROVER = "approver", "Lãnh đạo phê duyệt"
    INSPECTOR = "inspector", "Thanh tra, kiểm tra"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"
    CADRE = "cadre", "Cán bộ (hồ sơ của mình)"


#: Role x action, printed in docs/access.md and walked by a test.
ROLE_ACTIONS: dict[Role, frozenset[Action]] = {
    Role.PROVINCE_OFFICER: frozenset(
        {Action.VIEW, Action.EDIT, Action.VIEW_SENSITIVE, Action.DECIDE, Action.PLAN, Action.TRAIN, Action.APPRAISE}
    ),
    Role.UNIT_OFFICER: frozenset(
        {Action.VIEW, Action.EDIT, Action.VIEW_SENSITIVE, Action.DECIDE, Action.PLAN, Action.TRAIN, Action.APPRAISE}
    ),
    Role.APPROVER: frozenset({Action.VIEW, Action.APPROVE}),
    Role.INSPECTOR: frozenset({Action.VIEW, Action.VIEW_SENSITIVE, Action.AUDIT}),
    Role.ADMINISTRATOR: frozenset(),
    Role.CADRE: frozenset(),
}

#: Roles whose grant names a unit; the others need none.
ROLES_WITH_UNIT = frozenset({Role.UNIT_OFFICER, Role.APPROVER, Role.INSPECTOR})

#: Roles that are never tied to a unit.
ROLES_WITHOUT_UNIT = frozenset({Role.ADMINISTRATOR, Role.CADRE})

#: Actions that ask besides who manages the title held or sought (diện quản lý).
MANAGED_ACTIONS = frozenset({Action.DECIDE, Action.PLAN, Action.APPRAISE, Action.APPROVE})

#: Actions that nobody does to himself.
NOT_ON_ONESELF = frozenset({Action.APPRAISE, Action.APPROVE})

#: Roles that see tier 1 (personal number, ethnicity, religion) unmasked.
TIER_1_ROLES = frozenset({Role.PROVINCE_OFFICER, Role.UNIT_OFFICER, Role.INSPECTOR})


#: Tables whose rows are tier 2 (health, family, assets, discipline, political review): «view sensitive», always logged.
TIER_2_TABLES = frozenset(
    {
        "personnel.healthcheck",
        "personnel.relative",
        "personnel.asset",
        "personnel.discipline",
        "personnel.politicalreview",
        "personnel.lifehistory",
    }
)


def roles_allowing(action: Action | str) -> list[Role]:
    """Roles whose table row holds `action`."""
    return [role for role, actions in ROLE_ACTIONS.items() if action in actions]


def unit_permission(action: Action | str) -> str:
    """Codename of the permission on a unit that an action is projected to."""
    return f"{Action(action).value}_people"
