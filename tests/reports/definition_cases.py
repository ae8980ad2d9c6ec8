"""What is expected of the library's reports: which there are, which texts are kept, which controls they close."""

from __future__ import annotations

# The 39 reports, notices and minutes of the five texts, in the order of the inventory.
ASKED = (
    "quarterly_result", "quarterly_summary", "incident_24h", "half_year_report", "year_report",
    "province_summary", "annual_security", "police_year", "status_report", "rule_implementation",
    "adhoc_report", "directive_report", "contact_notice", "incident_slip", "incident_to_leaders",
    "incident_form_01", "incident_form_02", "incident_written", "attack_report", "incident_appendix_1",
    "incident_appendix_2", "incident_step_minutes", "incident_urgent", "incident_repair",
    "acknowledgement", "national_report", "weakness_severe", "risk_high", "log_risk",
    "decommission_plan", "decommission_consent", "domain_cancellation", "host_deletion", "staff_change",
    "account_issue", "secret_repair", "evidence_handover", "commendation", "difficulties",
)  # fmt: skip
# Papers whose whole text is kept.
KEPT = (
    "incident_24h", "incident_form_02", "decommission_plan", "domain_cancellation", "staff_change",
    "commendation", "annual_law_2026",
)  # fmt: skip
# Each control with the reason it gives once its report was sent.
CLOSED = {
    "REP-01": ("quarterly_result", "in_time"),
    "REP-02": ("year_report", "in_time"),
    "REP-03": ("annual_security", "sent_in_november"),
    "REP-04": ("adhoc_report", "answered"),
    "REP-05": ("directive_report", "reported"),
    "REP-06": ("rule_implementation", "reported"),
    "INC-03": ("incident_to_leaders", "told"),
    "INC-09": ("incident_24h", "in_time"),
    "DSP-05": ("domain_cancellation", "letters_sent"),
    "SEC-03": ("secret_repair", "in_order"),
}
