-- One row per server: games, file sharing, players, chat and mining are personal; office and remote help need a word.
WITH p AS (
    SELECT host_id, lower(name) AS label,
           max(CASE WHEN kind IN ('deb', 'rpm') OR COALESCE(publisher, '') <> '' THEN 0 ELSE 1 END) AS is_of_unknown_origin
      FROM program GROUP BY host_id, label
), graded AS (
    SELECT host_id, label, is_of_unknown_origin,
           CASE WHEN label LIKE 'steam' OR label LIKE 'steam-%' OR label LIKE 'steam:%' OR label LIKE 'garena%'
                  OR label LIKE 'minecraft%' OR label LIKE 'roblox%' OR label LIKE 'league of legends%'
                  OR label LIKE 'valorant%' OR label LIKE 'epic games%' OR label LIKE 'gnome-games%'
                  OR label LIKE '%torrent%' OR label LIKE 'transmission%' OR label LIKE 'deluge%' OR label LIKE 'amule%'
                  OR label LIKE 'emule%' OR label LIKE 'vlc' OR label LIKE 'vlc %' OR label LIKE 'spotify%'
                  OR label LIKE 'itunes%' OR label LIKE 'kmplayer%' OR label LIKE 'rhythmbox' OR label LIKE 'zalo%'
                  OR label LIKE 'telegram%' OR label LIKE 'viber%' OR label LIKE 'discord%' OR label LIKE 'skype%'
                  OR label LIKE 'tiktok%' OR label LIKE 'xmrig%' OR label LIKE 'nicehash%' THEN 2
                WHEN label LIKE 'libreoffice-writer' OR label LIKE 'libreoffice %' OR label LIKE 'microsoft office%'
                  OR label LIKE 'microsoft 365%' OR label LIKE 'wps office%' OR label LIKE 'thunderbird%'
                  OR label LIKE 'google chrome%' OR label LIKE 'google-chrome%' OR label LIKE '%coccoc%' OR label LIKE 'cốc cốc%'
                  OR label LIKE 'mozilla firefox%' OR label LIKE 'firefox%' OR label LIKE 'teamviewer%'
                  OR label LIKE 'ultraviewer%' OR label LIKE 'anydesk%' OR label LIKE 'unikey%' THEN 1 ELSE 0 END AS grade
      FROM p
), f AS (
    SELECT host_id, string_agg(CASE WHEN grade = 2 THEN label END, ', ' ORDER BY label) AS personal,
           string_agg(CASE WHEN grade = 1 THEN label END, ', ' ORDER BY label) AS doubtful,
           sum(is_of_unknown_origin) AS of_unknown_origin
      FROM graded GROUP BY host_id
)
SELECT s.host_id, f.personal AS personal_names, f.doubtful AS doubtful_names, f.of_unknown_origin AS count_found,
       CASE WHEN f.host_id IS NULL        THEN 'list_not_read'   WHEN f.personal IS NOT NULL THEN 'personal_software'
            WHEN f.doubtful IS NOT NULL   THEN 'to_confirm'      WHEN f.of_unknown_origin > 0 THEN 'origin_not_known'
            ELSE 'none_found' END AS reason
  FROM subject AS s LEFT JOIN f ON f.host_id = s.host_id
