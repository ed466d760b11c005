"""The packaged typeface, cut to what Vietnamese needs and packed as woff2."""

from __future__ import annotations

from copy import deepcopy
from importlib import resources
from pathlib import Path

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}
#: Tabular figures stand a little closer than the others, so that a 1 has not too much air about it.
TIGHTNESS = 0.94
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
VIETNAMESE = frozenset("ĂÂĐÊÔƠƯăâđêôơư") | {chr(code) for code in range(0x1EA0, 0x1EFA)}
#: Typographic marks: dashes, quotes, bullet, ellipsis, primes, đồng, minus, comparison.
MARKS = "‐‑‒–—―‘’“”•…′″₫−≤≥"
#: Combining marks, for text that arrives decomposed.
COMBINING = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
KEPT = (
    set(range(0x20, 0x7F))
    | set(range(0xA0, 0x180))  # Latin letters with marks: names of all peoples of the country
    | {ord(letter) for letter in VIETNAMESE}
    | {ord(mark) for mark in MARKS + COMBINING}
)


def font_file(weight: int) -> str:
    """The file name of a weight, as the stylesheet asks for it."""
    return f"be-vietnam-pro-{weight}.woff2"


def build_fonts(target: Path) -> list[Path]:
    """Write the woff2 files into `target` (made when missing) and return them; files that are there already are kept.

    The face has no tabular figures of its own: a `tnum` feature with equally wide digits is added, so that columns of
    numbers stand in line. Raises ValueError when the packaged face lacks a Vietnamese letter.
    """
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for weight, style in WEIGHTS.items():
        path = target / font_file(weight)
        if not path.exists():
            font = _cut(style)
            font.flavor = "woff2"
            partial = path.with_suffix(".part")
            font.save(partial)
            partial.replace(path)
        written.append(path)
    return written


def _cut(style: str) -> TTFont:
    """One style with only the letters we keep, and tabular figures."""
    source = resources.files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{style}.ttf"
    with resources.as_file(source) as path:
        font = TTFont(path, lazy=False)
    lacking = {letter for letter in VIETNAMESE if ord(letter) not in font.getBestCmap()}
    if lacking:
        raise ValueError(f"phông chữ thiếu các chữ: {''.join(sorted(lacking))}")
    options = Options(layout_features=["kern", "mark", "mkmk"], hinting=False, notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=KEPT)
    subsetter.subset(font)
    _add_tabular_figures(font)
    return font


def _add_tabular_figures(font: TTFont) -> None:
    """Add digits of one width, centred in it, behind the `tnum` feature."""
    glyphs, metrics = font["glyf"], font["hmtx"]
    width = round(sum(metrics[digit][0] for digit in DIGITS if digit != "one") / (len(DIGITS) - 1) * TIGHTNESS)
    order = font.getGlyphOrder()
    for digit in DIGITS:
        name = f"{digit}.tnum"
        advance, _ = metrics[digit]
        shift = (width - advance) // 2
        glyph = deepcopy(glyphs[digit])
        glyph.coordinates.translate((shift, 0))
        glyph.recalcBounds(glyphs)
        order.append(name)
        glyphs.glyphs[name] = glyph
        metrics[name] = (width, glyph.xMin)
    font.setGlyphOrder(order)
    glyphs.setGlyphOrder(order)
    font["maxp"].numGlyphs = len(order)
    rules = "\n".join(f"  sub {digit} by {digit}.tnum;" for digit in DIGITS)
    addOpenTypeFeaturesFromString(font, f"feature tnum {{\n{rules}\n}} tnum;", tables=["GSUB"])
