-- One row per unit: machines and books of state secrets, each in somebody's charge, and what became of those given up.
WITH machine AS (
SELECT s.unit_id, sum(CASE WHEN m.row_id IS NOT NULL AND NOT COALESCE(m.disposed_on <= s.today, false) THEN 1 ELSE 0 END) AS machines,
       string_agg(CASE WHEN NOT COALESCE(m.disposed_on <= s.today, false) AND (m.keeper IS NULL OR m.place IS NULL OR m.serial IS NULL)
                       THEN m.machine_name END, ', ' ORDER BY m.machine_name) AS bare,
       string_agg(CASE WHEN m.disposed_on <= s.today AND m.row_id NOT IN (SELECT g.secret_machine FROM reg_disposal AS g
                        WHERE g.secret_machine IS NOT NULL) THEN m.machine_name END, ', ' ORDER BY m.machine_name) AS gone
  FROM subject AS s LEFT JOIN reg_secret_machine AS m ON m.unit_id = s.unit_id
 GROUP BY s.unit_id
), book AS (
SELECT s.unit_id, count(b.row_id) AS books,
       string_agg(CASE WHEN b.checked_on IS NULL OR b.checked_on > s.today OR date_add(b.checked_on, to_months(12)) < s.today
                       THEN b.book_name END, ', ' ORDER BY b.book_name) AS unchecked
  FROM subject AS s
  LEFT JOIN reg_secret_book AS b ON b.unit_id = s.unit_id AND (b.closed_on IS NULL OR b.closed_on > s.today)
 GROUP BY s.unit_id
)
SELECT s.subject_id, CAST(m.machines AS BIGINT) AS machines, b.books, m.bare, m.gone, b.unchecked,
       CASE WHEN m.bare IS NOT NULL AND has(s.complete_registers, 'secret_machine')        THEN 'machine_incomplete'
            WHEN m.gone IS NOT NULL AND has(s.complete_registers, 'disposal')              THEN 'no_disposal'
            WHEN b.books = 0 AND m.machines > 0 AND has(s.complete_registers, 'secret_book') THEN 'no_book'
            WHEN m.bare IS NOT NULL                                                        THEN 'machine_not_filled'
            WHEN m.gone IS NOT NULL                                                        THEN 'disposal_not_recorded'
            WHEN b.books = 0 AND m.machines = 0 AND has(s.complete_registers, 'secret_book')
             AND has(s.complete_registers, 'secret_machine')                               THEN 'nothing_secret'
            WHEN b.books = 0                                                               THEN 'book_not_recorded'
            WHEN b.unchecked IS NOT NULL                                                   THEN 'book_not_checked'
            ELSE                                                                                'in_order'
       END AS reason
  FROM subject AS s
  JOIN machine AS m ON m.unit_id = s.unit_id
  JOIN book AS b ON b.unit_id = s.unit_id
