-- One row per machine: every set of data has at least one job whose copies are apart from the machine and exist.
WITH d AS (
    SELECT host_id, COALESCE(dataset, tool, '?') AS label,
           max(CASE WHEN target_separate THEN 3 WHEN target_separate IS NULL THEN 2 ELSE 1 END) AS apart,
           max(CASE WHEN target_separate AND year(last_success_at) >= 2000 THEN 1
                    WHEN target_separate AND copies_count > 0 THEN 1 ELSE 0 END) AS is_done
      FROM backup_job
     GROUP BY host_id, label
), f AS (
    SELECT host_id,
           string_agg(CASE WHEN apart = 1 THEN label END, ', ' ORDER BY label) AS near,
           string_agg(CASE WHEN apart = 2 THEN label END, ', ' ORDER BY label) AS unread,
           string_agg(CASE WHEN apart = 3 AND is_done = 0 THEN label END, ', ' ORDER BY label) AS undone
      FROM d
     GROUP BY host_id
)
SELECT s.host_id, f.near AS near_sets, f.unread AS unread_sets, f.undone AS empty_sets,
       CASE WHEN f.host_id IS NULL                                 THEN 'no_job_found'
            WHEN f.near IS NOT NULL AND s.media = 'external'       THEN 'same_machine'
            WHEN f.unread IS NOT NULL                              THEN 'place_not_read'
            WHEN f.near IS NOT NULL                                THEN 'place_to_confirm'
            WHEN f.undone IS NOT NULL                              THEN 'never_done'
            ELSE                                                        'kept_apart'
       END AS reason
  FROM subject AS s
  LEFT JOIN f ON f.host_id = s.host_id
