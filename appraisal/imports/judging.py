"""Rows of a sheet of ratings beside the record: whose they are, whether they may be entered, what the law says of each.

Who is out of scope, or not there at all, gets one same answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from appraisal.choices import LevelChoice
from appraisal.imports.columns import ANCHOR, LABELS, LEVELS, SCORES, TEXTS
from appraisal.imports.reading import RatingLine
from appraisal.models import Rating, RatingCycle, UnitRating
from appraisal.rules.levels import FITS_SCORE, FORCED, HEAD
from appraisal.services.entering import Entry, allowed_people, assign, frozen_units
from appraisal.services.faults import entry_faults
from appraisal.statistics.checking import RecordGrounds, findings_of, record_grounds
from appraisal.statistics.rated import Agencies, Rated, rated_people
from hrdb.kernel.findings import Finding
from hrdb.kernel.models import User
from hrdb.kernel.text import fold
from personnel.imports.roster.database import Reference
from personnel.models import Cadre, Unit
from personnel.policies import Action

UNKNOWN_PERSON: Final = "unknown-person"
MISSING_NUMBER: Final = "missing-personal-number"
AMBIGUOUS: Final = "ambiguous"
DUPLICATE: Final = "duplicate-in-file"
NAME_MISMATCH: Final = "name-mismatch"
NOT_RATED: Final = "not-rated"
WRONG_UNIT: Final = "wrong-unit"
OWN_RATING: Final = "own-rating"
MANAGED_ABOVE: Final = "managed-above"
LEVEL_SCORE: Final = "level-score-mismatch"
FROZEN: Final = "frozen"
FORCED_LEVEL: Final = "forced-not-completed"
ABOVE_UNIT: Final = "above-unit"

_READ: Final = (*SCORES, *LEVELS, "exclusion", *TEXTS)
#: What tells a unit for certain; a heading may name the body above.
_TELLING: Final = frozenset({"column", "section", "sheet"})
_NOBODY: Final = "Không có ai mang số này trong phạm vi được giao."


@dataclass
class Judged:
    """A row with what it comes to: the person, the entry, and what it changes."""

    line: RatingLine
    cadre_id: int | None = None
    #: The person's name as the record has it.
    name: str = ""
    rated: Rated | None = None
    entry: Entry | None = None
    is_new: bool = False
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """created, changed, same or rejected."""
        if self.line.errors or self.entry is None:
            return "rejected"
        if self.is_new:
            return "created"
        return "changed" if self.changes else "same"


class Judge:
    """Judges the rows of a file for a user, in a constant number of queries."""

    def __init__(self, cycle: RatingCycle, reference: Reference, *, user: User | None) -> None:
        self._cycle = cycle
        self._reference = reference
        self._user = user
        self._agencies = Agencies(cycle.ends_on)

    def judge(self, lines: Sequence[RatingLine]) -> list[Judged]:
        """Every row in its order."""
        self._tell_duplicates(lines)
        people = self._people({line.number for line in lines if line.number})
        unnumbered = self._unnumbered({line.name for line in lines if not line.number and line.name})
        ids = [pk for pk, _, _ in (*people.values(), *(one for some in unnumbered.values() for one in some))]
        allowed = allowed_people(self._cycle, ids, acting_user=self._user)
        rated = rated_people(self._cycle.ends_on, self._agencies, cadres=ids)
        within = set(Unit.objects.visible_to(self._user, Action.APPRAISE).values_list("pk", flat=True))
        judged = [Judged(line) for line in lines]
        for one in judged:
            found = people.get(one.line.number) if one.line.number else self._by_name(one.line, unnumbered, rated)
            if one.line.number and found is None:
                one.line.fault(ANCHOR, UNKNOWN_PERSON, _NOBODY)
            elif found is not None:
                self._recognise(one, *found, allowed=allowed, rated=rated, within=within)
        self._tell_named_twice(judged)
        self._enter(judged)
        return judged

    def _people(self, numbers: set[str]) -> dict[str, tuple[int, str, int | None]]:
        """Whom the user may appraise, by number: key, name, account."""
        found = Cadre.objects.visible_to(self._user, Action.APPRAISE).filter(personal_number__any=list(numbers))
        rows = found.values_list("personal_number", "pk", "full_name", "account_id")
        return {number: (pk, name, account) for number, pk, name, account in rows if number}

    def _unnumbered(self, names: set[str]) -> dict[str, list[tuple[int, str, int | None]]]:
        """People of these names whose record has no number, by the key of the name."""
        found: dict[str, list[tuple[int, str, int | None]]] = defaultdict(list)
        if names:
            people = Cadre.objects.visible_to(self._user, Action.APPRAISE)
            people = people.filter(personal_number__isnull=True, search_key__any=[fold(name) for name in names])
            for key, pk, name, account in people.values_list("search_key", "pk", "full_name", "account_id"):
                found[key].append((pk, name, account))
        return found

    def _by_name(
        self, line: RatingLine, unnumbered: dict[str, list[tuple[int, str, int | None]]], rated: dict[int, Rated]
    ) -> tuple[int, str, int | None] | None:
        """The one person of the name without a number, in the unit that the row tells where it tells one."""
        if any(fault.column == line.letters.get(ANCHOR) for fault in line.errors):
            return None
        told = self._reference.unit_ids.get(line.unit or "") if line.unit_source in _TELLING else None
        agency = None if told is None else self._agencies.rating(told)
        found = [
            one
            for one in unnumbered.get(fold(line.name), ())
            if agency is None or (one[0] in rated and rated[one[0]].unit_id == agency)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            message = "Có nhiều người cùng họ tên chưa có số CCCD: cần ghi số, hoặc nhập trên trang của đơn vị."
            line.fault(ANCHOR, AMBIGUOUS, message)
        else:
            line.fault(ANCHOR, MISSING_NUMBER, "Thiếu số CCCD (số định danh cá nhân).")
        return None

    def _tell_named_twice(self, judged: Iterable[Judged]) -> None:
        """Somebody without a number whom two rows name."""
        first: dict[int, RatingLine] = {}
        for one in judged:
            if one.cadre_id is not None and not one.line.number:
                earlier = first.setdefault(one.cadre_id, one.line)
                if earlier is not one.line:
                    one.line.fault("name", DUPLICATE, f"Người này đã có ở dòng {earlier.row}.")

    def _tell_duplicates(self, lines: Iterable[RatingLine]) -> None:
        first: dict[str, RatingLine] = {}
        for line in lines:
            earlier = first.setdefault(line.number, line) if line.number else line
            if earlier is not line:
                sheet = f", trang «{earlier.sheet}»" if earlier.sheet != line.sheet else ""
                line.fault(ANCHOR, DUPLICATE, f"Số này đã có ở dòng {earlier.row}{sheet}.")

    def _recognise(
        self,
        one: Judged,
        cadre_id: int,
        name: str,
        account_id: int | None,
        *,
        allowed: dict[int, Rated],
        rated: dict[int, Rated],
        within: set[int],
    ) -> None:
        """Whether the person of a row is the one it names, and is rated here by this user."""
        line = one.line
        one.cadre_id, one.name = cadre_id, name
        if line.name and fold(line.name) != fold(name):
            line.fault("name", NAME_MISMATCH, f"Số này là của {name}; hãy kiểm tra lại số hoặc họ tên.")
        held = rated.get(cadre_id)
        if self._user is not None and account_id == self._user.pk:
            line.fault(ANCHOR, OWN_RATING, "Không ai tự xếp loại cho chính mình.")
        elif held is None:
            line.fault(ANCHOR, NOT_RATED, "Người này không thuộc đối tượng xếp loại vào ngày cuối kỳ.")
        elif held.unit_id not in within:
            line.fault(ANCHOR, WRONG_UNIT, "Người này do đơn vị khác xếp loại trong kỳ này.")
        elif cadre_id not in allowed:
            line.fault(ANCHOR, MANAGED_ABOVE, "Người này thuộc diện cấp trên xếp loại.")
        else:
            one.rated = held
            self._compare_unit(one, held)

    def _compare_unit(self, one: Judged, held: Rated) -> None:
        told = self._reference.unit_ids.get(one.line.unit or "")
        if told is None or (one.line.unit_source not in _TELLING and self._is_below(held.unit_id, told)):
            return
        if self._agencies.rating(told) != held.unit_id:
            message = (
                f"Người này do {self._agencies.names.get(held.unit_id, '')} xếp loại, không phải {one.line.unit_text}."
            )
            one.line.fault("unit", WRONG_UNIT, message, value=one.line.unit_text)

    def _is_below(self, unit_id: int, top: int) -> bool:
        """Whether a unit stands below the one that a heading names: most sheets begin with the body above."""
        return self._reference.tree.is_at_or_below(unit_id, top)

    def _enter(self, judged: Sequence[Judged]) -> None:
        """What each row changes, and what the law says of it then."""
        known = [one for one in judged if one.rated is not None and one.cadre_id is not None]
        ids = [one.cadre_id for one in known if one.cadre_id is not None]
        held = {row.cadre_id: row for row in Rating.objects.filter(cycle=self._cycle, cadre_id__any=ids)}
        units = {one.rated.unit_id for one in known if one.rated is not None}
        frozen = frozen_units(self._cycle, units)
        own = {row.unit_id: row for row in UnitRating.objects.filter(cycle=self._cycle, unit_id__in=units)}
        grounds = record_grounds(self._cycle, ids)
        for one in known:
            if one.cadre_id is None or one.rated is None:
                continue
            one.entry = Entry(one.cadre_id, one.line.values)
            if not one.line.values:  # a row that says nothing changes nothing
                continue
            row = held.get(one.cadre_id) or Rating(cycle=self._cycle, cadre_id=one.cadre_id)
            one.is_new = row.pk is None
            before = {name: getattr(row, name) for name in _READ}
            is_changed = assign(row, one.rated, one.line.values, day=self._cycle.ends_on)
            one.changes = _changes(before, row)
            if is_changed and one.rated.unit_id in frozen:
                message = "Kết quả của đơn vị đã trình hoặc đã duyệt: sau khi duyệt chỉ sửa bằng quyết định."
                one.line.fault(ANCHOR, FROZEN, message)
            self._tell_law(one, row, own.get(one.rated.unit_id), grounds)

    def _tell_law(self, one: Judged, row: Rating, unit: UnitRating | None, grounds: RecordGrounds) -> None:
        line, day = one.line, self._cycle.ends_on
        is_member = row.cadre_id in grounds.members
        for fault in entry_faults(row, day=day, is_member=is_member, touched=line.values):
            line.fault(fault.field, fault.code, fault.message)
        for finding in findings_of(row, self._cycle, unit, grounds):
            if finding.outcome == "not_met":
                _tell(line, finding, row)


def _tell(line: RatingLine, finding: Finding, row: Rating) -> None:
    """A finding as a fault of its row."""
    citation = f" ({finding.citation.text})" if finding.citation else ""
    level = row.get_level_display()
    if finding.rule == FITS_SCORE.key:
        score = f"{row.score:f}".rstrip("0").rstrip(".").replace(".", ",") if row.score is not None else ""
        line.fault("level", LEVEL_SCORE, f"Mức «{level}» không đúng với điểm {score}{citation}.")
    elif finding.rule == FORCED.key:
        message = f"Thuộc trường hợp phải xếp loại không hoàn thành nhiệm vụ: {finding.value}{citation}."
        line.fault("level", FORCED_LEVEL, message, severity="warning")
    elif finding.rule == HEAD.key:
        message = f"Người đứng đầu được xếp loại cao hơn đơn vị{citation}."
        line.fault("level", ABOVE_UNIT, message, severity="warning")


def _changes(before: dict[str, Any], row: Rating) -> list[tuple[str, str, str]]:
    """What a row says differently: label, old, new."""
    return [
        (LABELS[name], _shown(name, old), _shown(name, getattr(row, name)))
        for name, old in before.items()
        if old != getattr(row, name)
    ]


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name in ("level", "proposed_level", "party_level"):
        return LevelChoice(value).label
    if name == "exclusion":
        return str(Rating(exclusion=value).get_exclusion_display())
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") if name.endswith("score") else str(value)
