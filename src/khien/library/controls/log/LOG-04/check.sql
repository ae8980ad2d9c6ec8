-- One row per server: a letter orders the answers; the system log needs one good keeper, every other log its own.
WITH l AS (
    SELECT c.host_id, COALESCE(c.service, '?') AS service, c.is_forwarding, c.running, s.log_retain_months * 30 AS days_needed,
           CASE WHEN c.retention_days > 0 THEN c.retention_days END AS days_set,
           CASE WHEN year(c.oldest_entry_at) >= 2000 AND c.oldest_entry_at <= s.as_of
                THEN c.oldest_entry_at END AS oldest_at, s.today, o.installed_at,
           CASE WHEN c.service IN ('journald', 'rsyslog', 'syslog-ng') THEN 'system' ELSE c.service END AS kind
      FROM log_config AS c JOIN subject AS s ON s.host_id = c.host_id
      LEFT JOIN os_version AS o ON o.host_id = c.host_id
     WHERE COALESCE(c.running, true) AND COALESCE(c.persistent, true)
), a AS (
    SELECT host_id, kind, service, days_set, oldest_at,
           CASE WHEN days_set >= days_needed AND running AND date_diff('day', vn_date(oldest_at), today) >= days_needed THEN 'a_held'
                WHEN days_set >= days_needed AND running AND date_diff('day', vn_date(installed_at), today) BETWEEN 0 AND days_needed
                 AND date_diff('day', vn_date(installed_at), vn_date(oldest_at)) <= 7                         THEN 'b_held_since_start'
                WHEN is_forwarding                                                          THEN 'c_store_decides'
                WHEN days_set < days_needed                                                 THEN 'f_kept_too_short'
                WHEN date_diff('day', vn_date(oldest_at), today) < days_needed
                 AND date_diff('day', vn_date(installed_at), vn_date(oldest_at)) > 7                          THEN 'g_gap'
                WHEN days_set IS NULL                                                       THEN 'd_size_limited'
                ELSE                                                                             'e_age_not_read' END AS answer
      FROM l
), best AS (
    SELECT host_id, kind, min(answer) AS answer FROM a GROUP BY host_id, kind
), f AS (
    SELECT host_id, max(answer) AS answer FROM best GROUP BY host_id
)
SELECT s.host_id, COALESCE(substring(f.answer, 3), 'not_logging') AS reason,
       string_agg(a.service, ', ' ORDER BY a.service) AS services, min(a.days_set) AS days_found,
       max(CASE WHEN f.answer = 'g_gap' THEN a.oldest_at END) AS oldest_entry_at
  FROM subject AS s LEFT JOIN f ON f.host_id = s.host_id
  LEFT JOIN a ON a.host_id = s.host_id AND a.answer = f.answer
 GROUP BY s.host_id, f.answer
