"""The cards beside the tabs of the profile: what is missing, retirement, the photograph, time served."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.dates import whole_months
from hrdb.kernel.periods import StartPrecision
from hrdb.kernel.screens import HomeCard, home_cards
from hrdb.kernel.screens.links import with_day, with_query
from hrdb.kernel.screens.pieces import Fact
from personnel.models import Cadre
from personnel.models.scope import own_q
from personnel.record_parts import ProfileCard, cadre_tabs, profile_cards
from personnel.views.opening import OpenedRecord
from personnel.views.summary import Profile

__all__ = ["CadreCard", "profile_cards"]


class CadreCard(ProfileCard):
    """Base of this app's cards."""

    @property
    def opened(self) -> OpenedRecord:
        """What this reader sees of the record."""
        opened: OpenedRecord = self.record.opened
        return opened

    @property
    def profile(self) -> Profile:
        """What the page tells of the record."""
        profile: Profile = self.record.profile
        return profile

    def link(self, name: str, *args: Any, **query: Any) -> str:
        """The address of one of the record's pages, for the asked day."""
        return with_day(self.request, with_query(reverse(name, args=[self.record.pk, *args]), **query))


@profile_cards.register
class MissingCard(CadreCard):
    """Độ đầy đủ của hồ sơ: what the record lacks, each with the tab where it belongs."""

    key, tab, order = "missing", "identity", 10
    template_name = "personnel/cadre/missing.html"

    def is_shown(self) -> bool:
        """Where it is told at all."""
        return self.profile.completeness is not None

    def context(self) -> dict[str, Any]:
        """How full it is, and the missing rows; those of tabs that are closed to the reader lead nowhere."""
        found = self.profile.completeness
        open_tabs = {tab.key for tab in cadre_tabs if tab(self.request, self.record).is_shown()}
        missing = [
            (one.label, self._url(one.part) if one.part in open_tabs else "")
            for one in (found.missing if found else ())
        ]
        return {"found": found, "missing": missing}

    def _url(self, part: str) -> str:
        return self.link("personnel:cadre-detail", tab=part)


@profile_cards.register
class RetirementCard(CadreCard):
    """Nghỉ hưu: the day by age with its citation, and the days of notice and decision before it."""

    key, tab, order = "retirement", "identity", 20
    template_name = "personnel/cadre/retirement.html"

    def is_shown(self) -> bool:
        """Not for a stub."""
        return not self.opened.is_stub

    def context(self) -> dict[str, Any]:
        """The findings."""
        return {"lines": self.profile.summary.retirement_lines(self.link("personnel:cadre-correct", "person"))}


@profile_cards.register
class PhotoCard(CadreCard):
    """Ảnh: the way to put one on the record."""

    key, tab, order = "photo", "identity", 30
    template_name = "personnel/cadre/photo_card.html"

    def is_shown(self) -> bool:
        """For whoever edits."""
        return self.opened.may_edit and not self.opened.is_stub


@profile_cards.register
class ServiceCard(CadreCard):
    """Thời gian công tác: how long in service, in the present title and unit, and how long still."""

    key, tab, order = "service", "career", 10
    template_name = "personnel/cadre/service_card.html"

    def is_shown(self) -> bool:
        """Not for a stub."""
        return not self.opened.is_stub

    def context(self) -> dict[str, Any]:
        """Spans up to the asked day."""
        day, summary = self.opened.day, self.profile.summary
        post, retires = summary.main, summary.retirement()
        told = [
            ("Từ khi tuyển dụng", self.record.first_recruited_on, day),
            ("Giữ vị trí hiện tại", post.effective_from if post else None, day),
            ("Là đảng viên", summary.party.effective_from if summary.party else None, day),
            ("Còn đến hết thời hạn bổ nhiệm", day, post.term_ends_on if post else None),
            ("Còn đến tuổi nghỉ hưu", day, retires.last_working_day if retires else None),
        ]
        at_least = {"Giữ vị trí hiện tại"} if post and post.start_precision == StartPrecision.KNOWN_FROM else set()
        items = [(label, span(start, end)) for label, start, end in told if start and end and start <= end]
        return {"items": [Fact(label, f"ít nhất {text}" if label in at_least else text) for label, text in items]}


@home_cards.register
class OwnRecordCard(HomeCard):
    """Hồ sơ của tôi, on the home page of whoever has one."""

    key, title, place, order = "own-record", "Hồ sơ của tôi", "wide", 5
    template_name = "personnel/cadre/own_card.html"

    @cached_property
    def record(self) -> Cadre | None:
        """The record that is tied to the account."""
        user = reader(self.request)
        own: Cadre | None = Cadre.objects.filter(own_q(user)).first()
        return own

    def is_shown(self) -> bool:
        """Only where there is one."""
        return self.record is not None

    def context(self) -> dict[str, Any]:
        """The record."""
        return {"record": self.record}


def span(start: datetime.date, end: datetime.date) -> str:
    """Full years and months between two days: «24 năm 3 tháng»."""
    years, months = divmod(whole_months(start, end), 12)
    words = [f"{years} năm" if years else "", f"{months} tháng" if months else ""]
    return " ".join(filter(None, words)) or "chưa đủ một tháng"
