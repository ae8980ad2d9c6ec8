-- One row per machine: name, kind, MAC and IP as listed against what the machine itself reports.
WITH card AS (
    SELECT host_id, mac,
           CASE WHEN ipv4 LIKE '127.%' OR ipv4 LIKE '169.254.%' OR ipv4 IN ('', '0.0.0.0') THEN ipv6
                ELSE COALESCE(ipv4, ipv6) END AS ip,
           mac IS NOT NULL AND mac NOT IN ('', '00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff') AS has_mac
      FROM interface
     WHERE COALESCE(is_loopback, false) = false
       AND COALESCE(type, 'other') NOT IN ('loopback', 'bridge', 'tunnel')
), f AS (
    SELECT host_id,
           string_agg(CASE WHEN has_mac AND ip IS NOT NULL THEN mac END, ', ' ORDER BY mac) AS macs,
           string_agg(CASE WHEN has_mac AND ip IS NOT NULL THEN ip END, ', ' ORDER BY mac) AS ips,
           max(CASE WHEN has_mac THEN 1 ELSE 0 END) AS any_mac
      FROM card GROUP BY host_id
)
SELECT s.host_id, f.macs AS mac, f.ips AS ip, i.hostname AS reported,
       CASE WHEN COALESCE(i.hostname, '') = ''                         THEN 'name_not_read'
            WHEN lower(i.hostname) <> lower(s.host_name)
             AND lower(i.hostname) NOT LIKE lower(s.host_name) || '.%'
             AND lower(s.host_name) NOT LIKE lower(i.hostname) || '.%' THEN 'name_differs'
            WHEN i.chassis = 'server'                                  THEN 'kind_differs'
            WHEN COALESCE(f.any_mac, 0) = 0                            THEN 'mac_not_read'
            WHEN f.ips IS NULL                                         THEN 'ip_not_read'
            ELSE                                                            'listed_and_equal'
       END AS reason
  FROM subject AS s
  LEFT JOIN system_info AS i ON i.host_id = s.host_id
  LEFT JOIN f ON f.host_id = s.host_id
