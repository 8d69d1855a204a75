"""Readers of tables: CSV and Parquet."""
