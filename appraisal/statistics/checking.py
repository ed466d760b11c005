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
from appraisal.rules.law import Regime, regime_of
from appraisal.rules.levels import (
    PARTY,
    UNIT_FIRST,
    UNIT_SCORE,
    Ground,
    Level,
    head_within_unit,
    level_fits_score,
    not_forced,
    parts_within,
    party_rated,
    sum_of_parts,
    unit_failed,
    unit_level_fits_results,
    unit_level_fits_score,
    unit_rated_first,
)
from appraisal.statistics.groups import GroupCheck, group_of, heads_groups
from appraisal.statistics.rated import HEADS, Agencies, Rated, members_of, rated_people
from hrdb.kernel.findings import Finding
from personnel.choices import DisciplineRegime
from personnel.models import Discipline
from personnel.rules.leaving import votes_of_low_confidence

#: Grounds that an officer says of a person; the others are read from the record, the votes and the unit's rating.
SAID_GROUNDS: tuple[Ground, ...] = ("degraded", "corruption")
#: What is said of a discipline that does not count, and why it does not.
OFF_DUTY, OFF_DUTY_REASON = "off_duty", "off_duty_reason"


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
    #: The unit's own rating, whose rules it follows, and what they say of it.
    own: UnitRating | None = None
    regime: Regime = "civil_servant"
    unit_findings: list[Finding] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many are rated, or excluded with a reason."""
        return len(self.rated) - len(self.missing)

    @property
    def blocking(self) -> list[str]:
        """Sentences of what stands against submitting."""
        return list(self._blocking())

    def _blocking(self) -> Iterator[str]:
        yield from self._unit_blocking()
        if self.missing:
            yield f"Còn {len(self.missing)} người chưa xếp loại."
        if self.party_missing:
            yield f"Còn {len(self.party_missing)} đảng viên chưa có mức xếp loại đảng viên."
        if self.misplaced:
            yield f"Có {len(self.misplaced)} người do đơn vị khác xếp loại."
        wrong = sum(1 for cadre_id in self.findings if self.wrong_of(cadre_id) and cadre_id not in self.party_missing)
        if wrong:
            yield f"Có {wrong} người có mức xếp loại chưa đúng quy định."
        for group in self.groups:
            if group.finding.outcome == "not_met" and group.is_own and group.regime != "party":
                yield f"Nhóm {group.label} vượt {group.too_many} người xuất sắc."

    def _unit_blocking(self) -> Iterator[str]:
        for finding in self.unit_findings:
            if finding.outcome != "not_met":
                continue
            cited = f" ({finding.citation.text})" if finding.citation else ""
            if finding.rule == UNIT_FIRST.key:
                yield f"Đơn vị chưa được xếp loại; mức của đơn vị phải có trước khi trình kết quả của người{cited}."
            elif finding.rule == UNIT_SCORE.key:
                yield f"Mức xếp loại của đơn vị không đúng với điểm của đơn vị{cited}."
            else:
                yield f"Mức xếp loại của đơn vị không đúng với tỷ lệ hoàn thành, chỉ tiêu không đạt{cited}."

    @property
    def unclear(self) -> list[str]:
        """Sentences of what is not judged because the law's value is not known; it stands against nothing."""
        return [
            "Chưa rõ quy định có xếp loại đơn vị trước hay không (chưa kiểm chứng): không chặn việc trình."
            for finding in self.unit_findings
            if finding.rule == UNIT_FIRST.key and finding.outcome == "unknown"
        ]

    def wrong_of(self, cadre_id: int) -> list[Finding]:
        """What is not as the law wants it, of one person."""
        return [one for one in self.findings.get(cadre_id, ()) if one.outcome == "not_met"]

    @property
    def party_missing(self) -> set[int]:
        """Members of the Party who lack nothing but their Party level."""
        return {
            cadre_id
            for cadre_id, row in self.ratings.items()
            if not row.party_level and [one.rule for one in self.wrong_of(cadre_id)] == [PARTY.key]
        }

    def off_duty(self) -> list[tuple[int, str]]:
        """People whose discipline is said not to concern their duty, with the reason."""
        return [
            (cadre_id, str(row.grounds.get(OFF_DUTY_REASON, "")))
            for cadre_id, row in self.ratings.items()
            if row.grounds.get(OFF_DUTY)
        ]


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
    checks = {
        unit_id: UnitCheck(unit_id, by_unit[unit_id], {}, own=own.get(unit_id), regime=agencies.regime(unit_id))
        for unit_id in units
    }
    for row in ratings:
        check = checks[row.unit_id]
        if row.cadre_id in check.rated:
            check.ratings[row.cadre_id] = row
        else:
            check.misplaced.append(row)
    for check in checks.values():
        check.missing = [cadre_id for cadre_id in check.rated if not _is_done(check.ratings.get(cadre_id))]
        check.findings = {
            cadre_id: list(findings_of(row, cycle, check.own, grounds)) for cadre_id, row in check.ratings.items()
        }
        check.unit_findings = list(unit_findings_of(check.own, cycle, check.regime))
    _check_groups(cycle, checks, agencies, grounds.members)
    return checks


def check_unit(cycle: RatingCycle, unit_id: int, *, agencies: Agencies | None = None) -> UnitCheck:
    """The checks of one agency in a cycle."""
    return check_units(cycle, [unit_id], agencies=agencies)[unit_id]


@dataclass(frozen=True)
class RecordGrounds:
    """What the record holds that a rating is judged by: grounds for «không hoàn thành nhiệm vụ», Party membership."""

    disciplined: set[int]
    low_votes: set[int]
    members: set[int]


def record_grounds(cycle: RatingCycle, cadre_ids: Iterable[int]) -> RecordGrounds:
    """What the record holds of these people: three queries."""
    people = list(cadre_ids)
    return RecordGrounds(_disciplined(cycle, people), _low_votes(cycle, people), members_of(people, cycle.ends_on))


def findings_of(row: Rating, cycle: RatingCycle, unit: UnitRating | None, grounds: RecordGrounds) -> Iterator[Finding]:
    """What the law says of one rating, by the law of the cycle's last day."""
    day, regime, level = cycle.ends_on, regime_of(row.category), cast("Level | None", row.level or None)
    if row.general_score is not None or row.results_score is not None:
        yield parts_within(general=row.general_score, results=row.results_score, day=day)
    added = sum_of_parts(score=row.score, general=row.general_score, results=row.results_score, day=day)
    if added is not None:
        yield added
    is_member, party = row.cadre_id in grounds.members, cast("Level | None", row.party_level or None)
    if row.party_level or (is_member and cycle.rates_party and level is not None):
        yield party_rated(is_member=is_member, level=party, day=day)
    if row.exclusion or level is None:
        return
    yield level_fits_score(level=level, score=row.score, regime=regime, day=day)
    yield not_forced(level=level, grounds=_grounds(row, unit, grounds, day), day=day)
    if row.is_head:
        yield head_within_unit(
            level=level, unit_level=cast("Level | None", (unit.level if unit else "") or None), day=day
        )


def unit_findings_of(unit: UnitRating | None, cycle: RatingCycle, regime: Regime) -> Iterator[Finding]:
    """What the law says of a unit's own rating, by the law of the cycle's last day."""
    day, level = cycle.ends_on, cast("Level | None", (unit.level if unit else "") or None)
    yield unit_rated_first(level=level, regime=regime, day=day)
    if unit is not None and level is not None:
        yield unit_level_fits_score(level=level, score=unit.score, regime=regime, day=day)
        yield unit_level_fits_results(level=level, percent=unit.percent_done, missed=unit.targets_missed, day=day)


def _grounds(row: Rating, unit: UnitRating | None, held: RecordGrounds, day: date) -> dict[Ground, bool | None]:
    failed: bool | None = False
    missed: bool | None = False
    if row.is_head:
        failed, missed = unit_failed(
            percent=unit.percent_done if unit else None, missed=unit.targets_missed if unit else None, day=day
        )
    said: dict[Ground, bool | None] = {ground: bool(row.grounds.get(ground)) for ground in SAID_GROUNDS}
    on_duty = row.cadre_id in held.disciplined and not is_off_duty(row)
    low_votes = row.cadre_id in held.low_votes
    return {"disciplined": on_duty, "low_votes": low_votes, "unit_failed": failed, "basic_targets": missed, **said}


def is_off_duty(row: Rating) -> bool:
    """Whether the discipline of the year is said, with a reason, not to concern the duty."""
    return bool(row.grounds.get(OFF_DUTY) and str(row.grounds.get(OFF_DUTY_REASON, "")).strip())


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


def _check_groups(cycle: RatingCycle, checks: dict[int, UnitCheck], agencies: Agencies, members: set[int]) -> None:
    """Each unit's groups; its head stands in one group with the heads of its neighbours."""
    for check in checks.values():
        counted: dict[tuple[tuple[str, int], Regime], list[Rating]] = defaultdict(list)
        for cadre_id, row in check.ratings.items():
            one = check.rated[cadre_id]
            if not one.is_head and not row.exclusion:
                counted[one.group(agencies), regime_of(row.category)].append(row)
                if row.party_level and cadre_id in members:
                    counted[one.group(agencies), "party"].append(row)
        unit = check.own
        check.groups = [
            group_of(key, regime, rows, cycle.ends_on, bool(unit and unit.is_outstanding), is_own=True)
            for (key, regime), rows in sorted(counted.items())
        ]
    heads = heads_groups(cycle, agencies, authorities={agencies.over_head(unit_id) for unit_id in checks})
    for check in checks.values():
        check.groups += [group for group in heads if group.key == (HEADS, agencies.over_head(check.unit_id))]
