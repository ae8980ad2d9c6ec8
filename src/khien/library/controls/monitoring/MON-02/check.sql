-- One row per unit: plan and assignment in force, every system watched, capability raised, duty kept.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
papers AS (
    SELECT t.subject_id, count(DISTINCT d.kind) AS kinds, max(d.valid_until) AS until_on,
           count(DISTINCT CASE WHEN COALESCE(d.valid_until >= t.day, true) THEN d.kind END) AS live_kinds
      FROM today AS t
      JOIN reg_document AS d ON d.unit_id = t.unit_id AND d.kind IN ('monitoring_plan', 'monitoring_assignment')
       AND d.is_approved AND COALESCE(d.signer, d.signer_person) IS NOT NULL AND d.issued_on <= t.day
       AND COALESCE(d.in_force_from, d.issued_on) <= t.day
     GROUP BY t.subject_id
), watched AS (
    SELECT DISTINCT t.subject_id, o.system
      FROM today AS t JOIN reg_monitored_object AS o ON o.unit_id = t.unit_id AND o.information IS NOT NULL
       AND COALESCE(o.ended_on > t.day, true)
), systems AS (
    SELECT t.subject_id, string_agg(CASE WHEN w.system IS NULL THEN y.system_name END, ', '
                                    ORDER BY y.system_name) AS unwatched
      FROM today AS t JOIN reg_system AS y ON y.unit_id = t.unit_id AND COALESCE(y.stopped_on > t.day, true) AND
       (y.stage = 'operating' OR (y.stage = 'trial' AND y.went_live_on <= t.day))
      LEFT JOIN watched AS w ON w.system = y.row_id AND w.subject_id = t.subject_id
     GROUP BY t.subject_id
), rounds AS (
    SELECT t.subject_id, max(CASE WHEN c.kind = 'monitoring_upgrade' THEN c.done_on END) AS raised_on,
           max(CASE WHEN c.kind = 'monitoring_duty' THEN c.done_on END) AS duty_on
      FROM today AS t JOIN reg_check_round AS c ON c.unit_id = t.unit_id AND c.done_on <= t.day
     GROUP BY t.subject_id
)
SELECT t.subject_id, p.until_on, y.unwatched, r.raised_on, r.duty_on, CASE
            WHEN p.live_kinds < p.kinds THEN 'papers_expired'
            WHEN COALESCE(p.kinds, 0) < 2 AND has(t.complete_registers, 'document') THEN 'no_papers'
            WHEN y.unwatched IS NOT NULL AND has(t.complete_registers, 'monitored_object') THEN 'not_watched'
            WHEN COALESCE(year(r.raised_on) < year(t.day) - 1, true) AND year(t.day) > year(t.in_force_since) + 1
             AND has(t.complete_registers, 'check_round') THEN 'not_raised'
            WHEN COALESCE(p.kinds, 0) < 2 THEN 'papers_not_recorded'
            WHEN y.unwatched IS NOT NULL OR y.subject_id IS NULL THEN 'objects_not_recorded'
            WHEN COALESCE(year(r.raised_on) < year(t.day), true) THEN 'raising_not_recorded'
            WHEN COALESCE(date_add(r.duty_on, to_months(1)) < t.day, true) THEN 'duty_not_recorded'
            ELSE 'monitored' END AS reason
  FROM today AS t LEFT JOIN papers AS p ON p.subject_id = t.subject_id
  LEFT JOIN systems AS y ON y.subject_id = t.subject_id LEFT JOIN rounds AS r ON r.subject_id = t.subject_id
