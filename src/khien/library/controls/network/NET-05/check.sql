-- One row per network device: authentication, admin addresses, lockout and roles as recorded.
SELECT s.subject_id, n.device_name AS device, n.lockout_attempts,
       CASE WHEN n.in_use_from > s.today
              OR n.retired_on <= s.today              THEN 'not_in_use'
            WHEN NOT n.has_authentication                           THEN 'no_authentication'
            WHEN s.lockout = 'on' AND n.lockout_attempts = 0        THEN 'no_lockout'
            WHEN NOT n.has_separate_roles                           THEN 'no_roles'
            WHEN n.has_authentication IS NULL OR n.has_separate_roles IS NULL
              OR n.lockout_attempts IS NULL                         THEN 'not_recorded'
            WHEN n.admin_addresses IS NULL                          THEN 'addresses_not_recorded'
            ELSE                                                         'ok'
       END AS reason
  FROM subject AS s
  JOIN reg_network_device AS n ON n.row_id = s.subject_id
