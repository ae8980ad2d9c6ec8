-- One row per person: the newest statement of each control they signed themselves, and violations not yet closed.
-- The general undertaking (CON-01) stands in for it. Logs of logins are not read here.
WITH told AS (
  SELECT s.subject_id, upper(trim(t.control)) AS control, t.stated_on, t.said, t.valid_until,
         CASE WHEN t.stated_by = t.subject_person AND t.kind = 'acknowledgement' THEN 1 ELSE 0 END AS is_own
    FROM subject AS s JOIN reg_statement AS t ON t.subject_person = s.subject_id AND t.stated_on <= s.today
     AND upper(trim(t.control)) IN ('ACC-07', 'CON-01')
), newest AS (
  SELECT subject_id, control, max(stated_on) AS stated_on FROM told GROUP BY subject_id, control
), said AS (
  SELECT t.subject_id, t.control, t.stated_on, max(t.valid_until) AS valid_until, max(t.is_own) AS is_own,
         max(CASE t.said WHEN 'not_met' THEN 2 WHEN 'partly' THEN 1 ELSE 0 END) AS worst
    FROM told AS t JOIN newest AS n ON n.subject_id = t.subject_id AND n.control = t.control AND n.stated_on = t.stated_on
   GROUP BY t.subject_id, t.control, t.stated_on
), breach AS (
  SELECT s.subject_id, min(v.found_on) AS found_on,
         max(CASE WHEN upper(v.rule) LIKE '%ACC-07%' THEN 1 ELSE 0 END) AS is_this
    FROM subject AS s JOIN reg_violation AS v ON v.person = s.subject_id AND v.found_on <= s.today
     AND (v.closed_on IS NULL OR v.closed_on > s.today)
   GROUP BY s.subject_id
)
SELECT s.subject_id, p.full_name, COALESCE(d.stated_on, g.stated_on) AS stated_on,
       COALESCE(d.valid_until, g.valid_until) AS valid_until, b.found_on, g.stated_on AS general_on,
       CASE WHEN p.left_on <= s.today OR p.started_on > s.today THEN 'not_working_here'
            WHEN b.is_this = 1 THEN 'violation_open'
            WHEN d.worst = 2 AND d.valid_until >= s.today THEN 'said_not'
            WHEN b.is_this = 0 THEN 'other_violation_open'
            WHEN d.worst = 0 AND d.is_own = 1 AND d.valid_until >= s.today THEN 'undertaken'
            WHEN g.worst = 0 AND g.is_own = 1 AND g.valid_until >= s.today AND COALESCE(d.worst, 0) = 0 THEN 'undertaken_in_general'
            WHEN d.stated_on IS NULL AND g.stated_on IS NULL THEN 'not_signed'
            WHEN COALESCE(d.valid_until, g.valid_until) < s.today THEN 'expired'
            WHEN COALESCE(d.worst, g.worst) > 0 THEN 'said_partly'
            ELSE 'not_signed_by_them' END AS reason
  FROM subject AS s JOIN reg_person AS p ON p.row_id = s.subject_id
  LEFT JOIN said AS d ON d.subject_id = s.subject_id AND d.control = 'ACC-07'
  LEFT JOIN said AS g ON g.subject_id = s.subject_id AND g.control = 'CON-01'
  LEFT JOIN breach AS b ON b.subject_id = s.subject_id
