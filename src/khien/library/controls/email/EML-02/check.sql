-- One row per system: what the attachment filters of a mail system block, against the rulebook's list.
WITH f AS (
    SELECT s.subject_id, string_agg(f.tool_name, ', ' ORDER BY f.tool_name) AS tools, max(f.checked_on) AS checked_on,
           count(CASE WHEN f.blocked_types IS NULL THEN 1 END) AS blank_count,
           concat(' ', string_agg(translate(lower(f.blocked_types), '.,;/*()|', '        '), ' '), ' ') AS types
      FROM subject AS s
      JOIN reg_security_tool AS f ON f.unit_id = s.unit_id AND has(f.kinds, 'mail_filter')
       AND (f.system IS NULL OR f.system = s.subject_id) AND f.deployed_on <= s.today
       AND (f.ended_on IS NULL OR f.ended_on > s.today)
     GROUP BY s.subject_id
), e AS (
    SELECT f.subject_id, count(*) AS known,
           string_agg(CASE WHEN f.types NOT LIKE concat('% ', m.ext, ' %') THEN m.ext END, ', ' ORDER BY m.ext) AS missing
      FROM f JOIN subject AS s ON s.subject_id = f.subject_id
      JOIN (SELECT 'com' AS ext UNION ALL SELECT 'bat' UNION ALL SELECT 'exe') AS m ON has(s.blocked, m.ext)
     GROUP BY f.subject_id
)
SELECT s.subject_id, y.system_name, f.tools, f.checked_on, e.missing,
       CASE WHEN y.catalogue <> 'mail' OR y.stage NOT IN ('operating', 'trial') OR y.stopped_on <= s.today
              OR y.went_live_on > s.today THEN 'not_mail'
            WHEN f.subject_id IS NULL AND s.unit_id IN (SELECT d.unit_id FROM reg_document AS d
                                                         WHERE d.kind = 'mail_rules' AND d.is_approved) THEN 'rules_only'
            WHEN f.subject_id IS NULL AND has(s.complete_registers, 'security_tool') THEN 'no_filter'
            WHEN f.subject_id IS NULL                                                THEN 'filter_not_recorded'
            WHEN e.missing IS NOT NULL AND f.blank_count = 0                         THEN 'type_let_through'
            WHEN f.types IS NULL OR f.blank_count > 0 AND e.missing IS NOT NULL      THEN 'types_not_recorded'
            WHEN COALESCE(e.known, 0) < length(s.blocked)                            THEN 'type_not_known'
            WHEN f.checked_on IS NULL OR f.checked_on > s.today
              OR date_add(f.checked_on, to_months(12)) < s.today       THEN 'not_checked'
            ELSE 'blocked' END AS reason
  FROM subject AS s JOIN reg_system AS y ON y.row_id = s.subject_id
  LEFT JOIN f ON f.subject_id = s.subject_id LEFT JOIN e ON e.subject_id = s.subject_id
