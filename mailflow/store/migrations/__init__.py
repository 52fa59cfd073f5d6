"""The history of the tables; each step is a file in versions/."""
