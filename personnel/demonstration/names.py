"""Names by ethnic group (họ và tên theo dân tộc), put together at random from `names.json`: nobody real is meant."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any, Final

MALE: Final = "male"

_WORDS: Final[dict[str, Any]] = json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8"))
_Drawn = tuple[list[str], list[int]]
_FAMILIES: Final[dict[str, _Drawn]] = {
    code: (list(names), list(names.values())) for code, names in _WORDS["families"].items()
}
_MIX: Final[dict[str, _Drawn]] = {
    place: (list(shares), list(shares.values())) for place, shares in _WORDS["mix"].items()
}
_COMMON_MIDDLE: Final = {"male": ["Văn"], "female": ["Thị"]}
_HIGHLAND: Final = "11"

#: How often a name is long, and how often the young and the others bear one that only their group uses.
_LONG, _OWN_YOUNG, _OWN = 0.003, 0.35, 0.65


def draw_ethnic_group(random: Random, place: str) -> str:
    """The code of an ethnic group, as often as it is met among staff from a town, a valley or the highland."""
    codes, shares = _MIX[place]
    return random.choices(codes, shares)[0]


def draw_family(random: Random, ethnicity: str) -> str:
    """A family name of an ethnic group."""
    names, weights = _FAMILIES[ethnicity]
    return random.choices(names, weights)[0]


def draw_name(random: Random, *, ethnicity: str, sex: str, young: bool, family: str | None = None) -> str:
    """A full name; the young of every group often bear names that all groups use."""
    if ethnicity == _HIGHLAND:
        return _highland_name(random, sex)
    own = _WORDS["own_given"].get(ethnicity)
    if own is not None and random.random() < (_OWN_YOUNG if young else _OWN):
        given = random.choice(own[sex])
        middle = random.choice(_WORDS["own_middle"].get(ethnicity, _COMMON_MIDDLE)[sex])
    else:
        given = random.choice(_WORDS["given"][sex])
        middle = random.choice(_WORDS["long_middle" if random.random() < _LONG else "middle"][sex])
    if middle == given:
        middle = _COMMON_MIDDLE[sex][0]
    return " ".join(part for part in (family or draw_family(random, ethnicity), middle, given) if part)


def _highland_name(random: Random, sex: str) -> str:
    """Names of the Central Highlands, with their apostrophes and without family name in front."""
    given = random.choice(_WORDS["own_given"][_HIGHLAND][sex])
    family = draw_family(random, _HIGHLAND)
    return f"Y {given} {family}" if sex == MALE else f"{given} {family}"
