"""The four shapes of a screen (list, detail, form, action) and the pieces they are made of; free of any domain."""

from hrdb.kernel.screens.actions import ActionScreen, ReasonForm
from hrdb.kernel.screens.base import Action, Crumb, Empty, Screen
from hrdb.kernel.screens.columns import Column, export_labels, export_rows
from hrdb.kernel.screens.details import DetailScreen, Tab
from hrdb.kernel.screens.filters import Chip, FilterForm
from hrdb.kernel.screens.forms import FormScreen, StaleRecord
from hrdb.kernel.screens.home_cards import HomeCard, home_cards
from hrdb.kernel.screens.links import link, with_day
from hrdb.kernel.screens.lists import ListScreen
from hrdb.kernel.screens.navigation import NavGroup, NavItem
from hrdb.kernel.screens.palette import Hit, SearchSource, search_sources

__all__ = [
    "Action",
    "ActionScreen",
    "Chip",
    "Column",
    "Crumb",
    "DetailScreen",
    "Empty",
    "FilterForm",
    "FormScreen",
    "Hit",
    "HomeCard",
    "ListScreen",
    "NavGroup",
    "NavItem",
    "ReasonForm",
    "Screen",
    "SearchSource",
    "StaleRecord",
    "Tab",
    "export_labels",
    "export_rows",
    "home_cards",
    "link",
    "search_sources",
    "with_day",
]
