-- One row per machine: after how many wrong logins an account is locked, and for how long.
WITH root AS (
  SELECT host_id, max(CASE WHEN enabled THEN 2 WHEN enabled IS NULL THEN 1 ELSE 0 END) AS usable
    FROM account WHERE uid = '0' OR uid LIKE 'S-1-5-21-%-500' GROUP BY host_id
), lock AS (
  SELECT s.host_id, s.lockout_max, s.lockout_min, COALESCE(s.lock_duration, 'any') = 'timed' AS timed,
         p.lockout_threshold AS found, p.lockout_duration_seconds AS seconds, p.lockout_mechanism,
         p.lockout_for_root, COALESCE(p.has_directory_accounts, true) AS directory, COALESCE(r.usable, 0) AS root_usable
    FROM subject AS s
    LEFT JOIN account_policy AS p ON p.host_id = s.host_id
    LEFT JOIN root AS r ON r.host_id = s.host_id
)
SELECT host_id, found, COALESCE(seconds, 0) AS duration,
       CASE WHEN lockout_mechanism = 'none' OR found <= 0           THEN 'never_locks'
            WHEN found > lockout_max                                THEN 'too_many'
            WHEN found < lockout_min                                THEN 'too_few'
            WHEN timed AND seconds <= 0                             THEN 'not_timed'
            WHEN found IS NULL                                      THEN 'not_read'
            WHEN root_usable = 2 AND NOT lockout_for_root           THEN 'root_never_locks'
            WHEN seconds IS NULL                                    THEN 'duration_not_read'
            WHEN root_usable > 0 AND NOT COALESCE(lockout_for_root, false) THEN 'root_not_read'
            WHEN directory                                          THEN 'directory_not_read'
            ELSE 'ok' END AS reason
  FROM lock
