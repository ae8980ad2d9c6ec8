-- One row per unit: the newest report on carrying out the rule that was sent. The text says every year and gives no day,
-- so only a whole calendar year under the rule without any sending fails.
WITH sent AS (
    SELECT s.subject_id, d.title, n.sent_on, b.body_name AS sent_to,
           row_number() OVER (PARTITION BY s.subject_id ORDER BY n.sent_on DESC, d.row_number DESC) AS place
      FROM subject AS s
      JOIN reg_document AS d ON d.unit_id = s.unit_id AND d.kind = 'rule_report' AND d.is_approved
      JOIN reg_dispatch AS n ON n.document = d.row_id AND n.sent_on <= s.today
      JOIN reg_authority AS b ON b.row_id = n.authority AND has(b.stands_for, 'ubnd_xa') AND has(s.recipient, 'UBND phường')
)
SELECT s.subject_id, x.title, x.sent_to, x.sent_on, year(s.today) - 1 AS year,
       CASE WHEN year(x.sent_on) >= year(s.today) - 1                    THEN 'reported'
            WHEN year(s.today) - 1 > year(s.in_force_since)
             AND has(s.complete_registers, 'dispatch')                   THEN 'not_reported'
            ELSE                                                              'not_recorded'
       END AS reason
  FROM subject AS s LEFT JOIN sent AS x ON x.subject_id = s.subject_id AND x.place = 1
