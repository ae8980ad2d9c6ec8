-- One row per unit: a channel with the police where a text sets its day, the network where one cites the law.
WITH today AS (SELECT s.*, s.today AS day FROM subject AS s),
channel AS (
    SELECT t.subject_id, min(k.started_on) AS first_on,
           min(CASE WHEN k.method IS NOT NULL AND COALESCE(k.phone, k.email) IS NOT NULL
                    THEN k.started_on END) AS started_on
      FROM today AS t
      JOIN reg_contact AS k ON k.unit_id = t.unit_id AND k.kind = 'police_channel' AND k.started_on <= t.day
       AND COALESCE(k.ended_on > t.day, true)
     GROUP BY t.subject_id
), network AS (
    SELECT t.subject_id, max(d.title) AS paper
      FROM today AS t JOIN reg_document AS d ON d.unit_id = t.unit_id AND d.kind = 'response_network'
     WHERE d.is_approved AND COALESCE(d.signer, d.signer_person) IS NOT NULL AND d.issued_on <= t.day
           AND COALESCE(d.in_force_from, d.issued_on) <= t.day AND COALESCE(d.valid_until, t.day) >= t.day
     GROUP BY t.subject_id
)
SELECT t.subject_id, k.started_on, n.paper,
       CASE WHEN t.due < t.day AND k.first_on IS NULL AND has(t.complete_registers, 'contact')  THEN 'no_channel'
            WHEN t.law IS NOT NULL AND n.paper IS NULL
             AND has(t.complete_registers, 'document')                                          THEN 'no_network'
            WHEN t.due IS NOT NULL AND k.first_on IS NULL                        THEN 'channel_not_recorded'
            WHEN t.due IS NOT NULL AND k.started_on IS NULL                                     THEN 'channel_open'
            WHEN t.law IS NOT NULL AND n.paper IS NULL                           THEN 'network_not_recorded'
            WHEN k.started_on > t.due                                                           THEN 'channel_late'
            WHEN t.law IS NOT NULL                                                              THEN 'member'
            ELSE                                                                                     'channel_set_up'
       END AS reason
  FROM today AS t
  LEFT JOIN channel AS k ON k.subject_id = t.subject_id
  LEFT JOIN network AS n ON n.subject_id = t.subject_id
