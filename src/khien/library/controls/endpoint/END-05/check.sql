-- One row per machine: its rows of the endpoint register against the addresses that were read on it.
WITH f AS (
    SELECT s.host_id, e.endpoint_name, e.mac, e.ip,
           CASE WHEN (has(s.fields, 'MAC') AND e.mac IS NULL) OR (has(s.fields, 'IP') AND e.ip IS NULL)
                  OR (has(s.fields, 'name') AND e.endpoint_name IS NULL)
                  OR (has(s.fields, 'kind') AND e.kind IS NULL) THEN e.endpoint_name END AS incomplete,
           max(CASE WHEN lower(i.mac) = lower(e.mac) THEN 1 ELSE 0 END) AS has_mac,
           max(CASE WHEN i.ipv4 = e.ip OR ' ' || i.addresses LIKE '% ' || e.ip || '/%' THEN 1 ELSE 0 END) AS has_ip,
           string_agg(DISTINCT lower(i.mac), ', ' ORDER BY lower(i.mac)) AS read_macs
      FROM subject AS s
      JOIN reg_endpoint AS e ON e.unit_id = s.unit_id AND lower(e.host) IN (lower(s.host_id), lower(s.host_name))
       AND COALESCE(e.retired_on > s.today, true)
      LEFT JOIN interface AS i ON i.host_id = s.host_id AND NOT COALESCE(i.is_loopback, false)
     GROUP BY s.host_id, s.fields, e.row_id, e.endpoint_name, e.kind, e.mac, e.ip
), r AS (
    SELECT host_id, string_agg(incomplete, ', ' ORDER BY incomplete) AS incomplete, max(read_macs) AS read_macs,
           string_agg(endpoint_name, ', ' ORDER BY endpoint_name) AS names,
           string_agg(CASE WHEN has_mac = 0 THEN mac END, ', ' ORDER BY mac) AS other_macs,
           string_agg(CASE WHEN has_ip = 0 THEN ip END, ', ' ORDER BY ip) AS other_ips
      FROM f GROUP BY host_id
)
SELECT s.host_id, r.names, r.incomplete, r.other_macs, r.other_ips, r.read_macs,
       CASE WHEN r.host_id IS NULL AND has(s.complete_registers, 'endpoint')          THEN 'not_listed'
            WHEN r.host_id IS NULL                                                    THEN 'not_recorded'
            WHEN r.other_macs IS NOT NULL AND r.read_macs IS NOT NULL
             AND NOT has(s.partial_tables, 'interface')                               THEN 'mac_differs'
            WHEN r.incomplete IS NOT NULL AND has(s.complete_registers, 'endpoint')   THEN 'incomplete'
            WHEN r.incomplete IS NOT NULL                                             THEN 'fields_open'
            WHEN r.other_macs IS NOT NULL                                             THEN 'mac_not_read'
            WHEN r.other_ips IS NOT NULL                                              THEN 'ip_differs'
            ELSE 'equal' END AS reason
  FROM subject AS s LEFT JOIN r ON r.host_id = s.host_id
