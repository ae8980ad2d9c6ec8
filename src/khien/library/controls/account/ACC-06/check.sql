-- One row per machine: who has administrator rights; only what is clearly wrong fails without a register.
WITH member AS (                                 -- members of administrator groups that are no account of this machine
  SELECT DISTINCT g.host_id, g.username
    FROM user_group AS g LEFT JOIN account AS a ON a.host_id = g.host_id AND a.username = g.username
   WHERE g.is_admin_group AND a.username IS NULL
), admin AS (
  SELECT host_id, username, uid = '0' AS is_superuser,
         COALESCE(is_default_account, false) AND COALESCE(uid, '') <> '0' AND COALESCE(uid, '') NOT LIKE 'S-1-5-21-%-500' AS is_default,
         COALESCE(enabled, true) OR COALESCE(key_login_possible, false) AS can_log_on,
         COALESCE(enabled OR key_login_possible, false) AS surely
    FROM account WHERE is_admin
   UNION ALL
  SELECT host_id, username, false, false, true, false FROM member
), unread AS (
  SELECT host_id, username AS name FROM account WHERE is_admin IS NULL AND COALESCE(enabled OR key_login_possible, true)
   UNION
  SELECT host_id, group_name AS name FROM user_group WHERE is_admin_group IS NULL
), listed AS (
  SELECT host_id, sum(CASE WHEN can_log_on THEN 1 ELSE 0 END) AS count, sum(CASE WHEN is_superuser THEN 1 ELSE 0 END) AS superusers,
         string_agg(CASE WHEN can_log_on THEN username END, ', ' ORDER BY username) AS names,
         string_agg(CASE WHEN is_superuser THEN username END, ', ' ORDER BY username) AS superuser_names,
         string_agg(CASE WHEN is_default AND surely THEN username END, ', ' ORDER BY username) AS default_names
    FROM admin GROUP BY host_id
), missing AS (
  SELECT host_id, string_agg(name, ', ' ORDER BY name) AS names FROM unread GROUP BY host_id
)
SELECT s.host_id, COALESCE(l.count, 0) AS count,
       CASE WHEN l.superusers > 1 THEN l.superuser_names ELSE COALESCE(l.default_names, m.names, l.names) END AS names,
       CASE WHEN l.superusers > 1 THEN 'two_superusers' WHEN l.default_names IS NOT NULL THEN 'default_is_admin'
            WHEN m.names IS NOT NULL THEN 'admins_not_read' WHEN l.count > 0 THEN 'admins_listed'
            ELSE 'no_usable_admin' END AS reason
  FROM subject AS s LEFT JOIN listed AS l ON l.host_id = s.host_id LEFT JOIN missing AS m ON m.host_id = s.host_id
