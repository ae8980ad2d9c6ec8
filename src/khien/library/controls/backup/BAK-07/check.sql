-- One row per system: the best of the recovery plans that name it, its own or the unit's common one.
WITH d AS (
  SELECT s.subject_id, d.title, d.issued_on, d.valid_until, d.row_number,
         CASE WHEN NOT d.is_approved                                              THEN 'not_signed'
              WHEN d.valid_until < s.today                          THEN 'expired'
              WHEN d.issued_on > s.today
                OR d.in_force_from > s.today                        THEN 'not_yet_in_force'
              WHEN COALESCE(d.signer, d.signer_person) IS NULL                    THEN 'signer_not_recorded'
              ELSE                                                                     'in_force'
         END AS state
    FROM subject AS s
    JOIN reg_system AS y ON y.row_id = s.subject_id
    JOIN reg_document AS d ON d.unit_id = s.unit_id AND (d.row_id = y.recovery_plan
     OR (d.kind = 'recovery_plan' AND COALESCE(d.system, y.row_id) = y.row_id))
), best AS (
  SELECT d.*, row_number() OVER (PARTITION BY d.subject_id ORDER BY CASE WHEN d.state = 'in_force' THEN 0 ELSE 1 END,
                                 d.issued_on DESC, d.row_number DESC) AS place
    FROM d
)
SELECT s.subject_id, y.system_name AS system, b.title, b.issued_on, b.valid_until,
       CASE WHEN y.stopped_on <= s.today OR y.stage NOT IN ('operating', 'trial')
              OR (y.stage = 'trial' AND COALESCE(y.went_live_on > s.today, true)) THEN 'not_operating'
            WHEN b.state IS NOT NULL                    THEN b.state
            WHEN has(s.complete_registers, 'document')  THEN 'none'
            ELSE                                             'not_recorded'
       END AS reason
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
  LEFT JOIN best AS b ON b.subject_id = s.subject_id AND b.place = 1
