"""Finding people for a seat: everybody in scope ranked, up to five side by side, what is missing to judge them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.keys import typed_keys
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import FindingLine, Tag
from hrdb.kernel.templatetags.hr_screens import label
from personnel.exports.workbook.exporting import start_export
from personnel.models import Cadre
from personnel.models.scope import CadreQuerySet
from personnel.services.errors import ServiceRefusal
from personnel.views.decisions.checked import rule_label
from planning.choices import STANDING, CandidateObject
from planning.filters.candidates import PeopleFilters
from planning.models import Candidate
from planning.rules.eligibility import TIER_2_RULES, Target, Verdict
from planning.services.acting import planned_by
from planning.services.candidates import propose
from planning.services.reading import log_seen, log_taken_out
from planning.statistics.facts import people_facts
from planning.statistics.judging import readable
from planning.statistics.limits import most_people, people_by_seat, seats_by_person
from planning.statistics.missing import GROUP_LABELS, RATINGS, RECORD, STANDARDS, Lacking, missing_facts
from planning.statistics.ranking import STANDING_LABELS, Ranked, Ranking, rank_people, verdicts_for
from planning.statistics.targets import SeatTargets
from planning.views.lines import ShownPerson, reasons, shown_findings, shown_people, verdict_tag
from planning.views.opening import SeatPlannerScreen

#: People that are compared side by side.
MOST_COMPARED = 5
#: People proposed at once.
MOST_PROPOSED = 20


class FindingScreen(SeatPlannerScreen):
    """What the pages of finding share: the people, the title as a target, who is planned already."""

    @cached_property
    def planned(self) -> dict[int, int]:
        """For how many posts of the round each person stands, as far as the reader sees."""
        return seats_by_person(self._standing)

    @cached_property
    def _standing(self) -> QuerySet[Any]:
        return Candidate.objects.all().visible_to(self.reader).filter(seat__round=self.seat.round, state__in=STANDING)

    @cached_property
    def on_list(self) -> set[int]:
        """Who stands for this seat already."""
        return set(self._standing.filter(seat=self.seat).values_list("cadre_id", flat=True))

    def target_for(self, object_: int) -> Target:
        """The seat as a target, with the places that are taken."""
        targets = SeatTargets.read([self.seat], self.seat.round.day, people_by_seat(self._standing))
        return targets.target(self.seat.pk, object_)

    def people(self) -> CadreQuerySet:
        """Whom the reader may plan, of those who work on the round's day."""
        return planned_by(self.reader, self.seat.round).present_on(self.seat.round.day)

    def verdicts(self, ids: Sequence[int], target: Target) -> dict[int, Verdict]:
        """The verdicts on some people; who may not read tier 2 of one gets those findings without facts."""
        found = verdicts_for(ids, target, day=self.seat.round.day, planned=self.planned)
        opened = readable(set(ids), self.reader)
        return {
            pk: verdict if pk in opened else verdict.without_facts_of(TIER_2_RULES) for pk, verdict in found.items()
        }


@dataclass
class FoundPerson:
    """Somebody in the ranking as a row shows him."""

    ranked: Ranked
    person: ShownPerson
    verdict: Verdict
    day: Any
    planned: int
    is_on_list: bool

    @property
    def pk(self) -> int:
        """The id of the record."""
        return self.ranked.cadre_id

    @property
    def tag(self) -> Tag:
        """The verdict in a word."""
        return verdict_tag(self.verdict, self.day)


def _box(row: FoundPerson) -> SafeString:
    """The box that marks a person, and the way to his profile."""
    box = format_html(
        '<input type="checkbox" name="people" value="{}" aria-label="Chọn {}">', row.pk, row.person.cadre.full_name
    )
    name = format_html('<a href="{}">{}</a>', row.person.url, row.person.cadre.full_name)
    mark = label("trong danh sách", "act") if row.is_on_list else ""
    return format_html(
        '<span class="pick">{}<span>{} {}<span class="sub">{}</span></span></span>', box, name, mark, row.person.post
    )


class SeatFind(FindingScreen, ListScreen):
    """Everybody in scope for a seat, eligible first."""

    title = "Tìm người cho chức danh"
    noun = "người"
    template_name = "planning/find.html"
    fragments = {"list": "planning/find_results.html"}
    filter_class = PeopleFilters
    export_name = "nguon-quy-hoach"
    export_at_once = 1_000
    columns = (
        Column(
            key="name",
            label="Họ và tên, chức vụ",
            value="person.cadre.full_name",
            second="person.post",
            second_label="Chức vụ, đơn vị",
            render=_box,
            fixed=True,
            wide=True,
        ),
        Column(key="born", label="Ngày sinh", value="person.born", second=lambda row: f"{row.person.age} tuổi"),
        Column(key="levels", label="Trình độ", value="person.levels", wide=True),
        Column(
            key="verdict",
            label="Xét điều kiện",
            value="tag.label",
            render=lambda row: label(row.tag.label, row.tag.tone, row.tag.icon),
        ),
        Column(key="why", label="Vì sao", value=lambda row: reasons(row.verdict), wide=True),
        Column(key="planned", label="Đã quy hoạch", value="planned", align="right"),
    )
    empty = Empty(title="Không có ai trong phạm vi được giao", icon="users")

    @property
    def object(self) -> int:
        """The object of the plan that is asked."""
        return int(self.filters.values.get("object") or CandidateObject.FIRST)

    @cached_property
    def target(self) -> Target:
        """The seat as a target."""
        return self.target_for(self.object)

    @cached_property
    def ranking(self) -> Ranking:
        """Everybody whom the filters let through, in order."""
        people = cast(CadreQuerySet, self.filters.narrow(self.people()))
        own = None
        if self.seat.part is not None:
            own = Cadre.objects.in_units([self.seat.part.unit_id], self.seat.round.day)
        return rank_people(people, self.target, day=self.seat.round.day, planned=self.planned, own=own)

    @cached_property
    def rows(self) -> Any:
        """The ranking, of the outcomes that are asked."""
        return self.ranking.of(self.filters.values.get("outcome", ()))

    def with_details(self, rows: Iterable[Any]) -> list[Any]:
        """People and findings of a page; who is shown is logged."""
        listed = list(rows)
        ids, day = [row.cadre_id for row in listed], self.seat.round.day
        people, verdicts = shown_people(ids, day), self.verdicts(ids, self.target)
        what = f"Tìm người cho {self.seat_name}"
        if self.is_export_asked():
            log_taken_out(user=self.reader, people=ids, what=what, day=self.day)
        else:
            log_seen(user=self.reader, people=ids, what=what, day=self.day)
        return [
            FoundPerson(
                row,
                people[row.cadre_id],
                verdicts[row.cadre_id],
                day,
                self.planned.get(row.cadre_id, 0),
                row.cadre_id in self.on_list,
            )
            for row in listed
        ]

    def get_title(self) -> str:
        """For which seat."""
        return f"Tìm người cho «{self.seat.title.name}»"

    def lead_for(self, count: str) -> str:
        """How many stand how."""
        counts = self.ranking.counts
        told = [f"{number_text(counts[key])} {words.lower()}" for key, words in STANDING_LABELS.items() if counts[key]]
        return f"{self.seat_name} · {' · '.join(told)}" if told else self.seat_name

    def get_actions(self) -> Sequence[Button]:
        """What is missing."""
        url = with_query(reverse("planning:seat-missing", args=[self.seat.pk]), object=str(self.object))
        return (Button(label="Dữ kiện còn thiếu", url=url, icon="circle-question-mark"),)

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The ranking as a workbook; `with_details` logs it."""
        return super().export(columns, rows)

    def context(self, **extra: Any) -> dict[str, Any]:
        """The list, and whether most of it cannot be judged."""
        counts = self.ranking.counts
        judged = counts["met"] + counts["later"]
        return super().context(
            seat=self.seat,
            may_edit=self.may_edit,
            is_unclear=counts["unknown"] > judged,
            unknown=counts["unknown"],
            missing_url=with_query(reverse("planning:seat-missing", args=[self.seat.pk]), object=str(self.object)),
            asked_object=self.object,
            **extra,
        )


class SeatPropose(FindingScreen):
    """What is done with the people who are marked: proposed for the seat, or compared."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Propose or compare; what is refused is said where one came from."""
        ids = typed_keys(request.POST.getlist("people"))
        back = self.link(reverse("planning:seat-find", args=[self.seat.pk]))
        if (asked := request.POST.get("object", "1")) not in ("1", "2"):
            messages.error(request, "Đối tượng quy hoạch phải là 1 hoặc 2.")
            return HttpResponseRedirect(back)
        object_ = int(asked)
        if request.POST.get("do") == "compare":
            chosen = ",".join(map(str, ids[:MOST_COMPARED]))
            url = with_query(reverse("planning:seat-compare", args=[self.seat.pk]), people=chosen, object=str(object_))
            return HttpResponseRedirect(self.link(url) if ids else back)
        if not self.may_edit:
            raise Http404
        if not ids:
            messages.warning(request, "Hãy đánh dấu người cần giới thiệu.")
            return HttpResponseRedirect(back)
        people = list(self.people().filter(pk__in=ids[:MOST_PROPOSED]))
        if len(people) != len(set(ids[:MOST_PROPOSED])):
            raise Http404
        try:
            made = propose(
                seat=self.seat, people=[(cadre, {"object": object_}) for cadre in people], acting_user=self.reader
            )
        except ServiceRefusal as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(back)
        if made:
            messages.success(request, f"Đã giới thiệu {number_text(len(made))} người.")
        if len(made) < len(people):
            there = number_text(len(people) - len(made))
            messages.info(request, f"{there} người đã có trong danh sách của chức danh này.")
        self._warn_of_places()
        return redirect(self.link(reverse("planning:seat-detail", args=[self.seat.pk])))

    def _warn_of_places(self) -> None:
        """Say at once that more stand than the law allows; submitting is refused while it is so."""
        standing, most = people_by_seat(self._standing).get(self.seat.pk, 0), most_people(self.seat.round.day)
        places = self.seat.places(most)
        if places is not None and standing > places:
            words = f"Chức danh này có {standing} người, tối đa {places}: chưa trình được khi còn vượt."
            messages.warning(self.request, words)


@dataclass(frozen=True)
class ComparedRow:
    """One line of the comparison: a fact or a rule, and what it says of each person."""

    head: str
    cells: Sequence[Any]
    citation: str = ""
    is_finding: bool = False


class SeatCompare(FindingScreen):
    """Up to five people side by side: facts, then every rule."""

    title = "So sánh"
    template_name = "planning/compare.html"

    @cached_property
    def asked(self) -> list[int]:
        """The people asked for whom the reader may plan, in the order asked; none is 404."""
        ids = typed_keys(pk for part in self.request.GET.getlist("people") for pk in part.split(","))
        allowed = set(self.people().filter(pk__in=ids[:MOST_COMPARED]).values_list("pk", flat=True))
        found = [pk for pk in dict.fromkeys(ids) if pk in allowed][:MOST_COMPARED]
        if not found:
            raise Http404
        return found

    @property
    def object(self) -> int:
        """The object of the plan that is asked."""
        return 2 if self.request.GET.get("object") == "2" else 1

    def get_title(self) -> str:
        """How many."""
        return "Kết quả xét" if len(self.asked) == 1 else f"So sánh {len(self.asked)} người"

    def get_lead(self) -> str:
        """For which seat, as which object."""
        return f"{self.seat_name} · đối tượng {self.object}"

    def get_actions(self) -> Sequence[Button]:
        """The other object."""
        other = 1 if self.object == 2 else 2
        url = with_query(self.request.get_full_path(), object=str(other))
        return (Button(label=f"Xét theo đối tượng {other}", url=url, icon="arrow-left-right"),)

    def context(self, **extra: Any) -> dict[str, Any]:
        """The table; the reading is logged."""
        ids, day = self.asked, self.seat.round.day
        people, verdicts = shown_people(ids, day), self.verdicts(ids, self.target_for(self.object))
        log_seen(user=self.reader, people=ids, what=f"So sánh cho {self.seat_name}", day=self.day)
        listed = [people[pk] for pk in ids]
        cadres = Cadre.objects.filter(pk__in=ids).with_tier_1(self.reader)
        told = cadres.values_list("pk", "is_tier_1_open")  # type: ignore[misc]
        open_1 = {pk for pk, is_open in told if is_open}
        return super().context(
            seat=self.seat,
            people=[(one, verdict_tag(verdicts[one.cadre.pk], day)) for one in listed],
            facts=_fact_rows(listed, open_1, self.planned),
            findings=_finding_rows(ids, verdicts, day),
            may_edit=self.may_edit,
            asked_object=self.object,
            on_list=self.on_list,
            **extra,
        )


def _fact_rows(people: Sequence[ShownPerson], open_1: set[int], planned: Mapping[int, int]) -> list[ComparedRow]:
    """What the record tells of each, line by line."""
    asked: tuple[tuple[str, Any], ...] = (
        ("Ngày sinh", lambda one: f"{one.born} ({one.age} tuổi)" if one.age is not None else one.born),
        ("Giới tính", lambda one: one.cadre.get_sex_display()),
        (
            "Dân tộc",
            lambda one: str(one.cadre.ethnicity or "") if one.cadre.pk in open_1 else "đã che",
        ),
        ("Chức vụ, đơn vị", lambda one: one.post),
        ("Chuyên môn", lambda one: one.shown.levels.get("professional", "")),
        ("Lý luận chính trị", lambda one: one.shown.levels.get("political_theory", "")),
        ("Quản lý nhà nước", lambda one: one.shown.levels.get("state_management", "")),
        ("Vào Đảng", lambda one: one.shown.party_from),
        ("Số chức danh đã quy hoạch trong đợt", lambda one: planned.get(one.cadre.pk, 0)),
    )
    return [ComparedRow(head, [read(one) for one in people]) for head, read in asked]


def _finding_rows(ids: Sequence[int], verdicts: Mapping[int, Verdict], day: Any) -> list[ComparedRow]:
    """Every rule with what it found of each."""
    lines: dict[str, dict[int, FindingLine]] = {}
    for pk in ids:
        for found in shown_findings(verdicts[pk], day, cadre_id=pk):
            lines.setdefault(found.rule, {})[pk] = found.line
    rules = [found.rule for found in verdicts[ids[0]].findings]
    return [
        ComparedRow(
            rule_label(rule),
            [lines[rule].get(pk) for pk in ids],
            next((line.citation for line in lines[rule].values() if line.citation), ""),
            is_finding=True,
        )
        for rule in rules
    ]


class SeatMissing(FindingScreen):
    """What is missing to judge: which facts of how many people, which standards; and the sheet that fills it in."""

    title = "Dữ kiện còn thiếu"
    template_name = "planning/missing.html"

    @property
    def object(self) -> int:
        """The object of the plan that is asked."""
        return 2 if self.request.GET.get("object") == "2" else 1

    @cached_property
    def unclear(self) -> list[int]:
        """Whom nothing keeps back for certain: of them something is missing or nothing is."""
        free = replace(self.target_for(self.object), planned_people=0)  # places that are taken say nothing of records
        ranking = rank_people(self.people(), free, day=self.seat.round.day, planned=self.planned)
        return [row.cadre_id for row in ranking.rows if row.standing == "unknown"]

    @cached_property
    def lacking(self) -> list[Lacking]:
        """What is missing."""
        facts = people_facts(self.unclear, self.seat.round.day, planned=self.planned)
        return missing_facts(facts, self.target_for(self.object), self.seat.round.day)

    def get_lead(self) -> str:
        """Of how many."""
        count = number_text(len(self.unclear))
        return f"{self.seat_name} · {count} người chưa kết luận được; điều gì đã chắc chắn không đủ thì không hỏi thêm"

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the ranking."""
        return [*super().get_crumbs(), Crumb("Tìm người", reverse("planning:seat-find", args=[self.seat.pk]))]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Begin the job that writes the sheet of these people."""
        ids = {pk for one in self.lacking if one.group == RECORD for pk in one.ids}
        try:
            people = Cadre.objects.filter(pk__in=ids)
            job = start_export(people=people, day=timezone.localdate(), acting_user=self.reader)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return HttpResponseRedirect(self.link(request.get_full_path()))
        return redirect("kernel:job-detail", key=job.key)

    def context(self, **extra: Any) -> dict[str, Any]:
        """What is missing, by group."""
        log_seen(user=self.reader, people=self.unclear, what=f"Dữ kiện còn thiếu, {self.seat_name}", day=self.day)
        groups = [
            (key, words, [one for one in self.lacking if one.group == key]) for key, words in GROUP_LABELS.items()
        ]
        of_record = {pk for one in self.lacking if one.group == RECORD for pk in one.ids}
        return super().context(
            seat=self.seat,
            groups=[(key, words, rows) for key, words, rows in groups if rows],
            people=len(self.unclear),
            of_record=len(of_record),
            record_key=RECORD,
            ratings_key=RATINGS,
            standards_key=STANDARDS,
            standards_url=with_query(reverse("planning:standard-list"), title=self.seat.title.code),
            import_url=reverse("personnel:workbook-list"),
            **extra,
        )
