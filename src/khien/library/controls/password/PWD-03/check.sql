-- One row per machine: passwords issued but never used that need not be changed at the first logon.
WITH personal AS (
  SELECT host_id, username,
         CASE WHEN must_change THEN 'forced'
              WHEN enabled AND (password_set OR empty_password) AND never_logged_in AND NOT must_change THEN 'open'
              WHEN must_change IS NULL OR never_logged_in IS NULL OR enabled IS NULL OR password_set IS NULL THEN 'unread'
              ELSE 'used' END AS state
    FROM account
   WHERE NOT COALESCE(is_system, false) AND NOT COALESCE(is_default_account, false)
     AND COALESCE(enabled, true) AND COALESCE(password_set OR empty_password, password_set, true)
), worst AS (
  SELECT host_id, max(CASE state WHEN 'open' THEN 4 WHEN 'unread' THEN 3 WHEN 'used' THEN 2 ELSE 1 END) AS rank,
         string_agg(CASE WHEN state = 'open' THEN username END, ', ' ORDER BY username) AS open_names,
         string_agg(CASE WHEN state = 'unread' THEN username END, ', ' ORDER BY username) AS unread_names,
         string_agg(CASE WHEN state = 'used' THEN username END, ', ' ORDER BY username) AS used_names,
         string_agg(username, ', ' ORDER BY username) AS all_names
    FROM personal GROUP BY host_id
)
SELECT s.host_id, COALESCE(w.open_names, w.unread_names, w.used_names, w.all_names) AS names,
       CASE w.rank WHEN 4 THEN 'not_forced'
                   WHEN 3 THEN 'not_read'
                   WHEN 2 THEN 'issue_not_recorded'
                   WHEN 1 THEN 'ok'
                   ELSE 'no_user_password' END AS reason
  FROM subject AS s LEFT JOIN worst AS w ON w.host_id = s.host_id
