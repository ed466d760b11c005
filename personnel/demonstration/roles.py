"""What the people of the demonstration province do (nghề và chức danh), read from `roles.json`.

Coefficients of allowances are those of a fictional province, not values of law.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from personnel.data import read_list, read_titles
from personnel.rules.law import LAW

#: Where an earlier period of a career was spent.
DEPARTMENT: Final = "department"
DISTRICT: Final = "district"
DISTRICT_PARTY: Final = "district_party"
SCHOOL: Final = "school"
HEALTH: Final = "health"


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank code with the steps of its scale, in order, and the months that each step lasts."""

    code: str
    coefficients: tuple[Decimal, ...]
    step_months: int


@dataclass(frozen=True, slots=True)
class Role:
    """One way of working: who does it and how one comes to it.

    `ages` are the youngest, commonest and oldest; `female` and `party` shares; `degrees` weights of the highest degree
    by code; `theory` the level of political theory that most hold; `ranks` lead from junior to senior and `seniority`
    says how far up; `ladder` are earlier steps as title and place, lowest first.
    """

    key: str
    category: str
    ranks: tuple[Rank, ...]
    seniority: int
    ages: tuple[int, int, int]
    female: float
    party: float
    theory: str
    degrees: tuple[tuple[str, ...], tuple[int, ...]]
    fields: tuple[str, ...]
    place: str
    ladder: tuple[tuple[str, str], ...]
    is_leader: bool
    allowance: Decimal | None
    work: str


def _read() -> dict[str, Role]:
    content: dict[str, Any] = json.loads((Path(__file__).parent / "roles.json").read_text(encoding="utf-8"))
    scales = {item["code"]: item["scale"] for item in read_list("ranks")["items"]}
    paths = {name: tuple(_rank(code, scales[code]) for code in codes) for name, codes in content["paths"].items()}
    return {item["key"]: _role(item, content, paths) for item in content["roles"]}


def _rank(code: str, scale: str) -> Rank:
    """A rank with the newest table of its scale."""
    table = LAW[f"pay/scales/{scale.lower().replace('.', '_')}"].values[-1].value
    coefficients = tuple(Decimal(str(coefficient)).quantize(Decimal("0.01")) for coefficient in table["coefficients"])
    return Rank(code, coefficients, int(table["step_months"]))


def _role(item: dict[str, Any], content: dict[str, Any], paths: dict[str, tuple[Rank, ...]]) -> Role:
    degrees = content["degrees"][item["degrees"]] if isinstance(item["degrees"], str) else item["degrees"]
    fields = content["fields"][item["fields"]] if isinstance(item["fields"], str) else item["fields"]
    ladder = [tuple(step.split("@")) for step in item["ladder"]]
    return Role(
        key=item["key"],
        category=item["category"],
        ranks=paths[item["path"]],
        seniority=item["seniority"],
        ages=tuple(item["ages"]),
        female=item["female"],
        party=item["party"],
        theory=item["theory"],
        degrees=(tuple(degrees), tuple(degrees.values())),
        fields=tuple(fields),
        place=item["place"],
        ladder=tuple((title, place) for title, place in ladder),
        is_leader=item["is_leader"],
        allowance=Decimal(item["allowance"]) if item["allowance"] else None,
        work=item["work"],
    )


ROLES: Final = _read()

#: Titles by code: name and managing level.
TITLES: Final[dict[str, dict[str, Any]]] = {item["code"]: item for item in read_titles()["items"]}
