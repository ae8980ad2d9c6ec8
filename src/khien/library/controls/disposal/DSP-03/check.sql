-- One row per repair: what was done to the storage before the device went out.
SELECT s.subject_id, r.device, r.out_on, r.storage_done_on AS done_on,
       CASE WHEN r."where" = 'on_site'              THEN 'on_site'
            WHEN r.storage_measure IS NULL          THEN 'measure_not_recorded'
            WHEN r.storage_measure = 'left_in'      THEN 'left_in'
            WHEN r.storage_measure = 'none'         THEN 'no_storage'
            WHEN r.storage_done_on > r.out_on       THEN 'done_late'
            WHEN r.storage_done_on IS NULL          THEN 'date_not_recorded'
            ELSE                                         'removed_or_wiped'
       END AS reason
  FROM subject AS s
  JOIN reg_repair AS r ON r.row_id = s.subject_id
