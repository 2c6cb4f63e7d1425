"""Joint inspection (联检) of boundary lines: rounds, due dates, all sides compared, findings."""
