"""The head of the profile: who the person is on a day, in a handful of queries."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from hrdb.kernel.dates import PartialDate, age_on, format_date
from hrdb.kernel.findings import Finding
from hrdb.kernel.parameters import ParameterUnknown
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.pieces import Fact, FindingLine, Tag
from personnel.choices import (
    ENDED_STATES,
    AssignmentKind,
    Classification,
    EmploymentState,
    ManagingLevel,
    PayScheme,
)
from personnel.forms.fields import column
from personnel.forms.identity import number_warnings
from personnel.models import PARTIAL_DATES, Assignment, Cadre, Custody, Employment, PartyMembership, PayStep
from personnel.models.cadres import OfCadre
from personnel.reports.unit_names import UnitNames
from personnel.rules.completeness import Completeness
from personnel.rules.retirement import Retirement, decision_day, notice_day, retirement
from personnel.statistics.completeness import completeness_of
from personnel.views.opening import OpenedRecord

#: What stands where the reader may not see.
MASKED = "•••"
#: Levels from the highest.
LEVELS = list(ManagingLevel)


@dataclass
class Summary:
    """What holds on the day, read once and shown in the head."""

    opened: OpenedRecord
    posts: list[Assignment] = field(default_factory=list)
    employment: Employment | None = None
    custody: Custody | None = None
    pay: PayStep | None = None
    party: PartyMembership | None = None
    units: UnitNames = field(default_factory=lambda: UnitNames({}))

    @property
    def main(self) -> Assignment | None:
        """The main post; without one the first other."""
        return next((post for post in self.posts if post.kind == AssignmentKind.MAIN), None)

    # Sentences --------------------------------------------------------------------------------------------------------

    @property
    def position(self) -> str:
        """Title and unit, since when, and until when the appointment runs."""
        post, day = self.main, self.opened.day
        if post is None:
            kept = self.units.full(self.custody.unit_id, day) if self.custody else ""
            return f"Hồ sơ do {kept} quản lý" if kept else "Chưa ghi vị trí công tác"
        place = self.units.full(post.unit_id, day) if post.unit_id else post.organisation
        words = f"{post.title_name}, {place}" if post.title_name else place
        since = PartialDate(post.effective_from, _precision(post.start_precision))
        told = "có từ trước" if post.start_precision == "known_from" else "từ"
        sentence = f"{words} · {told} {since.text}"
        if post.term_ends_on is not None:
            sentence += f", hết thời hạn bổ nhiệm {format_date(post.term_ends_on)}"
        return sentence

    @property
    def other_posts(self) -> list[str]:
        """Concurrent, Party and acting posts and secondments."""
        return [
            f"{post.get_kind_display()}: {_with_place(post, self.units, self.opened.day)}"
            for post in self.posts
            if post is not self.main
        ]

    @property
    def managing_level(self) -> ManagingLevel | None:
        """The highest level that manages a title held; None when no title is mapped."""
        held = {post.title.managing_level for post in self.posts if post.title is not None}
        return next((level for level in LEVELS if level in held), None)

    def tags(self) -> list[Tag]:
        """Category, state, Party, managing level, and what is overdue."""
        found: list[Tag] = []
        if self.employment is not None:
            found.append(Tag(label=self.employment.get_category_display(), tone="act"))
            if self.employment.state != EmploymentState.WORKING:
                tone: Any = "" if self.employment.state in ENDED_STATES else "warn"
                found.append(Tag(label=self.employment.get_state_display(), tone=tone, icon="user-round-minus"))
        if self.party is not None:
            found.append(Tag(label="Đảng viên"))
        if self.managing_level is not None:
            found.append(Tag(label=str(self.managing_level.label)))
        if self.main is not None and self.main.term_is_over(self.opened.day):
            found.append(Tag(label="Hết thời hạn bổ nhiệm", tone="warn", icon="triangle-alert"))
        if self.opened.cadre.classification != Classification.PLAIN:
            secrecy = self.opened.cadre.get_classification_display()
            found.append(Tag(label=f"Độ mật: {secrecy}", tone="bad", icon="lock"))
        return found

    # Facts ------------------------------------------------------------------------------------------------------------

    def facts(self) -> list[Fact]:
        """Birth and age, sex, ethnic group, rank and coefficient, retirement."""
        cadre = self.opened.cadre
        ethnicity: Any = (cadre.ethnicity.name if cadre.ethnicity else None) if self.opened.is_tier_1_open else MASKED
        facts = [
            Fact("Ngày sinh", self._birth()),
            Fact("Giới tính", cadre.get_sex_display() if cadre.sex else None),
            Fact("Dân tộc", ethnicity),
            Fact("Ngạch, hệ số", self._rank(), self._rank_name()),
            self._retires(),
        ]
        return facts

    def _birth(self) -> str | None:
        born = self.opened.cadre.birth
        if born is None:
            return None
        day = self.opened.day
        return f"{born.text} · {age_on(born, day)} tuổi" if day >= born.value else born.text

    def _rank(self) -> str | None:
        if self.pay is None:
            return None
        code = self.pay.rank.code if self.pay.rank else self.pay.position_code
        much = number_text(self.pay.coefficient, 2) if self.pay.coefficient is not None else ""
        if not much and self.pay.amount is not None:
            much = f"{number_text(self.pay.amount)} đồng"
        return " · ".join(filter(None, [code, much])) or None

    def _rank_name(self) -> str:
        if self.pay is None:
            return ""
        name = self.pay.rank.name if self.pay.rank else self.pay.position_name
        step = f"bậc {self.pay.step}" if self.pay.step else ""
        return ", ".join(filter(None, [name, step]))

    def _retires(self) -> Fact:
        if self.employment is not None and self.employment.state == EmploymentState.RETIRED:
            return Fact("Nghỉ hưu", self.employment.effective_from, "đã nghỉ hưu")
        found = self.retirement()
        if found is None:
            return Fact("Nghỉ hưu", None, "chưa tính được")
        return Fact("Nghỉ hưu", found.last_working_day, f"{_age(found)} · {_short(found)}")

    # Retirement -------------------------------------------------------------------------------------------------------

    def retirement(self) -> Retirement | None:
        """When the person retires by age; None when sex or birth are missing, or the law of that day is not known."""
        cadre = self.opened.cadre
        if not cadre.sex or cadre.birth is None:
            return None
        try:
            return retirement(sex=cadre.sex, born=cadre.birth)  # type: ignore[arg-type]
        except ParameterUnknown:
            return None

    def retirement_lines(self, supply_url: str = "") -> list[FindingLine]:
        """Retirement and the days around it as findings with their citation."""
        cadre, found = self.opened.cadre, self.retirement()
        if found is None:
            lacking = [label for label, held in (("giới tính", cadre.sex), ("ngày sinh", cadre.born)) if not held]
            fact = f"Thiếu: {', '.join(lacking)}" if lacking else "Chưa có số liệu luật của thời kỳ này"
            return [
                FindingLine(
                    state="unknown",
                    label="Ngày nghỉ hưu theo tuổi",
                    fact=fact,
                    supply_url=supply_url if lacking and self.opened.may_edit else "",
                )
            ]
        day = self.opened.day
        reached = day >= found.retired_from
        lines = [
            FindingLine(
                state="met" if reached else "from",
                label="Ngày nghỉ hưu theo tuổi",
                fact=f"{cadre.get_sex_display()}, sinh {cadre.birth}: đủ {_age(found)} trong tháng "
                f"{format_date(found.last_working_day, 'month')}; hưởng lương hưu từ {format_date(found.retired_from)}",
                citation=found.citation.text,
                verdict=f"hết ngày {format_date(found.last_working_day)}",
            )
        ]
        for label, rule in (("Thông báo nghỉ hưu", notice_day), ("Quyết định nghỉ hưu", decision_day)):
            lines.append(_before(label, found, rule, day))
        return lines


def _before(label: str, found: Retirement, rule: Any, day: datetime.date) -> FindingLine:
    """The last day for an act that precedes retirement."""
    try:
        last: datetime.date = rule(found)
    except ParameterUnknown as error:
        missing: Finding = error.finding(label, {})
        return FindingLine(state="unknown", label=label, fact=f"Chưa rõ: {', '.join(missing.missing)}")
    due = day >= last
    return FindingLine(
        state="met" if due else "from",
        label=label,
        fact="Đã đến hạn" if due else "Chưa đến hạn",
        verdict=f"chậm nhất {format_date(last)}",
    )


class Profile:
    """A record with what its page tells of it, each read when it is first asked for."""

    def __init__(self, opened: OpenedRecord) -> None:
        self.opened = opened

    @cached_property
    def summary(self) -> Summary:
        """What holds on the day."""
        return summarize(self.opened)

    @cached_property
    def completeness(self) -> Completeness | None:
        """How full the record is; not told of a stub, nor to those who see a past day alone."""
        if self.opened.is_stub or self.opened.is_of_a_day:
            return None
        return completeness_of(self.opened.cadre, self.opened.day)


def summarize(opened: OpenedRecord) -> Summary:
    """Read what holds on the day: seven queries, fewer where there is nothing."""
    if opened.is_stub:
        custody = _one(Custody, opened)
        return Summary(opened, custody=custody, units=UnitNames.read([custody.unit_id] if custody else []))
    posts = list(_held(Assignment, opened).select_related("title").order_by("kind", "effective_from"))
    custody = _one(Custody, opened)
    named = [post.unit_id for post in posts] + ([custody.unit_id] if custody else [])
    return Summary(
        opened,
        posts=posts,
        employment=_one(Employment, opened),
        custody=custody,
        pay=_pay(_held(PayStep, opened).select_related("rank")),
        party=_one(PartyMembership, opened),
        units=UnitNames.read(named),
    )


def _held(model: type[OfCadre], opened: OpenedRecord) -> QuerySet[Any]:
    return model.objects.filter(cadre=opened.cadre.pk).in_force(opened.day)


def _one(model: type[OfCadre], opened: OpenedRecord) -> Any:
    return _held(model, opened).order_by().first()


def _pay(steps: Sequence[PayStep] | QuerySet[Any]) -> PayStep | None:
    """The step by rank, else the one by job position."""
    held = {step.scheme: step for step in steps}
    return held.get(PayScheme.RANK) or held.get(PayScheme.POSITION)


def _precision(known: str) -> Any:
    return known if known in ("month", "year") else "day"


def _with_place(post: Assignment, units: UnitNames, day: datetime.date) -> str:
    place = units.full(post.unit_id, day) if post.unit_id else post.organisation
    return ", ".join(filter(None, [post.title_name, place]))


def _age(found: Retirement) -> str:
    """The age reached: «60 tuổi 8 tháng»."""
    months = f" {found.age_months} tháng" if found.age_months else ""
    return f"{found.age_years} tuổi{months}"


def _short(found: Retirement) -> str:
    """The citation in a few letters; the card has it whole."""
    article = (found.citation.article or "").split(",")[0]
    return ", ".join(filter(None, [found.citation.document, article]))


def identity_facts(cadre: Cadre, names: Sequence[str], *, is_tier_1_open: bool) -> list[Fact]:
    """Columns of the person as labelled values; tier 1 masked where it is closed."""
    return [_identity_fact(cadre, name, is_tier_1_open) for name in names if not _is_beside(name)]


def _is_beside(name: str) -> bool:
    """Codes of places stand under the place as written."""
    return name in ("birth_commune", "home_commune")


def _identity_fact(cadre: Cadre, name: str, is_open: bool) -> Fact:
    told = column(Cadre, name)
    label = str(told.verbose_name)
    label = label[:1].upper() + label[1:]
    if name in PARTIAL_DATES:
        return Fact(label, cadre.partial_date(name))
    if name in ("birth_place", "home_town"):
        return _place(cadre, name, label)
    if name in ("ethnicity", "religion"):
        return Fact(label, getattr(cadre, name) if is_open else MASKED, "" if is_open else "đã che")
    if name == "personal_number":
        return _number(cadre, label, is_open)
    value = getattr(cadre, f"get_{name}_display")() if told.choices else getattr(cadre, name)
    return Fact(label, value, wide=name in _WIDE)


_WIDE = frozenset({"permanent_residence", "current_residence", "main_work", "agency_remark", "note", "recruited_by"})


def _place(cadre: Cadre, name: str, label: str) -> Fact:
    """A place as written; the commune of its code beside it."""
    commune = getattr(cadre, name.replace("_place", "_commune").replace("_town", "_commune"))
    coded = f"{commune.name}, {commune.province.name}" if commune else ""
    written = getattr(cadre, name)
    return Fact(label, written or coded, f"nay: {coded}" if written and coded else "")


def _number(cadre: Cadre, label: str, is_open: bool) -> Fact:
    """The personal number: grouped for reading, or masked."""
    number = cadre.personal_number
    if not number:
        return Fact(label, None)
    if not is_open:
        return Fact(label, f"{number[0]}{'•' * 8}{number[-3:]}", "đã che")
    values = {"personal_number": number, "sex": cadre.sex, "born": cadre.born}
    return Fact(label, f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}", " ".join(number_warnings(values)))
