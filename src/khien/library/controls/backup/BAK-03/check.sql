-- One row per machine: per set of data the newest success of its jobs, at most 31 days for each month allowed.
WITH d AS (
    SELECT b.host_id, COALESCE(b.dataset, b.tool, '?') AS label,
           max(CASE WHEN date_diff('day', s.today, vn_date(b.last_success_at)) > 1 THEN NULL ELSE b.last_success_at END) AS newest_at
      FROM backup_job AS b
      JOIN subject AS s ON s.host_id = b.host_id
     GROUP BY b.host_id, label
), f AS (
    SELECT d.host_id,
           string_agg(CASE WHEN date_diff('day', vn_date(d.newest_at), s.today) > s.backup_interval * 31 THEN d.label END,
                      ', ' ORDER BY d.label) AS late,
           string_agg(CASE WHEN d.newest_at IS NULL THEN d.label END, ', ' ORDER BY d.label) AS unread
      FROM d
      JOIN subject AS s ON s.host_id = d.host_id
     GROUP BY d.host_id
)
SELECT s.host_id, f.late AS late_sets, f.unread AS unread_sets,
       CASE WHEN f.host_id IS NULL             THEN 'no_job_found'
            WHEN s.backup_interval IS NULL     THEN 'no_interval'
            WHEN f.late IS NOT NULL            THEN 'overdue'
            WHEN f.unread IS NOT NULL          THEN 'result_not_read'
            ELSE                                    'in_time'
       END AS reason
  FROM subject AS s
  LEFT JOIN f ON f.host_id = s.host_id
