-- One row per Wi-Fi network: the strength noted when the password was set, against the rulebook.
SELECT s.subject_id, w.ssid, w.password_length AS length,
       CASE WHEN w.stopped_on <= s.today        THEN 'stopped'
            WHEN NOT w.has_password OR w.encryption = 'open'  THEN 'no_password'
            WHEN w.password_length < s.min_length             THEN 'too_short'
            WHEN (has(s.classes, 'lower') AND NOT has(w.password_classes, 'lower'))
              OR (has(s.classes, 'upper') AND NOT has(w.password_classes, 'upper'))
              OR (has(s.classes, 'digit') AND NOT has(w.password_classes, 'digit'))
              OR (has(s.classes, 'special') AND NOT has(w.password_classes, 'special'))
              OR (has(s.classes, 'digit_or_special') AND NOT has(w.password_classes, 'digit')
                  AND NOT has(w.password_classes, 'special')) THEN 'class_missing'
            WHEN w.has_password IS NULL
              OR (s.min_length IS NOT NULL AND w.password_length IS NULL)
              OR (s.classes IS NOT NULL AND w.password_classes IS NULL) THEN 'not_recorded'
            WHEN w.password_length IS NULL                    THEN 'protected'
            ELSE                                                   'strong'
       END AS reason
  FROM subject AS s
  JOIN reg_wifi AS w ON w.row_id = s.subject_id
