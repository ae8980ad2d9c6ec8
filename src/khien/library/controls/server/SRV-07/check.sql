-- One row per server: some rule for passwords, a lockout, and no remote door without control; numbers are other controls'.
WITH doors AS (
    SELECT host_id, service,
           max(CASE WHEN encrypted = false OR empty_passwords OR root_password_login THEN 2
                    WHEN encrypted IS NULL THEN 1
                    WHEN service = 'ssh' AND (empty_passwords IS NULL OR root_password_login IS NULL) THEN 1
                    ELSE 0 END) AS state
      FROM remote_admin
     WHERE COALESCE(is_loopback, false) = false
     GROUP BY host_id, service
), r AS (
    SELECT host_id, string_agg(CASE WHEN state = 2 THEN COALESCE(service, '?') END, ', ' ORDER BY service) AS open_services,
           string_agg(CASE WHEN state = 1 THEN COALESCE(service, '?') END, ', ' ORDER BY service) AS unread_services
      FROM doors GROUP BY host_id
)
SELECT s.host_id, p.lockout_threshold AS attempts_found, r.open_services, r.unread_services,
       CASE WHEN p.mechanism = 'none' OR p.minimum_length <= 0                        THEN 'no_password_policy'
            WHEN p.lockout_threshold <= 0 OR p.lockout_mechanism = 'none'             THEN 'never_locks'
            WHEN r.open_services IS NOT NULL                                          THEN 'remote_open'
            WHEN p.minimum_length IS NULL OR p.lockout_threshold IS NULL              THEN 'policy_not_read'
            WHEN r.unread_services IS NOT NULL                                        THEN 'remote_not_read'
            WHEN p.has_directory_accounts                                             THEN 'directory_not_read'
            ELSE                                                                           'policy_set'
       END AS reason
  FROM subject AS s
  LEFT JOIN account_policy AS p ON p.host_id = s.host_id
  LEFT JOIN r ON r.host_id = s.host_id
