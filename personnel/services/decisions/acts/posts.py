"""Decisions on posts (chức vụ): election, approval, designation, appointment, reappointment, extension, acting ..."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

from hrdb.kernel.dates import whole_months
from hrdb.kernel.findings import Finding
from personnel.choices import AssignmentKind, EmploymentState
from personnel.models import Assignment
from personnel.rules.terms import (
    after_the_term,
    reappointment_decided,
    reappointment_may_proceed,
    reappointment_noticed,
    term_of_appointment,
)
from personnel.services.decisions.case_facts import employment_of, main_post, posts_held, retires_from
from personnel.services.decisions.conditions import (
    CLEAR,
    LEADERSHIP_PARTS,
    appointment_findings,
    discipline_findings,
    health_finding,
    review_finding,
    source_of,
)
from personnel.services.decisions.fields import (
    ActField,
    day_field,
    mandate_field,
    position_field,
    title_field,
    unit_field,
)
from personnel.services.decisions.kinds import ActGroup, Case, DecisionAct, register_act
from personnel.services.decisions.recording import ActRefused, Recorder

SPECIAL_CASE = ActField(
    key="is_special_case",
    label="Trường hợp đặc biệt do cấp có thẩm quyền quyết định",
    input="flag",
    of_person=True,
    help="Còn ít nhất 48 tháng công tác; thực hiện quy trình 3 bước.",
)
TERM_END = day_field(
    "term_ends_on",
    "Ngày hết thời hạn",
    of_person=True,
    help="Để trống: tính theo luật (05 năm, hoặc đến khi nghỉ hưu).",
)


class PostAct(DecisionAct):
    """Base of kinds that give a main post: a title in a unit, from the effective day."""

    group: ClassVar[ActGroup] = ActGroup.POST
    effect = "Mở giai đoạn công tác mới với chức vụ; hồ sơ theo về đơn vị công tác."
    fields: ClassVar[Sequence[ActField]] = (
        title_field(is_required=True),
        unit_field(help="Để trống: đơn vị hiện đang công tác."),
        position_field(),
        CLEAR,
    )
    parts = LEADERSHIP_PARTS

    def findings(self, case: Case) -> Iterable[Finding]:
        """The conditions of the title."""
        return appointment_findings(case)

    def record(self, case: Case, recorder: Recorder) -> None:
        """Succeed the main post."""
        unit = case["unit"] or self._present_unit(case)
        recorder.succeed(
            Assignment,
            kind=AssignmentKind.MAIN,
            title=case["title"],
            unit=unit,
            first_appointed_on=case.day,
            **case.given("job_position", "mandate"),
            **self.term(case),
        )

    def term(self, case: Case) -> dict[str, Any]:
        """The end of the term as the post keeps it; elected and designated titles end with their mandate."""
        mandate = case["mandate"]
        return {"term_ends_on": mandate.ends_on} if mandate is not None and mandate.ends_on else {}

    def _present_unit(self, case: Case) -> Any:
        post = main_post(case)
        if post is None or post.unit is None:
            raise ActRefused(
                "Chưa rõ đơn vị: người này không có vị trí công tác chính vào ngày quyết định có hiệu lực."
            )
        return post.unit


def end_of_term(case: Case) -> datetime.date | None:
    """The end of an appointment's term: as the decision says, else by law; None when retirement is not known."""
    given: datetime.date | None = case["term_ends_on"]
    if given is not None:
        return given
    return term_of_appointment(effective_on=case.day, retires_from=retires_from(case), day=case.day).ends_on


def _is_in(case: Case, state: str) -> bool | None:
    """Whether the person is in a state on the day; None before employment."""
    employment = employment_of(case)
    return None if employment is None else employment.state == state


def _months_in(case: Case, state: str) -> int | None:
    """For how many months the person is in a state by the day; None before employment."""
    employment = employment_of(case)
    if employment is None:
        return None
    return whole_months(employment.effective_from, case.day) if employment.state == state else 0


@register_act
class Appointment(PostAct):
    """Bổ nhiệm."""

    key, code, label, order = "appointment", "x-bo-nhiem", "Bổ nhiệm", 10
    fields = (*PostAct.fields, TERM_END, SPECIAL_CASE)
    dossier = "appointment"
    procedures = ("on_site_five_steps", "elsewhere_three_steps", "special_three_steps")
    template = "appointment"

    def usual_procedure(self, case: Case) -> str:
        """By where the person comes from; the special case of age has its own."""
        on_site, elsewhere, special = self.procedures
        return special if case["is_special_case"] else on_site if source_of(case) == "on_site" else elsewhere

    def findings(self, case: Case) -> Iterable[Finding]:
        """The conditions of the title, and the length of the term."""
        yield from appointment_findings(case)
        if case["title"] is not None and case["title"].is_leadership:
            yield term_of_appointment(
                effective_on=case.day,
                retires_from=retires_from(case),
                day=case.day,
                proposed_ends_on=case["term_ends_on"],
            ).finding

    def term(self, case: Case) -> dict[str, Any]:
        """Five years, or to retirement; a title without leadership has no term."""
        if case["title"] is None or not case["title"].is_leadership:
            return {}
        return {"term_ends_on": end_of_term(case)}


class ContinuedPost(DecisionAct):
    """Base of kinds that let somebody keep the post that he holds."""

    group = ActGroup.POST
    fields = (
        title_field(label="Chức vụ đang giữ", help="Để trống: chức vụ chính."),
        TERM_END,
        day_field("noticed_on", "Ngày thông báo thực hiện quy trình", of_person=True),
        CLEAR,
    )
    parts = LEADERSHIP_PARTS
    form: ClassVar[Literal["reappointment", "extension"]] = "reappointment"
    is_voted_by_seat = False

    def findings(self, case: Case) -> Iterable[Finding]:
        """What follows the term, notice and decision in time, and what makes the procedure wait."""
        posts = posts_held(case, None if case["title"] else AssignmentKind.MAIN, case["title"])
        ends = posts[0].term_ends_on if posts else None
        day, decided = case.day, case.decision.signed_on or case.day
        yield after_the_term(term_ends_on=ends, retires_from=retires_from(case), day=day, proposed=self.form).finding
        yield reappointment_noticed(term_ends_on=ends, noticed_on=case["noticed_on"], day=day)
        yield reappointment_decided(term_ends_on=ends, decided_on=decided, day=day)
        yield reappointment_may_proceed(
            is_under_discipline=False if case["is_clear"] else None,
            abroad_months=_months_in(case, EmploymentState.ABROAD),
            inpatient_months=0 if case["is_clear"] else None,
            is_on_maternity=_is_in(case, EmploymentState.MATERNITY),
            day=day,
        )
        yield health_finding(case)
        yield review_finding(case)

    def post(self, case: Case) -> Assignment:
        """The post that goes on."""
        posts = posts_held(case, None if case["title"] else AssignmentKind.MAIN, case["title"])
        if not posts:
            raise ActRefused("Không giữ chức vụ này vào ngày quyết định có hiệu lực.")
        return posts[0]

    def end(self, case: Case, post: Assignment) -> datetime.date | None:
        """When the further term or the extension ends."""
        if case["term_ends_on"]:
            return case["term_ends_on"]  # type: ignore[no-any-return]
        found = after_the_term(
            term_ends_on=post.term_ends_on or case.day, retires_from=retires_from(case), day=case.day
        )
        return found.ends_on

    def continued(self, case: Case, post: Assignment, recorder: Recorder, **values: Any) -> None:
        """The same post with a new end of its term, as a period of its own that rests on this decision."""
        kept = ("kind", "unit", "title", "title_text", "organisation", "seat", "job_position", "mandate")
        values = {**{name: getattr(post, name) for name in kept}, **values, "term_ends_on": self.end(case, post)}
        if post.kind == AssignmentKind.MAIN:
            recorder.succeed(Assignment, first_appointed_on=post.first_appointed_on or post.effective_from, **values)
            return
        recorder.end_side_post(post)
        recorder.add(Assignment, effective_from=case.day, first_appointed_on=post.first_appointed_on, **values)


@register_act
class Reappointment(ContinuedPost):
    """Bổ nhiệm lại."""

    key, code, label, order = "reappointment", "x-bo-nhiem-lai", "Bổ nhiệm lại", 20
    effect = "Chức vụ đang giữ có thời hạn mới."
    dossier = "reappointment"
    procedures = ("reappointment",)
    template = "reappointment"

    def record(self, case: Case, recorder: Recorder) -> None:
        """The post goes on with a further term."""
        self.continued(case, self.post(case), recorder, reappointed_on=case.day)


@register_act
class Extension(ContinuedPost):
    """Kéo dài thời gian giữ chức vụ đến khi nghỉ hưu."""

    key, code, label, order = "extension", "x-keo-dai-thoi-gian-giu-chuc-vu", "Kéo dài thời gian giữ chức vụ", 30
    effect = "Chức vụ đang giữ kéo dài đến khi nghỉ hưu."
    dossier = "extension"
    procedures = ("reappointment",)
    form = "extension"
    template = "extension"

    def record(self, case: Case, recorder: Recorder) -> None:
        """The post goes on until retirement."""
        post = self.post(case)
        self.continued(case, post, recorder, reappointed_on=post.reappointed_on)


@register_act
class Election(PostAct):
    """Bầu cử: an elected title, by mandate of the body."""

    key, code, label, order = "election", "x-bau-cu", "Bầu cử", 40
    fields = (*PostAct.fields, mandate_field(is_required=True))
    template = "post"


@register_act
class Approval(PostAct):
    """Phê chuẩn kết quả bầu cử."""

    key, code, label, order = "approval", "x-phe-chuan", "Phê chuẩn kết quả bầu", 50
    fields = (*PostAct.fields, mandate_field())
    template = "post"


@register_act
class Designation(PostAct):
    """Chỉ định: a Party title by designation, by mandate of the committee, beside the main post or as it."""

    key, code, label, order = "designation", "x-chi-dinh", "Chỉ định", 60
    fields = (
        *PostAct.fields,
        mandate_field(),
        ActField(key="is_main", label="Là vị trí công tác chính", input="flag", of_person=True),
    )
    effect = "Thêm chức vụ Đảng theo nhiệm kỳ; nếu là vị trí chính thì mở giai đoạn công tác mới."
    template = "designation"

    def record(self, case: Case, recorder: Recorder) -> None:
        """A Party post beside the main one, or the main post."""
        if case["is_main"]:
            super().record(case, recorder)
            return
        recorder.add(
            Assignment,
            kind=AssignmentKind.PARTY,
            title=case["title"],
            unit=case["unit"] or self._present_unit(case),
            effective_from=case.day,
            first_appointed_on=case.day,
            **case.given("mandate"),
            **self.term(case),
        )


@register_act
class Nomination(DecisionAct):
    """Giới thiệu ứng cử: the person is put forward; the record changes with the election."""

    key, code, label, group, order = "nomination", "x-gioi-thieu-ung-cu", "Giới thiệu ứng cử", ActGroup.POST, 70
    effect = "Chỉ ghi nhận việc giới thiệu; hồ sơ đổi khi có kết quả bầu."
    fields = (title_field(label="Chức danh giới thiệu", is_required=True), unit_field(), mandate_field(), CLEAR)
    parts = LEADERSHIP_PARTS
    template = "nomination"

    def findings(self, case: Case) -> Iterable[Finding]:
        """The political review, and discipline."""
        yield review_finding(case)
        yield from discipline_findings(case, "nomination", is_leadership=True)


class SidePost(DecisionAct):
    """Base of kinds that add a post beside the main one."""

    group: ClassVar[ActGroup] = ActGroup.POST
    kind: ClassVar[str] = AssignmentKind.CONCURRENT
    fields = (
        title_field(is_required=True),
        unit_field(is_required=True),
        day_field("until", "Đến hết ngày", of_person=True, help="Để trống: đến khi có quyết định khác."),
        CLEAR,
    )
    parts = LEADERSHIP_PARTS

    def findings(self, case: Case) -> Iterable[Finding]:
        """Discipline blocks a further post as it blocks any."""
        return discipline_findings(case, "appointment", is_leadership=case["title"].is_leadership)

    def record(self, case: Case, recorder: Recorder) -> None:
        """Add the post."""
        until: datetime.date | None = case["until"]
        recorder.add(
            Assignment,
            kind=self.kind,
            title=case["title"],
            unit=case["unit"],
            effective_from=case.day,
            effective_until=until + datetime.timedelta(days=1) if until else None,
            first_appointed_on=case.day,
        )


@register_act
class ConcurrentPost(SidePost):
    """Kiêm nhiệm."""

    key, code, label, order = "concurrent", "x-kiem-nhiem", "Kiêm nhiệm", 80
    effect = "Thêm chức vụ kiêm nhiệm; vị trí chính giữ nguyên."
    template = "concurrent"


@register_act
class Acting(SidePost):
    """Giao quyền, giao phụ trách."""

    key, code, label, order = "acting", "x-giao-quyen-phu-trach", "Giao quyền, phụ trách", 90
    kind = AssignmentKind.ACTING
    effect = "Thêm nhiệm vụ quyền hoặc phụ trách; vị trí chính giữ nguyên."
    template = "acting"
