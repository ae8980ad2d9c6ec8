-- One row per person: those who started under the rule and their first briefing.
WITH heard AS (
  SELECT s.subject_id,
         min(CASE WHEN a.result IN ('attended', 'made_up') AND COALESCE(a.attended_on, t.held_on) <= s.today
                   AND date_diff('day', COALESCE(a.attended_on, t.held_on), p.started_on) <= 30
                  THEN COALESCE(a.attended_on, t.held_on) END) AS briefed_on,
         max(CASE WHEN a.result = 'absent' AND t.held_on >= p.started_on AND t.held_on <= s.today
                  THEN t.held_on END) AS missed_on
    FROM subject AS s
    JOIN reg_person AS p ON p.row_id = s.subject_id
    JOIN reg_attendance AS a ON a.person = s.subject_id
    JOIN reg_training AS t ON t.row_id = a.training AND t.kind IN ('newcomer', 'briefing')
   GROUP BY s.subject_id
)
SELECT s.subject_id, p.full_name, p.started_on, h.briefed_on, h.missed_on,
       CASE WHEN p.left_on <= s.today OR p.started_on > s.today
                                                                 THEN 'not_working_here'
            WHEN p.started_on IS NULL                            THEN 'start_not_recorded'
            WHEN p.started_on < s.in_force_since                 THEN 'earlier_staff'
            WHEN h.briefed_on IS NOT NULL                        THEN 'briefed'
            WHEN date_diff('day', p.started_on, s.today) <= 30
                                                                 THEN 'within_first_days'
            WHEN h.missed_on IS NOT NULL                         THEN 'absent'
            WHEN has(s.complete_registers, 'training')
             AND has(s.complete_registers, 'attendance')         THEN 'not_briefed'
            ELSE                                                      'no_briefing_recorded'
       END AS reason
  FROM subject AS s
  JOIN reg_person AS p ON p.row_id = s.subject_id
  LEFT JOIN heard AS h ON h.subject_id = s.subject_id
