"""Schooling and training of the people of the demonstration province (đào tạo, bồi dưỡng)."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final

from hrdb.kernel.dates import add_months
from personnel.demonstration.records import QualificationRecord
from personnel.demonstration.roles import Role

#: Years of study by degree, and the age at which it is usually finished.
STUDY: Final = {"02": (4, 38), "12": (2, 40), "03": (2, 32), "11": (2, 33), "13": (2, 33), "04": (4, 22), "06": (3, 21)}
STUDY_DEFAULT: Final = (2, 20)
CERTIFICATES: Final = {
    "02": "Bằng tiến sĩ",
    "03": "Bằng thạc sĩ",
    "04": "Bằng tốt nghiệp đại học",
    "06": "Bằng tốt nghiệp cao đẳng",
    "07": "Bằng tốt nghiệp trung cấp",
    "08": "Chứng chỉ sơ cấp",
    "11": "Bằng bác sĩ chuyên khoa I",
    "12": "Bằng bác sĩ chuyên khoa II",
    "13": "Bằng dược sĩ chuyên khoa I",
}
SCHOOLS: Final = {
    "school": (
        "Trường Đại học Sư phạm Hà Nội 2",
        "Trường Đại học Sư phạm - Đại học Thái Nguyên",
        "Trường Đại học Tây Bắc",
    ),
    "health": (
        "Trường Đại học Y - Dược, Đại học Thái Nguyên",
        "Trường Đại học Y Hà Nội",
        "Trường Đại học Điều dưỡng Nam Định",
    ),
}
#: Schools of administration by a word of the subject; the first that fits.
SUBJECT_SCHOOLS: Final = (
    ("Luật", "Trường Đại học Luật Hà Nội"),
    ("Kế toán", "Trường Đại học Kinh tế và Quản trị kinh doanh, Đại học Thái Nguyên"),
    ("Tài chính", "Học viện Tài chính"),
    ("Nông học", "Trường Đại học Nông Lâm, Đại học Thái Nguyên"),
    ("nông nghiệp", "Học viện Nông nghiệp Việt Nam"),
    ("Lâm nghiệp", "Trường Đại học Lâm nghiệp"),
    ("đất đai", "Trường Đại học Nông Lâm, Đại học Thái Nguyên"),
    ("Xây dựng Đảng", "Học viện Báo chí và Tuyên truyền"),
    ("Chính trị", "Học viện Báo chí và Tuyên truyền"),
    ("Xây dựng", "Trường Đại học Xây dựng Hà Nội"),
    ("Công nghệ thông tin", "Trường Đại học Công nghệ thông tin và Truyền thông, Đại học Thái Nguyên"),
    ("Kinh tế", "Đại học Kinh tế Quốc dân"),
)
ANY_SCHOOL: Final = "Học viện Hành chính Quốc gia"
VOCATIONAL_SCHOOL: Final = "Trường Cao đẳng Lào Cai"
HIGHER: Final = frozenset({"02", "03", "11", "12", "13"})
PARTY_SCHOOLS: Final = {
    "CC": "Học viện Chính trị khu vực I",
    "TC": "Trường Chính trị tỉnh",
    "SC": "Trung tâm Chính trị huyện",
}
THEORY_CODES: Final = {
    "CC": ("09", "Bằng Cao cấp lý luận chính trị", 18),
    "TC": ("07", "Bằng Trung cấp lý luận chính trị", 12),
    "SC": ("08", "Chứng nhận Sơ cấp lý luận chính trị", 3),
}
STATE_CODES: Final = (
    ("x-chuyen-vien", "chuyên viên", 3),
    ("x-chuyen-vien-chinh", "chuyên viên chính", 12),
    ("x-chuyen-vien-cao-cap", "chuyên viên cao cấp", 20),
)
#: Languages of the groups that staff of the highland learn, by the ethnic group's code.
ETHNIC_LANGUAGES: Final = ("x-tieng-mong", "x-tieng-dao", "x-tieng-tay", "x-tieng-thai")


def draw_degree(random: Random, role: Role) -> str:
    """The code of the highest degree."""
    return random.choices(*role.degrees)[0]


def qualifications(
    random: Random, *, role: Role, degree: str, born: date, recruited: date, last: date, is_party: bool, highland: bool
) -> list[QualificationRecord]:
    """Degrees and certificates that somebody of a role holds on `last`."""
    found = _degrees(random, role, degree, born, recruited, last)
    found += _theory(random, role, recruited, last, is_party)
    if role.category in {"cadre", "civil_servant"}:
        found += _state_management(random, role, recruited, last)
    elif random.random() < 0.5:
        found.append(
            _course(random, "state_management", None, recruited, last, "Chứng chỉ bồi dưỡng chức danh nghề nghiệp")
        )
    found += _languages(random, recruited, last, highland)
    if random.random() < 0.72:
        level, name = random.choice(
            (
                ("x-ung-dung-cntt-co-ban", "Chứng chỉ ứng dụng CNTT cơ bản"),
                ("x-ung-dung-cntt-co-ban", "Chứng chỉ ứng dụng CNTT cơ bản"),
                ("x-chung-chi-b", "Chứng chỉ tin học B"),
                ("x-ung-dung-cntt-nang-cao", "Chứng chỉ ứng dụng CNTT nâng cao"),
            )
        )
        found.append(_course(random, "informatics", level, recruited, last, name))
    if role.is_leader and random.random() < 0.7:
        target = "x-doi-tuong-3" if role.theory == "CC" else "x-doi-tuong-4"
        found.append(
            _course(random, "defence", target, recruited, last, "Giấy chứng nhận kiến thức quốc phòng và an ninh")
        )
    return found


def _degrees(
    random: Random, role: Role, degree: str, born: date, recruited: date, last: date
) -> list[QualificationRecord]:
    """The first degree, taken before recruitment, and a higher one taken later."""
    subject = random.choice(role.fields)
    schools = SCHOOLS.get(role.place) or (_school_of(subject),)
    first = "04" if degree in HIGHER else degree
    found = [_degree(random, first, subject, schools, min(_finished(born, first), recruited), "00")]
    if degree in HIGHER:
        earned = _between(random, add_months(recruited, 30), last)
        if earned is None:
            earned = recruited
        found.append(_degree(random, degree, subject, schools, earned, "KTT"))
    return found


def _degree(
    random: Random, degree: str, subject: str, schools: tuple[str, ...], finished: date, form: str
) -> QualificationRecord:
    years, _ = STUDY.get(degree, STUDY_DEFAULT)
    finished = finished.replace(day=1)
    return QualificationRecord(
        kind="professional",
        level=degree,
        effective_from=finished,
        field=subject,
        school=VOCATIONAL_SCHOOL if degree in {"07", "08"} else random.choice(schools),
        study_form=form if random.random() < 0.8 else "VHVL",
        studied_from=add_months(finished, -12 * years),
        studied_until=finished,
        certificate=CERTIFICATES[degree],
        issued_on=finished,
    )


def _school_of(subject: str) -> str:
    return next((school for word, school in SUBJECT_SCHOOLS if word in subject), ANY_SCHOOL)


def _theory(random: Random, role: Role, recruited: date, last: date, is_party: bool) -> list[QualificationRecord]:
    """Political theory: what the role asks for, else at times an elementary course of a Party member."""
    wanted = role.theory
    if not wanted or (not role.is_leader and random.random() < 0.45):
        wanted = "SC" if is_party and random.random() < 0.5 else ""
    if wanted and random.random() < 0.06:
        wanted = {"CC": "TC", "TC": "SC", "SC": ""}[wanted]
    if not wanted or not is_party:
        return []
    code, certificate, months = THEORY_CODES[wanted]
    earned = _between(random, add_months(recruited, 24), last)
    if earned is None:
        return []
    return [
        QualificationRecord(
            kind="political_theory",
            level=code,
            effective_from=earned,
            school=PARTY_SCHOOLS[wanted],
            study_form="TT" if random.random() < 0.6 else "KTT",
            studied_from=add_months(earned, -months),
            studied_until=earned,
            certificate=certificate,
            issued_on=earned,
        )
    ]


def _state_management(random: Random, role: Role, recruited: date, last: date) -> list[QualificationRecord]:
    """Courses of the ranks, as far as the years of service and the role lead."""
    found = []
    for code, name, years in STATE_CODES[: role.seniority + 1 + role.is_leader]:
        earned = _between(random, add_months(recruited, 12 * years), last)
        if earned is None or random.random() < 0.15:
            break
        certificate = f"Chứng chỉ bồi dưỡng ngạch {name}"
        found.append(_course(random, "state_management", code, earned, last, certificate, earned=earned))
    return found


def _languages(random: Random, recruited: date, last: date, highland: bool) -> list[QualificationRecord]:
    """A foreign language of most, an ethnic one of many in the highland."""
    found = []
    if random.random() < 0.62:
        level, name = random.choice(
            (
                ("x-bac-2", "Chứng chỉ tiếng Anh A2"),
                ("x-bac-3", "Chứng chỉ tiếng Anh B1"),
                ("x-chung-chi-b", "Chứng chỉ tiếng Anh trình độ B"),
                ("x-bac-3", "Chứng chỉ tiếng Anh bậc 3"),
            )
        )
        chinese = random.random() < 0.12
        record = _course(random, "foreign_language", level, recruited, last, name)
        if chinese:
            record = record._replace(certificate=name.replace("tiếng Anh", "tiếng Trung Quốc"))
        found.append(record._replace(language="05" if chinese else "01"))
    if highland and random.random() < 0.45:
        record = _course(
            random,
            "ethnic_language",
            "x-chung-chi-tieng-dan-toc",
            recruited,
            last,
            "Chứng chỉ tiếng dân tộc thiểu số",
        )
        found.append(record._replace(language=random.choice(ETHNIC_LANGUAGES)))
    return found


def _course(
    random: Random,
    kind: str,
    level: str | None,
    start: date,
    last: date,
    certificate: str,
    *,
    earned: date | None = None,
) -> QualificationRecord:
    """A short course some time between `start` and `last`."""
    day = earned or _between(random, start, last) or start.replace(day=1)
    return QualificationRecord(
        kind=kind,
        level=level,
        effective_from=day,
        school="Trường Chính trị tỉnh" if kind in {"state_management", "defence"} else "Đại học Thái Nguyên",
        study_form="BD",
        studied_from=add_months(day, -3),
        studied_until=day,
        certificate=certificate,
        issued_on=day,
    )


def _between(random: Random, start: date, last: date) -> date | None:
    """The first day of some month between two days, None when there is none."""
    days = (last - start).days
    if days < 32:
        return None
    return add_months(start.replace(day=1), random.randint(1, max(days // 31, 1)))


def _finished(born: date, degree: str) -> date:
    """The summer in which a first degree is usually finished."""
    return date(born.year + STUDY.get(degree, STUDY_DEFAULT)[1], 7, 1)
