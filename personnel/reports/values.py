"""The values that both forms print, by the key of the row; text where one value stands, rows where a table does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from personnel.choices import AssetKind, AssignmentKind, LifeHistoryKind, PayScheme, QualificationKind, RelativeSide
from personnel.reports.layout import FormRow, Value
from personnel.reports.record import AllowanceHeld, Kin, LifeNote, Pay, RecordSnapshot, Study
from personnel.reports.rows import CLOSED
from personnel.reports.wording import (
    allowance_words,
    birth_words,
    certificate_words,
    day_words,
    from_until,
    joined,
    level_words,
    money,
    number,
    partial_words,
    percent,
    post_title,
    property_words,
    span,
    study_months,
)

OVER_FRAME = "07"
PLAIN_TEXTS = (
    "officer_code",
    "personal_number",
    "other_name",
    "sex",
    "birth_place",
    "home_town",
    "ethnicity",
    "religion",
    "phone",
    "social_insurance_number",
    "health_insurance_number",
    "permanent_residence",
    "current_residence",
    "family_background",
    "former_occupation",
    "recruited_by",
    "highest_military_rank",
    "schooling",
    "academic_title",
    "honour",
    "main_work",
    "strengths",
    "longest_work",
    "agency_remark",
)
PLAIN_DATES = ("id_issued_on", "joined_agency_on", "enlisted_on", "discharged_on")
#: Rows of tier 2, by key; the first of each line says that it is closed, the others stay empty.
SENSITIVE_KEYS = frozenset(
    {
        "health_status",
        "arrests",
        "old_regime",
        "foreign_organisations",
        "foreign_relatives",
        "disciplines",
        "highest_discipline",
        "own_relatives",
        "spouse_relatives",
        "income_salary",
        "income_other",
        "houses_granted",
        "houses_bought",
        "land_granted",
        "land_bought",
        "land_business",
    }
)


def closed_rows(record: RecordSnapshot) -> dict[str, str]:
    """What stands in place of the rows that the reader may not see."""
    return {} if record.is_sensitive_open else dict.fromkeys(SENSITIVE_KEYS, CLOSED)


def identity_values(record: RecordSnapshot) -> dict[str, Value]:
    """Head and identity."""
    person, party = record.identity, record.party
    values: dict[str, Value] = {key: getattr(person, key) for key in PLAIN_TEXTS}
    values |= {key: day_words(getattr(person, key)) for key in PLAIN_DATES}
    return values | {
        "managing_agency": record.managing_agency,
        "employing_unit": record.employing_unit,
        "photo": "",
        "full_name": person.full_name.upper(),
        "born": birth_words(person.born, person.born_precision),
        "first_recruited_on": partial_words(person.first_recruited_on, person.first_recruited_precision),
        "identity_number": person.personal_number,
        "identity_issued_on": day_words(person.id_issued_on),
        "organisation_joined_on": joined((day_words(person.organisation_joined_on), person.organisation_joined), ", "),
        "policy_status": joined((person.policy_status, person.policy_note), ", "),
        "party_joined_on": partial_words(party.joined_on, party.joined_precision) if party else "",
        "party_official_on": day_words(party.official_on) if party else "",
        "highest_degree": level_words(record.highest_study(QualificationKind.PROFESSIONAL)),
    }


def title_values(record: RecordSnapshot) -> dict[str, Value]:
    """Posts held on the day: main, concurrent and acting, Party."""
    main = next(iter(record.held_posts(AssignmentKind.MAIN)), None)
    beside = record.held_posts(AssignmentKind.CONCURRENT, AssignmentKind.ACTING)
    party = record.held_posts(AssignmentKind.PARTY)
    return {
        "current_title": main.title if main else "",
        "appointed_on": day_words(main.appointed_on) if main else "",
        "reappointed_on": day_words(main.reappointed_on) if main else "",
        "planned_titles": joined(record.planned_titles),
        "concurrent_title": joined(post.title for post in beside),
        "party_title": party[0].title if party else "",
        "concurrent_party_title": joined(post.title for post in party[1:]),
    }


def pay_values(record: RecordSnapshot, rows: Mapping[str, FormRow]) -> dict[str, Value]:
    """Pay on the day, by rank and by job position, and allowances."""
    by_rank, by_position = record.pay(PayScheme.RANK), record.pay(PayScheme.POSITION)
    return _rank_pay(by_rank) | _position_pay(by_position) | _allowances(record.allowances, rows)


def _rank_pay(pay: Pay | None) -> dict[str, Value]:
    if pay is None:
        keys = ("rank", "rank_code", "rank_appointed_on", "pay_step", "pay_coefficient", "pay_from", "pay_percent")
        return dict.fromkeys((*keys, "over_frame_percent", "over_frame_from"), "")
    return {
        "rank": pay.name,
        "rank_code": pay.code,
        "rank_appointed_on": day_words(pay.appointed_on),
        "pay_step": number(pay.step),
        "pay_coefficient": number(pay.coefficient, 2),
        "pay_from": _pay_from(pay),
        "pay_percent": percent(pay.percent),
        "over_frame_percent": percent(pay.over_frame_percent),
        "over_frame_from": day_words(pay.over_frame_from),
    }


def _position_pay(pay: Pay | None) -> dict[str, Value]:
    if pay is None:
        keys = ("position_name", "position_code", "position_step", "position_amount", "position_pay_from")
        return dict.fromkeys(
            (*keys, "position_pay_percent", "position_over_frame_percent", "position_over_frame_from"), ""
        )
    return {
        "position_name": pay.name,
        "position_code": pay.code,
        "position_step": number(pay.step),
        "position_amount": money(pay.amount),
        "position_pay_from": _pay_from(pay),
        "position_pay_percent": percent(pay.percent),
        "position_over_frame_percent": percent(pay.over_frame_percent),
        "position_over_frame_from": day_words(pay.over_frame_from),
    }


def _pay_from(pay: Pay) -> str:
    """The day of entitlement; only the months where the day is not known."""
    return day_words(pay.period.first_day) if pay.period.precision == "day" else from_until(pay.period)[0]


def _allowances(allowances: Iterable[AllowanceHeld], rows: Mapping[str, FormRow]) -> dict[str, Value]:
    """Allowances in force on the day: of the title, of a concurrent post, all others by name."""
    held = [allowance for allowance in allowances if allowance.period.holds and allowance.code != OVER_FRAME]
    known = {key: set(rows[key].where["kind"]) for key in ("title_allowance", "concurrent_allowance") if key in rows}
    values: dict[str, Value] = {
        key: joined(allowance_words(allowance) for allowance in held if allowance.code in codes)
        for key, codes in known.items()
    }
    others = [allowance for allowance in held if not any(allowance.code in codes for codes in known.values())]
    values["other_allowance"] = joined(
        joined((allowance.name, allowance_words(allowance)), ": ") for allowance in others
    )
    return values


def health_values(record: RecordSnapshot) -> dict[str, Value]:
    """The newest health check."""
    health = record.health
    return {
        "health_status": health.status if health else "",
        "height_cm": number(health.height_cm) if health else "",
        "weight_kg": number(health.weight_kg) if health else "",
        "blood_group": health.blood_group if health else "",
    }


def kin_values(record: RecordSnapshot) -> dict[str, Value]:
    """Family of the person and of the spouse."""
    return {
        "own_relatives": _kin(record.kin_of(RelativeSide.OWN)),
        "spouse_relatives": _kin(record.kin_of(RelativeSide.SPOUSE)),
    }


def _kin(people: Iterable[Kin]) -> list[tuple[str, ...]]:
    return [(person.kind, person.full_name, str(person.birth_year or ""), person.details) for person in people]


def life_sentence(note: LifeNote) -> str:
    """A declaration with its time in front."""
    return joined((span(note.period, open_end=""), note.details), ": ")


def training_values(record: RecordSnapshot) -> dict[str, Value]:
    """Tables 32.1 to 32.6."""

    def short(*kinds: QualificationKind) -> list[tuple[str, ...]]:
        return [(*study_months(s), s.school, _level_and_field(s)) for s in record.studies_of(*kinds)]

    kinds = QualificationKind
    return {
        "professional_training": [
            (*study_months(s), s.school, s.field, s.study_form, certificate_words(s))
            for s in record.studies_of(kinds.PROFESSIONAL)
        ],
        "political_theory_training": [
            (*study_months(s), s.school, s.study_form, certificate_words(s))
            for s in record.studies_of(kinds.POLITICAL_THEORY)
        ],
        "state_management_training": short(kinds.STATE_MANAGEMENT),
        "defence_training": short(kinds.DEFENCE),
        "informatics_training": short(kinds.INFORMATICS),
        "language_training": [
            (*study_months(s), s.school, s.language, certificate_words(s), s.score)
            for s in record.studies_of(kinds.FOREIGN_LANGUAGE, kinds.ETHNIC_LANGUAGE)
        ],
    }


def _level_and_field(study: Study) -> str:
    return joined((certificate_words(study), study.field), ", ")


def process_values(record: RecordSnapshot) -> dict[str, Value]:
    """Tables 33 to 35: career, life history, commendations, discipline."""
    kinds = LifeHistoryKind
    return {
        "career": [(*from_until(post.period), post.place, post_title(post)) for post in record.posts],
        "arrests": [(life_sentence(note),) for note in record.life_notes(kinds.ARREST)],
        "old_regime": [(*from_until(n.period, open_end=""), n.details) for n in record.life_notes(kinds.OLD_REGIME)],
        "foreign_organisations": [
            (*from_until(note.period, open_end=""), note.details)
            for note in record.life_notes(kinds.FOREIGN_ORGANISATION, kinds.FOREIGN_RELATIVE)
        ],
        "commendations": [
            (str(p.year), p.professional_rating, p.emulation_title, joined((p.form, p.detail))) for p in record.praises
        ],
        "disciplines": [
            (*from_until(p.period, open_end=""), p.form, p.behaviour, p.authority) for p in record.penalties
        ],
    }


def economy_values(record: RecordSnapshot) -> dict[str, Value]:
    """Part 37: pay and allowances over time, incomes, houses and land."""

    def incomes(kind: AssetKind) -> str:
        return joined(
            joined((f"{money(item.amount)} đồng" if item.amount is not None else "", item.description), ", ")
            for item in record.properties_of(kind)
        )

    def estate(kind: AssetKind, of_house: bool) -> str:
        return joined((property_words(item, of_house=of_house) for item in record.properties_of(kind)), ". ")

    return {
        "pay_history": [
            (*from_until(pay.period), pay.code, number(pay.step), _coefficient(pay), money(pay.amount))
            for pay in record.pays
        ],
        "other_allowances": [
            (
                *from_until(a.period),
                a.name,
                percent(a.percent),
                number(a.coefficient, 2),
                a.payment_form,
                money(a.amount),
            )
            for a in record.allowances
        ],
        "income_salary": incomes(AssetKind.INCOME_SALARY),
        "income_other": incomes(AssetKind.INCOME_OTHER),
        "houses_granted": estate(AssetKind.HOUSE_GRANTED, True),
        "houses_bought": estate(AssetKind.HOUSE_BOUGHT, True),
        "land_granted": estate(AssetKind.LAND_GRANTED, False),
        "land_bought": estate(AssetKind.LAND_BOUGHT, False),
        "land_business": estate(AssetKind.LAND_BUSINESS, False),
    }


def _coefficient(pay: Pay) -> str:
    """The coefficient, with the share above the frame."""
    beyond = f"(VK {percent(pay.over_frame_percent)})" if pay.over_frame_percent else ""
    return joined((number(pay.coefficient, 2), beyond), " ")
