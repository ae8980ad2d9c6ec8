-- One row per Wi-Fi network: encryption, MAC list, limits and monitoring as recorded, against the rulebook.
WITH v AS (
  SELECT s.subject_id, s.wifi_encryption AS allowed, s.today, w.*,
         s.wifi_mac_allowlist = 'yes' AND NOT w.is_guest AS needs_list
    FROM subject AS s
    JOIN reg_wifi AS w ON w.row_id = s.subject_id
)
SELECT v.subject_id, v.ssid, upper(v.encryption) AS found,
       CASE WHEN v.stopped_on <= v.today                              THEN 'stopped'
            WHEN v.encryption = 'open'                                THEN 'open'
            WHEN v.encryption IS NOT NULL
             AND NOT has(v.allowed, upper(v.encryption))              THEN 'weak_encryption'
            WHEN v.needs_list AND NOT v.has_mac_list                  THEN 'mac_not_limited'
            WHEN v.needs_list AND v.mac_count = 0                     THEN 'mac_list_empty'
            WHEN v.encryption IS NULL                                 THEN 'encryption_not_recorded'
            WHEN v.needs_list
             AND (v.has_mac_list IS NULL OR v.mac_count IS NULL)      THEN 'mac_not_recorded'
            -- a MAC list is itself a way of limiting users
            WHEN v.monitor_method IS NULL
              OR (v.limit_method IS NULL AND COALESCE(NOT v.has_mac_list, true)) THEN 'limit_not_recorded'
            ELSE                                                           'ok'
       END AS reason
  FROM v
