"""Standards of titles (tiêu chuẩn chức danh) as planning asks them: set from a day, on a ground, many at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from hrdb.kernel.audit import writing
from hrdb.kernel.constraints import boundaries_may_move
from hrdb.kernel.models import User
from personnel.choices import Confidence
from personnel.models import Title, TitleStandard
from personnel.services.errors import ServiceRefusal
from personnel.services.records import save_checked
from planning.models.scope import levels_prepared_by

#: The requirements that planning asks by a level, in the order of the sheet.
REQUIREMENTS = ("professional_level", "political_theory", "state_management", "foreign_language")


@dataclass(frozen=True, slots=True)
class NewStandard:
    """What a title asks from a day: the code of a level, on which ground, how well confirmed."""

    title_id: int
    requirement: str
    value: str
    effective_from: datetime.date
    citation: str
    confidence: str = Confidence.UNCONFIRMED


def set_standards(*, standards: Sequence[NewStandard], acting_user: User | None) -> int:
    """Let titles ask something from a day; what holds already stays, what held before ends. Answers how many changed.

    Raises ServiceRefusal where a later standard stands already.
    """
    if not levels_prepared_by(acting_user):
        raise PermissionDenied("Chỉ cấp lập quy hoạch được khai tiêu chuẩn chức danh.")
    with writing(acting_user=acting_user, reason="Khai tiêu chuẩn chức danh"):
        titles = {title.pk: title for title in Title.objects.filter(pk__in={one.title_id for one in standards})}
        with boundaries_may_move(TitleStandard):
            return sum(_set(one, titles[one.title_id]) for one in standards)


def _set(new: NewStandard, title: Title) -> bool:
    rows = TitleStandard.objects.select_for_update(of=("self",)).filter(title=title, requirement=new.requirement)
    if rows.filter(effective_from__gt=new.effective_from).exists():
        raise ServiceRefusal(f"{title.name}: đã có tiêu chuẩn từ ngày sau {new.effective_from:%d/%m/%Y}.")
    still = Q(effective_until__isnull=True) | Q(effective_until__gt=new.effective_from)
    held = rows.filter(still, effective_from__lte=new.effective_from).first()
    given = {"value": new.value, "citation": new.citation, "confidence": new.confidence}
    if held is not None and all(getattr(held, name) == value for name, value in given.items()):
        return False
    if held is not None and held.effective_from == new.effective_from:
        for name, value in given.items():
            setattr(held, name, value)
        save_checked(held)
        return True
    if held is not None:
        held.effective_until = new.effective_from
        save_checked(held)
    save_checked(TitleStandard(title=title, requirement=new.requirement, effective_from=new.effective_from, **given))
    return True


def changed_only(standards: Iterable[NewStandard], known: dict[tuple[int, str], str]) -> list[NewStandard]:
    """Those that say something else than what is known (level codes by title and requirement)."""
    return [one for one in standards if known.get((one.title_id, one.requirement)) != one.value]
