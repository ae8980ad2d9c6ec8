-- One row per room: walls and entry control, separation, signed house rules, and an approved list of people.
WITH allowed AS (
  SELECT s.subject_id, count(*) AS people
    FROM subject AS s
    JOIN reg_room_access AS a ON a.room = s.subject_id AND a.approved_by IS NOT NULL
     AND a.allowed_from <= s.today AND (a.ended_on IS NULL OR a.ended_on > s.today)
   GROUP BY s.subject_id
)
SELECT s.subject_id, r.room_name AS room, d.title AS rules,
       CASE WHEN NOT r.has_entry_control                                          THEN 'no_entry_control'
            WHEN NOT r.is_separate                                                THEN 'not_separate'
            WHEN NOT d.is_approved OR d.valid_until < s.today       THEN 'rules_not_valid'
            WHEN r.house_rules IS NULL AND has(s.complete_registers, 'room')      THEN 'no_rules'
            WHEN p.people IS NULL AND has(s.complete_registers, 'room_access')    THEN 'nobody_approved'
            WHEN r.has_entry_control IS NULL OR r.is_separate IS NULL             THEN 'not_recorded'
            WHEN d.row_id IS NULL OR COALESCE(d.signer, d.signer_person) IS NULL
              OR COALESCE(d.in_force_from, d.issued_on) > s.today   THEN 'rules_not_recorded'
            WHEN p.people IS NULL                                                 THEN 'access_not_recorded'
            ELSE                                                                       'ok'
       END AS reason
  FROM subject AS s
  JOIN reg_room AS r ON r.row_id = s.subject_id
  LEFT JOIN reg_document AS d ON d.row_id = r.house_rules
  LEFT JOIN allowed AS p ON p.subject_id = s.subject_id
