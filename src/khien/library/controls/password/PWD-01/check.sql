-- One row per machine: length and classes of characters that new passwords are forced to have.
WITH root AS (
  SELECT host_id, max(CASE WHEN enabled THEN 2 WHEN enabled IS NULL THEN 1 ELSE 0 END) AS usable
    FROM account WHERE uid = '0' OR uid LIKE 'S-1-5-21-%-500' GROUP BY host_id
), wanted AS (
  SELECT s.host_id, s.min_length, p.*, COALESCE(r.usable, 0) AS root_usable,
         COALESCE(p.mechanism, '') = 'windows' AND COALESCE(p.complexity_is_approximate, true) AS approximate,
         COALESCE(has(s.classes, 'digit') AND has(s.classes, 'special'), false) AS all_four,
         NOT COALESCE(has(s.classes, 'lower'), false) OR p.requires_lower OR p.minimum_classes >= 4 AS lower_ok,
         NOT COALESCE(has(s.classes, 'upper'), false) OR p.requires_upper OR p.minimum_classes >= 4 AS upper_ok,
         NOT COALESCE(has(s.classes, 'digit'), false) OR p.requires_digit OR p.minimum_classes >= 4 AS digit_ok,
         NOT COALESCE(has(s.classes, 'special'), false) OR p.requires_special OR p.minimum_classes >= 4 AS special_ok,
         NOT COALESCE(has(s.classes, 'digit_or_special'), false) OR p.requires_digit OR p.requires_special
             OR p.minimum_classes >= 4 OR (p.requires_lower AND p.requires_upper AND p.minimum_classes >= 3) AS either_ok
    FROM subject AS s LEFT JOIN account_policy AS p ON p.host_id = s.host_id LEFT JOIN root AS r ON r.host_id = s.host_id
), judged AS (
  SELECT w.*, lower_ok AND upper_ok AND digit_ok AND special_ok AND either_ok AS classes_ok FROM wanted AS w
)
SELECT host_id, minimum_length AS found, COALESCE(minimum_classes, 3) AS kinds,
       trim(CASE WHEN lower_ok THEN '' ELSE 'a–z ' END || CASE WHEN upper_ok THEN '' ELSE 'A–Z ' END
         || CASE WHEN digit_ok THEN '' ELSE '0–9 ' END || CASE WHEN special_ok THEN '' ELSE '!@# ' END
         || CASE WHEN either_ok THEN '' ELSE '0–9/!@#' END) AS missing,
       CASE WHEN mechanism = 'none'                        THEN 'nothing_checks'
            WHEN minimum_length < min_length               THEN 'too_short'
            WHEN NOT complexity_enforced                   THEN 'not_enforced'
            WHEN reversible_encryption                     THEN 'stored_reversibly'
            WHEN NOT classes_ok AND (NOT approximate OR minimum_classes < 3) THEN 'classes_missing'
            WHEN root_usable = 2 AND NOT enforced_for_root THEN 'root_exempt'
            WHEN minimum_length IS NULL OR complexity_enforced IS NULL
                 OR (classes_ok IS NULL AND NOT approximate) THEN 'not_read'
            WHEN root_usable > 0 AND mechanism <> 'windows' AND NOT COALESCE(enforced_for_root, false) THEN 'root_not_read'
            WHEN approximate AND all_four                  THEN 'windows_cannot_prove'
            WHEN COALESCE(has_directory_accounts, true)    THEN 'directory_not_read'
            WHEN approximate THEN 'ok_approximate' ELSE 'ok' END AS reason
  FROM judged
