"""Charts as SVG text, the same on the page and on paper: pure functions, styled by attributes and classes only.

Colours stand twice: as attributes (what a PDF shows) and as classes (what the stylesheet overrides with tokens, for the
dark look). Every chart has a title and a description that says its numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from hrdb.kernel.screens.formats import number_text, percent_text, share_text

SERIES = ("#14507a", "#c4703a", "#5c8a5a", "#8a6fae", "#b98a1e", "#5f7f92")
INK, INK_2, LINE, GROUND, SOFT, GOOD = "#1a2433", "#4d5a6b", "#cfd6d3", "#edf0f3", "#e6eff5", "#22694a"


@dataclass(frozen=True)
class PyramidRow:
    """One band of a pyramid: its label, the count at the left and the count at the right; addresses open the people."""

    label: str
    left: int
    right: int
    left_url: str = ""
    right_url: str = ""


@dataclass(frozen=True)
class Part:
    """One part of a whole."""

    label: str
    value: int
    url: str = ""


def _svg(width: float, height: float, title: str, description: str, body: str, css: str = "chart") -> SafeString:
    """The frame of a chart with its spoken title and description."""
    shape = ' preserveAspectRatio="none"' if css.endswith("track") else ""
    key = f"chart-{crc32((title + description).encode()):08x}"
    return mark_safe(
        f'<svg class="{css}" viewBox="0 0 {_n(width)} {_n(height)}" role="img"{shape} '
        f'aria-labelledby="{key}-t {key}-d" xmlns="http://www.w3.org/2000/svg" font-size="11" fill="{INK_2}">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(description)}</desc>{body}</svg>'
    )


def _n(value: float) -> str:
    """A coordinate, short."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _text(x: float, y: float, words: str, anchor: str = "start", css: str = "", fill: str = INK_2) -> str:
    """A line of words."""
    kind = f' class="{css}"' if css else ""
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" fill="{fill}"{kind}>{escape(words)}</text>'


def _bar(x: float, y: float, width: float, height: float, fill: str, css: str, radius: float = 2, tip: str = "") -> str:
    """A bar, with words for the mouse."""
    told = f"<title>{escape(tip)}</title>" if tip else ""
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(height)}" rx="{_n(radius)}" '
        f'fill="{fill}" class="{css}">{told}</rect>'
    )


def _line(points: str, thick: float) -> str:
    """A line through points."""
    return (
        f'<polyline points="{points}" fill="none" stroke="{SERIES[0]}" stroke-width="{_n(thick)}" '
        f'stroke-linejoin="round" class="stroke"/>'
    )


def _linked(url: str, body: str) -> str:
    """The body as a link where there is an address."""
    return f'<a href="{escape(url)}">{body}</a>' if url else body


def population_pyramid(
    rows: Sequence[PyramidRow], left: str, right: str, *, title: str, width: int = 420, band: int = 20
) -> SafeString:
    """Two-sided bars by band (tháp tuổi), both sides on one scale, the counts beside the bars."""
    middle, label_room, number_room, gap, top = width / 2, 46.0, 38.0, 4, 20
    reach = middle - label_room - number_room
    most = max([max(row.left, row.right) for row in rows] or [0]) or 1
    parts = [
        _text(middle - label_room, 12, left, "end", "strong", INK),
        _text(middle + label_room, 12, right, "start", "strong", INK),
    ]
    for place, row in enumerate(rows):
        y = top + place * band
        baseline = y + (band - gap) / 2 + 4
        wide, far = row.left / most * reach, row.right / most * reach
        height = band - gap
        one = _bar(middle - label_room - wide, y, wide, height, SERIES[0], "s1", tip=f"{row.label}, {left}: {row.left}")
        one += _text(middle - label_room - wide - 4, baseline, number_text(row.left), "end")
        two = _bar(middle + label_room, y, far, height, SERIES[1], "s2", tip=f"{row.label}, {right}: {row.right}")
        two += _text(middle + label_room + far + 4, baseline, number_text(row.right))
        parts += [_linked(row.left_url, one), _linked(row.right_url, two), _text(middle, baseline, row.label, "middle")]
    told = "; ".join(f"{row.label}: {left} {number_text(row.left)}, {right} {number_text(row.right)}" for row in rows)
    return _svg(width, top + len(rows) * band, title, told, "".join(parts))


def share_bar(parts: Sequence[Part], *, title: str, width: int = 420) -> SafeString:
    """Parts of a whole as one bar with its legend: label, count, share."""
    total = sum(part.value for part in parts)
    height, legend, columns = 16, 20, 2
    body, x = [_bar(0, 0, width, height, GROUND, "ground", 3)], 0.0
    for place, part in enumerate(parts):
        wide = part.value / total * width if total else 0
        colour, css = SERIES[place % len(SERIES)], f"s{place % len(SERIES) + 1}"
        words = f"{part.label}: {number_text(part.value)} ({share_text(part.value, total) or '0%'})"
        piece = _bar(x, 0, max(wide - 1, 0), height, colour, css, 1.5, words)
        column, line = place % columns, place // columns
        at, y = column * width / columns, height + 18 + line * legend
        key = _bar(at, y - 9, 10, 10, colour, css)
        share = share_text(part.value, total)
        key += (
            f'<text x="{_n(at + 16)}" y="{_n(y)}" fill="{INK_2}">{escape(part.label)}'
            f'<tspan dx="6" fill="{INK}" class="strong">{number_text(part.value)}</tspan>'
            f'<tspan dx="5">{share}</tspan></text>'
        )
        body += [_linked(part.url, piece), _linked(part.url, key)]
        x += wide
    lines = -(-len(parts) // columns)
    told = "; ".join(f"{part.label}: {number_text(part.value)} ({share_text(part.value, total)})" for part in parts)
    return _svg(width, height + 8 + lines * legend, title, told, "".join(body))


def target_track(
    value: float | None,
    target_low: float | None = None,
    target_high: float | None = None,
    *,
    title: str,
    top: float | None = None,
    is_ratio: bool | None = None,
) -> SafeString:
    """A value on its track, with the mark of the target or the zone between two targets.

    `top` is the right end of the track (by default a little above the largest number); without `value` it is empty.
    Numbers up to 1 are ratios and are said in per cent unless `is_ratio` says otherwise.
    """
    numbers = [number for number in (value, target_low, target_high) if number is not None]
    end = top if top is not None else (max(numbers) * 1.15 if numbers and max(numbers) > 0 else 1)
    ratio = is_ratio if is_ratio is not None else all(number <= 1 for number in numbers)
    say = percent_text if ratio else number_text
    width, y, thick = 240, 5.0, 8.0

    def at(number: float) -> float:
        return min(max(number / end, 0), 1) * width if end else 0

    body = [_bar(0, y, width, thick, GROUND, "ground", 4)]
    if target_low is not None and target_high is not None:
        body.append(_bar(at(target_low), y, at(target_high) - at(target_low), thick, "#cfe5d8", "zone", 0))
    if value is not None:
        body.append(_bar(0, y, at(value), thick, SERIES[0], "s1", 4))
    for target in (target_low, target_high):
        if target is not None:
            body.append(_bar(min(max(at(target) - 1, 0), width - 2), y - 4, 2, thick + 8, INK, "mark", 0))
    told = "chưa rõ" if value is None else say(value)
    if target_low is not None:
        told += f", chỉ tiêu {say(target_low)}" + (f" đến {say(target_high)}" if target_high is not None else "")
    return _svg(width, 18, title, told, "".join(body), "chart track")


def sparkline(values: Sequence[float], *, title: str, width: int = 96, height: int = 22) -> SafeString:
    """A small line without axes, its last point marked."""
    if not values:
        return _svg(width, height, title, "không có số liệu", "", "chart spark")
    points = _points(values, 3, 3, width - 6, height - 6)
    x, y = points[-1]
    line = " ".join(f"{_n(px)},{_n(py)}" for px, py in points)
    body = f'{_line(line, 1.5)}<circle cx="{_n(x)}" cy="{_n(y)}" r="2.4" fill="{SERIES[0]}" class="dot"/>'
    return _svg(width, height, title, ", ".join(number_text(value) for value in values), body, "chart spark")


def curve(
    points: Sequence[tuple[str, float]], *, title: str, target: float | None = None, width: int = 420, height: int = 170
) -> SafeString:
    """Values over time with their labels below and their numbers above; a target is a dashed line."""
    values = [value for _, value in points]
    if not values:
        return _svg(width, height, title, "không có số liệu", _text(width / 2, height / 2, "Chưa có số liệu", "middle"))
    ratio = max([*values, target or 0]) <= 1
    say = percent_text if ratio else number_text
    left, top, inner_width, inner_height = 20, 22, width - 40, height - 52
    known = [*values, *([target] if target is not None else [])]
    low, high = min(known), max(known)
    placed = _points(values, left, top, inner_width, inner_height, low, high)
    floor = top + inner_height + 8
    line = " ".join(f"{_n(x)},{_n(y)}" for x, y in placed)
    body = [
        (
            f'<path d="M{_n(placed[0][0])},{_n(floor)} L{line.replace(" ", " L")} L{_n(placed[-1][0])},{_n(floor)}Z" '
            f'fill="{SOFT}" class="area"/>'
        ),
        f'<line x1="{left}" y1="{_n(floor)}" x2="{width - left}" y2="{_n(floor)}" stroke="{LINE}" class="rule"/>',
        _line(line, 2),
    ]
    if target is not None:
        y = _points([target, target], left, top, inner_width, inner_height, low, high)[0][1]
        body.append(
            f'<line x1="{left}" y1="{_n(y)}" x2="{width - left}" y2="{_n(y)}" stroke="{INK}" stroke-dasharray="4 3"/>'
            + _text(width - left, y - 5, f"chỉ tiêu {say(target)}", "end")
        )
    for (label, value), (x, y) in zip(points, placed, strict=True):
        body.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3" fill="{SERIES[0]}" class="dot"/>')
        body.append(_text(x, y - 8, say(value), "middle", "strong", INK))
        body.append(_text(x, floor + 15, label, "middle"))
    told = "; ".join(f"{label}: {say(value)}" for label, value in points)
    return _svg(width, height, title, told, "".join(body))


def _points(
    values: Sequence[float],
    left: float,
    top: float,
    width: float,
    height: float,
    low: float | None = None,
    high: float | None = None,
) -> list[tuple[float, float]]:
    """Values placed in a box, evenly from left to right; equal values lie in the middle."""
    least, most = min(values) if low is None else low, max(values) if high is None else high
    span = most - least
    step = width / (len(values) - 1) if len(values) > 1 else 0
    start = left if len(values) > 1 else left + width / 2
    return [
        (start + place * step, top + height * (1 - (value - least) / span) if span else top + height / 2)
        for place, value in enumerate(values)
    ]
