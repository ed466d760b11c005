"""Decisions on pay: regular and early steps, over-frame seniority, rank, allowances."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import ClassVar

from hrdb.kernel.findings import Finding
from hrdb.kernel.parameters import ParameterUnknown
from personnel.choices import PayScheme
from personnel.models import Allowance, AllowanceKind, PayStep, Rank
from personnel.rules.pay import PayScale, UnknownStep, pay_scale
from personnel.rules.pay_steps import (
    PayRise,
    coefficient_unconfirmed,
    early_step_not_repeated,
    early_step_within,
    next_rise,
)
from personnel.services.decisions.fields import ActField, code_field, day_field
from personnel.services.decisions.kinds import ActGroup, Case, DecisionAct, register_act
from personnel.services.decisions.recording import ActRefused, Recorder

STEP = ActField(key="step", label="Bậc mới", input="number", of_person=True, help="Để trống: bậc liền sau.")
COEFFICIENT = ActField(
    key="coefficient", label="Hệ số mới", input="decimal", of_person=True, help="Để trống: theo bảng lương."
)


def held_step(case: Case) -> PayStep:
    """The pay step by rank in force on the day."""
    held = case.held.in_force(PayStep, case.day, scheme=PayScheme.RANK)
    if held is None:
        raise ActRefused("Hồ sơ chưa có bậc lương theo ngạch vào ngày quyết định có hiệu lực.")
    return held


def later_steps(case: Case, held: PayStep) -> list[PayStep]:
    """Steps of the same rank that the record has from later days: a step entered late must come before them in turn."""
    rows = case.held.track(PayStep, scheme=PayScheme.RANK, rank_id=held.rank_id)
    return [row for row in rows if row.effective_from > case.day]


def rise_of(case: Case) -> PayRise | None:
    """What follows the step that is held, by the pay tables; None where they do not tell."""
    held = case.held.in_force(PayStep, case.day, scheme=PayScheme.RANK)
    if held is None or held.rank is None or not held.rank.scale or held.step is None:
        return None
    try:
        return next_rise(
            scale=held.rank.scale,
            step=held.step,
            held_from=held.effective_from,
            percent=int(held.over_frame_percent or 0),
            day=case.day,
        )
    except UnknownStep:
        return None


def scale_of(rank: Rank | None, day: datetime.date) -> PayScale | None:
    """The pay scale of a rank by the tables of the day; None where they do not tell."""
    if rank is None or not rank.scale:
        return None
    try:
        return pay_scale(rank.scale, day)
    except (UnknownStep, ParameterUnknown):
        return None


def coefficient_of(
    rank: Rank | None, step: int | None, day: datetime.date, given: Decimal | None = None
) -> Decimal | None:
    """The coefficient of a step by the pay tables; what was given where they do not tell.

    Raises ActRefused for a step that the scale lacks, and for a coefficient that is another.
    """
    scale = scale_of(rank, day)
    if scale is None or step is None:
        return given
    if not 1 <= step <= scale.steps:
        raise ActRefused(f"Ngạch «{rank}» (thang lương {scale.code}) có {scale.steps} bậc, không có bậc {step}.")
    found = scale.coefficients[step - 1]
    if given is not None and given != found:
        told, right = (str(value).replace(".", ",") for value in (given, found))
        raise ActRefused(
            f"Hệ số {told} khác bảng lương: ngạch «{rank}» bậc {step} là {right} ({scale.citation}). "
            "Hãy sửa hệ số hoặc để trống."
        )
    return found


def coefficient_finding(case: Case, rank: Rank | None, step: int | None) -> Iterator[Finding]:
    """A coefficient that no pay table confirms; the others are compared when they are recorded."""
    if rank is not None and case["coefficient"] is not None and scale_of(rank, case.day) is None:
        yield coefficient_unconfirmed(rank=str(rank), step=step, given=case["coefficient"])


def next_step(case: Case, held: PayStep) -> int:
    """The step after the one that is held; raises ActRefused for any other."""
    given: int | None = case["step"]
    scale = scale_of(held.rank, case.day)
    if held.step is None:
        if given is None:
            raise ActRefused("Hồ sơ chưa ghi bậc lương: cần ghi bậc mới.")
        return given
    if scale is not None and held.step >= scale.steps:
        raise ActRefused(
            f"Đã ở bậc cuối (bậc {held.step}) của ngạch: chỉ còn nâng phụ cấp thâm niên vượt khung."
            if scale.has_over_frame
            else f"Đã ở bậc cuối (bậc {held.step}) của ngạch."
        )
    if given not in (None, held.step + 1):
        raise ActRefused(f"Đang hưởng bậc {held.step} nên bậc liền sau là bậc {held.step + 1}, không phải bậc {given}.")
    return held.step + 1


@register_act
class RegularStep(DecisionAct):
    """Nâng bậc lương thường xuyên."""

    key, code, label, group, order = (
        "pay_step",
        "x-nang-bac-luong-thuong-xuyen",
        "Nâng bậc lương thường xuyên",
        ActGroup.PAY,
        10,
    )
    effect = "Mở giai đoạn lương với bậc liền sau của cùng ngạch."
    fields: ClassVar[Sequence[ActField]] = (
        STEP,
        COEFFICIENT,
    )
    parts = (PayStep,)
    inserts = (PayStep,)
    template = "pay_step"

    def findings(self, case: Case) -> Iterable[Finding]:
        """Whether the next step is due, and whether a table confirms the coefficient."""
        rise = rise_of(case)
        if rise is not None:
            yield rise.finding
        yield from self.unconfirmed(case)

    def unconfirmed(self, case: Case) -> Iterator[Finding]:
        """A coefficient that no pay table confirms."""
        held = case.held.in_force(PayStep, case.day, scheme=PayScheme.RANK)
        if held is not None:
            yield from coefficient_finding(case, held.rank, case["step"] or (held.step + 1 if held.step else None))

    def record(self, case: Case, recorder: Recorder) -> None:
        """The next step of the same rank."""
        held = held_step(case)
        step = next_step(case, held)
        recorder.refuse_later(row for row in later_steps(case, held) if row.step is not None and row.step <= step)
        recorder.succeed(
            PayStep,
            scheme=PayScheme.RANK,
            rank=held.rank,
            rank_appointed_on=held.rank_appointed_on,
            step=step,
            coefficient=coefficient_of(held.rank, step, case.day, case["coefficient"]),
            percent=held.percent,
        )


@register_act
class EarlyStep(RegularStep):
    """Nâng bậc lương trước thời hạn."""

    key, code, label, order = (
        "early_pay_step",
        "x-nang-bac-luong-truoc-thoi-han",
        "Nâng bậc lương trước thời hạn",
        20,
    )
    fields = (
        *RegularStep.fields,
        ActField(key="is_before_retirement", label="Do có thông báo nghỉ hưu", input="flag", of_person=True),
        ActField(key="merit", label="Thành tích", of_person=True),
    )

    def findings(self, case: Case) -> Iterable[Finding]:
        """Not too early, and not twice in a row for merit."""
        rise, ground = rise_of(case), "retirement" if case["is_before_retirement"] else "merit"
        held = case.held.in_force(PayStep, case.day, scheme=PayScheme.RANK)
        last = held.decision if held is not None else None
        code = last.kind.code if last is not None and last.kind is not None else None
        yield early_step_within(
            regular_on=rise.due_on if rise else None,
            early_on=case.day,
            ground=ground,  # type: ignore[arg-type]
            day=case.day,
        )
        yield from self.unconfirmed(case)
        yield early_step_not_repeated(
            ground=ground,  # type: ignore[arg-type]
            last_was_early_for_merit=None if code is None else code == self.code,
            day=case.day,
        )


@register_act
class OverFrame(DecisionAct):
    """Nâng phụ cấp thâm niên vượt khung."""

    key, code, label, group, order = (
        "over_frame",
        "x-nang-phu-cap-tham-nien-vuot-khung",
        "Nâng phụ cấp thâm niên vượt khung",
        ActGroup.PAY,
        30,
    )
    effect = "Mở giai đoạn lương với phần trăm vượt khung mới; bậc và hệ số giữ nguyên."
    fields = (
        ActField(
            key="over_frame_percent", label="Phần trăm vượt khung", input="decimal", of_person=True, is_required=True
        ),
    )
    parts = (PayStep,)
    inserts = (PayStep,)
    template = "pay_step"

    def findings(self, case: Case) -> Iterable[Finding]:
        """Whether the next per cent is due."""
        rise = rise_of(case)
        if rise is not None:
            yield rise.finding

    def record(self, case: Case, recorder: Recorder) -> None:
        """The same step with another per cent."""
        held, percent = held_step(case), case["over_frame_percent"]
        scale = scale_of(held.rank, case.day)
        if scale is not None and held.step is not None and held.step < scale.steps:
            raise ActRefused(
                f"Đang hưởng bậc {held.step}, chưa đến bậc cuối (bậc {scale.steps}) nên chưa có vượt khung."
            )
        recorder.refuse_later(row for row in later_steps(case, held) if (row.over_frame_percent or 0) <= percent)
        kept = ("rank", "rank_appointed_on", "step", "coefficient", "percent", "position_name", "position_code")
        recorder.succeed(
            PayStep,
            scheme=PayScheme.RANK,
            **{name: getattr(held, name) for name in kept},
            over_frame_percent=percent,
            over_frame_from=case.day,
        )


class RankAct(DecisionAct):
    """Base of kinds that give another rank."""

    group = ActGroup.PAY
    effect = "Mở giai đoạn lương theo ngạch, chức danh nghề nghiệp mới."
    fields = (
        code_field("rank", "Ngạch, chức danh nghề nghiệp mới", Rank, is_required=True, of_person=True),
        ActField(key="step", label="Bậc", input="number", is_required=True, of_person=True),
        COEFFICIENT,
    )
    parts = (PayStep,)
    template = "rank"

    def findings(self, case: Case) -> Iterable[Finding]:
        """Whether a table confirms the coefficient."""
        return coefficient_finding(case, case["rank"], case["step"])

    def record(self, case: Case, recorder: Recorder) -> None:
        """A step of the other rank."""
        recorder.succeed(
            PayStep,
            scheme=PayScheme.RANK,
            rank=case["rank"],
            rank_appointed_on=case.day,
            step=case["step"],
            coefficient=coefficient_of(case["rank"], case["step"], case.day, case["coefficient"]),
        )


@register_act
class RankPromotion(RankAct):
    """Nâng ngạch, thăng hạng chức danh nghề nghiệp."""

    key, code, label, order = "rank_promotion", "x-nang-ngach-thang-hang", "Nâng ngạch, thăng hạng", 40


@register_act
class RankChange(RankAct):
    """Chuyển ngạch, chuyển chức danh nghề nghiệp."""

    key, code, label, order = "rank_change", "x-chuyen-ngach", "Chuyển ngạch", 50


@register_act
class AllowanceAct(DecisionAct):
    """Hưởng phụ cấp."""

    key, code, label, group, order = "allowance", "x-huong-phu-cap", "Hưởng phụ cấp", ActGroup.PAY, 60
    effect = "Thêm phụ cấp; phụ cấp cùng loại đang hưởng kết thúc."
    fields = (
        code_field("kind", "Loại phụ cấp", AllowanceKind, is_required=True),
        ActField(key="percent", label="Phần trăm", input="decimal", of_person=True),
        ActField(key="coefficient", label="Hệ số", input="decimal", of_person=True),
        day_field("until", "Đến hết ngày", of_person=True),
    )
    parts = (Allowance,)

    def record(self, case: Case, recorder: Recorder) -> None:
        """The allowance, in place of the one of its kind."""
        until: datetime.date | None = case["until"]
        end = until + datetime.timedelta(days=1) if until else None
        held = case.held.in_force(Allowance, case.day, kind_id=case["kind"].pk)
        later = [row for row in case.held.track(Allowance, kind_id=case["kind"].pk) if row.effective_from > case.day]
        recorder.refuse_later(row for row in later if end is None or row.effective_from < end)
        if held is not None:
            recorder.end(held)
        recorder.add(
            Allowance,
            kind=case["kind"],
            effective_from=case.day,
            effective_until=end,
            **case.given("percent", "coefficient"),
        )
