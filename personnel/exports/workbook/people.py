"""Whose records a workbook holds: people in scope, with what their reader sees of each and may change."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import BooleanField, Exists, OuterRef, Q, Value
from django.utils import timezone

from hrdb.kernel.models import User
from personnel.choices import STUB_CLASSIFICATIONS
from personnel.exports.workbook.sheets import Sheet
from personnel.models import Cadre
from personnel.models.scope import CadreQuerySet, scope_of
from personnel.policies import Action


def annotated(people: CadreQuerySet, user: User | None) -> CadreQuerySet:
    """People visible today, each with `is_tier_1_open`, `is_tier_2_open`, `is_editable` and `is_of_a_day` (never)."""
    own = Cadre.objects.filter(pk=OuterRef("pk"))
    return people.with_tier_1(user).annotate(
        is_tier_2_open=Exists(own.readable_in_tier_2(user)),
        is_editable=Exists(own.visible_to(user, Action.EDIT)),
        is_of_a_day=Value(False, output_field=BooleanField()),
    )


def readable(user: User | None, ids: Iterable[int] = (), numbers: Iterable[str] = ()) -> CadreQuerySet:
    """People visible today among those of some ids and personal numbers."""
    asked = Q(pk__any=list(ids)) | Q(personal_number__any=list(numbers))
    return annotated(Cadre.objects.visible_to(user).filter(asked), user)


def exported(user: User | None, ids: Sequence[int], day: datetime.date) -> list[Any]:
    """The people of a workbook in the order of lists: visible today, or once kept in scope on the past day asked for.

    Who has moved elsewhere since is of that day alone (`is_of_a_day`): nothing sensitive, nothing of the present.
    """
    found: list[Any] = list(annotated(Cadre.objects.visible_to(user).filter(pk__any=ids), user))
    if day < timezone.localdate():
        seen = {cadre.pk for cadre in found}
        moved: Iterable[Any] = Cadre.objects.held_on(user, day).filter(pk__any=[pk for pk in ids if pk not in seen])
        for cadre in moved:
            cadre.is_of_a_day = True
            cadre.is_tier_1_open = cadre.is_tier_2_open = cadre.is_editable = False
            found.append(cadre)
    return sorted(found, key=lambda cadre: (cadre.sort_key, cadre.pk))


def sees_sensitive(user: User | None) -> bool:
    """Whether sheets of tier 2 are made for a user at all."""
    return not scope_of(user, Action.VIEW_SENSITIVE).is_empty


def shows(sheet: Sheet, cadre: Any) -> bool:
    """Whether a sheet of rows has those of a person for this reader: never of a stub, tier 2 only where it is open."""
    if cadre.classification in STUB_CLASSIFICATIONS:
        return False
    return sheet.sensitive is None or bool(cadre.is_tier_2_open)
