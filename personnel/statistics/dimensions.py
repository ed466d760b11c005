"""Dimensions (chiều thống kê): what people are divided by on a day, each with its keys, labels and order."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F, TextChoices

from hrdb.kernel.dates import add_months, latest_birth
from hrdb.kernel.parameters import ParameterUnknown
from hrdb.kernel.registries import Registry
from personnel.choices import (
    Bloc,
    EmploymentCategory,
    EmploymentState,
    ManagingLevel,
    RankGroup,
    Sex,
    TitleGroup,
    UnitLevel,
)
from personnel.models import EthnicGroup, Rank, Title
from personnel.policies import Action
from personnel.rules.ages import age_bands
from personnel.rules.law import LAW
from personnel.rules.retirement import latest_birth_retired
from personnel.rules.youth import youth_definition
from personnel.statistics.populations import may_know
from personnel.statistics.tree import UnitTree

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: The key and the words of those whose value is not known.
UNKNOWN: Final = "unknown"
UNKNOWN_LABEL: Final = "Chưa rõ"


@dataclass(frozen=True, slots=True)
class Member:
    """One value of a dimension; a past one is shown only where people still have it."""

    key: str
    label: str
    is_past: bool = False


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """A way to divide people (chiều thống kê).

    `expression` is SQL over `sources` that gives the key of a member as text, NULL when it is not known; `values` gives
    what its placeholders stand for on a day. `members` are the values in their order. Tier 1 dimensions open people
    only to readers who see those fields unmasked. `lists_empty` keeps rows without people. `needs` and `seen` as of a
    population: the actions without which the dimension is not there, and values that depend on who reads.
    """

    key: str
    label: str
    expression: str
    members: Callable[[date], Sequence[Member]]
    sources: tuple[str, ...] = ()
    values: Callable[[date], Mapping[str, Any]] = lambda day: {}
    is_tier_1: bool = False
    lists_empty: bool = True
    may_be_rows: bool = True
    needs: tuple[Action, ...] = ()
    seen: Callable[[date, User | None], Mapping[str, Any]] | None = None

    def is_open(self, user: User | None) -> bool:
        """Whether the dimension is there for a reader."""
        return may_know(user, self.needs)

    def values_for(self, day: date, user: User | None) -> dict[str, Any]:
        """What its placeholders stand for on a day, for a reader."""
        return {**self.values(day), **(self.seen(day, user) if self.seen is not None else {})}

    def label_of(self, key: str, day: date) -> str:
        """The words of a key, or the key itself when it is none of the members."""
        if key == UNKNOWN:
            return UNKNOWN_LABEL
        return next((member.label for member in self.members(day) if member.key == key), key)


#: Every dimension; the other apps register theirs.
DIMENSIONS: Registry[Dimension] = Registry("DIMENSIONS")

YES_NO: Final = (("yes", "Có"), ("no", "Không"))

#: Groups of qualification levels, the highest first (see the code lists); `other` has a level but no group.
DEGREE_GROUPS: Final = (
    ("doctor", "Tiến sĩ"),
    ("master", "Thạc sĩ"),
    ("university", "Đại học"),
    ("college", "Cao đẳng"),
    ("intermediate", "Trung cấp"),
    ("elementary", "Sơ cấp"),
    ("other", "Khác"),
    ("none", "Chưa qua đào tạo"),
)
THEORY_GROUPS: Final = (
    ("bachelor", "Cử nhân"),
    ("senior", "Cao cấp"),
    ("intermediate", "Trung cấp"),
    ("elementary", "Sơ cấp"),
    ("none", "Chưa qua đào tạo"),
)
MANAGEMENT_GROUPS: Final = (
    ("senior", "Chuyên viên cao cấp"),
    ("principal", "Chuyên viên chính"),
    ("specialist", "Chuyên viên"),
    ("assistant", "Cán sự"),
    ("none", "Chưa qua bồi dưỡng"),
)

#: The youngest age of each step of the population pyramid, the oldest first.
PYRAMID_AGES: Final = (61, 56, 51, 46, 41, 36, 31)

#: How far ahead retirements are counted, in months.
RETIREMENT_HORIZON: Final = 12


def fixed(pairs: Sequence[tuple[str, str]], past: Sequence[str] = ()) -> Callable[[date], Sequence[Member]]:
    """Members that are the same on every day."""
    members = tuple(Member(key, label, key in past) for key, label in pairs)
    return lambda day: members


def chosen(choices: type[TextChoices], past: Sequence[str] = ()) -> Callable[[date], Sequence[Member]]:
    """Members that are the values of a closed choice."""
    return fixed([(value, str(label)) for value, label in choices.choices], past)


def buckets(keys: str, thresholds: str) -> str:
    """SQL: the key of the bucket of a birth, the oldest first; `thresholds` are the first births of the others."""
    return f"(%({keys})s::text[])[1 + width_bucket(cadre.born, %({thresholds})s::date[])]"


def _first_births(lowest_ages: Sequence[int], day: date) -> list[date]:
    """For ages that descend: the first birth of those who have not yet reached each."""
    return [latest_birth(age, day) + timedelta(days=1) for age in lowest_ages]


def _band_members(day: date) -> Sequence[Member]:
    return tuple(Member(band.code, band.label) for band in age_bands(day))


def _band_values(day: date) -> Mapping[str, Any]:
    oldest_first = age_bands(day)[::-1]
    return {
        "age_band_keys": [band.code for band in oldest_first],
        "age_band_births": _first_births([band.lowest for band in oldest_first if band.lowest is not None], day),
    }


def pyramid_steps() -> tuple[Member, ...]:
    """The five-year steps of the pyramid, the oldest first."""
    oldest, youngest = PYRAMID_AGES[0] - 1, PYRAMID_AGES[-1] - 1
    between = [Member(f"{low}_{high - 1}", f"{low}–{high - 1}") for high, low in itertools.pairwise(PYRAMID_AGES)]
    return Member(f"over_{oldest}", f"Trên {oldest}"), *between, Member(f"up_to_{youngest}", f"{youngest} trở xuống")


def _pyramid_values(day: date) -> Mapping[str, Any]:
    return {
        "pyramid_keys": [step.key for step in pyramid_steps()],
        "pyramid_births": _first_births(PYRAMID_AGES, day),
    }


def _retirement_values(day: date) -> Mapping[str, Any]:
    """Latest births of those who have retired by the day and by the end of the horizon; None where no law is known."""
    values: dict[str, Any] = {}
    for sex in ("male", "female"):
        for name, asked in (("now", day), ("soon", add_months(day, RETIREMENT_HORIZON))):
            try:
                values[f"retired_{name}_{sex}"] = latest_birth_retired(sex=sex, day=asked)  # type: ignore[arg-type]
            except ParameterUnknown:
                values[f"retired_{name}_{sex}"] = None
    return values


def _by_sex(name: str) -> str:
    return (
        f"cadre.born <= CASE cadre.sex WHEN 'male' THEN %({name}_male)s::date WHEN 'female' THEN %({name}_female)s END"
    )


def _title_members(day: date) -> Sequence[Member]:
    titles = Title.objects.order_by(F("rank").asc(nulls_last=True), "position", "code")
    return tuple(Member(code, name) for code, name in titles.values_list("code", "name"))


def _rank_members(day: date) -> Sequence[Member]:
    return tuple(Member(code, f"{name} ({code})") for code, name in Rank.objects.values_list("code", "name"))


def _ethnic_members(day: date) -> Sequence[Member]:
    return tuple(Member(code, name) for code, name in EthnicGroup.objects.values_list("code", "name"))


def _unit_members(day: date) -> Sequence[Member]:
    return tuple(Member(unit.code, unit.name) for unit in UnitTree.on(day))


def youth_dimension(key: str) -> str:
    """The key of the dimension that divides young from older by the definition `key`."""
    return f"young-{key}"


def _youth(key: str) -> Dimension:
    """Young and older by one document."""
    word = key.replace("-", "_")
    name = f"young_after_{word}"
    return Dimension(
        key=youth_dimension(key),
        label=f"Cán bộ trẻ (dưới {LAW[f'youth/{word}'].values[-1].value} tuổi)",
        expression=f"CASE WHEN cadre.born > %({name})s::date THEN 'yes' WHEN cadre.born IS NOT NULL THEN 'no' END",
        values=lambda day: {name: youth_definition(key, day).born_after(day)},
        members=fixed(YES_NO),
    )


_GROUP_OR_OTHER = "COALESCE(NULLIF(degree.\"group\", ''), CASE WHEN degree.rank IS NOT NULL THEN 'other' END)"

for _dimension in (
    Dimension(
        key="own_unit",
        label="Đơn vị quản lý hồ sơ",
        sources=("unit",),
        expression="unit.code",
        members=_unit_members,
        lists_empty=False,
        may_be_rows=False,
    ),
    Dimension(
        key="level",
        label="Cấp của đơn vị",
        sources=("place",),
        expression="place.level",
        members=chosen(UnitLevel, past=(UnitLevel.DISTRICT,)),
    ),
    Dimension(key="bloc", label="Khối", sources=("place",), expression="place.bloc", members=chosen(Bloc)),
    Dimension(
        key="title_group",
        label="Nhóm chức danh",
        sources=("title",),
        expression='title."group"',
        members=chosen(TitleGroup),
    ),
    Dimension(
        key="title",
        label="Chức vụ, chức danh",
        sources=("title",),
        expression="title.code",
        members=_title_members,
        lists_empty=False,
    ),
    Dimension(
        key="managing_level",
        label="Diện quản lý",
        sources=("title",),
        expression="title.managing_level",
        members=chosen(ManagingLevel),
    ),
    Dimension(
        key="rank_group",
        label="Nhóm ngạch (và tương đương)",
        sources=("rank",),
        expression="NULLIF(rank.\"group\", '')",
        members=fixed([(value, label.removesuffix(" và tương đương")) for value, label in RankGroup.choices]),
    ),
    Dimension(
        key="rank",
        label="Ngạch, chức danh nghề nghiệp",
        sources=("rank",),
        expression="rank.code",
        members=_rank_members,
        lists_empty=False,
    ),
    Dimension(
        key="category",
        label="Đối tượng",
        sources=("employment",),
        expression="employment.category",
        members=chosen(EmploymentCategory, past=(EmploymentCategory.COMMUNE_PART_TIME,)),
    ),
    Dimension(
        key="state",
        label="Tình trạng",
        sources=("employment",),
        expression="employment.state",
        members=chosen(EmploymentState),
        lists_empty=False,
    ),
    Dimension(key="sex", label="Giới tính", expression="NULLIF(cadre.sex, '')", members=chosen(Sex)),
    Dimension(
        key="ethnic_minority",
        label="Dân tộc thiểu số",
        sources=("ethnic",),
        expression="CASE WHEN ethnic.is_minority THEN 'yes' WHEN ethnic.id IS NOT NULL THEN 'no' END",
        members=fixed(YES_NO),
        is_tier_1=True,
    ),
    Dimension(
        key="ethnic_group",
        label="Dân tộc",
        sources=("ethnic",),
        expression="ethnic.code",
        members=_ethnic_members,
        is_tier_1=True,
        lists_empty=False,
    ),
    Dimension(
        key="age_band",
        label="Nhóm tuổi",
        expression=buckets("age_band_keys", "age_band_births"),
        values=_band_values,
        members=_band_members,
    ),
    Dimension(
        key="pyramid",
        label="Tháp tuổi",
        expression=f"NULLIF(cadre.sex, '') || '.' || {buckets('pyramid_keys', 'pyramid_births')}",
        values=_pyramid_values,
        members=fixed(
            [
                (f"{sex}.{step.key}", f"{sex.label}, {step.label} tuổi")
                for sex in (Sex.MALE, Sex.FEMALE)
                for step in pyramid_steps()
            ]
        ),
        may_be_rows=False,
    ),
    *(_youth(parameter.attributes["key"]) for parameter in LAW.under("youth")),
    Dimension(
        key="party",
        label="Đảng viên",
        sources=("party",),
        expression="CASE WHEN party.id IS NULL THEN 'no' ELSE 'yes' END",
        members=fixed(YES_NO),
    ),
    Dimension(
        key="degree",
        label="Trình độ chuyên môn",
        sources=("degree",),
        expression=_GROUP_OR_OTHER,
        members=fixed(DEGREE_GROUPS),
    ),
    Dimension(
        key="political_theory",
        label="Lý luận chính trị",
        sources=("theory",),
        expression="NULLIF(theory.\"group\", '')",
        members=fixed(THEORY_GROUPS),
    ),
    Dimension(
        key="state_management",
        label="Quản lý nhà nước (và tương đương)",
        sources=("management",),
        expression="NULLIF(management.\"group\", '')",
        members=fixed(MANAGEMENT_GROUPS),
    ),
    Dimension(
        key="retirement",
        label="Nghỉ hưu",
        expression=(
            f"CASE WHEN {_by_sex('retired_now')} THEN 'reached' WHEN {_by_sex('retired_soon')} THEN 'soon'"
            " WHEN cadre.born IS NOT NULL AND cadre.sex <> '' AND %(retired_soon_male)s::date IS NOT NULL"
            " THEN 'later' END"
        ),
        values=_retirement_values,
        members=fixed(
            [
                ("reached", "Đã đến tuổi nghỉ hưu"),
                ("soon", f"Nghỉ hưu trong {RETIREMENT_HORIZON} tháng tới"),
                ("later", "Nghỉ hưu sau đó"),
            ]
        ),
    ),
):
    DIMENSIONS.register(_dimension)
