"""People and findings as the pages of planning show them: post, age, verdict in a word, each rule as a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from hrdb.kernel.dates import age_on, counted_day, format_date
from hrdb.kernel.findings import Finding
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import FindingLine, Tag
from personnel.models import Cadre
from personnel.rules.judging import RULES
from personnel.views.cadre_rows import Shown, read_shown
from personnel.views.decisions.checked import kept_line, line_of, rule_label
from planning.choices import CandidateState
from planning.models import Candidate
from planning.rules.eligibility import THEORY, TIER_2_RULES, Verdict
from planning.statistics.judging import judge_candidates

#: What is shown beside a person, by the columns that `read_shown` knows.
COLUMNS = ("degree", "theory", "management", "party")
#: Where in the record what is unknown is supplied, by rule.
SUPPLIED_AT = {
    "political-review": "political",
    "standard_professional": "training",
    "political_theory": "training",
    "state_management": "training",
    "foreign_language": "training",
    "age_left": "identity",
    "file_complete": "identity",
    "party_member": "party",
    "higher_title": "career",
}
STATE_TONES = {
    CandidateState.PROPOSED: "act",
    CandidateState.KEPT: "",
    CandidateState.APPROVED: "good",
    CandidateState.REJECTED: "warn",
    CandidateState.REMOVED: "bad",
}


@dataclass(frozen=True)
class ShownPerson:
    """Somebody with post, age and levels."""

    cadre: Cadre
    shown: Shown
    day: date

    @property
    def url(self) -> str:
        """The profile."""
        return reverse("personnel:cadre-detail", args=[self.cadre.pk])

    @property
    def post(self) -> str:
        """Titles and the unit of the main post."""
        main = self.shown.main_post
        return " · ".join(filter(None, [self.shown.titles, main.unit if main else ""]))

    @property
    def born(self) -> str:
        """The birth as far as it is known."""
        birth = self.cadre.birth
        return birth.text if birth is not None else ""

    @property
    def age(self) -> int | None:
        """Full years on the day."""
        birth = self.cadre.birth
        return None if birth is None else age_on(counted_day(birth), self.day)

    @property
    def levels(self) -> str:
        """Degree, political theory, state management."""
        return " · ".join(filter(None, (self.shown.levels.get(key) for key in ("professional", "political_theory"))))


def shown_people(ids: Sequence[int], day: date) -> dict[int, ShownPerson]:
    """People of some ids with what is shown of them: a handful of queries."""
    cadres = Cadre.objects.filter(pk__any=list(ids)).select_related("ethnicity")
    read = read_shown(list(ids), day, COLUMNS)
    return {cadre.pk: ShownPerson(cadre, read[cadre.pk], day) for cadre in cadres}


@dataclass(frozen=True)
class ShownFinding:
    """One rule's finding as a line, and what may be done about it."""

    rule: str
    line: FindingLine
    is_failing: bool
    may_override: bool
    reason: str


def shown_findings(
    verdict: Verdict, day: date, *, cadre_id: int, overrides: Mapping[str, str] | None = None
) -> list[ShownFinding]:
    """The findings of a verdict, what stands in the way first."""
    order = {"not": 0, "from": 1, "unknown": 2, "met": 3}
    shown = [_shown(found, day, cadre_id, overrides or {}) for found in verdict.findings]
    return sorted(shown, key=lambda one: order[one.line.state])


def _shown(found: Finding, day: date, cadre_id: int, overrides: Mapping[str, str]) -> ShownFinding:
    line, known = line_of(found, day), RULES.get(found.rule)
    if found.outcome == "unknown" and (url := _supply(found, cadre_id)):
        line = FindingLine(state=line.state, label=line.label, fact=line.fact, citation=line.citation, supply_url=url)
    return ShownFinding(
        rule=found.rule,
        line=line,
        is_failing=found.outcome == "not_met",
        may_override=bool(known and known.is_overridable),
        reason=overrides.get(found.rule, ""),
    )


def _supply(found: Finding, cadre_id: int) -> str:
    """Where what is missing is filled in: the standards of titles, or the part of the record."""
    if any("chưa kiểm chứng" in one or "mức yêu cầu" in one for one in found.missing):
        return reverse("planning:standard-list")
    tab = SUPPLIED_AT.get(found.rule)
    return with_query(reverse("personnel:cadre-detail", args=[cadre_id]), tab=tab) if tab else ""


def verdict_tag(verdict: Verdict, day: date) -> Tag:
    """The verdict over all in a word."""
    if verdict.is_later(day) and verdict.met_from is not None:
        return Tag(label=f"đủ từ {format_date(verdict.met_from)}", tone="warn", icon="clock-3")
    if verdict.outcome == "met":
        until = f" đến {format_date(verdict.met_until)}" if verdict.met_until else ""
        return Tag(label=f"đủ điều kiện{until}", tone="good", icon="check")
    if verdict.outcome == "unknown":
        return Tag(label=f"{_count(verdict, 'unknown')} điều chưa rõ", icon="circle-question-mark")
    unknown = _count(verdict, "unknown")
    beside = f", {unknown} chưa rõ" if unknown else ""
    return Tag(label=f"{_count(verdict, 'not_met')} điều không đạt{beside}", tone="bad", icon="x")


def _count(verdict: Verdict, outcome: str) -> int:
    return sum(found.outcome == outcome for found in verdict.findings)


def reasons(verdict: Verdict) -> str:
    """What stands in the way, else what is not known, in a few words."""
    for outcome in ("not_met", "unknown"):
        named = [rule_label(found.rule) for found in verdict.findings if found.outcome == outcome]
        if named:
            more = f" và {len(named) - 3} điều khác" if len(named) > 3 else ""
            return "; ".join(named[:3]) + more
    return ""


@dataclass
class ShownCandidate:
    """A candidate as the page of his seat shows him."""

    candidate: Candidate
    person: ShownPerson
    verdict: Verdict | None
    day: date
    is_kept: bool = False
    votes: Sequence[str] = field(default_factory=list)

    @property
    def state_tone(self) -> str:
        """The tone of the state's label."""
        return STATE_TONES[CandidateState(self.candidate.state)]

    @cached_property
    def tag(self) -> Tag | None:
        """The verdict in a word."""
        return verdict_tag(self.verdict, self.day) if self.verdict is not None else None

    @cached_property
    def findings(self) -> list[ShownFinding]:
        """The findings, what stands in the way first."""
        if self.verdict is None:
            return []
        return shown_findings(
            self.verdict, self.day, cadre_id=self.candidate.cadre_id, overrides=self.candidate.overrides
        )

    @property
    def lines(self) -> list[FindingLine]:
        """The findings as lines; those kept at approval as they were kept."""
        if self.verdict is None:
            return [kept_line(one) for one in self.candidate.findings]
        return [one.line for one in self.findings]

    @property
    def failing(self) -> list[ShownFinding]:
        """What is not met and not passed over."""
        return [one for one in self.findings if one.is_failing and not one.reason]

    @property
    def passed(self) -> list[tuple[str, str]]:
        """What was passed over, with the reasons."""
        return [(rule_label(rule), text) for rule, text in self.candidate.overrides.items()]

    @property
    def reasons(self) -> str:
        """What stands in the way in a few words."""
        return reasons(self.verdict) if self.verdict is not None else ""

    @property
    def lacks_training_plan(self) -> bool:
        """Whether object 2 without the political theory asked has no plan of training yet."""
        if self.candidate.object != 2 or self.candidate.training_plan or self.verdict is None:
            return False
        return any(
            found.rule == THEORY.key and found.facts.get("Hiện có") == "chưa có" for found in self.verdict.findings
        )

    @property
    def version(self) -> int:
        """The row's version, for forms."""
        return version_of(self.candidate)


def shown_candidates(rows: QuerySet[Any], *, user: User | None, day: date) -> list[ShownCandidate]:
    """Candidates with their people and verdicts; of an approved list the findings are those that were kept."""
    listed = list(
        rows.select_related("cadre", "seat__round", "seat__title", "seat__unit")
        .defer("seat__round__content")
        .order_by("seat_id", "position", "pk")
    )
    people = shown_people([row.cadre_id for row in listed], day)
    judged = [row for row in listed if not row.seat.round.is_frozen]
    verdicts = judge_candidates(judged, day=day, user=user)
    kept = _readable_kept(listed, user)
    found = []
    for row in listed:
        if row.seat.round.is_frozen and row.pk not in kept:
            row.findings = [
                {**one, "facts": {}, "value": None} if one["rule"] in TIER_2_RULES else one for one in row.findings
            ]
        found.append(ShownCandidate(row, people[row.cadre_id], verdicts.get(row.pk), day, row.seat.round.is_frozen))
    return found


def _readable_kept(rows: Iterable[Candidate], user: User | None) -> set[int]:
    """Rows of approved lists whose kept findings the reader may read whole."""
    frozen = [row for row in rows if row.seat.round.is_frozen]
    if not frozen:
        return set()
    opened = Cadre.objects.filter(pk__in={row.cadre_id for row in frozen}).readable_in_tier_2(user)
    ids = set(opened.values_list("pk", flat=True))
    return {row.pk for row in frozen if row.cadre_id in ids}
