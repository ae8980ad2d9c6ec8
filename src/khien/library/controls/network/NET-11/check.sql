-- One row per unit: current diagrams and configurations, their backups, and whether a network change is newer.
WITH g AS (
  SELECT s.subject_id, g.row_id, g.kind, g.title, g.device, g.drawn_on, g.backed_up_on, max(c.changed_on) AS changed_on
    FROM subject AS s
    JOIN reg_network_diagram AS g ON g.unit_id = s.unit_id AND g.drawn_on <= s.today
     AND (g.replaced_on IS NULL OR g.replaced_on > s.today)
    LEFT JOIN reg_change AS c ON c.unit_id = s.unit_id AND c.kind = 'network_config' AND COALESCE(c.result, 'done') = 'done'
     AND c.changed_on <= s.today AND (g.kind <> 'configuration' OR c.device = g.device)
   GROUP BY s.subject_id, g.row_id, g.kind, g.title, g.device, g.drawn_on, g.backed_up_on
), u AS (
  SELECT g.subject_id, count(DISTINCT CASE WHEN g.kind <> 'configuration' THEN g.kind END) AS kinds, min(g.drawn_on) AS oldest_on,
         max(CASE WHEN g.drawn_on < g.changed_on THEN g.changed_on END) AS changed_on,
         string_agg(CASE WHEN g.drawn_on < g.changed_on THEN g.title END, ', ' ORDER BY g.title) AS old,
         string_agg(CASE WHEN g.backed_up_on IS NULL THEN g.title END, ', ' ORDER BY g.title) AS loose
    FROM g GROUP BY g.subject_id
), d AS (
  SELECT s.subject_id, string_agg(CASE WHEN f.device IS NULL THEN n.device_name END, ', ' ORDER BY n.device_name) AS bare
    FROM subject AS s JOIN reg_network_device AS n ON n.unit_id = s.unit_id AND n.is_main
     AND n.in_use_from <= s.today AND (n.retired_on IS NULL OR n.retired_on > s.today)
    LEFT JOIN (SELECT DISTINCT device FROM g WHERE kind = 'configuration') AS f ON f.device = n.row_id
   GROUP BY s.subject_id
)
SELECT s.subject_id, u.oldest_on, u.changed_on, u.old, u.loose, d.bare,
       CASE WHEN u.old IS NOT NULL THEN 'outdated'
            WHEN has(s.complete_registers, 'network_diagram') AND COALESCE(u.kinds, 0) < 2 THEN 'diagram_missing'
            WHEN has(s.complete_registers, 'network_diagram') AND d.bare IS NOT NULL       THEN 'configuration_missing'
            WHEN has(s.complete_registers, 'network_diagram') AND u.loose IS NOT NULL      THEN 'backup_missing'
            WHEN COALESCE(u.kinds, 0) < 2 THEN 'diagram_not_recorded'
            WHEN d.bare IS NOT NULL       THEN 'configuration_not_recorded'
            WHEN u.loose IS NOT NULL      THEN 'backup_not_recorded'
            WHEN d.subject_id IS NULL AND NOT has(s.complete_registers, 'network_device') THEN 'main_not_recorded' ELSE 'ok' END AS reason
  FROM subject AS s LEFT JOIN u ON u.subject_id = s.subject_id LEFT JOIN d ON d.subject_id = s.subject_id
