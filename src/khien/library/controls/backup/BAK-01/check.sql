-- One row per unit: the best of its backup procedures; a draft beside one in force does no harm.
WITH d AS (
  SELECT s.subject_id, d.title, d.issued_on, d.valid_until,
         CASE WHEN NOT d.is_approved                                              THEN 'not_signed'
              WHEN d.valid_until < s.today                          THEN 'expired'
              WHEN d.issued_on > s.today
                OR d.in_force_from > s.today                        THEN 'not_yet_in_force'
              WHEN COALESCE(d.signer, d.signer_person) IS NULL                    THEN 'signer_not_recorded'
              ELSE                                                                     'in_force'
         END AS state, d.row_number
    FROM subject AS s
    JOIN reg_document AS d ON d.unit_id = s.unit_id AND d.kind = 'backup_procedure'
), best AS (
  SELECT d.*, row_number() OVER (PARTITION BY d.subject_id ORDER BY CASE WHEN d.state = 'in_force' THEN 0 ELSE 1 END,
                                 d.issued_on DESC, d.row_number DESC) AS place
    FROM d
)
SELECT s.subject_id, b.title, b.issued_on, b.valid_until,
       COALESCE(b.state, CASE WHEN has(s.complete_registers, 'document') THEN 'none' ELSE 'not_recorded' END) AS reason
  FROM subject AS s
  LEFT JOIN best AS b ON b.subject_id = s.subject_id AND b.place = 1
