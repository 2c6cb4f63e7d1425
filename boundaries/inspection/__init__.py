"""Joint inspection (联检) of boundary lines: rounds, due dates, both sides compared, findings."""
