-- One row per server: ways to log on, from afar and on the spot, that do not force a second factor.
WITH way AS (
  SELECT r.host_id, COALESCE(r.service, '?') AS name, 1 AS is_remote,
         CASE WHEN NOT COALESCE(r.mfa, true) OR NOT COALESCE(m.enforced, true) THEN 3
              WHEN COALESCE(r.mfa, m.enforced) IS NULL                         THEN 2 ELSE 1 END AS rank
    FROM remote_admin AS r LEFT JOIN mfa AS m ON m.host_id = r.host_id AND m.scope = r.service
   WHERE NOT COALESCE(r.is_loopback, false) AND COALESCE(r.service, '?') NOT IN ('snmp', 'x11')
   UNION ALL
  SELECT host_id, scope, 0, CASE WHEN NOT enforced THEN 3 WHEN enforced IS NULL THEN 2 ELSE 1 END
    FROM mfa WHERE scope IN ('console', 'desktop')
), ranked AS (
  SELECT host_id, name, is_remote, max(rank) AS rank FROM way GROUP BY host_id, name, is_remote
), worst AS (
  SELECT host_id, max(rank) AS rank,
         string_agg(CASE WHEN rank = 3 AND is_remote = 1 THEN name END, ', ' ORDER BY name) AS remote_names,
         string_agg(CASE WHEN rank = 3 AND is_remote = 0 THEN name END, ', ' ORDER BY name) AS local_names,
         string_agg(CASE WHEN rank = 2 THEN name END, ', ' ORDER BY name) AS unread_names,
         string_agg(name, ', ' ORDER BY name) AS all_names
    FROM ranked GROUP BY host_id
)
SELECT s.host_id, COALESCE(w.remote_names, w.local_names, w.unread_names, w.all_names) AS names,
       CASE WHEN w.remote_names IS NOT NULL THEN 'remote_without_mfa'
            WHEN w.local_names IS NOT NULL  THEN 'local_without_mfa'
            WHEN w.rank = 2                 THEN 'not_read'
            WHEN w.rank = 1                 THEN 'ok'
            ELSE 'no_way_seen' END AS reason
  FROM subject AS s LEFT JOIN worst AS w ON w.host_id = s.host_id
