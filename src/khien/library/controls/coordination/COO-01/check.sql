-- One row per unit: the newest joint work with each partner named by the texts, through the list of bodies.
WITH c AS (
    SELECT s.unit_id, c.held_on, b.stands_for
      FROM subject AS s
      JOIN reg_coordination AS c ON c.unit_id = s.unit_id AND c.held_on <= s.today
      LEFT JOIN reg_authority AS b ON b.row_id = c.partner
), p AS (
    SELECT s.unit_id, m.said, max(CASE WHEN has(c.stands_for, m.code) THEN c.held_on END) AS newest_on
      FROM subject AS s
      JOIN (SELECT 'Sở TT&TT' AS said, 'so_ttt' AS code UNION ALL SELECT 'Sở KH&CN', 'so_khcn' UNION ALL SELECT 'Sở Y tế', 'so_yt'
            UNION ALL SELECT 'BCHQS tỉnh', 'bch_quan_su' UNION ALL SELECT 'Công an tỉnh', 'cong_an_tinh') AS m
        ON has(s.partners, m.said)
      LEFT JOIN c ON c.unit_id = s.unit_id
     GROUP BY s.unit_id, m.said
), u AS (
    SELECT p.unit_id, count(*) AS known, min(p.newest_on) AS oldest_on,
           string_agg(CASE WHEN p.newest_on IS NULL THEN p.said END, ', ' ORDER BY p.said) AS missing
      FROM p GROUP BY p.unit_id
), n AS (
    SELECT c.unit_id, max(c.held_on) AS newest_on FROM c GROUP BY c.unit_id
)
SELECT s.subject_id, n.newest_on, u.missing,
       CASE WHEN n.unit_id IS NULL AND has(s.complete_registers, 'coordination')         THEN 'no_joint_work'
            WHEN u.missing IS NOT NULL AND has(s.complete_registers, 'coordination')     THEN 'partner_missing'
            WHEN u.missing IS NOT NULL                                                   THEN 'partner_not_recorded'
            WHEN COALESCE(u.known, 0) < length(s.partners)                               THEN 'partner_not_known'
            WHEN date_add(COALESCE(u.oldest_on, n.newest_on), to_months(12)) >= s.today
                 THEN CASE WHEN u.known IS NULL THEN 'some_joint_work' ELSE 'with_all' END
            ELSE 'long_ago' END AS reason
  FROM subject AS s LEFT JOIN u ON u.unit_id = s.unit_id LEFT JOIN n ON n.unit_id = s.unit_id
