"""The book of parameters of appraisal: levels and scores, caps, grounds, deadlines."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from hrdb.kernel.parameters import PARAMETER_BOOKS, ParameterBook

#: Whose rules a rating follows: civil servants' (with cadres), public employees', the Party's.
Regime = Literal["civil_servant", "public_employee", "party"]

REGIME_LABELS: Final[dict[Regime, str]] = {
    "civil_servant": "Cán bộ, công chức",
    "public_employee": "Viên chức",
    "party": "Đảng viên",
}

LAW: Final = PARAMETER_BOOKS.register(
    ParameterBook(
        "appraisal",
        Path(__file__).parent / "parameters",
        groups={
            "levels": "Mức xếp loại và điểm",
            "caps": "Tỷ lệ hoàn thành xuất sắc",
            "grounds": "Trường hợp không hoàn thành nhiệm vụ",
            "deadlines": "Thời hạn đánh giá, xếp loại",
            "consequences": "Hệ quả của xếp loại",
            "units": "Xếp loại cơ quan, đơn vị",
        },
    )
)


def regime_of(category: str) -> Regime:
    """Whose rules a category of employment follows; contracts are rated as the people beside whom they work."""
    return "public_employee" if category == "public_employee" else "civil_servant"


#: What the rules of a unit are called, by the regime.
UNIT_LABELS: Final[dict[Regime, str]] = {
    "civil_servant": "cơ quan nhà nước",
    "public_employee": "đơn vị sự nghiệp công lập",
    "party": "cơ quan Đảng, Mặt trận, đoàn thể",
}


#: Blocs whose units follow the rules of the Party.
PARTY_BLOCS: Final = ("party", "front")


def regime_of_unit(*, bloc: str, is_public_service: bool) -> Regime:
    """Whose rules a unit itself follows: by its bloc, in the government's by whether it is a public service unit."""
    if bloc in PARTY_BLOCS:
        return "party"
    return "public_employee" if is_public_service else "civil_servant"
