"""Stories: from what was sent to what may be shown, and on to what anybody may read."""
