-- One row per unit: the newest signed report on carrying out the letter, and its sending to the body named by the text.
WITH d AS (
    SELECT s.subject_id, d.title, d.number, b.body_name AS sent_to, n.sent_on,
           row_number() OVER (PARTITION BY s.subject_id ORDER BY CASE WHEN b.row_id IS NULL THEN 2 ELSE 1 END,
                              n.sent_on DESC, d.issued_on DESC, d.row_number DESC) AS place,
           b.row_id IS NOT NULL AS is_sent
      FROM subject AS s
      JOIN reg_document AS d ON d.unit_id = s.unit_id AND d.kind = 'directive_report' AND d.is_approved
                            AND d.issued_on <= s.today
      LEFT JOIN reg_dispatch AS n ON n.document = d.row_id AND n.sent_on <= s.today
      LEFT JOIN reg_authority AS b ON b.row_id = n.authority
           AND (s.recipient IS NULL OR has(s.recipient, 'Sở Y tế') AND has(b.stands_for, 'so_yt'))
)
SELECT s.subject_id, d.title, d.number, d.sent_to, CASE WHEN d.is_sent THEN d.sent_on END AS sent_on,
       CASE WHEN d.subject_id IS NULL AND has(s.complete_registers, 'document') THEN 'no_report'
            WHEN d.subject_id IS NULL                                           THEN 'report_not_recorded'
            WHEN d.is_sent                                                      THEN 'reported'
            WHEN has(s.complete_registers, 'dispatch') AND has(s.recipient, 'Sở Y tế') THEN 'not_sent'
            ELSE                                                                     'sending_not_recorded'
       END AS reason
  FROM subject AS s
  LEFT JOIN d ON d.subject_id = s.subject_id AND d.place = 1
