-- One row per unit: its separate computers for secret drafting, offline and inspected.
WITH networked AS (
SELECT DISTINCT host_id FROM interface
 WHERE is_up AND NOT is_loopback AND NOT COALESCE(is_virtual, false) AND (ipv4 IS NOT NULL OR ipv6 IS NOT NULL)
), machine AS (
SELECT m.unit_id, m.machine_name, m.is_offline,
       m.inspected_on <= s.today AND COALESCE(m.inspected_by, '') <> '' AND d.row_id IS NOT NULL AS is_inspected,
       n.host_id IS NOT NULL AS is_seen
  FROM subject AS s
  JOIN reg_secret_machine AS m ON m.unit_id = s.unit_id AND m.kind = 'computer' AND m.in_use_from <= s.today
                              AND (m.disposed_on IS NULL OR m.disposed_on > s.today)
  LEFT JOIN reg_document AS d ON d.row_id = m.certificate AND d.issued_on <= s.today
  LEFT JOIN networked AS n ON n.host_id = m.host
), counted AS (
SELECT s.unit_id, CAST(sum(CASE WHEN m.is_offline THEN 1 ELSE 0 END) AS BIGINT) AS listed,
       CAST(sum(CASE WHEN m.is_offline AND (m.is_inspected OR s.inspected IS NULL) THEN 1 ELSE 0 END) AS BIGINT) AS ready,
       string_agg(CASE WHEN m.is_offline AND (m.is_inspected OR s.inspected IS NULL) THEN m.machine_name END, ', ' ORDER BY m.machine_name) AS names,
       string_agg(CASE WHEN m.is_offline AND NOT COALESCE(m.is_inspected, false) THEN m.machine_name END, ', ' ORDER BY m.machine_name) AS uninspected,
       string_agg(CASE WHEN NOT m.is_offline THEN m.machine_name END, ', ' ORDER BY m.machine_name) AS online,
       string_agg(CASE WHEN m.is_seen THEN m.machine_name END, ', ' ORDER BY m.machine_name) AS seen
  FROM subject AS s LEFT JOIN machine AS m ON m.unit_id = s.unit_id
 GROUP BY s.unit_id
)
SELECT s.subject_id, c.listed, c.ready, c.names, c.uninspected, c.online, c.seen,
       CASE WHEN c.seen IS NOT NULL                                                                 THEN 'online_seen'
            WHEN c.online IS NOT NULL                                                               THEN 'online_recorded'
            WHEN c.ready >= GREATEST(COALESCE(s.offline_pc_min, 1), 1)                              THEN 'enough'
            WHEN c.listed < s.offline_pc_min AND has(s.complete_registers, 'secret_machine')        THEN 'too_few'
            WHEN c.listed >= GREATEST(COALESCE(s.offline_pc_min, 1), 1)                             THEN 'inspection_not_recorded'
            ELSE                                                                                         'not_enough_recorded'
       END AS reason
  FROM subject AS s
  JOIN counted AS c ON c.unit_id = s.unit_id
