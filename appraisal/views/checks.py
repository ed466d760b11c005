"""The checks of a sheet in words: caps by group with how many too many, who is missing, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from appraisal.rules.levels import (
    FITS_SCORE,
    FORCED,
    HEAD,
    IS_MEMBER,
    PARTS,
    PARTY,
    SUM,
    UNIT_FIRST,
    UNIT_RESULTS,
    UNIT_SCORE,
)
from appraisal.statistics.checking import UnitCheck
from appraisal.statistics.groups import GroupCheck
from appraisal.statistics.rated import HEADS, Agencies, people_of
from hrdb.kernel.findings import Finding
from hrdb.kernel.models import User
from hrdb.kernel.screens.formats import number_text
from personnel.models import Unit

#: So many of those who are missing are named.
NAMED: Final = 8

#: What a finding says of a person, in few words.
_WRONG: Final = {
    FITS_SCORE.key: "mức không đúng với điểm",
    PARTS.key: "điểm từng phần vượt khung",
    FORCED.key: "thuộc trường hợp không hoàn thành nhiệm vụ",
    HEAD.key: "cao hơn mức của đơn vị",
    SUM.key: "điểm không bằng tổng điểm hai phần",
    PARTY.key: "có mức xếp loại đảng viên mà không phải đảng viên",
    UNIT_FIRST.key: "chưa được xếp loại",
    UNIT_SCORE.key: "mức không đúng với điểm",
    UNIT_RESULTS.key: "mức không đúng với tỷ lệ hoàn thành, chỉ tiêu không đạt",
}


@dataclass(frozen=True)
class DrawnGroup:
    """A comparable group as its line says it."""

    label: str
    place: str
    text: str
    verdict: str
    tone: str
    citation: str


@dataclass
class Checks:
    """The checks of a sheet as they are drawn."""

    done: int
    people: int
    groups: list[DrawnGroup] = field(default_factory=list)
    missing: list[tuple[int, str]] = field(default_factory=list)
    more_missing: int = 0
    wrong: list[tuple[int, str, str]] = field(default_factory=list)
    more_wrong: int = 0
    misplaced: int = 0
    blocking: Sequence[str] = ()
    #: What is not as it should be of the unit's own rating, and what cannot be judged.
    unit_wrong: str = ""
    unclear: Sequence[str] = ()
    #: Whose discipline is said not to concern the duty, with the reason.
    off_duty: Sequence[tuple[str, str]] = ()


def drawn_checks(check: UnitCheck, agencies: Agencies, user: User) -> Checks:
    """The checks of a unit for a reader: two queries beside those of the check itself."""
    wrong = {
        cadre_id: [one for one in found if one.outcome == "not_met"]
        for cadre_id, found in check.findings.items()
        if any(one.outcome == "not_met" for one in found)
    }
    missing, faulty = check.missing[:NAMED], list(wrong)[:NAMED]
    off_duty = dict(check.off_duty())
    people = people_of([*missing, *faulty, *off_duty]) if missing or faulty or off_duty else {}
    above = {group.key[1] for group in check.groups if group.key[0] == HEADS}
    seen = set(Unit.objects.visible_to(user).filter(pk__in=above).values_list("pk", flat=True)) if above else set()
    return Checks(
        done=check.done,
        people=len(check.rated),
        groups=[
            drawn_group(group, agencies) for group in check.groups if group.key[0] != HEADS or group.key[1] in seen
        ],
        missing=[(pk, people[pk].full_name) for pk in people if pk in missing],
        more_missing=len(check.missing) - len(missing),
        wrong=[(pk, people[pk].full_name, wrong_text(wrong[pk])) for pk in people if pk in faulty],
        more_wrong=len(wrong) - len(faulty),
        misplaced=len(check.misplaced),
        blocking=check.blocking,
        unit_wrong=wrong_text(one for one in check.unit_findings if one.outcome == "not_met"),
        unclear=check.unclear,
        off_duty=[(people[pk].full_name, why or "chưa ghi lý do") for pk, why in off_duty.items() if pk in people],
    )


def wrong_text(findings: Iterable[Finding]) -> str:
    """What is wrong with one person's rating, in few words."""
    return "; ".join(_wrong(finding) for finding in findings)


def _wrong(finding: Finding) -> str:
    if finding.rule == PARTY.key and finding.facts.get(IS_MEMBER) == "có":
        return "chưa có mức xếp loại đảng viên"
    return _WRONG.get(finding.rule, finding.rule)


def drawn_group(group: GroupCheck, agencies: Agencies) -> DrawnGroup:
    """A group as its line says it."""
    finding = group.finding
    told = f"{number_text(group.excellent)} xuất sắc, {number_text(group.good)} hoàn thành tốt"
    if group.allowed is None:
        verdict, tone = "chưa rõ tỷ lệ", "unknown"
    elif group.too_many:
        verdict, tone = f"vượt {number_text(group.too_many)} người", "bad"
    else:
        verdict, tone = f"tối đa {number_text(group.allowed)}", "good"
    if group.allowed is not None:
        told += f"; tối đa {number_text(group.allowed)} ({finding.value}%, {finding.facts['Cách làm tròn']})"
    citation = finding.citation.text if finding.citation else ""
    if finding.confidence == "unconfirmed":
        citation = f"{citation} · {finding.confidence_label}".removeprefix(" · ")
    place = agencies.names.get(group.key[1], "") if group.key[0] == HEADS else ""
    return DrawnGroup(group.label, place, told, verdict, tone, citation)
