"""What viewers see. Pure: events and times in, texts and colours out."""
