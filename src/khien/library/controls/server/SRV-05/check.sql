-- One row per server: the best integrity tool (a letter orders the answers), and rights on the watched files.
WITH t AS (
    SELECT host_id, COALESCE(name, '?') AS label,
           CASE WHEN has_database = false                                      THEN 'd_no_baseline'
                WHEN scheduled OR running THEN CASE WHEN has_database THEN 'a_checked' ELSE 'b_tool_not_read' END
                WHEN scheduled IS NULL                                         THEN 'b_tool_not_read'
                WHEN running IS NULL AND lower(name) IN ('wazuh', 'osquery', 'samhain', 'ossec')
                                                                               THEN 'b_tool_not_read'
                ELSE                                                                'c_not_scheduled'
           END AS answer
      FROM integrity_tool
     WHERE COALESCE(installed, true)
), best AS (
    SELECT host_id, min(answer) AS answer FROM t GROUP BY host_id
), f AS (
    SELECT b.host_id, b.answer, string_agg(t.label, ', ' ORDER BY t.label) AS tools
      FROM best AS b JOIN t ON t.host_id = b.host_id AND t.answer = b.answer
     GROUP BY b.host_id, b.answer
), c AS (
    SELECT host_id, string_agg(CASE WHEN is_as_expected = false THEN path END, ', ' ORDER BY path) AS wide,
           string_agg(CASE WHEN is_as_expected IS NULL THEN path END, ', ' ORDER BY path) AS unread
      FROM critical_file GROUP BY host_id
)
SELECT s.host_id, f.tools, c.wide AS wide_paths, COALESCE(c.unread, '?') AS unread_paths,
       CASE WHEN c.wide IS NOT NULL                                  THEN 'rights_too_wide'
            WHEN f.answer IS NULL                                    THEN 'no_tool'
            WHEN f.answer <> 'a_checked'                             THEN substring(f.answer, 3)
            WHEN c.host_id IS NULL OR c.unread IS NOT NULL           THEN 'rights_not_read'
            ELSE                                                          'checked'
       END AS reason
  FROM subject AS s LEFT JOIN f ON f.host_id = s.host_id LEFT JOIN c ON c.host_id = s.host_id
