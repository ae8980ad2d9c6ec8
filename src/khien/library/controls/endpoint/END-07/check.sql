-- One row per machine: every desktop mechanism (Windows policy and users as one) has autoplay off for everybody.
WITH m AS (
    SELECT host_id, mechanism, principal, is_disabled, is_enforced,
           CASE WHEN mechanism LIKE 'windows%' THEN 'windows' ELSE mechanism END AS desktop,
           mechanism || CASE WHEN principal = '*' OR principal IS NULL THEN '' ELSE ' (' || principal || ')' END AS label
      FROM autoplay
), d AS (
    SELECT host_id, desktop,
           max(CASE WHEN principal = '*' AND is_disabled AND is_enforced THEN 1 ELSE 0 END) AS locked,
           max(CASE WHEN principal = '*' AND is_disabled THEN 1 ELSE 0 END) AS general,
           string_agg(CASE WHEN NOT is_disabled THEN label END, ', ' ORDER BY label) AS bad,
           string_agg(CASE WHEN is_disabled IS NULL THEN COALESCE(label, '?') END, ', ' ORDER BY label) AS unread
      FROM m GROUP BY host_id, desktop
), f AS (
    SELECT host_id, min(locked) AS locked, min(CASE WHEN locked = 1 OR general = 1 THEN 1 ELSE 0 END) AS general,
           max(CASE WHEN desktop = 'no_desktop' THEN 0 ELSE 1 END) AS known_desktop,
           string_agg(CASE WHEN locked = 0 THEN bad END, ', ' ORDER BY desktop) AS bad,
           string_agg(CASE WHEN locked = 0 THEN unread END, ', ' ORDER BY desktop) AS unread
      FROM d GROUP BY host_id
)
SELECT s.host_id, f.bad AS where_on, COALESCE(f.unread, '?') AS where_unread,
       CASE WHEN f.bad IS NOT NULL                            THEN 'autoplay_on'
            WHEN f.locked IS NULL OR f.unread IS NOT NULL     THEN 'not_read'
            WHEN f.known_desktop = 0 AND i.has_desktop        THEN 'desktop_not_known'
            WHEN f.locked = 1                                 THEN 'autoplay_off'
            WHEN f.general = 1                                THEN 'off_but_changeable'
            ELSE                                                   'other_accounts_not_read'
       END AS reason
  FROM subject AS s
  LEFT JOIN f ON f.host_id = s.host_id
  LEFT JOIN system_info AS i ON i.host_id = s.host_id
