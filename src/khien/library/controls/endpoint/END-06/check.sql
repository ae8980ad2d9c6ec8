-- One row per machine: supervised and hardened before it was connected, under a procedure in force.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
rules AS (
    SELECT t.host_id, max(d.title) AS title
      FROM today AS t
      JOIN reg_document AS d ON d.unit_id = t.unit_id AND d.kind = 'endpoint_procedure'
     WHERE d.is_approved AND COALESCE(d.signer, d.signer_person) IS NOT NULL AND d.issued_on <= t.day
           AND COALESCE(d.in_force_from, d.issued_on) <= t.day AND COALESCE(d.valid_until, t.day) >= t.day
     GROUP BY t.host_id
), f AS (
    SELECT s.host_id, s.level_min, s.level_min_since, y.level, e.endpoint_name, e.connected_on, e.hardened_on,
           e.supervised_by IS NULL OR e.connected_on IS NULL
           OR (s.level_min IS NOT NULL AND e.hardened_on IS NULL) AS is_open,
           (e.supervised_by IS NULL AND e.connected_on >= s.in_force_since)
           OR (e.hardened_on IS NULL AND e.connected_on >= s.level_min_since) AS is_due,
           row_number() OVER (PARTITION BY s.host_id ORDER BY e.connected_on DESC NULLS LAST, e.row_id) AS n
      FROM subject AS s
      JOIN reg_endpoint AS e ON e.unit_id = s.unit_id AND lower(e.host) IN (lower(s.host_id), lower(s.host_name))
       AND COALESCE(e.retired_on > s.today, true)
      LEFT JOIN reg_system AS y ON y.row_id = e.system
)
SELECT s.host_id, f.endpoint_name, f.connected_on, f.hardened_on, f.level_min_since, p.title AS procedure_title,
       CASE WHEN f.host_id IS NULL                                                  THEN 'not_recorded'
            WHEN f.hardened_on > f.connected_on AND f.level_min IS NOT NULL
            THEN CASE WHEN f.connected_on >= f.level_min_since OR f.level >= f.level_min THEN 'hardened_late'
                      ELSE                                                               'before_rule' END
            WHEN p.title IS NULL AND has(s.complete_registers, 'document')          THEN 'no_procedure'
            WHEN f.is_due AND has(s.complete_registers, 'endpoint')                 THEN 'incomplete'
            WHEN f.is_open                                                          THEN 'fields_open'
            WHEN p.title IS NULL                                                    THEN 'procedure_not_recorded'
            ELSE                                                                         'in_order'
       END AS reason
  FROM subject AS s
  LEFT JOIN f ON f.host_id = s.host_id AND f.n = 1
  LEFT JOIN rules AS p ON p.host_id = s.host_id
