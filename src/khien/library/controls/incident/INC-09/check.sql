-- One row per incident: reported within the hours, counted from its occurrence, or from its detection where that is not known.
WITH seen AS (
    SELECT s.*, i.title, i.reported_at, i.occurred_at, COALESCE(i.occurred_at, i.detected_at) AS began_at,
           s.incident_report_hours * 3600 AS seconds
      FROM subject AS s
      JOIN reg_incident AS i ON i.row_id = s.subject_id
)
SELECT subject_id, title, began_at, reported_at,
       CASE WHEN vn_date(began_at) < in_force_since              THEN 'before_the_rule'
            WHEN reported_at < began_at                               THEN 'times_disagree'
            WHEN date_diff('second', began_at, reported_at) > seconds THEN 'late'
            WHEN reported_at IS NOT NULL AND occurred_at IS NULL      THEN 'in_time_from_detection'
            WHEN reported_at IS NOT NULL                              THEN 'in_time'
            WHEN date_diff('second', began_at, as_of) > seconds       THEN 'overdue'
            ELSE                                                           'still_within'
       END AS reason
  FROM seen
