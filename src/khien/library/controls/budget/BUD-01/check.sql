-- One row per unit: this year's plan with the most settled security money, anti-malware cover and project costs.
WITH l AS (
    SELECT DISTINCT s.unit_id
      FROM subject AS s JOIN reg_licence AS l ON l.unit_id = s.unit_id AND l.is_antivirus
       AND (l.valid_until IS NULL AND l.kind IN ('perpetual', 'open') OR EXTRACT(YEAR FROM l.valid_until) > EXTRACT(YEAR FROM s.today)
         OR l.valid_until = CAST(concat(CAST(EXTRACT(YEAR FROM s.today) AS VARCHAR), '-12-31') AS DATE))
), j AS (
    SELECT s.unit_id, string_agg(j.title, ', ' ORDER BY j.title) AS projects
      FROM subject AS s JOIN reg_project AS j ON j.unit_id = s.unit_id AND j.kind = 'project' AND j.cost IS NULL
       AND j.year = EXTRACT(YEAR FROM s.today) AND COALESCE(j.status, '') <> 'refused'
     GROUP BY s.unit_id
), b AS (
    SELECT s.subject_id, b.title, b.security_amount, b.approved_on, d.number, b.row_number AS line,
           CASE WHEN b.security_amount IS NULL THEN 'amount_not_recorded'
                WHEN b.security_amount <= 0    THEN 'no_money'
                WHEN b.approved_on IS NULL OR b.approved_on > s.today
                     THEN CASE WHEN EXTRACT(MONTH FROM s.today) > 3 THEN 'not_approved' ELSE 'awaiting_approval' END
                WHEN d.row_id IS NULL          THEN 'decision_not_filed'
                WHEN COALESCE(b.antivirus_amount, 0) <= 0 AND l.unit_id IS NULL THEN 'antivirus_not_recorded'
                WHEN j.unit_id IS NOT NULL     THEN 'project_cost_missing'
                ELSE 'budgeted' END AS state
      FROM subject AS s JOIN reg_budget AS b ON b.unit_id = s.unit_id AND b.scope = 'yearly_it_plan'
                                            AND b.year = EXTRACT(YEAR FROM s.today)
      LEFT JOIN reg_document AS d ON d.row_id = b.decision
      LEFT JOIN l ON l.unit_id = s.unit_id LEFT JOIN j ON j.unit_id = s.unit_id
), best AS (
    SELECT b.*, row_number() OVER (PARTITION BY b.subject_id ORDER BY CASE b.state WHEN 'budgeted' THEN 1
           WHEN 'no_money' THEN 4 WHEN 'not_approved' THEN 3 ELSE 2 END, b.line) AS place FROM b
)
SELECT s.subject_id, b.title, b.security_amount, b.approved_on, b.number, j.projects,
       COALESCE(b.state, CASE WHEN has(s.complete_registers, 'budget') THEN 'no_budget' ELSE 'not_recorded' END) AS reason
  FROM subject AS s LEFT JOIN best AS b ON b.subject_id = s.subject_id AND b.place = 1 LEFT JOIN j ON j.unit_id = s.unit_id
