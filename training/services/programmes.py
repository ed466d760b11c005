"""Programmes (chương trình đào tạo, bồi dưỡng): made, changed, closed, opened again; the seats that schools allot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from training.models import Programme, SeatAllotment
from training.rules.admission import KEYS
from training.services.acting import require_arranger, training_event


def create_programme(*, values: Mapping[str, Any], acting_user: User | None) -> Programme:
    """Add a programme to the catalogue."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason=f"Thêm chương trình {values.get('name', '')}"):
        made = Programme(**values)
        _check(made)
        save_checked(made)
        return made


def change_programme(
    *, programme: Programme, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> Programme:
    """Change what a programme is; classes that were held keep what they gave."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason=f"Sửa chương trình {programme.name}", subject=programme):
        current = _locked(programme)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        for name, value in values.items():
            setattr(current, name, value)
        _check(current)
        save_checked(current)
        return current


def switch_programme(*, programme: Programme, is_open: bool, reason: str, acting_user: User | None) -> Programme:
    """Close a programme, which then takes no new plan, class or proposal; or open it again."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason=reason, subject=programme):
        current = _locked(programme)
        if current.is_open == is_open:
            raise ServiceRefusal("Chương trình đang dùng." if is_open else "Chương trình đã ngừng dùng.")
        current.is_open = is_open
        save_checked(current)
        return current


def allot_seats(*, programme: Programme, values: Mapping[str, Any], acting_user: User | None) -> SeatAllotment:
    """Set how many seats a school gave for a year; what was set of that year before is changed."""
    require_arranger(acting_user)
    reason = f"Chỉ tiêu năm {values['year']}: {programme.name}"
    with training_event(acting_user=acting_user, reason=reason, subject=programme):
        current = _locked(programme)
        row = current.allotments.select_for_update(of=("self",)).filter(year=values["year"]).first()
        row = row or SeatAllotment(programme=current, year=values["year"])
        row.seats, row.note = values["seats"], values.get("note", "")
        save_checked(row)
        return row


def _locked(programme: Programme) -> Programme:
    return Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)


def _check(programme: Programme) -> None:
    """A level is one of the kind that is given; conditions are those that are known."""
    level = programme.level
    if level is not None and level.kind != programme.gives:
        raise ValidationError({"level": "Trình độ không thuộc loại văn bằng, chứng chỉ đã chọn."})
    if set(programme.conditions) - set(KEYS):
        raise ValidationError({"conditions": "Điều kiện dự học có mục không nhận biết được."})
