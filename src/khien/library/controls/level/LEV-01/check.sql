-- One row per system: whether its level, the basis of it, the level dossier and the protection plan are on record.
WITH seen AS (
SELECT s.subject_id, y.system_name, y.level, y.level IS NOT NULL AS has_level, COALESCE(y.level_basis, '') <> '' AS has_basis,
       d.row_id IS NOT NULL AS has_dossier, p.row_id IS NOT NULL AS has_plan,
       y.stage = 'stopped' OR y.stopped_on <= s.today AS is_stopped,
       y.stage = 'operating' OR y.went_live_on <= s.today AS is_running,
       has(s.complete_registers, 'system') AND (y.level IS NULL OR y.protection_plan IS NULL) AS is_missing
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
  LEFT JOIN reg_document AS d ON d.row_id = y.level_dossier AND d.issued_on <= s.today
  LEFT JOIN reg_document AS p ON p.row_id = y.protection_plan AND p.issued_on <= s.today
)
SELECT subject_id, system_name, level, has_level, has_basis, has_dossier, has_plan,
       CASE WHEN is_stopped                                              THEN 'stopped'
            WHEN has_level AND has_basis AND has_dossier AND has_plan    THEN 'complete'
            WHEN is_running AND is_missing                               THEN 'missing'
            ELSE                                                              'not_complete'
       END AS reason
  FROM seen
