-- One row per machine: updates of the system install themselves, and did so within the last 31 days.
SELECT s.host_id,
       COALESCE(u.mechanism, '?') AS mechanism,
       CASE WHEN date_diff('day', vn_date(u.last_success_at), s.today) NOT BETWEEN -1 AND 31
            THEN u.last_success_at
       END AS last_success_at,
       CASE WHEN i.is_container                                        THEN 'container'
            WHEN u.automatic = false OR u.mechanism = 'none'
              OR u.automatic_scope = 'none'                            THEN 'not_automatic'
            WHEN u.automatic IS NULL                                   THEN 'setting_not_read'
            WHEN u.is_scheduled = false                                THEN 'not_scheduled'
            WHEN date_diff('day', s.today, vn_date(u.last_success_at)) > 1      THEN 'clock_wrong'
            WHEN date_diff('day', vn_date(u.last_success_at), s.today) > 31     THEN 'not_running'
            WHEN u.is_scheduled IS NULL                                THEN 'schedule_not_read'
            WHEN u.last_success_at IS NULL                             THEN 'last_run_not_read'
            ELSE                                                            'automatic'
       END AS reason
  FROM subject AS s
  LEFT JOIN update_policy AS u ON u.host_id = s.host_id
  LEFT JOIN system_info AS i ON i.host_id = s.host_id
