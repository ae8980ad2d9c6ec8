-- One row per unit: a hot standby for each main device; enough different Internet links where a system needs them.
WITH y AS (
  SELECT s.subject_id, max(CASE WHEN y.is_internet_needed THEN 1 ELSE 0 END) AS needed,
         string_agg(CASE WHEN y.is_internet_needed IS NULL THEN y.system_name END, ', ' ORDER BY y.system_name) AS unsaid
    FROM subject AS s JOIN reg_system AS y ON y.unit_id = s.unit_id
     AND (y.stage = 'operating' OR (y.stage = 'trial' AND y.went_live_on <= s.today))
     AND (y.stopped_on IS NULL OR y.stopped_on > s.today)
   GROUP BY s.subject_id
), k AS (
  SELECT s.subject_id, count(*) AS links, count(DISTINCT lower(trim(k.provider))) AS providers,
         count(DISTINCT lower(trim(k.infrastructure))) AS infrastructures,
         count(k.provider) = count(*) AND count(k.infrastructure) = count(*) AS is_full
    FROM subject AS s JOIN reg_network_link AS k ON k.unit_id = s.unit_id AND k.kind = 'internet'
     AND k.started_on <= s.today AND (k.ended_on IS NULL OR k.ended_on > s.today)
   GROUP BY s.subject_id
), d AS (
  SELECT s.subject_id, string_agg(CASE WHEN b.retired_on <= s.today THEN n.device_name END,
                               ', ' ORDER BY n.device_name) AS standby_out,
         string_agg(CASE WHEN b.row_id IS NULL OR b.row_id = n.row_id THEN n.device_name END, ', ' ORDER BY n.device_name) AS single
    FROM subject AS s JOIN reg_network_device AS n ON n.unit_id = s.unit_id AND n.is_main
     AND n.in_use_from <= s.today AND (n.retired_on IS NULL OR n.retired_on > s.today)
    LEFT JOIN reg_network_device AS b ON b.row_id = n.standby_device
   GROUP BY s.subject_id
)
SELECT s.subject_id, COALESCE(k.links, 0) AS links, COALESCE(k.providers, 0) AS providers,
       COALESCE(k.infrastructures, 0) AS infrastructures, y.unsaid, d.standby_out, d.single,
       CASE WHEN d.standby_out IS NOT NULL THEN 'standby_gone'
            WHEN d.single IS NOT NULL AND has(s.complete_registers, 'network_device') THEN 'no_standby'
            WHEN y.needed = 1 AND (COALESCE(k.providers, 0) < s.isp_min OR COALESCE(k.infrastructures, 0) < s.isp_min) THEN
                 CASE WHEN has(s.complete_registers, 'network_link') AND COALESCE(k.is_full, true)
                      THEN 'too_few_links' ELSE 'links_not_recorded' END
            WHEN d.single IS NOT NULL THEN 'standby_not_recorded'
            WHEN d.subject_id IS NULL AND NOT has(s.complete_registers, 'network_device') THEN 'main_not_recorded'
            WHEN y.needed = 1 THEN 'ok' WHEN y.unsaid IS NOT NULL THEN 'need_not_recorded'
            WHEN d.subject_id IS NULL THEN 'nothing_to_back' ELSE 'ok_no_internet' END AS reason
  FROM subject AS s LEFT JOIN y ON y.subject_id = s.subject_id LEFT JOIN k ON k.subject_id = s.subject_id
  LEFT JOIN d ON d.subject_id = s.subject_id
