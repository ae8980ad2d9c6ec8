-- One row per unit: malware protection at the gateway, a spam filter where the unit runs mail, licences in date.
WITH t AS (
  SELECT s.subject_id, o.tool_name AS name, has(o.kinds, 'gateway_malware') AS is_gateway, has(o.kinds, 'anti_spam') AS is_spam,
         COALESCE(c.valid_until < s.today, false) AS is_expired
    FROM subject AS s
    JOIN reg_security_tool AS o ON o.unit_id = s.unit_id AND o.deployed_on <= s.today
     AND (o.ended_on IS NULL OR o.ended_on > s.today)
    LEFT JOIN reg_licence AS c ON c.row_id = o.licence
   UNION ALL
  SELECT s.subject_id, n.device_name, has(n.functions, 'anti_malware'), has(n.functions, 'anti_spam'), false
    FROM subject AS s
    JOIN reg_network_device AS n ON n.unit_id = s.unit_id AND n.in_use_from <= s.today
     AND (n.retired_on IS NULL OR n.retired_on > s.today)
), u AS (
  SELECT t.subject_id, string_agg(CASE WHEN t.is_gateway AND NOT t.is_expired THEN t.name END, ', ' ORDER BY t.name) AS gateway,
         string_agg(CASE WHEN t.is_spam AND NOT t.is_expired THEN t.name END, ', ' ORDER BY t.name) AS spam,
         string_agg(CASE WHEN t.is_expired AND (t.is_gateway OR t.is_spam) THEN t.name END, ', ' ORDER BY t.name) AS expired
    FROM t GROUP BY t.subject_id
), m AS (
  SELECT s.subject_id, string_agg(y.system_name, ', ' ORDER BY y.system_name) AS mail
    FROM subject AS s JOIN reg_system AS y ON y.unit_id = s.unit_id AND y.catalogue = 'mail' AND NOT COALESCE(y.is_shared_province, false)
     AND (y.stage = 'operating' OR (y.stage = 'trial' AND y.went_live_on <= s.today))
     AND (y.stopped_on IS NULL OR y.stopped_on > s.today)
   GROUP BY s.subject_id
), f AS (SELECT subject_id, has(complete_registers, 'security_tool') AND has(complete_registers, 'network_device') AS is_whole FROM subject)
SELECT f.subject_id, u.gateway, u.spam, u.expired, m.mail,
       CASE WHEN u.gateway IS NOT NULL AND m.mail IS NULL     THEN 'ok_no_mail'
            WHEN u.gateway IS NOT NULL AND u.spam IS NOT NULL THEN 'ok'
            WHEN u.expired IS NOT NULL                        THEN 'licence_expired'
            WHEN u.gateway IS NULL THEN CASE WHEN f.is_whole THEN 'no_gateway' ELSE 'gateway_not_recorded' END
            ELSE CASE WHEN f.is_whole THEN 'no_spam_filter' ELSE 'spam_filter_not_recorded' END END AS reason
  FROM f LEFT JOIN u ON u.subject_id = f.subject_id LEFT JOIN m ON m.subject_id = f.subject_id
