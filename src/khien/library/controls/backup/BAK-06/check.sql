-- One row per unit: kinds backed up, labels, successful runs within the frequency, and important data with standby.
WITH p AS (
  SELECT s.subject_id, p.row_id, p.item, p.kind, p.label, p.frequency, s.today, count(r.row_id) AS runs,
         CASE p.frequency WHEN 'daily' THEN 2 WHEN 'weekly' THEN 8 WHEN 'monthly' THEN 31 END AS days_max, p.started_on,
         max(CASE WHEN r.result = 'ok' THEN vn_date(r.ran_at) END) AS ok_on
    FROM subject AS s JOIN reg_backup_plan AS p ON p.unit_id = s.unit_id AND COALESCE(has(s.scope, p.kind), true)
     AND p.started_on <= s.today AND (p.ended_on IS NULL OR p.ended_on > s.today)
    LEFT JOIN reg_backup_run AS r ON r.plan = p.row_id AND r.ran_at <= s.as_of
   GROUP BY s.subject_id, p.row_id, p.item, p.kind, p.label, p.frequency, s.today, p.started_on
), u AS (
  SELECT subject_id, count(DISTINCT kind) AS kinds, string_agg(CASE WHEN label IS NULL THEN item END, ', ' ORDER BY item) AS unlabelled,
         string_agg(CASE WHEN runs > 0 AND date_diff('day', COALESCE(ok_on, started_on), today) > days_max THEN item END,
                    ', ' ORDER BY item) AS late,
         string_agg(CASE WHEN runs = 0 AND date_diff('day', started_on, today) > days_max THEN item END, ', ' ORDER BY item) AS silent,
         string_agg(CASE WHEN ok_on IS NULL OR frequency IS NULL THEN item END, ', ' ORDER BY item) AS unmeasured
    FROM p GROUP BY subject_id
), e AS (
  SELECT s.subject_id, string_agg(CASE WHEN NOT d.has_standby THEN d.data_name END, ', ' ORDER BY d.data_name) AS exposed,
         string_agg(CASE WHEN d.has_standby IS NULL THEN d.data_name END, ', ' ORDER BY d.data_name) AS uncertain
    FROM subject AS s JOIN reg_data_set AS d ON d.unit_id = s.unit_id AND d.value IN ('important', 'vital')
     AND (d.closed_on IS NULL OR d.closed_on > s.today)
    LEFT JOIN (SELECT DISTINCT b.data_set FROM subject AS s JOIN reg_backup_plan AS b ON b.unit_id = s.unit_id
                  AND b.started_on <= s.today AND (b.ended_on IS NULL OR b.ended_on > s.today)
              ) AS k ON k.data_set = d.row_id
   WHERE k.data_set IS NULL GROUP BY s.subject_id
)
SELECT s.subject_id, u.late, u.unlabelled, u.silent, u.unmeasured, e.exposed, e.uncertain,
       CASE WHEN u.late IS NOT NULL THEN 'late' WHEN e.exposed IS NOT NULL THEN 'data_without_standby'
            WHEN COALESCE(u.kinds, 0) < length(s.scope)
            THEN CASE WHEN has(s.complete_registers, 'backup_plan') THEN 'kinds_missing' ELSE 'kinds_not_recorded' END
            WHEN u.silent IS NOT NULL AND has(s.complete_registers, 'backup_run') THEN 'never_ran'
            WHEN u.unlabelled IS NOT NULL
            THEN CASE WHEN has(s.complete_registers, 'backup_plan') THEN 'label_missing' ELSE 'label_not_recorded' END
            WHEN u.silent IS NOT NULL THEN 'run_not_recorded' WHEN u.unmeasured IS NOT NULL THEN 'interval_not_recorded'
            WHEN e.uncertain IS NOT NULL THEN 'standby_not_recorded' ELSE 'ok' END AS reason
  FROM subject AS s LEFT JOIN u ON u.subject_id = s.subject_id LEFT JOIN e ON e.subject_id = s.subject_id
