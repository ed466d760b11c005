"""Who sees training (ai làm đào tạo): people by the unit that keeps their record, programmes whoever trains anywhere.

Programmes, plans and classes are the province's: whoever trains somewhere reads them, and the province's officers
arrange them. What was planned for somebody is planning's secret: a need that only a plan explains is shown to who may
read that plan, and to nobody else (see `training/statistics/needs.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from personnel.models import Cadre
from personnel.models.scope import CadreQuerySet, has_role, scope_of
from personnel.policies import Action, Role

if TYPE_CHECKING:
    from hrdb.kernel.models import User


def may_train(user: User | None) -> bool:
    """Whether the user trains anywhere; asks nothing that the request has not asked."""
    return not scope_of(user, Action.TRAIN).is_empty


def may_arrange(user: User | None) -> bool:
    """Whether the user arranges programmes, plans and classes: an officer of the province."""
    return may_train(user) and has_role(user, Role.PROVINCE_OFFICER)


def trained_by(user: User | None) -> CadreQuerySet:
    """People whom the user may send to training today."""
    people: CadreQuerySet = Cadre.objects.visible_to(user, Action.TRAIN)
    return people
