-- One row per server: ports open to the outside, and whether anything stands before them.
WITH port AS (                                   -- ports from 32768 on change with every start: named as one
  SELECT host_id, min(port) AS first,
         CASE WHEN port >= 32768 THEN '≥32768/' || COALESCE(protocol, '?') ELSE COALESCE(CAST(port AS VARCHAR), '?') || '/' || COALESCE(protocol, '?') END AS name
    FROM listening_port WHERE NOT COALESCE(is_loopback, false) GROUP BY host_id, name
), open_port AS (
  SELECT host_id, string_agg(name, ', ' ORDER BY first, name) AS ports, max(CASE WHEN first IS NULL THEN 1 ELSE 0 END) AS unread
    FROM port GROUP BY host_id
), rule AS (
  SELECT host_id, COALESCE(mechanism, '') = 'windows' AS is_windows,
         CASE WHEN NOT enabled THEN 1 WHEN enabled AND (default_deny_inbound OR mechanism = 'third_party') THEN 4
              WHEN enabled AND NOT default_deny_inbound THEN 2 ELSE 3 END AS rank
    FROM firewall
), filter AS (                                   -- on Linux one chain that drops is enough, on Windows each profile counts
  SELECT host_id, COALESCE(max(CASE WHEN NOT is_windows THEN rank END), 0) AS any_rank,
         COALESCE(min(CASE WHEN is_windows THEN rank END), 0) AS windows_rank
    FROM rule GROUP BY host_id
)
SELECT s.host_id, o.ports,
       CASE WHEN o.ports IS NULL THEN CASE WHEN s.os_family = 'windows' THEN 'ports_not_read' ELSE 'nothing_listens' END
            WHEN f.any_rank = 4 OR f.windows_rank = 4 THEN CASE WHEN o.unread = 1 THEN 'ports_not_read' ELSE 'not_approved' END
            WHEN f.host_id IS NULL OR f.windows_rank = 3 OR (f.any_rank = 3 AND f.windows_rank = 0) THEN 'firewall_not_read'
            WHEN i.is_container THEN 'container' ELSE 'unfiltered' END AS reason
  FROM subject AS s LEFT JOIN open_port AS o ON o.host_id = s.host_id LEFT JOIN filter AS f ON f.host_id = s.host_id
  LEFT JOIN system_info AS i ON i.host_id = s.host_id
