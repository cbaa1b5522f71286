"""Everything an organisation holds, as one zip that can be read without this program. docs/export.md says what is in it."""
