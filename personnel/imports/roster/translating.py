"""From a row as understood to facts in the database's terms: codes become ids, parts posts and qualifications."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from hrdb.kernel.dates import PartialDate
from personnel.choices import AssignmentKind, QualificationKind
from personnel.imports.roster.categories import CategoryReader
from personnel.imports.roster.database import Reference, kind_of_post
from personnel.imports.roster.facts import Facts, Learning, Post
from personnel.imports.roster.parts import DegreePart, LanguagePart, TitlePart
from personnel.imports.roster.results import RosterRow

#: Fields whose text goes straight to the person, by field of the roster.
TEXTS = {
    "other_name": "other_name",
    "officer_code": "officer_code",
    "birth_place": "birth_place",
    "home_town": "home_town",
    "permanent_residence": "permanent_residence",
    "current_residence": "current_residence",
    "phone": "phone",
    "email": "email",
    "social_insurance_number": "social_insurance_number",
    "health_insurance_number": "health_insurance_number",
    "recruited_by": "recruited_by",
}
#: Coded fields of the person: field of the roster, list, field of the person.
CODES = (
    ("ethnicity", "ethnic_groups", "ethnicity_id"),
    ("religion", "religions", "religion_id"),
    ("family_background", "family_backgrounds", "family_background_id"),
    ("policy_status", "policy_statuses", "policy_status_id"),
    ("schooling", "schooling", "schooling_id"),
    ("academic_title", "academic_titles", "academic_title_id"),
)
#: Qualifications that are one code of one list.
CODED_LEARNINGS = (
    ("political_theory", "political_theory_levels", QualificationKind.POLITICAL_THEORY),
    ("state_management", "state_management_levels", QualificationKind.STATE_MANAGEMENT),
    ("informatics", "informatics_levels", QualificationKind.INFORMATICS),
    ("defence", "defence_levels", QualificationKind.DEFENCE),
)
#: Codes that say that there is no such qualification.
NOTHING_LEARNT = "x-chua"


def facts_of(row: RosterRow, place: int, reference: Reference, categories: CategoryReader) -> Facts:
    """The facts of one row."""
    unit_id = reference.unit_ids.get(row.unit) if row.unit else None
    usual = categories.infer(row, unit_id)
    return Facts(
        place=place,
        sheet=row.sheet,
        row=row.row,
        name=str(row.value("name") or ""),
        personal_number=str(row.value("personal_number") or ""),
        born=row.value("birth_date"),
        sex=str(row.code("sex") or row.value("sex") or ""),
        identity=_identity(row, reference),
        unit_id=unit_id,
        posts=list(_posts(row, reference)),
        appointed_on=row.value("appointed_on"),
        category=row.code("category") or "",
        usual_category=usual.category,
        category_basis=usual.basis,
        state=str(row.code("state") or row.value("state") or ""),
        recruited_on=row.value("recruited_on"),
        party_joined_on=row.value("party_joined_on"),
        party_official_on=_day(row.value("party_official_on")),
        is_party_member=bool(row.value("is_party_member") or row.value("party_joined_on")),
        learnings=list(_learnings(row, reference)),
        rank_id=reference.id_of("ranks", row.code("rank")),
        step=row.value("pay_step"),
        coefficient=_two_places(row.value("coefficient")),
        over_frame=_two_places(row.value("over_frame")),
        pay_from=row.value("pay_from"),
        note=str(row.value("note") or ""),
    )


def _identity(row: RosterRow, reference: Reference) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, target in TEXTS.items():
        if value := row.value(name):
            found[target] = str(value)
    for name, list_name, target in CODES:
        if (value := reference.id_of(list_name, row.code(name))) is not None:
            found[target] = value
    for name in ("id_issued_on", "joined_agency_on"):
        if (day := _day(row.value(name))) is not None:
            found[name] = day
    return found


def _day(value: PartialDate | None) -> datetime.date | None:
    return value.value if value is not None else None


def _two_places(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def _posts(row: RosterRow, reference: Reference) -> Iterable[Post]:
    """The first title is the main one; Party titles of a column of their own, and concurrent ones, stand beside it."""
    parts: tuple[TitlePart, ...] = row.value("title") or ()
    for number, part in enumerate(parts):
        beside = kind_of_post(reference.title_branches.get(part.code or ""))
        yield _post(part, AssignmentKind.MAIN if number == 0 else beside, reference)
    for name, kind in (("party_title", AssignmentKind.PARTY), ("concurrent_title", AssignmentKind.CONCURRENT)):
        for part in row.value(name) or ():
            yield _post(part, kind, reference)


def _post(part: TitlePart, kind: str, reference: Reference) -> Post:
    return Post(reference.id_of("titles", part.code), part.text, str(kind))


def _learnings(row: RosterRow, reference: Reference) -> Iterable[Learning]:
    yield from _degrees(row, reference)
    for name, list_name, kind in CODED_LEARNINGS:
        parsed = row.fields.get(name)
        if parsed is None or parsed.value in (None, "") or (parsed.code or "").startswith(NOTHING_LEARNT):
            continue
        yield Learning(kind, reference.id_of(list_name, parsed.code), str(parsed.value))
    for name, kind in (
        ("foreign_language", QualificationKind.FOREIGN_LANGUAGE),
        ("ethnic_language", QualificationKind.ETHNIC_LANGUAGE),
    ):
        for part in row.value(name) or ():
            yield _language(part, kind, reference)


def _degrees(row: RosterRow, reference: Reference) -> Iterable[Learning]:
    """Degrees; field, school, form and year of their own columns belong to the last one named."""
    parts: tuple[DegreePart, ...] = row.value("degree") or ()
    for number, part in enumerate(parts):
        if (part.code or "").startswith(NOTHING_LEARNT):
            continue
        is_last = number == len(parts) - 1
        yield Learning(
            kind=QualificationKind.PROFESSIONAL,
            level_id=reference.id_of("degree_levels", part.code),
            text=part.text,
            field_of_study=part.study_field or (str(row.value("study_field") or "") if is_last else ""),
            school=str(row.value("school") or "") if is_last else "",
            study_form_id=reference.id_of("study_forms", row.code("study_form")) if is_last else None,
            held_from=row.value("graduated_on") if is_last else None,
        )


def _language(part: LanguagePart, kind: str, reference: Reference) -> Learning:
    return Learning(
        kind=kind,
        level_id=reference.id_of("language_levels", part.level),
        text=part.text,
        language_id=reference.id_of("languages", part.language),
    )
