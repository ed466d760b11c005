"""Numbers of decisions (số, ký hiệu): which texts are one number, and whose number it is already."""

from __future__ import annotations

import datetime
import re
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Q

from hrdb.kernel.text import nfc, same_text_key
from personnel.models import Decision

#: What stands in a number: letters, digits, and signs between them.
_NUMBER: Final = re.compile(r"(?=.*\d)[\w.,/()&+–\- ]+")
_BLANKS: Final = re.compile(r"\s+")
_DASHES: Final = str.maketrans("–—‐‑−", "-----")


def number_key(number: str) -> str:
    """What two spellings of one number share: no case, blanks or leading zeros."""
    return _BLANKS.sub("", nfc(number)).translate(_DASHES).casefold().lstrip("0")


def numbered_q(words: str) -> Q:
    """Decisions whose number has these words in it; a number that is begun is not the end of a longer one."""
    if words[:1].isdigit():
        return Q(number__iregex=rf"(^|[^0-9])0*{re.escape(words)}")
    return Q(number__icontains=words)


def check_number(number: str) -> None:
    """Refuse what is no number of a document."""
    if number and not _NUMBER.fullmatch(number):
        words = "Số, ký hiệu gồm chữ, số và các dấu / - . như «215/QĐ-SNV»."
        raise ValidationError(words, code="bad-number")


def decision_numbered(number: str, signed_on: datetime.date, issuer: str) -> Decision | None:
    """The decision with this number, day and issuer, however they are spelt."""
    key = number_key(number), same_text_key(issuer)
    for found in Decision.objects.filter(signed_on=signed_on).exclude(number="").order_by("pk"):
        if (number_key(found.number), same_text_key(found.issuer)) == key:
            return found
    return None


def refuse_same_number(decision: Decision) -> None:
    """Refuse a number that its issuer gave on that day to another decision, as the register's own constraint does."""
    if not decision.number or decision.signed_on is None:
        return
    found = decision_numbered(decision.number, decision.signed_on, decision.issuer)
    if found is not None and found.pk != decision.pk:
        words = "Quyết định cùng số, ngày ký và cơ quan ban hành đã có."
        raise ValidationError({"__all__": [ValidationError(words, code="decision_once")]})
