"""One assessment as a value, and that value on paper."""
