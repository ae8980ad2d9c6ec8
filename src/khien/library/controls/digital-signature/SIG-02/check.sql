-- One row per unit: how many of the documents sent in the last twelve months carry a digital signature.
WITH u AS (
    SELECT s.unit_id, count(DISTINCT n.document) AS sent_count,
           count(DISTINCT CASE WHEN d.is_digitally_signed THEN n.document END) AS signed_count,
           count(DISTINCT CASE WHEN d.is_digitally_signed IS NULL THEN n.document END) AS blank_count
      FROM subject AS s
      JOIN reg_dispatch AS n ON n.unit_id = s.unit_id AND n.sent_on <= s.today
       AND date_add(n.sent_on, to_months(12)) >= s.today
      LEFT JOIN reg_document AS d ON d.row_id = n.document
     GROUP BY s.unit_id
)
SELECT s.subject_id, u.sent_count, u.signed_count,
       CASE WHEN u.unit_id IS NULL   THEN 'none_sent'
            WHEN u.signed_count > 0  THEN 'used'
            WHEN u.blank_count > 0   THEN 'not_recorded'
            ELSE                          'not_used'
       END AS reason
  FROM subject AS s
  LEFT JOIN u ON u.unit_id = s.unit_id
