-- One row per server: nothing waiting by a recent list, in effect, on a system that still gets updates.
WITH u AS (
    SELECT host_id, mechanism, reboot_required, metadata_at,
           CASE WHEN security_pending_count >= 0 THEN security_pending_count END AS security,
           CASE WHEN pending_count >= 0 THEN pending_count END AS pending
      FROM update_status
)
SELECT s.host_id, COALESCE(u.mechanism, '?') AS mechanism, COALESCE(u.security, u.pending) AS count_found,
       COALESCE(o.product, '?') AS product, COALESCE(o.release, '?') AS release,
       o.support_ends_at, o.extended_ends_at,
       CASE WHEN date_diff('day', vn_date(u.metadata_at), s.today) NOT BETWEEN -1 AND 7 THEN u.metadata_at END AS metadata_at,
       CASE WHEN u.security > 0                                                    THEN 'security_pending'
            WHEN o.support_ends_at < s.as_of
             AND (o.extended_ends_at IS NULL OR o.extended_ends_at < s.as_of)      THEN 'unsupported'
            WHEN date_diff('day', vn_date(u.metadata_at), s.today) > 31                     THEN 'not_checked'
            WHEN u.reboot_required                                                 THEN 'reboot_needed'
            WHEN date_diff('day', s.today, vn_date(u.metadata_at)) > 1                      THEN 'clock_wrong'
            WHEN u.metadata_at IS NULL OR COALESCE(u.security, u.pending) IS NULL  THEN 'count_not_read'
            WHEN u.security IS NULL AND u.pending > 0                              THEN 'kind_not_told'
            WHEN date_diff('day', vn_date(u.metadata_at), s.today) > 7                      THEN 'lists_old'
            WHEN o.support_ends_at IS NULL OR o.is_known = false                   THEN 'support_not_known'
            WHEN o.support_ends_at < s.as_of                                       THEN 'extended_only'
            ELSE                                                                        'patched'
       END AS reason
  FROM subject AS s
  LEFT JOIN u ON u.host_id = s.host_id
  LEFT JOIN os_support AS o ON o.host_id = s.host_id
