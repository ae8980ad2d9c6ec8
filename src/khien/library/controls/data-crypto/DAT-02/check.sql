-- One row per data set: sensitive ones are exchanged with a live tool, under rules, and stored encrypted.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
rules AS (
    SELECT DISTINCT t.subject_id
      FROM today AS t
      JOIN reg_document AS d ON d.unit_id = t.unit_id AND d.kind = 'exchange_rules'
     WHERE d.is_approved AND COALESCE(d.signer, d.signer_person) IS NOT NULL AND d.issued_on <= t.day
           AND COALESCE(d.in_force_from, d.issued_on) <= t.day AND COALESCE(d.valid_until, t.day) >= t.day
)
SELECT t.subject_id, d.data_name, x.tool_name,
       CASE WHEN d.closed_on <= t.day                                                  THEN 'closed'
            WHEN COALESCE(d.information_kind NOT IN ('personal', 'sensitive', 'private'), true)
             AND COALESCE(d.value NOT IN ('important', 'vital'), true)
            THEN CASE WHEN d.information_kind IS NULL OR d.value IS NULL               THEN 'not_classified'
                      ELSE                                                                  'ordinary' END
            WHEN d.is_exchanged IS NULL                                                THEN 'exchange_not_recorded'
            WHEN d.is_exchanged AND d.exchange_tool IS NULL
             AND has(t.complete_registers, 'data_set')                                 THEN 'no_tool'
            WHEN d.is_exchanged AND (NOT has(x.kinds, 'encryption') OR x.ended_on <= t.day
                                     OR x.deployed_on > t.day)                         THEN 'wrong_tool'
            WHEN d.is_exchanged AND r.subject_id IS NULL
             AND has(t.complete_registers, 'document')                                 THEN 'no_rules'
            WHEN d.is_exchanged AND x.row_id IS NULL                                   THEN 'tool_not_recorded'
            WHEN d.is_exchanged AND r.subject_id IS NULL                               THEN 'rules_not_recorded'
            WHEN COALESCE(NOT d.is_encrypted_stored, true)                             THEN 'storage_open'
            WHEN d.is_exchanged                                                        THEN 'encrypted'
            ELSE                                                                            'not_exchanged'
       END AS reason
  FROM today AS t
  JOIN reg_data_set AS d ON d.row_id = t.subject_id
  LEFT JOIN reg_security_tool AS x ON x.row_id = d.exchange_tool
  LEFT JOIN rules AS r ON r.subject_id = t.subject_id
