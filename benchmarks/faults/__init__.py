"""Faults on purpose: killed processes, full disks, many writers; nothing may be lost."""
