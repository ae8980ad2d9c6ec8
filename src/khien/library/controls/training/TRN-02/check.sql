-- One row per unit: the last training of each group in this calendar year, those missed in the year before, and the plan.
-- The year in which the rule began is not judged.
WITH trained AS (
  SELECT s.unit_id, s.today, s.groups AS wanted, t.held_on, t.groups, year(t.held_on) = year(s.today) AS is_now
    FROM subject AS s
    LEFT JOIN reg_training AS t ON t.unit_id = s.unit_id AND t.kind IN ('training', 'course')
     AND t.held_on <= s.today AND year(t.held_on) >= year(s.today) - 1
), reached AS (
  SELECT t.unit_id, max(CASE WHEN t.is_now AND has(t.groups, 'technical') THEN t.held_on END) AS technical_on,
         max(CASE WHEN t.is_now AND has(t.groups, 'managers') THEN t.held_on END) AS managers_on,
         max(CASE WHEN t.is_now AND has(t.groups, 'users') THEN t.held_on END) AS users_on,
         max(CASE WHEN has(t.wanted, 'technical') THEN 1 ELSE 0 END) AS technical,
         max(CASE WHEN has(t.wanted, 'managers') THEN 1 ELSE 0 END) AS managers,
         max(CASE WHEN has(t.wanted, 'users') THEN 1 ELSE 0 END) AS users,
         max(CASE WHEN NOT t.is_now AND has(t.groups, 'technical') THEN 1 ELSE 0 END) AS technical_before,
         max(CASE WHEN NOT t.is_now AND has(t.groups, 'managers') THEN 1 ELSE 0 END) AS managers_before,
         max(CASE WHEN NOT t.is_now AND has(t.groups, 'users') THEN 1 ELSE 0 END) AS users_before
    FROM trained AS t GROUP BY t.unit_id
), judged AS (
  SELECT s.*, COALESCE(CAST(r.technical_on AS VARCHAR), '—') AS technical_on, COALESCE(CAST(r.managers_on AS VARCHAR), '—') AS managers_on,
         COALESCE(CAST(r.users_on AS VARCHAR), '—') AS users_on,
         CASE WHEN r.technical_on IS NULL THEN r.technical ELSE 0 END + CASE WHEN r.managers_on IS NULL THEN r.managers ELSE 0 END
       + CASE WHEN r.users_on IS NULL THEN r.users ELSE 0 END AS missing,
         r.technical * (1 - r.technical_before) + r.managers * (1 - r.managers_before) + r.users * (1 - r.users_before) AS missed,
         (SELECT count(*) FROM reg_document AS d WHERE d.unit_id = s.unit_id AND d.kind = 'training_plan' AND d.is_approved
             AND d.issued_on <= s.today AND (d.valid_until IS NULL OR d.valid_until >= s.today)) AS plans
    FROM subject AS s JOIN reached AS r ON r.unit_id = s.unit_id
)
SELECT j.subject_id, j.technical_on, j.managers_on, j.users_on, j.missing, j.missed,
       CASE WHEN j.missing > 0 AND j.missed > 0 AND year(j.today) > year(j.groups_since) + 1 AND has(j.complete_registers, 'training') THEN 'missed_last_year'
            WHEN j.plans = 0 AND has(j.complete_registers, 'document') THEN 'no_plan'
            WHEN j.missing > 0 THEN 'year_not_complete' WHEN j.plans = 0 THEN 'no_plan_recorded' ELSE 'all_groups' END AS reason
  FROM judged AS j
