-- One row per unit: the newest check of mailboxes, of the mail system checked longest ago where there are several.
WITH t AS (
    SELECT s.unit_id, s.today, y.row_id
      FROM subject AS s
      LEFT JOIN reg_system AS y ON y.unit_id = s.unit_id AND y.catalogue = 'mail' AND y.stage IN ('operating', 'trial')
       AND (y.went_live_on IS NULL OR y.went_live_on <= s.today)
       AND (y.stopped_on IS NULL OR y.stopped_on > s.today)
), c AS (
    SELECT t.unit_id, t.row_id, max(c.done_on) AS checked_on
      FROM t
      LEFT JOIN reg_check_round AS c ON c.unit_id = t.unit_id AND c.kind = 'mailbox' AND c.done_on <= t.today
       AND (t.row_id IS NULL OR c.system IS NULL OR c.system = t.row_id)
     GROUP BY t.unit_id, t.row_id
), u AS (
    SELECT c.unit_id, min(c.checked_on) AS checked_on, count(CASE WHEN c.checked_on IS NULL THEN 1 END) AS unchecked
      FROM c
     GROUP BY c.unit_id
)
SELECT s.subject_id, u.checked_on,
       CASE WHEN date_add(u.checked_on, to_months(CAST(s.mailbox_review_months AS INTEGER))) < s.today THEN 'overdue'
            WHEN u.unchecked = 0                                THEN 'in_time'
            WHEN has(s.complete_registers, 'check_round')       THEN 'never_checked'
            ELSE                                                     'check_not_recorded'
       END AS reason
  FROM subject AS s
  JOIN u ON u.unit_id = s.unit_id
