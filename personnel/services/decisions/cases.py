"""The cases of a decision: each person with what is said of him, what the record holds, and what would be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from hrdb.kernel.constraints import check_fields
from hrdb.kernel.findings import Finding
from hrdb.kernel.models import User
from hrdb.kernel.text import name_case
from personnel.models import Cadre, CodeList, Decision, DecisionItem, Title, Unit
from personnel.models.delegation import may_act_on_title
from personnel.policies import Action
from personnel.rules.appointment import CLOSED_RULES, NOT_KEPT
from personnel.rules.judging import RULES
from personnel.rules.standards import requirement_label
from personnel.services.changes import RowChanges, lock_people
from personnel.services.decisions.case_facts import main_post
from personnel.services.decisions.days import impossible_days
from personnel.services.decisions.dossiers import dossier_findings
from personnel.services.decisions.fields import resolve
from personnel.services.decisions.kinds import Case, DecisionAct, act_of, fact_sources
from personnel.services.decisions.places import Places
from personnel.services.decisions.procedures import procedure_findings
from personnel.services.decisions.recording import ActRefused, Difference, Recorder
from personnel.services.errors import NeedsProvince, ServiceRefusal
from personnel.services.held import HeldRecord, held_records

#: What a newcomer must say of himself.
IDENTITY = ("full_name", "born", "sex")


@dataclass
class Planned:
    """One person of a decision, checked: faults, findings, and what signing would write."""

    case: Case
    changes: RowChanges
    faults: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    #: Whether the paper was signed before it came here: it is entered as it is, with a reason for what is not met.
    is_entered: bool = False

    def may_pass(self, found: Finding) -> bool:
        """Whether a reason lets this finding pass."""
        return may_override(found.rule, is_entered=self.is_entered)

    @property
    def kept(self) -> list[Finding]:
        """The findings as they stay with a signed decision: nothing of what only who plans or decides may know."""
        return [found.closed(NOT_KEPT) if found.rule in CLOSED_RULES else found for found in self.findings]

    @property
    def blocking(self) -> list[Finding]:
        """Conditions that are not met and not passed over with a reason."""
        passed = self.case.item.overrides
        not_met = [found for found in self.findings if found.outcome == "not_met"]
        return [found for found in not_met if not (passed.get(found.key, "").strip() and self.may_pass(found))]

    @property
    def unknown(self) -> list[Finding]:
        """Conditions that cannot be judged; they warn."""
        return [found for found in self.findings if found.outcome == "unknown"]

    @property
    def unanswered(self) -> list[Finding]:
        """Those of them that ask for data and have no word yet; a paper that was signed already needs none."""
        said = self.case.item.overrides
        return (
            [] if self.is_entered else [f for f in self.unknown if asks_for_word(f) and not said.get(f.key, "").strip()]
        )


def may_override(key: str, *, is_entered: bool = False) -> bool:
    """Whether a reason may pass over a rule: where the law leaves room, and more where a signed paper is entered."""
    rule = RULES.get(key.partition(":")[0])
    return rule is None or rule.is_overridable or (is_entered and rule.waiver == "entered")


def asks_for_word(found: Finding) -> bool:
    """Whether an unknown outcome needs a word of who submits: nothing known is not met."""
    rule = RULES.get(found.rule)
    return found.outcome == "unknown" and rule is not None and rule.asks_for_data


def known_act(decision: Decision) -> DecisionAct:
    """The class of a decision's kind; ServiceRefusal for one that writes nothing (only cited)."""
    act = act_of(decision)
    if act is None:
        raise ServiceRefusal("Loại quyết định này chỉ để viện dẫn, không ghi vào hồ sơ.")
    return act


def cases_of(decision: Decision, *, lock: bool = False) -> list[Case]:
    """The people of a decision, in order, with the common terms under their own values; constant queries."""
    act = known_act(decision)
    items = list(decision.items.select_related("cadre").order_by("position", "pk"))
    ids = [item.cadre_id for item in items if item.cadre_id is not None]
    if lock:
        lock_people(ids)
    held = held_records(ids, act.read_parts())
    places = Places(decision.effective_on)
    said = resolve(act.fields, [_said(decision.terms, item.values) for item in items])
    return [
        Case(act, decision, item, place, values, _held(held, item, values), places)
        for place, (item, values) in enumerate(zip(items, said, strict=True))
    ]


def cases_with_facts(decision: Decision, *, acting_user: User | None) -> list[Case]:
    """The same with what they share and what upper apps know of them, as the check judges them."""
    cases = cases_of(decision)
    _look_around(cases, acting_user)
    return cases


def _said(terms: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    return {**terms, **{key: value for key, value in own.items() if value not in (None, "")}}


def _held(held: Mapping[int, HeldRecord], item: DecisionItem, values: Mapping[str, Any]) -> HeldRecord:
    return held[item.cadre_id] if item.cadre_id is not None else _newcomer(values)


def _newcomer(values: Mapping[str, Any]) -> HeldRecord:
    given = {key: values[key] for key in (*IDENTITY, "personal_number") if values.get(key) not in (None, "")}
    if "full_name" in given:
        given["full_name"] = name_case(given["full_name"])
    return HeldRecord(Cadre(**given))


def plan(
    decision: Decision, *, acting_user: User | None, lock: bool = False, is_entered: bool = False
) -> list[Planned]:
    """Every person checked, with the difference that signing would make; nothing is written.

    `is_entered`: the paper was signed before it came here.
    """
    cases = cases_of(decision, lock=lock)
    _look_around(cases, acting_user)
    allowed = _Allowed(cases, acting_user)
    return [_planned(case, allowed, is_entered=is_entered) for case in cases]


def plan_in_turn(cases: Sequence[Case], *, asked_by: User | None) -> Iterator[Planned]:
    """Cases of several decisions of one day, checked one after the other: who comes before has come already.

    They share their places; who asks may tell these what the last case has changed before he asks for the next. Whether
    he may decide on them is asked when they are drawn up; here he gets the facts that he may know.
    """
    _look_around(cases, asked_by)
    for case in cases:
        case.facts |= {"joining_title": 1, "joining_unit": 1}
    allowed = _Allowed(cases, None)
    for case in cases:
        yield _planned(case, allowed)


def _look_around(cases: Sequence[Case], user: User | None) -> None:
    """What cases share: who comes to which unit and title, places there, and what upper apps know and may tell."""
    if not cases:
        return
    posts = [(case["unit"] or _unit_of(case), case["title"]) for case in cases]
    sought = [(unit, title) for unit, title in posts if isinstance(unit, Unit) and isinstance(title, Title)]
    cases[0].places.read(sought)
    cases[0].places.expect({unit.pk for unit, _ in posts if isinstance(unit, Unit)})
    by_title: Counter[Any] = Counter(sought)
    by_unit: Counter[Any] = Counter(unit for unit, _ in posts if isinstance(unit, Unit))
    for case, (unit, title) in zip(cases, posts, strict=True):
        case.facts |= {"joining_title": by_title[unit, title] or 1, "joining_unit": by_unit[unit] or 1}
    for case in cases:
        case.asked_by = user
    for source in fact_sources:
        for place, value in source.facts(cases).items():
            cases[place].facts[source.key] = value


def _unit_of(case: Case) -> Unit | None:
    post = main_post(case)
    return post.unit if post is not None else None


def _planned(case: Case, allowed: _Allowed, *, is_entered: bool = False) -> Planned:
    planned = Planned(case, RowChanges(place=case.place), is_entered=is_entered)
    planned.faults += [*_missing(case), *_closed(case), *allowed.faults(case)]
    if not case.act.is_revision:
        planned.faults += impossible_days(case)
    if case.item.cadre_id is None:
        planned.changes.cadre = case.cadre
    if planned.faults or case.act.is_revision:
        return planned
    planned.findings = [*case.act.findings(case), *dossier_findings(case), *procedure_findings(case)]
    recorder = Recorder(case.held, case.decision, case.day, planned.changes, inserts=case.act.inserts)
    try:
        case.act.record(case, recorder)
    except ActRefused as refused:
        planned.faults.append(str(refused))
        return planned
    planned.differences = recorder.differences
    planned.faults += _refused_rows(planned)
    return planned


def _refused_rows(planned: Planned) -> Iterator[str]:
    """What the fields of new rows themselves refuse; constraints are asked at signing, by the database."""
    for row in planned.changes.inserts:
        for error in check_fields(type(row), [row]).values():
            yield from error.messages


def _missing(case: Case) -> Iterator[str]:
    absent = [item.label for item in case.act.fields if item.is_required and case[item.key] in (None, "")]
    if case.item.cadre_id is None:
        if not case.act.is_of_newcomers:
            yield "Chưa chọn người."
        absent += [item.label for item in case.act.fields if item.key in IDENTITY and case[item.key] in (None, "")]
    if absent:
        yield f"Thiếu: {', '.join(dict.fromkeys(absent))}."


def _closed(case: Case) -> Iterator[str]:
    """Codes and titles that were not in use on the decision's day."""
    for item in case.act.fields:
        value = case[item.key]
        if isinstance(value, CodeList) and not value.is_open_on(case.day):
            yield f"«{value}» không dùng vào ngày {case.day:%d/%m/%Y}."
        if isinstance(value, Title) and value.valid_until is not None and value.valid_until <= case.day:
            yield f"Chức danh «{value}» không còn dùng từ ngày {value.valid_until:%d/%m/%Y}."


class _Allowed:
    """Whom and which titles the user may decide on: asked once for all people of a decision."""

    def __init__(self, cases: Sequence[Case], user: User | None) -> None:
        self.user = user
        #: Who manages a title on the effective day decides, and today too: an old day opens nobody's record.
        self.days = sorted({timezone.localdate(), *(case.day for case in cases)})
        ids = [case.item.cadre_id for case in cases if case.item.cadre_id is not None]
        mine = Cadre.objects.filter(pk__any=ids).visible_to(user, Action.DECIDE)
        for day in self.days:
            mine = mine.manageable_by(user, Action.DECIDE, day)
        self.people = set(mine.values_list("pk", flat=True))
        units = {value.pk for case in cases for value in case.values.values() if isinstance(value, Unit)}
        self.units = set(Unit.objects.visible_to(user, Action.DECIDE).filter(pk__in=units).values_list("pk", flat=True))
        self.taken = _taken_numbers(cases)
        self.titles: dict[tuple[int, int | None], bool] = {}

    def faults(self, case: Case) -> Iterator[str]:
        """What the user may not do in this case."""
        if case.item.cadre_id is not None and case.item.cadre_id not in self.people:
            yield "Không thuộc thẩm quyền quyết định của bạn theo phân cấp quản lý cán bộ."
        if case.item.cadre_id is None and case["personal_number"] in self.taken:
            yield str(NeedsProvince())
        for item in case.act.fields:
            value = case[item.key]
            if isinstance(value, Unit) and value.pk not in self.units:
                yield f"{item.label}: ngoài phạm vi quản lý của bạn."
        title, unit = case["title"], case["unit"]
        if isinstance(title, Title) and not self._may_fill(title, unit, case):
            yield f"Chức danh «{title}» thuộc thẩm quyền của cấp khác theo phân cấp quản lý cán bộ."

    def _may_fill(self, title: Title, unit: Unit | None, case: Case) -> bool:
        key = (title.pk, unit.pk if unit else None)
        if key not in self.titles:
            self.titles[key] = all(
                may_act_on_title(self.user, Action.DECIDE, title, day, unit=unit) for day in self.days
            )
        return self.titles[key]


def _taken_numbers(cases: Iterable[Case]) -> set[str]:
    """Personal numbers of newcomers that a record has already, wherever it is kept."""
    numbers = {case["personal_number"] for case in cases if case.item.cadre_id is None} - {None, ""}
    if not numbers:
        return set()
    taken = Cadre.objects.filter(personal_number__in=numbers).values_list("personal_number", flat=True)
    return {number for number in taken if number}


class DecisionRefused(ServiceRefusal):
    """People of whom the decision may not be written; `faults` are sentences by place. Nothing was written.

    `planned` is how everybody was checked, where the check came so far.
    """

    code = "decision-refused"

    def __init__(self, faults: Mapping[int, list[str]], planned: Sequence[Planned] = ()) -> None:
        super().__init__(f"{len(faults)} người chưa đủ điều kiện; chưa ghi gì vào hồ sơ.")
        self.faults = {place: list(sentences) for place, sentences in faults.items()}
        self.planned = list(planned)


def refusals(planned: Iterable[Planned]) -> dict[int, list[str]]:
    """Faults and blocking findings by place."""
    found: dict[int, list[str]] = {}
    for one in planned:
        sentences = [*one.faults, *(f"Chưa đạt: {label_of(finding)}." for finding in one.blocking)]
        sentences += [f"Chưa rõ, cần ghi lý do: {label_of(finding)}." for finding in one.unanswered]
        if sentences:
            found[one.case.place] = sentences
    return found


def label_of(finding: Finding) -> str:
    """The name of a finding's rule, with its subject."""
    return label_of_key(finding.key)


def label_of_key(key: str) -> str:
    """A rule by its key, «rule» or «rule:subject», in words; one that is gone by its key."""
    name, _, subject = key.partition(":")
    rule = RULES.get(name)
    label = rule.label if rule else name
    return f"{label}: {_lowered(requirement_label(subject))}" if subject else label


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def items_by_place(decision: Decision) -> list[DecisionItem]:
    """The people of a decision in the order of their places."""
    return list(decision.items.select_related("cadre").order_by("position", "pk"))


def messages_of(error: ValidationError) -> list[str]:
    """The distinct sentences of an error."""
    return list(dict.fromkeys(error.messages))
