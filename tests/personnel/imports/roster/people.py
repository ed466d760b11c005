"""Invented people of rosters, with facts that agree with each other."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

DAY = date(2025, 12, 31)
ETHNIC_GROUPS = ("Kinh", "Tày", "Thái", "Mông", "Dao", "Nùng", "Giáy", "Mường")
FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Giàng",
    "Lò",
    "Tẩn",
    "Chảo",
    "Nông",
    "Tống",
    "Cao",
)
MIDDLE = {"male": ("Văn", "Hữu", "Đức", "Công", "Quang"), "female": ("Thị", "Thị Thu", "Ngọc", "Thanh", "Thị Bích")}
GIVEN = (
    "Hòa",
    "Hoà",
    "Thúy",
    "Thuỷ",
    "Quý",
    "Quí",
    "Ái",
    "Ân",
    "Đạt",
    "Yến",
    "Sơn",
    "Hằng",
    "Mỵ",
    "Ước",
    "Đông",
    "Tuấn",
)
STRANGE = (("H'Hen Niê", "female"), ("Y Moan Êban", "male"), ("Lò Thị Ổn", "female"), ("K'Brêo", "male"))
UNITS = (
    ("UBND.02", "Sở Nội vụ"),
    ("UBND.03", "Sở Tài chính"),
    ("UBND.11", "Sở Văn hóa, Thể thao và Du lịch"),
    ("UBND.13", "Thanh tra tỉnh"),
)
RANKS = {"01.001": ("CVCC", "Chuyên viên cao cấp", 6, 6.2, 0.36), "01.002": ("CVC", "Chuyên viên chính", 8, 4.4, 0.34),
         "01.003": ("CV", "Chuyên viên", 9, 2.34, 0.33)}  # fmt: skip
DEGREES = ("Tiến sĩ", "Thạc sĩ", "Đại học", "Cao đẳng", "Trung cấp")
DEGREE_SHORT = {"Tiến sĩ": "TS", "Thạc sĩ": "ThS", "Đại học": "ĐH", "Cao đẳng": "CĐ", "Trung cấp": "TC"}
POLITICS = {"Cử nhân": "CN", "Cao cấp": "CC", "Trung cấp": "TC", "Sơ cấp": "SC"}
STATE = {"Chuyên viên cao cấp": "CVCC", "Chuyên viên chính": "CVC", "Chuyên viên": "CV"}
NOTES = {"Nghỉ thai sản": "maternity", "Chờ nghỉ hưu": "awaiting_retirement", "Biệt phái từ Sở Tài chính": "seconded",
         "Hưởng 85% lương": None}  # fmt: skip
TITLES = ("Chuyên viên", "Trưởng phòng", "Phó Trưởng phòng", "Văn thư viên")


@dataclass
class Person:
    """An invented person with the facts of a roster."""

    name: str
    sex: str
    born: date
    number: str
    ethnicity: str
    unit: tuple[str, str]
    titles: list[str]
    recruited: date
    joined: date | None
    degrees: list[str]
    politics: str
    state: str
    rank: str
    step: int
    coefficient: float
    note: str = ""


def invented(dice: random.Random, place: int, *, two_degrees: bool, has_state: bool) -> Person:
    """A person with facts that agree; the first few have names of other peoples."""
    choose = dice.choice
    sex = choose(("male", "female"))
    name = f"{choose(FAMILY)} {choose(MIDDLE[sex])} {choose(GIVEN)}"
    if place < 3:
        name, sex = STRANGE[place]
    born = date(1966, 1, 1) + timedelta(days=dice.randrange(365 * 35))
    century = {"male": 0, "female": 1}[sex] + (2 if born.year >= 2000 else 0)
    tail = f"{place:02d}{dice.randrange(10_000):04d}"
    number = f"{choose(('001', '010', '014', '025'))}{century}{born.year % 100:02d}{tail}"
    recruited = born + timedelta(days=22 * 366 + dice.randrange(900))
    joined = recruited + timedelta(days=400 + dice.randrange(900)) if dice.random() < 0.7 else None
    if recruited > DAY:
        recruited = DAY - timedelta(days=30)
    if joined is not None and joined > DAY - timedelta(days=400):
        joined = None
    rank = choose(tuple(RANKS))
    step = dice.randint(1, 6)
    base, by = RANKS[rank][3:]
    degrees = [choose(DEGREES)]
    if two_degrees and dice.random() < 0.4:
        degrees = ["Đại học", "Thạc sĩ"]
    titles = [choose(TITLES)]
    if dice.random() < 0.2:
        titles = ["Đảng ủy viên", "Phó Giám đốc"]
    return Person(
        name, sex, born, number, choose(ETHNIC_GROUPS), UNITS[place % 3 if place % 7 else 3], titles, recruited,
        joined, degrees, choose(("", *POLITICS)),
        choose(("", *STATE)) if has_state else "", rank, step,
        round(base + by * (step - 1), 2), choose(tuple(NOTES)) if dice.random() < 0.2 else "",
    )  # fmt: skip
