-- One row per unit: reports asked for in the last 12 months or still open, when they were sent, and their due dates.
WITH r AS (
    SELECT s.unit_id, r.row_id, COALESCE(r.number, r.content) AS label, r.received_on, r.due_on, s.today,
           CASE WHEN r.answered_on <= s.today THEN r.answered_on END AS answered_on,
           min(n.sent_on) AS sent_on, count(d.row_id) AS filed
      FROM subject AS s
      JOIN reg_request AS r ON r.unit_id = s.unit_id AND r.kind = 'report' AND r.received_on <= s.today
       AND (s.kinds IS NULL OR r.subject IS NULL OR has(s.kinds, r.subject))
       AND (r.answered_on IS NULL OR date_add(r.received_on, to_months(12)) >= s.today)
      LEFT JOIN reg_dispatch AS n ON n.sent_on <= s.today AND n.sent_on >= r.received_on
       AND (n.answers = r.row_id OR n.document = r.answer) AND (r.authority IS NULL OR n.authority = r.authority)
      LEFT JOIN reg_document AS d ON d.row_id = n.document
     GROUP BY s.unit_id, r.row_id, label, r.received_on, r.due_on, s.today, r.answered_on
), u AS (
    SELECT r.unit_id, count(*) AS request_count,
           string_agg(CASE WHEN COALESCE(r.sent_on, r.answered_on, r.today) > r.due_on THEN r.label END, ', ' ORDER BY r.label) AS late_requests,
           string_agg(CASE WHEN r.answered_on IS NOT NULL AND r.sent_on IS NULL
                             OR r.sent_on IS NOT NULL AND r.filed = 0 THEN r.label END, ', ' ORDER BY r.label) AS unproved_requests,
           string_agg(CASE WHEN r.due_on IS NULL AND r.answered_on IS NULL AND r.sent_on IS NULL
                            AND date_diff('day', r.received_on, r.today) > 30 THEN r.label END, ', ' ORDER BY r.label) AS waiting_requests
      FROM r GROUP BY r.unit_id
)
SELECT s.subject_id, u.request_count, u.late_requests, u.unproved_requests, u.waiting_requests,
       CASE WHEN u.unit_id IS NULL AND has(s.complete_registers, 'request') THEN 'none_received'
            WHEN u.unit_id IS NULL               THEN 'none_recorded'
            WHEN u.late_requests IS NOT NULL     THEN 'late'
            WHEN u.unproved_requests IS NOT NULL THEN 'not_proved'
            WHEN u.waiting_requests IS NOT NULL  THEN 'waiting'
            ELSE 'answered' END AS reason
  FROM subject AS s LEFT JOIN u ON u.unit_id = s.unit_id
