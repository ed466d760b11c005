"""Dossiers of decisions (thành phần hồ sơ): the papers a kind of decision asks for, what is missing, what has expired.

    dossier(kind, day) -> Dossier | None
        the papers of a kind of decision on the day; None when the law that is known asks for none
    check_dossier(kind, held, day, is_entered) -> DossierVerdict
        every paper as a finding, with those missing, expired or without the date that decides

What the record itself provides (`Paper.record`: the CV, ratings, the political review, qualifications, health, assets)
replaces the paper. Source: Nghị định 170/2025/NĐ-CP, Điều 35 and 43.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, Literal, get_args

from hrdb.kernel.dates import add_months
from hrdb.kernel.findings import Citation, Confidence, Finding
from hrdb.kernel.parameters import DatedValue, Parameter, ParameterError, ParameterUnknown
from personnel.rules.judging import declare, unknown
from personnel.rules.law import LAW, weakest

#: The parts of the record that can provide a paper.
RecordPart = Literal["cv", "ratings", "political_review", "assets", "qualifications", "health"]

#: How a paper stands; undated when its age decides and its date is not known; unchecked before anybody looked.
PaperState = Literal["held", "missing", "expired", "undated", "unchecked"]

STATE_LABELS: Final[dict[PaperState, str]] = {
    "held": "Đã có",
    "missing": "Còn thiếu",
    "expired": "Quá thời hạn",
    "undated": "Chưa rõ ngày",
    "unchecked": "Chưa kiểm",
}

PAPER: Final = declare("dossier-paper", "Thành phần hồ sơ")
DOSSIER: Final = declare("dossier-complete", "Hồ sơ đầy đủ, còn thời hạn", waiver="entered")

_AGES: Final = "appointment/paper_months"
_KEYS: Final = {"key", "label"}
_OPTIONAL_KEYS: Final = {"record", "age"}


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: its key and label, what of the record provides it, its greatest age by a row of the ages of papers."""

    key: str
    label: str
    record: RecordPart | None = None
    age: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """The papers of a kind of decision; `is_partial` when only some of them were read in the source."""

    label: str
    papers: tuple[Paper, ...]
    is_partial: bool
    citation: Citation
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A paper that is there: its date where known (of the cv, that of the photo); whether the record provides it."""

    issued_on: date | None = None
    is_from_record: bool = False


@dataclass(frozen=True, slots=True)
class PaperVerdict:
    """How one paper stands; the finding's `met_until` is the day from which it is too old."""

    paper: Paper
    state: PaperState
    finding: Finding


@dataclass(frozen=True, slots=True)
class DossierVerdict:
    """How a dossier stands as a whole, and each of its papers."""

    finding: Finding
    papers: tuple[PaperVerdict, ...] = ()

    def labels(self, state: PaperState) -> tuple[str, ...]:
        """The labels of the papers in a state."""
        return tuple(one.paper.label for one in self.papers if one.state == state)


def dossier(*, kind: str, day: date) -> Dossier | None:
    """The papers that a kind of decision (`appointment`, `rotation`, ...) asks for; raises ParameterUnknown.

    None when no law that is known asks for papers.
    """
    parameter = _parameter(kind)
    return None if parameter is None else _read(parameter.key, parameter.require(day).effective_from)


def check_dossier(*, kind: str, held: Mapping[str, HeldPaper], day: date, is_entered: bool = True) -> DossierVerdict:
    """How the papers `held`, by their keys, stand on `day`; raises KeyError for a kind that asks for no papers.

    Until somebody has gone through the list (`is_entered`), what the record does not provide is not known to be
    missing. Raises ValueError for a key that the dossier lacks.
    """
    parameter = _parameter(kind)
    if parameter is None:
        raise KeyError(kind)
    try:
        asked = _read(parameter.key, parameter.require(day).effective_from)
    except ParameterUnknown as error:
        return DossierVerdict(error.finding(DOSSIER.key, {"Hồ sơ": parameter.label}))
    if strange := set(held) - {paper.key for paper in asked.papers}:
        raise ValueError(f"{kind}: {', '.join(sorted(strange))}")
    absent: PaperState = "missing" if is_entered else "unchecked"
    papers = tuple(_paper(asked, paper, held.get(paper.key), day, absent) for paper in asked.papers)
    return DossierVerdict(_whole(asked, papers), papers)


def _paper(asked: Dossier, paper: Paper, held: HeldPaper | None, day: date, absent: PaperState) -> PaperVerdict:
    facts: dict[str, Any] = {"Giấy tờ": paper.label}
    if held is None and absent == "unchecked":
        facts["Tình trạng"] = STATE_LABELS[absent]
        finding = unknown(PAPER, facts, paper.label, citation=asked.citation, confidence=asked.confidence)
        return PaperVerdict(paper, absent, finding)
    if held is None:
        return _stands(asked, paper, absent, facts)
    if held.is_from_record:
        facts["Nguồn"] = "hồ sơ trong cơ sở dữ liệu"
    if paper.age is None:
        return _stands(asked, paper, "held", facts)
    most = LAW[_AGES].require(day)
    facts |= {"Ngày cấp, ngày chụp": held.issued_on, "Thời hạn (tháng)": most.value[paper.age]}
    if held.issued_on is None:
        missing = f"ngày của {paper.label}"
        finding = unknown(PAPER, facts, missing, citation=most.citation, confidence=most.confidence)
        return PaperVerdict(paper, "undated", finding)
    end = add_months(held.issued_on, most.value[paper.age]) + timedelta(days=1)
    state: PaperState = "held" if held.issued_on <= day < end else "expired"
    return _stands(asked, paper, state, facts, most, end)


def _stands(
    asked: Dossier,
    paper: Paper,
    state: PaperState,
    facts: dict[str, Any],
    most: DatedValue | None = None,
    end: date | None = None,
) -> PaperVerdict:
    finding = Finding(
        rule=PAPER.key,
        outcome="met" if state == "held" else "not_met",
        value=None if most is None or paper.age is None else most.value[paper.age],
        facts={**facts, "Tình trạng": STATE_LABELS[state]},
        citation=asked.citation if most is None else most.citation,
        met_until=end,
        confidence=asked.confidence if most is None else weakest(asked.confidence, most.confidence),
    )
    return PaperVerdict(paper, state, finding)


def _whole(asked: Dossier, papers: tuple[PaperVerdict, ...]) -> Finding:
    facts = {one.paper.label: STATE_LABELS[one.state] for one in papers}
    undated = [f"ngày của {one.paper.label}" for one in papers if one.state == "undated"]
    undated += [one.paper.label for one in papers if one.state == "unchecked"]
    is_bad = any(one.state in ("missing", "expired") for one in papers)
    if not is_bad and (undated or asked.is_partial):
        lacking = undated or [f"các thành phần khác của {asked.label}"]
        return unknown(DOSSIER, facts, *lacking, citation=asked.citation, confidence=asked.confidence)
    return Finding(
        rule=DOSSIER.key,
        outcome="not_met" if is_bad else "met",
        value=f"{sum(one.state == 'held' for one in papers)}/{len(papers)}",
        facts=facts,
        citation=asked.citation,
        confidence=asked.confidence,
    )


def _parameter(kind: str) -> Parameter | None:
    return next((one for one in LAW.under("dossiers") if kind in one.attributes["kinds"]), None)


@lru_cache(maxsize=64)
def _read(key: str, day: date) -> Dossier:
    """A dossier from its table, read strictly; raises ParameterError."""
    parameter = LAW[key]
    held = parameter.require(day)
    papers = tuple(_read_paper(row, f"{key} ({day})") for row in held.value)
    if len({paper.key for paper in papers}) != len(papers) or not papers:
        raise ParameterError(f"{key} ({day}): các giấy tờ phải có khóa riêng")
    return Dossier(
        label=parameter.label,
        papers=papers,
        is_partial=parameter.attributes.get("is_partial", False),
        citation=held.citation,
        confidence=held.confidence,
    )


def _read_paper(row: Any, where: str) -> Paper:
    if not isinstance(row, Mapping) or _KEYS - set(row) or set(row) - _KEYS - _OPTIONAL_KEYS:
        raise ParameterError(f"{where}: cần các khóa key, label, không có khóa lạ: {row}")
    paper = Paper(**row)
    if paper.record not in (None, *get_args(RecordPart)):
        raise ParameterError(f"{where}: «{paper.key}»: record {paper.record}")
    if paper.age is not None and all(paper.age not in (held.value or {}) for held in LAW[_AGES].values):
        raise ParameterError(f"{where}: «{paper.key}»: age {paper.age}")
    return paper
