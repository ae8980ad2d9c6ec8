-- One row per account: rights written down, approved by somebody else, not after the account was issued.
SELECT s.subject_id, a.username, a.approved_on, a.issued_on,
       CASE WHEN a.disabled_on <= s.today           THEN 'disabled'
            WHEN a.approved_by = COALESCE(a.holder, a.custodian)  THEN 'own_approval'
            WHEN a.approved_on > a.issued_on                      THEN 'approved_late'
            WHEN has(s.complete_registers, 'account')
             AND (a.approved_by IS NULL OR a.approved_on IS NULL) THEN 'approval_missing'
            WHEN a.approved_by IS NULL OR a.approved_on IS NULL
              OR a.approved_on > s.today            THEN 'approval_not_recorded'
            WHEN a.rights IS NULL                                 THEN 'rights_not_recorded'
            ELSE                                                       'approved'
       END AS reason
  FROM subject AS s
  JOIN reg_account AS a ON a.row_id = s.subject_id
