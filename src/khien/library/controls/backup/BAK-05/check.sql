-- One row per backup item: its newest restore test, against the interval that the unit set for it.
WITH t AS (
  SELECT t.plan, t.tested_on, t.result,
         row_number() OVER (PARTITION BY t.plan ORDER BY t.tested_on DESC, t.row_number DESC) AS place
    FROM subject AS s
    JOIN reg_restore_test AS t ON t.plan = s.subject_id AND t.tested_on <= s.today
), missed AS (
  SELECT m.plan, max(m.planned_on) AS planned_on
    FROM subject AS s
    JOIN reg_restore_test AS m ON m.plan = s.subject_id AND m.tested_on IS NULL AND m.planned_on < s.today
   GROUP BY m.plan
)
SELECT s.subject_id, p.item, p.started_on, t.tested_on, m.planned_on AS missed_on, p.restore_test_months AS months,
       CASE WHEN p.ended_on <= s.today
              OR p.started_on > s.today            THEN 'ended'
            WHEN t.result = 'failed'                             THEN 'failed'
            -- a later test makes up for one that was left out
            WHEN COALESCE(m.planned_on > t.tested_on, m.planned_on IS NOT NULL) THEN 'missed'
            WHEN p.restore_test_months IS NULL                   THEN 'interval_not_recorded'
            WHEN date_add(COALESCE(t.tested_on, p.started_on), to_months(CAST(p.restore_test_months AS INTEGER)))
                 < s.today
             AND (t.plan IS NOT NULL OR has(s.complete_registers, 'restore_test'))
                 THEN CASE WHEN t.plan IS NULL THEN 'never_tested' ELSE 'overdue' END
            WHEN t.plan IS NULL                                  THEN 'not_recorded'
            WHEN t.result = 'ok'                                 THEN 'ok'
            ELSE                                                      'result_not_clear'
       END AS reason
  FROM subject AS s
  JOIN reg_backup_plan AS p ON p.row_id = s.subject_id
  LEFT JOIN t ON t.plan = s.subject_id AND t.place = 1
  LEFT JOIN missed AS m ON m.plan = s.subject_id
