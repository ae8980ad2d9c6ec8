-- One row per unit: its disposal procedure, and the minutes of disposals since the rule took effect.
WITH live AS (
SELECT d.* FROM reg_document AS d CROSS JOIN (SELECT max(today) AS day FROM subject) AS t
 WHERE d.is_approved AND (d.signer IS NOT NULL OR d.signer_person IS NOT NULL) AND d.issued_on <= t.day
   AND (d.in_force_from IS NULL OR d.in_force_from <= t.day) AND (d.valid_until IS NULL OR d.valid_until >= t.day)
), procedure AS (
SELECT s.unit_id, max(l.title) AS title, max(CASE WHEN d.valid_until < s.today THEN d.valid_until END) AS expired_on
  FROM subject AS s
  LEFT JOIN reg_document AS d ON d.unit_id = s.unit_id AND d.kind = 'disposal_procedure' AND d.is_approved
  LEFT JOIN live AS l ON l.row_id = d.row_id
 GROUP BY s.unit_id
), disposed AS (
SELECT s.unit_id, count(g.row_id) AS disposals,
       string_agg(CASE WHEN g.minutes IS NULL THEN g.device END, ', ' ORDER BY g.device) AS bare,
       string_agg(CASE WHEN m.row_id IS NULL THEN g.device END, ', ' ORDER BY g.device) AS unfiled
  FROM subject AS s
  LEFT JOIN reg_disposal AS g ON g.unit_id = s.unit_id AND g.disposed_on BETWEEN s.in_force_since AND s.today
  LEFT JOIN reg_document AS m ON m.row_id = g.minutes
 GROUP BY s.unit_id
)
SELECT s.subject_id, p.title, p.expired_on, g.disposals, g.bare, g.unfiled,
       CASE WHEN p.title IS NULL AND p.expired_on IS NOT NULL                            THEN 'procedure_expired'
            WHEN p.title IS NULL AND has(s.complete_registers, 'document')               THEN 'no_procedure'
            WHEN g.bare IS NOT NULL AND has(s.complete_registers, 'disposal')            THEN 'no_minutes'
            WHEN p.title IS NULL                                                         THEN 'procedure_not_filed'
            WHEN g.unfiled IS NOT NULL                                                   THEN 'minutes_not_filed'
            WHEN g.disposals = 0 AND NOT has(s.complete_registers, 'disposal')           THEN 'disposals_not_entered'
            ELSE                                                                              'in_order'
       END AS reason
  FROM subject AS s
  JOIN procedure AS p ON p.unit_id = s.unit_id
  JOIN disposed AS g ON g.unit_id = s.unit_id
