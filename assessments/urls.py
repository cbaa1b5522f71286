"""Addresses: nouns, then verbs."""

urlpatterns = []
