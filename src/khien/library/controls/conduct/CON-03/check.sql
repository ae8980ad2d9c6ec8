-- One row per person: the newest undertaking (CON-03 or CON-01), devices signed for, and violations not yet closed.
WITH told AS (
  SELECT s.subject_id, t.stated_on, t.said, t.valid_until, CASE WHEN t.stated_by = t.subject_person THEN 1 ELSE 0 END AS is_own
    FROM subject AS s
    JOIN reg_statement AS t ON t.subject_person = s.subject_id AND t.stated_on <= s.today
     AND upper(trim(t.control)) IN ('CON-03', 'CON-01')
), newest AS (
  SELECT subject_id, max(stated_on) AS stated_on FROM told GROUP BY subject_id
), said AS (
  SELECT t.subject_id, t.stated_on, max(t.valid_until) AS valid_until, max(t.is_own) AS is_own,
         max(CASE t.said WHEN 'not_met' THEN 2 WHEN 'partly' THEN 1 ELSE 0 END) AS worst
    FROM told AS t JOIN newest AS n ON n.subject_id = t.subject_id AND n.stated_on = t.stated_on
   GROUP BY t.subject_id, t.stated_on
), breach AS (
  SELECT s.subject_id, min(v.found_on) AS found_on
    FROM subject AS s JOIN reg_violation AS v ON v.person = s.subject_id AND v.found_on <= s.today
     AND (v.closed_on IS NULL OR v.closed_on > s.today)
   GROUP BY s.subject_id
), device AS (
  SELECT s.subject_id, count(*) AS devices, string_agg(CASE WHEN e.handed_over_on IS NULL OR e.handed_over_on > s.today THEN e.endpoint_name END, ', ' ORDER BY e.endpoint_name) AS unsigned
    FROM subject AS s JOIN reg_endpoint AS e ON e.holder = s.subject_id AND NOT COALESCE(e.is_personal, false)
     AND (e.retired_on IS NULL OR e.retired_on > s.today)
   GROUP BY s.subject_id
)
SELECT s.subject_id, p.full_name, d.stated_on, d.valid_until, b.found_on, COALESCE(e.devices, 0) AS devices, e.unsigned,
       CASE WHEN p.left_on <= s.today OR p.started_on > s.today THEN 'not_working_here'
            WHEN b.found_on IS NOT NULL THEN 'violation_open'
            WHEN d.worst = 2 AND d.valid_until >= s.today THEN 'said_not'
            WHEN e.unsigned IS NOT NULL THEN CASE WHEN has(s.complete_registers, 'endpoint') THEN 'device_not_signed_for' ELSE 'handover_not_recorded' END
            WHEN d.stated_on IS NULL THEN 'not_signed'
            WHEN d.valid_until < s.today THEN 'expired'
            WHEN d.worst = 1 THEN 'said_partly'
            WHEN d.is_own = 0 THEN 'not_signed_by_them'
            WHEN e.devices IS NULL AND NOT has(s.complete_registers, 'endpoint') THEN 'devices_not_listed'
            ELSE 'undertaken' END AS reason
  FROM subject AS s JOIN reg_person AS p ON p.row_id = s.subject_id
  LEFT JOIN said AS d ON d.subject_id = s.subject_id LEFT JOIN breach AS b ON b.subject_id = s.subject_id
  LEFT JOIN device AS e ON e.subject_id = s.subject_id
