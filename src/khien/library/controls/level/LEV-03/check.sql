-- One row per system: the last update of its level dossier against the changes of its assets since.
WITH moved AS (
SELECT system, added_on AS day FROM reg_asset
 UNION ALL
SELECT system, changed_on FROM reg_asset
 UNION ALL
SELECT system, removed_on FROM reg_asset
), seen AS (
SELECT s.subject_id, max(s.today) AS day, max(m.day) AS changed_on,
       min(CASE WHEN m.day > y.dossier_updated_on THEN m.day END) AS first_on
  FROM subject AS s
  JOIN reg_system AS y ON y.row_id = s.subject_id
  LEFT JOIN moved AS m ON m.system = y.row_id AND m.day <= s.today
 GROUP BY s.subject_id
)
SELECT c.subject_id, y.system_name, y.dossier_updated_on AS updated_on, c.changed_on, c.first_on,
       CASE WHEN y.stage = 'stopped' OR y.stopped_on <= c.day                        THEN 'stopped'
            WHEN NOT COALESCE(y.stage = 'operating' OR y.went_live_on <= c.day, false) THEN 'not_running'
            WHEN c.changed_on IS NULL                                                THEN 'no_assets'
            WHEN y.dossier_updated_on IS NULL OR y.dossier_updated_on > c.day        THEN 'dossier_day_not_recorded'
            WHEN date_diff('day', c.first_on, c.day) > 30                            THEN 'behind'
            WHEN c.first_on IS NOT NULL                                              THEN 'still_time'
            ELSE                                                                          'up_to_date'
       END AS reason
  FROM seen AS c
  JOIN reg_system AS y ON y.row_id = c.subject_id
