-- One row per unit: port functions of every switch, and a routing switch with access lists in every LAN.
WITH w AS (
  SELECT s.subject_id, n.device_name, trim(n.lan) AS lan, n.functions,
         has(n.functions, 'port_blocking') AND has(n.functions, 'port_ip_binding')
           AND has(n.functions, 'connection_limit') AS has_ports,
         CASE WHEN has(n.functions, 'ip_routing') AND has(n.functions, 'acl') AND has(n.functions, 'authentication')
               AND has(n.functions, 'secure_admin') THEN 1 ELSE 0 END AS routing
    FROM subject AS s
    JOIN reg_network_device AS n ON n.unit_id = s.unit_id AND n.kind = 'switch' AND n.in_use_from <= s.today
     AND (n.retired_on IS NULL OR n.retired_on > s.today)
), u AS (
  SELECT w.subject_id, count(*) AS switches,
         string_agg(CASE WHEN NOT w.has_ports THEN w.device_name END, ', ' ORDER BY w.device_name) AS weak,
         string_agg(CASE WHEN w.functions IS NULL OR w.lan IS NULL THEN w.device_name END,
                    ', ' ORDER BY w.device_name) AS unsaid
    FROM w GROUP BY w.subject_id
), l AS (
  SELECT w.subject_id, w.lan, sum(w.routing) AS routing FROM w WHERE w.lan IS NOT NULL GROUP BY w.subject_id, w.lan
), f AS (
  SELECT s.subject_id, string_agg(l.lan, ', ' ORDER BY l.lan) AS lans
    FROM subject AS s JOIN l ON l.subject_id = s.subject_id AND l.routing < s.l3_switch_min GROUP BY s.subject_id
)
SELECT s.subject_id, u.switches, u.weak, u.unsaid, f.lans,
       CASE WHEN u.switches IS NULL THEN
                 CASE WHEN has(s.complete_registers, 'network_device') THEN 'no_switch' ELSE 'switch_not_recorded' END
            WHEN u.weak IS NOT NULL   THEN 'port_functions_missing'
            WHEN u.unsaid IS NOT NULL THEN 'not_recorded'
            WHEN f.lans IS NULL       THEN 'ok'
            WHEN has(s.complete_registers, 'network_device') THEN 'routing_switch_missing'
            ELSE                           'routing_switch_not_recorded'
       END AS reason
  FROM subject AS s LEFT JOIN u ON u.subject_id = s.subject_id LEFT JOIN f ON f.subject_id = s.subject_id
