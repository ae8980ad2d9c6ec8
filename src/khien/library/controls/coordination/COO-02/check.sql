-- One row per unit: requests for information or cooperation of the last 12 months, against their due dates.
WITH r AS (
    SELECT s.unit_id, COALESCE(r.number, r.content) AS label, r.received_on, r.due_on, s.today,
           CASE WHEN r.answered_on <= s.today THEN r.answered_on END AS answered_on
      FROM subject AS s
      JOIN reg_request AS r ON r.unit_id = s.unit_id AND r.kind IN ('information', 'activity', 'incident', 'support')
       AND r.received_on <= s.today
       AND date_add(r.received_on, to_months(12)) >= s.today
), u AS (
    SELECT r.unit_id, count(*) AS request_count,
           string_agg(CASE WHEN COALESCE(r.answered_on, r.today) > r.due_on THEN r.label END, ', '
                      ORDER BY r.label) AS late_requests,
           string_agg(CASE WHEN r.due_on IS NULL AND r.answered_on IS NULL
                            AND date_diff('day', r.received_on, r.today) > 30 THEN r.label END, ', '
                      ORDER BY r.label) AS waiting_requests
      FROM r
     GROUP BY r.unit_id
)
SELECT s.subject_id, u.request_count, u.late_requests, u.waiting_requests,
       CASE WHEN u.unit_id IS NULL AND has(s.complete_registers, 'request') THEN 'none_received'
            WHEN u.unit_id IS NULL                                          THEN 'none_recorded'
            WHEN u.late_requests IS NOT NULL                                THEN 'late'
            WHEN u.waiting_requests IS NOT NULL                             THEN 'waiting'
            ELSE                                                                 'answered'
       END AS reason
  FROM subject AS s
  LEFT JOIN u ON u.unit_id = s.unit_id
