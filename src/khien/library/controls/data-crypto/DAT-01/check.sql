-- One row per unit: encryption rules in force, and live keys that are complete and not expired.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
rules AS (
    SELECT t.subject_id,
           max(CASE WHEN COALESCE(d.valid_until, t.day) >= t.day THEN d.title END) AS rules,
           max(d.valid_until) AS rules_until
      FROM today AS t
      JOIN reg_document AS d ON d.unit_id = t.unit_id AND d.kind = 'encryption_rules' AND d.is_approved
       AND COALESCE(d.signer, d.signer_person) IS NOT NULL AND COALESCE(d.in_force_from, d.issued_on) <= t.day
       AND d.issued_on <= t.day
     GROUP BY t.subject_id
), keys AS (
    SELECT t.subject_id, count(*) AS key_count,
           string_agg(CASE WHEN k.expires_on <= t.day THEN k.key_name END, ', ' ORDER BY k.key_name) AS expired,
           string_agg(CASE WHEN k.class IS NULL OR k.use IS NULL OR k.custodian IS NULL OR k.created_on IS NULL
                           THEN k.key_name END, ', ' ORDER BY k.key_name) AS incomplete
      FROM today AS t
      JOIN reg_crypto_key AS k ON k.unit_id = t.unit_id AND COALESCE(k.destroyed_on > t.day, true)
     GROUP BY t.subject_id
)
SELECT t.subject_id, r.rules, r.rules_until, COALESCE(k.key_count, 0) AS key_count, k.expired, k.incomplete,
       CASE WHEN r.rules IS NULL AND r.subject_id IS NOT NULL                      THEN 'rules_expired'
            WHEN r.rules IS NULL AND has(t.complete_registers, 'document')         THEN 'no_rules'
            WHEN k.expired IS NOT NULL                                             THEN 'key_expired'
            WHEN k.incomplete IS NOT NULL AND has(t.complete_registers, 'crypto_key') THEN 'key_incomplete'
            WHEN r.rules IS NULL                                                   THEN 'rules_not_recorded'
            WHEN k.incomplete IS NOT NULL                                          THEN 'key_fields_open'
            WHEN k.key_count IS NULL AND NOT has(t.complete_registers, 'crypto_key') THEN 'keys_not_recorded'
            ELSE                                                                        'managed'
       END AS reason
  FROM today AS t
  LEFT JOIN rules AS r ON r.subject_id = t.subject_id
  LEFT JOIN keys AS k ON k.subject_id = t.subject_id
