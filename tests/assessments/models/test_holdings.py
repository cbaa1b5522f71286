"""No kind of row that belongs to an organisation is forgotten by its export or by its deletion."""

import pytest
from django.apps import apps
from django.db import models

from assessments.models import Organisation, holdings
from assessments.models.holdings import EXPORTED, HOLDINGS


def reaches(model, target=Organisation, seen=()):
    """Does a chain of foreign keys lead from a row of `model` to an organisation?"""
    if model is target:
        return True
    near = {
        field.related_model
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model and field.related_model not in seen
    }
    return any(reaches(each, target, (*seen, model)) for each in near)


def forgotten(every):
    known = {holding.model for holding in HOLDINGS}
    return [model._meta.label for model in every if reaches(model) and model not in known]


def through_tables(model):
    return [field.remote_field.through for field in model._meta.many_to_many]


def test_every_kind_of_row_that_leads_to_an_organisation_is_exported_and_deleted():
    assert forgotten(apps.get_models()) == [], "add a line to assessments/models/holdings.py"


def test_a_list_between_two_kinds_of_rows_belongs_to_one_of_them():
    known = {table for holding in HOLDINGS for table in through_tables(holding.model)}
    every = set(apps.get_models(include_auto_created=True)) - set(apps.get_models())
    assert {table for table in every if reaches(table)} <= known


def test_a_kind_that_nobody_listed_is_found():
    class Planted(models.Model):
        answer = models.ForeignKey("assessments.Answer", models.CASCADE)

        class Meta:
            app_label = "planted"
            managed = False

        def __str__(self):
            return "planted"

    try:
        assert forgotten([Planted]) == ["planted.Planted"]
    finally:
        apps.all_models["planted"].clear()
        apps.clear_cache()


def test_what_others_point_to_comes_first():
    places = {holding.model: place for place, holding in enumerate(HOLDINGS)}
    for holding in HOLDINGS:
        for field in holding.model._meta.concrete_fields:
            if field.related_model in places and field.related_model is not holding.model:
                assert places[field.related_model] < places[holding.model], f"{holding.name}.{field.name}"


def test_what_is_left_out_of_an_export_has_a_reason():
    for holding in HOLDINGS:
        assert holding in EXPORTED or holding.because.endswith("."), holding.name


@pytest.mark.parametrize("holding", EXPORTED, ids=lambda holding: holding.name)
def test_no_export_holds_a_secret_an_address_or_a_file_in_a_row(holding):
    shown = [field for field in holding.model._meta.concrete_fields if field.name not in holding.hidden]
    assert [field.name for field in shown if isinstance(field, models.EmailField | models.BinaryField)] == []
    secrets = {"password", "secret", "token", "key_hash", "token_hash", "hash"}
    assert [field.name for field in shown if field.name in secrets] == []


def test_every_field_that_is_hidden_and_every_field_of_a_file_is_one_of_its_model():
    for holding in HOLDINGS:
        names = {field.name for field in holding.model._meta.concrete_fields}
        assert {*holding.hidden, *filter(None, (holding.named, holding.size))} <= names, holding.name
        assert not holding.file or hasattr(holding.model, holding.file), holding.name
        assert bool(holding.file) == bool(holding.named) == bool(holding.size), holding.name


def test_each_kind_has_a_name_of_its_own():
    names = [holding.name for holding in HOLDINGS]
    assert len(set(names)) == len(names)
    assert holdings.holding_of(Organisation) is HOLDINGS[0]
