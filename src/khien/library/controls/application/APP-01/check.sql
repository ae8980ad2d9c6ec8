-- One row per system: how credentials travel, and whether a way to verify senders in administration is recorded.
SELECT s.subject_id, y.system_name, y.sender_verification,
       CASE WHEN y.stage NOT IN ('operating', 'trial') OR y.stopped_on <= s.today
              OR y.went_live_on > s.today THEN 'not_in_use'
            WHEN y.login_transport IS NULL              THEN 'transport_not_recorded'
            WHEN y.login_transport = 'plain'            THEN 'plain'
            WHEN y.login_transport = 'no_login'         THEN 'no_login'
            WHEN y.sender_verification IS NULL          THEN 'verification_not_recorded'
            ELSE                                             'encrypted'
       END AS reason
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
