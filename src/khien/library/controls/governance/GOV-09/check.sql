-- One row per unit: standards applied now, and guidance older than 90 days without a paper that carries it out.
WITH a AS (
    SELECT s.unit_id, a.code, a.kind <> 'guidance' AS is_standard,
           a.applied_to IS NOT NULL AND a.applied_from <= s.today AS is_full,
           a.response IS NULL AND (COALESCE(a.issued_on, a.applied_from) IS NULL
             OR date_diff('day', COALESCE(a.issued_on, a.applied_from), s.today) > 90) AS is_waiting
      FROM subject AS s
      JOIN reg_applied_standard AS a ON a.unit_id = s.unit_id
       AND (a.ended_on IS NULL OR a.ended_on > s.today)
), u AS (
    SELECT a.unit_id,
           string_agg(CASE WHEN a.is_standard AND a.is_full THEN a.code END, ', ' ORDER BY a.code) AS standards,
           string_agg(CASE WHEN a.is_standard AND NOT COALESCE(a.is_full, false) THEN a.code END, ', '
                      ORDER BY a.code) AS incomplete,
           string_agg(CASE WHEN NOT a.is_standard AND a.is_waiting THEN a.code END, ', ' ORDER BY a.code) AS waiting
      FROM a
     GROUP BY a.unit_id
)
SELECT s.subject_id, u.standards, u.incomplete, u.waiting,
       CASE WHEN u.waiting IS NOT NULL AND has(s.complete_registers, 'applied_standard') THEN 'guidance_unanswered'
            WHEN u.standards IS NULL AND u.incomplete IS NOT NULL                        THEN 'standard_incomplete'
            WHEN u.standards IS NULL AND has(s.complete_registers, 'applied_standard')   THEN 'none_applied'
            WHEN u.standards IS NULL                                                     THEN 'not_recorded'
            WHEN u.waiting IS NOT NULL                                                   THEN 'guidance_not_recorded'
            ELSE                                                                              'applied'
       END AS reason
  FROM subject AS s
  LEFT JOIN u ON u.unit_id = s.unit_id
