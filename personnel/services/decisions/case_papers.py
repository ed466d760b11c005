"""Keeping what goes with the people of a decision (hồ sơ, kết quả kiểm phiếu): who decides writes it, with an event.

A draft has to be checked again afterwards; of a signed decision papers and votes may be completed, and its findings
stay as they were at signing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.core.exceptions import ValidationError

from hrdb.kernel.audit import writing
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.choices import DecisionState
from personnel.models import Decision, DecisionItem
from personnel.rules.procedure import BadTally, judge_step
from personnel.services.bulk import update_many
from personnel.services.decisions.dossiers import EnteredPaper, dossier_of
from personnel.services.decisions.kinds import act_of
from personnel.services.decisions.procedures import RecordedProcedure, known_procedure
from personnel.services.decisions.register import locked_decision
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked

LONGEST_NOTE: Final = 250


def record_dossier(
    *,
    decision: Decision,
    papers: Mapping[int, Mapping[str, EnteredPaper]],
    version: int | None,
    acting_user: User | None,
) -> int:
    """Keep what was found in the dossiers of some people, by the ids of their items; answers how many changed.

    Raises StaleVersion, ServiceRefusal while it is submitted or when it no longer stands, ValidationError for a paper
    that is not asked for.
    """
    with _completing(decision, version, acting_user, reason="Kiểm thành phần hồ sơ") as current:
        act = act_of(current)
        asked = dossier_of(act, current.effective_on) if act is not None else None
        keys = {paper.key for paper in asked.papers} if asked else set()
        changed = []
        for item in current.items.filter(pk__in=list(papers)):
            kept = {key: _paper_as_json(paper) for key, paper in papers[item.pk].items()}
            if strange := kept.keys() - keys:
                raise ValidationError(f"Hồ sơ không có thành phần: {', '.join(sorted(strange))}.", code="paper")
            if kept != item.dossier:
                item.dossier = kept
                changed.append(item)
        _keep(current, changed, "dossier")
        return len(changed)


def record_procedure(
    *,
    decision: Decision,
    items: Sequence[int],
    recorded: RecordedProcedure,
    version: int | None,
    acting_user: User | None,
) -> int:
    """Keep the steps of a procedure for the people of one seat, by the ids of their items; answers how many changed.

    Raises StaleVersion, ServiceRefusal, ValidationError with a sentence for numbers that cannot be.
    """
    with _completing(decision, version, acting_user, reason="Ghi kết quả quy trình nhân sự") as current:
        act = act_of(current)
        if act is None or recorded.procedure not in act.procedures:
            raise ValidationError("Loại quyết định này không theo quy trình đó.", code="procedure")
        _check(recorded, current)
        changed = []
        for item in current.items.filter(pk__in=list(items)):
            if item.tallies != (kept := [recorded.as_json()]):
                item.tallies = kept
                changed.append(item)
        _keep(current, changed, "tallies")
        return len(changed)


@contextmanager
def _completing(
    decision: Decision, version: int | None, acting_user: User | None, *, reason: str
) -> Iterator[Decision]:
    """The decision locked, inside an event, if what goes with it may be completed now."""
    with writing(acting_user=acting_user, reason=reason):
        current = locked_decision(decision, acting_user=acting_user)
        if version is not None and version != version_of(current):
            raise StaleVersion(current)
        if current.state == DecisionState.SUBMITTED:
            raise ServiceRefusal("Dự thảo đang trình ký nên không sửa được; hãy trả lại trước.")
        if not current.is_open and current.state != DecisionState.SIGNED:
            raise ServiceRefusal("Quyết định này không còn hiệu lực nên không bổ sung được.")
        yield current


def _keep(decision: Decision, changed: list[DecisionItem], field: str) -> None:
    update_many(DecisionItem, changed, [field])
    if changed:
        if decision.state == DecisionState.CHECKED:
            decision.state = DecisionState.DRAFT
        save_checked(decision)


def _paper_as_json(paper: EnteredPaper) -> dict[str, Any]:
    day = paper.issued_on.isoformat() if paper.issued_on and paper.is_there else None
    return {"there": paper.is_there, "day": day, "note": paper.note.strip()[:LONGEST_NOTE]}


def _check(recorded: RecordedProcedure, decision: Decision) -> None:
    """Refuse steps that the procedure lacks and numbers that cannot be."""
    procedure = known_procedure(recorded.procedure, decision.effective_on)
    if procedure is None:
        raise ValidationError("Các bước của quy trình này chưa được kiểm chứng nên chưa ghi được.", code="unknown")
    for tally in recorded.tallies():
        try:
            judge_step(procedure=procedure, step=tally.step, tally=tally, seats=recorded.seats)
        except BadTally as fault:
            raise ValidationError(str(fault), code="tally") from None
        except KeyError:
            raise ValidationError("Quy trình không có bước này.", code="step") from None
