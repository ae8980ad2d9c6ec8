-- One row per disposal or reuse: how and when the data was erased, against the day the device left.
SELECT s.subject_id, g.device, g.wiped_on, g.disposed_on,
       CASE WHEN g.disposed_on > s.today                             THEN 'not_yet'
            WHEN g.wipe_method IS NULL                                             THEN 'method_not_recorded'
            WHEN g.wipe_method = 'format'                                          THEN 'formatted_only'
            WHEN g.wipe_method = 'none'                                            THEN 'no_storage'
            WHEN g.wiped_on > g.disposed_on                                        THEN 'wiped_late'
            WHEN g.wipe_method = 'kept'                                            THEN 'kept'
            WHEN g.wiped_on IS NULL AND has(s.complete_registers, 'disposal')      THEN 'not_dated'
            WHEN g.wiped_on IS NULL                                                THEN 'date_not_recorded'
            WHEN g.kind = 'reuse' AND (g.data_checked_on IS NULL OR g.data_checked_on > g.disposed_on) THEN 'reuse_not_checked'
            ELSE                                                                        'wiped'
       END AS reason
  FROM subject AS s
  JOIN reg_disposal AS g ON g.row_id = s.subject_id
