-- One row per contract: the four papers of outsourced software; older contracts are not failed.
WITH seen AS (
SELECT s.*, c.number, c.kind, c.signed_on, c.ended_on, s.today AS day, p.row_id IS NOT NULL AS has_contract, m.row_id IS NOT NULL AS has_minutes,
       u.row_id IS NOT NULL AS has_undertaking, k.row_id IS NOT NULL AS has_secrecy,
       c.contract_paper IS NULL OR c.minutes IS NULL OR c.undertaking IS NULL OR c.secrecy_undertaking IS NULL AS is_blank
  FROM subject AS s
  JOIN reg_contract AS c ON c.row_id = s.subject_id
  LEFT JOIN reg_document AS p ON p.row_id = c.contract_paper
  LEFT JOIN reg_document AS m ON m.row_id = c.minutes
  LEFT JOIN reg_document AS u ON u.row_id = c.undertaking
  LEFT JOIN reg_document AS k ON k.row_id = c.secrecy_undertaking
)
SELECT subject_id, "number", signed_on, has_contract, has_minutes, has_undertaking, has_secrecy,
       CASE WHEN kind <> 'software'                                                  THEN 'other_kind'
            WHEN ended_on <= day                                                     THEN 'ended'
            WHEN signed_on > day                                                     THEN 'not_signed_yet'
            WHEN has_contract AND has_minutes AND has_undertaking AND has_secrecy    THEN 'complete'
            WHEN signed_on < in_force_since                                       THEN 'older'
            WHEN is_blank AND has(complete_registers, 'contract')                    THEN 'missing'
            ELSE                                                                          'not_complete'
       END AS reason
  FROM seen
