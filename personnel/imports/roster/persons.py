"""What a cell says of who somebody is: the name without what offices write around it, and figures that mean a sex."""

from __future__ import annotations

import re
from typing import Final

from hrdb.kernel.text import clean_text, fold, name_case
from personnel.imports.roster.issues import BAD_NAME
from personnel.imports.roster.values import BadValue

SEXES: Final = {"nam": "male", "nu": "female", "trai": "male", "gai": "female", "male": "male", "female": "female",
                "m": "male", "f": "female"}  # fmt: skip

#: Forms of address that offices write before names; *Ông* and *Bà* may be family names and stay.
_ADDRESS: Final = re.compile(r"^(?:đ/c|đ\.c\.?|đc\.|đồng chí)\s*:?\s*", re.IGNORECASE)
#: Marks of footnotes behind names.
_FOOTNOTE: Final = re.compile(r"\s*(?:\(\s*[*\d]{1,3}\s*\)|[*]+)$")
#: What stands in no name of a person.
_NO_NAME: Final = re.compile(r"[=<>|@#%$&+?!;:_\\{}\[\]\"^~*]|https?\b", re.IGNORECASE)
_LEGEND: Final = re.compile(
    r"\b(nam|nu)\b\s*(?:la|ghi|[:=\-(])\s*([0-9a-z])\b|\b([0-9a-z])\s*(?:la|[:=\-])\s*(nam|nu)\b"
)


def read_name(text: str) -> str:
    """A name as it is stored, without form of address and footnote; empty for what has no letter. Raises BadValue."""
    name = _FOOTNOTE.sub("", _ADDRESS.sub("", clean_text(text)))
    if not any(map(str.isalpha, name)):
        return ""
    if _NO_NAME.search(name):
        raise BadValue(BAD_NAME, f"«{name}» không phải là họ tên người.")
    return name_case(name.upper() if name == name.lower() else name)


def sex_legend(header: str) -> dict[str, str]:
    """What figures and letters mean where the header explains them: *Giới tính (Nam: 1; Nữ: 0)*."""
    legend: dict[str, str] = {}
    for found in _LEGEND.finditer(fold(header)):
        word, sign = (found[1], found[2]) if found[1] else (found[4], found[3])
        legend[sign] = SEXES[word]
    return legend
