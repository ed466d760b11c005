"""Where facts of a day come from: tables joined to the people that are counted, at most one row a person.

SQL of a source, a dimension or a condition names its values as `%(day)s`; every table goes by the alias that is the
source's key, people by `cadre`. The set that is counted is the CTE `people(id)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hrdb.kernel.registries import Registry


def in_force(alias: str) -> str:
    """SQL: the row of `alias` holds on the day."""
    return (
        f"{alias}.effective_from <= %(day)s AND ({alias}.effective_until IS NULL OR {alias}.effective_until > %(day)s)"
    )


@dataclass(frozen=True, kw_only=True)
class Source:
    """A joined table: `key` is its alias, `join` its SQL, `after` the sources that its condition mentions.

    A join must not multiply people: what an exclusion constraint does not keep single is grouped by person first.
    """

    key: str
    join: str
    after: tuple[str, ...] = ()


#: Every source that a dimension may name; the other apps register theirs.
SOURCES: Registry[Source] = Registry("SOURCES")


def joins(keys: Iterable[str]) -> str:
    """SQL of the sources named and of all they stand on, each once, in an order in which they can be read."""
    ordered: dict[str, Source] = {}

    def add(key: str) -> None:
        source = SOURCES[key]
        for earlier in source.after:
            add(earlier)
        ordered.setdefault(key, source)

    for key in keys:
        add(key)
    return "\n".join(source.join for source in ordered.values())


def _level(alias: str, kind_column: str) -> Source:
    """The highest qualification of one kind: the level whose id the source `learned` has kept."""
    return Source(
        key=alias,
        after=("learned",),
        join=(
            f"LEFT JOIN personnel_qualificationlevel {alias} ON {alias}.id = (learned.{kind_column} & {_LEVEL_ID_MASK})"
        ),
    )


#: Rank and id of a level in one number, so that the least is the highest level and still tells which one it is.
_LEVEL_ID_BITS = 32
_LEVEL_ID_MASK = 2**_LEVEL_ID_BITS - 1
_ORDINAL = f"(COALESCE(level.rank, 32767)::bigint << {_LEVEL_ID_BITS} | level.id)"

for _source in (
    Source(
        key="custody",
        join=f"JOIN personnel_custody custody ON custody.cadre_id = cadre.id AND {in_force('custody')}",
    ),
    Source(key="unit", after=("custody",), join="JOIN personnel_unit unit ON unit.id = custody.unit_id"),
    Source(
        key="place",
        after=("custody",),
        join=(
            "LEFT JOIN (SELECT DISTINCT ON (version.unit_id) version.unit_id, version.level, version.bloc"
            " FROM personnel_unitversion version WHERE version.effective_from <= %(day)s"
            " ORDER BY version.unit_id, version.effective_from DESC) place ON place.unit_id = custody.unit_id"
        ),
    ),
    Source(
        key="employment",
        join=(
            f"LEFT JOIN personnel_employment employment ON employment.cadre_id = cadre.id AND {in_force('employment')}"
        ),
    ),
    Source(
        key="post",
        join=(
            "LEFT JOIN personnel_assignment post"
            f" ON post.cadre_id = cadre.id AND post.kind = 'main' AND {in_force('post')}"
        ),
    ),
    Source(key="seat", after=("post",), join="LEFT JOIN personnel_seat seat ON seat.id = post.seat_id"),
    Source(
        key="title",
        after=("post", "seat"),
        join="LEFT JOIN personnel_title title ON title.id = COALESCE(post.title_id, seat.title_id)",
    ),
    Source(
        key="ethnic",
        join="LEFT JOIN personnel_ethnicgroup ethnic ON ethnic.id = cadre.ethnicity_id",
    ),
    Source(
        key="party",
        join=f"LEFT JOIN personnel_partymembership party ON party.cadre_id = cadre.id AND {in_force('party')}",
    ),
    Source(
        key="pay",
        join=(
            f"LEFT JOIN personnel_paystep pay ON pay.cadre_id = cadre.id AND pay.scheme = 'rank' AND {in_force('pay')}"
        ),
    ),
    Source(key="rank", after=("pay",), join="LEFT JOIN personnel_rank rank ON rank.id = pay.rank_id"),
    Source(
        key="learned",
        join=(
            "LEFT JOIN (SELECT held.cadre_id,"
            f" min({_ORDINAL}) FILTER (WHERE held.kind = 'professional') AS professional,"
            f" min({_ORDINAL}) FILTER (WHERE held.kind = 'political_theory') AS political_theory,"
            f" min({_ORDINAL}) FILTER (WHERE held.kind = 'state_management') AS state_management"
            " FROM personnel_qualification held JOIN personnel_qualificationlevel level ON level.id = held.level_id"
            " WHERE held.kind IN ('professional', 'political_theory', 'state_management')"
            f" AND {in_force('held')} AND held.cadre_id IN (SELECT id FROM people)"
            " GROUP BY held.cadre_id) learned ON learned.cadre_id = cadre.id"
        ),
    ),
    _level("degree", "professional"),
    _level("theory", "political_theory"),
    _level("management", "state_management"),
):
    SOURCES.register(_source)
