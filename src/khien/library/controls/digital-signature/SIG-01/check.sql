-- One row per token: who holds it, since when, and until when its certificate is valid.
SELECT s.subject_id, t.serial, p.full_name AS holder, p.left_on, t.handed_over_on, t.valid_until,
       CASE WHEN t.returned_on <= s.today
              OR t.revoked_on <= s.today    THEN 'given_back'
            WHEN t.status = 'lost'                        THEN 'lost'
            WHEN t.status IN ('returned', 'revoked')      THEN 'return_not_dated'
            WHEN p.left_on <= s.today       THEN 'holder_left'
            WHEN t.valid_until < s.today    THEN 'expired'
            WHEN p.row_id IS NULL                         THEN 'holder_not_known'
            WHEN t.valid_until IS NULL OR t.issued_on IS NULL OR t.issued_on > s.today
              OR t.handed_over_on IS NULL OR t.handed_over_on > s.today
                                                          THEN 'dates_not_recorded'
            ELSE                                               'managed'
       END AS reason
  FROM subject AS s
  JOIN reg_token AS t ON t.row_id = s.subject_id
  LEFT JOIN reg_person AS p ON p.row_id = t.holder
