-- One row per machine: installed browsers that may save passwords.
WITH installed AS (
  SELECT host_id, name,
         CASE WHEN NOT password_save_disabled      THEN 4
              WHEN password_save_disabled IS NULL  THEN 3
              WHEN NOT COALESCE(is_enforced, false) THEN 2
              ELSE 1 END AS rank
    FROM browser WHERE COALESCE(installed, true)
), worst AS (
  SELECT host_id, max(rank) AS rank FROM installed GROUP BY host_id
), listed AS (
  SELECT DISTINCT i.host_id, i.name, w.rank FROM installed AS i JOIN worst AS w ON w.host_id = i.host_id AND w.rank = i.rank
), names AS (
  SELECT host_id, max(rank) AS rank, string_agg(name, ', ' ORDER BY name) AS names FROM listed GROUP BY host_id
)
SELECT s.host_id, n.names,
       CASE WHEN n.rank = 4 THEN 'saves_passwords'
            WHEN n.rank = 3 THEN 'not_read'
            WHEN n.rank = 2 THEN 'user_may_reenable'
            WHEN n.rank = 1 THEN 'ok'
            WHEN s.os_family = 'windows' THEN 'none_seen'
            ELSE 'no_browser' END AS reason
  FROM subject AS s LEFT JOIN names AS n ON n.host_id = s.host_id
