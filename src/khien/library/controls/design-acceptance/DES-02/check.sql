-- One row per system: its first design assessment against going live, and design changes against their reviews.
WITH done AS (
SELECT system, done_on FROM reg_assessment WHERE kind = 'design'
 UNION ALL
SELECT system, issued_on FROM reg_document WHERE kind = 'design_minutes' AND is_approved
), assessed AS (
SELECT s.subject_id, min(d.done_on) AS done_on
  FROM subject AS s LEFT JOIN done AS d ON d.system = s.subject_id AND d.done_on <= s.today
 GROUP BY s.subject_id
), changed AS (
SELECT s.subject_id, count(c.row_id) AS changes, string_agg(CASE WHEN c.reviewed_on > c.changed_on THEN c.what END, ', ' ORDER BY c.what) AS late,
       string_agg(CASE WHEN c.review IS NULL AND c.reviewed_on IS NULL THEN c.what END, ', ' ORDER BY c.what) AS bare,
       string_agg(CASE WHEN d.row_id IS NULL OR c.reviewed_on IS NULL THEN c.what END, ', ' ORDER BY c.what) AS unfiled
  FROM subject AS s LEFT JOIN reg_change AS c ON c.system = s.subject_id AND c.kind = 'design'
                                             AND c.changed_on BETWEEN s.in_force_since AND s.today
  LEFT JOIN reg_document AS d ON d.row_id = c.review
 GROUP BY s.subject_id
)
SELECT s.subject_id, y.system_name, y.went_live_on AS live_on, a.done_on, c.late, c.bare, c.unfiled,
       CASE WHEN y.stage = 'stopped' OR y.stopped_on <= s.today THEN 'stopped'
            WHEN c.late IS NOT NULL                                                THEN 'change_late'
            WHEN c.bare IS NOT NULL AND has(s.complete_registers, 'change')        THEN 'change_not_assessed'
            WHEN y.went_live_on < s.in_force_since AND COALESCE(a.done_on > y.went_live_on, true) THEN 'older'
            WHEN a.done_on > y.went_live_on                                        THEN 'assessed_late'
            WHEN a.done_on IS NULL AND y.went_live_on <= s.today
             AND has(s.complete_registers, 'assessment') AND has(s.complete_registers, 'document') THEN 'not_assessed'
            WHEN a.done_on IS NULL                                                 THEN 'not_recorded'
            WHEN c.unfiled IS NOT NULL                                             THEN 'change_not_filed'
            WHEN c.changes = 0 AND NOT has(s.complete_registers, 'change')         THEN 'changes_not_entered'
            ELSE                                                                        'assessed'
       END AS reason
  FROM subject AS s JOIN reg_system AS y ON y.row_id = s.subject_id JOIN assessed AS a ON a.subject_id = s.subject_id
  JOIN changed AS c ON c.subject_id = s.subject_id
