-- One row per machine: wireless adapters in use, above all beside a wired connection, and signs of a hotspot.
WITH card AS (                                   -- a mobile-network modem opens the same way out as Wi-Fi
  SELECT host_id, COALESCE(name, '?') AS name, is_up, ipv4,
         CASE WHEN is_wireless OR type IN ('wifi', 'wwan') THEN 'wireless'
              WHEN is_wireless IS NULL AND COALESCE(type, 'other') = 'other' THEN 'unread'
              WHEN NOT COALESCE(is_virtual, false) AND type = 'ethernet' THEN 'wired' ELSE 'other' END AS kind
    FROM interface WHERE NOT COALESCE(is_loopback, false) AND COALESCE(type, '') <> 'loopback'
), seen AS (
  SELECT host_id,
         string_agg(CASE WHEN kind = 'wireless' AND COALESCE(is_up, true) AND (ipv4 = '192.168.137.1' OR ipv4 LIKE '10.42.%.1')
                         THEN name END, ', ' ORDER BY name) AS hotspots,
         string_agg(CASE WHEN kind = 'wireless' AND is_up THEN name END, ', ' ORDER BY name) AS active,
         string_agg(CASE WHEN kind = 'wireless' THEN name END, ', ' ORDER BY name) AS wireless,
         string_agg(CASE WHEN (kind = 'wireless' AND is_up IS NULL) OR (kind = 'unread' AND COALESCE(is_up, true))
                         THEN name END, ', ' ORDER BY name) AS unread,
         max(CASE WHEN kind = 'wired' AND is_up THEN 2 WHEN kind = 'wired' AND is_up IS NULL THEN 1 ELSE 0 END) AS wired,
         count(*) AS cards
    FROM card GROUP BY host_id
)
SELECT s.host_id, COALESCE(c.hotspots, c.active, c.unread, c.wireless) AS names,
       CASE WHEN c.hotspots IS NOT NULL                  THEN 'hotspot'
            WHEN c.active IS NOT NULL AND c.wired = 2    THEN 'wired_and_wireless'
            WHEN c.active IS NOT NULL                    THEN 'wireless_only'
            WHEN c.unread IS NOT NULL                    THEN 'not_read'
            WHEN c.wireless IS NOT NULL                  THEN 'wireless_off'
            ELSE 'ok' END AS reason
  FROM subject AS s LEFT JOIN seen AS c ON c.host_id = s.host_id
