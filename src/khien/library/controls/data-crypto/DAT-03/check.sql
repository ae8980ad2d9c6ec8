-- One row per data set: every criterion of classification that the rulebook names is filled in.
WITH f AS (
    SELECT s.subject_id, s.complete_registers, d.data_name, d.closed_on, s.today AS day,
           CASE WHEN has(s.criteria, 'value') AND d.value IS NULL                  THEN 1
                WHEN has(s.criteria, 'frequency') AND d.use_frequency IS NULL      THEN 1
                WHEN has(s.criteria, 'retention') AND d.retention_months IS NULL   THEN 1
                ELSE 0
           END AS is_open
      FROM subject AS s
      JOIN reg_data_set AS d ON d.row_id = s.subject_id
)
SELECT f.subject_id, f.data_name,
       CASE WHEN f.closed_on <= f.day                                        THEN 'closed'
            WHEN f.is_open = 0                                               THEN 'classified'
            WHEN has(f.complete_registers, 'data_set')                       THEN 'not_classified'
            ELSE                                                                  'fields_open'
       END AS reason
  FROM f
