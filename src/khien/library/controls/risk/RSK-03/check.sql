-- One row per risk: how it is handled, decided on or accepted, against the days the register sets for it.
WITH seen AS (
SELECT s.*, r.title, r.level, r.found_on, r.decision, r.accept_reason, r.decided_on, r.review_due_on, r.due_on,
       CASE WHEN r.handled_on <= s.today THEN r.handled_on END AS handled_on, s.today AS day,
       r.decided_by IS NOT NULL AND COALESCE(r.decided_on <= s.today, false) AS is_signed,
       COALESCE(r.reported_on <= s.today, false) OR COALESCE(r.level = 'low', false) AS is_reported
  FROM subject AS s
  JOIN reg_risk AS r ON r.row_id = s.subject_id
)
SELECT subject_id, title, found_on, handled_on, due_on, decided_on, review_due_on,
       CASE WHEN handled_on IS NOT NULL AND level = 'high'                                    THEN 'closed'
            WHEN handled_on IS NOT NULL AND level = 'low'                                     THEN 'handled'
            WHEN level IS NULL                                                                THEN 'level_not_recorded'
            WHEN decision = 'accept' AND level = 'high' AND accept_reason = 'low' AND "accept" IS NOT NULL THEN 'accept_not_allowed'
            WHEN decision = 'accept' AND review_due_on < day                                  THEN 'review_overdue'
            WHEN COALESCE(decision, '') <> 'accept' AND due_on < day                          THEN 'overdue'
            WHEN decision = 'accept' AND (NOT is_signed OR NOT is_reported OR accept_reason IS NULL
                                          OR review_due_on IS NULL)                           THEN 'decision_incomplete'
            WHEN decision = 'accept'                                                          THEN 'accepted'
            WHEN level = 'low' AND due_on IS NULL                                             THEN 'due_not_recorded'
            WHEN level = 'low'                                                                THEN 'in_time'
            WHEN decision IS NULL AND has(complete_registers, 'risk') AND date_diff('day', found_on, day) > 30 THEN 'no_decision'
            WHEN decision IS NULL                                                             THEN 'decision_awaited'
            WHEN NOT is_signed OR NOT is_reported                                             THEN 'decision_incomplete'
            ELSE                                                                                   'decided'
       END AS reason
  FROM seen
