"""Choosing for several classes of one programme: proposed in one solve, kept as plain values for page and job."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Count, Q

from hrdb.kernel.jobs import start_job
from hrdb.kernel.models import Job, User
from personnel.services.errors import ServiceRefusal
from training.choices import MemberState
from training.models import ClassMember, TrainingClass
from training.models.scope import may_arrange
from training.services.choosing import CHOOSABLE, choice_of, choice_version, seal
from training.statistics.choosing.proposal import Proposal, propose_many

KIND: Final = "cohorts-propose"
#: More classes than these are chosen for by a job that its owner follows.
AT_ONCE: Final = 4
MOST: Final = 60


def choosable_classes(user: User | None, ids: Sequence[int] | None = None) -> list[TrainingClass]:
    """Classes whose list may be chosen by the user, who sees all their members; of some ids where given."""
    if not may_arrange(user):
        return []
    mine = ClassMember.objects.visible_to(user).order_by().values("pk")
    foreign = ClassMember.objects.exclude(pk__in=mine).order_by().values("training_class_id")
    classes = TrainingClass.objects.visible_to(user).filter(state__in=CHOOSABLE).exclude(pk__in=foreign)
    if ids is not None:
        classes = classes.filter(pk__in=list(ids))
    nominated = Count("members", filter=Q(members__state=MemberState.NOMINATED))
    listed = classes.select_related("programme").annotate(nominated=nominated)
    return list(listed.order_by("programme__name", "programme_id", "begins_on", "code"))


def checked_classes(user: User | None, ids: Sequence[int]) -> list[TrainingClass]:
    """The classes asked for; refuses none, too many, and those of several programmes."""
    found = choosable_classes(user, ids)
    if not found:
        raise ServiceRefusal("Hãy đánh dấu ít nhất một lớp.")
    if len(found) > MOST:
        raise ServiceRefusal(f"Mỗi lần chọn cho không quá {MOST} lớp.")
    if len({one.programme_id for one in found}) > 1:
        raise ServiceRefusal("Các lớp được chọn thuộc nhiều chương trình: hãy chọn các lớp của một chương trình.")
    return found


def start_proposing(*, classes: Sequence[TrainingClass], acting_user: User) -> Job:
    """Begin the job that proposes lists for many classes; nothing is written."""
    return start_job(
        kind=KIND,
        owner=acting_user,
        parameters={"classes": [one.pk for one in classes]},
        scope=str(classes[0].programme)[:300],
    )


def proposed(classes: Sequence[TrainingClass], *, user: User | None, day: datetime.date) -> dict[str, Any]:
    """The lists for several classes as plain values, sealed where every one of them can be confirmed."""
    versions = {one.pk: choice_version(one) for one in classes}
    found = propose_many(classes, user=user, day=day)
    is_feasible = all(one.is_feasible for one in found.values())
    choices = [choice_of(found[one.pk], versions[one.pk]) for one in classes]
    return {
        "classes": [_shown(found[one.pk]) for one in classes],
        "choice": seal(choices, user) if is_feasible else "",
        "total": sum(one.total for one in found.values()),
        "people": sum(len(one.picked) for one in found.values()),
    }


def _shown(proposal: Proposal) -> dict[str, Any]:
    """One class: quotas beside what they got, conflicts, who is chosen and why, in words that tell no plan."""
    one = proposal.training_class
    return {
        "id": one.pk,
        "name": one.name,
        "is_feasible": proposal.is_feasible,
        "conflicts": [*proposal.faults, *(conflict.message for conflict in proposal.cohort.conflicts)],
        "quotas": [
            {"label": line.label, "asked": line.asked, "actual": line.actual, "is_met": line.is_met}
            for line in proposal.quota_lines
        ],
        "considered": len(proposal.people),
        "total": proposal.total,
        "chosen": [
            {
                "id": line.person.cadre_id,
                "name": line.person.name,
                "unit": line.person.unit,
                "points": line.person.priority.total,
                "sentence": line.sentence,
            }
            for line in proposal.chosen
        ],
    }
