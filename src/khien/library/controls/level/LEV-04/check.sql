-- One row per system: its newest security assessment with a report, against the interval the unit has set.
WITH seen AS (
SELECT s.subject_id, count(a.row_id) AS assessments, max(CASE WHEN d.row_id IS NOT NULL THEN a.done_on END) AS done_on
  FROM subject AS s
  LEFT JOIN reg_assessment AS a ON a.unit_id = s.unit_id AND a.kind = 'security' AND a.done_on <= s.today
                               AND (a.system IS NULL OR a.system = s.subject_id)
  LEFT JOIN reg_document AS d ON d.row_id = a.report
 GROUP BY s.subject_id
)
SELECT s.subject_id, y.system_name, c.done_on,
       CASE WHEN y.stage = 'stopped' OR y.stopped_on <= s.today              THEN 'stopped'
            WHEN NOT COALESCE(y.stage = 'operating' OR y.went_live_on <= s.today, false) THEN 'not_running'
            WHEN c.assessments = 0 AND has(s.complete_registers, 'assessment')                 THEN 'not_assessed'
            WHEN c.assessments = 0                                                             THEN 'not_recorded'
            WHEN c.done_on IS NULL                                                             THEN 'report_not_filed'
            WHEN s."interval" IS NULL                                                          THEN 'interval_not_set'
            WHEN date_add(c.done_on, to_months(CAST(s."interval" AS INTEGER))) < s.today THEN 'overdue'
            ELSE                                                                                    'assessed'
       END AS reason
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
  JOIN seen AS c ON c.subject_id = s.subject_id
