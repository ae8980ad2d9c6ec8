-- One row per plan or project: the security share of its IT money against the rulebook's percentage, or its exemption.
SELECT s.subject_id, b.title, b.it_amount, b.security_amount,
       CASE WHEN b.year + CASE b.scope WHEN 'five_year_plan' THEN 4 ELSE 0 END < EXTRACT(YEAR FROM s.today) THEN 'past'
            WHEN s.scope IS NOT NULL AND NOT has(s.scope, CASE b.scope WHEN 'yearly_it_plan' THEN 'yearly IT plan'
                                                                       WHEN 'five_year_plan' THEN '5-year plan'
                                                                       ELSE 'IT projects' END) THEN 'scope_not_bound'
            WHEN b.it_amount > 0 AND b.security_amount * 100 >= s.budget_share_min_pct * b.it_amount THEN 'enough'
            WHEN b.has_exemption AND b.exemption_reason IS NOT NULL AND d.row_id IS NOT NULL THEN 'exempt'
            WHEN b.has_exemption                                         THEN 'exemption_incomplete'
            WHEN b.it_amount IS NULL OR b.it_amount <= 0
              OR b.security_amount IS NULL                               THEN 'amounts_not_recorded'
            WHEN s.budget_share_min_pct IS NULL                          THEN 'enough'
            ELSE                                                              'too_little'
       END AS reason
  FROM subject AS s
  JOIN reg_budget AS b ON b.row_id = s.subject_id
  LEFT JOIN reg_document AS d ON d.row_id = b.exemption_paper
