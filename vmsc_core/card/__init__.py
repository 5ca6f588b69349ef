"""What viewers see. Pure: events and times in, texts and colors out."""
