-- One row per unit: the newest review of the rule, against the rulebook's months; rules newer than that wait.
WITH e AS (
    SELECT d.unit_id, CASE WHEN d.kind = 'rule_review' THEN d.issued_on ELSE d.reviewed_on END AS reviewed_on,
           CASE WHEN d.kind = 'internal_rules' THEN d.issued_on END AS rules_on
      FROM reg_document AS d WHERE d.kind IN ('rule_review', 'internal_rules') AND d.is_approved
    UNION ALL
    SELECT c.unit_id, c.done_on, CAST(NULL AS DATE) FROM reg_check_round AS c WHERE c.kind = 'rule_review'
), u AS (
    SELECT s.unit_id, max(CASE WHEN e.reviewed_on <= s.today THEN e.reviewed_on END) AS reviewed_on,
           max(CASE WHEN e.rules_on <= s.today THEN e.rules_on END) AS rules_on,
           date_add(s.today, to_months(-CAST(s.rule_review_months AS INTEGER))) AS earliest
      FROM subject AS s LEFT JOIN e ON e.unit_id = s.unit_id
     GROUP BY s.unit_id, s.today, s.rule_review_months
)
SELECT s.subject_id, u.reviewed_on, u.rules_on,
       CASE WHEN u.reviewed_on >= u.earliest                                  THEN 'in_time'
            WHEN u.reviewed_on IS NOT NULL AND s.rule_review_months IS NULL   THEN 'in_time'
            WHEN u.rules_on >= u.earliest                                     THEN 'rules_still_new'
            WHEN u.reviewed_on IS NOT NULL                                    THEN 'overdue'
            WHEN u.rules_on < u.earliest AND has(s.complete_registers, 'document')
             AND has(s.complete_registers, 'check_round')                     THEN 'never_reviewed'
            ELSE                                                                   'review_not_recorded'
       END AS reason
  FROM subject AS s
  JOIN u ON u.unit_id = s.unit_id
