"""Praktik kerja lapangan: hosts, their places per date, and who practises where."""
