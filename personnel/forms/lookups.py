"""Choosing from long lists by typing a name or a code: units, communes.

The field is plain text, so it works without JavaScript; suggestions come beside it from `personnel:lookup`. What a
source does not find does not exist for its reader.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.urls import reverse

from hrdb.kernel.models import User
from hrdb.kernel.registries import Registry
from hrdb.kernel.text import clean_text, fold
from personnel.models import Commune, Unit, UnitVersion
from personnel.policies import Action

#: How many suggestions a list shows, and how many candidates a fault names.
SUGGESTED = 12
NAMED = 4

#: «Sở Nội vụ (SNV)»: the code in the last brackets decides.
CODE_AT_END = re.compile(r"\(([^()]+)\)$")


class LookupSource(Protocol):
    """A long list that is looked up by name or code."""

    key: str

    def matching(self, text: str, *, user: User | None, day: datetime.date, limit: int) -> Sequence[tuple[int, str]]:
        """Ids and written forms of what fits a part of a name or a code, the best first."""
        ...

    def written(self, pk: int, day: datetime.date) -> str:
        """The written form of one item, as `matching` writes it; empty when there is none."""
        ...

    def get(self, pk: int) -> Model:
        """The item itself."""
        ...


lookup_sources: Registry[LookupSource] = Registry("danh sách tra cứu")


class UnitSource:
    """Units whose records the reader writes, closed ones included; as they are called on the day, or were last."""

    key = "unit"

    def units(self, user: User | None) -> Any:
        """The units that the reader may choose."""
        return Unit.objects.visible_to(user, Action.EDIT)

    def matching(self, text: str, *, user: User | None, day: datetime.date, limit: int) -> Sequence[tuple[int, str]]:
        """By code, then by name."""
        words = fold(text)
        versions = UnitVersion.objects.standing_on(day).filter(unit__in=self.units(user)).values("pk")
        found = UnitVersion.objects.filter(pk__in=versions).filter(
            Q(search_key__contains=words) | Q(unit__code__istartswith=text.strip())
        )
        rows = list(
            found.order_by("level", "position", "unit__code").values_list("unit_id", "name", "unit__code")[:200]
        )
        rows.sort(key=lambda row: (row[2].casefold() != text.strip().casefold(), fold(row[1]) != words))
        return [(pk, f"{name} ({code})") for pk, name, code in rows[:limit]]

    def written(self, pk: int, day: datetime.date) -> str:
        """Name and code."""
        versions = UnitVersion.objects.filter(unit=pk).order_by("-effective_from")
        row = versions.filter(effective_from__lte=day).first() or versions.first()
        return f"{row.name} ({Unit.objects.get(pk=pk).code})" if row else ""

    def get(self, pk: int) -> Unit:
        """The unit."""
        return Unit.objects.get(pk=pk)


class CommuneSource:
    """Communes of the whole country, in their present order (xã, phường, đặc khu)."""

    key = "commune"

    def matching(self, text: str, *, user: User | None, day: datetime.date, limit: int) -> Sequence[tuple[int, str]]:
        """By code, then by the beginning of the name, then by any part of it."""
        words = fold(text)
        found = [row for row in _communes() if words in row[2] or row[1] == text.strip()]
        found.sort(key=lambda row: (row[1] != text.strip(), not row[2].startswith(words)))
        return [(pk, written) for pk, _, _, written in found[:limit]]

    def written(self, pk: int, day: datetime.date) -> str:
        """Name, province and code."""
        return next((written for found, _, _, written in _communes() if found == pk), "")

    def get(self, pk: int) -> Commune:
        """The commune."""
        return Commune.objects.get(pk=pk)


def _communes() -> tuple[tuple[int, str, str, str], ...]:
    """Id, code, search key and written form of all communes; read again when `prepare` changed their number."""
    return _read_communes(Commune.objects.count())


@lru_cache(maxsize=2)
def _read_communes(count: int) -> tuple[tuple[int, str, str, str], ...]:
    rows = Commune.objects.order_by("position", "code").values_list("pk", "code", "name", "province__name")
    return tuple((pk, code, fold(f"{name} {of}"), f"{name}, {of} ({code})") for pk, code, name, of in rows)


lookup_sources.register(UnitSource())
lookup_sources.register(CommuneSource())


class LookupInput(forms.TextInput):
    """A text field with suggestions under it."""

    template_name = "personnel/cadre/lookup_input.html"

    def __init__(self, source: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off"} | (attrs or {}))
        self.source = source

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The address of the suggestions, and the list under the field."""
        context = super().get_context(name, value, attrs)
        suggestions = f"{(attrs or {}).get('id', name)}_suggestions"
        context["widget"]["attrs"]["list"] = suggestions
        context["suggestions"], context["url"] = suggestions, reverse("personnel:lookup", args=[self.source])
        return context


class LookupField(forms.CharField):
    """An item of a long list, typed by name or code; cleans to the item.

    `kept` is the id that the row already has: it stays allowed when it is out of the reader's scope or closed.
    """

    default_error_messages = {"unknown": "Không có «{text}» trong phạm vi được chọn."}

    def __init__(
        self,
        source: str,
        *,
        user: User | None,
        day: datetime.date,
        kept: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.source = lookup_sources[source]
        self.user, self.day, self.kept = user, day, kept
        super().__init__(widget=LookupInput(source), max_length=300, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The written form of an id or an item; what was typed stays as typed."""
        if isinstance(value, Model):
            value = value.pk
        return self.source.written(value, self.day) if isinstance(value, int) else value

    def clean(self, value: Any) -> Model | None:
        """The item that was meant; a fault names the candidates when several fit."""
        text = clean_text(super().clean(value) or "")
        if not text:
            return None
        if self.kept is not None and text == self.prepare_value(self.kept):
            return self.source.get(self.kept)
        return self.source.get(self._meant(text))

    def _meant(self, text: str) -> int:
        code = CODE_AT_END.search(text)
        if code is not None:
            for pk, written in self._find(code[1]):
                if written.endswith(f"({code[1]})"):
                    return pk
        found = self._find(text)
        exact = [pk for pk, written in found if fold(written.rpartition(" (")[0]) == fold(text)]
        codes = [pk for pk, written in found if written.casefold().endswith(f"({text.casefold()})")]
        for group in (codes, exact, [pk for pk, _ in found]):
            if len(group) == 1:
                return group[0]
        if not found:
            raise ValidationError(self.error_messages["unknown"].format(text=text), code="unknown")
        named = "; ".join(written for _, written in found[:NAMED])
        more = "; …" if len(found) > NAMED else ""
        raise ValidationError(f"Có nhiều mục khớp, hãy ghi rõ: {named}{more}.", code="ambiguous")

    def _find(self, text: str) -> Sequence[tuple[int, str]]:
        return self.source.matching(text, user=self.user, day=self.day, limit=SUGGESTED)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether what was typed is another item."""
        before, now = self.prepare_value(initial) or "", clean_text(str(data or ""))
        return fold(before) != fold(now)
