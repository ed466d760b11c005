"""Rows of the database made into the frozen parts of a snapshot, cut at the day."""

from __future__ import annotations

import base64
import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from hrdb.kernel.periods import StartPrecision
from hrdb.kernel.screens.formats import masked_text
from personnel.choices import AssetKind
from personnel.forms.identity import SECTIONS
from personnel.models import (
    Allowance,
    Asset,
    Assignment,
    Cadre,
    Commendation,
    Commune,
    Discipline,
    HealthCheck,
    LifeHistory,
    PartyMembership,
    PayStep,
    Qualification,
    Relative,
)
from personnel.reports.record import (
    AllowanceHeld,
    Health,
    Identity,
    Kin,
    LifeNote,
    Membership,
    Pay,
    Penalty,
    Period,
    Post,
    Praise,
    Property,
    Study,
)
from personnel.reports.unit_names import UnitNames

CLOSED = "(không có quyền xem)"
#: What is known of the present alone, in the words that a reader of a past day alone gets; codes and notes are empty.
CLOSED_OF_A_DAY: Final[Mapping[str, Any]] = {
    name: CLOSED
    for section in SECTIONS
    if section.is_undated
    for name in section.names
    if name in {field.name for field in fields(Identity)}
} | {"policy_note": "", "policy_status_code": ""}
PHOTO_PIXELS = (472, 709)
INCOMES = (AssetKind.INCOME_SALARY, AssetKind.INCOME_OTHER)


def by(day: datetime.date, value: datetime.date | None) -> datetime.date | None:
    """A date that had come by the day, else nothing."""
    return value if value is not None and value <= day else None


def period(
    start: datetime.date | None,
    until: datetime.date | None,
    day: datetime.date,
    precision: str = StartPrecision.DAY,
) -> Period:
    """A half-open period as it was known on the day: an end that lies ahead is not told."""
    ended = until is not None and until <= day
    return Period(start, until - datetime.timedelta(days=1) if until is not None and ended else None, precision)


def place(text: str, commune: Commune | None) -> str:
    """A place as written, else commune and province of the code."""
    return text or (f"{commune.name}, {commune.province.name}" if commune else "")


def photo(path: str) -> bytes | None:
    """A 4x6 photograph as a small JPEG; None when there is none that can be read."""
    if not path:
        return None
    try:
        with default_storage.open(path) as file, Image.open(file) as picture:
            fitted = ImageOps.fit(picture.convert("RGB"), PHOTO_PIXELS)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    buffer = io.BytesIO()
    fitted.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def picture_address(content: bytes | None) -> str:
    """A picture as an address inside the document."""
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}" if content else ""


def identity(
    cadre: Cadre, day: datetime.date, is_tier_1_open: bool, with_photo: bool, *, is_of_a_day: bool = False
) -> Identity:
    """The single-valued rows; tier 1 masked where it is closed.

    `is_of_a_day`: only the past day is open to the reader: no photograph, nothing that is known of the present alone.
    """

    def tier_1(value: object) -> str:
        return (str(value) if is_tier_1_open else CLOSED) if value else ""

    number = cadre.personal_number or ""
    whole = Identity(
        officer_code=cadre.officer_code,
        personal_number=number if is_tier_1_open or not number else masked_text(number),
        photo=photo(cadre.photo) if with_photo and not is_of_a_day else None,
        full_name=cadre.full_name,
        other_name=cadre.other_name,
        born=cadre.born,
        born_precision=cadre.born_precision,
        sex=cadre.get_sex_display() if cadre.sex else "",
        birth_place=place(cadre.birth_place, cadre.birth_commune),
        home_town=place(cadre.home_town, cadre.home_commune),
        ethnicity=tier_1(cadre.ethnicity),
        religion=tier_1(cadre.religion),
        id_issued_on=by(day, cadre.id_issued_on),
        phone=cadre.phone,
        social_insurance_number=cadre.social_insurance_number,
        health_insurance_number=cadre.health_insurance_number,
        permanent_residence=cadre.permanent_residence,
        current_residence=cadre.current_residence,
        family_background=_name(cadre.family_background),
        former_occupation=cadre.former_occupation,
        first_recruited_on=by(day, cadre.first_recruited_on),
        first_recruited_precision=cadre.first_recruited_precision,
        recruited_by=cadre.recruited_by,
        joined_agency_on=by(day, cadre.joined_agency_on),
        organisation_joined_on=by(day, cadre.organisation_joined_on),
        organisation_joined=cadre.organisation_joined,
        enlisted_on=by(day, cadre.enlisted_on),
        discharged_on=by(day, cadre.discharged_on),
        highest_military_rank=cadre.highest_military_rank,
        policy_status_code=cadre.policy_status.code if cadre.policy_status else "",
        policy_status=_name(cadre.policy_status),
        policy_note=cadre.policy_note,
        schooling=_name(cadre.schooling),
        academic_title=_name(cadre.academic_title),
        honour=_name(cadre.honour),
        main_work=cadre.main_work,
        strengths=cadre.strengths,
        longest_work=cadre.longest_work,
        agency_remark=cadre.agency_remark,
    )
    return replace(whole, **CLOSED_OF_A_DAY) if is_of_a_day else whole


def _name(item: object | None) -> str:
    return str(item) if item is not None else ""


def post(row: Assignment, day: datetime.date, units: UnitNames) -> Post:
    """A post, its unit named as it was called when the post ended, or on the day."""
    held = period(row.effective_from, row.effective_until, day, row.start_precision)
    leads = row.title is not None and row.title.is_leadership
    exact_start = row.effective_from if leads and row.start_precision == StartPrecision.DAY else None
    return Post(
        kind=row.kind,
        place=units.full(row.unit_id, held.last_day or day) if row.unit_id else row.organisation,
        title=row.title_name,
        period=held,
        appointed_on=by(day, row.first_appointed_on or exact_start),
        reappointed_on=by(day, row.reappointed_on),
        title_rank=row.title.rank if row.title else None,
    )


def study(row: Qualification, day: datetime.date) -> Study:
    """A degree or certificate; without the time of study its month of issue stands at the end."""
    issued = row.effective_from if row.start_precision != StartPrecision.KNOWN_FROM else None
    started, ended = by(day, row.studied_from), by(day, row.studied_until)
    return Study(
        kind=row.kind,
        level=row.level_name,
        level_short=(row.level.short_name if row.level else "") or row.level_name,
        level_rank=row.level.rank if row.level else None,
        language=_name(row.language),
        field=row.field,
        school=row.school,
        study_form=_name(row.study_form),
        period=Period(started, ended or (None if started else issued), row.start_precision),
        certificate=row.certificate,
        score=row.score,
        is_valid=row.holds_on(day),
    )


def pay(row: PayStep, day: datetime.date) -> Pay:
    """A pay step by rank or by job position."""
    return Pay(
        scheme=row.scheme,
        name=row.rank.name if row.rank else row.position_name,
        code=row.rank.code if row.rank else row.position_code,
        appointed_on=by(day, row.rank_appointed_on),
        step=row.step,
        coefficient=row.coefficient,
        amount=row.amount,
        percent=row.percent,
        over_frame_percent=row.over_frame_percent,
        over_frame_from=by(day, row.over_frame_from),
        period=period(row.effective_from, row.effective_until, day, row.start_precision),
    )


def allowance(row: Allowance, day: datetime.date) -> AllowanceHeld:
    """An allowance."""
    return AllowanceHeld(
        code=row.kind.code,
        name=row.kind.name,
        percent=row.percent,
        coefficient=row.coefficient,
        amount=row.amount,
        payment_form=row.payment_form,
        period=period(row.effective_from, row.effective_until, day),
    )


def membership(row: PartyMembership, day: datetime.date) -> Membership:
    """Party membership."""
    return Membership(row.effective_from, row.joined_precision, by(day, row.official_on))


def praises(rows: Iterable[Commendation], rated: Mapping[int, str]) -> tuple[Praise, ...]:
    """Commendations in the order of years, each with the level of its year; a rated year without any has a row too."""
    told = [_praise(row, rated.get(row.year, "")) for row in rows]
    alone = rated.keys() - {praise.year for praise in told}
    told += [Praise(year, rated[year], "", "", None, "") for year in alone]
    return tuple(sorted(told, key=lambda praise: praise.year))


def _praise(row: Commendation, level: str) -> Praise:
    """A commendation; what was written down by hand goes before the level that was published."""
    return Praise(
        year=row.year,
        professional_rating=row.professional_rating or level,
        emulation_title=_name(row.emulation_title),
        form=_name(row.form),
        form_position=row.form.position if row.form else None,
        detail=row.detail,
    )


def penalty(row: Discipline, day: datetime.date) -> Penalty:
    """A disciplinary measure; the issuer of its decision stands in for an authority that was not written down."""
    return Penalty(
        form=row.form.name,
        severity=row.form.severity,
        behaviour=row.behaviour,
        authority=row.authority or (row.decision.issuer if row.decision else ""),
        period=period(row.effective_from, row.effective_until, day),
    )


def kin(row: Relative) -> Kin:
    """A relative."""
    return Kin(row.side, row.kind.name, row.full_name, row.birth_year, row.details, row.is_abroad)


def life_note(row: LifeHistory, day: datetime.date) -> LifeNote:
    """A declaration of life history; its last day is told as written."""
    return LifeNote(row.kind, Period(row.began_on, by(day, row.ended_on)), row.details)


def health(row: HealthCheck) -> Health:
    """The newest health check."""
    return Health(row.status, row.height_cm, row.weight_kg, row.blood_group)


def properties(assets: Sequence[Asset]) -> tuple[Property, ...]:
    """Houses and land as declared; of each kind of income only the newest declaration."""
    newest = {row.kind: row for row in assets if row.kind in INCOMES}
    kept = [row for row in assets if row.kind not in INCOMES or newest[row.kind] is row]
    return tuple(
        Property(
            kind=row.kind,
            property_kind=_name(row.property_kind),
            description=row.description,
            area_m2=row.area_m2,
            certificate=row.certificate,
            amount=row.amount,
        )
        for row in kept
    )
