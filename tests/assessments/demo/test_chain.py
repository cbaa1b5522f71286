import random

from assessments.demo import chain
from assessments.models import Assessment, Site
from assessments.places import countries, time_zones
from tests.assessments.demo.command import DAY, demo, rolled_back, stored


def test_the_names_of_a_thousand_sites_differ():
    cities = chain.read()
    rng = random.Random(1)
    names = [cities.place(number, rng)[0].name for number in range(3000)]
    assert len(set(names)) == 3000
    assert names[0] == "Albany"


def test_the_cities_of_the_chain_lie_in_known_countries_and_zones():
    zones = {zone for zone, _ in time_zones()}
    for _, city, country, zone in chain.read().cities:
        assert country in dict(countries()), city
        assert zone in zones, city


def test_sites_makes_that_many_each_with_a_started_assessment(empty):
    demo("--sites=4")
    sites = Site.objects.filter(organisation__name=chain.read().organisation)
    assert sites.count() == 4
    for assessment in Assessment.objects.filter(site__in=sites):
        assert 0 < assessment.open < assessment.asked
        assert assessment.saved_at.date() < DAY
        assert assessment.saved_by


def test_more_sites_can_be_added_later_and_are_the_same_as_if_made_at_once(empty):
    at_once = rolled_back("--sites=4")
    demo("--sites=2")
    demo("--sites=4")
    assert stored() == at_once


def test_asking_for_the_same_sites_again_changes_nothing(empty):
    demo("--sites=2")
    before = stored()
    assert "Nothing was changed" in demo("--sites=2")
    assert stored() == before
