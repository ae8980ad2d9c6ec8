-- One row per machine: shares that are served and that the system did not make itself.
WITH own AS (
    SELECT host_id, COALESCE(name, path, '?') AS label, is_served, is_whole_disk, guest_ok, password_required,
           COALESCE(is_administrative, CASE WHEN name LIKE '%$' THEN NULL ELSE false END) AS is_system
      FROM share
), f AS (
    SELECT host_id, count(*) AS seen,
           sum(CASE WHEN is_served = false OR is_system THEN 0 ELSE 1 END) AS shared,
           string_agg(CASE WHEN is_served = false OR is_system THEN NULL ELSE label END, ', ' ORDER BY label) AS every,
           string_agg(CASE WHEN is_served AND NOT is_system AND is_whole_disk THEN label END, ', ' ORDER BY label) AS disks,
           string_agg(CASE WHEN is_served AND NOT is_system AND (guest_ok OR NOT password_required) THEN label END,
                      ', ' ORDER BY label) AS open,
           string_agg(CASE WHEN is_served = false OR is_system THEN NULL
                           WHEN is_served IS NULL OR is_system IS NULL OR is_whole_disk IS NULL
                             OR guest_ok IS NULL OR password_required IS NULL THEN label END,
                      ', ' ORDER BY label) AS unread
      FROM own GROUP BY host_id
)
SELECT s.host_id,
       COALESCE(f.disks, f.open, f.unread, f.every) AS names,
       CASE WHEN s.os_family = 'windows' AND f.seen IS NULL THEN 'list_empty'
            WHEN COALESCE(f.shared, 0) = 0                  THEN 'no_share'
            WHEN f.disks IS NOT NULL                        THEN 'whole_disk'
            WHEN f.open IS NOT NULL                         THEN 'no_password'
            WHEN f.unread IS NOT NULL                       THEN 'protection_not_read'
            ELSE                                                 'end_not_recorded'
       END AS reason
  FROM subject AS s
  LEFT JOIN f ON f.host_id = s.host_id
