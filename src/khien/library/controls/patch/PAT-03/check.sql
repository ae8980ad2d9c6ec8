-- One row per server: components that send passwords in the clear or serve nobody, and services that need a reason.
WITH sv AS (
    SELECT host_id, replace(replace(lower(name), '.service', ''), '.socket', '') AS label,
           -- systemd gives no boot state to names that have no unit file: these cannot start
           max(CASE WHEN enabled OR running THEN 2 WHEN running = false AND kind = 'systemd' THEN 0
                    WHEN (enabled OR running) IS NULL THEN 1 ELSE 0 END) AS state
      FROM service GROUP BY host_id, label
), graded AS (
    SELECT host_id, label, state,
           CASE WHEN label IN ('telnet', 'telnetd', 'inetutils-telnetd', 'tlntsvr', 'rsh', 'rshd', 'rlogin', 'rlogind',
                               'rexec', 'rexecd', 'finger', 'fingerd', 'talk', 'ntalk', 'talkd', 'simptcp', 'ypserv',
                               'ypbind', 'nis') THEN 2
                WHEN label IN ('vsftpd', 'proftpd', 'pure-ftpd', 'ftpsvc', 'tftp', 'tftpd-hpa', 'atftpd', 'xinetd',
                               'inetd', 'openbsd-inetd', 'avahi-daemon', 'cups', 'cups-browsed', 'bluetooth', 'bthserv',
                               'modemmanager', 'rpcbind', 'snmpd', 'gdm', 'gdm3', 'lightdm', 'sddm', 'fax',
                               'xblgamesave', 'wmpnetworksvc') THEN 1 ELSE 0 END AS grade
      FROM sv
), f AS (
    SELECT host_id, string_agg(CASE WHEN grade = 2 AND state = 2 THEN label END, ', ' ORDER BY label) AS obsolete,
           string_agg(CASE WHEN grade = 1 AND state = 2 THEN label END, ', ' ORDER BY label) AS doubtful,
           string_agg(CASE WHEN grade > 0 AND state = 1 THEN label END, ', ' ORDER BY label) AS unread
      FROM graded GROUP BY host_id
), pk AS (
    SELECT host_id, string_agg(CASE WHEN label IN ('telnetd', 'telnetd-ssl', 'inetutils-telnetd', 'telnet-server',
                                    'rsh-server', 'rsh-redone-server', 'talkd', 'talk-server', 'fingerd', 'finger-server',
                                    'nis', 'ypserv') THEN label END, ', ' ORDER BY label) AS obsolete
      FROM (SELECT DISTINCT host_id, lower(name) AS label FROM program) AS names GROUP BY host_id
)
SELECT s.host_id, COALESCE(pk.obsolete, f.obsolete) AS obsolete_names, f.doubtful AS doubtful_names, f.unread AS unread_names,
       CASE WHEN pk.obsolete IS NOT NULL OR f.obsolete IS NOT NULL  THEN 'obsolete'
            WHEN f.host_id IS NULL OR pk.host_id IS NULL            THEN 'list_not_read'
            WHEN f.unread IS NOT NULL                               THEN 'state_not_read'
            WHEN f.doubtful IS NOT NULL                             THEN 'to_confirm'
            WHEN has(s.partial_tables, 'service') OR has(s.partial_tables, 'program') THEN 'partly_read'
            ELSE 'none_found' END AS reason
  FROM subject AS s LEFT JOIN f ON f.host_id = s.host_id LEFT JOIN pk ON pk.host_id = s.host_id
