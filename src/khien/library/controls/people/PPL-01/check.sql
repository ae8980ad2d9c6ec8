-- One row per person: qualification of those in a security post, and the recruitment of those hired under the rules
-- (those hired before are not asked). A procedure or a recruitment that is not entered stays unknown: not every text asks for both.
WITH hired AS (
  SELECT s.subject_id, max(r.decided_on) AS decided_on
    FROM subject AS s
    JOIN reg_recruitment AS r ON r.person = s.subject_id AND r.decided_on <= s.today
     AND r.requirements IS NOT NULL AND r.assessor IS NOT NULL AND r.post_description IS NOT NULL
   GROUP BY s.subject_id
), written AS (
  SELECT s.subject_id, count(*) AS papers
    FROM subject AS s
    JOIN reg_document AS d ON d.unit_id = s.unit_id AND d.kind = 'recruitment_procedure' AND d.is_approved
     AND COALESCE(d.signer, d.signer_person) IS NOT NULL AND d.issued_on <= s.today
     AND (d.in_force_from IS NULL OR d.in_force_from <= s.today)
     AND (d.valid_until IS NULL OR d.valid_until >= s.today)
   GROUP BY s.subject_id
)
SELECT s.subject_id, p.full_name, p.qualification, p.started_on, h.decided_on,
       CASE WHEN p.left_on <= s.today OR p.started_on > s.today THEN 'not_working_here'
            WHEN NOT p.is_security_post THEN 'other_post'
            WHEN p.is_security_post IS NULL AND has(s.complete_registers, 'person') THEN 'other_post'
            WHEN p.is_security_post IS NULL THEN 'post_not_recorded'
            WHEN p.qualification IS NULL AND has(s.complete_registers, 'person') THEN 'no_qualification'
            WHEN p.qualification IS NULL THEN 'qualification_not_recorded'
            WHEN h.decided_on IS NULL AND p.started_on IS NULL THEN 'start_not_recorded'
            WHEN h.decided_on IS NULL AND p.started_on >= s.in_force_since THEN 'hiring_not_recorded'
            WHEN w.papers IS NULL THEN 'no_procedure_recorded'
            WHEN h.decided_on IS NOT NULL THEN 'recorded_with_hiring'
            ELSE 'recorded' END AS reason
  FROM subject AS s
  JOIN reg_person AS p ON p.row_id = s.subject_id
  LEFT JOIN hired AS h ON h.subject_id = s.subject_id
  LEFT JOIN written AS w ON w.subject_id = s.subject_id
