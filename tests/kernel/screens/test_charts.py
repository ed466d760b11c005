"""Charts: escaped, well-formed, spoken, the same every time."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString

from hrdb.kernel import charts

HOSTILE = '<b onclick="x()">&'
SVG = "{http://www.w3.org/2000/svg}"


def every_chart(label: str) -> list[SafeString]:
    """One of each kind with this label everywhere."""
    return [
        charts.population_pyramid([charts.PyramidRow(label, 3, 4, "/a?x=1&y=2", "/b")], label, label, title=label),
        charts.share_bar([charts.Part(label, 3, "/c"), charts.Part("khác", 0)], title=label),
        charts.target_track(0.2, 0.1, 0.3, title=label),
        charts.curve([(label, 0.1), ("2026", 0.2)], title=label, target=0.15),
        charts.sparkline([1, 2, 3], title=label),
    ]


@pytest.mark.parametrize("place", range(5))
def test_charts_escape_and_are_well_formed(place: int) -> None:
    drawing = every_chart(HOSTILE)[place]
    root = ElementTree.fromstring(drawing)
    assert root.find(f"{SVG}title").text == HOSTILE  # type: ignore[union-attr]
    assert root.find(f"{SVG}desc").text  # type: ignore[union-attr]
    assert not [node for node in root.iter() if "style" in node.attrib or "onclick" in node.attrib]
    assert drawing == every_chart(HOSTILE)[place]


@pytest.mark.parametrize(
    "drawing",
    [
        charts.population_pyramid([], "Nam", "Nữ", title="t"),
        charts.population_pyramid([charts.PyramidRow("a", 0, 0)], "Nam", "Nữ", title="t"),
        charts.share_bar([], title="t"),
        charts.share_bar([charts.Part("a", 0)], title="t"),
        charts.target_track(None, 0.2, title="t"),
        charts.target_track(0, title="t"),
        charts.curve([], title="t"),
        charts.curve([("a", 1)], title="t"),
        charts.sparkline([], title="t"),
        charts.sparkline([2, 2], title="t"),
    ],
)
def test_charts_without_much_to_show(drawing: str) -> None:
    assert "nan" not in ElementTree.tostring(ElementTree.fromstring(drawing), encoding="unicode").lower()


def test_pyramid_says_its_numbers_and_keeps_one_scale() -> None:
    drawing = charts.population_pyramid(
        [charts.PyramidRow("36–40", 455, 910), charts.PyramidRow("31–35", 91, 455)], "Nam", "Nữ", title="Tháp tuổi"
    )
    root = ElementTree.fromstring(drawing)
    assert root.find(f"{SVG}desc").text == "36–40: Nam 455, Nữ 910; 31–35: Nam 91, Nữ 455"  # type: ignore[union-attr]
    widths = [float(bar.attrib["width"]) for bar in root.iter(f"{SVG}rect")]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.01)
    assert widths[0] == pytest.approx(widths[3], rel=0.01)


def test_shares_add_up_to_the_whole_bar() -> None:
    root = ElementTree.fromstring(charts.share_bar([charts.Part("a", 1), charts.Part("b", 3)], title="t", width=400))
    bars = [bar for bar in root.iter(f"{SVG}rect") if bar.attrib["height"] == "16" and bar.attrib["class"] != "ground"]
    assert [float(bar.attrib["width"]) for bar in bars] == [99, 299]


def test_track_marks_the_target() -> None:
    root = ElementTree.fromstring(charts.target_track(0.231, 0.25, top=0.5, title="Cán bộ nữ"))
    marks = [bar for bar in root.iter(f"{SVG}rect") if bar.attrib["class"] == "mark"]
    assert [float(mark.attrib["x"]) for mark in marks] == [119]
    assert root.find(f"{SVG}desc").text == "23,1%, chỉ tiêu 25%"  # type: ignore[union-attr]


def test_numbers_open_their_people() -> None:
    root = ElementTree.fromstring(every_chart("x")[0])
    assert [link.attrib["href"] for link in root.iter(f"{SVG}a")] == ["/a?x=1&y=2", "/b"]
