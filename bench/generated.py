"""A made-up province, written set-wise: people with pasts, for benches and tests of what counts many at once.

Plain INSERT..SELECT without history: nothing here is a record of anyone, and no service is measured by it. Drawn from
`random()` after `setseed`, so one seed gives one province. The code lists must be loaded.
"""

from __future__ import annotations

from django.db import connection, transaction

_UNITS = """
INSERT INTO personnel_unit (code)
SELECT 'G.' || lpad(d::text, 3, '0') FROM generate_series(1, %(departments)s) d
UNION ALL
SELECT 'G.' || lpad(d::text, 3, '0') || '.' || lpad(p::text, 2, '0')
FROM generate_series(1, %(departments)s) d, generate_series(1, %(parts)s) p
"""

#: Every fourth department is a commune; parts of departments stand below them, a few moved on 01/07/2025.
_VERSIONS = """
INSERT INTO personnel_unitversion
    (unit_id, name, short_name, search_key, parent_id, bloc, level, position, effective_from, effective_until, basis)
SELECT u.id, 'Đơn vị ' || u.code, '', lower(u.code),
       CASE WHEN length(u.code) = 5 THEN root.id ELSE above.id END,
       'government', CASE WHEN substr(u.code, 3, 3)::int %% 4 = 0 THEN 'commune' ELSE 'province' END,
       substr(u.code, 3, 3)::int, DATE '2000-01-01',
       CASE WHEN u.code LIKE '%%.01' THEN DATE '2025-07-01' END, ''
FROM personnel_unit u
JOIN personnel_unit root ON root.code = 'UBND'
LEFT JOIN personnel_unit above ON above.code = substr(u.code, 1, 5) AND length(u.code) > 5
WHERE u.code LIKE 'G.%%'
"""

_MOVED_VERSIONS = """
INSERT INTO personnel_unitversion
    (unit_id, name, short_name, search_key, parent_id, bloc, level, position, effective_from, basis)
SELECT v.unit_id, v.name, '', v.search_key, target.id, v.bloc, v.level, v.position, DATE '2025-07-01', ''
FROM personnel_unitversion v
JOIN personnel_unit u ON u.id = v.unit_id
JOIN personnel_unit target
    ON target.code = 'G.' || lpad((substr(u.code, 3, 3)::int %% %(departments)s + 1)::text, 3, '0')
WHERE v.effective_until = DATE '2025-07-01' AND u.code LIKE 'G.%%'
"""

_PEOPLE = """
INSERT INTO personnel_cadre
    (full_name, other_name, search_key, sort_key, born, born_precision, first_recruited_precision, sex, ethnicity_id,
     officer_code, birth_place,
     home_town, permanent_residence, current_residence, phone, email, social_insurance_number, health_insurance_number,
     former_occupation, recruited_by, organisation_joined, highest_military_rank, policy_note, main_work, strengths,
     longest_work, agency_remark, note, photo, classification, paper_pointer)
SELECT 'Người ' || i, '', 'nguoi ' || i, 'nguoi ' || i,
       CASE WHEN random() < 0.02 THEN NULL
            WHEN random() < 0.1 THEN make_date(1962 + (random() * 40)::int, 1, 1)
            ELSE DATE '1961-06-01' + (random() * 42 * 365)::int END,
       'day', 'day',
       CASE WHEN random() < 0.01 THEN '' WHEN random() < 0.55 THEN 'female' ELSE 'male' END,
       CASE WHEN random() < 0.02 THEN NULL WHEN random() < 0.6 THEN kinh.id
            ELSE minority.ids[1 + (random() * (cardinality(minority.ids) - 1))::int] END,
       'GEN' || i, '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', 'plain', ''
FROM generate_series(1, %(people)s) i,
     (SELECT id FROM personnel_ethnicgroup WHERE NOT is_minority LIMIT 1) kinh,
     (SELECT array_agg(id ORDER BY id) AS ids FROM personnel_ethnicgroup WHERE is_minority) minority
"""

#: What later statements draw from, one row a person: unit then and now, when they began, moved and left.
_DRAWN = """
CREATE TEMPORARY TABLE drawn ON COMMIT DROP AS
SELECT c.id, i,
       units.ids[1 + (random() * (cardinality(units.ids) - 1))::int] AS unit_id,
       CASE WHEN random() < 0.15
            THEN units.ids[1 + (random() * (cardinality(units.ids) - 1))::int] END AS later_unit_id,
       DATE '2005-01-01' + (random() * 6000)::int AS began,
       DATE '2023-01-01' + (random() * 1000)::int AS turned,
       random() AS r1, random() AS r2, random() AS r3, random() AS r4, random() AS r5, random() AS r6
FROM (SELECT id, row_number() OVER (ORDER BY id) AS i FROM personnel_cadre WHERE officer_code LIKE 'GEN%%') c,
     (SELECT array_agg(id ORDER BY id) AS ids FROM personnel_unit WHERE code LIKE 'G.%%' OR code = 'UBND') units
"""

_CUSTODIES = """
INSERT INTO personnel_custody (cadre_id, unit_id, effective_from, effective_until, basis)
SELECT id, unit_id, began, CASE WHEN later_unit_id IS NOT NULL THEN turned END, '' FROM drawn
UNION ALL
SELECT id, later_unit_id, turned, NULL, '' FROM drawn WHERE later_unit_id IS NOT NULL
"""

_EMPLOYMENTS = """
INSERT INTO personnel_employment
    (cadre_id, category, state, effective_from, effective_until, start_precision, note, basis)
SELECT id, (ARRAY['public_employee','public_employee','civil_servant','cadre','contract_111'])[1 + floor(r1 * 5)::int],
       CASE WHEN r2 < 0.05 THEN 'maternity' ELSE 'working' END, began,
       CASE WHEN r3 < 0.08 THEN turned END, 'day', '', '' FROM drawn
UNION ALL
SELECT id, (ARRAY['public_employee','public_employee','civil_servant','cadre','contract_111'])[1 + floor(r1 * 5)::int],
       CASE WHEN r3 < 0.05 THEN 'retired' ELSE 'left' END, turned, NULL, 'day', '', '' FROM drawn WHERE r3 < 0.08
"""

_ASSIGNMENTS = """
INSERT INTO personnel_assignment
    (cadre_id, kind, unit_id, organisation, title_id, title_text, effective_from, effective_until, start_precision,
     note, basis)
SELECT d.id, 'main', d.unit_id, '', titles.ids[1 + (d.r4 * (cardinality(titles.ids) - 1))::int], '', d.began,
       CASE WHEN d.later_unit_id IS NOT NULL THEN d.turned END, 'day', '', ''
FROM drawn d, (SELECT array_agg(id ORDER BY id) AS ids FROM personnel_title) titles
UNION ALL
SELECT d.id, 'main', d.later_unit_id, '', CASE WHEN d.r5 < 0.9 THEN
           titles.ids[1 + (d.r5 * (cardinality(titles.ids) - 1))::int] END, '', d.turned, NULL, 'day', '', ''
FROM drawn d, (SELECT array_agg(id ORDER BY id) AS ids FROM personnel_title) titles WHERE d.later_unit_id IS NOT NULL
"""

_QUALIFICATIONS = """
INSERT INTO personnel_qualification
    (cadre_id, kind, level_id, level_text, field, school, certificate, certificate_number, score, effective_from,
     start_precision, basis)
SELECT d.id, levels.kind, CASE WHEN random() < 0.97 THEN
           levels.ids[1 + (random() * (cardinality(levels.ids) - 1))::int] END, '', '', '', '', '', '',
       d.began + (random() * 6000)::int, 'day', ''
FROM drawn d,
     (SELECT kind, array_agg(id ORDER BY id) AS ids FROM personnel_qualificationlevel
      WHERE kind IN ('professional', 'political_theory', 'state_management') GROUP BY kind) levels,
     generate_series(1, 2) again
WHERE random() + 0 * d.i < CASE WHEN again = 1 THEN 0.9 WHEN levels.kind = 'professional' THEN 0.5 ELSE 0 END
"""

_PAY = """
INSERT INTO personnel_paystep
    (cadre_id, scheme, rank_id, position_name, position_code, step, coefficient, effective_from, effective_until,
     start_precision, basis)
SELECT d.id, 'rank', ranks.ids[1 + (d.r6 * (cardinality(ranks.ids) - 1))::int], '', '', 1 + (d.r1 * 8)::int,
       2.34 + round((d.r2 * 4)::numeric, 2), d.began, CASE WHEN d.r2 < 0.5 THEN d.turned END, 'day', ''
FROM drawn d, (SELECT array_agg(id ORDER BY id) AS ids FROM personnel_rank) ranks WHERE d.r3 < 0.95
UNION ALL
SELECT d.id, 'rank', ranks.ids[1 + (d.r1 * (cardinality(ranks.ids) - 1))::int], '', '', 1 + (d.r4 * 8)::int,
       2.67 + round((d.r5 * 4)::numeric, 2), d.turned, NULL, 'day', ''
FROM drawn d, (SELECT array_agg(id ORDER BY id) AS ids FROM personnel_rank) ranks WHERE d.r3 < 0.95 AND d.r2 < 0.5
"""

_PARTY = """
INSERT INTO personnel_partymembership
    (cadre_id, joined_precision, card_number, cell, end_reason, effective_from, effective_until, basis)
SELECT id, 'day', '', '', '', began + (r1 * 4000)::int, CASE WHEN r2 < 0.02 THEN began + 9000 END, ''
FROM drawn WHERE r6 < 0.7
"""


def generate_province(*, people: int, departments: int = 120, parts: int = 12, seed: float = 0.26) -> None:
    """Write `departments` units under `UBND`, each with `parts` below it, and `people` spread over all of them."""
    values = {"people": people, "departments": departments, "parts": parts}
    steps = (_UNITS, _VERSIONS, _MOVED_VERSIONS, _PEOPLE, _DRAWN, _CUSTODIES, _EMPLOYMENTS, _ASSIGNMENTS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [seed])
        for step in (*steps, _QUALIFICATIONS, _PAY, _PARTY):
            cursor.execute(step, values)
        cursor.execute("ANALYZE")


def generate_people(*, people: int) -> None:
    """Write `people` without any past or place; their officer codes begin with GEN."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"people": people})
