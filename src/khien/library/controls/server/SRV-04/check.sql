-- One row per server: a public address, or a default route that may lead to the Internet.
WITH outer_address AS (                           -- 0.0.0.0/1 and 128.0.0.0/1 together are a default route in disguise
  SELECT host_id, string_agg(ipv4, ', ' ORDER BY ipv4) AS names
    FROM interface
   WHERE ipv4 IS NOT NULL AND COALESCE(is_up, true) AND NOT COALESCE(is_loopback, false)
     AND NOT (ipv4 LIKE '10.%' OR ipv4 LIKE '192.168.%' OR ipv4 LIKE '169.254.%' OR ipv4 LIKE '127.%' OR ipv4 LIKE '0.%'
              OR ipv4 LIKE '172.16.%' OR ipv4 LIKE '172.17.%' OR ipv4 LIKE '172.18.%' OR ipv4 LIKE '172.19.%'
              OR ipv4 LIKE '172.2_.%' OR ipv4 LIKE '172.30.%' OR ipv4 LIKE '172.31.%'
              OR ipv4 LIKE '100.__.%' OR ipv4 LIKE '100.1__.%')
   GROUP BY host_id
), way AS (
  SELECT DISTINCT host_id, COALESCE(gateway, interface, '?') AS name
    FROM route WHERE is_default OR destination IN ('0.0.0.0/1', '128.0.0.0/1', '::/1', '2000::/3')
), ways AS (
  SELECT host_id, string_agg(name, ', ' ORDER BY name) AS names FROM way GROUP BY host_id
), reading AS (
  SELECT host_id, count(*) AS routes, max(CASE WHEN is_default IS NULL THEN 1 ELSE 0 END) AS unread
    FROM route GROUP BY host_id
), card AS (
  SELECT host_id, count(*) AS cards FROM interface GROUP BY host_id
)
SELECT s.host_id, COALESCE(p.names, o.names) AS names,
       CASE WHEN p.names IS NOT NULL THEN 'public_address' WHEN o.names IS NOT NULL THEN 'has_way_out'
            WHEN c.cards IS NULL OR r.unread = 1 OR (r.routes IS NULL AND s.os_family = 'windows') THEN 'not_read'
            ELSE 'no_way_out' END AS reason
  FROM subject AS s LEFT JOIN outer_address AS p ON p.host_id = s.host_id LEFT JOIN ways AS o ON o.host_id = s.host_id
  LEFT JOIN reading AS r ON r.host_id = s.host_id LEFT JOIN card AS c ON c.host_id = s.host_id
