"""One person of the demonstration province after another (hồ sơ): everything that a record holds, drawn from a seed."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from hrdb.kernel.dates import add_months
from personnel.demonstration import careers, identities, learning, lives, pay
from personnel.demonstration.careers import Grounds
from personnel.demonstration.names import draw_ethnic_group
from personnel.demonstration.places import Commune, communes, communes_of
from personnel.demonstration.posts import Post
from personnel.demonstration.records import (
    AssignmentRecord,
    CommendationRecord,
    DecisionRecord,
    DisciplineRecord,
    Person,
    QualificationRecord,
)
from personnel.demonstration.roles import ROLES, TITLES, Role

#: Appointments before this day have no recorded decision («chưa có quyết định»).
FIRST_DECISION: Final = date(2012, 1, 1)
SECONDMENT_MONTHS: Final = 36
DISCIPLINED: Final = 0.006
BEHAVIOURS: Final = (
    "Vi phạm quy chế làm việc",
    "Thiếu trách nhiệm trong thực hiện nhiệm vụ",
    "Vi phạm chính sách dân số",
)


def draw_person(*, seed: int, index: int, post: Post, grounds: Grounds, day: date, job_position: str | None) -> Person:
    """The person of a post; depends on the seed, the index and the post alone."""
    random = Random(f"{seed}-{index}")
    role = ROLES[post.role]
    unit = grounds.structure.units[post.unit]
    commune = _home(random, unit.code)
    degree = learning.draw_degree(random, role)
    ethnicity = draw_ethnic_group(random, commune.district.place)
    may_leave = not role.is_leader or "deputy" in role.key
    life = lives.draw_life(random, role=role, opened=unit.opened, may_leave=may_leave, degree=degree, day=day)
    last = life.end or day
    retires = lives.retired_from(life.sex, life.born)
    career = careers.main_career(
        random, grounds, post=post, role=role, recruited=life.recruited, end=life.end, retires=retires, day=day
    )
    post_from = career[-1].effective_from
    if job_position is not None and life.end is None:
        career[-1] = career[-1]._replace(job_position=job_position)
    cadre = identities.draw_cadre(
        random, index=index, seed=seed, role=role, life=life, commune=commune, ethnicity=ethnicity, work=role.work
    )
    person = Person(cadre._replace(recruited_by=cadre.recruited_by or _name_of(career[0], grounds)))
    leads_from = post_from if role.is_leader else None
    if random.random() < role.party:
        cell = f"Chi bộ {unit.name}"[:250]
        membership = lives.party_membership(
            random, life=life, leads_from=leads_from, day=day, card=f"{index + 1:08d}", cell=cell
        )
        person.party = [membership] if membership is not None else []
    joined = person.party[0].effective_from if person.party else None
    further = careers.further_posts(grounds, post=post, current=career[-1], joined_party=joined, day=day)
    person.assignments = [*career, *further, *_secondment(random, life, post, day)]
    person.custodies = careers.custodies(career)
    person.cadre = person.cadre._replace(joined_agency_on=person.custodies[-1].effective_from)
    _decide(person, index, grounds)
    ending = _ending_decision(person, life, index, grounds)
    person.employments = lives.employments(
        random, life=life, category=role.category, post_from=post_from, day=day, decision=ending
    )
    _pay(random, person, role, life, degree, post_from, day, commune.district.place)
    person.qualifications = _qualifications(random, role, degree, life, last, joined is not None, commune)
    _surroundings(random, person, role, life, commune, ethnicity, index, last, day)
    return person


def _home(random: Random, unit: str) -> Commune:
    """Where somebody comes from: often the district of the commune in which the post lies."""
    digits = unit.partition(".")[2][:5]
    if len(digits) == 5 and digits.isdigit() and random.random() < 0.65:
        here = next(commune for commune in communes() if commune.code == digits)
        return random.choice(communes_of(here.district.code))
    return random.choice(communes())


def _name_of(record: AssignmentRecord, grounds: Grounds) -> str:
    return grounds.structure.units[record.unit].name if record.unit else record.organisation


def _secondment(random: Random, life: lives.Life, post: Post, day: date) -> list[AssignmentRecord]:
    """Where somebody on secondment works now."""
    if life.state != "seconded" or life.state_from is None:
        return []
    unit = f"XP.{random.choice(communes()).code}"
    if unit == post.unit or life.state_from < date(2025, 7, 1):
        unit = "TU.VP" if not post.unit.startswith("TU") else "UBND"
    title = "CV" if not TITLES[post.title]["is_leadership"] else post.title
    if TITLES[title]["unit_kinds"]:
        title = "CV"
    ends = add_months(life.state_from, SECONDMENT_MONTHS)
    return [AssignmentRecord("secondment", unit, title, life.state_from, term_ends_on=ends)]


def _decide(person: Person, index: int, grounds: Grounds) -> None:
    """Put leading posts on decisions, where they are recent enough to have one."""
    for place, record in enumerate(person.assignments):
        leads = record.title is not None and TITLES[record.title]["is_leadership"]
        if not leads or record.kind == "secondment" or record.effective_from < FIRST_DECISION or record.unit is None:
            continue
        decision = careers.appointment(
            record,
            number=index * 3 % 4999 + place + 1,
            unit_name=grounds.structure.units[record.unit].name,
            person=person.cadre.full_name,
        )
        person.decisions.append(decision)
        person.assignments[place] = record._replace(decision=decision.key)


def _ending_decision(person: Person, life: lives.Life, index: int, grounds: Grounds) -> str | None:
    """The decision on retirement or leaving; its key."""
    if life.end is None or life.ending == "died":
        return None
    kind, what = ("x-nghi-huu", "Nghỉ hưu") if life.ending == "retired" else ("x-thoi-viec", "Thôi việc")
    issuer = grounds.structure.units[person.custodies[-1].unit].name
    number, signed = f"{index % 4999 + 1}/QĐ-NV", life.end - timedelta(90 if life.ending == "retired" else 10)
    decision = DecisionRecord(
        key=f"{number}|{signed.isoformat()}|{issuer}",
        number=number,
        signed_on=signed,
        issuer=issuer,
        signer="",
        kind=kind,
        effective_on=life.end,
        summary=f"{what} đối với {person.cadre.full_name}",
    )
    person.decisions.append(decision)
    return decision.key


def _pay(
    random: Random,
    person: Person,
    role: Role,
    life: lives.Life,
    degree: str,
    post_from: date,
    day: date,
    area: str,
) -> None:
    """Pay steps and allowances."""
    person.pay_steps = pay.pay_steps(random, role=role, recruited=life.recruited, end=life.end, day=day, degree=degree)
    person.allowances = pay.allowances(
        role=role,
        is_leader=role.is_leader,
        post_from=post_from,
        recruited=life.recruited,
        end=life.end,
        day=day,
        area=area,
    )


def _qualifications(
    random: Random, role: Role, degree: str, life: lives.Life, last: date, is_party: bool, commune: Commune
) -> list[QualificationRecord]:
    """Training; a few records lack it altogether."""
    if random.random() < 0.02:
        return []
    return learning.qualifications(
        random,
        role=role,
        degree=degree,
        born=life.born,
        recruited=life.recruited,
        last=last,
        is_party=is_party,
        highland=commune.district.place == "highland",
    )


def _surroundings(
    random: Random,
    person: Person,
    role: Role,
    life: lives.Life,
    commune: Commune,
    ethnicity: str,
    index: int,
    last: date,
    day: date,
) -> None:
    """Rewards, discipline, family, health, property."""
    person.commendations = _commendations(random, life, last)
    if random.random() < DISCIPLINED:
        person.disciplines = _disciplines(random, life, last, bool(person.party))
    if random.random() < 0.55:
        person.relatives = identities.relatives(
            random, cadre=person.cadre, ethnicity=ethnicity, life=life, commune=commune, day=day
        )
    if random.random() < 0.5:
        person.health_checks = [identities.health_check(random, life, last)]
    person.life_histories = identities.life_histories(random)
    if role.is_leader:
        if random.random() < 0.5:
            person.assets = identities.assets(random, last)
        if random.random() < 0.6:
            person.political_reviews = [identities.political_review(random, index, last)]


def _commendations(random: Random, life: lives.Life, last: date) -> list[CommendationRecord]:
    """Titles of emulation of recent years and, at times, a certificate of merit."""
    found = []
    for year in range(max(life.recruited.year + 1, last.year - 3), last.year):
        chance = random.random()
        if chance < 0.3:
            found.append(CommendationRecord(year, emulation_title="47"))
        elif chance < 0.38:
            found.append(CommendationRecord(year, emulation_title="46"))
    if last.year - life.recruited.year > 5 and random.random() < 0.12:
        year = random.randint(life.recruited.year + 4, last.year - 1)
        found.append(CommendationRecord(year, None, "05", "Bằng khen của Chủ tịch UBND tỉnh"))
    return found


def _disciplines(random: Random, life: lives.Life, last: date, is_party: bool) -> list[DisciplineRecord]:
    """A reprimand or a warning that lapses after a year."""
    days = (last - life.recruited).days
    begun = last - timedelta(random.randint(20, max(min(days - 30, 2500), 21)))
    if begun <= life.recruited:
        return []
    party = is_party and random.random() < 0.5
    light = random.random() < 0.75
    form = ("x-dang-khien-trach" if light else "x-dang-canh-cao") if party else ("01" if light else "02")
    authority = "Ủy ban Kiểm tra Đảng ủy" if party else "Thủ trưởng cơ quan, đơn vị"
    return [
        DisciplineRecord(
            "party" if party else "state", form, begun, add_months(begun, 12), random.choice(BEHAVIOURS), authority
        )
    ]
