-- One row per unit: its signed plans in force, and the owners, due dates and delays of their tasks.
WITH d AS (
    SELECT s.unit_id, s.today, d.row_id, d.title
      FROM subject AS s
      JOIN reg_document AS d ON d.unit_id = s.unit_id AND d.is_approved AND COALESCE(d.signer, d.signer_person) IS NOT NULL
       AND d.issued_on <= s.today AND (d.in_force_from IS NULL OR d.in_force_from <= s.today)
       AND (d.valid_until IS NULL OR d.valid_until >= s.today)
       AND (d.kind = 'implementation_plan'
         OR d.kind = 'yearly_plan' AND (d.valid_until IS NOT NULL OR EXTRACT(YEAR FROM s.today)
                                        = EXTRACT(YEAR FROM COALESCE(d.in_force_from, d.issued_on))))
), p AS (
    SELECT d.unit_id, string_agg(d.title, ', ' ORDER BY d.title) AS plans FROM d GROUP BY d.unit_id
), t AS (
    SELECT d.unit_id, count(*) AS task_count,
           string_agg(CASE WHEN t.due_on < d.today
                            AND (t.finished_on IS NULL OR t.finished_on > d.today) THEN t.task END,
                      ', ' ORDER BY t.task) AS overdue_tasks,
           string_agg(CASE WHEN t.due_on IS NULL OR COALESCE(t.division, t.person) IS NULL THEN t.task END,
                      ', ' ORDER BY t.task) AS incomplete_tasks
      FROM d JOIN reg_plan_task AS t ON t.plan = d.row_id
     GROUP BY d.unit_id
)
SELECT s.subject_id, p.plans, t.task_count, t.overdue_tasks, t.incomplete_tasks,
       CASE WHEN p.unit_id IS NULL AND has(s.complete_registers, 'document') THEN 'no_plan'
            WHEN p.unit_id IS NULL              THEN 'plan_not_recorded'
            WHEN t.unit_id IS NULL              THEN 'no_tasks'
            WHEN t.overdue_tasks IS NOT NULL    THEN 'task_overdue'
            WHEN t.incomplete_tasks IS NOT NULL THEN 'task_incomplete'
            ELSE 'on_schedule' END AS reason
  FROM subject AS s LEFT JOIN p ON p.unit_id = s.unit_id LEFT JOIN t ON t.unit_id = s.unit_id
