"""Who each row is: by personal number, else by name, birth date and unit; never a guess, never a hint.

A number that is held outside the user's scope, or cannot be told apart from that, gets the one neutral answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.models import User
from hrdb.kernel.text import fold
from personnel.imports.roster.facts import Facts
from personnel.imports.roster.held import Tree
from personnel.imports.roster.identity import agrees
from personnel.models import Cadre, Custody
from personnel.policies import Action

NEEDS_PROVINCE = "Trường hợp này cần cấp tỉnh xử lý: hãy gửi đề nghị tiếp nhận."
AMBIGUOUS = "Trong đơn vị có nhiều người trùng họ tên, ngày sinh; cần ghi số định danh cá nhân."


@dataclass
class Matches:
    """Person by place of row, and rows that cannot be given a person: (code, message) by place."""

    people: dict[int, int] = field(default_factory=dict)
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Candidate:
    pk: int
    number: str | None
    born: PartialDate | None
    unit_id: int | None


def match_people(rows: Sequence[Facts], *, user: User | None, tree: Tree) -> Matches:
    """Match rows with people in a constant number of queries."""
    found = Matches()
    by_number = _by_number({facts.personal_number for facts in rows if facts.personal_number}, user)
    unmatched: list[Facts] = []
    for facts in rows:
        held = by_number.get(facts.personal_number) if facts.personal_number else None
        if held is None:
            unmatched.append(facts)
        elif held[1]:
            found.people[facts.place] = held[0]
        else:
            found.refused[facts.place] = ("needs-province", NEEDS_PROVINCE)
    candidates = _by_name({fold(facts.name) for facts in unmatched}, user)
    for facts in unmatched:
        _match_by_name(facts, candidates.get(fold(facts.name), []), tree, found)
    return found


def _by_number(numbers: set[str], user: User | None) -> dict[str, tuple[int, bool]]:
    """Holder of each number, and whether the user may edit that record."""
    if not numbers:
        return {}
    found = Cadre.objects.filter(personal_number__any=numbers).values_list("personal_number", "pk")
    holders = {number: pk for number, pk in found if number}
    editable = Cadre.objects.visible_to(user, Action.EDIT).filter(pk__any=holders.values())
    allowed = set(editable.values_list("pk", flat=True))
    return {number: (pk, pk in allowed) for number, pk in holders.items()}


def _by_name(keys: set[str], user: User | None) -> dict[str, list[_Candidate]]:
    """People in scope by search key, with today's unit of their record."""
    found: dict[str, list[_Candidate]] = defaultdict(list)
    if not keys:
        return found
    rows = Cadre.objects.visible_to(user, Action.EDIT).filter(search_key__any=keys)
    people = list(rows.values_list("pk", "search_key", "personal_number", "born", "born_precision"))
    kept = Custody.objects.in_force(timezone.localdate()).filter(cadre_id__any=[pk for pk, *_ in people])
    units = dict(kept.values_list("cadre_id", "unit_id"))
    for pk, key, number, born, precision in people:
        birth = PartialDate(born, precision) if born else None  # type: ignore[arg-type]
        found[key].append(_Candidate(pk, number, birth, units.get(pk)))
    return found


def _match_by_name(facts: Facts, candidates: Iterable[_Candidate], tree: Tree, found: Matches) -> None:
    """One person of the unit with the name and birth date is the person of the row; several are ambiguous."""
    fitting = [
        candidate
        for candidate in candidates
        if _is_in_unit(candidate, facts, tree)
        and _same_birth(candidate.born, facts.born)
        and not (facts.personal_number and candidate.number)
    ]
    if len(fitting) == 1:
        found.people[facts.place] = fitting[0].pk
    elif len(fitting) > 1:
        found.refused[facts.place] = ("ambiguous", AMBIGUOUS)


def _is_in_unit(candidate: _Candidate, facts: Facts, tree: Tree) -> bool:
    return facts.unit_id is None or tree.is_at_or_below(candidate.unit_id, facts.unit_id)


def _same_birth(one: PartialDate | None, other: PartialDate | None) -> bool:
    if one is None or other is None:
        return False
    return one == other or agrees(less=one, more=other) or agrees(less=other, more=one)
