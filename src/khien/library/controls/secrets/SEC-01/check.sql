-- One row per person: the newest valid statement, unless an open violation or a machine contradicts it.
WITH told AS (
SELECT s.subject_id, t.said, t.stated_on, t.valid_until,
       row_number() OVER (PARTITION BY s.subject_id ORDER BY t.stated_on DESC, t.row_number DESC) AS place
  FROM subject AS s
  JOIN reg_statement AS t ON COALESCE(t.subject_person, t.stated_by) = s.subject_id
                         AND s.today BETWEEN t.stated_on AND t.valid_until
                         AND (t.control = 'SEC-01' OR (t.control = 'CON-01' AND lower(t."text") LIKE '%bí mật nhà nước%'))
), broken AS (
SELECT s.subject_id, min(v.act) AS act
  FROM subject AS s
  JOIN reg_violation AS v ON v.person = s.subject_id AND v.found_on <= s.today
                         AND (v.closed_on IS NULL OR v.closed_on > s.today)
                         AND lower(v.act || ' ' || COALESCE(v.rule, '')) LIKE '%mật nhà nước%'
 GROUP BY s.subject_id
), online AS (
SELECT s.subject_id, min(m.machine_name) AS machine_name
  FROM subject AS s
  JOIN reg_secret_machine AS m ON m.keeper = s.subject_id AND (m.disposed_on IS NULL OR m.disposed_on > s.today)
  JOIN interface AS i ON i.host_id = m.host AND i.is_up AND NOT i.is_loopback AND NOT COALESCE(i.is_virtual, false)
                     AND (i.ipv4 IS NOT NULL OR i.ipv6 IS NOT NULL)
 GROUP BY s.subject_id
)
SELECT s.subject_id, p.full_name, t.stated_on, t.valid_until, b.act, o.machine_name,
       CASE WHEN p.left_on <= s.today OR p.started_on > s.today THEN 'not_current'
            WHEN b.act IS NOT NULL          THEN 'violation'
            WHEN o.machine_name IS NOT NULL THEN 'machine_online'
            WHEN t.said = 'not_met'         THEN 'stated_not_met'
            WHEN t.said = 'partly'          THEN 'partly'
            WHEN t.said = 'met'             THEN 'stated'
            ELSE                                 'not_stated'
       END AS reason
  FROM subject AS s JOIN reg_person AS p ON p.row_id = s.subject_id LEFT JOIN broken AS b ON b.subject_id = s.subject_id
  LEFT JOIN told AS t ON t.subject_id = s.subject_id AND t.place = 1 LEFT JOIN online AS o ON o.subject_id = s.subject_id
