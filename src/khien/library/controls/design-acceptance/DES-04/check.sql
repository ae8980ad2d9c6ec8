-- One row per system: who supervised its first acceptance, and when the report was confirmed and approved.
WITH first AS (
SELECT a.*, lower(trim(a.supervisor)) IN (lower(trim(a.developer)), lower(trim(a.section))) AS is_own,
       COALESCE(a.supervisor, '') <> '' AND (a.developer IS NOT NULL) AND a.section IS NOT NULL AND v.row_id IS NOT NULL AND r.row_id IS NOT NULL
         AND COALESCE(a.confirmed_by, '') <> '' AND COALESCE(a.approved_by, '') <> '' AND a.confirmed_on IS NOT NULL AND a.approved_on IS NOT NULL AS is_full,
       row_number() OVER (PARTITION BY a.system ORDER BY a.accepted_on, a.row_number) AS place
  FROM reg_acceptance AS a
  LEFT JOIN reg_document AS v ON v.row_id = a.supervision
  LEFT JOIN reg_document AS r ON r.row_id = a.report
)
SELECT s.subject_id, y.system_name, y.went_live_on AS live_on, a.supervisor, a.confirmed_on, a.approved_on,
       CASE WHEN y.stage = 'stopped' OR y.stopped_on <= s.today THEN 'stopped'
            WHEN y.went_live_on > s.today OR (y.went_live_on IS NULL AND y.stage <> 'operating') THEN 'not_live'
            WHEN y.went_live_on IS NULL                                            THEN 'go_live_not_recorded'
            WHEN y.went_live_on < s.in_force_since AND NOT COALESCE(a.is_full AND NOT a.is_own AND a.confirmed_on <= a.approved_on
                                                                     AND a.approved_on <= y.went_live_on, false) THEN 'older'
            WHEN a.row_id IS NULL AND has(s.complete_registers, 'acceptance')      THEN 'not_accepted'
            WHEN a.row_id IS NULL                                                  THEN 'not_recorded'
            WHEN a.is_own                                                          THEN 'not_independent'
            WHEN a.confirmed_on > y.went_live_on OR a.approved_on > y.went_live_on THEN 'approved_late'
            WHEN a.approved_on < a.confirmed_on                                    THEN 'wrong_order'
            WHEN a.is_full                                                         THEN 'in_order'
            ELSE                                                                        'not_complete'
       END AS reason
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
  LEFT JOIN first AS a ON a.system = s.subject_id AND a.place = 1
