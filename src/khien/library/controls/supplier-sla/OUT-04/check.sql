-- One row per supplier: the incident procedure it has to hand in. What binds the supplier alone is not the unit's to keep.
WITH live AS (
SELECT d.* FROM reg_document AS d CROSS JOIN (SELECT max(today) AS day FROM subject) AS t
 WHERE d.is_approved AND (d.signer IS NOT NULL OR d.signer_person IS NOT NULL) AND d.issued_on <= t.day
   AND (d.in_force_from IS NULL OR d.in_force_from <= t.day) AND (d.valid_until IS NULL OR d.valid_until >= t.day)
)
SELECT s.subject_id, p.supplier_name, l.title, d.valid_until AS expired_on,
       CASE WHEN p.ended_on <= s.today                                  THEN 'ended'
            WHEN p.started_on > s.today                                 THEN 'not_started'
            WHEN d.valid_until < s.today                                THEN 'procedure_expired'
            WHEN p.incident_procedure IS NULL AND has(s.complete_registers, 'supplier') THEN 'no_procedure'
            WHEN l.row_id IS NULL                                                     THEN 'not_filed'
            ELSE                                                                           'has_procedure'
       END AS reason
  FROM subject AS s
  JOIN reg_supplier AS p ON p.row_id = s.subject_id
  LEFT JOIN reg_document AS d ON d.row_id = p.incident_procedure
  LEFT JOIN live AS l ON l.row_id = p.incident_procedure
