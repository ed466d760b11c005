"""Decisions that move people: transfer (điều động), rotation (luân chuyển), secondment (biệt phái), and their ends."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from hrdb.kernel.findings import Finding
from personnel.choices import AssignmentKind, EmploymentState
from personnel.models import Assignment, Employment, Relative
from personnel.rules.discipline import Purpose
from personnel.rules.mobility import rotation_length, rotation_time_left, secondment_length
from personnel.services.decisions.acts.posts import TERM_END, end_of_term
from personnel.services.decisions.case_facts import employment_of, main_post, posts_held
from personnel.services.decisions.conditions import (
    CLEAR,
    LEADERSHIP_PARTS,
    MOVABLE,
    appointment_findings,
    discipline_findings,
    establishment_finding,
    moving_finding,
)
from personnel.services.decisions.employments import for_a_time
from personnel.services.decisions.fields import ActField, day_field, position_field, title_field, unit_field
from personnel.services.decisions.kinds import ActGroup, Case, DecisionAct, register_act
from personnel.services.decisions.recording import ActRefused, Recorder

CHILD_WISH = ActField(
    key="has_written_wish",
    label="Có đơn tự nguyện (đang mang thai hoặc nuôi con dưới 36 tháng tuổi)",
    input="flag",
    of_person=True,
)
DESTINATION = unit_field(label="Đơn vị đến", is_required=True)


class Movement(DecisionAct):
    """Base of kinds that move somebody to another unit."""

    group = ActGroup.MOVEMENT
    parts = (Relative, *LEADERSHIP_PARTS)
    purpose: ClassVar[Purpose] = "transfer"

    def findings(self, case: Case) -> Iterable[Finding]:
        """What makes a move wait, discipline, and the conditions of a leadership title there."""
        yield moving_finding(case)
        if case["title"] is not None and case["title"].is_leadership:
            yield from appointment_findings(case, purpose=self.purpose)
        else:
            yield from discipline_findings(case, self.purpose)
            if case["unit"] is not None and self.purpose != "secondment":
                yield establishment_finding(case)

    def move(self, case: Case, recorder: Recorder, **values: Any) -> None:
        """Succeed the main post with one in the unit of destination; a title that is not given stays as it is."""
        post = main_post(case)
        title = case["title"] or (post.title if post else None)
        text = "" if case["title"] else (post.title_text if post else "")
        if post is not None and post.unit_id == case["unit"].pk and case["title"] is None:
            raise ActRefused("Đơn vị đến trùng với đơn vị đang công tác.")
        recorder.succeed(
            Assignment,
            kind=AssignmentKind.MAIN,
            unit=case["unit"],
            title=title,
            title_text=text,
            **case.given("job_position"),
            **values,
        )


@register_act
class Transfer(Movement):
    """Điều động (bổ nhiệm where a title is given)."""

    key, code, label, order = "transfer", "x-dieu-dong", "Điều động", 10
    effect = "Chuyển vị trí công tác chính và hồ sơ về đơn vị đến."
    fields = (
        DESTINATION,
        title_field(label="Chức vụ tại đơn vị đến", help="Để trống: giữ chức vụ hiện nay."),
        position_field(),
        TERM_END,
        CHILD_WISH,
        CLEAR,
        MOVABLE,
    )
    template = "transfer"

    def record(self, case: Case, recorder: Recorder) -> None:
        """The main post and the custody pass to the other unit."""
        leads = case["title"] is not None and case["title"].is_leadership
        self.move(
            case, recorder, **({"first_appointed_on": case.day, "term_ends_on": end_of_term(case)} if leads else {})
        )


@register_act
class Rotation(Movement):
    """Luân chuyển: a main post in the other unit, with the day on which the rotation is to end."""

    key, code, label, order = "rotation", "x-luan-chuyen", "Luân chuyển", 20
    effect = "Vị trí chính tại nơi luân chuyển đến, kèm thời hạn luân chuyển; hồ sơ về đơn vị đến."
    fields = (
        DESTINATION,
        title_field(label="Chức vụ tại nơi luân chuyển đến", is_required=True),
        day_field("term_ends_on", "Luân chuyển đến ngày", of_person=True, is_required=True),
        ActField(
            key="is_for_non_local_or_two_terms",
            label="Để bố trí người không là người địa phương, hoặc đã đủ hai nhiệm kỳ",
            input="flag",
            of_person=True,
        ),
        CHILD_WISH,
        CLEAR,
        MOVABLE,
    )
    dossier = "rotation"
    template = "rotation"
    purpose = "rotation"

    def findings(self, case: Case) -> Iterable[Finding]:
        """Besides: long enough, and enough time left before retirement."""
        yield from super().findings(case)
        yield rotation_length(began_on=case.day, ends_on=case["term_ends_on"], day=case.day)
        yield rotation_time_left(
            sex=case.cadre.sex or None,  # type: ignore[arg-type]
            born=case.cadre.birth,
            is_enough_for_term=bool(case["is_for_non_local_or_two_terms"]),
            day=case.day,
        )

    def record(self, case: Case, recorder: Recorder) -> None:
        """The main post for the time of the rotation."""
        if case["term_ends_on"] <= case.day:
            raise ActRefused("Ngày kết thúc luân chuyển phải sau ngày quyết định có hiệu lực.")
        self.move(case, recorder, first_appointed_on=case.day, term_ends_on=case["term_ends_on"])


@register_act
class RotationEnd(Movement):
    """Kết thúc luân chuyển: back, or to another post, or kept there for good (no longer luân chuyển)."""

    key, code, label, order = "rotation_end", "x-ket-thuc-luan-chuyen", "Kết thúc luân chuyển", 30
    effect = "Chuyển vị trí chính về đơn vị bố trí sau luân chuyển."
    fields = (
        unit_field(label="Đơn vị bố trí sau luân chuyển", is_required=True),
        title_field(label="Chức vụ bố trí", is_required=True),
        TERM_END,
        CLEAR,
    )
    template = "rotation_end"

    def findings(self, case: Case) -> Iterable[Finding]:
        """Whether the rotation lasted long enough."""
        post = main_post(case)
        yield rotation_length(began_on=post.effective_from if post else None, ends_on=case.day, day=case.day)
        yield from discipline_findings(case, "appointment", is_leadership=case["title"].is_leadership)

    def record(self, case: Case, recorder: Recorder) -> None:
        """The main post after the rotation."""
        if not _is_on_rotation(main_post(case)):
            raise ActRefused("Người này không ở trong thời gian luân chuyển vào ngày quyết định có hiệu lực.")
        self.move(case, recorder, first_appointed_on=case.day, term_ends_on=end_of_term(case))


def _is_on_rotation(post: Assignment | None) -> bool:
    decision = post.decision if post is not None else None
    return decision is not None and decision.kind is not None and decision.kind.code == Rotation.code


@register_act
class Secondment(Movement):
    """Biệt phái: a post elsewhere for a time; the record and the pay stay with the sending unit."""

    key, code, label, order = "secondment", "x-biet-phai", "Biệt phái", 40
    effect = "Thêm vị trí biệt phái có thời hạn; tình trạng là biệt phái; hồ sơ vẫn do đơn vị cử đi quản lý."
    fields = (
        unit_field(label="Nơi đến biệt phái"),
        ActField(key="organisation", label="Cơ quan, tổ chức ngoài hệ thống", of_person=True),
        title_field(label="Chức vụ, công việc tại nơi đến"),
        day_field("until", "Đến hết ngày", of_person=True, is_required=True),
        CHILD_WISH,
        CLEAR,
        MOVABLE,
    )
    template = "secondment"
    inserts = (Employment,)
    purpose = "secondment"

    def findings(self, case: Case) -> Iterable[Finding]:
        """Besides: not too long."""
        yield from super().findings(case)
        yield secondment_length(began_on=case.day, ends_on=case["until"] + datetime.timedelta(days=1), day=case.day)

    def record(self, case: Case, recorder: Recorder) -> None:
        """Add the post of secondment, and the state until its end."""
        employment = employment_of(case)
        if employment is None:
            raise ActRefused("Người này chưa công tác vào ngày quyết định có hiệu lực.")
        if case["unit"] is None and not case["organisation"]:
            raise ActRefused("Cần chọn nơi đến biệt phái hoặc ghi cơ quan, tổ chức.")
        if case["until"] <= case.day:
            raise ActRefused("Ngày kết thúc biệt phái phải sau ngày quyết định có hiệu lực.")
        end = case["until"] + datetime.timedelta(days=1)
        recorder.add(
            Assignment,
            kind=AssignmentKind.SECONDMENT,
            effective_from=case.day,
            effective_until=end,
            **case.given("unit", "organisation", "title"),
        )
        for_a_time(case, recorder, employment, EmploymentState.SECONDED, case["until"])


@register_act
class SecondmentEnd(Movement):
    """Kết thúc biệt phái trước thời hạn."""

    key, code, label, order = "secondment_end", "x-ket-thuc-biet-phai", "Kết thúc biệt phái", 50
    effect = "Kết thúc vị trí biệt phái; tình trạng trở lại đang làm việc."
    fields = ()
    template = "secondment_end"

    def findings(self, case: Case) -> Iterable[Finding]:
        """Nothing stands against an earlier end."""
        return ()

    def record(self, case: Case, recorder: Recorder) -> None:
        """End the secondment, and the state with it."""
        posts = posts_held(case, AssignmentKind.SECONDMENT)
        if not posts:
            raise ActRefused("Người này không biệt phái vào ngày quyết định có hiệu lực.")
        for post in posts:
            recorder.end(post)
        employment = employment_of(case)
        if employment is None or employment.state != EmploymentState.SECONDED:
            return
        following = [row for row in case.held.rows[Employment] if row.effective_from == employment.effective_until]
        recorder.end(employment)
        if following:
            recorder.amend(following[0], effective_from=case.day)
        else:
            recorder.add(
                Employment, category=employment.category, state=EmploymentState.WORKING, effective_from=case.day
            )
