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


def decision_numbered(number: str, signed_on: datetime.date, issuer: str, *, other_than: int = 0) -> Decision | None:
    """The decision with this number, day and issuer, however they are spelt."""
    signed = Decision.objects.filter(signed_on=signed_on).exclude(number="").exclude(pk=other_than).order_by("pk")
    exact: Decision | None = signed.filter(number=number, issuer=issuer).first()
    if exact is not None:
        return exact
    key = number_key(number), same_text_key(issuer)
    spelt = signed.values_list("pk", "number", "issuer")
    alike = (pk for pk, *names in spelt if (number_key(names[0]), same_text_key(names[1])) == key)
    return signed.filter(pk=next(alike, 0)).first()


def refuse_same_number(decision: Decision) -> None:
    """Refuse a number that its issuer gave on that day to another decision, as the register's own constraint does."""
    if not decision.number or decision.signed_on is None:
        return
    number, signed_on, issuer = decision.number, decision.signed_on, decision.issuer
    if decision_numbered(number, signed_on, issuer, other_than=decision.pk or 0) is not None:
        words = "Quyết định cùng số, ngày ký và cơ quan ban hành đã có."
        raise ValidationError({"__all__": [ValidationError(words, code="decision_once")]})
