"""Phrases of the built-in wording (câu mẫu): facts in braces, what falls away without its facts in brackets.

    "Bổ nhiệm {who}[ giữ chức vụ {title}][, {unit}], kể từ ngày {day}."

One phrase is written with values for PDF (`write`), and with the tags of a template for Word (`with_tags`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from personnel.services.decisions.text_fields import text_fields

_FACT = re.compile(r"\{(\w+)\}")
_PART = re.compile(r"\[([^\[\]]*)\]|([^\[\]]+)")


def write(phrase: str, values: Mapping[str, str]) -> str:
    """The phrase with values; a bracket of which a fact is empty falls away."""
    written = []
    for optional, plain in _PART.findall(phrase):
        part = optional or plain
        if optional and not all(values.get(key) for key in facts_of(part)):
            continue
        written.append(_FACT.sub(lambda found: values.get(found[1], ""), part))
    return "".join(written)


def with_tags(phrase: str) -> str:
    """The phrase as a template of Word says it."""
    written = []
    for optional, plain in _PART.findall(phrase):
        part = optional or plain
        tagged = _FACT.sub(lambda found: f"{{{{ {text_fields[found[1]].tag} }}}}", part)
        if optional:
            asked = " and ".join(text_fields[key].tag for key in facts_of(part))
            tagged = f"{{% if {asked} %}}{tagged}{{% endif %}}"
        written.append(tagged)
    return "".join(written)


def needs(phrase: str) -> list[str]:
    """Facts without which the whole phrase falls away: those of a phrase that is one bracket."""
    whole = _PART.fullmatch(phrase)
    return list(facts_of(phrase)) if whole is not None and whole[1] else []


def facts_of(phrase: str) -> Iterator[str]:
    """The facts of a phrase."""
    return iter(_FACT.findall(phrase))
