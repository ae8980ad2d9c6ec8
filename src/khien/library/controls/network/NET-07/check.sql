-- One row per unit: devices hardened and checked before use, both procedures, checklists of operating systems.
WITH d AS (
  SELECT s.subject_id,
         string_agg(CASE WHEN n.hardened_on > n.in_use_from OR n.firmware_checked_on > n.in_use_from THEN n.device_name END,
                    ', ' ORDER BY n.device_name) AS late,
         string_agg(CASE WHEN n.hardened_on IS NULL OR n.hardened_on > s.today OR n.firmware IS NULL
                           OR n.firmware_checked_on IS NULL OR n.firmware_checked_on > s.today
                         THEN n.device_name END, ', ' ORDER BY n.device_name) AS blank
    FROM subject AS s JOIN reg_network_device AS n ON n.unit_id = s.unit_id AND n.in_use_from <= s.today
     AND (n.retired_on IS NULL OR n.retired_on > s.today)
   GROUP BY s.subject_id
), p AS (
  SELECT s.subject_id, count(DISTINCT d.kind) AS procedures
    FROM subject AS s JOIN reg_document AS d ON d.unit_id = s.unit_id AND d.is_approved
     AND d.kind IN ('hardening_procedure', 'pre_operation_procedure') AND COALESCE(d.signer, d.signer_person) IS NOT NULL
     AND d.issued_on <= s.today AND COALESCE(d.in_force_from, d.issued_on) <= s.today
     AND (d.valid_until IS NULL OR d.valid_until >= s.today)
   GROUP BY s.subject_id
), newest AS (SELECT system, max(accepted_on) AS last_on FROM reg_acceptance GROUP BY system), a AS (
  SELECT s.subject_id, string_agg(CASE WHEN NOT a.is_checklist_done THEN y.system_name END, ', ' ORDER BY y.system_name) AS undone,
         string_agg(CASE WHEN a.is_checklist_done IS NULL THEN y.system_name END, ', ' ORDER BY y.system_name) AS unsaid
    FROM subject AS s JOIN reg_system AS y ON y.unit_id = s.unit_id AND y.stage = 'operating'
    JOIN reg_acceptance AS a ON a.system = y.row_id JOIN newest AS m ON m.system = a.system AND m.last_on = a.accepted_on
   GROUP BY s.subject_id
)
SELECT s.subject_id, d.late, d.blank, a.undone, a.unsaid,
       CASE WHEN a.undone IS NOT NULL THEN 'checklist_not_done'
            WHEN d.blank IS NOT NULL AND has(s.complete_registers, 'network_device') THEN 'not_hardened'
            WHEN p.procedures IS NULL AND has(s.complete_registers, 'document') THEN 'no_procedure'
            WHEN d.blank IS NOT NULL THEN 'not_recorded' WHEN d.late IS NOT NULL THEN 'hardened_late'
            WHEN COALESCE(p.procedures, 0) < 2 THEN 'procedure_not_recorded'
            WHEN a.unsaid IS NOT NULL THEN 'checklist_not_recorded' ELSE 'ok' END AS reason
  FROM subject AS s LEFT JOIN d ON d.subject_id = s.subject_id LEFT JOIN p ON p.subject_id = s.subject_id
  LEFT JOIN a ON a.subject_id = s.subject_id
