-- One row per system in operation: watched objects that are connected, and a monitoring tool, own or hired under a contract in date.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
watched AS (
    SELECT t.subject_id, min(CASE WHEN COALESCE(o.ended_on > t.day, true) THEN o.connected_on END) AS connected_on, max(o.ended_on) AS ended_on
      FROM today AS t JOIN reg_monitored_object AS o ON o.system = t.subject_id AND o.connected_on <= t.day
     GROUP BY t.subject_id
), tools AS (
    SELECT t.subject_id, max(g.tool_name) AS tool,
           max(CASE WHEN g.mode = 'own' OR COALESCE(c.valid_until >= t.day AND COALESCE(c.ended_on > t.day, true), false) THEN 1 ELSE 0 END) AS is_live,
           max(CASE WHEN g.mode = 'hired' AND COALESCE(c.ended_on, c.valid_until) < t.day THEN COALESCE(c.ended_on, c.valid_until) END) AS expired_on
      FROM today AS t
      JOIN reg_security_tool AS g ON g.unit_id = t.unit_id AND COALESCE(g.system = t.subject_id, true) AND has(g.kinds, 'monitoring')
       AND g.deployed_on <= t.day AND COALESCE(g.ended_on > t.day, true)
      LEFT JOIN reg_contract AS c ON c.row_id = g.contract
     GROUP BY t.subject_id
)
SELECT t.subject_id, y.system_name, g.tool, w.connected_on, w.ended_on, g.expired_on,
       CASE WHEN y.stage = 'stopped' OR y.stopped_on <= t.day
              OR COALESCE(NOT (y.stage = 'operating' OR (y.stage = 'trial' AND y.went_live_on <= t.day)), true) THEN 'not_operating'
            WHEN g.is_live = 0 AND g.expired_on IS NOT NULL                                                THEN 'contract_expired'
            WHEN w.connected_on IS NULL AND w.ended_on IS NOT NULL                                         THEN 'no_longer_watched'
            WHEN g.is_live = 1 AND w.connected_on IS NOT NULL                                              THEN 'watched'
            WHEN g.subject_id IS NULL AND has(t.complete_registers, 'security_tool')                       THEN 'no_tool'
            WHEN w.connected_on IS NULL AND has(t.complete_registers, 'monitored_object')                  THEN 'not_watched'
            ELSE                                                                                                'not_recorded'
       END AS reason
  FROM today AS t
  JOIN reg_system AS y ON y.row_id = t.subject_id
  LEFT JOIN watched AS w ON w.subject_id = t.subject_id
  LEFT JOIN tools AS g ON g.subject_id = t.subject_id
