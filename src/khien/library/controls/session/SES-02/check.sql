-- One row per system in operation: the idle time entered for it, and the paper that shows the setting.
SELECT s.subject_id, y.system_name, y.idle_minutes AS found,
       CASE WHEN y.stage NOT IN ('operating', 'trial')
              OR y.went_live_on > s.today
              OR y.stopped_on <= s.today THEN 'not_in_operation'
            WHEN y.login_transport = 'no_login'        THEN 'no_login'
            WHEN y.idle_minutes IS NULL                THEN 'not_recorded'
            WHEN y.idle_minutes <= 0                   THEN 'never'
            WHEN y.idle_minutes > s.idle_minutes       THEN 'too_long'
            WHEN d.row_id IS NULL                      THEN 'no_evidence'
            ELSE                                            'in_limit'
       END AS reason
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
  LEFT JOIN reg_document AS d ON d.row_id = y.application_evidence AND d.issued_on <= s.today
