"""The accounts of the demonstration province: one for each role, with a password meant to be known."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db.models import Count, Q

from hrdb.kernel.models import User
from personnel.choices import EmploymentState
from personnel.models import Cadre, Custody, Employment, Unit
from personnel.policies import Role
from personnel.services.accounts import create_account
from personnel.services.cadres import link_account
from personnel.services.grants import grant

#: The password of the demonstration accounts, printed by the command.
PASSWORD: Final = "trinh-dien-2026"


class Account(NamedTuple):
    """An account of the demonstration: login name, role in words, where it acts (empty: the role says it)."""

    username: str
    role: str
    place: str


@dataclass(frozen=True, slots=True)
class _Grant:
    """A role of a demonstration account, where it acts in words and the codes of its units."""

    username: str
    full_name: str
    role: Role
    place: str
    units: tuple[str, ...] = ()


_GRANTS: Final = (
    _Grant("tinh", "Cán bộ tổ chức tỉnh", Role.PROVINCE_OFFICER, "toàn tỉnh"),
    _Grant("sonoivu", "Cán bộ tổ chức Sở Nội vụ", Role.UNIT_OFFICER, "Sở Nội vụ", ("UBND.02",)),
    _Grant(
        "phuongxa",
        "Cán bộ tổ chức phường Lào Cai",
        Role.UNIT_OFFICER,
        "phường Lào Cai",
        ("XP.02647", "DU.02647", "HD.02647", "MT.02647"),
    ),
    _Grant("duyet", "Lãnh đạo phê duyệt", Role.APPROVER, "toàn tỉnh", ("UBND", "TU", "HDND", "MTTQ")),
    _Grant("thanhtra", "Thanh tra viên", Role.INSPECTOR, "khối chính quyền", ("UBND",)),
    _Grant("quantri", "Quản trị hệ thống", Role.ADMINISTRATOR, "không xem hồ sơ"),
    _Grant("canbo", "Cán bộ xem hồ sơ của mình", Role.CADRE, ""),
)


def open_accounts(*, day: datetime.date, reason: str) -> None:
    """One account for each role; the cadre's reads the record of a working civil servant."""
    units = Unit.objects.in_bulk([code for item in _GRANTS for code in item.units], field_name="code")
    for item in _GRANTS:
        user, _ = create_account(
            username=item.username, full_name=item.full_name, password=PASSWORD, acting_user=None, reason=reason
        )
        if item.role is Role.CADRE:
            cadre = _someone(day)
            user.full_name = cadre.full_name
            user.save(update_fields=["full_name"])
            link_account(cadre=cadre, account=user, acting_user=None, reason=reason)
        for code in item.units or (None,):
            grant(
                user=user,
                role=item.role,
                unit=units[code] if code else None,
                effective_from=day,
                acting_user=None,
                reason=reason,
            )


def _someone(day: datetime.date) -> Cadre:
    """A working person of Sở Nội vụ (else of anywhere) whose record is full."""
    working = Employment.objects.in_force(day).filter(state=EmploymentState.WORKING).values("cadre")
    kept = Custody.objects.in_force(day)
    at_home = kept.filter(unit__code__startswith="UBND.02").values("cadre")
    full = Cadre.objects.filter(pk__in=working).annotate(
        rank=Count("relative_set", distinct=True) + Count("qualification_set", distinct=True)
    )
    near = full.filter(pk__in=at_home, personal_number__isnull=False).exclude(Q(home_town="") | Q(ethnicity=None))
    chosen: Cadre = near.order_by("-rank", "pk").first() or full.order_by("pk")[0]
    return chosen


def accounts() -> tuple[Account, ...]:
    """The demonstration accounts that exist."""
    existing = set(
        User.objects.filter(username__in=[item.username for item in _GRANTS]).values_list("username", flat=True)
    )
    return tuple(Account(item.username, item.role.label, item.place) for item in _GRANTS if item.username in existing)
