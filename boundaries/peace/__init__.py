"""平安边界: agreements, meetings and contacts between neighbours, and an office's own scorecard."""
