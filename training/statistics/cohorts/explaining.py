"""One plain sentence for everybody: chosen because ..., or not because ..."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from training.statistics.cohorts.candidates import Candidate, Cohort, Quotas

#: Marks that a minimum asks for, with how a sentence calls them.
MARKS: Final[tuple[tuple[str, str, str], ...]] = (
    ("min_women", "is_woman", "nữ"),
    ("min_minority", "is_minority", "người dân tộc thiểu số"),
    ("min_young", "is_young", "cán bộ trẻ"),
)


def reasons_for(candidates: Sequence[Candidate], quotas: Quotas, cohort: Cohort) -> dict[str, str]:
    """The sentence of each candidate by id."""
    picked = set(cohort.picked)
    chosen = [one for one in candidates if one.id in picked]
    order = sorted((one for one in candidates if not one.is_excluded), key=lambda one: (-one.priority, one.id))
    places = {one.id: place for place, one in enumerate(order, start=1)}
    bound = order[quotas.capacity - 1].priority if 0 < quotas.capacity <= len(order) else float("inf")
    chosen_for = {one.id: _chosen(one, places[one.id], len(order), chosen, quotas, bound) for one in chosen}
    refuse = _refusal(candidates, chosen, quotas)
    return {one.id: chosen_for.get(one.id) or refuse(one) for one in candidates}


def _chosen(one: Candidate, place: int, count: int, chosen: Sequence[Candidate], quotas: Quotas, bound: float) -> str:
    """`bound`: the score of the last seat if nothing but scores counted."""
    if one.is_pinned:
        return "Được chọn vì đã ấn định."
    if place <= quotas.capacity or one.priority >= bound:
        return f"Được chọn vì điểm ưu tiên {_number(one.priority)}, đứng thứ {place} trong {count} người có nhu cầu."
    needed = [
        word
        for quota, mark, word in MARKS
        if getattr(one, mark) and getattr(quotas, quota) >= sum(1 for other in chosen if getattr(other, mark))
    ]
    if needed:
        return f"Được chọn để đạt số {' và số '.join(needed)} tối thiểu; điểm ưu tiên {_number(one.priority)}."
    in_unit = sum(1 for other in chosen if other.unit == one.unit)
    if quotas.min_per_unit and in_unit <= quotas.min_per_unit:
        return f"Được chọn để đơn vị {one.unit} có đủ số người tối thiểu; điểm ưu tiên {_number(one.priority)}."
    return (
        f"Được chọn vì điểm ưu tiên {_number(one.priority)}: người có điểm cao hơn vướng giới hạn của đơn vị "
        "hoặc chỗ dành cho chỉ tiêu."
    )


def _refusal(
    candidates: Sequence[Candidate], chosen: Sequence[Candidate], quotas: Quotas
) -> Callable[[Candidate], str]:
    """How somebody who is not chosen is told why."""
    in_units = Counter(one.unit for one in chosen)
    lowest = min((one.priority for one in chosen if not one.is_pinned), default=None)
    reserved = [
        word
        for quota, mark, word in MARKS
        if getattr(quotas, quota) and getattr(quotas, quota) >= sum(1 for other in chosen if getattr(other, mark))
    ]

    def refuse(one: Candidate) -> str:
        if one.is_excluded:
            return "Không chọn vì đã loại khỏi danh sách."
        if quotas.max_per_unit is not None and in_units[one.unit] >= quotas.max_per_unit:
            return f"Không chọn vì đơn vị {one.unit} đã đủ {quotas.max_per_unit} người."
        if one.priority <= 0 and len(chosen) < quotas.capacity:
            return f"Không chọn vì điểm ưu tiên {_number(one.priority)} không làm danh sách tốt hơn; lớp còn chỗ."
        if lowest is not None and one.priority == lowest:
            return (
                f"Không chọn vì hết chỗ: điểm ưu tiên {_number(one.priority)} bằng người cuối được chọn; "
                "cùng điểm thì chỉ tiêu quyết định, sau đó theo thứ tự danh sách."
            )
        if lowest is None or one.priority <= lowest:
            told = f", thấp nhất được chọn là {_number(lowest)}" if lowest is not None else ""
            return f"Không chọn vì hết chỗ: điểm ưu tiên {_number(one.priority)}{told}."
        if reserved:
            kept = " và ".join(reserved)
            return f"Không chọn vì chỗ còn lại dành cho số {kept} tối thiểu; điểm ưu tiên {_number(one.priority)}."
        kept = "số người tối thiểu của các đơn vị"
        return f"Không chọn vì chỗ còn lại dành cho {kept}; điểm ưu tiên {_number(one.priority)}."

    return refuse


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
