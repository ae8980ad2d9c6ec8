-- One row per machine: remote administration services reachable from outside, and whether each encrypts.
WITH offered AS (
  SELECT host_id, COALESCE(service, '?') AS service,
         max(CASE WHEN NOT encrypted THEN 3 WHEN encrypted IS NULL THEN 2 ELSE 1 END) AS rank
    FROM remote_admin WHERE NOT COALESCE(is_loopback, false)
   GROUP BY host_id, COALESCE(service, '?')
), worst AS (
  SELECT host_id, max(rank) AS rank,
         string_agg(CASE WHEN rank = 3 THEN service END, ', ' ORDER BY service) AS open_names,
         string_agg(CASE WHEN rank = 2 THEN service END, ', ' ORDER BY service) AS unread_names,
         string_agg(service, ', ' ORDER BY service) AS all_names
    FROM offered GROUP BY host_id
)
SELECT s.host_id, COALESCE(w.open_names, w.unread_names, w.all_names) AS names,
       CASE w.rank WHEN 3 THEN 'not_encrypted'
                   WHEN 2 THEN 'not_read'
                   WHEN 1 THEN 'ok'
                   ELSE 'none_listening' END AS reason
  FROM subject AS s LEFT JOIN worst AS w ON w.host_id = s.host_id
