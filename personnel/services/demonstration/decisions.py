"""Decisions of the demonstration province that the register itself wrote: one signed, one submitted, two drafts."""

from __future__ import annotations

import datetime
from typing import Any

from hrdb.kernel.models import User
from personnel.models import Cadre, CommendationForm, Unit
from personnel.policies import Action
from personnel.services.decisions import acts  # noqa: F401  the kinds register themselves
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.register import check_draft, draw_up, submit_decision
from personnel.services.decisions.signing import Signature, enter_signed

#: The office whose decisions are shown, and where its people are moved to.
OFFICE, DESTINATION, TOP = "UBND.02", "UBND.03", "UBND"
#: How many people each is about.
PRAISED, PROPOSED, RAISED, MOVED = 5, 3, 4, 2


def enter_decisions(*, day: datetime.date) -> None:
    """Enter and draw up a few decisions about people of one office, each in an event of its own."""
    users = {user.username: user for user in User.objects.filter(username__in=("tinh", "sonoivu"))}
    units = Unit.objects.in_bulk([OFFICE, DESTINATION, TOP], field_name="code")
    form = CommendationForm.objects.filter(name="Giấy khen").first()
    if len(users) < 2 or len(units) < 3 or form is None:
        return
    office = users["sonoivu"]
    people = _people(office, day)
    if len(people) < PRAISED:
        return
    praise: dict[str, Any] = {"act": decision_acts["commendation"], "unit": units[OFFICE], "acting_user": office}
    enter_signed(
        **praise,
        effective_on=day - datetime.timedelta(days=20),
        terms={"form": form, "detail": "Hoàn thành tốt nhiệm vụ sắp xếp tổ chức bộ máy"},
        people=_pairs(people[:PRAISED]),
        signature=Signature(
            number="215/QĐ-SNV",
            signed_on=day - datetime.timedelta(days=20),
            issuer="Sở Nội vụ",
            signer="Giám đốc Sở Nội vụ",
        ),
        summary="Tặng giấy khen cho tập thể, cá nhân có thành tích trong sắp xếp tổ chức bộ máy",
    )
    proposed = draw_up(
        **praise,
        effective_on=day + datetime.timedelta(days=20),
        terms={"form": form, "detail": "Có thành tích trong cải cách hành chính"},
        people=_pairs(people[:PROPOSED]),
        summary="Tặng giấy khen về thành tích cải cách hành chính",
    )
    check_draft(decision=proposed, acting_user=office)
    if proposed.is_open and proposed.state == "checked":
        submit_decision(decision=proposed, acting_user=office)
    draw_up(
        act=decision_acts["pay_step"],
        unit=units[OFFICE],
        effective_on=day + datetime.timedelta(days=7),
        terms={},
        people=_pairs(people[:RAISED]),
        acting_user=office,
        summary="Nâng bậc lương thường xuyên đợt cuối năm",
    )
    draw_up(
        act=decision_acts["transfer"],
        unit=units[TOP],
        effective_on=day + datetime.timedelta(days=30),
        terms={"unit": units[DESTINATION]},
        people=_pairs(people[-MOVED:]),
        acting_user=users["tinh"],
        summary="Điều động công chức giữa các sở",
    )


def _people(user: User, day: datetime.date) -> list[Cadre]:
    """People of the office on whom it decides itself."""
    mine = Cadre.objects.visible_to(user, Action.DECIDE).manageable_by(user, Action.DECIDE, day).present_on(day)
    return list(mine.order_by("sort_key", "pk")[:12])


def _pairs(people: list[Cadre]) -> list[tuple[Cadre | None, dict[str, Any]]]:
    return [(cadre, {}) for cadre in people]
