-- One row per unit: topics, people and public reached in the last 12 months. Malware is asked everywhere; one text alone
-- names an audience (fraud, personal data) and a platform (attacks, use of devices). No text gives an interval.
WITH lesson AS (
  SELECT s.unit_id, t.row_id, t.held_on, t.topics, t.audience, t.kind = 'communication' AS is_public,
         date_add(t.held_on, to_months(12)) >= s.today AS is_recent
    FROM subject AS s
    JOIN reg_training AS t ON t.unit_id = s.unit_id AND t.held_on <= s.today AND year(t.held_on) >= year(s.today) - 1
     AND (has(t.topics, 'malware') OR has(t.topics, 'fraud') OR has(t.topics, 'personal_data')
       OR has(t.topics, 'attacks') OR has(t.topics, 'device_use'))
), held AS (
  SELECT s.unit_id, count(k.row_id) AS ever, max(CASE WHEN k.is_recent THEN k.held_on END) AS held_on,
         COALESCE(CAST(max(CASE WHEN k.is_recent AND has(k.topics, 'malware') THEN k.held_on END) AS VARCHAR), '—') AS malware_on,
         COALESCE(CAST(max(CASE WHEN k.is_recent AND has(k.topics, 'fraud') THEN k.held_on END) AS VARCHAR), '—') AS fraud_on,
         COALESCE(CAST(max(CASE WHEN k.is_recent AND has(k.topics, 'personal_data') THEN k.held_on END) AS VARCHAR), '—') AS personal_data_on,
         COALESCE(CAST(max(CASE WHEN k.is_recent AND has(k.topics, 'attacks') THEN k.held_on END) AS VARCHAR), '—') AS attacks_on,
         COALESCE(CAST(max(CASE WHEN k.is_recent AND has(k.topics, 'device_use') THEN k.held_on END) AS VARCHAR), '—') AS device_use_on
    FROM subject AS s LEFT JOIN lesson AS k ON k.unit_id = s.unit_id AND NOT k.is_public GROUP BY s.unit_id
), reach AS (
  SELECT s.unit_id, count(DISTINCT p.row_id) AS people, count(DISTINCT CASE WHEN k.row_id IS NOT NULL THEN p.row_id END) AS reached
    FROM subject AS s LEFT JOIN reg_person AS p ON p.unit_id = s.unit_id AND (p.left_on IS NULL OR p.left_on > s.today)
     AND (p.started_on IS NULL OR p.started_on <= s.today)
    LEFT JOIN reg_attendance AS a ON a.person = p.row_id AND a.result IN ('attended', 'made_up')
    LEFT JOIN lesson AS k ON k.row_id = a.training AND k.is_recent AND NOT k.is_public GROUP BY s.unit_id
), judged AS (
  SELECT s.subject_id, s.complete_registers, s.audience, h.*, r.people, r.reached, CASE WHEN h.malware_on = '—' THEN 1 ELSE 0 END
       + CASE WHEN s.audience IS NOT NULL THEN CASE WHEN h.fraud_on = '—' THEN 1 ELSE 0 END + CASE WHEN h.personal_data_on = '—' THEN 1 ELSE 0 END ELSE 0 END
       + CASE WHEN s.platform IS NOT NULL THEN CASE WHEN h.attacks_on = '—' THEN 1 ELSE 0 END + CASE WHEN h.device_use_on = '—' THEN 1 ELSE 0 END ELSE 0 END AS missing,
         (SELECT count(*) FROM lesson AS k WHERE k.unit_id = s.unit_id AND k.is_public AND k.is_recent AND (has(k.audience, 'patients') OR has(k.audience, 'public'))) AS shown
    FROM subject AS s JOIN held AS h ON h.unit_id = s.unit_id JOIN reach AS r ON r.unit_id = s.unit_id
)
SELECT j.subject_id, j.held_on, j.people, j.reached, j.missing, j.malware_on, j.fraud_on, j.personal_data_on, j.attacks_on, j.device_use_on,
       CASE WHEN j.ever = 0 AND has(j.complete_registers, 'training') THEN 'none_for_two_years' WHEN j.held_on IS NULL THEN 'no_session_recorded'
            WHEN j.missing > 0 THEN 'topics_missing' WHEN j.people = 0 OR j.reached < j.people THEN 'not_all_reached'
            WHEN (has(j.audience, 'patients') OR has(j.audience, 'public')) AND j.shown = 0 THEN 'public_not_reached'
            WHEN NOT has(j.complete_registers, 'person') THEN 'staff_not_confirmed' ELSE 'all_reached' END AS reason
  FROM judged AS j
