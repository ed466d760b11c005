"""The dossier of each person of a decision (hồ sơ nhân sự): what came on paper, what the record provides."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hrdb.kernel.findings import Finding
from hrdb.kernel.parameters import ParameterUnknown
from personnel.models import Asset, DecisionItem, HealthCheck, PoliticalReview, Qualification
from personnel.models.cadres import OfCadre
from personnel.rules.dossier import Dossier, DossierVerdict, HeldPaper, check_dossier, dossier
from personnel.services.decisions.kinds import Case, DecisionAct

#: What of the record provides papers.
DOSSIER_PARTS: Final[tuple[type[OfCadre], ...]] = (HealthCheck, PoliticalReview, Asset, Qualification)
_NEVER: Final = datetime.date.min


@dataclass(frozen=True, slots=True)
class EnteredPaper:
    """What an officer says of one paper: it is there, its date, a note (number, who issued it)."""

    is_there: bool
    issued_on: datetime.date | None = None
    note: str = ""


def dossier_of(act: DecisionAct, day: datetime.date) -> Dossier | None:
    """The papers that a kind asks for on a day; None for a kind without, or when the law that is known lists none."""
    if not act.dossier:
        return None
    try:
        return dossier(kind=act.dossier, day=day)
    except ParameterUnknown:
        return None


def asks_for_papers(case: Case) -> bool:
    """Whether this case has a dossier and a procedure: titles that do not lead have none."""
    title = case["title"]
    return title is None or bool(title.is_leadership)


def dossier_verdict(case: Case) -> DossierVerdict | None:
    """How a person's dossier stands on the decision's day; None where no dossier is asked for."""
    if not case.act.dossier or not asks_for_papers(case):
        return None
    asked = dossier_of(case.act, case.day)
    keys = {paper.key for paper in asked.papers} if asked else set()
    held = {key: paper for key, paper in held_papers(case).items() if key in keys}
    return check_dossier(kind=case.act.dossier, held=held, day=case.day, is_entered=bool(case.item.dossier))


def dossier_findings(case: Case) -> list[Finding]:
    """The dossier as one finding among the conditions of the case."""
    verdict = dossier_verdict(case)
    return [verdict.finding] if verdict is not None else []


def held_papers(case: Case) -> dict[str, HeldPaper]:
    """The papers that are there by key: those entered, else what the record provides; of both the later date."""
    asked = dossier_of(case.act, case.day)
    provided = _provided(case)
    found: dict[str, HeldPaper] = {}
    for paper in asked.papers if asked else ():
        own, record = entered_paper(case.item, paper.key), provided.get(paper.record or "")
        if own.is_there and (record is None or not record.issued_on or (own.issued_on or _NEVER) >= record.issued_on):
            found[paper.key] = HeldPaper(own.issued_on)
        elif record is not None:
            found[paper.key] = record
    return found


def entered_paper(item: DecisionItem, key: str) -> EnteredPaper:
    """What was entered of a paper."""
    kept = item.dossier.get(key)
    if not isinstance(kept, Mapping) or not kept.get("there"):
        return EnteredPaper(False, note=str(kept.get("note", "")) if isinstance(kept, Mapping) else "")
    day = kept.get("day")
    return EnteredPaper(True, datetime.date.fromisoformat(day) if day else None, str(kept.get("note", "")))


def _provided(case: Case) -> dict[str, HeldPaper]:
    """What the record provides by the decision's day, by the part of the record."""
    held, day = case.held, case.day
    dates: dict[str, list[datetime.date | None]] = {
        "health": [row.checked_on for row in held.rows[HealthCheck] if row.checked_on <= day],
        "political_review": [row.concluded_on for row in held.rows[PoliticalReview] if row.concluded_on <= day],
        "assets": [row.declared_on for row in held.rows[Asset] if row.declared_on is None or row.declared_on <= day],
        "qualifications": [row.issued_on for row in held.rows[Qualification] if row.holds_on(day)],
    }
    found = {
        part: HeldPaper(max((one for one in told if one), default=None), is_from_record=True)
        for part, told in dates.items()
        if told
    }
    if case.item.cadre_id is not None:
        found["cv"] = HeldPaper(None, is_from_record=True)
    if case.facts.get("ratings"):
        found["ratings"] = HeldPaper(None, is_from_record=True)
    return found
