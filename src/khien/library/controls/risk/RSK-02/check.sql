-- One row per unit: the oldest of the newest reviews of its systems, and the open risks that are not fully described.
WITH review AS (
SELECT s.unit_id, y.row_id, max(v.reviewed_on) AS reviewed_on
  FROM subject AS s
  LEFT JOIN reg_system AS y ON y.unit_id = s.unit_id AND (y.stage = 'operating' OR y.went_live_on <= s.today)
                           AND y.stage <> 'stopped' AND (y.stopped_on IS NULL OR y.stopped_on > s.today)
  LEFT JOIN reg_risk_review AS v ON v.unit_id = s.unit_id AND v.reviewed_on <= s.today
                                AND (v.system IS NULL OR v.system = y.row_id)
 GROUP BY s.unit_id, y.row_id
), reviewed AS (
SELECT unit_id, CASE WHEN count(*) = count(reviewed_on) THEN min(reviewed_on) END AS reviewed_on FROM review GROUP BY unit_id
), risks AS (
SELECT s.unit_id, count(r.row_id) AS listed,
       string_agg(CASE WHEN r.is_open AND (r.component IS NULL OR COALESCE(length(r.harms), 0) = 0 OR r.impact IS NULL OR r.proposal IS NULL
                             OR r.fix IS NULL OR r.level IS NULL) THEN r.title END, ', ' ORDER BY r.title) AS blank,
       string_agg(CASE WHEN r.is_open AND ((r.fix = 'free_update') <> (r.level = 'low')) THEN r.title END, ', ' ORDER BY r.title) AS wrong
  FROM subject AS s
  LEFT JOIN (SELECT r.*, r.handled_on IS NULL OR r.handled_on > t.today AS is_open
               FROM reg_risk AS r JOIN subject AS t ON t.unit_id = r.unit_id AND r.found_on <= t.today) AS r
         ON r.unit_id = s.unit_id
 GROUP BY s.unit_id
)
SELECT s.subject_id, v.reviewed_on, r.blank, r.wrong,
       CASE WHEN r.wrong IS NOT NULL AND s.risk IS NOT NULL                               THEN 'level_disagrees'
            WHEN date_add(v.reviewed_on, to_months(CAST(s.risk_review_months AS INTEGER))) < s.today THEN 'overdue'
            WHEN r.blank IS NOT NULL AND has(s.complete_registers, 'risk')                THEN 'risk_incomplete'
            WHEN v.reviewed_on IS NULL AND has(s.complete_registers, 'risk_review')       THEN 'not_reviewed'
            WHEN v.reviewed_on IS NULL                                                    THEN 'not_recorded'
            WHEN r.blank IS NOT NULL                                                      THEN 'risk_not_filled'
            WHEN r.listed = 0 AND NOT has(s.complete_registers, 'risk')                   THEN 'risks_not_entered'
            ELSE                                                                               'reviewed'
       END AS reason
  FROM subject AS s JOIN reviewed AS v ON v.unit_id = s.unit_id JOIN risks AS r ON r.unit_id = s.unit_id
