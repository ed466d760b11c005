"""`make bench [ARGS="rosters structure"]`: run the comparisons on a database of their own and print the ratios."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

#: The comparisons, in the order in which they run.
BENCHES = ("rosters", "people", "structure", "workbook", "curriculum", "decisions", "eligibility", "needs", "cohorts")


def main(asked: list[str]) -> None:
    """Start the bench's own database, load the code lists and a province once, run what is asked."""
    root = Path(__file__).resolve().parent.parent
    os.environ.setdefault("HRDB_VAR", str(root / "var" / "bench"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrdb.settings")
    from hrdb.kernel.database import ensure_running
    from hrdb.kernel.installation import ensure_var

    ensure_var()
    ensure_running()
    import django

    django.setup()
    from django.core.management import call_command

    from bench.province import settle
    from personnel.services.reference import load_reference

    call_command("migrate", interactive=False, verbosity=0)
    load_reference()
    _tell("province", settle())
    for name in asked or BENCHES:
        _tell(name, importlib.import_module(f"bench.{name}").run())


def _tell(name: str, lines: Iterable[str]) -> None:
    print(f"== {name}", flush=True)
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
