-- One row per system: its first acceptance against the day it went live; older systems are not failed.
WITH first AS (
SELECT a.system, a.accepted_on, a.plan, a.section, a.tested_on, d.row_id AS plan_filed,
       row_number() OVER (PARTITION BY a.system ORDER BY a.accepted_on, a.row_number) AS place
  FROM reg_acceptance AS a
  LEFT JOIN reg_document AS d ON d.row_id = a.plan
)
SELECT s.subject_id, y.system_name, y.went_live_on AS live_on, a.accepted_on,
       CASE WHEN y.stage = 'stopped' OR y.stopped_on <= s.today THEN 'stopped'
            WHEN y.went_live_on > s.today OR (y.went_live_on IS NULL AND y.stage <> 'operating') THEN 'not_live'
            WHEN y.went_live_on IS NULL                                            THEN 'go_live_not_recorded'
            WHEN y.went_live_on < s.in_force_since AND COALESCE(a.accepted_on > y.went_live_on, true) THEN 'older'
            WHEN a.accepted_on > y.went_live_on                                    THEN 'accepted_late'
            WHEN a.accepted_on IS NULL AND has(s.complete_registers, 'acceptance') THEN 'not_accepted'
            WHEN a.accepted_on IS NULL                                             THEN 'not_recorded'
            WHEN (a.plan IS NULL OR a.section IS NULL OR a.tested_on IS NULL) AND y.went_live_on >= s.in_force_since
             AND has(s.complete_registers, 'acceptance')                           THEN 'incomplete'
            WHEN a.plan_filed IS NULL OR a.section IS NULL OR a.tested_on IS NULL OR a.tested_on > a.accepted_on THEN 'not_complete'
            ELSE                                                                        'accepted'
       END AS reason
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
  LEFT JOIN first AS a ON a.system = s.subject_id AND a.place = 1
