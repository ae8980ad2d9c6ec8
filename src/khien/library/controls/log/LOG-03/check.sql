-- One row per server: a running service is configured to send the log to another machine; arrival is proved at the store.
WITH me AS (
    SELECT DISTINCT l.host_id, l.forwards_to
      FROM log_config AS l JOIN interface AS i ON i.host_id = l.host_id
     WHERE l.forwards_to = i.ipv4 OR l.forwards_to LIKE i.ipv4 || ':%'
), own AS (
    SELECT l.host_id, l.service, l.running, l.is_forwarding, l.forwarding_encrypted, l.forwards_to AS target,
           CASE WHEN COALESCE(l.forwards_to, '') = '' THEN '?'
                WHEN l.forwards_to LIKE '% %' THEN 'other' -- several receivers
                WHEN me.host_id IS NOT NULL OR lower(l.forwards_to) LIKE 'localhost%' OR l.forwards_to LIKE '127.%'
                  OR l.forwards_to LIKE '%[::1]%' OR l.forwards_to = '::1'
                  OR lower(l.forwards_to) = lower(s.host_name)
                  OR lower(l.forwards_to) LIKE lower(s.host_name) || ':%' THEN 'self'
                ELSE 'other' END AS place
      FROM log_config AS l
      JOIN subject AS s ON s.host_id = l.host_id
      LEFT JOIN me ON me.host_id = l.host_id AND me.forwards_to = l.forwards_to
     WHERE l.service <> 'auditd' OR l.is_forwarding -- the system log decides
), f AS (
    SELECT host_id,
           string_agg(CASE WHEN running AND is_forwarding AND place = 'other' THEN target END, ', ' ORDER BY target) AS targets,
           max(CASE WHEN running AND is_forwarding AND place = 'other' AND forwarding_encrypted THEN 1 ELSE 0 END) AS safe,
           string_agg(CASE WHEN running AND is_forwarding AND place = 'self' THEN target END, ', ' ORDER BY target) AS own_targets,
           string_agg(CASE WHEN NOT running AND is_forwarding THEN service END, ', ' ORDER BY service) AS stopped,
           max(CASE WHEN running = false OR is_forwarding = false OR place = 'self' THEN 0 ELSE 1 END) AS may_send
      FROM own GROUP BY host_id
)
SELECT s.host_id, f.targets, f.own_targets, f.stopped AS stopped_services,
       CASE WHEN f.targets IS NOT NULL AND f.safe = 1 THEN 'sent_away'
            WHEN f.targets IS NOT NULL                THEN 'sent_in_clear'
            WHEN f.host_id IS NULL OR f.may_send = 1  THEN 'sending_not_read'
            WHEN f.own_targets IS NOT NULL            THEN 'sent_to_itself'
            WHEN f.stopped IS NOT NULL                THEN 'sender_stopped'
            ELSE                                           'kept_here_only'
       END AS reason
  FROM subject AS s
  LEFT JOIN f ON f.host_id = s.host_id
