"""The paper of a decision in Word (văn bản Word): an office's own template filled, or the built-in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hrdb.kernel.text import fold
from hrdb.kernel.word_templates import BadTemplate, fill_word_template
from personnel.exports.decision_templates import default_template
from personnel.reports.decision_texts.reading import DecisionText
from personnel.reports.decision_texts.wording import TextKind
from personnel.services.decision_templates import template_for
from personnel.services.decisions.text_fields import PEOPLE, tags, text_fields
from personnel.services.errors import ServiceRefusal


def text_docx(text: DecisionText) -> bytes:
    """The paper in Word, by the template that the office has; raises ServiceRefusal."""
    return fill_text(text, template_for(text.decision.unit_id, text.kind.key))


def fill_text(text: DecisionText, own: bytes | None) -> bytes:
    """The paper in Word by an office's own template, else the built-in one.

    ServiceRefusal when an office's template cannot be filled any more.
    """
    content = own or default_template(text.kind.key, is_party=text.head.is_party)
    try:
        return fill_word_template(content, fields=tags(), values=text.context())
    except BadTemplate as fault:
        raise ServiceRefusal(f"Mẫu riêng của đơn vị không điền được: {fault}") from None


def text_name(text: DecisionText, ending: str) -> str:
    """A file name that every system takes: kind, number or draft, whom it is about."""
    number = text.decision.number.replace("/", "-") or "du thao"
    whom = text.names[0] if len(text.names) == 1 else f"{len(text.names)} nguoi" if text.names else ""
    parts = [fold(text.kind.label.partition(",")[0]), fold(number), fold(whom).title()]
    return " - ".join(filter(None, (part.replace("/", " ").replace("'", "") for part in parts))) + ending


def sample_contexts(kind: TextKind) -> list[Mapping[str, Any]]:
    """What a template is tried with: one person with everything, many people, and as little as a draft may say."""
    one: dict[str, Any] = {
        field.tag: [field.sample, field.sample] if field.is_list else field.sample for field in text_fields
    }
    row = {"tt": "1", **{field.tag: field.sample for field in text_fields if field.of_person}}
    many = {**one, PEOPLE: [row, {**row, "tt": "2"}]}
    bare: dict[str, Any] = {field.tag: [] if field.is_list else "" for field in text_fields}
    return [{**one, PEOPLE: []}, many, {**bare, PEOPLE: []}]
