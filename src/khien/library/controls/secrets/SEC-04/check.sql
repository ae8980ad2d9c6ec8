-- One row per transfer of classified documents over a network: permitted beforehand by the head, and enciphered.
WITH head AS (
SELECT s.subject_id, count(*) AS appointments
  FROM subject AS s
  JOIN reg_secret_transfer AS t ON t.row_id = s.subject_id
  JOIN reg_appointment AS a ON a.person = t.permitted_by AND a.role = 'head' AND a.in_force_from <= t.permitted_on
                           AND (a.ended_on IS NULL OR a.ended_on > t.permitted_on)
 GROUP BY s.subject_id
), seen AS (
SELECT s.*, t.book_number, t.permitted_by, t.permitted_on, t.cipher_tool, vn_date(t.sent_at) AS sent_on,
       COALESCE(h.appointments, 0) > 0 OR COALESCE(p.is_leader, false) AS is_head, p.is_leader
  FROM subject AS s
  JOIN reg_secret_transfer AS t ON t.row_id = s.subject_id
  LEFT JOIN reg_person AS p ON p.row_id = t.permitted_by
  LEFT JOIN head AS h ON h.subject_id = s.subject_id
)
SELECT subject_id, book_number, permitted_on, cipher_tool, sent_on,
       CASE WHEN permitted_on > sent_on                                                                   THEN 'permitted_late'
            WHEN (permitted_by IS NULL OR permitted_on IS NULL) AND has(complete_registers, 'secret_transfer') THEN 'not_permitted'
            WHEN COALESCE(cipher_tool, '') = '' AND has(complete_registers, 'secret_transfer')            THEN 'not_encrypted'
            WHEN NOT is_leader AND NOT is_head AND permitted_on IS NOT NULL AND has(complete_registers, 'appointment') THEN 'not_the_head'
            WHEN permitted_by IS NULL OR permitted_on IS NULL OR COALESCE(cipher_tool, '') = ''           THEN 'not_recorded'
            WHEN NOT is_head                                                                              THEN 'head_not_shown'
            ELSE                                                                                               'in_order'
       END AS reason
  FROM seen
