"""Choosing the kind of a decision (chọn loại quyết định): grouped, each with what it does to the record."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from hrdb.kernel.screens import Crumb, Screen
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.text import fold
from personnel.services.decisions.kinds import ActGroup, DecisionAct, acts_in_order
from personnel.views.decisions.register import may_draw_up

#: Parameters that lead on to the form are those that this page does not ask itself.
OWN = ("find", "signed", "kind", "page", "day")


class ChooseKind(Screen):
    """Every kind that is entered by hand; a word narrows them."""

    template_name = "personnel/decision/choose.html"
    fragments = {"kinds": "personnel/decision/kinds.html"}

    def may_open(self) -> bool:
        """Whoever draws up decisions."""
        return may_draw_up(self.request)

    @property
    def is_signed(self) -> bool:
        """Whether the decision is signed already, and entered after the fact."""
        return self.request.GET.get("signed") == "1"

    def get_title(self) -> str:
        """What is going to be done."""
        return "Vào sổ quyết định đã ký" if self.is_signed else "Lập dự thảo quyết định"

    def get_lead(self) -> str:
        """The next step."""
        return "Chọn loại quyết định; mỗi loại ghi rõ tác động vào hồ sơ."

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the register."""
        return [Crumb("Sổ quyết định", reverse("personnel:decision-list")), Crumb(self.get_title())]

    @property
    def words(self) -> str:
        """What was typed to find a kind."""
        return self.request.GET.get("find", "").strip()[:60]

    def groups(self) -> list[tuple[str, list[tuple[DecisionAct, str]]]]:
        """Kinds by group with the address of their form."""
        view = "personnel:decision-enter" if self.is_signed else "personnel:decision-create"
        carried = {key: values for key, values in self.request.GET.lists() if key not in OWN}
        kinds = [act for act in acts_in_order() if self._fits(act)]
        return [
            (
                str(ActGroup(group).label),
                [(act, self.link(with_query(reverse(view), kind=act.key, **carried))) for act in acts],
            )
            for group, acts in itertools.groupby(kinds, key=lambda act: act.group)
        ]

    def _fits(self, act: DecisionAct) -> bool:
        words = fold(self.words)
        return words in fold(f"{act.label} {act.effect} {ActGroup(act.group).label}")

    def context(self, **extra: Any) -> dict[str, Any]:
        """The kinds, and the way to the other of both beginnings."""
        other = with_query(self.request.get_full_path(), signed=None if self.is_signed else "1")
        own = {"groups": self.groups(), "words": self.words, "is_signed": self.is_signed, "other_url": other}
        return super().context(**own) | extra
