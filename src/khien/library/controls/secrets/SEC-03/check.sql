-- One row per repair of a secret machine: reported before it began, to whom, by whom done, who watched.
SELECT s.subject_id, r.device, r.out_on, r.reported_on, r.reported_to, r.repairer,
       CASE WHEN r.secret_machine IS NULL                                           THEN 'ordinary'
            WHEN NOT r.is_repairer_authorised                                       THEN 'not_authorised'
            WHEN r.reported_on > r.out_on                                           THEN 'reported_late'
            WHEN r.reported_on IS NULL AND r.reported_to IS NULL AND r.report IS NULL
             AND has(s.complete_registers, 'repair')                                THEN 'not_reported'
            WHEN r.reported_on IS NULL OR r.reported_to IS NULL OR d.row_id IS NULL THEN 'report_not_filed'
            WHEN r.is_repairer_authorised IS NULL                                   THEN 'authority_not_recorded'
            WHEN r.supervisor IS NULL                                               THEN 'supervisor_not_recorded'
            ELSE                                                                         'in_order'
       END AS reason
  FROM subject AS s
  JOIN reg_repair AS r ON r.row_id = s.subject_id
  LEFT JOIN reg_document AS d ON d.row_id = r.report
