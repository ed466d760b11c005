"""Employment, posts, pay and Party: what holds on the roster's day beside what the row says."""

from __future__ import annotations

import datetime
from typing import Any

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.many import new_row
from hrdb.kernel.periods import StartPrecision
from hrdb.kernel.text import same_text_key
from personnel.choices import ENDED_STATES, AssignmentKind, EmploymentCategory, EmploymentState, PayScheme
from personnel.imports.roster.facts import Facts, Post
from personnel.imports.roster.held import HeldRecord
from personnel.imports.roster.identity import agrees
from personnel.imports.roster.tracks import Track, place
from personnel.imports.roster.verdicts import Comparison, Difference, Verdict
from personnel.models import Assignment, Custody, Employment, PartyMembership, PayStep
from personnel.services.rosters import known_from

#: Stands in the basis of a membership whose day of admission no list has told.
ADMISSION_UNKNOWN = "chưa rõ ngày vào Đảng"


def compare_employment(facts: Facts, held: HeldRecord, compared: Comparison, verdict: Verdict) -> None:
    rows = held.track(Employment)
    holding = next((row for row in rows if row.holds_on(compared.day)), None)
    if holding is not None and holding.state in ENDED_STATES and facts.state in ("", EmploymentState.WORKING):
        message = f"Hồ sơ ghi {holding.get_state_display().lower()} từ ngày {holding.effective_from:%d/%m/%Y}."
        verdict.warnings.append(("Tình trạng", "listed-after-leaving", facts.name, message))
        return
    category = facts.category or (holding.category if holding else "") or facts.usual_category
    state = facts.state or (holding.state if holding else "") or EmploymentState.WORKING
    if holding is not None and not facts.category and not facts.state:
        return
    if holding is None and not facts.category:
        verdict.category_basis = facts.category_basis
    track = Track(
        "Đối tượng, tình trạng",
        Employment,
        {"cadre_id": held.cadre.pk, "category": category, "state": state},
        str(holding) if holding else "",
        f"{EmploymentCategory(category).label}, {EmploymentState(state).label}",
        facts.recruited_on if holding is None else None,
    )
    place(track, rows, lambda row: (row.category, row.state) == (category, state), compared, verdict)


def compare_posts(
    facts: Facts, held: HeldRecord, compared: Comparison, verdict: Verdict, *, is_second_row: bool = False
) -> None:
    main, others = _main_and_others(facts, is_second_row=is_second_row)
    if not is_second_row and (main is not None or facts.unit_id is not None):
        _compare_main_post(main, facts, held, compared, verdict)
    for post in others:
        _compare_other_post(post, facts, held, compared, verdict)


def _main_and_others(facts: Facts, *, is_second_row: bool) -> tuple[Post | None, list[Post]]:
    """The first main title of the row, and the titles held beside it; a second row has only the latter."""
    if is_second_row:
        return None, [
            Post(post.title_id, post.text, AssignmentKind.CONCURRENT if post.kind == AssignmentKind.MAIN else post.kind)
            for post in facts.posts
        ]
    main = next((post for post in facts.posts if post.kind == AssignmentKind.MAIN), None)
    return main, [post for post in facts.posts if post is not main]


def _same_post(row: Assignment, post: Post, compared: Comparison) -> bool:
    if post.title_id is not None and row.title_id is not None:
        return row.title_id == post.title_id
    written = row.title_text or compared.name("title", row.title_id)
    return same_text_key(written) == same_text_key(post.text)


def _compare_main_post(
    main: Post | None, facts: Facts, held: HeldRecord, compared: Comparison, verdict: Verdict
) -> None:
    rows = held.track(Assignment, kind=AssignmentKind.MAIN)
    holding = next((row for row in rows if row.holds_on(compared.day)), None)
    unit_id = facts.unit_id or (holding.unit_id if holding else None)
    if holding is not None and unit_id is not None and compared.tree.is_at_or_below(holding.unit_id, unit_id):
        unit_id = holding.unit_id  # a roster that names the department says nothing against its division
    post = main or (Post(holding.title_id, holding.title_text, AssignmentKind.MAIN) if holding else None)
    post = post or Post(None, "", AssignmentKind.MAIN)
    values = {
        "cadre_id": held.cadre.pk,
        "kind": AssignmentKind.MAIN,
        "unit_id": unit_id,
        "title_id": post.title_id,
        "title_text": _text_beside(post, compared),
    }
    track = Track(
        "Chức vụ, đơn vị",
        Assignment,
        values,
        _post_text(holding, compared) if holding else "",
        ", ".join(part for part in (post.text, compared.name("unit", unit_id)) if part),
        facts.appointed_on,
    )

    def is_same(row: Assignment) -> bool:
        says_same_title = main is None or _same_post(row, main, compared)
        return says_same_title and (unit_id is None or row.unit_id == unit_id)

    before = len(verdict.changes.inserts)
    place(track, rows, is_same, compared, verdict)
    added = verdict.changes.inserts[before:]
    if added and held.cadre.pk and unit_id is not None:
        _move_custody(unit_id, held, added[0].effective_from, compared, verdict)  # type: ignore[attr-defined]


def _text_beside(post: Post, compared: Comparison) -> str:
    """The title as written, kept only where it says more than the mapped title."""
    mapped = compared.name("title", post.title_id) if post.title_id else ""
    return "" if mapped and same_text_key(mapped) == same_text_key(post.text) else post.text[:250]


def _post_text(row: Assignment, compared: Comparison) -> str:
    title = row.title_text or compared.name("title", row.title_id)
    return ", ".join(part for part in (title, compared.name("unit", row.unit_id)) if part)


def _move_custody(unit_id: int, held: HeldRecord, day: datetime.date, compared: Comparison, verdict: Verdict) -> None:
    """The record follows the main post to its unit."""
    holding = next((row for row in held.track(Custody) if row.holds_on(day)), None)
    if holding is None or holding.unit_id == unit_id:
        return
    if holding.effective_from == day:
        verdict.changes.edit(holding, unit_id=unit_id)
        return
    verdict.changes.edit(holding, effective_until=day)
    verdict.changes.inserts.append(
        new_row(
            Custody,
            cadre_id=held.cadre.pk,
            unit_id=unit_id,
            effective_from=day,
            effective_until=holding.effective_until,
            basis=known_from(compared.day),
        )
    )


def _compare_other_post(post: Post, facts: Facts, held: HeldRecord, compared: Comparison, verdict: Verdict) -> None:
    """A title beside the main one is added once; a list that leaves it out ends nothing."""
    for row in held.rows[Assignment]:
        if row.holds_on(compared.day) and _same_post(row, post, compared):
            return
    new = new_row(
        Assignment,
        cadre_id=held.cadre.pk,
        kind=post.kind,
        unit_id=facts.unit_id,
        title_id=post.title_id,
        title_text=_text_beside(post, compared),
        effective_from=compared.day,
        start_precision=StartPrecision.KNOWN_FROM,
        basis=known_from(compared.day),
    )
    verdict.changes.inserts.append(new)
    held.rows[Assignment].append(new)
    label = "Chức vụ Đảng" if post.kind == AssignmentKind.PARTY else "Chức vụ kiêm nhiệm"
    verdict.differences.append(Difference(label, "", post.text, "add"))


def compare_pay(facts: Facts, held: HeldRecord, compared: Comparison, verdict: Verdict) -> None:
    if not facts.says_pay:
        return
    rows = held.track(PayStep, scheme=PayScheme.RANK)
    holding = next((row for row in rows if row.holds_on(compared.day)), None)
    said = {"rank_id": facts.rank_id, "step": facts.step, "coefficient": facts.coefficient}
    said = {name: value for name, value in said.items() if value is not None}
    kept = {name: getattr(holding, name) for name in ("rank_id", "step", "coefficient")} if holding else {}
    if "rank_id" in said and kept.get("rank_id") != said["rank_id"]:
        kept = {}
    values = {"cadre_id": held.cadre.pk, "scheme": PayScheme.RANK, **kept, **said}
    if facts.over_frame is not None:
        values["over_frame_percent"] = said["over_frame_percent"] = facts.over_frame
    track = Track(
        "Ngạch, bậc, hệ số",
        PayStep,
        values,
        _pay_text(_pay_of(holding), compared) if holding else "",
        _pay_text(values, compared),
        facts.pay_from,
    )
    place(
        track,
        rows,
        lambda row: all(getattr(row, name) == value for name, value in said.items()),
        compared,
        verdict,
    )


def _pay_of(row: PayStep) -> dict[str, Any]:
    """Rank, step and coefficient of a pay step."""
    return {"rank_id": row.rank_id, "step": row.step, "coefficient": row.coefficient}


def _pay_text(values: dict[str, Any], compared: Comparison) -> str:
    coefficient = values.get("coefficient")
    parts = [
        compared.name("rank", values.get("rank_id")),
        f"bậc {values['step']}" if values.get("step") else "",
        f"{coefficient:.2f}".replace(".", ",") if coefficient is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def compare_party(facts: Facts, held: HeldRecord, compared: Comparison, verdict: Verdict) -> None:
    if not facts.is_party_member and facts.party_joined_on is None and facts.party_official_on is None:
        return
    joined = facts.party_joined_on
    member = next((row for row in held.track(PartyMembership) if row.holds_on(compared.day)), None)
    if member is None:
        _add_membership(joined, facts, held, compared, verdict)
        return
    if joined is not None and joined.value != member.effective_from:
        _correct_membership(member, joined, facts, compared, verdict)
    if facts.party_official_on and member.official_on != facts.party_official_on:
        _official_day(member, facts.party_official_on, facts, compared, verdict)


def _add_membership(
    joined: PartialDate | None, facts: Facts, held: HeldRecord, compared: Comparison, verdict: Verdict
) -> None:
    later = [row for row in held.track(PartyMembership) if row.effective_from > compared.day]
    if later:
        return
    # Who is official on a day was admitted by then.
    start = min(day for day in (joined.value if joined else None, facts.party_official_on, compared.day) if day)
    ended = max((row.effective_until for row in held.track(PartyMembership) if row.effective_until), default=None)
    start = max(start, ended) if ended else start
    official = facts.party_official_on
    new = new_row(
        PartyMembership,
        cadre_id=held.cadre.pk,
        effective_from=start,
        joined_precision=joined.precision if joined else "day",
        official_on=official if official and official >= start else None,
        basis=known_from(compared.day) if joined else f"{known_from(compared.day)}; {ADMISSION_UNKNOWN}",
    )
    verdict.changes.inserts.append(new)
    held.rows[PartyMembership].append(new)
    verdict.differences.append(Difference("Đảng viên", "", joined.text if joined else "Có", "add"))


def _is_admission_unknown(member: PartyMembership) -> bool:
    """Whether a list told only that somebody is a member, so that the period begins on a day by which he was one."""
    return ADMISSION_UNKNOWN in member.basis


def _correct_membership(
    member: PartyMembership, joined: PartialDate, facts: Facts, compared: Comparison, verdict: Verdict
) -> None:
    """The day of admission is a correction, unless it was not known before."""
    if agrees(less=joined, more=PartialDate(member.effective_from, member.joined_precision)):  # type: ignore[arg-type]
        return
    was_unknown = _is_admission_unknown(member)
    is_written = was_unknown or compared.consents(facts, "Ngày vào Đảng")
    old = f"{member.effective_from:%d/%m/%Y}"
    verdict.differences.append(
        Difference(
            "Ngày vào Đảng", "" if was_unknown else old, joined.text, "fill" if was_unknown else "correct", is_written
        )
    )
    if is_written:
        verdict.changes.edit(
            member,
            effective_from=joined.value,
            joined_precision=joined.precision,
            basis=known_from(compared.day),
        )
    else:
        message = f"Ngày vào Đảng khác hồ sơ ({old}); chỉ sửa khi xác nhận đính chính."
        verdict.warnings.append(("Ngày vào Đảng", "correction-pending", joined.text, message))


def _official_day(
    member: PartyMembership, day: datetime.date, facts: Facts, compared: Comparison, verdict: Verdict
) -> None:
    if day < member.effective_from:
        if not _is_admission_unknown(member):
            message = f"Ngày chính thức vào Đảng trước ngày vào Đảng trong hồ sơ ({member.effective_from:%d/%m/%Y})."
            verdict.errors.append(("Ngày chính thức", "impossible-order", f"{day:%d/%m/%Y}", message))
            return
        verdict.changes.edit(member, effective_from=day)
    is_filled = member.official_on is None
    is_written = is_filled or compared.consents(facts, "Ngày chính thức")
    old = "" if member.official_on is None else f"{member.official_on:%d/%m/%Y}"
    verdict.differences.append(
        Difference("Ngày chính thức", old, f"{day:%d/%m/%Y}", "fill" if is_filled else "correct", is_written)
    )
    if is_written:
        verdict.changes.edit(member, official_on=day)
