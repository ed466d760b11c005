"""Papers of votes: the minutes of a count (biên bản kiểm phiếu) and the ballots of a step (phiếu), as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hrdb.kernel.screens.formats import percent_text
from personnel.reports.unit_names import UnitNames
from planning.models import Candidate, PlanningRound, UnitPlan, VoteStep
from planning.reports.papers import paper_pdf
from planning.rules.votes import OUTCOME_LABELS, default_steps, percent_of
from planning.statistics.votes import PartVotes


@dataclass(frozen=True, slots=True)
class CountedLine:
    """One candidate in the minutes."""

    number: int
    name: str
    born: str
    post: str
    votes: str
    share: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CountedSeat:
    """The candidates of one seat in the minutes."""

    name: str
    lines: tuple[CountedLine, ...]


def minutes_pdf(part: UnitPlan, step: VoteStep, votes: PartVotes, posts: dict[int, str]) -> bytes:
    """The minutes of the count of one step."""
    result = votes.results[step.number]
    seats = []
    for name, rows in _by_seat(votes.rows):
        lines = []
        for number, row in enumerate(rows, 1):
            count, share = row.tallies.get(str(step.number), {}).get("votes"), result.shares.get(row.pk)
            outcome = result.outcomes.get(row.pk, "unknown")
            lines.append(
                CountedLine(
                    number=number,
                    name=row.cadre.full_name,
                    born=row.cadre.birth.text if row.cadre.birth else "",
                    post=posts.get(row.cadre_id, ""),
                    votes="" if count is None else str(count),
                    share="" if share is None else percent_text(float(share) / 100),
                    outcome=OUTCOME_LABELS[outcome] if count is not None else "",
                )
            )
        seats.append(CountedSeat(name, tuple(lines)))
    usual = default_steps(part.round.day)
    context = {
        **_head(part.round, part),
        "step": step,
        "seats": seats,
        "present_share": _share(step.present, step.summoned),
        "quorum": None if step.quorum_percent is None else percent_text(float(step.quorum_percent) / 100),
        "passing": None if step.pass_percent is None else percent_text(float(step.pass_percent) / 100),
        "citation": usual.citation.text if usual else "",
        "is_unconfirmed": usual is None or usual.confidence == "unconfirmed",
    }
    return paper_pdf("minutes.html", context)


def ballots_pdf(part: UnitPlan, step: VoteStep, rows: Sequence[Candidate], posts: dict[int, str]) -> bytes:
    """One ballot with the candidates of all seats of an office, to be copied."""
    seats = [
        (name, [(number, row, posts.get(row.cadre_id, "")) for number, row in enumerate(listed, 1)])
        for name, listed in _by_seat(rows)
    ]
    return paper_pdf("ballot.html", {**_head(part.round, part), "step": step, "seats": seats})


def _by_seat(rows: Sequence[Candidate]) -> list[tuple[str, list[Candidate]]]:
    found: dict[int, tuple[str, list[Candidate]]] = {}
    names = UnitNames.read({row.seat.unit_id for row in rows})
    for row in rows:
        day = row.seat.round.day
        name = f"{row.seat.title.name}, {names.full(row.seat.unit_id, day)}"
        found.setdefault(row.seat_id, (name, []))[1].append(row)
    return list(found.values())


def _head(planning_round: PlanningRound, part: UnitPlan) -> dict[str, Any]:
    names = UnitNames.read({part.unit_id})
    version = names.version(part.unit_id, planning_round.day)
    above = names.version(version.parent_id, planning_round.day) if version else None
    return {
        "round": planning_round,
        "unit": version.name if version else "",
        "superior": above.name if above else "",
    }


def _share(part: int | None, whole: int | None) -> str:
    return percent_text(float(percent_of(part, whole)) / 100) if part is not None and whole else ""
