-- One row per handover: the signed secrecy undertaking of who leaves. No text gives days; 30 are waited before silence fails.
SELECT s.subject_id, COALESCE(p.full_name, h.person) AS full_name, h.effective_on, d.issued_on AS signed_on,
       CASE WHEN h.kind = 'post_changed'                           THEN 'stays'
            WHEN d.row_id IS NOT NULL                              THEN 'undertaken'
            WHEN h.effective_on > s.today            THEN 'not_yet_effective'
            WHEN h.secrecy_undertaking IS NOT NULL                 THEN 'not_in_documents'
            WHEN date_diff('day', h.effective_on, s.today) <= 30
                                                                   THEN 'waiting'
            WHEN has(s.complete_registers, 'handover')             THEN 'no_undertaking'
            ELSE                                                        'not_recorded'
       END AS reason
  FROM subject AS s
  JOIN reg_handover AS h ON h.row_id = s.subject_id
  LEFT JOIN reg_person AS p ON p.row_id = h.person
  LEFT JOIN reg_document AS d ON d.row_id = h.secrecy_undertaking AND d.is_approved
   AND d.issued_on <= s.today
