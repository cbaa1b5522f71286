"""How large a file is."""

from django import template

from assessments.figures import file_size

register = template.Library()

register.filter(file_size)
