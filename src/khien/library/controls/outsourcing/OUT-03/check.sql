-- One row per system with outsourced software: tested and assessed before use and at each change, since that is demanded.
WITH outsourced AS (
SELECT DISTINCT COALESCE(c.system, a.system) AS system FROM reg_contract AS c LEFT JOIN reg_acceptance AS a ON a.contract = c.row_id WHERE c.kind = 'software'
), first AS (
SELECT a.*, d.row_id AS record, row_number() OVER (PARTITION BY a.system ORDER BY a.accepted_on, a.row_number) AS place
  FROM reg_acceptance AS a LEFT JOIN reg_document AS d ON d.row_id = a.test_record
), again AS (
SELECT change, min(done_on) AS done_on FROM reg_assessment GROUP BY change
), changed AS (
SELECT s.subject_id, count(c.row_id) AS changes, string_agg(CASE WHEN COALESCE(c.reviewed_on, g.done_on) > c.changed_on THEN c.what END, ', ' ORDER BY c.what) AS late,
       string_agg(CASE WHEN c.row_id IS NOT NULL AND (c.reviewed_on IS NULL OR d.row_id IS NULL) AND g.done_on IS NULL THEN c.what END, ', ' ORDER BY c.what) AS bare
  FROM subject AS s LEFT JOIN reg_change AS c ON c.system = s.subject_id AND c.kind IN ('source_code', 'architecture')
                                             AND c.changed_on BETWEEN s.in_force_since AND s.today
  LEFT JOIN again AS g ON g.change = c.row_id LEFT JOIN reg_document AS d ON d.row_id = c.review
 GROUP BY s.subject_id
)
SELECT s.subject_id, y.system_name, y.went_live_on AS live_on, a.tested_on, a.security_assessed_on AS assessed_on, c.late, c.bare,
       CASE WHEN y.stage = 'stopped' OR y.stopped_on <= s.today THEN 'stopped'
            WHEN o.system IS NULL AND has(s.complete_registers, 'contract')        THEN 'not_outsourced'
            WHEN o.system IS NULL                                                  THEN 'contracts_not_entered'
            WHEN y.went_live_on > s.today OR (y.went_live_on IS NULL AND y.stage <> 'operating') THEN 'not_live'
            WHEN c.late IS NOT NULL                                                THEN 'change_late'
            WHEN c.bare IS NOT NULL AND has(s.complete_registers, 'change') AND has(s.complete_registers, 'assessment') THEN 'change_not_assessed'
            WHEN y.went_live_on IS NULL                                            THEN 'go_live_not_recorded'
            WHEN y.went_live_on < s.in_force_since AND NOT COALESCE(a.tested_on <= y.went_live_on AND a.security_assessed_on <= y.went_live_on, false) THEN 'older'
            WHEN a.tested_on > y.went_live_on OR a.security_assessed_on > y.went_live_on THEN 'late'
            WHEN (a.tested_on IS NULL OR a.security_assessed_on IS NULL) AND has(s.complete_registers, 'acceptance') THEN 'not_done'
            WHEN a.tested_on IS NULL OR a.security_assessed_on IS NULL OR a.record IS NULL THEN 'not_recorded'
            WHEN c.bare IS NOT NULL                                                THEN 'change_not_filed'
            WHEN c.changes = 0 AND NOT has(s.complete_registers, 'change')         THEN 'changes_not_entered'
            ELSE                                                                        'assessed'
       END AS reason
  FROM subject AS s JOIN reg_system AS y ON y.row_id = s.subject_id JOIN changed AS c ON c.subject_id = s.subject_id
  LEFT JOIN outsourced AS o ON o.system = s.subject_id LEFT JOIN first AS a ON a.system = s.subject_id AND a.place = 1
