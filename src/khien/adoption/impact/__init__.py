"""What a text will change before it takes effect: controls, parameters, findings, duties, reports (tác động)."""
