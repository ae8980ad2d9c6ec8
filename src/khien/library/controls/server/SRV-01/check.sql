-- One row per system: when configuration and logs of its servers were last checked.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
rounds AS (
    SELECT t.subject_id, max(c.done_on) AS checked_on
      FROM today AS t
      JOIN reg_check_round AS c ON c.unit_id = t.unit_id AND c.kind = 'config_check' AND c.done_on <= t.day
       AND COALESCE(c.system = t.subject_id, true)
     GROUP BY t.subject_id
)
SELECT t.subject_id, y.system_name, r.checked_on,
       CASE WHEN y.stopped_on <= t.day
              OR COALESCE(NOT (y.stage = 'operating' OR (y.stage = 'trial' AND y.went_live_on <= t.day)), true)
                                                                                  THEN 'not_operating'
            WHEN r.checked_on IS NULL AND has(t.complete_registers, 'check_round') THEN 'not_checked'
            WHEN r.checked_on IS NULL                                             THEN 'check_not_recorded'
            WHEN date_add(r.checked_on, to_months(1)) < t.day                     THEN 'check_old'
            ELSE                                                                       'checked'
       END AS reason
  FROM today AS t
  JOIN reg_system AS y ON y.row_id = t.subject_id
  LEFT JOIN rounds AS r ON r.subject_id = t.subject_id
