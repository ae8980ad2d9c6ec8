-- One row per unit: the newest log review, and high risks of the last year that were not reported.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
review AS (
    SELECT t.subject_id, max(c.done_on) AS reviewed_on,
           max(CASE WHEN c.findings_count IS NOT NULL THEN c.done_on END) AS counted_on,
           string_agg(CASE WHEN c.severity = 'high' AND COALESCE(c.reported_on > t.day, true)
                            AND date_add(c.done_on, to_months(12)) >= t.day
                           THEN CAST(c.done_on AS VARCHAR) END, ', ' ORDER BY c.done_on) AS unreported
      FROM today AS t
      JOIN reg_check_round AS c ON c.unit_id = t.unit_id AND c.kind = 'log_review' AND c.done_on <= t.day
     GROUP BY t.subject_id
)
SELECT t.subject_id, r.reviewed_on, r.unreported,
       CASE WHEN r.subject_id IS NULL AND has(t.complete_registers, 'check_round')           THEN 'not_reviewed'
            WHEN r.subject_id IS NULL                                                 THEN 'review_not_recorded'
            WHEN r.unreported IS NOT NULL AND has(t.complete_registers, 'check_round')       THEN 'not_reported'
            WHEN r.unreported IS NOT NULL                                             THEN 'report_not_recorded'
            WHEN date_add(r.reviewed_on, to_months(1)) < t.day                               THEN 'review_old'
            WHEN COALESCE(date_add(r.counted_on, to_months(1)) < t.day, true)                THEN 'result_open'
            ELSE                                                                                  'reviewed'
       END AS reason
  FROM today AS t
  LEFT JOIN review AS r ON r.subject_id = t.subject_id
