-- One row per unit: the internal rules in force (or the newest ones), and the two papers beside them.
WITH d AS (
    SELECT s.subject_id, d.kind, d.title, d.number, d.issued_on, d.valid_until, d.covers, d.row_number AS line,
           CASE WHEN NOT d.is_approved                                THEN 'rules_unsigned'
                WHEN d.valid_until < s.today            THEN 'rules_ended'
                WHEN COALESCE(d.signer, d.signer_person) IS NULL      THEN 'signer_not_recorded'
                WHEN d.issued_on > s.today
                  OR d.in_force_from > s.today          THEN 'not_yet_in_force'
                ELSE                                                       'live'
           END AS state
      FROM subject AS s
      JOIN reg_document AS d ON d.unit_id = s.unit_id AND d.kind IN ('internal_rules', 'internal_procedure', 'access_rules')
), u AS (
    SELECT d.subject_id, count(DISTINCT CASE WHEN d.kind <> 'internal_rules' THEN d.kind END) AS others,
           count(CASE WHEN has(d.covers, 'users') THEN 1 END) AS users,
           count(CASE WHEN has(d.covers, 'managers') THEN 1 END) AS managers,
           count(CASE WHEN has(d.covers, 'operators') THEN 1 END) AS operators
      FROM d WHERE d.state = 'live' GROUP BY d.subject_id
), best AS (
    SELECT d.*, row_number() OVER (PARTITION BY d.subject_id ORDER BY CASE d.state WHEN 'live' THEN 1 ELSE 2 END,
                                   d.issued_on DESC, d.line DESC) AS place
      FROM d WHERE d.kind = 'internal_rules'
)
SELECT s.subject_id, b.title, b.number, b.issued_on, b.valid_until,
       CASE WHEN b.state <> 'live' THEN b.state
            WHEN b.state IS NULL AND has(s.complete_registers, 'document') THEN 'no_rules'
            WHEN b.state IS NULL THEN 'rules_not_recorded'
            WHEN u.users = 0 OR u.managers = 0 OR u.operators = 0 THEN 'roles_not_covered'
            WHEN u.others < 2 THEN 'others_not_recorded' ELSE 'issued' END AS reason
  FROM subject AS s
  LEFT JOIN best AS b ON b.subject_id = s.subject_id AND b.place = 1 LEFT JOIN u ON u.subject_id = s.subject_id
