-- One row per Wi-Fi network: guests have an SSID that no office network uses, and a bandwidth limit.
WITH office AS (
  SELECT DISTINCT w.unit_id, trim(w.ssid) AS ssid
    FROM subject AS s
    JOIN reg_wifi AS w ON w.row_id = s.subject_id
   WHERE NOT w.is_guest AND (w.stopped_on IS NULL OR w.stopped_on > s.today)
)
SELECT s.subject_id, w.ssid, w.bandwidth_limit_mbps AS "limit",
       CASE WHEN w.stopped_on <= s.today                           THEN 'stopped'
            WHEN NOT w.is_guest                                                  THEN 'not_for_guests'
            WHEN s.guest_ssid = 'separate' AND o.ssid IS NOT NULL                THEN 'same_ssid'
            WHEN s.guest_bandwidth_limit IS NULL OR w.bandwidth_limit_mbps > 0   THEN 'ok'
            WHEN w.bandwidth_limit_mbps = 0 OR has(s.complete_registers, 'wifi') THEN 'no_limit'
            ELSE                                                                      'limit_not_recorded'
       END AS reason
  FROM subject AS s
  JOIN reg_wifi AS w ON w.row_id = s.subject_id
  LEFT JOIN office AS o ON o.unit_id = w.unit_id AND o.ssid = trim(w.ssid)
