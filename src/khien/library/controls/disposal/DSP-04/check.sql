-- One row per system: its newest decommission file. Where a text names who receives the plan, consent is asked too.
WITH sent AS (
SELECT x.document, min(x.sent_on) AS sent_on
  FROM reg_dispatch AS x JOIN reg_authority AS a ON a.row_id = x.authority AND has(a.stands_for, 'ubnd_tinh') GROUP BY x.document
), item AS (
SELECT i.file, max(CASE WHEN i.section <> 'dispose' AND i.done_on > COALESCE(i.disposed_on, f.disposed_on) THEN i.asset END) AS late_asset,
       count(DISTINCT i.section) = 3 AND sum(CASE WHEN i.section <> 'dispose' AND (i.done_on IS NULL OR i.method IS NULL)
         OR i.section = 'erase_data' AND (i.content IS NULL OR i.backup_folders IS NULL) OR i.section = 'remove_software' AND i.software IS NULL
         OR i.section = 'dispose' AND i.disposal_method IS NULL THEN 1 ELSE 0 END) = 0 AS is_full
  FROM reg_decommission_item AS i JOIN reg_decommission AS f ON f.row_id = i.file GROUP BY i.file
), file AS (
SELECT f.*, t.sent_on AS plan_sent_on, i.late_asset, f.reason IS NOT NULL AND f.replacement IS NOT NULL AND c.row_id IS NOT NULL AND i.is_full AS is_full,
       NOT f.is_hosted OR (q.row_id IS NOT NULL AND k.row_id IS NOT NULL) AS is_deleted,
       row_number() OVER (PARTITION BY f.system ORDER BY f.started_on DESC) AS place
  FROM reg_decommission AS f LEFT JOIN sent AS t ON t.document = f.plan
  LEFT JOIN item AS i ON i.file = f.row_id LEFT JOIN reg_document AS c ON c.row_id = f.consent
  LEFT JOIN reg_document AS q ON q.row_id = f.deletion_request LEFT JOIN reg_document AS k ON k.row_id = f.deletion_confirmation
)
SELECT s.subject_id, y.system_name, y.stopped_on, f.started_on, f.plan_sent_on AS sent_on, f.consented_on, f.archived_on, f.disposed_on, f.late_asset,
       CASE WHEN f.row_id IS NULL AND NOT COALESCE(y.stage = 'stopped' OR y.stopped_on <= s.today, false) THEN 'in_use'
            WHEN f.row_id IS NULL AND has(s.complete_registers, 'decommission') AND y.stopped_on <= s.today
             AND y.stopped_on >= s.in_force_since                                           THEN 'no_file'
            WHEN f.row_id IS NULL                                                           THEN 'file_not_recorded'
            WHEN s.recipient IS NULL AND f.archived_on > f.disposed_on                      THEN 'archived_late'
            WHEN s.recipient IS NULL AND f.recovered_on <= s.today AND f.archived_on <= s.today
             AND f.archive_place IS NOT NULL AND f.is_deleted                               THEN 'complete'
            WHEN s.recipient IS NULL                                                        THEN 'unfinished'
            WHEN f.plan_sent_on > f.disposed_on OR f.consented_on > f.disposed_on           THEN 'disposed_too_early'
            WHEN f.late_asset IS NOT NULL                                                   THEN 'erased_late'
            WHEN f.disposed_on <= s.today AND f.consent IS NULL AND f.consented_on IS NULL
             AND has(s.complete_registers, 'decommission')                                  THEN 'no_consent'
            WHEN f.is_full AND f.plan_sent_on <= s.today AND f.consented_on <= s.today THEN 'complete'
            ELSE                                                                                 'unfinished'
       END AS reason
  FROM subject AS s JOIN reg_system AS y ON y.row_id = s.subject_id LEFT JOIN file AS f ON f.system = s.subject_id AND f.place = 1
