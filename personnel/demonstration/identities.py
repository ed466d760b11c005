"""Who the people of the demonstration province are (lý lịch): identity, family, health, property; some rows missing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from hrdb.kernel.dates import add_months
from hrdb.kernel.text import fold
from personnel.demonstration.lives import Life
from personnel.demonstration.names import draw_family, draw_name
from personnel.demonstration.places import BIRTH_CODES, Commune, birth_place, draw_home
from personnel.demonstration.records import (
    AssetRecord,
    CadreRecord,
    HealthCheckRecord,
    LifeHistoryRecord,
    PoliticalReviewRecord,
    RelativeRecord,
)
from personnel.demonstration.roles import Role

#: The last six digits of personal numbers run through this range, each once.
FIRST_SERIAL, SERIALS, SERIAL_STEP = 100_000, 900_000, 7_919
OTHER_BIRTH_CODES: Final = ("001", "025", "034", "035", "036", "037", "019", "008", "038")
#: Shares of records that lack some rows, and that lack the personal number.
INCOMPLETE, NUMBERLESS = 0.09, 0.015
MAY_LACK: Final[dict[str, Any]] = {
    "ethnicity": None,
    "religion": None,
    "birth_place": "",
    "home_town": "",
    "current_residence": "",
    "id_issued_on": None,
    "phone": "",
    "social_insurance_number": "",
    "family_background": None,
    "schooling": None,
    "recruited_by": "",
    "organisation_joined_on": None,
}
BACKGROUNDS: Final = (
    ("x-nong-dan", "x-can-bo-cong-chuc", "x-cong-nhan", "x-quan-nhan", "x-tri-thuc"),
    (64, 20, 8, 5, 3),
)
OCCUPATIONS: Final = (
    "Học sinh, sinh viên",
    "Học sinh, sinh viên",
    "Học sinh, sinh viên",
    "Làm ruộng",
    "Lao động tự do",
)
STRENGTHS: Final = (
    "Tổng hợp, tham mưu",
    "Giảng dạy",
    "Công tác dân vận",
    "Chuyên môn nghiệp vụ",
    "Công nghệ thông tin",
    "",
)
WORKS: Final = (
    "làm ruộng",
    "làm ruộng",
    "cán bộ hưu trí",
    "giáo viên",
    "buôn bán nhỏ",
    "công nhân",
    "bộ đội",
    "công chức",
)


def draw_cadre(
    random: Random, *, index: int, seed: int, role: Role, life: Life, commune: Commune, ethnicity: str, work: str
) -> CadreRecord:
    """The single-valued rows of a record; about one in eleven lacks some of them."""
    young = life.born.year >= 1988
    name = draw_name(random, ethnicity=ethnicity, sex=life.sex, young=young)
    home, home_commune = draw_home(random, ethnicity, commune)
    enlisted, discharged = _military(random, life)
    serial = FIRST_SERIAL + (index * SERIAL_STEP + seed) % SERIALS
    cadre = CadreRecord(
        full_name=name,
        sex=life.sex,
        born=life.born,
        born_precision=life.born_precision,
        personal_number=_personal_number(random, life, commune, ethnicity, serial),
        officer_code=f"CB{index + 1:06d}" if random.random() < 0.7 else "",
        other_name=name.split()[-1] + " A" if random.random() < 0.004 else "",
        ethnicity=ethnicity,
        religion="99" if random.random() < 0.975 else random.choice(("01", "02", "08")),
        birth_place=birth_place(commune, old_style=random.random() < 0.7),
        birth_commune=commune.code if random.random() < 0.4 else None,
        home_town=home,
        home_commune=home_commune,
        permanent_residence=f"{_neighbourhood(random, commune)}, tỉnh Lào Cai",
        current_residence=f"{_neighbourhood(random, commune)}, tỉnh Lào Cai",
        id_issued_on=date(2021, 1, 4) + timedelta(random.randrange(1300)),
        phone=f"0123 {serial % 1000:03d} {random.randrange(10_000):04d}",
        email=f"{fold(name).split()[-1]}{index + 1}@tinh.example".replace("'", ""),
        social_insurance_number=f"{random.choice((10, 15))}{serial:06d}{random.randrange(100):02d}",
        health_insurance_number=f"HC410{random.randrange(10)}{serial:06d}{random.randrange(1000):03d}",
        family_background=random.choices(*BACKGROUNDS)[0],
        former_occupation=random.choice(OCCUPATIONS),
        first_recruited_on=life.recruited,
        organisation_joined_on=date(life.born.year + 15 + random.randrange(2), 3, 26),
        organisation_joined="Đoàn TNCS Hồ Chí Minh",
        enlisted_on=enlisted,
        discharged_on=discharged,
        highest_military_rank=random.choice(("Hạ sĩ", "Trung sĩ", "Thượng sĩ")) if discharged else "",
        policy_status=random.choice(("x-con-thuong-binh", "x-con-liet-si")) if random.random() < 0.03 else None,
        schooling=_schooling(random, life),
        honour="31" if role.place == "school" and role.is_leader and random.random() < 0.02 else None,
        main_work=work,
        strengths=random.choice(STRENGTHS),
        longest_work=work if random.random() < 0.5 else "",
        agency_remark="Hoàn thành tốt nhiệm vụ được giao." if random.random() < 0.08 else "",
    )
    if random.random() < INCOMPLETE:
        lacking = random.sample(list(MAY_LACK), random.randint(2, 6))
        cadre = cadre._replace(**{name: MAY_LACK[name] for name in lacking})
    if random.random() < NUMBERLESS:
        cadre = cadre._replace(personal_number=None, id_issued_on=None)
    return cadre


def _personal_number(random: Random, life: Life, commune: Commune, ethnicity: str, serial: int) -> str:
    """Province of birth registration, century and sex, year, serial (NĐ 137/2015/NĐ-CP)."""
    elsewhere = ethnicity == "01" and random.random() < 0.2
    prefix = random.choice(OTHER_BIRTH_CODES) if elsewhere else BIRTH_CODES[commune.district.province]
    century = 2 * (life.born.year >= 2000) + (life.sex == "female")
    return f"{prefix}{century}{life.born.year % 100:02d}{serial:06d}"


def _neighbourhood(random: Random, commune: Commune) -> str:
    part = "Tổ dân phố" if commune.kind == "phường" else "Thôn"
    return f"{part} {random.randint(1, 18)}, {commune.full_name}"


def _military(random: Random, life: Life) -> tuple[date | None, date | None]:
    """Two years of service before recruitment, of some men."""
    if life.sex != "male" or random.random() > 0.12:
        return None, None
    enlisted = date(life.born.year + 19, 2, 15)
    discharged = date(life.born.year + 21, 2, 10)
    return (enlisted, discharged) if discharged < life.recruited else (None, None)


def _schooling(random: Random, life: Life) -> str:
    if life.born.year < 1972 and random.random() < 0.4:
        return "10"
    return "44" if random.random() < 0.05 else "22"


def relatives(
    random: Random, *, cadre: CadreRecord, ethnicity: str, life: Life, commune: Commune, day: date
) -> list[RelativeRecord]:
    """Parents, often a spouse and children, at times brothers, sisters and the spouse's parents."""
    born = life.born.year
    place = f"{commune.full_name}, tỉnh Lào Cai"
    family = cadre.full_name.split()[0] if ethnicity != "11" else draw_family(random, ethnicity)
    other = draw_family(random, ethnicity)
    found = [
        _relative(random, "own", "03", "male", born - random.randint(20, 36), family, ethnicity, place),
        _relative(random, "own", "04", "female", born - random.randint(19, 34), other, ethnicity, place),
    ]
    if random.random() < 0.35:
        kind, sex = random.choice((("08", "male"), ("09", "female"), ("10", "male"), ("10", "female")))
        older = kind in {"08", "09"}
        year = born + random.randint(2, 7) * (-1 if older else 1)
        found.append(_relative(random, "own", kind, sex, year, family, ethnicity, place))
    if day.year - born > 27 and random.random() < 0.88:
        found += _household(random, life, family, ethnicity, place, day)
    return found


def _household(random: Random, life: Life, family: str, ethnicity: str, place: str, day: date) -> list[RelativeRecord]:
    """The spouse, up to three children and, at times, the spouse's parents."""
    born = life.born.year
    is_man = life.sex == "male"
    kind, sex = ("05", "female") if is_man else ("06", "male")
    other = draw_family(random, ethnicity)
    year = born + random.randint(-1, 5) * (1 if is_man else -1)
    found = [_relative(random, "own", kind, sex, year, other, ethnicity, place)]
    child_family = family if is_man else other
    child_born = born + random.randint(23, 30)
    for _ in range(random.choice((1, 2, 2, 2, 3))):
        if child_born >= day.year:
            break
        sex = random.choice(("male", "female"))
        work = "còn nhỏ" if day.year - child_born < 6 else "học sinh" if day.year - child_born < 19 else None
        found.append(_relative(random, "own", "07", sex, child_born, child_family, ethnicity, place, work))
        child_born += random.randint(2, 7)
    if random.random() < 0.2:
        found.append(_relative(random, "spouse", "03", "male", born - random.randint(21, 36), other, ethnicity, place))
    return found


def _relative(
    random: Random,
    side: str,
    kind: str,
    sex: str,
    birth_year: int,
    family: str,
    ethnicity: str,
    place: str,
    work: str | None = None,
) -> RelativeRecord:
    name = draw_name(random, ethnicity=ethnicity, sex=sex, young=birth_year > 1985, family=family)
    details = f"Quê quán và nơi ở: {place}; {work or random.choice(WORKS)}"
    return RelativeRecord(side, kind, name, birth_year, details)


def health_check(random: Random, life: Life, last: date) -> HealthCheckRecord:
    """The newest health check."""
    tall = random.gauss(166, 5) if life.sex == "male" else random.gauss(156, 5)
    weight = Decimal(round((tall - 100) * random.uniform(0.85, 1.1), 1)).quantize(Decimal("0.1"))
    status = random.choices(("Loại I", "Loại II", "Loại III", "Loại IV"), (22, 58, 17, 3))[0]
    blood = random.choices(("O", "B", "A", "AB"), (43, 30, 21, 6))[0]
    return HealthCheckRecord(last - timedelta(random.randint(10, 360)), status, round(tall), weight, blood)


def life_histories(random: Random) -> list[LifeHistoryRecord]:
    """A relative abroad, of very few."""
    if random.random() > 0.008:
        return []
    details = "Có em ruột lao động có thời hạn ở nước ngoài theo hợp đồng (đã khai báo với cơ quan)."
    return [LifeHistoryRecord("foreign_relative", details)]


def assets(random: Random, last: date) -> list[AssetRecord]:
    """Income, house and land as a leader declares them."""
    declared = last - timedelta(random.randint(20, 360))
    salary = Decimal(random.randint(140, 320)) * 1_000_000
    found = [AssetRecord("income_salary", declared_on=declared, amount=salary)]
    if random.random() < 0.8:
        area = Decimal(random.randint(70, 240))
        found.append(AssetRecord("house_bought", "6", declared, "Nhà xây", area, "Đã cấp giấy chứng nhận"))
    if random.random() < 0.5:
        area = Decimal(random.randint(100, 600))
        found.append(AssetRecord("land_bought", "10", declared, "Đất ở", area, "Đã cấp giấy chứng nhận"))
    return found


def political_review(random: Random, index: int, last: date) -> PoliticalReviewRecord:
    """The newest conclusion on the political standard of a leader."""
    concluded = last - timedelta(random.randint(30, 1200))
    result = "met" if random.random() < 0.97 else "met_with_note"
    return PoliticalReviewRecord(
        "Ban Thường vụ Tỉnh ủy", f"{index % 900 + 1}-TB/TU", concluded, add_months(concluded, 60), result
    )
