"""Statistics (thống kê): populations by dimensions on a day, counted in SQL, returned as one small frozen table."""

from personnel.statistics.dimensions import DIMENSIONS, UNKNOWN, Dimension, Member
from personnel.statistics.people import describe, narrow
from personnel.statistics.populations import DEFAULT_POPULATION, POPULATIONS, Population
from personnel.statistics.sources import SOURCES, Source
from personnel.statistics.structure import UnitNotFound, structure, tree_for
from personnel.statistics.tables import StructureTable

__all__ = [
    "DEFAULT_POPULATION",
    "DIMENSIONS",
    "POPULATIONS",
    "SOURCES",
    "UNKNOWN",
    "Dimension",
    "Member",
    "Population",
    "Source",
    "StructureTable",
    "UnitNotFound",
    "describe",
    "narrow",
    "structure",
    "tree_for",
]
