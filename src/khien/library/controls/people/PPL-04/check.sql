-- One row per handover: notice in time, accounts and rights removed, and nothing of the leaver alive in other registers.
-- Who only changes post keeps accounts. Readings of machines are not used here; a missing procedure stays unknown.
WITH gone AS (
  SELECT s.subject_id, s.today, s.notify_from, h.*, h.kind = 'post_changed' AS is_mover
    FROM subject AS s JOIN reg_handover AS h ON h.row_id = s.subject_id
), login AS (
  SELECT g.subject_id, string_agg(a.username, ', ' ORDER BY a.username) AS accounts,
         sum(CASE WHEN a.disabled_on <= g.today THEN 0 ELSE 1 END) AS live
    FROM gone AS g
    JOIN reg_account AS a ON a.holder = g.person AND (a.disabled_on IS NULL OR a.disabled_on > g.effective_on)
     AND (a.issued_on IS NULL OR a.issued_on <= g.effective_on)
   WHERE NOT g.is_mover GROUP BY g.subject_id
), signature AS (
  SELECT g.subject_id, string_agg(k.serial, ', ' ORDER BY k.serial) AS tokens
    FROM gone AS g JOIN reg_token AS k ON k.holder = g.person AND k.kind = 'personal' AND k.status = 'in_use' AND k.revoked_on IS NULL
     AND (k.valid_until IS NULL OR k.valid_until >= g.today)
   WHERE g.kind IN ('retired', 'resigned', 'contract_ended') GROUP BY g.subject_id
), written AS (
  SELECT g.subject_id, count(*) AS papers FROM gone AS g
    JOIN reg_document AS d ON d.unit_id = g.unit_id AND d.kind = 'leaver_procedure' AND d.is_approved
     AND COALESCE(d.signer, d.signer_person) IS NOT NULL AND COALESCE(d.in_force_from, d.issued_on) <= g.today
     AND d.issued_on <= g.today AND (d.valid_until IS NULL OR d.valid_until >= g.today)
   GROUP BY g.subject_id
)
SELECT g.subject_id, COALESCE(p.full_name, g.person) AS full_name, g.effective_on, g.operator_notified_on,
       g.accounts_disabled_on, g.entry_rights_removed_on, l.accounts, k.tokens,
       CASE WHEN g.effective_on > g.today THEN 'not_yet_effective'
            WHEN l.live > 0               THEN 'account_live'
            WHEN k.tokens IS NOT NULL     THEN 'token_live'
            WHEN g.notify_from IS NOT NULL AND g.operator_notified_on > g.effective_on THEN 'notified_late'
            WHEN l.live = 0               THEN 'account_closed_late'
            WHEN g.notify_from IS NOT NULL AND g.operator_notified_on IS NULL THEN 'not_recorded'
            WHEN g.is_mover               THEN 'mover_notified'
            WHEN g.records_kept_at IS NULL OR g.has_signature IS NULL OR COALESCE(g.accounts_disabled_on > g.today, true)
              OR COALESCE(g.entry_rights_removed_on > g.today, true)
              OR g.has_signature AND COALESCE(g.signature_revoked_on > g.today, true) THEN 'not_recorded'
            WHEN w.papers IS NULL THEN 'no_procedure_recorded' ELSE 'revoked' END AS reason
  FROM gone AS g LEFT JOIN reg_person AS p ON p.row_id = g.person LEFT JOIN login AS l ON l.subject_id = g.subject_id
  LEFT JOIN signature AS k ON k.subject_id = g.subject_id LEFT JOIN written AS w ON w.subject_id = g.subject_id
