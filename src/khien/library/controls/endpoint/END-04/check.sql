-- One row per machine: storage plugged in is blocked, or scanned (on insertion, or by the on-access scanner).
WITH av AS (
    SELECT host_id,
           max(CASE WHEN enabled AND on_access THEN 2
                    WHEN enabled = false OR on_access = false THEN 0 ELSE 1 END) AS scans
      FROM antivirus GROUP BY host_id
), f AS (
    SELECT m.host_id, m.mechanism, m.usb_storage_blocked AS blocked, m.usb_storage_in_use AS in_use,
           CASE WHEN m.scan_on_insert OR av.scans = 2 THEN 'yes'
                WHEN av.host_id IS NULL AND COALESCE(m.scan_on_insert, false) = false THEN 'no'
                WHEN m.scan_on_insert = false AND av.scans = 0 THEN 'no' ELSE '?' END AS scan,
           m.mechanism IN ('modprobe', 'windows_usbstor') AS is_total
      FROM removable_media AS m
      LEFT JOIN av ON av.host_id = m.host_id
)
SELECT s.host_id,
       CASE WHEN i.is_container                                THEN 'container'
            WHEN f.blocked AND f.is_total AND f.in_use         THEN 'block_not_working'
            WHEN f.blocked AND f.is_total AND NOT f.in_use     THEN 'blocked'
            WHEN f.blocked IS NULL OR (f.blocked AND (f.is_total OR f.mechanism IS NULL))
                                                               THEN 'limit_not_read'
            WHEN f.scan = 'no'                                 THEN 'not_scanned'
            WHEN f.scan = '?'                                  THEN 'scan_not_read'
            WHEN f.blocked                                     THEN 'allowed_and_scanned'
            ELSE                                                    'scanned'
       END AS reason
  FROM subject AS s
  LEFT JOIN f ON f.host_id = s.host_id
  LEFT JOIN system_info AS i ON i.host_id = s.host_id
