-- One row per unit: something that finds and stops intrusion, its licence in date, looked at within the last twelve months.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
guard AS (
    SELECT t.subject_id, g.tool_name AS name, g.checked_on, l.valid_until AS licensed_until
      FROM today AS t
      JOIN reg_security_tool AS g ON g.unit_id = t.unit_id AND has(g.kinds, 'intrusion') AND g.deployed_on <= t.day
       AND COALESCE(g.ended_on > t.day, true)
      LEFT JOIN reg_licence AS l ON l.row_id = g.licence
     UNION ALL
    SELECT t.subject_id, d.device_name, greatest(COALESCE(d.hardened_on, d.firmware_checked_on), COALESCE(d.firmware_checked_on, d.hardened_on)), NULL
      FROM today AS t
      JOIN reg_network_device AS d ON d.unit_id = t.unit_id AND d.in_use_from <= t.day AND COALESCE(d.retired_on > t.day, true)
       AND (d.kind = 'intrusion' OR COALESCE(has(d.functions, 'intrusion_prevention'), false))
), found AS (
    SELECT t.subject_id, string_agg(g.name, ', ' ORDER BY g.name) AS names, max(g.checked_on) AS checked_on,
           max(CASE WHEN g.licensed_until < t.day THEN g.licensed_until END) AS expired_on,
           sum(CASE WHEN COALESCE(g.licensed_until >= t.day, true) THEN 1 ELSE 0 END) AS live,
           sum(CASE WHEN COALESCE(g.licensed_until >= t.day, true) AND date_diff('day', g.checked_on, t.day) BETWEEN 0 AND 366 THEN 1 ELSE 0 END) AS looked_at
      FROM today AS t JOIN guard AS g ON g.subject_id = t.subject_id GROUP BY t.subject_id
)
SELECT t.subject_id, f.names, f.checked_on, f.expired_on,
       CASE WHEN f.looked_at > 0                                        THEN 'guarded'
            WHEN f.live = 0                                             THEN 'licence_expired'
            WHEN f.subject_id IS NULL AND has(t.complete_registers, 'security_tool')
             AND has(t.complete_registers, 'network_device')            THEN 'none'
            WHEN f.subject_id IS NULL                                   THEN 'not_recorded'
            ELSE                                                             'not_looked_at'
       END AS reason
  FROM today AS t LEFT JOIN found AS f ON f.subject_id = t.subject_id
