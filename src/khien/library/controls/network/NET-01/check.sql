-- One row per machine: whether something really drops inbound packets, for every profile and address family in use.
WITH rule AS (
  SELECT host_id, mechanism, profile, COALESCE(mechanism, '') = 'windows' AS is_windows,
         CASE WHEN NOT enabled THEN 1 WHEN enabled AND (default_deny_inbound OR mechanism = 'third_party') THEN 4
              WHEN enabled AND NOT default_deny_inbound THEN 2 ELSE 3 END AS rank
    FROM firewall
), used AS (
  SELECT host_id, max(CASE WHEN addresses LIKE '%:%' AND NOT COALESCE(is_loopback, false) THEN 1 ELSE 0 END) AS ipv6,
         max(CASE WHEN addresses LIKE '%.%' AND NOT COALESCE(is_loopback, false) THEN 1 ELSE 0 END) AS ipv4
    FROM interface GROUP BY host_id
), host_rule AS (
  SELECT host_id, max(rank) AS best, max(CASE WHEN rank = 3 THEN 1 ELSE 0 END) AS unread,
         max(CASE WHEN rank = 4 AND mechanism = 'third_party' THEN 1 ELSE 0 END) AS added,
         max(CASE WHEN rank = 4 AND mechanism <> 'third_party' THEN mechanism END) AS found,
         max(CASE WHEN rank = 4 AND NOT is_windows AND COALESCE(profile, 'inet') NOT IN ('ip', 'ip6') THEN 1 ELSE 0 END) AS all_families,
         max(CASE WHEN rank = 4 AND profile = 'ip' THEN 1 ELSE 0 END) AS ipv4, max(CASE WHEN rank = 4 AND profile = 'ip6' THEN 1 ELSE 0 END) AS ipv6,
         max(CASE WHEN is_windows THEN 1 ELSE 0 END) AS is_windows, min(CASE WHEN is_windows THEN rank END) AS worst_profile,
         count(DISTINCT CASE WHEN is_windows AND profile IN ('domain', 'private', 'public') THEN profile END) AS profiles,
         string_agg(CASE WHEN is_windows AND rank = 1 THEN profile END, ', ' ORDER BY profile) AS names
    FROM rule GROUP BY host_id
)
SELECT s.host_id, r.found, r.names, CASE WHEN r.ipv4 = 1 THEN 'IPv6' ELSE 'IPv4' END AS open,
       CASE WHEN r.added = 1 THEN 'ok_third_party'
            WHEN r.names IS NOT NULL AND r.best > 1 THEN 'profile_off'
            WHEN r.is_windows = 1 AND r.worst_profile = 2 THEN 'open_by_default'
            WHEN r.is_windows = 1 AND r.worst_profile > 1 THEN CASE WHEN r.worst_profile = 4 AND r.profiles = 3 THEN 'ok' ELSE 'not_read' END
            WHEN r.all_families = 1 OR (r.ipv4 = 1 AND (r.ipv6 = 1 OR u.ipv6 = 0)) OR (r.ipv6 = 1 AND u.ipv4 = 0) THEN 'ok'
            WHEN r.unread = 1 OR r.best IS NULL THEN 'not_read'
            WHEN r.best = 4 THEN 'one_family_open' WHEN r.best = 2 THEN 'open_by_default'
            WHEN i.is_container THEN 'container' ELSE 'no_firewall' END AS reason
  FROM subject AS s LEFT JOIN host_rule AS r ON r.host_id = s.host_id LEFT JOIN used AS u ON u.host_id = s.host_id
  LEFT JOIN system_info AS i ON i.host_id = s.host_id
