"""Legal grounds of a paper (căn cứ ban hành): the law that its rules cited on its day, and the chain it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from hrdb.kernel.findings import Citation, document_kind
from personnel.models import Decision
from personnel.reports.decision_texts.heads import BLANK, Head, day_words, named
from personnel.rules.law import LAW

#: Who issued a document, by how its number ends; where the number does not tell, nobody is named.
_AUTHORS: Final = (
    ("/NĐ-CP", "Chính phủ"),
    ("/NQ-CP", "Chính phủ"),
    ("/QĐ-TTg", "Thủ tướng Chính phủ"),
    ("/TT-BNV", "Bộ Nội vụ"),
    ("/TT-BCA", "Bộ Công an"),
    ("/BTCTW", "Ban Tổ chức Trung ương"),
)
_ORDER: Final = ("Bộ luật", "Luật", "Pháp lệnh", "Nghị quyết", "Nghị định", "Quy định", "Quyết định", "Thông tư")
#: Chains are short; a circle that data might hold ends here.
_LONGEST_CHAIN: Final = 6


def grounds_of(decision: Decision, head: Head, citations: Iterable[str]) -> tuple[str, ...]:
    """The grounds in order: what gives the office its power (blank), the law cited, the chain, the proposal (blank)."""
    sentences = [
        f"Căn cứ {BLANK} (văn bản quy định thẩm quyền của cơ quan ban hành)",
        *(f"Căn cứ {law_words(found)}" for found in _laws(citations)),
        *(f"Căn cứ {named(before)}" for before in _chain(decision)),
        f"{'Xét' if head.is_party else 'Theo'} đề nghị của {BLANK}",
    ]
    mark = "- " if head.is_party else ""
    ends = [";"] * (len(sentences) - 1) + ["," if head.is_party else "."]
    return tuple(f"{mark}{sentence}{end}" for sentence, end in zip(sentences, ends, strict=True))


@lru_cache(maxsize=1)
def _known() -> dict[str, Citation]:
    """Every citation of the parameters by its text; citations of the office's own decisions are none of them."""
    return {held.citation.text: held.citation for parameter in LAW for held in parameter.values}


def _laws(texts: Iterable[str]) -> Sequence[Citation]:
    """The documents among citations, each once, laws before decrees, older before newer."""
    known = _known()
    return documents_of(found for text in texts if (found := known.get(text)) is not None)


def documents_of(citations: Iterable[Citation]) -> Sequence[Citation]:
    """The documents of citations, each once, laws before decrees, older before newer."""
    documents = {(found.document, found.date): found for found in citations}
    return sorted(documents.values(), key=lambda found: (_rank(found), found.date, found.document))


def _rank(citation: Citation) -> int:
    kind = _kind(citation)
    return next((place for place, word in enumerate(_ORDER) if kind.startswith(word)), len(_ORDER))


def _kind(citation: Citation) -> str:
    return citation.name or document_kind(citation.document)


def law_words(citation: Citation) -> str:
    """A document as a paper names it: kind, number, day, who issued it where the number tells."""
    author = next((who for end, who in _AUTHORS if citation.document.endswith(end)), "")
    if "/QH" in citation.document:
        author = "Quốc hội"
    told = f"{_kind(citation)} số {citation.document} ngày {day_words(citation.date)}"
    return f"{told} của {author}" if author else told


def _chain(decision: Decision) -> list[Decision]:
    """The documents that the decision rests on, the first of the chain first."""
    found: list[Decision] = []
    before = decision.rests_on
    while before is not None and before not in found and len(found) < _LONGEST_CHAIN:
        found.append(before)
        before = before.rests_on
    return found[::-1]
