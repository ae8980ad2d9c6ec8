-- One row per handover: what the texts name has to be returned or never held. A thing entered as outstanding fails whatever
-- text binds; a blank counts where it is asked for. A leaver without any handover is not seen by this check.
WITH thing AS (
  SELECT s.subject_id, h.*, COALESCE(s.items, []) AS items, s.today
    FROM subject AS s
    JOIN reg_handover AS h ON h.row_id = s.subject_id
), counted AS (
  SELECT t.subject_id,
         CASE WHEN t.access_card = 'outstanding' THEN 1 ELSE 0 END + CASE WHEN t.equipment = 'outstanding' THEN 1 ELSE 0 END
       + CASE WHEN t.software = 'outstanding' THEN 1 ELSE 0 END + CASE WHEN t.storage = 'outstanding' THEN 1 ELSE 0 END
       + CASE WHEN t.keys = 'outstanding' THEN 1 ELSE 0 END + CASE WHEN t.id_card = 'outstanding' THEN 1 ELSE 0 END
       + CASE WHEN t.mail = 'outstanding' THEN 1 ELSE 0 END + CASE WHEN t.computer = 'outstanding' THEN 1 ELSE 0 END AS outstanding,
         CASE WHEN t.access_card IS NULL THEN 1 ELSE 0 END + CASE WHEN t.equipment IS NULL THEN 1 ELSE 0 END
       + CASE WHEN t.software IS NULL THEN 1 ELSE 0 END + CASE WHEN t.storage IS NULL THEN 1 ELSE 0 END
       + CASE WHEN has(t.items, 'keys') AND t.keys IS NULL THEN 1 ELSE 0 END
       + CASE WHEN has(t.items, 'id_card') AND t.id_card IS NULL THEN 1 ELSE 0 END
       + CASE WHEN has(t.items, 'mail') AND t.mail IS NULL THEN 1 ELSE 0 END
       + CASE WHEN has(t.items, 'computer') AND t.computer IS NULL THEN 1 ELSE 0 END
       + CASE WHEN has(t.items, 'account') AND t.kind <> 'post_changed'
               AND (t.accounts_disabled_on IS NULL OR t.accounts_disabled_on > t.today) THEN 1 ELSE 0 END AS blank
    FROM thing AS t
)
SELECT t.subject_id, COALESCE(p.full_name, t.person) AS full_name, t.effective_on, c.outstanding, c.blank,
       CASE WHEN t.effective_on > t.today THEN 'not_yet_effective'
            WHEN c.outstanding > 0        THEN 'outstanding'
            WHEN c.blank > 0              THEN 'items_not_recorded'
            WHEN d.row_id IS NULL         THEN 'no_minutes'
            ELSE                               'handed_back'
       END AS reason
  FROM thing AS t
  JOIN counted AS c ON c.subject_id = t.subject_id
  LEFT JOIN reg_person AS p ON p.row_id = t.person
  LEFT JOIN reg_document AS d ON d.row_id = t.minutes AND d.issued_on <= t.today
