-- One row per system: its four design papers and the plan to protect them; older systems are not failed.
WITH live AS (
SELECT d.* FROM reg_document AS d CROSS JOIN (SELECT max(today) AS day FROM subject) AS t
 WHERE d.is_approved AND (d.signer IS NOT NULL OR d.signer_person IS NOT NULL) AND d.issued_on <= t.day
   AND (d.in_force_from IS NULL OR d.in_force_from <= t.day) AND (d.valid_until IS NULL OR d.valid_until >= t.day)
), paper AS (
SELECT s.subject_id, max(CASE WHEN d.kind = 'scope_description' THEN 1 ELSE 0 END) = 1 AS scope,
       max(CASE WHEN d.kind = 'design_description' THEN 1 ELSE 0 END) = 1 AS design,
       max(CASE WHEN d.kind = 'protection_description' THEN 1 ELSE 0 END) = 1 AS protection,
       max(CASE WHEN d.kind = 'solution_choice' THEN 1 ELSE 0 END) = 1 AS solution,
       max(CASE WHEN d.kind = 'design_protection_plan' THEN 1 ELSE 0 END) = 1 AS keeping
  FROM subject AS s
  LEFT JOIN live AS d ON d.system = s.subject_id
 GROUP BY s.subject_id
)
SELECT s.subject_id, y.system_name, y.went_live_on AS live_on, p.scope, p.design, p.protection, p.solution, p.keeping,
       CASE WHEN y.stage = 'stopped' OR y.stopped_on <= s.today THEN 'stopped'
            WHEN p.scope AND p.design AND p.protection AND p.solution AND p.keeping THEN 'complete'
            WHEN y.went_live_on < s.in_force_since                                THEN 'older'
            WHEN y.went_live_on <= s.today AND has(s.complete_registers, 'document') THEN 'missing'
            ELSE                                                                        'not_complete'
       END AS reason
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
  JOIN paper AS p ON p.subject_id = s.subject_id
