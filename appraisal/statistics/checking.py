"""The checks of a unit's ratings, live: each person's level, each comparable group's cap, who is missing or misplaced.

Set-wise: the same queries for one unit or for all, whatever their size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from appraisal.models import ConfidenceVote, Rating, RatingCycle, UnitRating
from appraisal.rules.caps import MOST, TOO_MANY, excellent_within_cap
from appraisal.rules.law import REGIME_LABELS, Regime, regime_of
from appraisal.rules.levels import (
    Ground,
    Level,
    head_within_unit,
    level_fits_score,
    not_forced,
    parts_within,
    unit_failed,
)
from appraisal.statistics.rated import HEADS, Agencies, Rated, rated_people
from hrdb.kernel.findings import Finding
from personnel.choices import DisciplineRegime, TitleGroup
from personnel.models import Discipline
from personnel.rules.leaving import votes_of_low_confidence

#: Grounds that an officer says of a person; the others are read from the record, the votes and the unit's rating.
SAID_GROUNDS: tuple[Ground, ...] = ("degraded", "corruption")

HEADS_LABEL = "Người đứng đầu các đơn vị"


@dataclass(frozen=True, slots=True)
class GroupCheck:
    """One comparable group with the finding of its cap; `is_own` when all its people are of the unit.

    `key` is the title group, or «heads», and the unit: for heads the authority above them. Under the regime «party» the
    levels counted are those of Party members, which their Party cells decide: it is told and stands against nothing.
    """

    key: tuple[str, int]
    regime: Regime
    people: int
    excellent: int
    good: int
    finding: Finding
    is_own: bool

    @property
    def label(self) -> str:
        """What the group is called: «Chuyên môn, nghiệp vụ (cán bộ, công chức)»."""
        regime = REGIME_LABELS[self.regime]
        name = HEADS_LABEL if self.key[0] == HEADS else TitleGroup(self.key[0]).label
        return f"{name} ({regime[0].lower()}{regime[1:]})"

    @property
    def allowed(self) -> int | None:
        """The most «xuất sắc» that the group may have; None where the law of the day gives no number."""
        most = self.finding.facts.get(MOST)
        return None if most is None else int(most)

    @property
    def too_many(self) -> int:
        """How many «xuất sắc» more than allowed."""
        return int(self.finding.facts.get(TOO_MANY, 0) or 0)


@dataclass
class UnitCheck:
    """What is found of a unit's ratings in a cycle."""

    unit_id: int
    rated: dict[int, Rated]
    ratings: dict[int, Rating]
    findings: dict[int, list[Finding]] = field(default_factory=dict)
    groups: list[GroupCheck] = field(default_factory=list)
    #: People who are to be rated and have neither a level nor a reason for none.
    missing: list[int] = field(default_factory=list)
    #: Ratings that the unit gave of people whom another unit rates.
    misplaced: list[Rating] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many are rated, or excluded with a reason."""
        return len(self.rated) - len(self.missing)

    @property
    def blocking(self) -> list[str]:
        """Sentences of what stands against submitting."""
        return list(self._blocking())

    def _blocking(self) -> Iterator[str]:
        if self.missing:
            yield f"Còn {len(self.missing)} người chưa xếp loại."
        if self.misplaced:
            yield f"Có {len(self.misplaced)} người do đơn vị khác xếp loại."
        wrong = sum(1 for found in self.findings.values() if any(one.outcome == "not_met" for one in found))
        if wrong:
            yield f"Có {wrong} người có mức xếp loại chưa đúng quy định."
        for group in self.groups:
            if group.finding.outcome == "not_met" and group.is_own and group.regime != "party":
                yield f"Nhóm {group.label} vượt {group.too_many} người xuất sắc."


def check_units(
    cycle: RatingCycle, units: Collection[int], *, agencies: Agencies | None = None
) -> dict[int, UnitCheck]:
    """The checks of some agencies in a cycle."""
    agencies = agencies or Agencies(cycle.ends_on)
    rated = rated_people(cycle.ends_on, agencies, units=units)
    ratings = list(Rating.objects.filter(cycle=cycle, unit_id__in=list(units)))
    own = {row.unit_id: row for row in UnitRating.objects.filter(cycle=cycle, unit_id__in=list(units))}
    grounds = record_grounds(cycle, rated)
    by_unit: dict[int, dict[int, Rated]] = defaultdict(dict)
    for cadre_id, one in rated.items():
        by_unit[one.unit_id][cadre_id] = one
    checks = {unit_id: UnitCheck(unit_id, by_unit[unit_id], {}) for unit_id in units}
    for row in ratings:
        check = checks[row.unit_id]
        if row.cadre_id in check.rated:
            check.ratings[row.cadre_id] = row
        else:
            check.misplaced.append(row)
    for check in checks.values():
        check.missing = [cadre_id for cadre_id in check.rated if not _is_done(check.ratings.get(cadre_id))]
        check.findings = {
            cadre_id: list(findings_of(row, cycle, own.get(check.unit_id), grounds))
            for cadre_id, row in check.ratings.items()
        }
    _check_groups(cycle, checks, agencies, own)
    return checks


def check_unit(cycle: RatingCycle, unit_id: int, *, agencies: Agencies | None = None) -> UnitCheck:
    """The checks of one agency in a cycle."""
    return check_units(cycle, [unit_id], agencies=agencies)[unit_id]


@dataclass(frozen=True)
class RecordGrounds:
    """People of whom the record holds a ground for «không hoàn thành nhiệm vụ» in the cycle."""

    disciplined: set[int]
    low_votes: set[int]


def record_grounds(cycle: RatingCycle, cadre_ids: Iterable[int]) -> RecordGrounds:
    """What the record holds of these people: two queries."""
    people = list(cadre_ids)
    return RecordGrounds(_disciplined(cycle, people), _low_votes(cycle, people))


def findings_of(row: Rating, cycle: RatingCycle, unit: UnitRating | None, grounds: RecordGrounds) -> Iterator[Finding]:
    """What the law says of one rating, by the law of the cycle's last day."""
    day, regime, level = cycle.ends_on, regime_of(row.category), cast("Level | None", row.level or None)
    if row.exclusion or level is None:
        return
    yield level_fits_score(level=level, score=row.score, regime=regime, day=day)
    if row.general_score is not None or row.results_score is not None:
        yield parts_within(general=row.general_score, results=row.results_score, day=day)
    yield not_forced(level=level, grounds=_grounds(row, unit, grounds, day), day=day)
    if row.is_head:
        yield head_within_unit(
            level=level, unit_level=cast("Level | None", (unit.level if unit else "") or None), day=day
        )


def _grounds(row: Rating, unit: UnitRating | None, held: RecordGrounds, day: date) -> dict[Ground, bool | None]:
    failed: bool | None = False
    missed: bool | None = False
    if row.is_head:
        failed, missed = unit_failed(
            percent=unit.percent_done if unit else None, missed=unit.targets_missed if unit else None, day=day
        )
    said: dict[Ground, bool | None] = {ground: bool(row.grounds.get(ground)) for ground in SAID_GROUNDS}
    on_duty = row.cadre_id in held.disciplined and not row.grounds.get("off_duty")
    low_votes = row.cadre_id in held.low_votes
    return {"disciplined": on_duty, "low_votes": low_votes, "unit_failed": failed, "basic_targets": missed, **said}


def _disciplined(cycle: RatingCycle, rated: Iterable[int]) -> set[int]:
    """Who was disciplined by the State during the cycle, of these people."""
    rows = Discipline.objects.filter(
        cadre_id__any=list(rated),
        regime=DisciplineRegime.STATE,
        effective_from__gte=cycle.begins_on,
        effective_from__lte=cycle.ends_on,
    )
    return set(rows.values_list("cadre_id", flat=True))


def _low_votes(cycle: RatingCycle, rated: Iterable[int]) -> set[int]:
    """Who got so many votes of low confidence during the cycle that something follows."""
    votes = ConfidenceVote.objects.filter(
        cadre_id__any=list(rated), held_on__gte=cycle.begins_on, held_on__lte=cycle.ends_on
    )
    return {
        vote.cadre_id
        for vote in votes
        if votes_of_low_confidence(low=vote.low, counted=vote.cast, day=vote.held_on).finding.outcome == "not_met"
    }


def _is_done(row: Rating | None) -> bool:
    return row is not None and bool(row.level or row.exclusion)


def _check_groups(
    cycle: RatingCycle, checks: dict[int, UnitCheck], agencies: Agencies, own: dict[int, UnitRating]
) -> None:
    """Each unit's groups; its head stands in one group with the heads of its neighbours."""
    for check in checks.values():
        counted: dict[tuple[tuple[str, int], Regime], list[Rating]] = defaultdict(list)
        for cadre_id, row in check.ratings.items():
            one = check.rated[cadre_id]
            if not one.is_head and not row.exclusion:
                counted[one.group(agencies), regime_of(row.category)].append(row)
                if row.party_level:
                    counted[one.group(agencies), "party"].append(row)
        unit = own.get(check.unit_id)
        check.groups = [
            _group(key, regime, rows, cycle.ends_on, bool(unit and unit.is_outstanding), is_own=True)
            for (key, regime), rows in sorted(counted.items())
        ]
    heads = _heads(cycle, checks, agencies)
    for check in checks.values():
        above = agencies.above(check.unit_id)
        check.groups += [group for group in heads if group.key == (HEADS, above or check.unit_id)]


def _heads(cycle: RatingCycle, checks: Iterable[int], agencies: Agencies) -> list[GroupCheck]:
    """Groups of heads below the authorities over these units, read for all their neighbours together."""
    above = {agencies.above(unit_id) or unit_id for unit_id in checks}
    neighbours = {unit_id: agencies.above(unit_id) or unit_id for unit_id in agencies.all()}
    wanted = [unit_id for unit_id, authority in neighbours.items() if authority in above]
    counted: dict[tuple[tuple[str, int], Regime], list[Rating]] = defaultdict(list)
    for row in Rating.objects.filter(cycle=cycle, is_head=True, exclusion="", unit_id__in=wanted):
        counted[(HEADS, neighbours[row.unit_id]), regime_of(row.category)].append(row)
    return [
        _group(key, regime, rows, cycle.ends_on, is_outstanding=False, is_own=False)
        for (key, regime), rows in sorted(counted.items())
    ]


def _group(
    key: tuple[str, int], regime: Regime, rows: list[Rating], day: date, is_outstanding: bool, *, is_own: bool
) -> GroupCheck:
    levels = [row.party_level if regime == "party" else row.level for row in rows]
    excellent, good = levels.count("excellent"), levels.count("good")
    finding = excellent_within_cap(
        excellent=excellent, good=good, regime=regime, day=day, is_outstanding=is_outstanding
    )
    return GroupCheck(key, regime, len(rows), excellent, good, finding, is_own)
