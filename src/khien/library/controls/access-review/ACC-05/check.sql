-- One row per unit: the latest full review of the whole unit, or the oldest of the latest reviews of its systems.
WITH review AS (
  SELECT r.unit_id, r.system, r.reviewed_on, d.row_id IS NOT NULL AS is_filed
    FROM subject AS s
    JOIN reg_account_review AS r ON r.unit_id = s.unit_id AND r.is_complete AND r.reviewed_on <= s.today
    LEFT JOIN reg_document AS d ON d.row_id = r.minutes
), scope AS (
  SELECT s.unit_id, 'unit' AS scope_id, NULL AS system FROM subject AS s
   UNION ALL
  SELECT y.unit_id, y.row_id, y.row_id FROM subject AS s
    JOIN reg_system AS y ON y.unit_id = s.unit_id AND y.stage IN ('operating', 'trial')
     AND (y.stopped_on IS NULL OR y.stopped_on > s.today)
), newest AS (
  SELECT p.unit_id, p.scope_id, max(r.reviewed_on) AS any_on, max(CASE WHEN r.is_filed THEN r.reviewed_on END) AS filed_on
    FROM scope AS p LEFT JOIN review AS r ON r.unit_id = p.unit_id AND (r.system IS NULL OR r.system = p.system)
   GROUP BY p.unit_id, p.scope_id
), reached AS (
  SELECT n.unit_id, max(CASE WHEN n.scope_id = 'unit' THEN n.any_on END) AS whole_on,
         CASE WHEN sum(CASE WHEN n.scope_id <> 'unit' AND n.any_on IS NULL THEN 1 ELSE 0 END) = 0
              THEN min(CASE WHEN n.scope_id <> 'unit' THEN n.any_on END) END AS parts_on,
         max(CASE WHEN n.scope_id = 'unit' THEN n.filed_on END) AS whole_filed_on,
         CASE WHEN sum(CASE WHEN n.scope_id <> 'unit' AND n.filed_on IS NULL THEN 1 ELSE 0 END) = 0
              THEN min(CASE WHEN n.scope_id <> 'unit' THEN n.filed_on END) END AS parts_filed_on
    FROM newest AS n GROUP BY n.unit_id
), judged AS (
  SELECT s.*, COALESCE(t.parts_on, t.whole_on) AS reviewed_on, COALESCE(t.parts_filed_on, t.whole_filed_on) AS filed_on,
         t.whole_on, CAST(date_add(s.today, to_months(CAST(-s.account_review_months AS INTEGER))) AS DATE) AS since
    FROM subject AS s JOIN reached AS t ON t.unit_id = s.unit_id
)
SELECT j.subject_id, j.reviewed_on,
       CASE WHEN j.reviewed_on IS NULL THEN CASE WHEN has(j.complete_registers, 'account_review') THEN 'never_reviewed' ELSE 'no_review_recorded' END
            WHEN j.reviewed_on < j.since THEN 'overdue'
            WHEN (j.whole_on IS NULL OR j.whole_on < j.since) AND NOT has(j.complete_registers, 'system') THEN 'systems_not_confirmed'
            WHEN j.filed_on IS NULL OR j.filed_on < j.since THEN CASE WHEN has(j.complete_registers, 'account_review') THEN 'no_minutes' ELSE 'minutes_not_recorded' END
            ELSE 'in_time' END AS reason
  FROM judged AS j
