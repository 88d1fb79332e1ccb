"""Forecast models: one file, one model; none knows another."""
