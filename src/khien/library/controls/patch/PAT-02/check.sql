-- One row per machine: the operating system is free, or activated, not expired, and without signs of cracking.
SELECT s.host_id, COALESCE(a.product, '?') AS product, a.kms_server, a.expires_at,
       CASE WHEN a.has_emulator_signal                             THEN 'emulator_sign'
            WHEN a.licence_required = false                        THEN 'free'
            WHEN a.licence_required IS NULL                        THEN 'licence_not_read'
            WHEN a.is_activated = false                            THEN 'not_activated'
            WHEN year(a.expires_at) < 2000    THEN 'licence_not_read'
            WHEN a.expires_at < s.as_of                            THEN 'expired'
            WHEN a.is_activated IS NULL
              OR a.has_emulator_signal IS NULL                     THEN 'licence_not_read'
            WHEN COALESCE(a.kms_server, '') <> ''                  THEN 'activation_server_to_confirm'
            ELSE                                                        'licensed'
       END AS reason
  FROM subject AS s
  LEFT JOIN activation AS a ON a.host_id = s.host_id
