-- One row per handover: notice in time, accounts and rights removed, and nothing of the leaver alive in other registers.
-- Who only changes post keeps accounts. Readings of machines are not used here; a missing procedure stays unknown.
WITH gone AS (
  SELECT s.subject_id, CAST(s.as_of AS DATE) AS today, s.notify_from, h.*, h.kind = 'post_changed' AS is_mover
    FROM subject AS s JOIN reg_handover AS h ON h.row_id = s.subject_id
), login AS (
  SELECT g.subject_id, string_agg(CASE WHEN a.disabled_on IS NULL OR a.disabled_on > g.today THEN a.username END, ', ' ORDER BY a.username) AS accounts,
         string_agg(CASE WHEN a.disabled_on > g.effective_on AND a.disabled_on <= g.today THEN a.username END, ', ' ORDER BY a.username) AS late_accounts
    FROM gone AS g JOIN reg_account AS a ON a.holder = g.person AND NOT g.is_mover
     AND (a.issued_on IS NULL OR a.issued_on <= g.effective_on)
   GROUP BY g.subject_id
), signature AS (
  SELECT g.subject_id, string_agg(k.serial, ', ' ORDER BY k.serial) AS tokens
    FROM gone AS g JOIN reg_token AS k ON k.holder = g.person AND g.kind IN ('retired', 'resigned', 'contract_ended')
     AND k.kind = 'personal' AND k.status = 'in_use' AND k.revoked_on IS NULL AND (k.valid_until IS NULL OR k.valid_until >= g.today)
   GROUP BY g.subject_id
), written AS (
  SELECT g.subject_id, count(*) AS papers
    FROM gone AS g JOIN reg_document AS d ON d.unit_id = g.unit_id AND d.kind = 'leaver_procedure' AND d.is_approved AND d.issued_on <= g.today
     AND COALESCE(d.signer, d.signer_person) IS NOT NULL AND COALESCE(d.in_force_from, d.issued_on) <= g.today AND (d.valid_until IS NULL OR d.valid_until >= g.today)
   GROUP BY g.subject_id
), judged AS (
  SELECT g.*, COALESCE(p.full_name, g.person) AS full_name, l.accounts, l.late_accounts, k.tokens, w.papers,
         CASE WHEN g.notify_from IS NOT NULL AND (g.operator_notified_on IS NULL OR g.operator_notified_on > g.today) THEN 1 ELSE 0 END
       + CASE WHEN NOT g.is_mover AND (g.accounts_disabled_on IS NULL OR g.accounts_disabled_on > g.today) THEN 1 ELSE 0 END
       + CASE WHEN NOT g.is_mover AND (g.entry_rights_removed_on IS NULL OR g.entry_rights_removed_on > g.today) THEN 1 ELSE 0 END
       + CASE WHEN NOT g.is_mover AND COALESCE(g.has_signature, true) AND (g.has_signature IS NULL OR g.signature_revoked_on IS NULL OR g.signature_revoked_on > g.today) THEN 1 ELSE 0 END
       + CASE WHEN NOT g.is_mover AND g.records_kept_at IS NULL THEN 1 ELSE 0 END AS blank
    FROM gone AS g LEFT JOIN reg_person AS p ON p.row_id = g.person LEFT JOIN login AS l ON l.subject_id = g.subject_id
    LEFT JOIN signature AS k ON k.subject_id = g.subject_id LEFT JOIN written AS w ON w.subject_id = g.subject_id
)
SELECT j.subject_id, j.full_name, j.effective_on, j.operator_notified_on, j.accounts_disabled_on, j.entry_rights_removed_on, j.accounts, j.late_accounts, j.tokens, j.blank,
       CASE WHEN j.effective_on > j.today THEN 'not_yet_effective' WHEN j.accounts IS NOT NULL THEN 'account_live' WHEN j.tokens IS NOT NULL THEN 'token_live'
            WHEN j.notify_from IS NOT NULL AND j.operator_notified_on > j.effective_on AND j.operator_notified_on <= j.today THEN 'notified_late'
            WHEN j.late_accounts IS NOT NULL THEN 'account_closed_late' WHEN j.blank > 0 THEN 'not_recorded' WHEN j.is_mover THEN 'mover_notified'
            WHEN j.papers IS NULL THEN 'no_procedure_recorded' ELSE 'revoked' END AS reason
  FROM judged AS j
