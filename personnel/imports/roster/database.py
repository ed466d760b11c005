"""The look-ups of a roster from the database: code lists, units in force, titles, and what the office has taught."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import F, Q

from hrdb.kernel.models import User
from personnel.choices import AssignmentKind, EmploymentCategory, EmploymentState, QualificationKind, Sex, TitleBranch
from personnel.imports.roster.held import Tree
from personnel.imports.roster.lookups import TITLES, UNITS, CodeRecord, DictionaryLookups, TitleRecord, UnitRecord
from personnel.imports.roster.mapping import RosterMapping
from personnel.models import (
    AcademicTitle,
    CodeList,
    ColumnMapping,
    EthnicGroup,
    FamilyBackground,
    Language,
    PolicyStatus,
    QualificationLevel,
    Rank,
    RatingLevel,
    Religion,
    Schooling,
    StudyForm,
    Title,
    Unit,
    UnitKind,
    UnitVersion,
    ValueMapping,
)
from personnel.policies import Action

#: Code lists by the names that rosters know them by.
LISTS: dict[str, tuple[type[CodeList], str]] = {
    "ethnic_groups": (EthnicGroup, ""),
    "religions": (Religion, ""),
    "family_backgrounds": (FamilyBackground, ""),
    "policy_statuses": (PolicyStatus, ""),
    "schooling": (Schooling, ""),
    "academic_titles": (AcademicTitle, ""),
    "study_forms": (StudyForm, ""),
    "languages": (Language, ""),
    "ranks": (Rank, ""),
    "degree_levels": (QualificationLevel, QualificationKind.PROFESSIONAL),
    "political_theory_levels": (QualificationLevel, QualificationKind.POLITICAL_THEORY),
    "state_management_levels": (QualificationLevel, QualificationKind.STATE_MANAGEMENT),
    "language_levels": (QualificationLevel, QualificationKind.FOREIGN_LANGUAGE),
    "informatics_levels": (QualificationLevel, QualificationKind.INFORMATICS),
    "defence_levels": (QualificationLevel, QualificationKind.DEFENCE),
    "rating_levels": (RatingLevel, ""),
}

#: The list of what a category was inferred from: its texts are told the category that such people have.
CATEGORY_BASIS: Final = "category_basis"

#: Other spellings of closed choices.
CATEGORY_ALIASES: dict[str, tuple[str, ...]] = {
    EmploymentCategory.CADRE: ("CB",),
    EmploymentCategory.CIVIL_SERVANT: ("CC",),
    EmploymentCategory.PUBLIC_EMPLOYEE: ("VC",),
    EmploymentCategory.CONTRACT_111: (
        "Hợp đồng 111", "HĐ 111", "Hợp đồng 68", "HĐ 68", "NĐ 111", "HĐLĐ NĐ 111", "HĐ theo NĐ 111", "HĐ NĐ 111",
        "Hợp đồng theo Nghị định 111", "Hợp đồng theo NĐ 111", "Hợp đồng theo NĐ 68", "HĐ theo NĐ 68", "HĐ NĐ 68",
        "Hợp đồng theo Nghị định 68", "HĐLĐ 111", "HĐLĐ 68",
    ),
    EmploymentCategory.CONTRACT_OTHER: (
        "Hợp đồng", "HĐLĐ", "Hợp đồng lao động", "HĐ", "Người lao động", "Lao động hợp đồng", "LĐHĐ",
    ),
    EmploymentCategory.COMMUNE_PART_TIME: ("Không chuyên trách", "Người hoạt động không chuyên trách", "KCT"),
    EmploymentCategory.OUTSIDE: ("Ngoài diện quản lý",),
}  # fmt: skip


@dataclass
class Reference:
    """What a roster is read against: the look-ups, and the database's ids and names beside them."""

    tree: Tree
    ids: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[tuple[str, Any], str] = field(default_factory=dict)
    unit_ids: dict[str, int] = field(default_factory=dict)
    editable_units: frozenset[int] = frozenset()
    title_branches: dict[str, str] = field(default_factory=dict)
    #: The category that a title or rank tells, by list and code; those that tell none are left out.
    categories: dict[tuple[str, str], str] = field(default_factory=dict)
    #: The same and the name of kinds of units, by code.
    kind_categories: dict[str, str] = field(default_factory=dict)
    kind_names: dict[str, str] = field(default_factory=dict)
    lookups: DictionaryLookups = field(default_factory=lambda: DictionaryLookups({}))

    def id_of(self, list_name: str, code: str | None) -> int | None:
        """The id of a code of a list, or None."""
        return self.ids.get((list_name, code)) if code else None

    def category_of(self, list_name: str, code: str | None) -> str:
        """The category that a title or rank tells; empty when it tells none."""
        return self.categories.get((list_name, code), "") if code else ""


def read_reference(*, user: User | None, day: datetime.date) -> Reference:
    """Read the reference for a roster of a day: a constant number of queries."""
    found = Reference(tree=Tree(day))
    lists: dict[str, list[CodeRecord]] = {
        "category": [CodeRecord(item.value, item.label, CATEGORY_ALIASES.get(item, ())) for item in EmploymentCategory],
        "states": [CodeRecord(item.value, item.label) for item in EmploymentState],
        "sex": [CodeRecord(item.value, item.label) for item in Sex],
    }
    _read_lists(found, lists)
    records: dict[str, list[Any]] = {**lists, TITLES: _read_titles(found), UNITS: _read_units(found, day)}
    units, titles = records.pop(UNITS), records.pop(TITLES)
    found.lookups = DictionaryLookups(records, units, titles)
    found.editable_units = frozenset(Unit.objects.visible_to(user, Action.EDIT).values_list("pk", flat=True))
    return found


def _read_lists(found: Reference, lists: dict[str, list[CodeRecord]]) -> None:
    levels: dict[str, list[QualificationLevel]] = defaultdict(list)
    for level in QualificationLevel.objects.all():
        levels[level.kind].append(level)
        found.names["level", level.pk] = level.name
    for list_name, (model, kind) in LISTS.items():
        items: list[Any] = levels[kind] if kind else list(model.objects.all())
        lists[list_name] = [
            CodeRecord(item.code, item.name, tuple(filter(None, (item.short_name, *item.aliases)))) for item in items
        ]
        for item in items:
            found.ids[list_name, item.code] = item.pk
            found.names[_NAME_KINDS.get(list_name, list_name), item.pk] = item.name
    for rank in Rank.objects.all():
        found.names["rank", rank.pk] = rank.code
        found.categories["ranks", rank.code] = rank.category
    for kind_of_unit in UnitKind.objects.all():
        found.kind_categories[kind_of_unit.code] = kind_of_unit.category
        found.kind_names[kind_of_unit.code] = kind_of_unit.name


#: What names of identity fields are looked up by.
_NAME_KINDS = {
    "ethnic_groups": "ethnicity_id",
    "religions": "religion_id",
    "family_backgrounds": "family_background_id",
    "policy_statuses": "policy_status_id",
    "schooling": "schooling_id",
    "academic_titles": "academic_title_id",
}


def _read_titles(found: Reference) -> list[TitleRecord]:
    records = []
    for title in Title.objects.all():
        found.ids["titles", title.code] = title.pk
        found.names["title", title.pk] = title.name
        found.title_branches[title.code] = title.branch
        found.categories[TITLES, title.code] = title.category
        records.append(
            TitleRecord(title.code, title.name, tuple(title.aliases), tuple(title.unit_kinds), tuple(title.unit_levels))
        )
    return records


def _read_units(found: Reference, day: datetime.date) -> list[UnitRecord]:
    versions = UnitVersion.objects.standing_on(day).select_related("unit", "parent", "kind")
    records = []
    for version in versions:
        found.unit_ids[version.unit.code] = version.unit_id
        found.names["unit", version.unit_id] = version.name
        records.append(
            UnitRecord(
                version.unit.code,
                version.name,
                version.parent.code if version.parent else None,
                (version.short_name,) if version.short_name else (),
                version.kind.code if version.kind else "",
                version.level,
            )
        )
    return records


def is_known_code(list_name: str, code: str) -> bool:
    """Whether a code stands in a list that rosters know; a chosen code is asked before it is remembered."""
    if list_name in ("category", CATEGORY_BASIS):
        return code in EmploymentCategory.values
    if list_name == "states":
        return code in EmploymentState.values
    if list_name == "sex":
        return code in Sex.values
    if list_name in (TITLES, UNITS):
        return (Title if list_name == TITLES else Unit).objects.filter(code=code).exists()
    if list_name not in LISTS:
        return False
    model, kind = LISTS[list_name]
    return model.objects.filter(code=code, **({"kind": kind} if kind else {})).exists()


def taught_mapping(office: Unit | None) -> RosterMapping:
    """What the office, and before it the whole province, has decided about headers and values."""
    mine = Q(unit=None) | Q(unit=office) if office is not None else Q(unit=None)
    own_last = F("unit").asc(nulls_first=True)
    taught = ColumnMapping.objects.filter(mine).order_by(own_last)
    columns = {row.header_key: row.field or None for row in taught}
    values: dict[str, dict[str, str | None]] = defaultdict(dict)
    for row in ValueMapping.objects.filter(mine).order_by(own_last):
        values[row.list_name][row.text] = row.code or None
    return RosterMapping(columns=columns, values=values)


def kind_of_post(branch: str | None) -> str:
    """The kind of assignment that a title beside the main one is."""
    return AssignmentKind.PARTY if branch == TitleBranch.PARTY else AssignmentKind.CONCURRENT
