"""Communes, former districts and places of birth of the demonstration province (địa bàn)."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Final, NamedTuple

from personnel.data import read_list

#: The province whose commune names are borrowed.
PROVINCE: Final = "15"


class District(NamedTuple):
    """A district abolished on 01/07/2025, with its former province, its character and its ranges of commune codes."""

    code: str
    kind: str
    name: str
    province: str
    place: str
    communes: tuple[tuple[str, str], ...]

    @property
    def full_name(self) -> str:
        """Kind and name."""
        return f"{self.kind} {self.name}"


DISTRICTS: Final = (
    District("H.01", "huyện", "Bát Xát", "Lào Cai", "highland", (("02683", "02746"),)),
    District("H.02", "thành phố", "Lào Cai", "Lào Cai", "town", (("02647", "02680"),)),
    District("H.03", "thị xã", "Sa Pa", "Lào Cai", "highland", (("03004", "03046"),)),
    District("H.04", "huyện", "Bảo Thắng", "Lào Cai", "valley", (("02902", "02926"),)),
    District("H.05", "huyện", "Bảo Yên", "Lào Cai", "valley", (("02947", "02998"),)),
    District("H.06", "huyện", "Bắc Hà", "Lào Cai", "highland", (("02839", "02896"),)),
    District("H.07", "huyện", "Mường Khương", "Lào Cai", "highland", (("02752", "02788"),)),
    District("H.08", "huyện", "Si Ma Cai", "Lào Cai", "highland", (("02809", "02824"),)),
    District("H.09", "huyện", "Văn Bàn", "Lào Cai", "valley", (("03061", "03121"),)),
    District("H.10", "thành phố", "Yên Bái", "Yên Bái", "town", (("04252", "04279"), ("04543", "04543"))),
    District(
        "H.11", "thị xã", "Nghĩa Lộ", "Yên Bái", "valley", (("04288", "04288"), ("04663", "04663"), ("04681", "04681"))
    ),
    District("H.12", "huyện", "Lục Yên", "Yên Bái", "valley", (("04303", "04363"),)),
    District("H.13", "huyện", "Văn Yên", "Yên Bái", "valley", (("04375", "04450"),)),
    District("H.14", "huyện", "Mù Cang Chải", "Yên Bái", "highland", (("04456", "04492"),)),
    District("H.15", "huyện", "Trấn Yên", "Yên Bái", "valley", (("04498", "04537"), ("04564", "04576"))),
    District("H.16", "huyện", "Trạm Tấu", "Yên Bái", "highland", (("04585", "04609"),)),
    District(
        "H.17", "huyện", "Văn Chấn", "Yên Bái", "valley", (("04630", "04660"), ("04672", "04672"), ("04693", "04711"))
    ),
    District("H.18", "huyện", "Yên Bình", "Yên Bái", "valley", (("04714", "04750"),)),
)

#: Personal numbers begin with the code of the province of birth registration.
BIRTH_CODES: Final = {"Lào Cai": "010", "Yên Bái": "015"}

#: Provinces from which families of staff came, by code of today, with how often.
HOME_PROVINCES: Final = {"37": 18, "33": 16, "25": 14, "01": 10, "19": 7, "24": 6, "31": 6, "38": 5, "40": 4, "08": 4}


class Commune(NamedTuple):
    """A commune or ward of the province, in the district it came from."""

    code: str
    kind: str
    name: str
    district: District

    @property
    def full_name(self) -> str:
        """«xã Bát Xát», as it stands inside a longer name."""
        return f"{self.kind} {self.name}"


@cache
def communes() -> tuple[Commune, ...]:
    """The communes and wards of the province, by code."""
    return tuple(
        Commune(item["code"], "phường" if item["kind"] == "ward" else "xã", item["short_name"], _district(item["code"]))
        for item in read_list("communes")["items"]
        if item["province"] == PROVINCE
    )


@cache
def communes_of(district: str) -> tuple[Commune, ...]:
    """The communes that came from a district, by its code."""
    return tuple(commune for commune in communes() if commune.district.code == district)


def draw_home(random: Random, ethnicity: str, born_in: Commune) -> tuple[str, str | None]:
    """A home town (quê quán) as text and, where it lies in today's list, the commune's code."""
    if ethnicity == "01" and random.random() < 0.55:
        code, text = random.choice(_outside(random.choices(*_HOME)[0]))
        return text, code
    return f"{_capital(born_in.full_name)}, tỉnh Lào Cai", born_in.code


def birth_place(commune: Commune, *, old_style: bool) -> str:
    """A place of birth, with the district and province of before 01/07/2025 or as it is called today."""
    if old_style:
        return f"{_capital(commune.full_name)}, {commune.district.full_name}, tỉnh {commune.district.province}"
    return f"{_capital(commune.full_name)}, tỉnh Lào Cai"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _district(commune: str) -> District:
    for district in DISTRICTS:
        if any(first <= commune <= last for first, last in district.communes):
            return district
    raise LookupError(f"no district for commune {commune}")


@cache
def _outside(province: str) -> tuple[tuple[str, str], ...]:
    """Communes of another province: code and text."""
    name = next(item["name"] for item in read_list("provinces")["items"] if item["code"] == province)
    return tuple(
        (item["code"], f"{item['name']}, {name[0].lower()}{name[1:]}")
        for item in read_list("communes")["items"]
        if item["province"] == province
    )


_HOME: Final = (list(HOME_PROVINCES), list(HOME_PROVINCES.values()))
