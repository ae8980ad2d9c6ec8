-- One row per server: 2 = recorded now, 1 = not read, 0 = not recorded, for the events a machine can show.
WITH a AS (
    SELECT host_id,
           max(CASE WHEN category = 'login' THEN CASE WHEN enabled THEN 2 WHEN enabled IS NULL THEN 1 ELSE 0 END END) AS login,
           max(CASE WHEN category = 'login' AND enabled AND audits_failure = false THEN 1 ELSE 0 END) AS success_only,
           max(CASE WHEN category = 'account_change'
                    THEN CASE WHEN enabled THEN 2 WHEN enabled IS NULL THEN 1 ELSE 0 END END) AS rights,
           max(CASE WHEN category = 'config_change'
                    THEN CASE WHEN enabled THEN 2 WHEN enabled IS NULL THEN 1 ELSE 0 END END) AS config
      FROM audit_rule GROUP BY host_id
), l AS (
    -- On Linux PAM and the account tools write logons and account changes to the system log without any rule.
    SELECT host_id, max(CASE WHEN running THEN 2 WHEN running IS NULL THEN 1 ELSE 0 END) AS syslog
      FROM log_config WHERE service IN ('journald', 'rsyslog', 'syslog-ng') GROUP BY host_id
), f AS (
    SELECT s.host_id,
           CASE WHEN has(s.events, 'login') OR has(s.events, 'access')
                THEN CASE WHEN s.os_family = 'linux' AND l.syslog > COALESCE(a.login, 1) THEN l.syslog
                          ELSE COALESCE(a.login, 1) END ELSE 2 END AS login,
           CASE WHEN s.os_family = 'linux' AND l.syslog = 2 THEN 0 ELSE COALESCE(a.success_only, 0) END AS success_only,
           CASE WHEN has(s.events, 'rights_change')
                THEN CASE WHEN s.os_family = 'linux' AND l.syslog > COALESCE(a.rights, 1) THEN l.syslog
                          ELSE COALESCE(a.rights, 1) END ELSE 2 END AS rights,
           CASE WHEN has(s.events, 'config_view_set') THEN COALESCE(a.config, 1) ELSE 2 END AS config
      FROM subject AS s LEFT JOIN a ON a.host_id = s.host_id LEFT JOIN l ON l.host_id = s.host_id
)
SELECT s.host_id,
       CASE WHEN f.login = 0  THEN 'login_not_logged'
            WHEN f.success_only = 1 AND (has(s.events, 'login') OR has(s.events, 'access')) THEN 'failed_login_not_logged'
            WHEN f.rights = 0 THEN 'rights_not_logged'
            WHEN f.config = 0 THEN 'configuration_not_logged'
            WHEN s.events IS NULL OR f.login = 1 OR f.rights = 1 OR f.config = 1   THEN 'rules_not_read'
            WHEN has(s.events, 'data_cud') OR has(s.events, 'abnormal_conn')       THEN 'beyond_machine'
            ELSE 'all_logged' END AS reason
  FROM subject AS s JOIN f ON f.host_id = s.host_id
