-- One row per machine: what its holder stated, unless the serial number read contradicts the register.
WITH f AS (
    SELECT s.host_id, s.unit_id, s.today AS day, e.endpoint_name, e.serial, e.holder, e.connected_on,
           i.hardware_serial AS read_serial,
           row_number() OVER (PARTITION BY s.host_id ORDER BY e.connected_on DESC NULLS LAST, e.row_id) AS n
      FROM subject AS s
      JOIN reg_endpoint AS e ON e.unit_id = s.unit_id AND lower(e.host) IN (lower(s.host_id), lower(s.host_name))
       AND COALESCE(e.retired_on > s.today, true)
      LEFT JOIN system_info AS i ON i.host_id = s.host_id AND lower(i.hardware_serial) NOT IN
           ('', '0', 'none', 'default string', 'not specified', 'to be filled by o.e.m.', 'system serial number')
), changed AS (
    SELECT DISTINCT f.host_id
      FROM f JOIN reg_change AS c ON c.unit_id = f.unit_id AND c.kind = 'hardware' AND c.host = f.host_id
       AND c.changed_on <= f.day AND COALESCE(c.changed_on >= f.connected_on, true)
), said AS (
    SELECT f.host_id, m.said, m.stated_on,
           row_number() OVER (PARTITION BY f.host_id ORDER BY m.stated_on DESC, m.row_id DESC) AS n
      FROM f JOIN reg_statement AS m ON m.unit_id = f.unit_id AND m.control = 'END-09' AND f.n = 1
       AND f.holder IN (m.subject_person, m.stated_by) AND f.day BETWEEN m.stated_on AND m.valid_until
)
SELECT s.host_id, f.endpoint_name, f.serial, f.read_serial, m.stated_on,
       CASE WHEN f.host_id IS NULL                                              THEN 'not_recorded'
            WHEN upper(trim(f.serial)) <> upper(trim(f.read_serial))
             AND c.host_id IS NULL                                              THEN 'serial_differs'
            WHEN m.said = 'not_met'                                             THEN 'admitted'
            WHEN m.said = 'met'                                                 THEN 'stated'
            ELSE                                                                     'not_stated'
       END AS reason
  FROM subject AS s LEFT JOIN f ON f.host_id = s.host_id AND f.n = 1
  LEFT JOIN changed AS c ON c.host_id = s.host_id LEFT JOIN said AS m ON m.host_id = s.host_id AND m.n = 1
