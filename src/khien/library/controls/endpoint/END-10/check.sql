-- One row per purchase since the first text: origin, papers of listed imports, reason for foreign goods.
SELECT s.subject_id, u.item, u.bought_on, y.system_name,
       CASE WHEN u.bought_on < s.in_force_since OR u.bought_on > s.today THEN 'not_bound'
            WHEN u.origin IS NULL                                                       THEN 'origin_not_recorded'
            WHEN u.origin = 'domestic'                                                  THEN 'domestic'
            WHEN u.is_listed_import AND u.conformity IS NULL AND u.bought_on >= s.papers_since
            THEN CASE WHEN has(s.complete_registers, 'purchase') THEN 'no_conformity'
                      ELSE                                            'conformity_not_recorded' END
            WHEN s.papers IS NOT NULL AND u.is_listed_import IS NULL AND u.kind IN ('it_equipment', 'security_product') THEN 'listing_open'
            WHEN s.applies_to IS NOT NULL AND u.kind IN ('security_product', 'security_service')
             AND u.foreign_reason IS NULL AND COALESCE(y.level >= 3, true)              THEN 'reason_not_recorded'
            ELSE                                                                             'imported'
       END AS reason
  FROM subject AS s
  JOIN reg_purchase AS u ON u.row_id = s.subject_id
  LEFT JOIN reg_system AS y ON y.row_id = u.system
