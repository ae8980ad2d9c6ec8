-- One row per unit: number and kinds of zones, their papers and controls, and where public servers stand.
WITH z AS (
  SELECT s.subject_id, count(n.row_id) AS zones,
         string_agg(CASE WHEN n.has_outside_control = false OR n.has_inside_control = false THEN n.zone_name END,
                    ', ' ORDER BY n.zone_name) AS uncontrolled,
         string_agg(CASE WHEN NOT d.is_approved OR d.valid_until < s.today THEN n.zone_name END,
                    ', ' ORDER BY n.zone_name) AS bad_design,
         string_agg(CASE WHEN n.policy IS NULL OR n.design IS NULL THEN n.zone_name END,
                    ', ' ORDER BY n.zone_name) AS unwritten,
         string_agg(CASE WHEN n.policy IS NULL OR n.has_outside_control IS NULL OR n.has_inside_control IS NULL
                           OR d.row_id IS NULL OR COALESCE(d.signer, d.signer_person) IS NULL
                           OR COALESCE(d.in_force_from, d.issued_on) > s.today THEN n.zone_name END,
                    ', ' ORDER BY n.zone_name) AS unsaid,
         (has(any_value(s.zone), 'LAN') AND count(CASE WHEN n.kind = 'lan' THEN 1 END) = 0)
           OR (has(any_value(s.zone), 'edge') AND count(CASE WHEN n.kind = 'edge' THEN 1 END) = 0)
           OR (has(any_value(s.zone), 'DMZ') AND count(CASE WHEN n.kind = 'dmz' THEN 1 END) = 0) AS lacks_kind
    FROM subject AS s
    LEFT JOIN reg_network_zone AS n ON n.unit_id = s.unit_id AND n.set_up_on <= s.today
                                   AND (n.closed_on IS NULL OR n.closed_on > s.today)
    LEFT JOIN reg_document AS d ON d.row_id = n.design
   GROUP BY s.subject_id
), a AS (
  SELECT a.unit_id, string_agg(CASE WHEN n.kind <> 'dmz' THEN a.asset_name END, ', ' ORDER BY a.asset_name) AS outside_dmz,
         string_agg(CASE WHEN n.row_id IS NULL THEN a.asset_name END, ', ' ORDER BY a.asset_name) AS unplaced
    FROM subject AS s JOIN reg_asset AS a ON a.unit_id = s.unit_id AND a.is_public
                     AND (a.removed_on IS NULL OR a.removed_on > s.today)
    LEFT JOIN reg_network_zone AS n ON n.row_id = a.zone
   GROUP BY a.unit_id
)
SELECT s.subject_id, z.zones, z.uncontrolled, z.bad_design, z.unwritten, z.unsaid, a.outside_dmz, a.unplaced,
       CASE WHEN z.uncontrolled IS NOT NULL THEN 'uncontrolled' WHEN a.outside_dmz IS NOT NULL THEN 'public_outside_dmz'
            WHEN z.bad_design IS NOT NULL  THEN 'design_not_valid'
            WHEN z.zones < s.zones_min OR z.lacks_kind
            THEN CASE WHEN has(s.complete_registers, 'network_zone') THEN 'zones_missing' ELSE 'zones_not_recorded' END
            WHEN z.unwritten IS NOT NULL AND has(s.complete_registers, 'network_zone') THEN 'papers_missing'
            WHEN z.unsaid IS NOT NULL THEN 'not_recorded' WHEN a.unplaced IS NOT NULL THEN 'public_zone_not_recorded'
            ELSE 'ok' END AS reason
  FROM subject AS s JOIN z ON z.subject_id = s.subject_id LEFT JOIN a ON a.unit_id = s.unit_id
