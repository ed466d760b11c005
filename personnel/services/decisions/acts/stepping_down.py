"""Decisions by which somebody leaves a post: dismissal, recall, removal, resignation, release; and suspension."""

from __future__ import annotations

from personnel.choices import AssignmentKind, EmploymentState
from personnel.models import Assignment, Discipline, Employment
from personnel.services.decisions.case_facts import employment_of, posts_held
from personnel.services.decisions.employments import for_a_time
from personnel.services.decisions.fields import ActField, day_field, title_field, unit_field
from personnel.services.decisions.kinds import ActGroup, Case, DecisionAct, register_act
from personnel.services.decisions.recording import ActRefused, Recorder

REASON = ActField(key="cause", label="Lý do", input="long_text", of_person=True)


class SteppingDown(DecisionAct):
    """Base of kinds that end a leadership post; a main post is followed by another, a side post just ends."""

    group = ActGroup.LEAVING_POST
    effect = "Kết thúc chức vụ; vị trí chính chuyển sang công việc được bố trí."
    fields = (
        title_field(label="Chức vụ thôi giữ", help="Để trống: chức vụ chính."),
        title_field("new_title", "Chức danh bố trí sau đó", help="Để trống: chờ bố trí công tác."),
        unit_field("new_unit", "Đơn vị bố trí", help="Để trống: đơn vị hiện đang công tác."),
        REASON,
    )
    template = "stepping_down"

    def record(self, case: Case, recorder: Recorder) -> None:
        """End the post; what follows a main post is a title without leadership, or awaiting posting."""
        posts = posts_held(case, None if case["title"] else AssignmentKind.MAIN, case["title"])
        if not posts:
            raise ActRefused("Không giữ chức vụ này vào ngày quyết định có hiệu lực.")
        post = posts[0]
        if post.kind != AssignmentKind.MAIN:
            recorder.end_side_post(post)
            return
        unit = case["new_unit"] or post.unit
        recorder.succeed(
            Assignment,
            kind=AssignmentKind.MAIN,
            unit=unit,
            title=case["new_title"],
            organisation=post.organisation if unit is None else "",
        )
        employment = employment_of(case)
        if case["new_title"] is None and employment is not None:
            recorder.succeed(
                Employment, is_final=True, category=employment.category, state=EmploymentState.AWAITING_POSTING
            )


@register_act
class Dismissal(SteppingDown):
    """Miễn nhiệm."""

    key, code, label, order = "dismissal", "x-mien-nhiem", "Miễn nhiệm", 10


@register_act
class Recall(SteppingDown):
    """Bãi nhiệm: elected people."""

    key, code, label, order = "recall", "x-bai-nhiem", "Bãi nhiệm", 20


@register_act
class Resignation(SteppingDown):
    """Từ chức."""

    key, code, label, order = "resignation", "x-tu-chuc", "Từ chức", 30


@register_act
class Release(SteppingDown):
    """Cho thôi giữ chức vụ."""

    key, code, label, order = "release", "x-cho-thoi-giu-chuc-vu", "Cho thôi giữ chức vụ", 40


@register_act
class Removal(SteppingDown):
    """Cách chức: as a discipline it stands in the record too, by the decision of discipline."""

    key, code, label, order = "removal", "x-cach-chuc", "Cách chức", 50
    parts = (Discipline,)


@register_act
class Suspension(DecisionAct):
    """Tạm đình chỉ công tác, for a time."""

    key, code, label, group, order = (
        "suspension",
        "x-tam-dinh-chi-cong-tac",
        "Tạm đình chỉ công tác",
        ActGroup.LEAVING_POST,
        60,
    )
    effect = "Tình trạng là tạm đình chỉ công tác đến hết thời hạn."
    fields = (day_field("until", "Đến hết ngày", of_person=True), REASON)
    template = "suspension"
    inserts = (Employment,)

    def record(self, case: Case, recorder: Recorder) -> None:
        """The state of suspension, and the state before it again after its end."""
        employment = employment_of(case)
        if employment is None:
            raise ActRefused("Người này chưa công tác vào ngày quyết định có hiệu lực.")
        for_a_time(case, recorder, employment, EmploymentState.SUSPENDED, case["until"])
