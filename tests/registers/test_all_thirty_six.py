"""Every register the texts ask for is declared, with the fields they name."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from khien.registers.declarations import load_registers

# Name in the inventory → declarations that keep it → the fields that texts name.
KEPT: dict[str, dict[str, str]] = {
    "Asset list of each system": {"asset": "asset_name kind system changed_on"},
    "Endpoint register": {"endpoint": "endpoint_name kind mac ip"},
    "Backup data list / plan": {
        "backup_plan": "item kind retention_months schedule frequency method media place storage_method "
        "retrieval_method restore_test_months",
        "backup_run": "plan ran_at result",
        "restore_test": "plan tested_on result",
    },
    "Software licence list": {"licence": "software licence_number valid_until renewal_planned_on"},
    "Monitored-object list": {"monitored_object": "object_name information"},
    "Weakness register": {
        "weakness": "component component_kind level handling_plan interim_measure rollback_plan"
    },
    "Risk register": {
        "risk": "title component weakness harms impact proposal level decision accept_reason",
        "risk_review": "reviewed_on",
    },
    "Disposal / destruction file": {"disposal": "device wipe_method wiped_on minutes"},
    "Decommission lists": {
        "decommission": "system minutes",
        "decommission_item": "content backup_folders method software disposal_method",
    },
    "Network diagrams and configuration files": {
        "network_diagram": "kind file drawn_on backed_up_on"
    },
    "Incident record": {"incident": "kind actions evidence minutes reported_at"},
    "Data classification list": {"data_set": "value use_frequency retention_months"},
    "Backup labels": {"backup_medium": "label class"},
    "Security needs and projects": {"project": "content cost kind", "budget": "security_amount"},
    "Event log": {"log_source": "source_name kind events retention_months"},
    "Contact list": {"contact": "contact_name phone email notice started_on ended_on"},
    "Account register": {
        "account": "holder username rights approved_by notified_on is_shared custodian is_admin reviewed_on",
        "account_review": "reviewed_on reviewer",
    },
    "Wi-Fi register": {
        "wifi": "ssid encryption has_mac_list mac_count password_length password_changed_on is_guest "
        "bandwidth_limit_mbps limit_method monitor_method"
    },
    "Leaver / mover handover": {
        "handover": "access_card keys id_card storage mail computer equipment software accounts_disabled_on "
        "signature_revoked_on effective_on secrecy_undertaking has_signature minutes"
    },
    "Newcomer briefing and training sessions": {
        "training": "groups topics held_on",
        "attendance": "training person acknowledged_on",
    },
    "Secure-room access list": {
        "room": "house_rules against_fire against_flood against_lightning against_earthquake",
        "room_access": "room person",
    },
    "Network-device register": {
        "network_device": "device_name zone has_authentication admin_addresses lockout_attempts "
        "has_separate_roles has_mfa firmware hardened_on standby_device functions"
    },
    "Network zones and Internet links": {
        "network_zone": "zone_name rules_reviewed_on",
        "network_link": "link_name provider",
    },
    "Change register": {"change": "what approved_by changed_on review"},
    "Share register": {"share": "share_name host has_password ends_on"},
    "Outside-repair register": {"repair": "device storage_measure out_on"},
    "Secret machine and document register": {
        "secret_machine": "machine_name is_offline inspected_on",
        "secret_transfer": "permission cipher_tool",
        "secret_book": "book_name",
        "repair": "secret_machine report repairer supervisor",
    },
    "USB Token register": {"token": "holder serial issued_on valid_until revoked_on"},
    "Encryption key register": {"crypto_key": "key_name class custodian use"},
    "Supplier register and supplier incidents": {
        "supplier": "supplier_name incident_procedure",
        "contract": "number undertaking secrecy_undertaking",
        "supplier_incident": "notified_at fixed_at supplier",
    },
    "System / level register": {
        "system": "system_name owner operator level level_dossier level_approved_on went_live_on plan_status"
    },
    "Domain list": {"domain": "domain_name stopped_on department_letter vnnic_letter cancelled_on"},
    "Violations list": {"violation": "act person outcome"},
    "Purchase list": {"purchase": "item origin system conformity"},
    "Requests from authorities": {"request": "received_on authority sender content answered_on"},
    "Feedback list": {"feedback": "content forwarded_to answer"},
}


def test_every_register_of_the_inventory_stands_in_the_table(spec: Path) -> None:
    with (spec / "registers.csv").open(encoding="utf-8") as source:
        names = [line["register"] for line in csv.DictReader(source)]
    assert len(names) == 36
    assert set(names) == set(KEPT)


@pytest.mark.parametrize("name", KEPT)
def test_the_fields_that_texts_name_exist(name: str) -> None:
    declared = load_registers()
    missing = [
        f"{code}.{field}"
        for code, fields in KEPT[name].items()
        for field in fields.split()
        if code not in declared or field not in declared[code].fields
    ]
    assert missing == []


def test_addresses_that_should_stand_once_are_watched() -> None:
    declared = load_registers()
    assert declared["endpoint"].key == ("mac",)
    assert declared["endpoint"].fields["ip"].is_unique
    assert declared["network_device"].fields["ip"].is_unique
    assert declared["network_device"].fields["mac"].is_unique
