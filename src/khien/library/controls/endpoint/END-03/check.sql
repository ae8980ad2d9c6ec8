-- One row per machine: it is in the endpoint register, by itself or by a MAC address, and is not personal.
WITH macs AS (
    SELECT host_id, lower(mac) AS mac FROM interface
     WHERE mac IS NOT NULL AND NOT COALESCE(is_loopback, false) AND NOT COALESCE(is_virtual, false)
     GROUP BY host_id, lower(mac)
), matched AS (
    SELECT s.host_id, e.endpoint_name, e.is_personal,
           row_number() OVER (PARTITION BY s.host_id ORDER BY
               CASE WHEN lower(e.host) IN (lower(s.host_id), lower(s.host_name)) THEN 0 ELSE 1 END,
               CASE WHEN e.is_personal THEN 0 ELSE 1 END, e.endpoint_name) AS n
      FROM subject AS s
      JOIN reg_endpoint AS e ON e.unit_id = s.unit_id AND COALESCE(e.retired_on > s.today, true)
      LEFT JOIN macs AS m ON m.host_id = s.host_id AND m.mac = lower(e.mac)
     WHERE lower(e.host) IN (lower(s.host_id), lower(s.host_name)) OR (e.host IS NULL AND m.mac IS NOT NULL)
)
SELECT s.host_id, m.endpoint_name,
       CASE WHEN m.is_personal                                      THEN 'personal'
            WHEN m.is_personal = false                              THEN 'office_device'
            WHEN m.host_id IS NOT NULL                              THEN 'kind_open'
            WHEN has(s.complete_registers, 'endpoint')
             AND NOT has(s.partial_tables, 'interface')
             AND s.host_id IN (SELECT host_id FROM macs)            THEN 'not_listed'
            ELSE                                                         'not_recorded'
       END AS reason
  FROM subject AS s
  LEFT JOIN matched AS m ON m.host_id = s.host_id AND m.n = 1
