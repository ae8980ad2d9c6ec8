-- One row per account: who issued it and when, and how its user was told. The notice is asked only where a text names
-- its channels, and since then. Accounts on machines without a row here are not seen by this check.
WITH issue AS (
  SELECT s.subject_id, s.today, s.notify_channel AS channels, s.notify_channel_since AS asked_since, a.*, s.complete_registers AS complete,
         a.issued_by IS NOT NULL AND a.issued_on <= s.today AS is_issued,
         a.notify_channel IS NOT NULL AND a.notified_on <= s.today AS is_told
    FROM subject AS s
    JOIN reg_account AS a ON a.row_id = s.subject_id
)
SELECT i.subject_id, i.username, i.issued_on, i.notified_on,
       CASE WHEN i.disabled_on <= i.today          THEN 'disabled'
            WHEN i.is_issued AND i.channels IS NULL              THEN 'issued'
            WHEN i.is_issued AND i.is_told AND i.notified_on < i.issued_on
                                                                 THEN 'dates_disagree'
            WHEN i.is_issued AND i.is_told AND has(i.channels, i.notify_channel)
                                                                 THEN 'issued_with_notice'
            WHEN i.issued_on < i.asked_since                      THEN 'before_the_rule'
            WHEN i.is_issued AND i.is_told                       THEN 'other_channel'
            WHEN i.issued_on IS NULL OR i.issued_on > i.today
              OR i.channels IS NULL                              THEN 'issue_not_recorded'
            WHEN i.issued_by IS NULL AND has(i.complete, 'account')
                                                                 THEN 'issue_missing'
            WHEN i.issued_by IS NULL                             THEN 'issue_not_recorded'
            WHEN has(i.complete, 'account') AND (i.notified_on IS NULL OR i.notify_channel IS NULL)
                                                                 THEN 'notice_missing'
            ELSE                                                      'notice_not_recorded'
       END AS reason
  FROM issue AS i
