-- One row per machine: whether logons, and on servers access to password stores, leave a trace.
WITH rule AS (                                   -- 3 recorded, 2 not read, 1 not recorded; refused attempts matter most
  SELECT host_id, category,
         max(CASE WHEN NOT enabled OR NOT audits_failure OR (category = 'login' AND NOT audits_success) THEN 1
                  WHEN enabled AND audits_failure AND (category <> 'login' OR audits_success) THEN 3 ELSE 2 END) AS rank
    FROM audit_rule WHERE category IN ('login', 'password_file') GROUP BY host_id, category
), audit AS (
  SELECT host_id, max(CASE WHEN category = 'login' THEN rank END) AS logon,
         max(CASE WHEN category = 'password_file' THEN rank END) AS password
    FROM rule GROUP BY host_id
), kept AS (                                     -- on Linux the login programs also write to the system log
  SELECT host_id, max(CASE WHEN running AND persistent THEN 3 WHEN NOT running OR NOT persistent OR NOT installed THEN 1 ELSE 2 END) AS rank
    FROM log_config WHERE service IN ('journald', 'rsyslog', 'syslog-ng') GROUP BY host_id
), trace AS (
  SELECT s.host_id, s.kind = 'server' AS is_server, COALESCE(i.is_container, false) AS is_container, COALESCE(a.password, 2) AS password,
         CASE WHEN s.os_family = 'windows' THEN COALESCE(a.logon, 2)
              WHEN a.logon = 3 OR k.rank = 3 THEN 3
              WHEN a.logon = 1 AND k.rank = 1 THEN 1 ELSE 2 END AS logon
    FROM subject AS s LEFT JOIN audit AS a ON a.host_id = s.host_id LEFT JOIN kept AS k ON k.host_id = s.host_id
    LEFT JOIN system_info AS i ON i.host_id = s.host_id
)
SELECT host_id,
       CASE WHEN is_container AND (logon < 3 OR (is_server AND password < 3)) THEN 'container'
            WHEN logon = 1 THEN 'logons_not_recorded' WHEN is_server AND password = 1 THEN 'passwords_not_watched'
            WHEN logon = 2 THEN 'logons_not_read' WHEN is_server AND password = 2 THEN 'passwords_not_read'
            WHEN is_server THEN 'ok_server' ELSE 'ok_workstation' END AS reason
  FROM trace
