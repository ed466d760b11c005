"""Rotation of the demonstration province: plans of three years, from a draft to people who serve in communes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any, Final

from hrdb.kernel.dates import add_months
from personnel.choices import AssignmentKind, DecisionState, ManagingLevel
from personnel.models import Assignment, Custody, Decision, DecisionItem, DecisionKind, Title, Unit, UnitVersion
from personnel.services.demonstration.parts import demonstration_parts
from personnel.statistics.due.terms import ROTATION_CODE
from planning.choices import RotationOutcome, RotationPurpose, RotationRuleKind, RotationState
from planning.models import Candidate, RotationItem, RotationPlan, RotationRule
from planning.services.rotation.plans import plan_content
from planning.services.rounds import hash_of
from planning.statistics.rotation import directions, judge_items

SHOWN: Final = "(dữ liệu trình diễn)"
#: Titles of one order that people go between: heads of divisions of departments, deputy chairs of communes.
DIVISION_HEAD, DEPUTY_CHAIR = "TP-SO", "PCT-UBND-XA"
#: How many months a rotation of the demonstration is to last.
MONTHS: Final = 36
#: How many holders of each title are needed.
LEAST: Final = 14
AIMS: Final = (
    "Đào tạo, rèn luyện cán bộ lãnh đạo, quản lý trong quy hoạch qua thực tiễn cơ sở; tăng cường cán bộ cho các xã, "
    "phường sau sắp xếp."
)


class RotationPart:
    """Three plans, their rotations in every state, and rules of the province."""

    key, order = "rotation", 46

    def write(self, *, day: datetime.date) -> int:
        """Write them; answers the number of rows, none where the province is too small."""
        heads, chairs = _holders(DIVISION_HEAD, day), _holders(DEPUTY_CHAIR, day)
        office = Unit.objects.filter(code="UBND").first()
        if office is None or len(heads) < LEAST or len(chairs) < LEAST:
            return 0
        kind = DecisionKind.objects.filter(code=ROTATION_CODE).first()
        titles = {title.code: title for title in Title.objects.filter(code__in=(DIVISION_HEAD, DEPUTY_CHAIR))}
        down, places = titles[DEPUTY_CHAIR], iter([post.unit for post in chairs])
        source = iter(heads)
        last, this, coming = (self._plan(office, day.year + step) for step in (-1, 0, 1))
        early = [_item(last, next(source), next(places), down, datetime.date(day.year - 1, 9, 1))]
        begins = datetime.date(day.year, 3, 1)
        running = [_item(this, next(source), next(places), down, begins) for _ in range(3)]
        waiting = [_item(this, next(source), next(places), down, datetime.date(day.year + 1, 1, 1)) for _ in range(2)]
        dropped = _item(this, next(source), next(places), down, begins)
        dropped.state, dropped.outcome = RotationState.DROPPED, "Đang học lớp cao cấp lý luận chính trị tập trung"
        self._approve(last, early, datetime.date(day.year - 1, 8, 15), day)
        self._approve(this, [*running, *waiting], datetime.date(day.year, 1, 20), day)
        dropped.save()
        for number, item in enumerate([*early, *running], 1):
            _carry_out(item, kind, office, number)
        for item in (*early, *running[:2]):
            _evaluate(item, day)
        stayed = early[0]
        stayed.state, stayed.outcome_kind = RotationState.ENDED, RotationOutcome.STAY
        stayed.ended_on = datetime.date(day.year, 9, 1)
        stayed.outcome = "Kiện toàn nhân sự chủ chốt của xã, giữ lại lâu dài theo yêu cầu nhiệm vụ"
        for item in (*early, *running):
            item.save()
        proposed = list(
            _proposed(coming, source, chairs, places, titles, add_months(datetime.date(day.year, 1, 1), 14))
        )
        for item in proposed:
            item.save()
        return 3 + len(early) + len(running) + len(waiting) + 1 + len(proposed) + _rules(day)

    def _plan(self, office: Unit, year: int) -> RotationPlan:
        made = RotationPlan(
            year=year,
            level=ManagingLevel.PROVINCIAL_COMMITTEE,
            unit=office,
            name=f"Kế hoạch luân chuyển cán bộ năm {year}",
            aims=AIMS,
        )
        made.save()
        return made

    def _approve(
        self, plan: RotationPlan, items: Sequence[RotationItem], day: datetime.date, known_on: datetime.date
    ) -> None:
        """Keep what was found, pass over what is not met, freeze the content."""
        for item in items:
            item.save()
        verdicts = judge_items(items, day=known_on, user=None, with_files=False)
        for item in items:
            found = verdicts[item.pk].findings
            item.state, item.findings = RotationState.APPROVED, [one.as_json() for one in found]
            reason = "Cấp có thẩm quyền đồng ý tại kết luận hội nghị"
            item.overrides = {one.rule: reason for one in found if one.outcome == "not_met"}
            item.save()
        plan.submitted_on = day - datetime.timedelta(days=15)
        plan.approved_on, plan.content = day, plan_content(plan, items, day)
        plan.sha256, plan.is_approved = hash_of(plan.content), True
        plan.save()


def _holders(code: str, day: datetime.date) -> list[Assignment]:
    """Main posts of a title, one a unit: those who stand on a list of planning first."""
    planned = set(Candidate.objects.all().in_plan(day).values_list("cadre_id", flat=True))
    rows = Assignment.objects.in_force(day).filter(
        title__code=code,
        kind=AssignmentKind.MAIN,
        unit__isnull=False,
        effective_from__lt=datetime.date(day.year - 1, 9, 1),
    )
    found: dict[int, Assignment] = {}
    for row in rows.select_related("cadre", "unit", "title").order_by("unit__code", "pk"):
        found.setdefault(row.unit_id or 0, row)
    return sorted(found.values(), key=lambda row: (row.cadre_id not in planned, row.pk))


def _item(
    plan: RotationPlan,
    post: Assignment,
    unit: Any,
    title: Title,
    begins: datetime.date,
    purpose: str = RotationPurpose.PLANNED,
) -> RotationItem:
    pair = (post.unit_id or 0, unit.pk)
    return RotationItem(
        plan=plan,
        cadre=post.cadre,
        from_unit=post.unit,
        from_title=post.title,
        from_post=post.title_name,
        to_unit=unit,
        title=title,
        purpose=purpose,
        direction=directions([pair], begins)[pair],
        begins_on=begins,
        ends_on=add_months(begins, MONTHS),
        reason="Đào tạo, rèn luyện qua thực tiễn",
        benefits="Bố trí nhà công vụ; hỗ trợ đi lại theo quy định của tỉnh",
        is_clear=True,
        is_movable=True,
        is_local=False,
    )


def _proposed(
    plan: RotationPlan,
    heads: Iterator[Assignment],
    chairs: Sequence[Assignment],
    places: Iterator[Any],
    titles: dict[str, Title],
    begins: datetime.date,
) -> Iterator[RotationItem]:
    """Of the coming year: down to a commune, across between communes, up to a department, for two terms."""
    up, across, held = chairs[-1], chairs[-2], chairs[-3]
    first = next(heads)
    yield _item(plan, first, next(places), titles[DEPUTY_CHAIR], begins)
    yield _item(plan, across, next(places), titles[DEPUTY_CHAIR], begins)
    yield _item(plan, up, first.unit, titles[DIVISION_HEAD], begins)
    item = _item(plan, held, next(places), titles[DEPUTY_CHAIR], begins, RotationPurpose.TWO_TERMS)
    item.is_clear = item.is_movable = False
    item.is_local = None
    yield item


def _carry_out(item: RotationItem, kind: DecisionKind | None, office: Unit, number: int) -> None:
    """The signed decision, the post at the commune and the custody that goes with it."""
    start = item.begins_on
    assert start is not None
    decision = Decision(
        number=f"{number:02d}/QĐ-UBND",
        signed_on=start - datetime.timedelta(days=10),
        issuer="Ủy ban nhân dân tỉnh",
        kind=kind,
        effective_on=start,
        summary="Về việc luân chuyển cán bộ",
        state=DecisionState.SIGNED,
        unit=office,
        terms={"unit": item.to_unit_id, "title": item.title_id},
    )
    decision.save()
    DecisionItem(decision=decision, cadre=item.cadre, position=1).save()
    for model in (Assignment, Custody):
        rows = model.objects.filter(cadre=item.cadre, effective_until__isnull=True, effective_from__lt=start)
        for row in rows.filter(kind=AssignmentKind.MAIN) if model is Assignment else rows:
            row.effective_until = start
            row.save()
    Custody(cadre=item.cadre, unit=item.to_unit, effective_from=start, decision=decision).save()
    Assignment(
        cadre=item.cadre,
        kind=AssignmentKind.MAIN,
        unit=item.to_unit,
        title=item.title,
        decision=decision,
        effective_from=start,
        first_appointed_on=start,
        term_ends_on=item.ends_on,
    ).save()
    item.decision, item.state = decision, RotationState.DECIDED


def _evaluate(item: RotationItem, day: datetime.date) -> None:
    year = day.year - 1 if item.begins_on is not None and item.begins_on.year < day.year else day.year
    text = "Nắm bắt nhanh tình hình địa phương, phối hợp tốt với tập thể, hoàn thành nhiệm vụ được giao."
    item.evaluations = [{"year": year, "level": "good", "text": text, "is_final": False}]


def _rules(day: datetime.date) -> int:
    since, basis = datetime.date(day.year, 1, 1), f"Quy định 05-QĐ/TU ngày 15/12/{day.year - 1} {SHOWN}"
    common: dict[str, Any] = {"effective_from": since, "basis": basis, "confidence": "unconfirmed"}
    rows = [
        RotationRule(kind=RotationRuleKind.BENEFIT, text="Bố trí nhà công vụ hoặc hỗ trợ tiền thuê nhà", **common),
        RotationRule(kind=RotationRuleKind.BENEFIT, text="Thanh toán tiền tàu xe đi, về thăm gia đình", **common),
    ]
    chair, accountant = (Title.objects.filter(code=code).first() for code in ("CT-UBND-XA", "KTV"))
    if chair is not None:
        rows.append(RotationRule(kind=RotationRuleKind.NON_LOCAL, title=chair, **common))
    if accountant is not None:
        rows.append(RotationRule(kind=RotationRuleKind.PERIODIC, title=accountant, months=24, **common))
    head = Title.objects.filter(code="GD-SO").first()
    finance = UnitVersion.objects.in_force(day).filter(name="Sở Tài chính").first()
    if head is not None and finance is not None:
        rows.append(RotationRule(kind=RotationRuleKind.TWO_TERMS, title=head, unit_id=finance.unit_id, **common))
    for row in rows:
        row.save()
    return len(rows)


demonstration_parts.register(RotationPart())
