-- One row per person: the newest valid undertaking on official mail, unless an open violation speaks against it.
WITH t AS (
    SELECT s.subject_id, t.said, t.stated_on, t.valid_until, t.valid_until < s.today AS ended,
           row_number() OVER (PARTITION BY s.subject_id ORDER BY
                              CASE WHEN t.valid_until >= s.today THEN 1 ELSE 2 END,
                              t.stated_on DESC, t.row_number DESC) AS place
      FROM subject AS s
      JOIN reg_statement AS t ON COALESCE(t.subject_person, t.stated_by) = s.subject_id AND t.kind = 'acknowledgement'
       AND t.stated_on <= s.today
       AND (t.control = 'EML-01' OR t.control = 'CON-01' AND lower(t.text) LIKE '%thư công vụ%')
), v AS (
    SELECT s.subject_id, min(v.found_on) AS found_on,
           min(CASE WHEN concat(lower(v.act), ' ', lower(COALESCE(v.rule, ''))) LIKE '%thư công vụ%' OR lower(v.act) LIKE '%thư điện tử%'
                      OR lower(v.act) LIKE '%hộp thư%' OR lower(v.act) LIKE '%chữ ký số%' THEN v.found_on END) AS mail_found_on
      FROM subject AS s
      JOIN reg_violation AS v ON v.person = s.subject_id AND v.found_on <= s.today
       AND (v.closed_on IS NULL OR v.closed_on > s.today)
     GROUP BY s.subject_id
)
SELECT s.subject_id, p.full_name, t.stated_on, t.valid_until, COALESCE(v.mail_found_on, v.found_on) AS found_on,
       CASE WHEN p.left_on <= s.today OR p.started_on > s.today THEN 'not_working'
            WHEN v.mail_found_on IS NOT NULL                                     THEN 'violated'
            WHEN t.said = 'not_met' AND NOT t.ended                              THEN 'said_not_met'
            WHEN v.subject_id IS NOT NULL                                        THEN 'violation_to_read'
            WHEN t.subject_id IS NULL                                            THEN 'not_committed'
            WHEN t.ended                                                         THEN 'expired'
            WHEN t.said = 'partly'                                               THEN 'said_partly'
            ELSE 'committed' END AS reason
  FROM subject AS s JOIN reg_person AS p ON p.row_id = s.subject_id
  LEFT JOIN t ON t.subject_id = s.subject_id AND t.place = 1 LEFT JOIN v ON v.subject_id = s.subject_id
