-- One row per unit: the best documented officer or section in charge now, with its decision.
WITH a AS (
    SELECT s.subject_id, COALESCE(p.full_name, a.section) AS holder, d.number, d.issued_on, p.left_on, d.valid_until,
           CASE WHEN COALESCE(p.full_name, a.section) IS NULL          THEN 'nobody_named'
                WHEN p.left_on <= s.today                THEN 'holder_left'
                WHEN d.row_id IS NULL                                  THEN 'decision_not_recorded'
                WHEN NOT d.is_approved                                 THEN 'decision_unsigned'
                WHEN d.valid_until < s.today             THEN 'decision_ended'
                WHEN COALESCE(d.signer, d.signer_person) IS NULL       THEN 'signer_not_recorded'
                WHEN d.issued_on > s.today OR d.in_force_from > s.today
                  OR p.started_on > s.today              THEN 'not_yet_in_force'
                ELSE                                                        'appointed'
           END AS state, a.in_force_from, a.row_number AS line
      FROM subject AS s
      JOIN reg_appointment AS a ON a.unit_id = s.unit_id AND a.role IN ('security_officer', 'security_section')
                               AND a.in_force_from <= s.today
                               AND (a.ended_on IS NULL OR a.ended_on > s.today)
      LEFT JOIN reg_person AS p ON p.row_id = a.person
      LEFT JOIN reg_document AS d ON d.row_id = a.decision
), best AS (
    SELECT a.*, row_number() OVER (PARTITION BY a.subject_id ORDER BY
           CASE WHEN a.state = 'appointed' THEN 1
                WHEN a.state IN ('holder_left', 'decision_unsigned', 'decision_ended') THEN 3 ELSE 2 END,
           a.in_force_from DESC, a.line DESC) AS place
      FROM a
)
SELECT s.subject_id, b.holder, b.number, b.issued_on, b.left_on, b.valid_until,
       COALESCE(b.state, CASE WHEN has(s.complete_registers, 'appointment') THEN 'nobody_appointed'
                              ELSE 'not_recorded' END) AS reason
  FROM subject AS s
  LEFT JOIN best AS b ON b.subject_id = s.subject_id AND b.place = 1
