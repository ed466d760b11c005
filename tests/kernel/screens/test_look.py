"""The look itself: letters, contrast, nothing inline, static files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from hrdb.kernel.screens.assets import fonts_folder
from hrdb.kernel.screens.fonts import VIETNAMESE, WEIGHTS, build_fonts, font_file

STATIC = Path(settings.BASE_DIR) / "hrdb" / "kernel" / "static" / "hrdb"
TEMPLATES = sorted(path for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"))
TEXT_ON = [
    *[
        ("--ink", ground)
        for ground in ("--paper", "--sheet", "--sheet-2", "--act-soft", "--good-soft", "--warn-soft", "--bad-soft")
    ],
    *[("--ink-2", ground) for ground in ("--paper", "--sheet", "--sheet-2")],
    *[("--ink-3", ground) for ground in ("--paper", "--sheet", "--sheet-2", "--act-soft")],
    *[("--act", ground) for ground in ("--paper", "--sheet", "--act-soft")],
    *[(f"--{tone}", f"--{tone}-soft") for tone in ("good", "warn", "bad", "unknown")],
    *[(f"--{tone}", "--sheet") for tone in ("good", "warn", "bad")],
    ("--act-ink", "--act"),
    ("--bad-ink", "--bad"),
    ("--warn", "--gold-soft"),
    *[("--side-ink", ground) for ground in ("--side", "--side-hover")],
    ("--side-ink-2", "--side"),
]
EDGES_ON = [
    ("--line-3", "--sheet"),
    ("--gold", "--sheet"),
    *[(f"--series-{number}", "--sheet") for number in range(1, 7)],
]


def tokens(theme: str) -> dict[str, str]:
    """The colours of a look: the light ones, under the dark ones where they differ."""
    css = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    blocks = {"light": css.split("@media")[0], "dark": css.split(':root[data-theme="dark"]')[1]}
    found = dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", blocks["light"]))
    return found if theme == "light" else found | dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", blocks["dark"]))


def contrast(one: str, two: str) -> float:
    """The contrast of two colours as WCAG counts it."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES_ON)
def test_edges_and_bars_can_be_seen(theme: str, edge: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[edge], colours[ground]) >= 3


def test_dark_look_is_the_same_by_choice_and_by_machine() -> None:
    css = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    asked, chosen = css.split('[data-theme="auto"]')[1].split("}")[0], css.split('[data-theme="dark"]')[1].split("}")[0]
    assert asked.split() == chosen.split()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_inline_and_keep_the_day(path: Path) -> None:
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    is_paper = {"forms", "pdf", "paper"} & set(path.parts)  # documents for the PDF printer, never sent to a browser
    if is_paper:
        return
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\sstyle=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"hx-on|hx-vals=['\"]js:", text)
    if path.parent.name not in {"registration", "templates"}:
        assert "{% url" not in text, "write {% link %}, which keeps the asked day"


@pytest.mark.parametrize("path", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.name)
def test_scripts_are_small_and_need_no_eval(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 140
    assert not re.search(r"\beval\(|new Function|\.style\b|setAttribute\(\"style|document\.write", text)


@pytest.fixture(scope="module")
def fonts() -> list[Path]:
    """The cut typeface, where the site looks for it."""
    return build_fonts(fonts_folder())


def test_typeface_keeps_every_vietnamese_letter(fonts: list[Path]) -> None:
    assert [path.name for path in fonts] == [font_file(weight) for weight in WEIGHTS]
    for path in fonts:
        font = TTFont(path)
        assert {ord(letter) for letter in VIETNAMESE} <= set(font.getBestCmap())
        assert font.flavor == "woff2"
        assert path.stat().st_size < 30_000


def test_typeface_has_figures_of_one_width(fonts: list[Path]) -> None:
    font = TTFont(fonts[0])
    assert [record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord] == ["tnum"]
    swaps = font["GSUB"].table.LookupList.Lookup[0].SubTable[0].mapping
    assert len(swaps) == 10
    assert len({font["hmtx"][glyph][0] for glyph in swaps.values()}) == 1


def test_fonts_are_cut_once(fonts: list[Path]) -> None:
    before = [path.stat().st_mtime_ns for path in fonts]
    build_fonts(fonts[0].parent)
    assert [path.stat().st_mtime_ns for path in fonts] == before


def test_packaged_files_are_found(fonts: list[Path]) -> None:
    for name in ("bootstrap/css/bootstrap.min.css", "fonts/be-vietnam-pro-400.woff2", "django_htmx/htmx-2.min.js"):
        assert finders.find(name), name
    for name in ("bootstrap/LICENSE", "bootstrap/../bootstrap/js/bootstrap.js", "fonts/none.woff2"):
        assert not finders.find(name), name


def test_stylesheets_ask_for_what_is_there(fonts: list[Path]) -> None:
    for path in (STATIC / "css").glob("*.css"):
        for asked in re.findall(r'url\("(?!data:)([^"]+)"\)', path.read_text(encoding="utf-8")):
            assert finders.find(str(Path("hrdb/css") / asked).replace("hrdb/css/../../", "")), (path.name, asked)
