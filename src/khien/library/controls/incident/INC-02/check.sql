-- One row per unit: the response papers its texts ask for, and current persons on duty and in the team.
WITH today AS (
    SELECT s.*, s.today AS day, COALESCE(has(s.law, 'TT20/2017 Đ11'), false) AS asks_citation,
           b.unit_id IS NOT NULL AS asks_set -- a text has papers drawn up once; others only have a procedure followed
      FROM subject AS s LEFT JOIN (SELECT DISTINCT unit_id FROM binding WHERE frequency = 'once') AS b ON b.unit_id = s.unit_id
), papers AS (
    SELECT t.subject_id, count(DISTINCT d.kind) AS kinds,
           count(DISTINCT CASE WHEN COALESCE(d.valid_until >= t.day, true) THEN d.kind END) AS live_kinds,
           max(CASE WHEN d.cited_law LIKE '%20/2017%' AND COALESCE(d.valid_until >= t.day, true) THEN 1 END) AS cites
      FROM today AS t
      JOIN reg_document AS d ON d.unit_id = t.unit_id AND d.is_approved AND d.issued_on <= t.day
       AND COALESCE(d.signer, d.signer_person) IS NOT NULL AND COALESCE(d.in_force_from, d.issued_on) <= t.day
       AND d.kind IN ('incident_intake_plan', 'response_procedure_ordinary', 'response_procedure_serious',
                      'response_plan')
     GROUP BY t.subject_id
), staff AS (
    SELECT t.subject_id, count(DISTINCT CASE WHEN COALESCE(p.left_on > t.day, true) THEN a.role END) AS roles,
           string_agg(DISTINCT CASE WHEN p.left_on <= t.day THEN p.full_name END, ', '
                      ORDER BY CASE WHEN p.left_on <= t.day THEN p.full_name END) AS gone
      FROM today AS t
      JOIN reg_appointment AS a ON a.unit_id = t.unit_id AND a.role IN ('monitoring', 'response_team')
       AND a.person IS NOT NULL AND a.in_force_from <= t.day AND COALESCE(a.ended_on > t.day, true)
      LEFT JOIN reg_person AS p ON p.row_id = a.person
     GROUP BY t.subject_id
)
SELECT t.subject_id, f.gone, CASE
            WHEN p.live_kinds = 0 OR (t.asks_set AND p.live_kinds < p.kinds)                 THEN 'papers_expired'
            WHEN COALESCE(p.kinds, 0) < CASE WHEN t.asks_set THEN 4 ELSE 1 END
            THEN CASE WHEN has(t.complete_registers, 'document') THEN 'no_papers' ELSE 'papers_not_recorded' END
            WHEN t.asks_set AND f.gone IS NOT NULL                                           THEN 'staff_left'
            WHEN t.asks_set AND COALESCE(f.roles, 0) < 2
            THEN CASE WHEN has(t.complete_registers, 'appointment') THEN 'no_staff' ELSE 'staff_not_recorded' END
            WHEN t.asks_citation AND p.cites IS NULL                                         THEN 'not_cited'
            ELSE 'ready' END AS reason
  FROM today AS t LEFT JOIN papers AS p ON p.subject_id = t.subject_id
  LEFT JOIN staff AS f ON f.subject_id = t.subject_id
