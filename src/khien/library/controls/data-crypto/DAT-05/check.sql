-- One row per machine: volumes that keep data and are not encrypted; boot volumes and those of other machines are left out.
WITH kept AS (
  SELECT host_id, COALESCE(mount, device, '?') AS name,
         max(CASE WHEN NOT encrypted THEN 3 WHEN encrypted IS NULL THEN 2 ELSE 1 END) AS rank
    FROM volume
   WHERE NOT COALESCE(is_network, false)
     AND COALESCE(mount, '') NOT IN ('/boot', '/boot/efi', '/efi')
     AND lower(COALESCE(filesystem, '')) NOT IN ('squashfs', 'iso9660', 'udf', 'cdfs', 'erofs', 'tmpfs', 'devtmpfs')
   GROUP BY host_id, COALESCE(mount, device, '?')
), worst AS (
  SELECT host_id, max(rank) AS rank,
         string_agg(CASE WHEN rank = 3 THEN name END, ', ' ORDER BY name) AS open_names,
         string_agg(CASE WHEN rank = 2 THEN name END, ', ' ORDER BY name) AS unread_names,
         string_agg(name, ', ' ORDER BY name) AS all_names
    FROM kept GROUP BY host_id
)
SELECT s.host_id, COALESCE(w.open_names, w.unread_names, w.all_names) AS names,
       CASE w.rank WHEN 3 THEN 'not_encrypted'
                   WHEN 2 THEN 'not_told'
                   WHEN 1 THEN 'ok'
                   ELSE 'no_volume_seen' END AS reason
  FROM subject AS s LEFT JOIN worst AS w ON w.host_id = s.host_id
