-- One row per unit: each part of the network design that one of its own texts asks for, in force and on record.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
part AS (
    SELECT t.subject_id, 'design' AS code, 'document' AS register, max(d.row_id) AS proof
      FROM today AS t
      LEFT JOIN reg_document AS d ON d.unit_id = t.unit_id AND d.kind = 'network_design' AND d.is_approved AND d.issued_on <= t.day
       AND COALESCE(d.signer, d.signer_person) IS NOT NULL AND COALESCE(d.in_force_from <= t.day, true) AND COALESCE(d.valid_until >= t.day, true)
     GROUP BY t.subject_id
     UNION ALL
    SELECT t.subject_id, 'standards', 'applied_standard', max(a.row_id)
      FROM today AS t
      LEFT JOIN reg_applied_standard AS a ON a.unit_id = t.unit_id AND lower(concat(a.title, ' ', a.applied_to)) LIKE '%mạng%'
       AND COALESCE(a.applied_from <= t.day, true) AND COALESCE(a.ended_on > t.day, true)
     GROUP BY t.subject_id
     UNION ALL
    SELECT t.subject_id, 'identity', 'security_tool', max(g.row_id)
      FROM today AS t
      LEFT JOIN reg_security_tool AS g ON g.unit_id = t.unit_id AND has(g.kinds, 'identity') AND g.deployed_on <= t.day AND COALESCE(g.ended_on > t.day, true)
     GROUP BY t.subject_id
     UNION ALL
    SELECT t.subject_id, 'state_network', 'network_link', max(n.row_id)
      FROM today AS t
      JOIN reg_system AS y ON y.unit_id = t.unit_id AND y.is_shared_province AND COALESCE(y.stopped_on > t.day, true) AND y.stage <> 'stopped'
      LEFT JOIN reg_network_link AS n ON n.unit_id = t.unit_id AND n.kind = 'state_network' AND n.started_on <= t.day AND COALESCE(n.ended_on > t.day, true)
     GROUP BY t.subject_id
), judged AS (
    SELECT t.subject_id, list(p.code ORDER BY p.code) FILTER (WHERE p.proof IS NULL AND has(t.complete_registers, p.register)) AS missing_codes,
           list(p.code ORDER BY p.code) FILTER (WHERE p.proof IS NULL) AS open_codes
      FROM today AS t JOIN part AS p ON p.subject_id = t.subject_id AND has(t.asks, p.code) GROUP BY t.subject_id
)
SELECT t.subject_id, j.missing_codes, j.open_codes,
       CASE WHEN j.missing_codes IS NOT NULL THEN 'missing' WHEN j.open_codes IS NOT NULL THEN 'not_recorded' ELSE 'in_order' END AS reason
  FROM today AS t LEFT JOIN judged AS j ON j.subject_id = t.subject_id
