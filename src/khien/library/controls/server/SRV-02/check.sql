-- One row per unit: a configuration procedure in force, and changes of the last year approved first.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
papers AS (
    SELECT t.subject_id, max(CASE WHEN COALESCE(d.valid_until >= t.day, true) THEN d.title END) AS title,
           max(d.valid_until) AS until_on
      FROM today AS t
      JOIN reg_document AS d ON d.unit_id = t.unit_id AND d.kind = 'configuration_procedure' AND d.is_approved
       AND COALESCE(d.signer, d.signer_person) IS NOT NULL AND d.issued_on <= t.day
       AND COALESCE(d.in_force_from, d.issued_on) <= t.day
     GROUP BY t.subject_id
), changes AS (
    SELECT t.subject_id, count(*) AS change_count,
           string_agg(CASE WHEN c.approved_on > c.changed_on THEN c.what END, '; ' ORDER BY c.what) AS late,
           string_agg(CASE WHEN c.approved_on IS NULL OR c.approved_by IS NULL THEN c.what END,
                      '; ' ORDER BY c.what) AS unapproved
      FROM today AS t
      JOIN reg_change AS c ON c.unit_id = t.unit_id AND c.kind IN ('os_config', 'software_config', 'network_config')
       AND c.changed_on <= t.day AND date_add(c.changed_on, to_months(12)) >= t.day
     GROUP BY t.subject_id
)
SELECT t.subject_id, p.title AS procedure_title, p.until_on, c.change_count, c.late, c.unapproved,
       CASE WHEN p.subject_id IS NOT NULL AND p.title IS NULL                              THEN 'procedure_expired'
            WHEN p.title IS NULL AND has(t.complete_registers, 'document')                 THEN 'no_procedure'
            WHEN c.late IS NOT NULL                                                        THEN 'approved_late'
            WHEN c.unapproved IS NOT NULL AND has(t.complete_registers, 'change')          THEN 'not_approved'
            WHEN p.title IS NULL                                                THEN 'procedure_not_recorded'
            WHEN c.unapproved IS NOT NULL                                       THEN 'approval_not_recorded'
            WHEN c.change_count IS NULL AND has(t.complete_registers, 'change')            THEN 'no_changes'
            WHEN c.change_count IS NULL                                         THEN 'changes_not_recorded'
            ELSE                                                                                'managed'
       END AS reason
  FROM today AS t
  LEFT JOIN papers AS p ON p.subject_id = t.subject_id
  LEFT JOIN changes AS c ON c.subject_id = t.subject_id
