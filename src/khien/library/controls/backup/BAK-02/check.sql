-- One row per unit: the backup list covers the kinds of content required, and no required field is empty.
WITH p AS (
  SELECT s.subject_id, p.item, p.kind,
         (has(s.fields, 'retention') AND p.retention_months IS NULL)
           OR (has(s.fields, 'schedule') AND p.schedule IS NULL)
           OR (has(s.fields, 'method') AND p.method IS NULL)
           OR (has(s.fields, 'restore_test') AND p.restore_test_months IS NULL)
           OR (has(s.fields, 'frequency') AND p.frequency IS NULL)
           OR (has(s.fields, 'media') AND p.media IS NULL)
           OR (has(s.fields, 'place') AND p.place IS NULL)
           OR (has(s.fields, 'storage_method') AND p.storage_method IS NULL)
           OR (has(s.fields, 'retrieval_method') AND p.retrieval_method IS NULL) AS is_incomplete,
         COALESCE(has(s.scope, p.kind), false) AS is_asked
    FROM subject AS s
    JOIN reg_backup_plan AS p ON p.unit_id = s.unit_id AND p.started_on <= s.today
     AND (p.ended_on IS NULL OR p.ended_on > s.today)
), u AS (
  SELECT p.subject_id, count(*) AS items, count(DISTINCT p.kind) AS kinds,
         count(DISTINCT CASE WHEN p.is_asked THEN p.kind END) AS covered,
         string_agg(CASE WHEN p.is_incomplete THEN p.item END, ', ' ORDER BY p.item) AS incomplete
    FROM p GROUP BY p.subject_id
), v AS (
  SELECT s.subject_id, s.scope, u.items, u.kinds, u.covered, u.incomplete, has(s.complete_registers, 'backup_plan') AS is_whole
    FROM subject AS s LEFT JOIN u ON u.subject_id = s.subject_id
)
SELECT v.subject_id, v.items, v.kinds, v.incomplete,
       CASE WHEN v.items IS NULL              THEN CASE WHEN v.is_whole THEN 'no_plan' ELSE 'plan_not_recorded' END
            WHEN v.incomplete IS NOT NULL     THEN CASE WHEN v.is_whole THEN 'fields_empty' ELSE 'fields_not_recorded' END
            WHEN v.covered < length(v.scope)  THEN CASE WHEN v.is_whole THEN 'kinds_missing' ELSE 'kinds_not_recorded' END
            ELSE                                   'ok'
       END AS reason
  FROM v
