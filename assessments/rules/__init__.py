"""The arithmetic: values in, values out; no database, no clock."""
