"""The structure report (báo cáo cơ cấu đội ngũ): one frozen table, its targets and citations, for every outlet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from hrdb.kernel.charts import Part, PyramidRow, population_pyramid, share_bar, target_track
from hrdb.kernel.dates import format_date
from hrdb.kernel.faces import paper_face
from hrdb.kernel.findings import CONFIDENCE_LABELS, Finding
from hrdb.kernel.pdf import render_pdf
from hrdb.kernel.screens.formats import number_text, percent_text
from personnel.rules.law import LAW
from personnel.rules.targets import Metric, Target, measure_target, target
from personnel.rules.youth import YouthDefinition, youth_definition
from personnel.statistics import POPULATIONS, UNKNOWN, StructureTable
from personnel.statistics.tables import Column, Row

PAPER_CSS: Final = Path(settings.BASE_DIR) / "templates/personnel/statistics/structure_paper.css"

#: Makes the address that opens the people of a text; without it nothing is linked.
Opener = Callable[[str], str]

#: The column that a target's metric measures.
METRIC_COLUMNS: Final[dict[str, str]] = {
    "young_share": "young",
    "female_share": "female",
    "ethnic_share": "ethnic_minority",
}

#: Column groups that fit side by side on a sheet of paper; the first sheet begins with the headline.
SHEETS: Final = (("age_band",), ("degree", "political_theory"), ("state_management", "rank_group"))


@dataclass(frozen=True, slots=True)
class Card:
    """A figure over the table: its share or count, the track with the target, and what is short."""

    title: str
    figure: str
    text: str
    alarm: str
    tone: str
    column: Column
    share: float | None
    goal: Target | None

    @property
    def chart(self) -> SafeString:
        """The track with the mark of the target."""
        low = float(self.goal.low) / 100 if self.goal and self.goal.low is not None else None
        high = float(self.goal.high) / 100 if self.goal and self.goal.high is not None else None
        top = None if self.goal and low is not None else 1.0
        return target_track(self.share, low, high, title=self.title, top=top, is_ratio=True)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a row stands against the targets: what is short, or that all are reached."""

    text: str
    tone: str


class StructureReport:
    """A structure table with everything that is said about it."""

    title = "Cơ cấu đội ngũ cán bộ"

    def __init__(self, table: StructureTable) -> None:
        self.table = table

    @cached_property
    def youth(self) -> YouthDefinition:
        """The definition of young that is counted by."""
        return youth_definition(self.table.youth, self.table.day)

    @property
    def place(self) -> str:
        """Of what the table tells, in words."""
        if self.table.unit and not self.table.is_whole_province:
            return self.table.unit.name
        return "Toàn tỉnh" if self.table.is_whole_province else "Các đơn vị được giao"

    @property
    def lead(self) -> str:
        """What the table holds, in one sentence."""
        counted = f"{number_text(self.table.total.total)} {self.table.population.noun}"
        return f"{self.place} · {counted} · tính đến ngày {format_date(self.table.day)}"

    # Targets ----------------------------------------------------------------------------------------------------------

    @cached_property
    def goals(self) -> dict[str, Target]:
        """The targets set for this population, by the column that they measure."""
        found = [target(key, self.table.day) for key in self.table.population.targets]
        return {METRIC_COLUMNS[goal.metric]: goal for goal in found if goal and self._applies(goal)}

    def _applies(self, goal: Target) -> bool:
        return goal.metric in METRIC_COLUMNS and goal.youth in (None, self.table.youth)

    def elsewhere(self, column: str) -> tuple[str, Target] | None:
        """Another population's label and its target for a column, where this one has none."""
        for population in POPULATIONS:
            for key in () if population.needs else population.targets:
                goal = target(key, self.table.day)
                if goal and goal.low is not None and self._applies(goal) and METRIC_COLUMNS[goal.metric] == column:
                    return population.label, goal
        return None

    def measure(self, column: str, row: Row) -> Finding | None:
        """The finding of a column's target for a row, None where the population has none."""
        goal = self.goals.get(column)
        if goal is None:
            return None
        return measure_target(goal, count=row.counts[self.table.index(column)], total=row.total)

    @property
    def has_verdicts(self) -> bool:
        """Whether rows can be compared with a number."""
        return any(goal.low is not None for goal in self.goals.values())

    def verdict(self, row: Row) -> Verdict | None:
        """How a row stands against the targets that have a number."""
        short = []
        for column, goal in self.goals.items():
            finding = self.measure(column, row)
            if goal.low is None or finding is None or finding.outcome == "unknown":
                continue
            if finding.outcome == "not_met":
                lacking = finding.facts["Còn thiếu (người)"]
                short.append(f"{_SHORT_NAMES[goal.metric]}: thiếu {number_text(lacking)}" if lacking else "Chưa đạt")
        if short:
            return Verdict("; ".join(short), "warn")
        return Verdict("Đạt", "good") if row.total and self.has_verdicts else None

    def cards(self) -> list[Card]:
        """The figures over the table."""
        return [self._card(column) for column in self.table.headline if column.key != "party"]

    def _card(self, column: Column) -> Card:
        total = self.table.total
        count = total.counts[self.table.index(column.key)]
        share = count / total.total if total.total else None
        goal, finding = self.goals.get(column.key), self.measure(column.key, total)
        text, alarm, tone = f"{number_text(count)} người", "", "bad"
        figure = percent_text(share)
        if column.key == "retiring":
            figure, text = number_text(count), f"{percent_text(share)} tổng số"
        elif goal is None:
            other = self.elsewhere(column.key)
            text += f" · chỉ tiêu {_wording(other[1])} tính cho {other[0].lower()}" if other else ""
        elif finding is None or finding.outcome == "unknown":
            text += f" · chưa có chỉ tiêu được kiểm chứng ({goal.citation})"
        else:
            text += f" · chỉ tiêu {_wording(goal)} ({goal.citation})"
            if finding.outcome == "not_met":
                lacking = finding.facts["Còn thiếu (người)"]
                alarm = f"thiếu {number_text(lacking)} người" if lacking else "chưa đạt"
            else:
                alarm, tone = "đạt", "good"
        title = f"Trẻ ({column.label.lower()})" if column.key == "young" else column.label
        return Card(title, figure, text, alarm, tone, column, share, goal)

    # What it rests on -------------------------------------------------------------------------------------------------

    def bases(self) -> list[str]:
        """How people were counted and on which documents that rests."""
        bands = LAW["age_bands/structure"]
        held = bands.at(self.table.day) or bands.values[0]
        lines = [
            _COUNTED_ONCE,
            f"{self.youth.label}: {self.youth.citation}{_doubt(self.youth.confidence)}.",
            f"{bands.label}: {held.citation}{_doubt(held.confidence)}. {bands.note}",
            _HIGHEST_LEVEL,
            f"{_RETIRING}: {LAW['retirement/age_male'].values[-1].citation}.",
        ]
        lines += [
            f"{goal.label}: {_wording(goal)}; {goal.citation}{_doubt(goal.confidence)}." for goal in self.goals.values()
        ]
        return lines

    def unknown_parts(self) -> list[tuple[Column, int]]:
        """What is not known of how many people of the whole table, by name."""
        unknown = [(column, count) for column, count in self.table.unknown if count]
        for group in self.table.groups:
            column = group.columns[-1]
            count = self.table.total.counts[self.table.index(column.key)]
            if column.member == UNKNOWN and count:
                unknown.append((replace(column, label=_UNKNOWN_NAMES[group.key]), count))
        return unknown

    # Charts -----------------------------------------------------------------------------------------------------------

    def pyramid(self, opener: Opener | None = None) -> SafeString:
        """The population pyramid (tháp tuổi)."""
        rows = [
            PyramidRow(
                step.label,
                step.male,
                step.female,
                opener(self.table.pyramid_text(step, "male")) if opener else "",
                opener(self.table.pyramid_text(step, "female")) if opener else "",
            )
            for step in self.table.pyramid
        ]
        return population_pyramid(rows, "Nam", "Nữ", title="Tháp tuổi theo giới tính")

    def bars(self, opener: Opener | None = None) -> list[tuple[str, SafeString]]:
        """A share bar of each group of columns, with its label."""
        drawn = []
        for group in self.table.groups:
            parts = [
                Part(column.label, count, opener(self.table.text(self.table.total, column)) if opener else "")
                for column in group.columns
                if (count := self.table.total.counts[self.table.index(column.key)])
            ]
            drawn.append((group.label, share_bar(parts, title=group.label)))
        return drawn

    # Outlets ----------------------------------------------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """The table as plain values: counts by key, groups by the keys of their members, shares beside them."""
        table = self.table
        return {
            "day": table.day.isoformat(),
            "unit": table.unit.code if table.unit else None,
            "population": table.population.key,
            "rows_by": table.rows_by,
            "youth": table.youth,
            "rows": [_row_json(table, row) for row in table.rows],
            "total": _row_json(table, table.total),
            "pyramid": [
                {"key": step.key, "label": step.label, "male": step.male, "female": step.female}
                for step in table.pyramid
            ],
            "unknown": {column.dimension: count for column, count in table.unknown},
            "bases": self.bases(),
        }

    def pdf(self) -> bytes:
        """The report on A4 landscape: figures, charts, the table in parts with repeated heads, what it rests on."""
        bars = [(label, _on_paper(bar)) for label, bar in self.bars()]
        html = render_to_string(
            "personnel/statistics/structure_paper.html",
            {
                "report": self,
                "cards": [(card, _on_paper(card.chart)) for card in self.cards()],
                "pyramid": _on_paper(self.pyramid()),
                "bars": [bars[0::4], bars[1:4]],
                "sheets": list(self.sheets()),
                "bases": self.bases(),
                "unknown": [(column.label, number_text(count)) for column, count in self.unknown_parts()],
                "day": self.table.day,
            },
        )
        return render_pdf(html, stylesheets=[PAPER_CSS])

    def sheets(self) -> Iterator[dict[str, Any]]:
        """The parts of the table that stand on paper one after another."""
        table = self.table
        for place, keys in enumerate(SHEETS):
            groups = [group for group in table.groups if group.key in keys]
            columns = [*(table.headline if place == 0 else ()), *(one for group in groups for one in group.columns)]
            yield {
                "headline": table.headline if place == 0 else (),
                "groups": groups,
                "columns": columns,
                "rows": [paper_row(table, row, columns) for row in table.all_rows()],
            }


_COUNTED_ONCE: Final = (
    "Mỗi người được tính một lần, tại đơn vị quản lý hồ sơ vào ngày thống kê; người chỉ biết năm sinh hoặc tháng sinh "
    "được tính tuổi từ ngày đầu của năm hoặc tháng đó."
)
_HIGHEST_LEVEL: Final = (
    "Trình độ là mức cao nhất có hiệu lực vào ngày thống kê. Trình độ chuyên môn «Khác» gồm chuyên khoa I, II "
    "(chưa xếp vào thạc sĩ, tiến sĩ vì chưa có văn bản thống nhất) và dưới trung cấp."
)
_RETIRING: Final = "Nghỉ hưu trong 12 tháng tới tính theo tuổi nghỉ hưu trong điều kiện bình thường"

#: What is missing of those whom a group of columns does not know.
_UNKNOWN_NAMES: Final = {
    "age_band": "ngày sinh",
    "degree": "trình độ chuyên môn",
    "political_theory": "lý luận chính trị",
    "state_management": "quản lý nhà nước",
    "rank_group": "ngạch",
}

_SHORT_NAMES: Final[dict[Metric, str]] = {
    "young_share": "Trẻ",
    "female_share": "Nữ",
    "ethnic_share": "Dân tộc thiểu số",
}


def paper_row(table: StructureTable, row: Row, columns: Sequence[Column]) -> dict[str, Any]:
    """A row as it is printed: each count with its share beside it."""
    counts = [row.counts[table.index(column.key)] for column in columns]
    return {
        "label": row.label,
        "total": count_text(row.total),
        "cells": [(count_text(count), share_of(count, row.total)) for count in counts],
        "is_total": row is table.total,
    }


def _on_paper(chart: SafeString) -> SafeString:
    """A chart in the face of the paper: its words inherit nothing there and would fall back letter by letter."""
    return mark_safe(chart.replace("<svg ", f'<svg font-family="{paper_face().family}" ', 1))


def count_text(count: int) -> str:
    """A count with points between thousands."""
    return f"{count:,}".replace(",", ".")


def share_of(count: int, total: int) -> str:
    """A share in whole per cent, halves up; empty where there is nobody or nothing."""
    return f"{(count * 200 + total) // (2 * total)}%" if total and count else ""


def _wording(goal: Target) -> str:
    """What a target asks for, the sign of per cent close to its number."""
    return goal.wording.removeprefix("khoảng ").replace(" %", "%")


def _doubt(confidence: str) -> str:
    """What to say of a number that is not well confirmed."""
    return "" if confidence == "two sources" else f" ({CONFIDENCE_LABELS[confidence]})"  # type: ignore[index]


def _row_json(table: StructureTable, row: Row) -> dict[str, Any]:
    """A row: counts of the headline, groups as mappings, and under `shares` the same in per cent with one decimal."""

    def counted(keep: Callable[[int], Any]) -> dict[str, Any]:
        values: dict[str, Any] = {column.key: keep(table.index(column.key)) for column in table.headline}
        for group in table.groups:
            values[group.key] = {column.member: keep(table.index(column.key)) for column in group.columns}
        return values

    shares = counted(lambda place: None if (share := row.share(place)) is None else round(float(share) * 100, 1))
    return (
        {"key": row.key, "label": row.label, "total": row.total} | counted(row.counts.__getitem__) | {"shares": shares}
    )
