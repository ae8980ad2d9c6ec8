-- One row per unit: each person at work against each text to be taught (an empty text stands for the unit's own rules).
-- A text that names documents sets a day for them; one that asks every year asks for a plan and a session a year.
WITH people AS (
  SELECT s.unit_id, p.row_id AS person FROM subject AS s
    JOIN reg_person AS p ON p.unit_id = s.unit_id AND (p.left_on IS NULL OR p.left_on > s.today)
     AND (p.started_on IS NULL OR p.started_on <= s.today)
), taught AS (
  SELECT s.unit_id, t.row_id, t.kind, t.held_on, replace(replace(lower(COALESCE(t.documents_taught, '')),
         'luật an ninh mạng', 'luật anm'), 'luật an toàn thông tin mạng', 'luật atttm') AS texts
    FROM subject AS s JOIN reg_training AS t ON t.unit_id = s.unit_id AND t.held_on <= s.today
     AND t.kind IN ('briefing', 'awareness', 'newcomer')
), wanted AS (
  SELECT unit_id, unnest(list_concat([''], list_concat(COALESCE(documents, []), COALESCE(laws, [])))) AS item FROM subject
), heard AS (
  SELECT DISTINCT a.person, w.unit_id, w.item FROM wanted AS w
    JOIN taught AS t ON t.unit_id = w.unit_id AND t.texts LIKE '%' || lower(w.item) || '%'
    JOIN reg_attendance AS a ON a.training = t.row_id AND a.result IN ('attended', 'made_up')
), reach AS (
  SELECT w.unit_id, count(DISTINCT p.person) AS people, count(DISTINCT CASE WHEN h.item IS NULL THEN p.person END) AS missed,
         string_agg(DISTINCT CASE WHEN h.item IS NULL AND w.item <> '' THEN w.item END, ', '
                    ORDER BY CASE WHEN h.item IS NULL AND w.item <> '' THEN w.item END) AS lacking
    FROM people AS p JOIN wanted AS w ON w.unit_id = p.unit_id
    LEFT JOIN heard AS h ON h.person = p.person AND h.item = w.item AND h.unit_id = w.unit_id GROUP BY w.unit_id
), yearly AS (SELECT unit_id, min(in_force_since) AS since FROM binding WHERE frequency = 'yearly' GROUP BY unit_id), asked AS (
  SELECT s.*, COALESCE(r.people, 0) AS people, COALESCE(r.missed, 1) AS missed, COALESCE(r.lacking, '—') AS lacking, y.since AS yearly_since,
         (SELECT max(t.held_on) FROM taught AS t WHERE t.unit_id = s.unit_id AND t.kind <> 'newcomer' AND year(t.held_on) = year(s.today)) AS held_on,
         (SELECT count(*) FROM taught AS t WHERE t.unit_id = s.unit_id AND t.kind <> 'newcomer' AND year(t.held_on) = year(s.today) - 1) AS before,
         (SELECT count(*) FROM reg_document AS d WHERE d.unit_id = s.unit_id AND d.kind = 'awareness_plan' AND d.is_approved
             AND d.issued_on <= s.today AND (d.valid_until IS NULL OR d.valid_until >= s.today)) AS plans
    FROM subject AS s LEFT JOIN reach AS r ON r.unit_id = s.unit_id LEFT JOIN yearly AS y ON y.unit_id = s.unit_id
)
SELECT a.subject_id, a.people, a.people - a.missed AS reached, a.lacking, a.held_on,
       CASE WHEN a.missed > 0 AND a.today > a.due AND has(a.complete_registers, 'training')
             AND has(a.complete_registers, 'attendance') AND has(a.complete_registers, 'person') THEN 'people_missed'
            WHEN a.held_on IS NULL AND a.before = 0 AND year(a.today) > year(a.yearly_since) + 1 AND has(a.complete_registers, 'training') THEN 'no_session_for_a_year'
            WHEN a.held_on IS NULL THEN 'no_session_this_year'
            WHEN a.yearly_since IS NOT NULL AND a.plans = 0 THEN CASE WHEN has(a.complete_registers, 'document') THEN 'no_plan' ELSE 'no_plan_recorded' END
            WHEN a.missed > 0 THEN 'not_all_briefed' WHEN NOT has(a.complete_registers, 'person') THEN 'staff_not_confirmed' ELSE 'all_briefed' END AS reason
  FROM asked AS a
