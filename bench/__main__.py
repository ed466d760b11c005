"""`make bench [ARGS="rosters structure"]`: run the comparisons on a database of their own and print the ratios."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

#: The comparisons, in the order in which they run.
BENCHES = ("rosters", "people", "structure", "curriculum")


def main(asked: list[str]) -> None:
    """Start the bench's own database, load the code lists, run what is asked."""
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

    from personnel.services.reference import load_reference

    call_command("migrate", interactive=False, verbosity=0)
    load_reference()
    for name in asked or BENCHES:
        print(f"== {name}", flush=True)
        for line in importlib.import_module(f"bench.{name}").run():
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
