-- One row per unit: the newest valid statement of responsibility, who made it, and last year's rating papers.
WITH t AS (
    SELECT s.subject_id, t.said, t.stated_on, t.valid_until, t.stated_by, t.valid_until < s.today AS ended,
           row_number() OVER (PARTITION BY s.subject_id ORDER BY
                              CASE WHEN t.valid_until >= s.today THEN 1 ELSE 2 END,
                              t.stated_on DESC, t.row_number DESC) AS place
      FROM subject AS s
      JOIN reg_statement AS t ON t.unit_id = s.unit_id AND t.control = 'GOV-05' AND t.kind = 'responsibility'
                             AND t.stated_on <= s.today
), h AS (
    SELECT t.subject_id, count(*) AS head_rows
      FROM t JOIN reg_appointment AS a ON a.person = t.stated_by AND a.role = 'head' AND a.in_force_from <= t.stated_on
                                      AND (a.ended_on IS NULL OR a.ended_on > t.stated_on)
     WHERE t.place = 1 GROUP BY t.subject_id
), r AS (
    SELECT s.subject_id, count(*) AS papers
      FROM subject AS s
      JOIN reg_document AS d ON d.unit_id = s.unit_id AND d.kind IN ('rating_sheet', 'commendation_proposal') AND d.is_approved
       AND d.issued_on <= s.today AND EXTRACT(YEAR FROM d.issued_on) * 12 + EXTRACT(MONTH FROM d.issued_on)
                                                    >= (EXTRACT(YEAR FROM s.today) - 1) * 12 + 7
     GROUP BY s.subject_id
)
SELECT s.subject_id, p.full_name AS head, t.stated_on, t.valid_until,
       CASE WHEN t.subject_id IS NULL  THEN 'not_stated'   WHEN t.ended              THEN 'expired'
            WHEN t.said = 'not_met'    THEN 'said_not_met' WHEN h.subject_id IS NULL THEN 'not_by_head'
            WHEN t.said <> 'met'       THEN 'said_partly'
            WHEN r.subject_id IS NULL AND EXTRACT(MONTH FROM s.today) > 3            THEN 'no_rating'
            ELSE 'stated' END AS reason
  FROM subject AS s
  LEFT JOIN t ON t.subject_id = s.subject_id AND t.place = 1
  LEFT JOIN h ON h.subject_id = s.subject_id LEFT JOIN r ON r.subject_id = s.subject_id
  LEFT JOIN reg_person AS p ON p.row_id = t.stated_by
