"""Postgres and Valkey on this machine: found, started, watched and copied."""
