"""The demonstration province at a real province's size, loaded once into the benches' own database."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.utils import timezone

from personnel.models import Cadre
from personnel.services.demonstration import NotEmpty, load_demonstration

PEOPLE = 60_000
SEED = 1


def settle() -> Iterator[str]:
    """Lines: what was loaded, or what is there."""
    start = time.perf_counter()
    try:
        loaded = load_demonstration(size=PEOPLE, seed=SEED, day=timezone.localdate())
    except NotEmpty:
        yield f"{Cadre.objects.count():,} people from elsewhere"
        return
    seconds = time.perf_counter() - start
    if loaded.is_new:
        yield f"loaded {loaded.size:,} people: {loaded.rows:,} rows and their history in {seconds:.0f} s"
    else:
        yield f"{loaded.size:,} people, loaded before"
