-- One row per system: whether its level was approved before it went live, judged since that is demanded.
WITH live AS (
SELECT d.* FROM reg_document AS d CROSS JOIN (SELECT max(today) AS day FROM subject) AS t
 WHERE d.is_approved AND (d.signer IS NOT NULL OR d.signer_person IS NOT NULL) AND d.issued_on <= t.day
   AND (d.in_force_from IS NULL OR d.in_force_from <= t.day) AND (d.valid_until IS NULL OR d.valid_until >= t.day)
), seen AS (
SELECT s.*, y.system_name, y.level_status, y.level_approved_on AS approved_on, y.went_live_on AS live_on, y.planned_on,
       s.today AS day, d.row_id AS decision,
       y.stage = 'stopped' OR y.stopped_on <= s.today AS is_stopped,
       COALESCE(y.stage = 'operating' OR y.went_live_on <= s.today, false) AS is_running
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
  LEFT JOIN live AS d ON d.row_id = y.level_decision
)
SELECT subject_id, system_name, approved_on, live_on,
       CASE WHEN is_stopped                                                       THEN 'stopped'
            WHEN is_running AND level_status <> 'approved' AND due < day          THEN 'overdue'
            WHEN is_running AND level_status <> 'approved'                        THEN 'not_approved'
            WHEN is_running AND level_status IS NULL                              THEN 'status_not_recorded'
            WHEN is_running AND (approved_on IS NULL OR approved_on > day OR live_on IS NULL) THEN 'dates_not_recorded'
            WHEN is_running AND approved_on > live_on AND live_on >= in_force_since THEN 'approved_late'
            WHEN level_status = 'approved' AND decision IS NULL                   THEN 'decision_not_filed'
            WHEN is_running AND approved_on > live_on AND approved_on <= due      THEN 'approved_by_due'
            WHEN is_running AND approved_on > live_on                             THEN 'approved_after'
            WHEN is_running OR (level_status = 'approved' AND approved_on <= day) THEN 'approved'
            WHEN due < day AND COALESCE(planned_on, due) <= due                   THEN 'planned_past_due'
            ELSE                                                                       'not_live'
       END AS reason
  FROM seen
