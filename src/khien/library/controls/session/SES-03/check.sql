-- One row per machine: whether each account's session locks in time; a user's own setting beats an open default.
WITH lock AS (
  SELECT l.host_id, l.principal, l.mechanism, COALESCE(l.is_enforced, false) AS enforced,
         l.timeout_seconds + COALESCE(l.lock_delay_seconds, 0) AS seconds,
         CASE WHEN NOT l.is_active OR (l.is_active AND (NOT l.password_required OR l.timeout_seconds <= 0
                OR l.timeout_seconds + COALESCE(l.lock_delay_seconds, 0) > s.screen_lock_minutes * 60)) THEN 1
              WHEN l.is_active AND l.password_required AND l.timeout_seconds > 0 THEN 3 ELSE 2 END AS rank
    FROM screen_lock AS l JOIN subject AS s ON s.host_id = l.host_id JOIN system_info AS i ON i.host_id = l.host_id
   WHERE COALESCE(l.covers, 'all') IN ('all', CASE WHEN i.has_desktop OR s.os_family = 'windows' THEN 'graphical' ELSE 'text' END)
), effective AS (
  SELECT p.host_id, p.principal, r.mechanism,
         COALESCE(max(CASE WHEN r.principal = '*' AND r.enforced THEN r.rank END),
                  max(CASE WHEN r.principal = p.principal THEN r.rank END), max(r.rank)) AS rank
    FROM (SELECT DISTINCT host_id, principal FROM lock) AS p
    JOIN lock AS r ON r.host_id = p.host_id AND r.principal IN (p.principal, '*')
   GROUP BY p.host_id, p.principal, r.mechanism
), person AS (
  SELECT host_id, principal, max(rank) AS rank, max(CASE WHEN mechanism <> 'logind' THEN 1 ELSE 0 END) AS told
    FROM effective GROUP BY host_id, principal
), host_lock AS (
  SELECT host_id, COALESCE(min(CASE WHEN principal <> '*' THEN rank END), min(rank)) AS rank, max(told) AS told,
         COALESCE(string_agg(CASE WHEN principal <> '*' AND rank = 1 THEN principal END, ', ' ORDER BY principal), '*') AS unlocked
    FROM person GROUP BY host_id
), longest AS (
  SELECT host_id, max(seconds) AS seconds FROM lock WHERE rank = 3 GROUP BY host_id
), password AS (
  SELECT host_id, string_agg(CASE WHEN empty_password AND COALESCE(enabled, true) THEN username END, ', ' ORDER BY username) AS names,
         string_agg(CASE WHEN empty_password IS NULL AND COALESCE(enabled, NOT is_system, true) THEN username END, ', ' ORDER BY username) AS unread
    FROM account GROUP BY host_id
)
SELECT s.host_id, p.names, p.unread, h.unlocked, g.seconds,
       CASE WHEN p.names IS NOT NULL THEN 'no_password' WHEN i.is_container THEN 'container'
            WHEN i.has_desktop IS NULL AND s.os_family <> 'windows' AND p.unread IS NULL THEN 'desktop_not_read'
            WHEN h.rank = 1 AND h.told = 1 AND (i.has_desktop IS NOT NULL OR s.os_family = 'windows') THEN 'lock_off'
            WHEN p.unread IS NOT NULL THEN 'password_not_read' WHEN h.rank = 3 THEN 'ok' ELSE 'lock_not_read' END AS reason
  FROM subject AS s LEFT JOIN system_info AS i ON i.host_id = s.host_id
  LEFT JOIN host_lock AS h ON h.host_id = s.host_id LEFT JOIN longest AS g ON g.host_id = s.host_id
  LEFT JOIN password AS p ON p.host_id = s.host_id
