-- One row per unit: the yearly report sent in November, of the newest November that is over, or of this one if it is sent already.
-- What the report says is not read: the register holds which clauses its signer says it answers.
WITH today AS (
    SELECT s.*, s.today AS day, year(s.today) - CASE WHEN month(s.today) = 12 THEN 0 ELSE 1 END AS last_year FROM subject AS s
), sent AS (
    SELECT t.subject_id, d.title, d.clauses_answered AS clauses, n.sent_on, month(n.sent_on) = 11 AS is_november,
           row_number() OVER (PARTITION BY t.subject_id ORDER BY CASE WHEN month(n.sent_on) = 11 THEN 0 ELSE 1 END, n.sent_on DESC, d.row_number DESC) AS place
      FROM today AS t
      JOIN reg_document AS d ON d.unit_id = t.unit_id AND d.kind = 'annual_report' AND d.is_approved
      JOIN reg_dispatch AS n ON n.document = d.row_id AND n.sent_on <= t.day AND (year(n.sent_on) = t.last_year OR year(n.sent_on) = t.last_year + 1)
      JOIN reg_authority AS b ON b.row_id = n.authority AND has(b.stands_for, 'so_khcn') AND has(t.recipient, 'Sở KH&CN')
     WHERE has(t.due, 'November')
)
SELECT t.subject_id, t.last_year AS year, x.title, x.sent_on, x.clauses,
       CASE WHEN x.is_november AND x.clauses IS NOT NULL                             THEN 'sent_in_november'
            WHEN x.is_november                                                       THEN 'contents_not_recorded'
            WHEN t.last_year < year(t.in_force_since)                                THEN 'not_due_yet'
            WHEN x.sent_on IS NOT NULL                                               THEN 'outside_november'
            WHEN has(t.complete_registers, 'dispatch')                               THEN 'not_sent'
            ELSE                                                                          'not_recorded'
       END AS reason
  FROM today AS t LEFT JOIN sent AS x ON x.subject_id = t.subject_id AND x.place = 1
