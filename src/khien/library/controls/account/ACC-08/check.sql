-- One row per machine: accounts and passwords that are still as the vendor made them.
WITH sign AS (
  SELECT host_id, COALESCE(subject, kind, '?') AS name,
         CASE WHEN is_default THEN 4 WHEN is_default IS NULL THEN 3 ELSE 1 END AS rank
    FROM default_credential
   UNION ALL                                     -- the superuser of Linux keeps its name: only an empty password counts
  SELECT host_id, username,
         CASE WHEN empty_password AND COALESCE(enabled, true)                THEN 4
              WHEN uid = '0'                                                 THEN 1
              WHEN enabled                                                   THEN 4
              WHEN enabled IS NULL AND COALESCE(is_login_allowed, true)      THEN 3
              WHEN key_login_possible AND NOT COALESCE(is_system, false)     THEN 2
              ELSE 1 END
    FROM account WHERE is_default_account
   UNION ALL
  SELECT host_id, username, 3 FROM account WHERE is_default_account IS NULL AND COALESCE(enabled, true)
), ranked AS (
  SELECT host_id, name, max(rank) AS rank FROM sign GROUP BY host_id, name
), worst AS (
  SELECT host_id, max(rank) AS rank,
         string_agg(CASE WHEN rank = 4 THEN name END, ', ' ORDER BY name) AS open_names,
         string_agg(CASE WHEN rank = 3 THEN name END, ', ' ORDER BY name) AS unread_names,
         string_agg(CASE WHEN rank = 2 THEN name END, ', ' ORDER BY name) AS key_names
    FROM ranked GROUP BY host_id
)
SELECT s.host_id, COALESCE(w.open_names, w.unread_names, w.key_names) AS names,
       CASE w.rank WHEN 4 THEN 'still_default' WHEN 3 THEN 'not_read' WHEN 2 THEN 'key_login' ELSE 'ok' END AS reason
  FROM subject AS s LEFT JOIN worst AS w ON w.host_id = s.host_id
