"""Training: requests on a board, sessions in a calendar, and the dates that anybody may book."""
