-- One row per account: a shared one needs a custodian who still works here.
SELECT s.subject_id, a.username, c.full_name AS custodian, c.left_on,
       CASE WHEN a.disabled_on <= s.today      THEN 'disabled'
            WHEN a.is_shared IS NULL                         THEN 'sharing_not_recorded'
            WHEN NOT a.is_shared                             THEN 'not_shared'
            WHEN a.custodian IS NULL AND has(s.complete_registers, 'account')
                                                             THEN 'no_custodian'
            WHEN a.custodian IS NULL                         THEN 'custodian_not_recorded'
            WHEN c.row_id IS NULL                            THEN 'custodian_not_in_staff'
            WHEN c.left_on <= s.today          THEN 'custodian_left'
            ELSE                                                  'has_custodian'
       END AS reason
  FROM subject AS s
  JOIN reg_account AS a ON a.row_id = s.subject_id
  LEFT JOIN reg_person AS c ON c.row_id = a.custodian
