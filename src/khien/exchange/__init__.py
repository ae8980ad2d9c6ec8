"""What leaves and enters: webhooks, bundles, other formats."""
