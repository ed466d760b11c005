"""What asks for training beside titles: standards of ranks, set from a day, and what offices propose for somebody."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from hrdb.kernel.constraints import boundaries_may_move
from hrdb.kernel.models import User
from personnel.models import Cadre, Custody
from personnel.policies import Action
from personnel.services.bulk import create_many
from personnel.services.errors import ServiceRefusal
from personnel.services.records import lock_cadre, save_checked
from training.models import Programme, ProposedNeed, RankStandard
from training.models.scope import trained_by
from training.services.acting import require_arranger, require_trainer, training_event


def set_rank_standard(*, values: Mapping[str, Any], acting_user: User | None) -> RankStandard:
    """Ask a level of holders of a group of ranks from a day; what was asked before ends.

    Raises ServiceRefusal where something is asked from a later day already.
    """
    require_arranger(acting_user)
    with (
        training_event(acting_user=acting_user, reason="Khai tiêu chuẩn theo ngạch"),
        boundaries_may_move(RankStandard),
    ):
        start = values["effective_from"]
        rows = RankStandard.objects.select_for_update(of=("self",)).filter(
            group=values["group"], requirement=values["requirement"]
        )
        if rows.filter(effective_from__gt=start).exists():
            raise ServiceRefusal(f"Đã có tiêu chuẩn áp dụng từ ngày sau {start:%d/%m/%Y}.")
        held: RankStandard | None = rows.filter(Q(effective_until__isnull=True) | Q(effective_until__gt=start)).first()
        if held is not None and held.effective_from == start:
            for name in ("value", "citation", "confidence"):
                setattr(held, name, values[name])
            save_checked(held)
            return held
        if held is not None:
            held.effective_until = start
            save_checked(held)
        made = RankStandard(**values)
        save_checked(made)
        return made


def end_rank_standard(*, standard: RankStandard, day: datetime.date, acting_user: User | None) -> RankStandard:
    """Ask it no more from a day."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason="Thôi áp dụng tiêu chuẩn theo ngạch"):
        current: RankStandard = RankStandard.objects.select_for_update(of=("self",)).get(pk=standard.pk)
        if current.effective_until is not None:
            raise ServiceRefusal("Tiêu chuẩn này đã thôi áp dụng.")
        if day <= current.effective_from:
            raise ServiceRefusal("Tiêu chuẩn chưa áp dụng ngày nào: hãy khai lại mức đúng từ chính ngày đó.")
        current.effective_until = day
        save_checked(current)
        return current


def propose_need(
    *,
    cadre: Cadre,
    programme: Programme,
    reason: str,
    needed_by: datetime.date | None,
    acting_user: User | None,
) -> ProposedNeed:
    """Let the office that keeps the record propose a programme for somebody.

    Raises Cadre.DoesNotExist (out of scope), ServiceRefusal (a closed programme), ValidationError (proposed already).
    """
    with training_event(acting_user=acting_user, reason=reason, subject=cadre):
        locked = lock_cadre(cadre.pk, acting_user=acting_user, action=Action.TRAIN)
        _refuse_oneself(locked, acting_user)
        if not Programme.objects.filter(pk=programme.pk, is_open=True).exists():
            raise ServiceRefusal("Chương trình đã ngừng dùng nên không đề nghị được.")
        today = timezone.localdate()
        unit_id = Custody.objects.in_force(today).filter(cadre=locked).values_list("unit_id", flat=True).first()
        if unit_id is None:
            raise ServiceRefusal("Hồ sơ chưa có đơn vị quản lý nên chưa đề nghị được.")
        made = ProposedNeed(
            cadre=locked,
            programme=programme,
            unit_id=unit_id,
            proposed_on=today,
            needed_by=needed_by,
            reason=reason,
        )
        save_checked(made)
        return made


def propose_for_many(
    *,
    people: Iterable[int],
    programme: Programme,
    reason: str,
    needed_by: datetime.date | None,
    acting_user: User | None,
) -> list[ProposedNeed]:
    """The same for several people at once; who is proposed already, is out of scope or is oneself is passed over.

    Raises ServiceRefusal (a closed programme).
    """
    require_trainer(acting_user)
    with training_event(acting_user=acting_user, reason=reason, subject=programme):
        if not Programme.objects.filter(pk=programme.pk, is_open=True).exists():
            raise ServiceRefusal("Chương trình đã ngừng dùng nên không đề nghị được.")
        today = timezone.localdate()
        chosen = trained_by(acting_user).filter(pk__in=list(people))
        if acting_user is not None:
            chosen = chosen.filter(Q(account__isnull=True) | ~Q(account_id=acting_user.pk))
        locked = list(chosen.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        standing = ProposedNeed.objects.filter(programme=programme, withdrawn_on__isnull=True, cadre_id__in=locked)
        proposed = set(standing.values_list("cadre_id", flat=True))
        kept = Custody.objects.in_force(today).filter(cadre_id__in=locked)
        rows = [
            ProposedNeed(
                cadre_id=cadre_id,
                programme=programme,
                unit_id=unit_id,
                proposed_on=today,
                needed_by=needed_by,
                reason=reason,
            )
            for cadre_id, unit_id in kept.order_by("cadre_id").values_list("cadre_id", "unit_id")
            if cadre_id not in proposed
        ]
        return list(create_many(ProposedNeed, rows))


def withdraw_need(*, proposal: ProposedNeed, reason: str, acting_user: User | None) -> ProposedNeed:
    """Take a proposal back from today on."""
    with training_event(acting_user=acting_user, reason=reason, subject=proposal.cadre):
        locked = lock_cadre(proposal.cadre_id, acting_user=acting_user, action=Action.TRAIN)
        _refuse_oneself(locked, acting_user)
        current: ProposedNeed = ProposedNeed.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if current.withdrawn_on is not None:
            raise ServiceRefusal("Đề nghị này đã rút.")
        current.withdrawn_on = timezone.localdate()
        save_checked(current)
        return current


def _refuse_oneself(cadre: Cadre, user: User | None) -> None:
    """Nobody sends himself."""
    if user is not None and cadre.account_id == user.pk:
        raise PermissionDenied("Không đề nghị hoặc rút đề nghị đào tạo cho chính mình: việc này do người khác làm.")
