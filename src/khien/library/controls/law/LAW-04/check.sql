-- One row per unit: the newest statement of the unit's state that is still valid; where none is, the newest.
WITH told AS (
    SELECT s.subject_id, t.said, t.stated_on, t.valid_until, t.stated_by, t.valid_until < s.today AS is_over,
           row_number() OVER (PARTITION BY s.subject_id ORDER BY CASE WHEN t.valid_until < s.today THEN 2 ELSE 1 END,
                              t.stated_on DESC, t.row_number DESC) AS place
      FROM subject AS s
      JOIN reg_statement AS t ON t.unit_id = s.unit_id AND t.control = 'LAW-04' AND t.kind = 'state' AND t.system IS NULL
                             AND t.stated_on <= s.today
)
SELECT s.subject_id, p.full_name, t.stated_on, t.valid_until,
       CASE WHEN t.subject_id IS NULL  THEN 'not_stated'
            WHEN t.is_over             THEN 'expired'
            WHEN t.said = 'not_met'    THEN 'said_not_met'
            WHEN t.said = 'partly'     THEN 'said_partly'
            ELSE                            'stated'
       END AS reason
  FROM subject AS s
  LEFT JOIN told AS t ON t.subject_id = s.subject_id AND t.place = 1
  LEFT JOIN reg_person AS p ON p.row_id = t.stated_by
