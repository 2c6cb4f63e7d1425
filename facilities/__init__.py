"""Facilities, demand, walking access, plan targets and siting."""
