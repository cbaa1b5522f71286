"""PDFs made beside the pages: who asked for one, who makes it, and the process of its own in which it is set.

Imports nothing here: the process that sets PDFs starts from this package, before there are models.
"""
