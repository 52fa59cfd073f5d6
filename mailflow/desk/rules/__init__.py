"""The team's rules: read, tried on a mail, changed, tried on many, saved, and taken back."""
