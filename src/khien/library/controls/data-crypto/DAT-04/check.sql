-- One row per data set: important ones have an integrity method, and a check of it within a year.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
rounds AS (
    SELECT t.subject_id, max(c.done_on) AS done_on
      FROM today AS t
      JOIN reg_data_set AS d ON d.row_id = t.subject_id
      JOIN reg_check_round AS c ON c.unit_id = t.unit_id AND c.kind = 'integrity' AND c.done_on <= t.day
       AND COALESCE(c.system = d.system, c.system IS NULL)
     GROUP BY t.subject_id
), f AS (
    SELECT t.*, d.data_name, d.closed_on, d.value, d.integrity_method,
           CASE WHEN d.integrity_checked_on <= t.day AND COALESCE(d.integrity_checked_on >= r.done_on, true)
                THEN d.integrity_checked_on ELSE r.done_on END AS checked_on
      FROM today AS t
      JOIN reg_data_set AS d ON d.row_id = t.subject_id
      LEFT JOIN rounds AS r ON r.subject_id = t.subject_id
)
SELECT f.subject_id, f.data_name, f.integrity_method AS method, f.checked_on,
       CASE WHEN f.closed_on <= f.day                                               THEN 'closed'
            WHEN f.value IS NULL                                                    THEN 'value_open'
            WHEN f.value = 'normal'                                                 THEN 'ordinary'
            WHEN f.integrity_method IS NULL AND has(f.complete_registers, 'data_set') THEN 'no_method'
            WHEN f.integrity_method IS NULL                                         THEN 'method_not_recorded'
            WHEN f.checked_on IS NULL                                               THEN 'check_not_recorded'
            WHEN date_add(f.checked_on, to_months(12)) < f.day                      THEN 'check_old'
            ELSE                                                                         'checked'
       END AS reason
  FROM f
