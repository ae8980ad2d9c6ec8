-- One row per Wi-Fi network: when its password was last changed, against the rulebook's months.
SELECT s.subject_id, w.ssid, w.password_changed_on AS changed_on,
       CASE WHEN w.stopped_on <= s.today        THEN 'stopped'
            WHEN w.password_changed_on IS NULL
              OR w.password_changed_on > s.today THEN 'not_recorded'
            WHEN s.wifi_rotate_months IS NULL                  THEN 'in_time'
            WHEN date_add(w.password_changed_on, to_months(CAST(s.wifi_rotate_months AS INTEGER))) < s.today
                                                               THEN 'overdue'
            ELSE                                                    'in_time'
       END AS reason
  FROM subject AS s
  JOIN reg_wifi AS w ON w.row_id = s.subject_id
