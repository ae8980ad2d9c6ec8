-- One row per server: its own operating system is logged by something that keeps the log (auditd alone is not that).
WITH l AS (
    SELECT host_id, service, running, persistent,
           lower(service) IN ('security', 'system', 'application') AS is_main_channel
      FROM log_config
     WHERE lower(service) <> 'auditd'
), f AS (
    SELECT host_id,
           string_agg(CASE WHEN running THEN service END, ', ' ORDER BY service) AS services,
           string_agg(CASE WHEN is_main_channel AND running = false THEN service END, ', ' ORDER BY service) AS off_channels,
           sum(CASE WHEN is_main_channel AND running AND persistent THEN 1 ELSE 0 END) AS good_channels,
           max(CASE WHEN running AND persistent THEN 1 ELSE 0 END) AS keeps,
           max(CASE WHEN running = false OR persistent = false THEN 0 ELSE 1 END) AS may_keep,
           max(CASE WHEN running = false THEN 0 ELSE 1 END) AS may_run
      FROM l GROUP BY host_id
)
SELECT s.host_id, f.services, f.off_channels,
       CASE WHEN COALESCE(f.may_run, 0) = 0                            THEN 'not_logging'
            WHEN s.os_family = 'windows' AND f.off_channels IS NOT NULL THEN 'channel_off'
            WHEN f.may_keep = 0                                        THEN 'lost_at_reboot'
            WHEN s.os_family = 'windows' AND f.good_channels < 3       THEN 'state_not_read'
            WHEN f.keeps = 1                                           THEN 'system_logged'
            ELSE                                                            'state_not_read'
       END AS reason
  FROM subject AS s
  LEFT JOIN f ON f.host_id = s.host_id
