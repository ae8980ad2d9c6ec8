-- One row per system: how many assets of each demanded kind its list holds today.
WITH listed AS (
SELECT s.subject_id, count(a.row_id) AS listed,
       sum(CASE WHEN a.kind = 'devices' THEN 1 ELSE 0 END) AS devices, sum(CASE WHEN a.kind = 'servers' THEN 1 ELSE 0 END) AS servers,
       sum(CASE WHEN a.kind = 'software' THEN 1 ELSE 0 END) AS software, sum(CASE WHEN a.kind = 'services' THEN 1 ELSE 0 END) AS services,
       sum(CASE WHEN a.kind = 'applications' THEN 1 ELSE 0 END) AS applications
  FROM subject AS s
  LEFT JOIN reg_asset AS a ON a.system = s.subject_id AND a.added_on <= s.today
                          AND (a.removed_on IS NULL OR a.removed_on > s.today)
 GROUP BY s.subject_id
), told AS (
SELECT s.subject_id, t.said, t.stated_on,
       row_number() OVER (PARTITION BY s.subject_id ORDER BY t.stated_on DESC, t.row_number DESC) AS place
  FROM subject AS s
  JOIN reg_statement AS t ON t.system = s.subject_id AND t.control = 'RSK-01'
                         AND s.today BETWEEN t.stated_on AND t.valid_until
)
SELECT s.subject_id, y.system_name, CAST(l.devices AS BIGINT) AS devices, CAST(l.servers AS BIGINT) AS servers, CAST(l.software AS BIGINT) AS software,
       CAST(l.services AS BIGINT) AS services, CAST(l.applications AS BIGINT) AS applications, t.stated_on,
       CASE WHEN y.stage = 'stopped' OR y.stopped_on <= s.today              THEN 'stopped'
            WHEN NOT COALESCE(y.stage = 'operating' OR y.went_live_on <= s.today, false) THEN 'not_running'
            WHEN l.listed > 0 AND NOT COALESCE((l.devices = 0 AND has(s.fields, 'devices')) OR (l.servers = 0 AND has(s.fields, 'servers'))
              OR (l.software = 0 AND has(s.fields, 'software')) OR (l.services = 0 AND has(s.fields, 'services'))
              OR (l.applications = 0 AND has(s.fields, 'applications')), false)                THEN 'complete'
            WHEN l.listed > 0 AND t.said = 'met'                                               THEN 'rest_stated'
            WHEN has(s.complete_registers, 'asset')                                            THEN 'kinds_missing'
            WHEN l.listed = 0                                                                  THEN 'none_entered'
            ELSE                                                                                    'not_complete'
       END AS reason
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
  JOIN listed AS l ON l.subject_id = s.subject_id
  LEFT JOIN told AS t ON t.subject_id = s.subject_id AND t.place = 1
