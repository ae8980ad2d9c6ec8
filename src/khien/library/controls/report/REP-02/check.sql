-- One row per unit: of each report the due days of the last year, and the sending that belongs to each: on time within the 45
-- days before it; after that, until 45 days before the next one, late. "Before the day" means strictly before it.
WITH asked AS (
    SELECT s.subject_id, s.today AS day, b.unit_id, b.in_force_since, b.recipient, unnest(b.due) AS due,
           CASE b.frequency WHEN 'quarterly' THEN 'quarterly_report' WHEN '6-monthly' THEN 'half_year_report' ELSE 'annual_report' END AS kind,
           CASE b.frequency WHEN 'quarterly' THEN 91 ELSE 365 END AS days_between
      FROM subject AS s JOIN binding AS b ON b.unit_id = s.unit_id AND b.due IS NOT NULL
), dated AS (
    SELECT a.*, CAST(date_add(date_trunc('year', a.day), to_months(CAST(split_part(a.due, '/', 2) AS INTEGER) - 1 - back.months))
                     + to_days(CAST(split_part(a.due, '/', 1) AS INTEGER) - 1) AS DATE) AS due_on
      FROM asked AS a CROSS JOIN (SELECT 0 AS months UNION ALL SELECT 12) AS back
), sent AS (
    SELECT d.unit_id, d.kind, n.sent_on, b.stands_for
      FROM reg_document AS d JOIN reg_dispatch AS n ON n.document = d.row_id JOIN reg_authority AS b ON b.row_id = n.authority
     WHERE d.is_approved
), periods AS (
    SELECT p.subject_id, p.kind, p.due_on, min(CASE WHEN x.sent_on < p.due_on THEN x.sent_on END) AS in_time_on, min(x.sent_on) AS sent_on
      FROM dated AS p
      LEFT JOIN sent AS x ON x.unit_id = p.unit_id AND x.kind = p.kind AND x.sent_on <= p.day AND date_diff('day', p.due_on, x.sent_on) >= -45
       AND date_diff('day', p.due_on, x.sent_on) < p.days_between - 45
       AND (has(x.stands_for, 'so_yt') AND has(p.recipient, 'Sở Y tế (qua Văn phòng Sở)') OR has(x.stands_for, 'so_ttt') AND has(p.recipient, 'Sở TT&TT'))
     WHERE p.due_on <= p.day AND date_diff('day', p.due_on, p.day) < 365 AND p.due_on > p.in_force_since
     GROUP BY p.subject_id, p.kind, p.due_on
), judged AS (
    SELECT subject_id, max(due_on) AS last_due_on, max(in_time_on) AS in_time_on, max(CASE WHEN sent_on IS NULL THEN due_on END) AS unsent_on,
           max(CASE WHEN in_time_on IS NULL AND sent_on IS NOT NULL THEN due_on END) AS late_due_on,
           max(CASE WHEN in_time_on IS NULL THEN sent_on END) AS late_on
      FROM periods GROUP BY subject_id
)
SELECT s.subject_id, COALESCE(j.unsent_on, j.late_due_on, j.last_due_on) AS due_on, COALESCE(j.late_on, j.in_time_on) AS sent_on,
       CASE WHEN j.subject_id IS NULL                                                       THEN 'not_due_yet'
            WHEN j.unsent_on IS NOT NULL AND has(s.complete_registers, 'dispatch')          THEN 'not_sent'
            WHEN j.unsent_on IS NOT NULL                                                    THEN 'not_recorded'
            WHEN j.late_due_on IS NOT NULL                                                  THEN 'late'
            ELSE 'in_time' END AS reason
  FROM subject AS s LEFT JOIN judged AS j ON j.subject_id = s.subject_id
