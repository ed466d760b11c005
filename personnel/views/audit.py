"""The audit trail (nhật ký): who did what to whom and why, who saw what, in the reader's scope; and a sealed answer."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, cast

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import TruncDay, TruncMonth
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from hrdb.kernel.accounts import reader
from hrdb.kernel.dates import format_date
from hrdb.kernel.models import AuditEvent
from hrdb.kernel.screens import (
    Action,
    Column,
    Crumb,
    DetailScreen,
    Empty,
    FormScreen,
    HomeCard,
    ListScreen,
    Screen,
    home_cards,
)
from hrdb.kernel.screens.exports import ExportFile, ExportNeed, Narrower
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.lists import Row
from hrdb.kernel.screens.pieces import Change, Fact
from hrdb.kernel.spreadsheets.reading import UnreadableFile, read_workbook
from hrdb.kernel.templatetags.hr_screens import label
from personnel.exports.audit import MOST_EVENTS, MOST_ROWS, OPERATOR, Written, sealed_answer, weigh
from personnel.filters.audit import AuditFilters
from personnel.forms.access import SealForm
from personnel.models import Cadre, Grant
from personnel.models.access import recent_grants
from personnel.models.scope import has_role
from personnel.models.trail import events_visible_to, with_user
from personnel.models.written import MOST_ROWS as MOST_SHOWN
from personnel.models.written import About, RowChange, changes_of, counts_of
from personnel.policies import TIER_2_TABLES, roles_allowing
from personnel.policies import Action as Act
from personnel.record_parts import ProfileAction, profile_actions
from personnel.services.reading import log_list_reading
from personnel.services.seals import find_seal, seal_of
from personnel.views.audit_lines import Told, row_of, tell

TONES = {
    AuditEvent.Action.LOGIN_FAILED: "warn",
    AuditEvent.Action.REFUSED: "warn",
    AuditEvent.Action.READ_SENSITIVE: "act",
    AuditEvent.Action.EXPORT: "act",
    AuditEvent.Action.PRINT: "act",
}

#: People of a list whom the page of an event names.
MOST_NAMED = 100

#: A time of more days is offered by months, a shorter one by days; so many of them.
LONG_TIME, MOST_PERIODS = 62, 24

#: What the home page calls new.
NEWS_DAYS, MOST_NEWS = datetime.timedelta(days=14), 5


def may_audit(request: HttpRequest) -> bool:
    """Whether the reader sees the audit trail of any unit."""
    return has_role(reader(request), *roles_allowing(Act.AUDIT))


class AuditScreen(Screen):
    """A page for inspectors."""

    def may_open(self) -> bool:
        """Only with «audit» somewhere."""
        return may_audit(self.request)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Below the trail."""
        return (Crumb("Nhật ký", reverse("personnel:audit-list")),)


class AuditList(AuditScreen, ListScreen):
    """Events in scope, newest first."""

    title = "Nhật ký"
    noun = "sự kiện"
    default_sort = "-moment"
    export_name = "nhat-ky"
    export_at_once = 3_000
    export_holds = "Tệp gồm các sự kiện đang xem, từng trường đã sửa, và dấu xác nhận để kiểm tra về sau"
    filter_class = AuditFilters
    empty = Empty(title="Chưa có sự kiện nào trong phạm vi", icon="scroll-text")
    columns = (
        Column(
            key="moment",
            label="Thời điểm",
            value="moment",
            second=lambda row: f"số {row.pk}",
            link=lambda row: reverse("personnel:audit-detail", args=[row.pk]),
            sort="id",
            fixed=True,
        ),
        Column(key="who", label="Người thực hiện", value="told.who", second="address"),
        Column(
            key="action",
            label="Việc",
            value=lambda row: row.get_action_display(),
            render=lambda row: label(row.get_action_display(), TONES.get(row.action, "")),
            sort="action",
        ),
        Column(key="about", label="Về", value="told.about", second="told.said"),
        Column(key="reason", label="Lý do, căn cứ", value="reason", second="told.cause", wide=True),
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The events that the reader may see."""
        return with_user(events_visible_to(reader(request)))

    def drawn_rows(self) -> list[Row]:
        """The rows of this page, told in words."""
        events = list(self.page.object_list)
        told = tell(events, reader(self.request))
        for event in events:
            event.told = told[event.pk]
        self.page.object_list = events
        return super().drawn_rows()

    def lead_for(self, count: str) -> str:
        """How many, of which scope."""
        return f"{count} sự kiện về người và đơn vị trong phạm vi được giao"

    def get_actions(self) -> Sequence[Action]:
        """What was refused, and the way to verify an answer."""
        refused = f"{reverse('personnel:audit-list')}?action={AuditEvent.Action.REFUSED}"
        return (
            Action(label="Lần bị từ chối", url=refused, icon="shield-alert"),
            Action(label="Kiểm tra dấu xác nhận", url=reverse("personnel:audit-seal"), icon="stamp"),
        )

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list itself is the top."""
        return ()

    def weigh_export(self) -> ExportNeed:
        """Events and the rows that they wrote; what no file holds is offered by periods."""
        events = self.paginator.count
        if events > MOST_EVENTS:
            most = number_text(MOST_EVENTS)
            refusal = f"Mỗi tệp nhiều nhất {most} sự kiện. Hãy thu hẹp thời gian, hoặc lọc theo người, đơn vị, việc."
            return ExportNeed(events, events, refusal, self._periods())
        if self.written.rows > MOST_ROWS:
            refusal = (
                f"Các sự kiện này đã sửa {number_text(self.written.rows)} dòng dữ liệu; mỗi tệp ghi nhiều nhất "
                f"{number_text(MOST_ROWS)} dòng. Hãy thu hẹp thời gian, hoặc lọc theo người, đơn vị, việc."
            )
            return ExportNeed(events, events + self.written.rows, refusal, self._periods())
        return ExportNeed(events, events + self.written.rows)

    @cached_property
    def written(self) -> Written:
        """What the listed events wrote."""
        ids = list(self.rows.order_by().values_list("pk", flat=True))
        return weigh(ids, user=reader(self.request), about=self._about())

    def _about(self) -> About:
        """Whom the filters name."""
        return cast(AuditFilters, self.filters).about()

    def _periods(self) -> list[Narrower]:
        """The months of a long time, the days of a short one, newest first, each with its events."""
        ends = self.rows.order_by().aggregate(first=Min("moment"), last=Max("moment"))
        is_long = (ends["last"] - ends["first"]).days > LONG_TIME
        trunc = TruncMonth("moment") if is_long else TruncDay("moment")
        begins = self.rows.order_by().annotate(begin=trunc).values_list("begin").annotate(number=Count("pk"))
        found = [(timezone.localtime(begin).date(), number) for begin, number in begins]
        return [self._period(begin, number, is_long) for begin, number in sorted(found, reverse=True)[:MOST_PERIODS]]

    def _period(self, begin: datetime.date, number: int, is_month: bool) -> Narrower:
        """One month or day of what is listed; its first and last day are those asked for where they are narrower."""
        next_month = (begin.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
        end = next_month - datetime.timedelta(days=1) if is_month else begin
        asked = self.filters.values
        since, until = max(begin, asked.get("since", begin)), min(end, asked.get("until", end))
        url = self.here(since=format_date(since), until=format_date(until), export="xlsx", page=None)
        return Narrower(f"Tháng {begin:%m/%Y}" if is_month else f"Ngày {format_date(begin)}", number, url)

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The sealed answer to what was asked, with every field that was changed."""
        user, events = reader(self.request), list(rows)
        say = self.progress.phase if self.progress is not None else str
        say("Đọc nhật ký")
        told = tell(events, user)
        content, issued = sealed_answer(
            events=events,
            told=[row_of(event, told[event.pk]) for event in events],
            written=self.written,
            about=self._about(),
            user=user,
            filters=[chip.text for chip in self.filters.chips()],
            tell=say,
        )
        return ExportFile(f"{self.export_name}-{timezone.localtime(issued.moment):%Y%m%d-%H%M}.xlsx", content)


@home_cards.register
class AccessNews(HomeCard):
    """Roles given lately that open personnel data, on the home page of those who answer for the data."""

    key, title, place, order = "access-news", "Quyền xem dữ liệu mới cấp", "side", 40
    template_name = "personnel/audit/access_news.html"

    def is_shown(self) -> bool:
        """To inspectors and the officers of the province, when there is news of their scope."""
        return bool(self.news)

    @cached_property
    def news(self) -> list[Grant]:
        """The newest grants of the last days, with who gave them."""
        return recent_grants(reader(self.request), since=timezone.now() - NEWS_DAYS)[:MOST_NEWS]

    def context(self) -> dict[str, Any]:
        """The grants, and the way to the trail for those who read it."""
        url = f"{reverse('personnel:audit-list')}?action={AuditEvent.Action.ACCESS}" if may_audit(self.request) else ""
        return {"news": self.news, "trail_url": url, "operator": OPERATOR}


@profile_actions.register
class TrailAction(ProfileAction):
    """What was done to a record and who read it, from the profile."""

    key, order = "trail", 50

    def action(self) -> Action | None:
        """For who audits the unit that keeps the record."""
        audited = Cadre.objects.visible_to(reader(self.request), Act.AUDIT).filter(pk=self.record.pk)
        if not may_audit(self.request) or not audited.exists():
            return None
        url = f"{reverse('personnel:audit-list')}?cadre={self.record.pk}"
        return Action(label="Nhật ký hồ sơ", url=url, icon="scroll-text")


class AuditPage(AuditScreen, DetailScreen):
    """One event: what it changed field by field, or whom it showed."""

    template_name = "personnel/audit/event.html"

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The events that the reader may see."""
        return with_user(events_visible_to(reader(request)))

    def get_title(self) -> str:
        """What kind of event."""
        return f"{self.record.get_action_display()} · số {self.record.pk}"

    def context(self, **extra: Any) -> dict[str, Any]:
        """The event in words, its changes by person, the people it showed."""
        event, user = self.record, reader(self.request)
        told = tell([event], user)[event.pk]
        changes = changes_of(event, user=user)
        sums = counts_of([event.pk], user=user) if len(changes) == MOST_SHOWN else []
        self._log(changes)
        return (
            super().context(
                facts=_facts(event, told),
                groups=_groups(changes),
                sums=[(capfirst(f"{one.model._meta.verbose_name}: {one.act}"), one.rows) for one in sums],
                more_rows=max(0, sum(one.rows for one in sums) - MOST_SHOWN),
                people=_names(told.people[:MOST_NAMED]),
                people_count=len(told.people),
                more_people=max(0, len(told.people) - MOST_NAMED),
            )
            | extra
        )

    def _log(self, changes: Sequence[RowChange]) -> None:
        """Reading tier 2 here is a reading like any other."""
        sensitive = [one for one in changes if one.model._meta.label_lower in TIER_2_TABLES and one.person_id]
        if sensitive:
            log_list_reading(
                user=reader(self.request),
                people={one.person_id for one in sensitive if one.person_id},
                parts=sorted({str(one.model._meta.verbose_name) for one in sensitive}),
                what=f"Nhật ký, sự kiện số {self.record.pk}",
            )


def _facts(event: AuditEvent, told: Told) -> list[Fact]:
    """The event's head."""
    about = reverse("personnel:audit-list") + f"?cadre={told.cadre_id}" if told.cadre_id else ""
    told_facts = [
        Fact("Thời điểm", event.moment),
        Fact("Người thực hiện", told.who),
        Fact("Về", told.about, url=about),
        Fact("Nội dung", told.said),
        Fact("Lý do", event.reason),
        Fact("Căn cứ", told.cause),
        Fact("Địa chỉ máy", event.address),
    ]
    return [fact for fact in told_facts if not fact.is_missing]


def _groups(changes: Sequence[RowChange]) -> list[dict[str, Any]]:
    """Changes by person and part of the record, each with its fields."""
    names = _names(tuple({one.person_id for one in changes if one.person_id}))
    ordered = sorted(changes, key=lambda one: (names.get(one.person_id or 0, ""), one.person_id or 0))
    return [
        {
            "person": names.get(person_id or 0, ""),
            "rows": [
                {
                    "title": capfirst(f"{one.model._meta.verbose_name}: {one.act}"),
                    "changes": [Change(capfirst(field.label), field.before, field.after) for field in one.fields],
                }
                for one in rows
            ],
        }
        for person_id, rows in groupby(ordered, key=lambda one: one.person_id)
    ]


def _names(ids: Sequence[int]) -> dict[int, str]:
    """Names of people who are known to be in scope."""
    return dict(Cadre.objects.filter(pk__in=ids).order_by("sort_key").values_list("pk", "full_name"))


class AuditSeal(AuditScreen, FormScreen):
    """Verify a sealed answer: by the file, or by the seal that it carries."""

    title = "Kiểm tra dấu xác nhận"
    lead = "Tệp nhật ký xuất từ hệ thống mang một dấu xác nhận; sửa một ô là dấu không còn khớp."
    template_name = "personnel/audit/seal.html"
    submit_label = "Kiểm tra"
    form_class = SealForm

    def save(self, form: SealForm) -> HttpResponse:
        """Look the seal up and say what was issued under it."""
        seal, checked = form.cleaned_data["seal"], "seal"
        if form.cleaned_data["file"]:
            checked = "file"
            try:
                book = read_workbook(form.cleaned_data["file"])
            except UnreadableFile as error:
                form.add_error("file", str(error))
                return self.refuse(form)
            seal = seal_of({sheet.name: sheet.rows for sheet in book.sheets})
        issued = find_seal(seal)
        return self.respond(
            form=form,
            checked=checked,
            seal=seal,
            facts=_issued_facts(issued) if issued else [],
        )

    def context(self, **extra: Any) -> dict[str, Any]:
        """Nothing has been checked yet."""
        return super().context(checked="", seal="", facts=[]) | extra


def _issued_facts(issued: AuditEvent) -> list[Fact]:
    """What was issued, when and by whom; nothing of its content."""
    return [
        Fact("Nội dung", issued.details.get("what")),
        Fact("Người xuất", str(issued.user or "")),
        Fact("Thời điểm xuất", issued.moment),
        Fact("Điều kiện lọc", "; ".join(issued.details.get("filters", ())) or "Không lọc"),
        Fact("Số sự kiện", issued.details.get("rows", {}).get("Nhật ký")),
        Fact("Số trong nhật ký", f"số {issued.pk}"),
    ]
