"""From a decision to what its paper says (đọc quyết định thành văn bản): one text, or one for each person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from hrdb.kernel.models import User
from personnel.choices import STUB_CLASSIFICATIONS
from personnel.models import Decision
from personnel.reports.decision_texts.grounds import grounds_of
from personnel.reports.decision_texts.heads import (
    Head,
    authority,
    day_words,
    head_of,
    mark,
    named,
    number_of,
    signed_as,
    signing_day,
)
from personnel.reports.decision_texts.people import (
    Told,
    common,
    facts_of_person,
    in_cell,
    phrase_of,
    units_named,
)
from personnel.reports.decision_texts.phrases import needs, write
from personnel.reports.decision_texts.wording import EXECUTION, TextKind, text_kinds
from personnel.reports.unit_names import UnitNames
from personnel.services.decisions import acts  # noqa: F401  the kinds register themselves
from personnel.services.decisions.cases import cases_of, plan
from personnel.services.decisions.fields import resolve
from personnel.services.decisions.kinds import DecisionAct, act_of
from personnel.services.decisions.text_fields import PEOPLE, text_fields
from personnel.services.errors import ServiceRefusal

#: What the paper itself holds no more than a stub of.
ONLY_ON_PAPER = (
    "Văn bản từ độ tối mật chỉ có trên giấy: phần mềm chỉ giữ phiếu chỉ dẫn, không soạn và không in nội dung."
)
NO_TEXT = "Loại quyết định này không có mẫu văn bản."


@dataclass(frozen=True)
class DecisionText:
    """What one paper says: plain facts and lists by the keys of the text fields, and the people with their rows.

    `rows` are the appended list, empty for one person, who stands in the sentences.
    """

    decision: Decision
    kind: TextKind
    head: Head
    values: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    rows: tuple[Mapping[str, str], ...]
    names: tuple[str, ...]
    people: tuple[int, ...]

    @cached_property
    def articles(self) -> list[list[str]]:
        """The articles in words, each a list of paragraphs."""
        listed = [*self.kind.articles, *([] if self.kind.is_notice else [EXECUTION])]
        return [[write(phrase, self.values) for phrase in article if self._stands(phrase)] for article in listed]

    def _stands(self, phrase: str) -> bool:
        return all(self.values.get(key) for key in needs(phrase))

    def context(self) -> dict[str, Any]:
        """What a template is filled with, by tags."""
        told: dict[str, Any] = {}
        for field in text_fields:
            told[field.tag] = list(self.lists.get(field.key, ())) if field.is_list else self.values.get(field.key, "")
        rows = [
            {"tt": str(place), **{field.tag: row.get(field.key, "") for field in text_fields if field.of_person}}
            for place, row in enumerate(self.rows, 1)
        ]
        return {**told, PEOPLE: rows}


def readable_texts(user: User | None) -> QuerySet[Decision]:
    """Decisions of which a reader may have the text: he sees everybody in them, and what they tell of discipline."""
    seen: QuerySet[Decision] = Decision.objects.visible_to(user).with_sight(user)
    return seen.filter(is_text_open=True)  # type: ignore[misc]


def text_kind_of(decision: Decision) -> TextKind:
    """How the paper of a decision is worded; ServiceRefusal for kinds without one, and from «tối mật» on."""
    act = act_of(decision)
    kind = text_kinds.get(act.template) if act is not None else None
    if act is None or kind is None:
        raise ServiceRefusal(NO_TEXT)
    if decision.classification in STUB_CLASSIFICATIONS:
        raise ServiceRefusal(ONLY_ON_PAPER)
    return kind


def read_text(decision: Decision) -> DecisionText:
    """The paper of a decision; raises ServiceRefusal."""
    kind, told, units, citations = _read(decision)
    return _text(decision, kind, told, units, citations)


def read_texts_by_person(decision: Decision) -> list[DecisionText]:
    """A paper for each person of a decision; raises ServiceRefusal."""
    kind, told, units, citations = _read(decision)
    return [_text(decision, kind, [one], units, citations) for one in told]


def _read(decision: Decision) -> tuple[TextKind, list[Told], UnitNames, set[str]]:
    kind = text_kind_of(decision)
    told, citations = _told(decision)
    if any(one.case.cadre.classification in STUB_CLASSIFICATIONS for one in told):
        raise ServiceRefusal(ONLY_ON_PAPER)
    return kind, told, UnitNames.read({decision.unit_id, *units_named(told)}), citations


def _told(decision: Decision) -> tuple[list[Told], set[str]]:
    """The cases with what their signing writes, or wrote, and the citations of what was found."""
    if decision.is_issued:
        cases = cases_of(decision)
        wrote = [
            [
                row
                for rows in case.held.rows.values()
                for row in rows
                if getattr(row, "decision_id", None) == decision.pk
            ]
            for case in cases
        ]
        kept = {found.get("citation") or "" for case in cases for found in case.item.findings}
        return [Told(case, rows) for case, rows in zip(cases, wrote, strict=True)], kept
    planned = plan(decision, acting_user=None)
    cited = {found.citation.text for one in planned for found in one.findings if found.citation is not None}
    return [Told(one.case, one.changes.inserts) for one in planned], cited


def _text(
    decision: Decision, kind: TextKind, told: Sequence[Told], units: UnitNames, citations: set[str]
) -> DecisionText:
    act = act_of(decision)
    assert act is not None
    head = head_of(decision, units)
    facts = [facts_of_person(one, units, is_party=head.is_party) for one in told]
    values = {**common(facts, kind.needs), **_about(facts, is_party=head.is_party)}
    values |= _plain_facts(decision, act, kind, head)
    values["subject"] = _subject(decision, kind, values)
    lists = {
        "grounds": grounds_of(decision, head, citations),
        "recipients": _recipients(kind, head, has_people=bool(facts)),
        "signed_as": signed_as(decision, head),
    }
    rows = [{key: in_cell(value) for key, value in one.items()} for one in facts] if len(facts) > 1 else []
    return DecisionText(
        decision=decision,
        kind=kind,
        head=head,
        values=values,
        lists=lists,
        rows=tuple(rows),
        names=tuple(str(one["full_name"]) for one in facts),
        people=tuple(one.case.item.cadre_id for one in told if one.case.item.cadre_id is not None),
    )


def _about(facts: Sequence[Mapping[str, Any]], *, is_party: bool) -> dict[str, str]:
    """Whom the paper is about, in the phrases that sentences need."""
    count, many = f"{len(facts):02d}", "đồng chí" if is_party else "ông, bà"
    if len(facts) == 1:
        who, name = phrase_of(facts[0]), f"{facts[0]['address']} {facts[0]['full_name']}"
        executors = name
    elif facts:
        who, name = f"{count} {many} có tên trong danh sách kèm theo", f"{count} {many}"
        executors = f"các {many} có tên trong danh sách kèm theo"
    else:
        who = name = executors = ""
    return {
        "count": count,
        "who": who,
        "who_first": who[:1].upper() + who[1:],
        "name": name,
        "name_first": _first(name if len(facts) == 1 else executors),
        "executors": executors,
    }


def _plain_facts(decision: Decision, act: DecisionAct, kind: TextKind, head: Head) -> dict[str, str]:
    target, corrected = decision.target, ""
    mended = act_of(target) if target is not None else None
    if mended is not None and decision.terms.get("corrected"):
        corrected = _corrected(mended, decision.terms["corrected"])
    return {
        "superior": head.superior_name.upper(),
        "issuer": head.issuer_name.upper(),
        "issuer_name": head.issuer_name,
        "number": number_of(decision, is_party=head.is_party, is_notice=kind.is_notice),
        "place": head.place,
        "signed_on": signing_day(decision.signed_on),
        "classification": mark(decision),
        "form_name": "THÔNG BÁO" if kind.is_notice else "QUYẾT ĐỊNH",
        "authority": authority(decision, head),
        "signer": decision.signer,
        "day": day_words(decision.effective_on),
        "act": kind.verbs.get(act.key, act.label),
        "target": named(target) if target is not None else "",
        "corrected": corrected,
        **({"cause": str(decision.terms.get("cause") or "")} if act.is_revision else {}),
    }


def _corrected(act: DecisionAct, values: Mapping[str, Any]) -> str:
    """What a correction puts right, in words."""
    (resolved,) = resolve(act.fields, [values])
    told = [(item.label, item.shown(resolved[item.key])) for item in act.fields if values.get(item.key) is not None]
    return "; ".join(f"{label}: {shown}" for label, shown in told)


def _subject(decision: Decision, kind: TextKind, values: Mapping[str, str]) -> str:
    said = decision.summary.strip() or f"Về việc {_lower(write(kind.subject, values))}"
    return said if said[:6].casefold() == "về việ" else f"Về việc {_lower(said)}"


def _recipients(kind: TextKind, head: Head, *, has_people: bool) -> tuple[str, ...]:
    last = len(kind.articles) + (0 if kind.is_notice else 1)
    first = "- Như trên;" if kind.is_notice else f"- Như Điều {last};"
    return (first, "- ……………………;", "- Lưu: VP, ……" if head.is_party else "- Lưu: VT, ……")


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    """A phrase after «Về việc»; what begins with a name in capitals stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
