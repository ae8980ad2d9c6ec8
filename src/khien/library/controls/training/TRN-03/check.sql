-- One row per person: security officers, technical staff and leaders, and outside courses and drills of the last 12 months.
WITH sent AS (
  SELECT s.subject_id, a.result, t.title, t.invited_on, t.is_outside, COALESCE(a.attended_on, t.held_on) AS day,
         date_add(COALESCE(a.attended_on, t.held_on), to_months(12)) >= s.today
     AND COALESCE(a.attended_on, t.held_on) <= s.today AS is_recent
    FROM subject AS s
    JOIN reg_attendance AS a ON a.person = s.subject_id
    JOIN reg_training AS t ON t.row_id = a.training AND (t.is_outside OR t.kind IN ('course', 'drill'))
), summed AS (
  SELECT subject_id, max(CASE WHEN result IN ('attended', 'made_up') THEN day END) AS attended_on,
         max(CASE WHEN result = 'absent' AND invited_on IS NOT NULL THEN day END) AS missed_on
    FROM sent WHERE is_recent GROUP BY subject_id
), missed AS (
  SELECT n.subject_id, min(n.title) AS missed
    FROM sent AS n JOIN summed AS m ON m.subject_id = n.subject_id AND m.missed_on = n.day AND n.result = 'absent'
   GROUP BY n.subject_id
)
SELECT s.subject_id, p.full_name, m.attended_on, m.missed_on, x.missed,
       CASE WHEN p.left_on <= s.today OR p.started_on > s.today THEN 'not_working_here'
            WHEN NOT (COALESCE(p.is_security_post, false) OR COALESCE(p.is_leader, false)
                      OR COALESCE(p.training_group, '') = 'technical')
            THEN CASE WHEN p.training_group IS NULL THEN 'role_not_recorded' ELSE 'other_role' END
            WHEN m.missed_on IS NOT NULL THEN 'absent'
            WHEN m.attended_on IS NOT NULL THEN 'attended'
            ELSE 'nothing_recorded' END AS reason
  FROM subject AS s
  JOIN reg_person AS p ON p.row_id = s.subject_id
  LEFT JOIN summed AS m ON m.subject_id = s.subject_id
  LEFT JOIN missed AS x ON x.subject_id = s.subject_id
