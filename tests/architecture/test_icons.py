"""Every icon that a template or a screen names is in the icon set; a missing one shows only when its page opens."""

from __future__ import annotations

import re
import zipfile
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = (
    re.compile(r'icon(?:_name)?\s*=\s*"([a-z][a-z0-9-]+)"'),
    re.compile(r'{% icon "([a-z][a-z0-9-]+)"'),
    re.compile(r'{% label [^%]*? "(?:good|warn|bad|act)?" "([a-z][a-z0-9-]+)" ?%}'),
    re.compile(r'{% empty "[^"]*" "[^"]*" "([a-z][a-z0-9-]+)"'),
)


def test_every_named_icon_is_drawn() -> None:
    with zipfile.ZipFile(str(files("lucide") / "lucide.zip")) as archive:
        drawn = {Path(name).stem for name in archive.namelist()}
    places = [*(ROOT / "templates").rglob("*.html")]
    for folder in ("hrdb", "personnel", "appraisal", "planning", "training"):
        places += (ROOT / folder).rglob("*.py")
    named = {
        (name, path.relative_to(ROOT).as_posix())
        for path in places
        for pattern in NAMED
        for name in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 50
    assert sorted(pair for pair in named if pair[0] not in drawn) == []
