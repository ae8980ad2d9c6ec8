-- One row per room: a measure is written down against each danger; how good it is, nobody can read from a register.
SELECT s.subject_id, r.room_name AS room,
       CASE WHEN r.against_fire IS NULL AND has(s.complete_registers, 'room')       THEN 'nothing_against_fire'
            WHEN r.against_flood IS NULL AND has(s.complete_registers, 'room')      THEN 'nothing_against_flood'
            WHEN r.against_earthquake IS NULL AND has(s.complete_registers, 'room') THEN 'nothing_against_earthquake'
            WHEN r.against_fire IS NULL OR r.against_flood IS NULL
              OR r.against_earthquake IS NULL                                       THEN 'not_recorded'
            -- lightning and theft are each named by one text only: their silence never fails
            WHEN r.against_lightning IS NULL OR r.against_theft IS NULL             THEN 'lightning_or_theft_not_recorded'
            ELSE                                                                         'ok'
       END AS reason
  FROM subject AS s
  JOIN reg_room AS r ON r.row_id = s.subject_id
