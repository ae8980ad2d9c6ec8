-- One row per system: its security items at design, appraisal and deployment; older systems are not failed.
WITH live AS (
SELECT d.* FROM reg_document AS d CROSS JOIN (SELECT max(today) AS day FROM subject) AS t
 WHERE d.is_approved AND (d.signer IS NOT NULL OR d.signer_person IS NOT NULL) AND d.issued_on <= t.day
   AND (d.in_force_from IS NULL OR d.in_force_from <= t.day) AND (d.valid_until IS NULL OR d.valid_until >= t.day)
), seen AS (
SELECT s.*, y.system_name, y.went_live_on AS live_on, d.row_id IS NOT NULL AS design, a.row_id IS NOT NULL AS appraisal, u.row_id IS NOT NULL AS deployment,
       y.stage = 'stopped' OR y.stopped_on <= s.today AS is_stopped,
       COALESCE(y.stage = 'operating' OR y.went_live_on <= s.today, false) AS is_running,
       y.design_security IS NULL OR y.appraisal_security IS NULL OR y.deployment_security IS NULL AS is_blank
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
  LEFT JOIN live AS d ON d.row_id = y.design_security
  LEFT JOIN live AS a ON a.row_id = y.appraisal_security
  LEFT JOIN live AS u ON u.row_id = y.deployment_security
)
SELECT subject_id, system_name, live_on, design, appraisal, deployment,
       CASE WHEN is_stopped                                                         THEN 'stopped'
            WHEN design AND appraisal AND (deployment OR NOT is_running)            THEN 'built_in'
            WHEN is_running AND is_blank AND live_on >= in_force_since AND has(complete_registers, 'system') THEN 'stage_missing'
            ELSE                                                                         'not_complete'
       END AS reason
  FROM seen
