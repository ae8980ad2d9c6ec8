-- One row per workstation: tools still on, known browsers, and nobody able to change software alone.
WITH av AS (
    SELECT host_id, string_agg(COALESCE(product, '?'), ', ' ORDER BY product) AS products,
           max(CASE WHEN enabled THEN 2 WHEN enabled IS NULL THEN 1 ELSE 0 END) AS state
      FROM antivirus GROUP BY host_id
), fw AS (
    SELECT host_id, max(CASE WHEN mechanism <> 'windows' AND enabled THEN 1 ELSE 0 END) AS other_on,
           string_agg(CASE WHEN mechanism = 'windows' AND NOT enabled THEN profile END, ', ' ORDER BY profile) AS profiles,
           max(CASE WHEN mechanism = 'windows' AND enabled IS NULL THEN 1 ELSE 0 END) AS unread
      FROM firewall GROUP BY host_id
), br AS (
    SELECT host_id, string_agg(CASE WHEN lower(name) IN ('ie', 'internet explorer', 'iexplore') THEN name END,
                               ', ' ORDER BY name) AS old,
           string_agg(CASE WHEN lower(name) NOT IN ('ie', 'internet explorer', 'iexplore', 'chrome', 'chromium',
                           'edge', 'firefox', 'coccoc', 'brave', 'opera', 'safari') THEN name END,
                      ', ' ORDER BY name) AS other
      FROM browser WHERE COALESCE(installed, true) GROUP BY host_id
), ac AS (
    SELECT host_id, string_agg(CASE WHEN is_admin AND (enabled OR is_login_allowed) THEN username END,
                               ', ' ORDER BY username) AS admins,
           max(CASE WHEN is_admin IS NULL OR (is_admin AND enabled IS NULL) THEN 1 ELSE 0 END) AS unread
      FROM account WHERE uid IS NULL OR uid <> '0' GROUP BY host_id
)
SELECT s.host_id, av.products, fw.profiles, br.old AS old_browsers, br.other AS other_browsers, ac.admins,
       CASE WHEN av.state IS NULL                                       THEN 'antivirus_missing'
            WHEN av.state = 0                                           THEN 'antivirus_off'
            WHEN fw.profiles IS NOT NULL AND fw.other_on = 0            THEN 'firewall_off'
            WHEN br.old IS NOT NULL                                     THEN 'browser_unsafe'
            WHEN br.other IS NOT NULL                                   THEN 'browser_to_confirm'
            WHEN av.state = 1 OR fw.unread = 1 OR fw.host_id IS NULL
              OR COALESCE(ac.unread, 1) = 1                             THEN 'state_not_read'
            WHEN ac.admins IS NOT NULL                                  THEN 'changes_to_confirm'
            ELSE 'kept' END AS reason
  FROM subject AS s LEFT JOIN av ON av.host_id = s.host_id LEFT JOIN fw ON fw.host_id = s.host_id
  LEFT JOIN br ON br.host_id = s.host_id LEFT JOIN ac ON ac.host_id = s.host_id
