"""What a row changes in a record: each column knows whether a difference corrects, succeeds or adds.

Identity and birth facts are corrections and wait for consent; unit, title, category and pay step succeed from the
roster's day, marked as told by a list; a qualification of another level is added. What rests on a signed decision is
never changed: it is listed as differing from that decision.
"""

from __future__ import annotations

from hrdb.kernel.many import new_row
from hrdb.kernel.periods import StartPrecision
from personnel.choices import EmploymentState
from personnel.imports.roster.careers import compare_employment, compare_party, compare_pay, compare_posts
from personnel.imports.roster.facts import Facts
from personnel.imports.roster.held import HeldRecord
from personnel.imports.roster.identity import compare_identity, set_date
from personnel.imports.roster.learnings import compare_learnings
from personnel.imports.roster.verdicts import Comparison, Difference, Verdict
from personnel.models import Cadre, Custody, Employment
from personnel.services.changes import RowChanges
from personnel.services.rosters import known_from


def new_person(facts: Facts, compared: Comparison) -> Verdict:
    """A row about somebody whom the record does not know: person, custody, employment, post, pay and the rest."""
    assert facts.unit_id is not None, "a new person comes to a unit"
    verdict = Verdict(RowChanges(place=facts.place))
    cadre = new_row(
        Cadre,
        full_name=facts.name,
        personal_number=facts.personal_number or None,
        sex=facts.sex,
        **facts.identity,
    )
    set_date(cadre, "born", facts.born)
    set_date(cadre, "first_recruited_on", facts.recruited_on)
    verdict.changes.cadre = cadre
    verdict.category_basis = "" if facts.category else facts.category_basis
    basis = known_from(compared.day)
    kept_from = min(compared.day, compared.today)
    employed = facts.recruited_on
    verdict.changes.inserts += [
        new_row(Custody, unit_id=facts.unit_id, effective_from=kept_from, basis=basis),
        new_row(
            Employment,
            category=facts.category or facts.usual_category,
            state=facts.state or EmploymentState.WORKING,
            effective_from=employed.value if employed else compared.day,
            start_precision=employed.precision if employed else StartPrecision.KNOWN_FROM,
            basis=basis,
            note=facts.note[:250] if facts.state else "",
        ),
    ]
    empty = HeldRecord(cadre)
    compare_posts(facts, empty, compared, verdict)
    compare_pay(facts, empty, compared, verdict)
    compare_party(facts, empty, compared, verdict)
    compare_learnings(facts, empty, compared, verdict)
    verdict.differences = [Difference("Hồ sơ", "", facts.name, "new")]
    return verdict


def known_person(facts: Facts, held: HeldRecord, compared: Comparison, *, is_second_row: bool = False) -> Verdict:
    """A row about somebody known; a second row of the same file adds only its titles, qualifications and the like."""
    verdict = Verdict(RowChanges(place=facts.place))
    compare_identity(facts, held, compared, verdict)
    if _is_somebody_else(verdict):
        message = f"Số định danh này là của {held.cadre.full_name}, khác cả họ tên và ngày sinh với dòng này."
        refused = Verdict(RowChanges(place=facts.place))
        refused.errors.append(("Số định danh cá nhân", "number-of-another", facts.personal_number, message))
        return refused
    if not is_second_row:
        compare_employment(facts, held, compared, verdict)
    compare_posts(facts, held, compared, verdict, is_second_row=is_second_row)
    compare_pay(facts, held, compared, verdict)
    compare_party(facts, held, compared, verdict)
    compare_learnings(facts, held, compared, verdict)
    return verdict


def _is_somebody_else(verdict: Verdict) -> bool:
    """Whether name and birth date both contradict the record: a wrong number, not two corrections."""
    corrected = {item.label for item in verdict.differences if item.how == "correct"}
    return {"Họ và tên", "Ngày sinh"} <= corrected
