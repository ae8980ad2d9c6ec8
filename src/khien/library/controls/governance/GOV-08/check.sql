-- One row per unit: difficulties never passed on, and those that took longer than 30 days to pass on or 90 to answer.
WITH f AS (
    SELECT s.unit_id, f.raised_on,
           f.forwarded_on IS NULL AND f.answered_on IS NULL
             AND date_diff('day', f.raised_on, s.today) > 90 AS is_stuck,
           date_diff('day', f.raised_on, COALESCE(f.forwarded_on, f.answered_on, s.today)) > 30
             OR f.answered_on IS NULL AND date_diff('day', f.raised_on, s.today) > 90 AS is_slow
      FROM subject AS s
      JOIN reg_feedback AS f ON f.unit_id = s.unit_id
), u AS (
    SELECT f.unit_id, count(*) AS row_count,
           count(CASE WHEN f.is_stuck THEN 1 END) AS stuck_count, min(CASE WHEN f.is_stuck THEN f.raised_on END) AS stuck_since,
           count(CASE WHEN f.is_slow THEN 1 END) AS slow_count, min(CASE WHEN f.is_slow THEN f.raised_on END) AS slow_since
      FROM f
     GROUP BY f.unit_id
)
SELECT s.subject_id, u.row_count, u.stuck_count, u.stuck_since, u.slow_count, u.slow_since,
       CASE WHEN u.unit_id IS NULL   THEN 'nothing_raised'
            WHEN u.stuck_count > 0 AND has(s.complete_registers, 'feedback') THEN 'not_forwarded'
            WHEN u.stuck_count > 0   THEN 'forwarding_not_recorded'
            WHEN u.slow_count > 0    THEN 'slow'
            ELSE                          'handled'
       END AS reason
  FROM subject AS s
  LEFT JOIN u ON u.unit_id = s.unit_id
