-- One row per domain that is out of use: the two letters asking to cancel it, issued since it was given up.
WITH live AS (
SELECT d.* FROM reg_document AS d CROSS JOIN (SELECT max(today) AS day FROM subject) AS t
 WHERE d.is_approved AND (d.signer IS NOT NULL OR d.signer_person IS NOT NULL) AND d.issued_on <= t.day
   AND (d.in_force_from IS NULL OR d.in_force_from <= t.day) AND (d.valid_until IS NULL OR d.valid_until >= t.day)
), seen AS (
SELECT s.*, m.domain_name, m.stopped_on, s.today AS day, d.row_id IS NOT NULL AS to_department, v.row_id IS NOT NULL AS to_vnnic,
       COALESCE(has(s.recipients, 'Sở TTTT'), false) AS wants_department, COALESCE(has(s.recipients, 'VNNIC'), false) AS wants_vnnic,
       m.department_letter, m.vnnic_letter
  FROM subject AS s
  JOIN reg_domain AS m ON m.row_id = s.subject_id
  LEFT JOIN live AS d ON d.row_id = m.department_letter AND d.issued_on >= m.stopped_on
  LEFT JOIN live AS v ON v.row_id = m.vnnic_letter AND v.issued_on >= m.stopped_on
)
SELECT subject_id, domain_name, stopped_on, to_department, to_vnnic,
       CASE WHEN stopped_on IS NULL OR stopped_on > day                                          THEN 'in_use'
            WHEN (to_department OR NOT wants_department) AND (to_vnnic OR NOT wants_vnnic)       THEN 'letters_sent'
            WHEN has(complete_registers, 'domain') AND date_diff('day', stopped_on, day) > 30
             AND ((wants_department AND department_letter IS NULL) OR (wants_vnnic AND vnnic_letter IS NULL)) THEN 'letters_missing'
            ELSE                                                                                      'letters_not_filed'
       END AS reason
  FROM seen
