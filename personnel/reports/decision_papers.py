"""What goes with the people of a decision, on paper: the checklist of dossiers, and the summary of the votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from hrdb.kernel.dates import format_date
from hrdb.kernel.pdf import render_pdf
from hrdb.kernel.text import nfc
from personnel.models import Decision
from personnel.reports.decision_texts.heads import Head, head_of
from personnel.reports.unit_names import UnitNames
from personnel.rules.dossier import STATE_LABELS, DossierVerdict
from personnel.rules.procedure import MOVE_LABELS, StepVerdict
from personnel.rules.procedure_data import Procedure
from personnel.services.decisions.dossiers import entered_paper, held_papers
from personnel.services.decisions.kinds import Case
from personnel.services.decisions.procedures import RecordedProcedure, Vote

STYLESHEETS: Final = (Path(settings.BASE_DIR) / "templates/personnel/decision_papers/paper.css",)
DOSSIER_WHAT: Final = "Danh mục thành phần hồ sơ"
VOTES_WHAT: Final = "Tổng hợp kết quả kiểm phiếu"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper of a person: how it stands, its date, whether the record provides it, a note."""

    key: str
    label: str
    state: str
    state_label: str
    day: str
    is_from_record: bool
    note: str


@dataclass(frozen=True, slots=True)
class PersonDossier:
    """One person's dossier in lines."""

    item: int
    name: str
    lines: tuple[PaperLine, ...]
    verdict: DossierVerdict

    def labels(self, state: str) -> list[str]:
        """The papers in a state."""
        return [line.label for line in self.lines if line.state == state]

    @property
    def held(self) -> int:
        """How many are there."""
        return len(self.labels("held"))

    @property
    def missing(self) -> list[str]:
        """What is known to be missing."""
        return self.labels("missing")

    @property
    def unchecked(self) -> int:
        """How many nobody has looked for yet."""
        return len(self.labels("unchecked"))


def person_dossier(case: Case, verdict: DossierVerdict, *, shows_days: bool) -> PersonDossier:
    """A dossier in lines; `shows_days`: dates that the record tells are open to the reader."""
    held = held_papers(case)
    lines = []
    for one in verdict.papers:
        paper, entered = held.get(one.paper.key), entered_paper(case.item, one.paper.key)
        is_own = paper is not None and not paper.is_from_record
        day = paper.issued_on if paper is not None and (is_own or shows_days) else None
        lines.append(
            PaperLine(
                key=one.paper.key,
                label=one.paper.label,
                state=one.state,
                state_label=STATE_LABELS[one.state],
                day=format_date(day) if day else "",
                is_from_record=paper is not None and paper.is_from_record,
                note=entered.note,
            )
        )
    return PersonDossier(case.item.pk, case.cadre.full_name or "Người mới", tuple(lines), verdict)


def dossier_pdf(decision: Decision, people: Sequence[PersonDossier]) -> bytes:
    """The checklist of some people, one after another."""
    return _print("dossier.html", decision, title=DOSSIER_WHAT, people=people)


@dataclass(frozen=True, slots=True)
class VoteLine:
    """One candidate of a step: votes and their share of those summoned, and what became of him."""

    name: str
    votes: str
    share: str
    outcome: str


@dataclass(frozen=True, slots=True)
class StepLines:
    """One step as it was counted."""

    label: str
    summoned_label: str
    held_on: str
    minutes: str
    summoned: str
    present: str
    present_share: str
    votes: tuple[VoteLine, ...]
    result: str


def step_lines(asked: Procedure, recorded: RecordedProcedure, verdicts: Mapping[str, StepVerdict]) -> list[StepLines]:
    """The steps that were recorded, in order."""
    told = []
    for step in asked.steps:
        held, verdict = recorded.step(step.key), verdicts.get(step.key)
        if held is None:
            continue
        told.append(
            StepLines(
                label=step.label,
                summoned_label=step.summoned,
                held_on=format_date(held.held_on) if held.held_on else "",
                minutes=held.minutes,
                summoned=_number(held.summoned),
                present=_number(held.present),
                present_share=share_text(held.present, held.summoned),
                votes=tuple(_vote(vote, held.summoned, verdict) for vote in held.votes),
                result=result_of(verdict),
            )
        )
    return told


def result_of(verdict: StepVerdict | None) -> str:
    """What a step led to, in words."""
    if verdict is None or verdict.move is None:
        return "Chưa rõ"
    return MOVE_LABELS[verdict.move]


def share_text(count: int | None, total: int | None) -> str:
    """«83,33%» of those summoned; nothing where it cannot be told."""
    if count is None or not total:
        return ""
    whole, rest = divmod(round(count * 10_000 / total), 100)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",") + "%"


def votes_pdf(
    decision: Decision, *, title: str, seats: int, asked: Procedure, steps: Sequence[StepLines], conclusion: str
) -> bytes:
    """The summary of the votes of one seat (tổng hợp kiểm phiếu)."""
    return _print(
        "votes.html",
        decision,
        title=VOTES_WHAT,
        seat=title,
        seats=f"{seats:02d}",
        procedure=asked,
        steps=steps,
        conclusion=conclusion,
    )


def _vote(vote: Vote, summoned: int | None, verdict: StepVerdict | None) -> VoteLine:
    outcome = ""
    if verdict is not None and verdict.move is not None:
        passed, waits = vote.name in verdict.passed, vote.name in verdict.for_the_head
        outcome = "Đạt" if passed else "Chờ người đứng đầu" if waits else "Không đạt"
    return VoteLine(vote.name, _number(vote.count), share_text(vote.count, summoned), outcome)


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:02d}"


def _print(template: str, decision: Decision, **more: Any) -> bytes:
    units = UnitNames.read([decision.unit_id])
    head: Head = head_of(decision, units)
    context = {"decision": decision, "head": head, **more}
    html = nfc(render_to_string(f"personnel/decision_papers/{template}", context))
    return render_pdf(html, stylesheets=STYLESHEETS)
