-- One row per machine: accounts that share an identifier, look shared, or whose holder only a register can name.
WITH same_uid AS (
  SELECT host_id, uid FROM account WHERE uid IS NOT NULL
   GROUP BY host_id, uid HAVING min(username) <> max(username)
), same_name AS (
  SELECT host_id, username FROM account WHERE uid IS NOT NULL
   GROUP BY host_id, username, COALESCE(source, 'local') HAVING min(uid) <> max(uid)
), clash AS (
  SELECT a.host_id, string_agg(a.username, ' = ' ORDER BY a.username) AS names
    FROM account AS a JOIN same_uid AS u ON u.host_id = a.host_id AND u.uid = a.uid GROUP BY a.host_id, a.uid
   UNION ALL
  SELECT host_id, username AS names FROM same_name
), clashes AS (
  SELECT host_id, string_agg(names, '; ' ORDER BY names) AS names FROM clash GROUP BY host_id
), person AS (
  SELECT host_id, count(*) AS count,
         string_agg(CASE WHEN uid IS NULL THEN username END, ', ' ORDER BY username) AS unread,
         string_agg(CASE WHEN is_shared_hint THEN username END, ', ' ORDER BY username) AS shared
    FROM account
   WHERE NOT COALESCE(is_system, false) AND COALESCE(enabled OR key_login_possible, enabled, is_login_allowed, true)
   GROUP BY host_id
)
SELECT s.host_id, COALESCE(p.count, 0) AS count, COALESCE(c.names, p.unread, p.shared) AS names,
       CASE WHEN c.names IS NOT NULL                         THEN 'duplicate'
            WHEN p.unread IS NOT NULL                        THEN 'identifier_not_read'
            WHEN COALESCE(s.one_person_per_account, 'no') <> 'yes' THEN 'ok'
            WHEN p.shared IS NOT NULL                        THEN 'looks_shared'
            ELSE                                                  'holder_not_recorded'
       END AS reason
  FROM subject AS s
  LEFT JOIN clashes AS c ON c.host_id = s.host_id
  LEFT JOIN person AS p ON p.host_id = s.host_id
