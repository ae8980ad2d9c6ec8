-- One row per unit: its present contact, and the newest signed notice sent to each recipient named by the texts.
WITH c AS (
    SELECT c.unit_id, max(c.started_on) AS since, string_agg(c.contact_name, ', ' ORDER BY c.contact_name) AS contacts,
           string_agg(CASE WHEN COALESCE(c.phone, c.email) IS NULL THEN c.contact_name END, ', '
                      ORDER BY c.contact_name) AS unreachable
      FROM subject AS s
      JOIN reg_contact AS c ON c.unit_id = s.unit_id AND c.kind = 'own_contact' AND c.started_on <= s.today
                           AND (c.ended_on IS NULL OR c.ended_on > s.today)
     GROUP BY c.unit_id
), r AS (
    SELECT s.unit_id, m.said, max(CASE WHEN has(b.stands_for, m.code) THEN n.sent_on END) AS sent_on
      FROM subject AS s
      JOIN (SELECT 'Sở Y tế' AS said, 'so_yt' AS code UNION ALL SELECT 'Sở TT&TT', 'so_ttt'
            UNION ALL SELECT 'Sở KH&CN', 'so_khcn') AS m ON has(s.recipients, m.said)
      LEFT JOIN reg_document AS d ON d.unit_id = s.unit_id AND d.kind = 'contact_notice' AND d.is_approved
      LEFT JOIN reg_dispatch AS n ON n.document = d.row_id AND n.sent_on <= s.today
      LEFT JOIN reg_authority AS b ON b.row_id = n.authority
     GROUP BY s.unit_id, m.said
), t AS (
    SELECT r.unit_id, count(*) AS known, max(r.sent_on) AS sent_on,
           string_agg(CASE WHEN r.sent_on IS NULL THEN r.said END, ', ' ORDER BY r.said) AS missing,
           string_agg(CASE WHEN r.sent_on < c.since THEN r.said END, ', ' ORDER BY r.said) AS outdated
      FROM r JOIN c ON c.unit_id = r.unit_id
     GROUP BY r.unit_id
)
SELECT s.subject_id, c.contacts, c.unreachable, c.since, t.sent_on, t.missing, t.outdated,
       CASE WHEN c.unit_id IS NULL THEN CASE WHEN has(s.complete_registers, 'contact') THEN 'no_contact' ELSE 'contact_not_recorded' END
            WHEN t.outdated IS NOT NULL THEN 'notice_outdated'
            WHEN t.missing IS NOT NULL THEN CASE WHEN has(s.complete_registers, 'dispatch') THEN 'not_sent' ELSE 'sending_not_recorded' END
            WHEN COALESCE(t.known, 0) < length(s.recipients) THEN 'recipient_not_known'
            WHEN c.unreachable IS NOT NULL THEN 'unreachable'
            WHEN t.known IS NULL THEN 'contact_listed' ELSE 'notified' END AS reason
  FROM subject AS s LEFT JOIN c ON c.unit_id = s.unit_id LEFT JOIN t ON t.unit_id = s.unit_id
