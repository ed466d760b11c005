"""Opening a record: whether this reader sees it at all, as of which day, what of it, and what may be done with it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest
from django.utils import timezone

from hrdb.kernel.accounts import reader
from hrdb.kernel.models import User
from personnel.choices import STUB_CLASSIFICATIONS
from personnel.models import Cadre
from personnel.models.scope import CadreQuerySet
from personnel.policies import Action
from personnel.record_parts import RecordPart
from personnel.reports.snapshot import LOOKED_UP


@dataclass(frozen=True)
class OpenedRecord:
    """A record in the hands of one reader.

    `is_of_a_day`: the person has moved elsewhere since, so only the past day is open, without sensitive
    data and without what is only known of the present.
    """

    cadre: Cadre
    user: User | None
    day: datetime.date
    today: datetime.date
    is_of_a_day: bool
    is_tier_1_open: bool
    is_tier_2_open: bool
    may_edit: bool

    @property
    def is_past_day(self) -> bool:
        """Whether a day before today is asked for."""
        return self.day < self.today

    @property
    def is_own(self) -> bool:
        """Whether the record is the reader's own."""
        return self.user is not None and self.cadre.account_id == self.user.pk

    @property
    def is_stub(self) -> bool:
        """Whether only a stub with a pointer to the paper is kept."""
        return self.cadre.classification in STUB_CLASSIFICATIONS

    def shows(self, part: RecordPart) -> bool:
        """Whether this reader sees a part of it."""
        return not self.is_stub and (part.sensitive is None or self.is_tier_2_open)


def open_record(request: HttpRequest, pk: int) -> OpenedRecord:
    """The record for the page of a request on its asked day; Http404 out of scope."""
    user = reader(request)
    day: datetime.date = getattr(request, "day", timezone.localdate())
    today: datetime.date = getattr(request, "today", timezone.localdate())
    cadre = _annotated(Cadre.objects.visible_to(user), user).filter(pk=pk).first()
    if cadre is not None:
        return OpenedRecord(
            cadre=cadre,
            user=user,
            day=day,
            today=today,
            is_of_a_day=False,
            is_tier_1_open=bool(cadre.is_tier_1_open),
            is_tier_2_open=bool(cadre.is_tier_2_open),
            may_edit=bool(cadre.is_editable),
        )
    once = Cadre.objects.held_on(user, day).select_related(*LOOKED_UP).filter(pk=pk).first() if day < today else None
    if once is None:
        raise Http404
    return OpenedRecord(
        cadre=once,
        user=user,
        day=day,
        today=today,
        is_of_a_day=True,
        is_tier_1_open=False,
        is_tier_2_open=False,
        may_edit=False,
    )


def open_to_edit(request: HttpRequest, pk: int) -> OpenedRecord:
    """The record for a form; seen only of a past day it cannot be written and does not exist here."""
    opened = open_record(request, pk)
    if opened.is_of_a_day:
        raise Http404
    return opened


def _annotated(cadres: CadreQuerySet, user: User | None) -> CadreQuerySet:
    """Cadres with what this reader may see and do, in the query that finds them."""
    own = Cadre.objects.filter(pk=OuterRef("pk"))
    return (
        cadres.select_related(*LOOKED_UP)
        .with_tier_1(user)
        .annotate(
            is_tier_2_open=Exists(own.readable_in_tier_2(user)),
            is_editable=Exists(own.visible_to(user, Action.EDIT)),
        )
    )
