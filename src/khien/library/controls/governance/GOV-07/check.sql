-- One row per unit: its newest inspection or follow-up, and violations found over 30 days ago without an outcome.
WITH e AS (
    SELECT a.unit_id, a.done_on AS done_on FROM reg_assessment AS a WHERE a.kind IN ('inspection', 'follow_up')
    UNION ALL
    SELECT d.unit_id, d.issued_on FROM reg_document AS d
     WHERE d.kind IN ('inspection_record', 'evaluation_record') AND d.is_approved
), i AS (
    SELECT s.unit_id, max(e.done_on) AS inspected_on
      FROM subject AS s JOIN e ON e.unit_id = s.unit_id AND e.done_on <= s.today
     GROUP BY s.unit_id
), v AS (
    SELECT s.unit_id, string_agg(v.act, ', ' ORDER BY v.found_on, v.act) AS open_acts
      FROM subject AS s
      JOIN reg_violation AS v ON v.unit_id = s.unit_id AND v.outcome IS NULL
       AND (v.closed_on IS NULL OR v.closed_on > s.today)
       AND date_diff('day', v.found_on, s.today) > 30
     GROUP BY s.unit_id
)
SELECT s.subject_id, i.inspected_on, v.open_acts,
       CASE WHEN v.unit_id IS NOT NULL THEN 'violation_open'
            WHEN i.unit_id IS NULL     THEN 'none_recorded'
            WHEN date_add(i.inspected_on, to_months(12)) < s.today THEN 'inspection_old'
            ELSE                            'inspected'
       END AS reason
  FROM subject AS s
  LEFT JOIN i ON i.unit_id = s.unit_id
  LEFT JOIN v ON v.unit_id = s.unit_id
