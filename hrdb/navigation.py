"""What stands in the side bar, composed from all apps; an entry appears once its page exists."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens.navigation import NavGroup, NavItem, draw
from personnel.models.scope import has_role, scope_of
from personnel.policies import Role


def has_own_record(request: HttpRequest) -> bool:
    """Whether the user's account is there to read the own record."""
    return has_role(reader(request), Role.CADRE)


def may_see_people(request: HttpRequest) -> bool:
    """Whether the list of people is a page of this user."""
    return not scope_of(reader(request)).is_empty


GROUPS = (
    NavGroup(
        "",
        (
            NavItem(label="Tổng quan", view="home", icon="layout-dashboard", owns=("home",)),
            NavItem(label="Việc đến hạn", view="personnel:due-list", icon="bell-ring"),
        ),
    ),
    NavGroup(
        "Hồ sơ",
        (
            NavItem(label="Hồ sơ của tôi", view="personnel:own-record", icon="user-round", may_see=has_own_record),
            NavItem(
                label="Cán bộ",
                view="personnel:cadre-list",
                icon="users",
                owns=("personnel:cadre-", "personnel:record-"),
                may_see=may_see_people,
            ),
            NavItem(label="Đơn vị", view="personnel:unit-tree", icon="building-2"),
            NavItem(label="Sắp xếp đơn vị", view="personnel:reorganisation-list", icon="git-merge"),
            NavItem(label="Quyết định", view="personnel:decision-list", icon="file-text", owns=("personnel:decision",)),
            NavItem(label="Nhập danh sách", view="personnel:roster-list", icon="file-up"),
            NavItem(label="Nhập sổ hồ sơ", view="personnel:workbook-list", icon="file-spreadsheet"),
            NavItem(label="Đề nghị tiếp nhận", view="personnel:receiving-list", icon="user-plus"),
        ),
    ),
    NavGroup(
        "Công tác cán bộ",
        (
            NavItem(label="Quy hoạch", view="planning:round-list", icon="route"),
            NavItem(label="Phương án nhân sự", view="planning:slate-list", icon="waypoints"),
            NavItem(label="Luân chuyển", view="planning:rotation-list", icon="arrow-left-right"),
            NavItem(
                label="Đào tạo, bồi dưỡng", view="training:need-matrix", icon="graduation-cap", owns=("training:",)
            ),
            NavItem(label="Đánh giá, xếp loại", view="appraisal:cycle-list", icon="award"),
        ),
    ),
    NavGroup(
        "Tổng hợp",
        (
            NavItem(label="Thống kê cơ cấu", view="personnel:structure", icon="chart-column"),
            NavItem(label="Báo cáo đã phát hành", view="personnel:report-list", icon="badge-check"),
            NavItem(label="Việc chạy nền", view="kernel:job-list", icon="list-checks"),
        ),
    ),
    NavGroup(
        "Giám sát",
        (
            NavItem(label="Nhật ký", view="personnel:audit-list", icon="scroll-text"),
            NavItem(label="Chất lượng dữ liệu", view="personnel:quality", icon="shield-check"),
        ),
    ),
    NavGroup(
        "Quản trị",
        (
            NavItem(label="Tài khoản, vai trò", view="personnel:account-list", icon="key-round"),
            NavItem(
                label="Bảng quyền",
                view="personnel:role-table",
                icon="table",
                owns=("personnel:role-table", "personnel:delegation-"),
            ),
            NavItem(label="Danh mục", view="personnel:code-list", icon="folder-open"),
            NavItem(
                label="Mẫu quyết định",
                view="personnel:decision-template-list",
                icon="file-stack",
                owns=("personnel:decision-template-",),
            ),
            NavItem(label="Quy định đang áp dụng", view="personnel:law", icon="scale"),
        ),
    ),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the side bar of this user, and the names over it."""
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {
        "navigation": draw(GROUPS, request) if signed_in else [],
        "site_name": "CSDL cán bộ",
        "site_place": settings.SITE_PLACE,
    }
