-- One row per incident: when the security section and the head were told. The texts say at once and give no number:
-- the minutes are shown, and only silence at the end of the incident fails.
WITH seen AS (
    SELECT s.*, i.title, i.detected_at, i.officer_told_at, i.head_told_at, i.closed_at,
           date_diff('minute', i.detected_at, i.officer_told_at) AS minutes
      FROM subject AS s
      JOIN reg_incident AS i ON i.row_id = s.subject_id
)
SELECT subject_id, title, detected_at, officer_told_at, head_told_at, closed_at, minutes,
       CASE WHEN vn_date(detected_at) < in_force_since                         THEN 'before_the_rule'
            WHEN officer_told_at < detected_at OR head_told_at < detected_at         THEN 'times_disagree'
            WHEN officer_told_at IS NOT NULL AND head_told_at IS NOT NULL            THEN 'told'
            WHEN closed_at <= as_of AND officer_told_at IS NULL                      THEN 'officer_not_told'
            WHEN closed_at <= as_of                                                  THEN 'head_not_told'
            ELSE                                                                          'not_recorded_yet'
       END AS reason
  FROM seen
