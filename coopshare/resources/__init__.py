"""What is pooled: premises, equipment, services, persons; how and by whom it may be used."""
