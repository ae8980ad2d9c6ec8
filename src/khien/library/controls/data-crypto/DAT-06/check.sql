-- One row per system: the best data-loss prevention tool that protects it.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
tool AS (
    SELECT t.subject_id, x.tool_name, x.checked_on,
           CASE WHEN x.ended_on <= t.day THEN 4
                WHEN l.valid_until < t.day OR c.valid_until < t.day OR c.ended_on <= t.day THEN 3
                WHEN COALESCE(x.checked_on > t.day OR date_add(x.checked_on, to_months(12)) < t.day, true)
                THEN 2
                ELSE 1
           END AS place
      FROM today AS t
      JOIN reg_security_tool AS x ON x.unit_id = t.unit_id AND COALESCE(x.system = t.subject_id, x.system IS NULL)
       AND has(x.kinds, 'dlp') AND x.deployed_on <= t.day
      LEFT JOIN reg_licence AS l ON l.row_id = x.licence
      LEFT JOIN reg_contract AS c ON c.row_id = x.contract
), best AS (
    SELECT tool.*, row_number() OVER (PARTITION BY subject_id ORDER BY place, tool_name) AS n FROM tool
)
SELECT t.subject_id, y.system_name, b.tool_name, b.checked_on,
       CASE WHEN y.stopped_on <= t.day
              OR COALESCE(NOT (y.stage = 'operating' OR (y.stage = 'trial' AND y.went_live_on <= t.day)), true)
                                                                THEN 'not_operating'
            WHEN b.place = 1                                    THEN 'protected'
            WHEN b.place = 2                                    THEN 'check_old'
            WHEN b.place = 3                                    THEN 'paper_expired'
            WHEN b.place = 4                                    THEN 'given_up'
            WHEN has(t.complete_registers, 'security_tool')     THEN 'no_tool'
            ELSE                                                     'tool_not_recorded'
       END AS reason
  FROM today AS t
  JOIN reg_system AS y ON y.row_id = t.subject_id
  LEFT JOIN best AS b ON b.subject_id = t.subject_id AND b.n = 1
