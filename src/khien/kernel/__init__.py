"""What every room stands on: errors, languages, Vietnamese text, canonical JSON, clock."""
