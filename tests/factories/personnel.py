"""Units, people and accounts for tests; every argument has a sensible default and may be given."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from hrdb.kernel.audit import writing
from hrdb.kernel.models import User
from hrdb.kernel.text import fold
from personnel.choices import AssignmentKind, EmploymentCategory, EmploymentState, Sex
from personnel.models import (
    Assignment,
    Cadre,
    Custody,
    Employment,
    EthnicGroup,
    Grant,
    PartyMembership,
    PayStep,
    Qualification,
    QualificationLevel,
    Rank,
    Title,
    Unit,
    UnitVersion,
)
from personnel.policies import ROLES_WITH_UNIT, Role
from personnel.services.cadres import derive_keys

_serial = itertools.count(1)

LONG_AGO = datetime.date(2000, 1, 1)


def make(model: type[Any], **values: Any) -> Any:
    """Save one row of any tracked model inside an audit event."""
    with writing(acting_user=None, reason="dữ liệu kiểm thử"):
        row = model(**values)
        row.save()
    return row


def make_unit(code: str | None = None, *, parent: Unit | None = None, name: str = "", **version: Any) -> Unit:
    """A unit with one open version."""
    code = code or f"DV.{next(_serial):04d}"
    name = name or f"Đơn vị {code}"
    unit, _ = (
        Unit.objects.get_or_create(code=code)
        if Unit.objects.filter(code=code).exists()
        else (
            make(Unit, code=code),
            True,
        )
    )
    values: dict[str, Any] = {"effective_from": LONG_AGO, **version}
    make(UnitVersion, unit=unit, parent=parent, name=name, search_key=fold(name), **values)
    return unit


def make_title(code: str | None = None, **values: Any) -> Title:
    """A title."""
    code = code or f"CD-{next(_serial):04d}"
    return make(Title, **{"code": code, "name": f"Chức danh {code}", **values})


def make_code(model: type[Any], code: str | None = None, **values: Any) -> Any:
    """An item of a code list."""
    code = code or f"x-{next(_serial)}"
    found = model.objects.filter(code=code, **({"kind": values["kind"]} if "kind" in values else {})).first()
    return found or model.objects.create(**{"code": code, "name": f"Mục {code}", **values})


def personal_number(*, sex: str = Sex.MALE, born: datetime.date = datetime.date(1980, 1, 1), serial: int = 0) -> str:
    """A personal number that agrees with sex and birth year."""
    century = (0 if born.year < 2000 else 2) + (1 if sex == Sex.FEMALE else 0)
    return f"010{century}{born.year % 100:02d}{serial or next(_serial):06d}"


def make_cadre(
    *,
    unit: Unit | None = None,
    name: str = "",
    born: datetime.date = datetime.date(1980, 5, 10),
    sex: str = Sex.MALE,
    since: datetime.date = datetime.date(2010, 1, 1),
    category: str = EmploymentCategory.CIVIL_SERVANT,
    state: str = EmploymentState.WORKING,
    title: Title | None = None,
    title_text: str = "",
    **values: Any,
) -> Cadre:
    """A person with custody, employment and a main assignment in `unit` since `since`."""
    serial = next(_serial)
    unit = unit or make_unit()
    cadre = Cadre(
        **{
            "full_name": name or f"Nguyễn Văn Thử {serial}",
            "personal_number": personal_number(sex=sex, born=born, serial=serial),
            "born": born,
            "sex": sex,
            **values,
        }
    )
    derive_keys(cadre)
    with writing(acting_user=None, reason="dữ liệu kiểm thử"):
        cadre.save()
        Custody.objects.create(cadre=cadre, unit=unit, effective_from=since)
        Employment.objects.create(cadre=cadre, category=category, state=state, effective_from=since)
        Assignment.objects.create(
            cadre=cadre,
            unit=unit,
            title=title,
            title_text=title_text,
            kind=AssignmentKind.MAIN,
            effective_from=since,
        )
    return cadre


def move_cadre(cadre: Cadre, unit: Unit, day: datetime.date) -> None:
    """End custody and main assignment on `day` and open them in another unit."""
    with writing(acting_user=None, reason="dữ liệu kiểm thử"):
        for model in (Custody, Assignment):
            held = model.objects.filter(cadre=cadre, effective_until=None)
            if model is Assignment:
                held = held.filter(kind=AssignmentKind.MAIN)
            for row in held:
                row.effective_until = day
                row.save()
            model.objects.create(cadre=cadre, unit=unit, effective_from=day)


def add_qualification(cadre: Cadre, kind: str, level: QualificationLevel, **values: Any) -> Qualification:
    """A qualification held since long ago."""
    return make(Qualification, **{"cadre": cadre, "kind": kind, "level": level, "effective_from": LONG_AGO, **values})


def add_pay_step(cadre: Cadre, rank: Rank, **values: Any) -> PayStep:
    """An open pay step."""
    return make(
        PayStep,
        **{"cadre": cadre, "rank": rank, "step": 1, "coefficient": "2.34", "effective_from": LONG_AGO, **values},
    )


def add_party(cadre: Cadre, joined: datetime.date = datetime.date(2012, 2, 3)) -> PartyMembership:
    """Party membership since `joined`."""
    return make(PartyMembership, cadre=cadre, effective_from=joined)


def make_user(role: Role | str | None = None, *, unit: Unit | None = None, **values: Any) -> User:
    """An account, with a grant of `role` over `unit` when a role is given; password is «mat-khau-thu-9»."""
    serial = next(_serial)
    user = User(**{"username": f"nguoidung{serial}", "full_name": f"Người dùng {serial}", **values})
    user.set_password("mat-khau-thu-9")
    user.save()
    if role is not None:
        needs_unit = Role(role) in ROLES_WITH_UNIT
        make(Grant, user=user, role=role, unit=unit or (make_unit() if needs_unit else None), effective_from=LONG_AGO)
    return user


def minority(name: str = "Tày") -> EthnicGroup:
    """An ethnic minority group."""
    return make_code(EthnicGroup, "02", name=name, is_minority=True)
