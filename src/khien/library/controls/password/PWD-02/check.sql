-- One row per machine: the longest time a password may be kept, by the policy and by each account in use.
WITH rule AS (                                   -- three months have 92 days at most; 9999 and more mean never
  SELECT s.host_id, p.maximum_age_never, p.maximum_age_days AS found, p.has_directory_accounts,
         CAST(COALESCE(31 * s.pw_change_months - floor(s.pw_change_months / 3), 9998) AS BIGINT) AS limit_days
    FROM subject AS s LEFT JOIN account_policy AS p ON p.host_id = s.host_id
), kept AS (
  SELECT r.host_id, r.limit_days, a.username, a.enabled, a.password_expires,
         COALESCE(a.maximum_age_days, CASE WHEN a.password_expires THEN r.found END) AS days
    FROM rule AS r JOIN account AS a ON a.host_id = r.host_id
   WHERE COALESCE(a.enabled, a.is_login_allowed, NOT a.is_system, true)
), judged AS (
  SELECT host_id, username,
         CASE WHEN COALESCE(password_expires, true) AND days BETWEEN 1 AND limit_days THEN 'good'
              WHEN enabled AND (NOT password_expires OR days <= 0 OR days > limit_days) THEN 'bad'
              ELSE 'unread' END AS state
    FROM kept
), names AS (
  SELECT host_id, string_agg(CASE WHEN state = 'bad' THEN username END, ', ' ORDER BY username) AS bad,
         string_agg(CASE WHEN state = 'unread' THEN username END, ', ' ORDER BY username) AS unread
    FROM judged GROUP BY host_id
)
SELECT r.host_id, r.found, r.limit_days, n.bad AS names, n.unread,
       CASE WHEN r.maximum_age_never OR r.found <= 0 OR r.found >= 9999 THEN 'never_expires'
            WHEN r.found > r.limit_days                                  THEN 'too_long'
            WHEN n.bad IS NOT NULL                                       THEN 'accounts_exempt'
            WHEN r.found IS NULL                                         THEN 'policy_not_read'
            WHEN n.unread IS NOT NULL                                    THEN 'accounts_not_read'
            WHEN COALESCE(r.has_directory_accounts, true)                THEN 'directory_not_read'
            ELSE 'ok' END AS reason
  FROM rule AS r LEFT JOIN names AS n ON n.host_id = r.host_id
