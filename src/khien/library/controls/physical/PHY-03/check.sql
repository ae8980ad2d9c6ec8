-- One row per room: surge protectors on power and on the LAN, against the rulebook's kinds and number.
SELECT s.subject_id, r.room_name AS room, r.power_surge_count AS power, r.lan_surge_count AS lan,
       r.power_surge_count + r.lan_surge_count AS total,
       CASE WHEN has(s.surge_kinds, 'power') AND r.power_surge_count = 0                   THEN 'no_power_protector'
            WHEN has(s.surge_kinds, 'LAN') AND r.lan_surge_count = 0                       THEN 'no_lan_protector'
            WHEN r.power_surge_count IS NULL OR r.lan_surge_count IS NULL                  THEN 'not_recorded'
            WHEN r.power_surge_count + r.lan_surge_count < s.surge_protectors_min          THEN 'too_few'
            ELSE                                                                                'ok'
       END AS reason
  FROM subject AS s
  JOIN reg_room AS r ON r.row_id = s.subject_id
